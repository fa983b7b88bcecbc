using System.Globalization;
using NetTopologySuite.Geometries;

namespace Kehrwerk.Portal.OpenData;

/// <summary>A property that every feature of a collection has, or null.</summary>
/// <param name="Type">As JSON Schema names it: <c>string</c>, <c>number</c>, <c>integer</c>, <c>boolean</c>.</param>
/// <param name="Format"><c>date</c>, <c>date-time</c>, <c>uri</c> or empty.</param>
/// <param name="Description">German and English.</param>
public sealed record DataField(string Name, string Type, string Format, (string De, string En) Description);

/// <summary>A feature as it is given to everybody.</summary>
/// <param name="Geometry">GeoJSON, longitude first; null where it has none.</param>
/// <param name="Values">In the order of the collection's fields: string, double, int, bool or null.</param>
public sealed record DataFeature(string Id, string? Geometry, IReadOnlyList<object?> Values)
{
    /// <summary>A value as text; empty where there is none.</summary>
    public static string Text(object? value, IFormatProvider culture) => value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, culture) ?? "";
}

/// <summary>A span of time; what is not given is open.</summary>
public readonly record struct TimeSpanAsked(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>Reads a moment, a day, or an interval of two with <c>..</c> or nothing for an open end (OGC API Features, Core, 7.15.4).</summary>
    public static bool TryParse(string text, out TimeSpanAsked span)
    {
        span = default;
        var parts = text.Split('/');
        if (parts.Length > 2 || !TryEnd(parts[0], false, out var from) || !TryEnd(parts[^1], true, out var to) || (parts.Length == 1 && from is null) || (parts.Length == 2 && from is null && to is null && text != "../.."))
        {
            return false;
        }

        span = new(from, to);
        return from is null || to is null || from <= to;
    }

    /// <summary>Whether a moment lies in it; what has no time is in every span.</summary>
    public bool Holds(DateTimeOffset? moment) => moment is not { } at || ((From is not { } from || at >= from) && (To is not { } to || at <= to));

    // A day as the end of a span is the whole day.
    private static bool TryEnd(string text, bool isEnd, out DateTimeOffset? moment)
    {
        moment = null;
        if (text is "" or "..")
        {
            return true;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            moment = new DateTimeOffset(day.ToDateTime(isEnd ? TimeOnly.MaxValue : TimeOnly.MinValue), TimeSpan.Zero);
            return true;
        }

        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        var isMoment = DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
        moment = isMoment ? at : null;
        return isMoment;
    }
}

/// <summary>Which features of a collection are asked for.</summary>
public sealed record DataQuery(Envelope? Box, TimeSpanAsked? Time, int Limit, int Offset);

/// <summary>So many of the features that match, and how many match in all.</summary>
public sealed record FeaturePage(IReadOnlyList<DataFeature> Features, int Matched);

/// <summary>Features of one kind, as open data.</summary>
public abstract class DataLayer
{
    public abstract string Id { get; }
    public abstract (string De, string En) Title { get; }
    public abstract (string De, string En) Description { get; }
    public abstract IReadOnlyList<DataField> Fields { get; }

    /// <summary>Under which licences it may be used, by their short names.</summary>
    public abstract IReadOnlyList<DataLicence> Licences { get; }

    /// <summary>The day of the newest of its data.</summary>
    public abstract DateOnly AsOf { get; }

    /// <summary>Where its features lie, degrees.</summary>
    public abstract Envelope Extent { get; }

    /// <summary>What kind of theme it is for European data portals, such as <c>TRAN</c>.</summary>
    public abstract string Theme { get; }

    public abstract FeaturePage Find(DataQuery query);

    public abstract DataFeature? Item(string id);

    // Numbers of a degree to about a centimetre.
    protected static string Number(double degrees) => Math.Round(degrees, 7).ToString("0.#######", CultureInfo.InvariantCulture);

    protected static FeaturePage Page(IEnumerable<int> matching, DataQuery query, Func<IReadOnlyList<int>, IReadOnlyList<DataFeature>> make)
    {
        var (shown, matched) = (new List<int>(), 0);
        foreach (var one in matching)
        {
            if (matched >= query.Offset && shown.Count < query.Limit)
            {
                shown.Add(one);
            }

            matched++;
        }

        return new(make(shown), matched);
    }
}

/// <summary>A licence, as DCAT-AP.de knows it.</summary>
/// <param name="Uri">In the list of licences of DCAT-AP.de.</param>
/// <param name="Text">Where its words can be read.</param>
public sealed record DataLicence(string Name, string Uri, string Text)
{
    private static readonly DataLicence[] Known =
    [
        new("dl-de/zero-2-0", "http://dcat-ap.de/def/licenses/dl-zero-de/2.0", "https://www.govdata.de/dl-de/zero-2-0"),
        new("dl-de/by-2-0", "http://dcat-ap.de/def/licenses/dl-by-de/2.0", "https://www.govdata.de/dl-de/by-2-0"),
        new("CC0-1.0", "http://dcat-ap.de/def/licenses/cc-zero", "https://creativecommons.org/publicdomain/zero/1.0/"),
        new("CC-BY-4.0", "http://dcat-ap.de/def/licenses/cc-by/4.0", "https://creativecommons.org/licenses/by/4.0/"),
        new("ODbL-1.0", "http://dcat-ap.de/def/licenses/odbl", "https://opendatacommons.org/licenses/odbl/1-0/"),
    ];

    public static DataLicence OpenStreetMap => Known[4];

    public static DataLicence Zero => Known[0];

    /// <summary>The licence that a source names; one that is not known by its words alone.</summary>
    public static DataLicence Of(string name) =>
        Array.Find(Known, l => l.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? new(name.Length > 0 ? name : "–", "http://dcat-ap.de/def/licenses/other-closed", "");
}
