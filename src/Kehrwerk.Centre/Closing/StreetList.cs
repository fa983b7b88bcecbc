using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Closing;

/// <summary>The streets of the city by name, for the page that closes them. Immutable.</summary>
public sealed class StreetList(City city)
{
    private const int MostFound = 20;

    private readonly ImmutableArray<string> names =
        [.. Enumerable.Range(0, city.Streets.SegmentCount).Select(city.Streets.SegmentName).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.CurrentCulture)];

    /// <summary>The streets that a person may mean: the one of that name however written, else those whose name holds what was typed, twenty at most.</summary>
    public ImmutableArray<string> Find(string typed)
    {
        var text = typed.Trim();
        if (text.Length == 0)
        {
            return [];
        }

        bool Is(string name, CompareOptions how) => CultureInfo.InvariantCulture.CompareInfo.Compare(name, text, how) == 0;
        if (names.Where(name => Is(name, CompareOptions.None)).Concat(names.Where(name => Is(name, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace))).FirstOrDefault() is { } exact)
        {
            return [exact];
        }

        return [.. names.Where(name => CultureInfo.InvariantCulture.CompareInfo.IndexOf(name, text, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0).Take(MostFound)];
    }

    /// <summary>The pieces of a street, by way and piece.</summary>
    public ImmutableArray<StreetStretch> Stretches(string street, Closures closures)
    {
        var streets = city.Streets;
        var mine = Enumerable.Range(0, streets.SegmentCount).Where(segment => streets.SegmentName(segment) == street).ToList();
        var ends = mine.SelectMany(segment => new[] { streets.SegmentFrom[segment], streets.SegmentTo[segment] }).ToHashSet();
        var crossing = new Dictionary<int, string>();
        for (var segment = 0; segment < streets.SegmentCount; segment++)
        {
            if (streets.SegmentName(segment) is { Length: > 0 } name && name != street)
            {
                foreach (var node in (int[])[streets.SegmentFrom[segment], streets.SegmentTo[segment]])
                {
                    if (ends.Contains(node))
                    {
                        crossing.TryAdd(node, name);
                    }
                }
            }
        }

        return
        [
            .. mine.OrderBy(segment => city.Streets.SegmentWayId[segment]).ThenBy(segment => city.Streets.SegmentPiece[segment]).Select(segment =>
            {
                var key = KeyOf(segment);
                var arcs = StreetClosure.ArcsOf(city.Streets, key).ToList();
                return new StreetStretch(
                    key, crossing.GetValueOrDefault(city.Streets.SegmentFrom[segment], ""), crossing.GetValueOrDefault(city.Streets.SegmentTo[segment], ""),
                    arcs.Count > 0 ? city.Streets.ArcLengthM[arcs[0]] : 0, arcs.Count > 0 && arcs.All(closures.Contains));
            }),
        ];
    }

    private string KeyOf(int segment) => string.Create(CultureInfo.InvariantCulture, $"{city.Streets.SegmentWayId[segment]}.{city.Streets.SegmentPiece[segment]}");
}
