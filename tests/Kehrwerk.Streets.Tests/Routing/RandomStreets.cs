namespace Kehrwerk.Streets.Tests.Routing;

/// <summary>
/// Random street networks for differential tests: crossings scattered over a few kilometres, joined to near neighbours by
/// bent two-way, one-way and dead-end streets, with parallel segments, loops and turn restrictions over two to four segments.
/// Nothing keeps them connected, so unreachable places are among the cases. The same seed gives the same network.
/// </summary>
internal static class RandomStreets
{
    /// <param name="slowSeed">Where given, every third segment or so is as slow as walking, all else the same.</param>
    public static StreetNetwork Create(int seed, int nodeCount, double restrictionShare = 0.3, int? slowSeed = null)
    {
        var slow = slowSeed is { } s ? new Random(s) : null;
        var random = new Random(seed);
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        var sideM = 100 * Math.Sqrt(nodeCount);
        var points = new MapPoint[nodeCount];
        for (var n = 0; n < nodeCount; n++)
        {
            points[n] = new(340_000 + (random.NextDouble() * sideM), 5_700_000 + (random.NextDouble() * sideM));
            builder.AddNode(n + 1, points[n]);
        }

        var segments = new List<SegmentInput>();
        for (var n = 0; n < nodeCount; n++)
        {
            var near = Enumerable.Range(0, nodeCount).OrderBy(m => points[n].DistanceTo(points[m])).Skip(1).Take(5).ToArray();
            for (var i = random.Next(1, 4); i > 0 && near.Length > 0; i--)
            {
                Add(n, near[random.Next(near.Length)]);
            }

            if (random.Next(20) == 0)
            {
                Add(n, n);
            }
        }

        void Add(int from, int to)
        {
            var middle = points[from].Towards(points[to], 0.5);
            var bend = new MapPoint(middle.X + random.Next(-30, 31), middle.Y + random.Next(-30, 31));
            var segment = new SegmentInput(
                from,
                to,
                random.Next(2) == 0 && from != to ? [points[from], points[to]] : [points[from], bend, points[to]],
                100 + segments.Count,
                0,
                random.Next(4) switch { 0 => Directions.Forward, 1 when random.Next(2) == 0 => Directions.Backward, _ => Directions.Both },
                "Straße " + (segments.Count / 3),
                SpeedMps: random.Next(2, 14));
            segment = slow?.Next(3) == 0 ? segment with { SpeedMps = 1 } : segment;
            segments.Add(segment);
            builder.AddSegment(segment);
        }

        for (var i = 0; i < segments.Count * restrictionShare; i++)
        {
            if (Walk(random, segments, random.Next(2, 5)) is { } steps)
            {
                builder.AddRestriction(steps, only: random.Next(4) == 0);
            }
        }

        return builder.Build();
    }

    // Some drivable walk over the segments, or null where it ends too early.
    private static List<RestrictionStep>? Walk(Random random, List<SegmentInput> segments, int length)
    {
        var steps = new List<RestrictionStep>();
        int? at = null;
        while (steps.Count < length)
        {
            var ways = new List<RestrictionStep>();
            for (var s = 0; s < segments.Count; s++)
            {
                if (segments[s].Directions.HasFlag(Directions.Forward) && (at ?? segments[s].From) == segments[s].From)
                {
                    ways.Add(new(s, true));
                }

                if (segments[s].Directions.HasFlag(Directions.Backward) && (at ?? segments[s].To) == segments[s].To)
                {
                    ways.Add(new(s, false));
                }
            }

            if (ways.Count == 0)
            {
                return null;
            }

            var step = ways[random.Next(ways.Count)];
            steps.Add(step);
            at = step.Forward ? segments[step.Segment].To : segments[step.Segment].From;
        }

        return steps;
    }
}
