using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Kehrwerk.Portal.OpenData;
using Kehrwerk.Streets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kehrwerk.Portal.Addresses;

/// <summary>
/// The address search in the shape of Photon's API, so that tools for it work: <c>/api?q=</c> and <c>/reverse?lat=&amp;lon=</c> answer a GeoJSON
/// FeatureCollection. Ours besides: <c>match</c>, <c>spelling</c>, <c>ignored</c>, <c>ambiguous</c> (docs/reference/address-search.md).
/// </summary>
public static class PhotonApi
{
    /// <summary>A question of 10,000 characters, each nine bytes long in an address; a server's usual limit is 8 KiB.</summary>
    public const int MaxRequestLineBytes = 96 * 1024;

    private const int DefaultLimit = 15;
    private const double DefaultRadiusKm = 1;
    private const double MaxRadiusKm = 50;

    public static void MapAddressApi(this IEndpointRouteBuilder routes, Func<AddressBook> book)
    {
        routes.MapGet("/api", (HttpContext context, string? q, string? lat, string? lon, string? limit, string? lang) =>
            Find(context, book(), q, lat, lon, limit, lang)).AllowAnonymous();
        routes.MapGet("/reverse", (HttpContext context, string? lat, string? lon, string? radius, string? limit, string? lang) =>
            Reverse(context, book(), lat, lon, radius, limit, lang)).AllowAnonymous();
    }

    private static Results<JsonHttpResult<PhotonAnswer>, JsonHttpResult<PhotonProblem>> Find(
        HttpContext context, AddressBook book, string? q, string? lat, string? lon, string? limit, string? lang)
    {
        OgcApi.OpenToAll(context);
        if (string.IsNullOrWhiteSpace(q))
        {
            return Refused("Give an address with q, such as /api?q=Hauptstraße 12.");
        }

        if (Limit(limit, DefaultLimit) is not { } count)
        {
            return Refused($"limit is '{Shown(limit)}'; give a whole number from 1.");
        }

        if (!IsPlace(lat, lon, out var near))
        {
            return Refused("lat and lon are given both or not at all, in degrees with a decimal point.");
        }

        var answer = book.Search.Find(q, new() { Limit = count, Near = near });
        var features = answer.Hits.Select(h => Feature(book, h.Street, h.Address, IsGerman(lang), new(Name(h.Match), Name(h.Spelling), [.. h.Ignored], null)));
        return Json(new PhotonAnswer("FeatureCollection", [.. features], answer.IsAmbiguous));
    }

    private static Results<JsonHttpResult<PhotonAnswer>, JsonHttpResult<PhotonProblem>> Reverse(
        HttpContext context, AddressBook book, string? lat, string? lon, string? radius, string? limit, string? lang)
    {
        OgcApi.OpenToAll(context);
        if (!IsPlace(lat, lon, out var near) || near is not { } point)
        {
            return Refused("Give a place with lat and lon, in degrees with a decimal point.");
        }

        if (Limit(limit, 1) is not { } count)
        {
            return Refused($"limit is '{Shown(limit)}'; give a whole number from 1.");
        }

        var radiusKm = DefaultRadiusKm;
        if (radius is not null && !(double.TryParse(radius, NumberStyles.Float, CultureInfo.InvariantCulture, out radiusKm) && radiusKm is > 0 and <= MaxRadiusKm))
        {
            return Refused($"radius is '{Shown(radius)}'; give kilometres from above 0 to {MaxRadiusKm}.");
        }

        var features = book.Nearest(point, count, radiusKm * 1000)
            .Select(n => Feature(book, book.StreetOf(n.Address), n.Address, IsGerman(lang), new(null, null, null, Math.Round(n.DistanceM, 1))));
        return Json(new PhotonAnswer("FeatureCollection", [.. features], null));
    }

    private sealed record Ours(string? Match, string? Spelling, string[]? Ignored, double? DistanceM);

    private static PhotonFeature Feature(AddressBook book, int street, int address, bool isGerman, Ours ours)
    {
        var isHouse = address >= 0;
        var at = isHouse ? book.Position(address) : book.StreetPosition(street);
        var example = isHouse || book.AddressesOf(street).Count == 0 ? address : OnlyIfAllAgree(book, street);
        return new("Feature", new("Point", [at.Lon, at.Lat]), new()
        {
            OsmKey = isHouse ? "place" : "highway",
            // Which kind of road it is, a list of addresses does not say.
            OsmValue = isHouse ? "house" : null,
            Type = isHouse ? "house" : "street",
            Name = isHouse ? null : book.StreetName(street),
            Street = isHouse ? book.StreetName(street) : null,
            Housenumber = isHouse ? book.Label(address) : null,
            Postcode = example >= 0 ? NullIfEmpty(book.Postcode(example)) : null,
            District = example >= 0 ? NullIfEmpty(book.District(example)) : null,
            City = NullIfEmpty(book.Place(street)),
            Country = isGerman ? "Deutschland" : "Germany",
            Countrycode = "DE",
            Match = ours.Match,
            Spelling = ours.Spelling,
            Ignored = ours.Ignored,
            DistanceM = ours.DistanceM,
        });
    }

    // A street through several postcodes or districts has none of its own.
    private static int OnlyIfAllAgree(AddressBook book, int street)
    {
        var (first, count) = book.AddressesOf(street);
        for (var a = first + 1; a < first + count; a++)
        {
            if (book.Postcode(a) != book.Postcode(first) || book.District(a) != book.District(first))
            {
                return -1;
            }
        }

        return first;
    }

    /// <summary>The label as it is written in answers.</summary>
    public static string Name(AddressMatch match) => match switch
    {
        AddressMatch.Exact => "exact",
        AddressMatch.Within => "within",
        AddressMatch.WithoutSuffix => "withoutSuffix",
        AddressMatch.OtherSuffix => "otherSuffix",
        AddressMatch.Begun => "begun",
        AddressMatch.NearestNumber => "nearestNumber",
        _ => "street",
    };

    /// <inheritdoc cref="Name(AddressMatch)"/>
    public static string Name(Spelling spelling) => spelling switch
    {
        Spelling.AsTyped => "asTyped",
        Spelling.Completed => "completed",
        _ => "corrected",
    };

    private static int? Limit(string? text, int otherwise) =>
        text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? Math.Min(limit, SearchOptions.MaxLimit)
        : null;

    private static bool IsPlace(string? lat, string? lon, out GeoPoint? place)
    {
        place = null;
        // Clients send empty ones too.
        if (string.IsNullOrEmpty(lat) && string.IsNullOrEmpty(lon))
        {
            return true;
        }

        if (double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) && double.TryParse(lon, NumberStyles.Float, CultureInfo.InvariantCulture, out var x)
            && Math.Abs(y) <= 90 && Math.Abs(x) <= 180)
        {
            place = new(y, x);
            return true;
        }

        return false;
    }

    private static bool IsGerman(string? lang) => lang is null || !lang.StartsWith("en", StringComparison.OrdinalIgnoreCase);

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;

    private static string Shown(string? text) => string.Concat((text ?? "").Where(c => !char.IsControl(c)).Take(40));

    private static JsonHttpResult<PhotonAnswer> Json(PhotonAnswer answer) => TypedResults.Json(answer, PhotonJson.Readable.PhotonAnswer);

    private static JsonHttpResult<PhotonProblem> Refused(string message) => TypedResults.Json(new PhotonProblem(message), PhotonJson.Readable.PhotonProblem, statusCode: StatusCodes.Status400BadRequest);
}

/// <param name="Ambiguous">Several fit about as well as the first.</param>
internal sealed record PhotonAnswer(string Type, PhotonFeature[] Features, bool? Ambiguous);

internal sealed record PhotonFeature(string Type, PhotonPoint Geometry, PhotonProperties Properties);

/// <param name="Coordinates">Longitude, latitude.</param>
internal sealed record PhotonPoint(string Type, double[] Coordinates);

internal sealed record PhotonProblem(string Message);

internal sealed record PhotonProperties
{
    [JsonPropertyName("osm_key")]
    public string? OsmKey { get; init; }

    [JsonPropertyName("osm_value")]
    public string? OsmValue { get; init; }

    public string? Type { get; init; }
    public string? Name { get; init; }
    public string? Street { get; init; }
    public string? Housenumber { get; init; }
    public string? Postcode { get; init; }
    public string? District { get; init; }
    public string? City { get; init; }
    public string? Country { get; init; }
    public string? Countrycode { get; init; }
    public string? Match { get; init; }
    public string? Spelling { get; init; }
    public string[]? Ignored { get; init; }
    public double? DistanceM { get; init; }
}

[JsonSerializable(typeof(PhotonAnswer))]
[JsonSerializable(typeof(PhotonProblem))]
internal sealed partial class PhotonJson : JsonSerializerContext
{
    /// <summary>Writes ß as ß; what could be markup is escaped all the same.</summary>
    public static PhotonJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
