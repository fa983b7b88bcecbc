namespace Kehrwerk.Streets.Demo;

internal enum DepotPlace { Charger, Water, Tip, Wash }

/// <summary>The municipal depot: a yard in an industrial block with a service loop, halls, chargers, water, tip and wash.</summary>
internal sealed class Depot(StreetPlan plan, TownShape shape)
{
    public IReadOnlyList<PlanPoint> Yard { get; private set; } = [];

    /// <summary>Where the halls stand: centre, direction of the long side, length and width in metres.</summary>
    public List<(PlanPoint Centre, PlanPoint Along, double LengthM, double WidthM)> Halls { get; } = [];

    /// <summary>The nodes of the service roads at which something is done to a vehicle.</summary>
    public List<(int Node, DepotPlace Place)> Places { get; } = [];

    /// <summary>Puts the depot into the roomiest block of an industrial quarter, or of any where the town is too small for one;
    /// leaves <see cref="Yard"/> empty where no block has room.</summary>
    public void Draw(IReadOnlyList<(List<int> Ring, Zone Zone)> blocks)
    {
        var fitting = blocks.Select(block => (block.Zone, Fit: Fit(block.Ring))).Where(block => block.Fit is not null)
            .OrderByDescending(block => block.Zone == Zone.Industrial).ThenByDescending(block => block.Fit!.Value.Score).ToList();
        if (fitting.Count == 0)
            return;
        var (_, from, along, lengthM, depthM) = fitting[0].Fit!.Value;
        var inward = along.Left;
        PlanPoint At(double x, double y) => from + along * x + inward * y;

        Yard = [At(0, 11), At(lengthM, 11), At(lengthM, depthM), At(0, depthM)];
        var (left, right, near, far) = (0.14 * lengthM, 0.86 * lengthM, 11 + 0.3 * (depthM - 11), 11 + 0.62 * (depthM - 11));
        var (entry, exit) = (plan.NodeAt(At(left, 0), 2), plan.NodeAt(At(right, 0), 2));
        var nearLine = Line(entry, At(left, 11), At(left, near));
        var loop = Line(nearLine[^1], At(left, far), At(0.38 * lengthM, far), At(0.62 * lengthM, far), At(right, far), At(right, near));
        Course last = NewRoad();
        Join(last, loop[^1], plan.AddNode(At(right, 11)), exit);
        var cross = Line(nearLine[^1], At(0.3 * lengthM, near), At(0.42 * lengthM, near), At(0.54 * lengthM, near), At(0.66 * lengthM, near));
        Join(NewRoad(), cross[^1], loop[^1]);

        foreach (var i in new[] { 1, 2, 3, 4 })
            Places.Add((cross[i], DepotPlace.Charger));
        Places.AddRange([(loop[1], DepotPlace.Water), (loop[2], DepotPlace.Tip), (loop[3], DepotPlace.Wash), (loop[4], DepotPlace.Water)]);
        var hallWidth = Math.Min(18, depthM - far - 12);
        if (hallWidth > 5)
            Halls.Add((At(lengthM / 2, far + 7 + hallWidth / 2), along, 0.7 * lengthM, hallWidth));
        var between = far - near - 13;
        if (between > 4)
            Halls.Add((At(lengthM / 2, near + 6.5 + between / 2), along, 0.42 * lengthM, between));
    }

    private (double Score, PlanPoint From, PlanPoint Along, double LengthM, double DepthM)? Fit(List<int> seed)
    {
        var nodes = plan.FaceLeftOf(seed[0], plan.EdgeTowards(seed[0], plan.Nodes[seed[1]] - plan.Nodes[seed[0]]));
        List<PlanPoint> ring = [.. nodes.Select(node => plan.Nodes[node])];
        (double Score, PlanPoint, PlanPoint, double, double)? best = null;
        for (var i = 0; i < ring.Count; i++)
        {
            var last = StraightRun(nodes, ring, i);
            if (last == 0)
                continue;
            var (a, b) = (ring[i], ring[(i + last) % ring.Count]);
            var sideM = a.DistanceTo(b);
            foreach (var (lengthM, depthM) in new[] { (110.0, 82.0), (90.0, 70.0), (74.0, 60.0), (58.0, 50.0), (46.0, 44.0), (38.0, 38.0) })
            {
                if (sideM < lengthM)
                    continue;
                var along = (b - a).Unit;
                var from = a + along * ((sideM - lengthM) / 2);
                PlanPoint[] corners = [from + along.Left * 11, from + along * lengthM + along.Left * 11,
                    from + along * lengthM + along.Left * depthM, from + along.Left * depthM, from + along * (lengthM / 2) + along.Left * depthM];
                if (!corners.All(p => Shapes.Contains(ring, p) && !shape.InRiver(p) && ClearanceM(ring, p, i, last) > 9))
                    continue;
                if (best is null || lengthM * depthM > best.Value.Score)
                    best = (lengthM * depthM, from, along, lengthM, depthM);
                break;
            }
        }
        return best;
    }

    /// <summary>How many sides from one on are public two-way street and lie on a line, within what a driveway bridges.</summary>
    private int StraightRun(List<int> nodes, List<PlanPoint> ring, int first)
    {
        var count = 0;
        while (count < 12 && count < ring.Count - 2)
        {
            var (a, b) = (ring[(first + count) % ring.Count], ring[(first + count + 1) % ring.Count]);
            var course = plan.EdgeTowards(nodes[(first + count) % ring.Count], b - a).Course;
            if (course.OneWay || course.Kind is StreetKind.Boundary or StreetKind.Primary or StreetKind.Pedestrian or StreetKind.Service
                || Enumerable.Range(1, count).Any(k => Shapes.DistanceToSegmentM(ring[(first + k) % ring.Count], ring[first], b) > 1.5))
                break;
            count++;
        }
        return count;
    }

    private static double ClearanceM(List<PlanPoint> ring, PlanPoint p, int exceptFrom, int exceptCount) => Enumerable.Range(exceptCount, ring.Count - exceptCount)
        .Select(k => (exceptFrom + k) % ring.Count).Min(i => Shapes.DistanceToSegmentM(p, ring[i], ring[(i + 1) % ring.Count]));

    private List<int> Line(int start, params PlanPoint[] points)
    {
        List<int> nodes = [start, .. points.Select(plan.AddNode)];
        Join(NewRoad(), [.. nodes]);
        return nodes;
    }

    private void Join(Course course, params int[] nodes)
    {
        for (var i = 1; i < nodes.Length; i++)
            plan.Connect(nodes[i - 1], nodes[i], course);
    }

    private Course NewRoad()
    {
        var course = plan.NewCourse(StreetKind.Service);
        course.Depot = true;
        return course;
    }
}
