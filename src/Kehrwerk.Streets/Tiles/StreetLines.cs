namespace Kehrwerk.Streets.Tiles;

/// <summary>
/// A street as the map draws it: segments of the same look and name that follow one another, joined to one line,
/// so that a name finds room along it. One-way streets run as they are driven.
/// </summary>
internal sealed record StreetLine(string Name, StreetClass Class, SegmentTraits Traits, bool OneWay, float WidthM, MapPoint[] Line)
{
    public static List<StreetLine> Of(StreetNetwork network)
    {
        var oneWay = new bool[network.SegmentCount];
        var reversed = new bool[network.SegmentCount];
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            if (network.ArcReverse[arc] < 0)
            {
                oneWay[network.ArcSegment[arc]] = true;
                reversed[network.ArcSegment[arc]] = !network.ArcForward[arc];
            }
        }

        var startsAt = new List<int>[network.NodeCount];
        for (var segment = 0; segment < network.SegmentCount; segment++)
        {
            (startsAt[Start(segment)] ??= []).Add(segment);
        }

        var streets = new List<StreetLine>();
        var used = new bool[network.SegmentCount];
        for (var segment = 0; segment < network.SegmentCount; segment++)
        {
            if (used[segment])
            {
                continue;
            }

            var line = new List<MapPoint>();
            var looks = Looks(segment);
            for (int? next = segment; next is { } piece; next = (startsAt[End(piece)] ?? []).Cast<int?>().FirstOrDefault(s => !used[s!.Value] && Looks(s.Value) == looks))
            {
                used[piece] = true;
                var points = network.SegmentLine(piece).ToArray();
                if (reversed[piece])
                {
                    Array.Reverse(points);
                }

                line.AddRange(line.Count == 0 ? points : points[1..]);
            }

            streets.Add(new(looks.Name, looks.Class, looks.Traits, looks.OneWay, looks.WidthM, [.. line]));
        }

        return streets;

        int Start(int segment) => reversed[segment] ? network.SegmentTo[segment] : network.SegmentFrom[segment];
        int End(int segment) => reversed[segment] ? network.SegmentFrom[segment] : network.SegmentTo[segment];
        (string Name, StreetClass Class, SegmentTraits Traits, bool OneWay, float WidthM) Looks(int segment) => (
            network.SegmentName(segment),
            network.SegmentClass[segment],
            network.SegmentTraits[segment] & (SegmentTraits.Bridge | SegmentTraits.Tunnel),
            oneWay[segment],
            network.SegmentWidthM[segment]);
    }
}
