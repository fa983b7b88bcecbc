namespace Kehrwerk.Streets.Demo;

/// <summary>Cul-de-sacs and loops inside suburban blocks, gated yards in the inner town, and frayed ends at the edge.</summary>
internal sealed class SideStreets(StreetPlan plan, Dice dice)
{
    private const double KeepOffM = 27;

    public void Draw(IEnumerable<(List<int> Ring, Zone Zone)> blocks)
    {
        foreach (var (seed, zone) in blocks)
        {
            var start = plan.Nodes[seed[0]];
            var nodes = plan.FaceLeftOf(seed[0], plan.EdgeTowards(seed[0], plan.Nodes[seed[1]] - start));
            List<PlanPoint> ring = [.. nodes.Select(node => plan.Nodes[node])];
            var area = Shapes.AreaM2(ring);
            if (zone == Zone.Suburb && area > 12000 && dice.Chance(0.75))
                Inward(nodes, ring, dice.Chance(0.45) && area > 16000);
            else if (zone == Zone.Inner && area > 7500 && dice.Chance(0.16))
                Yard(nodes, ring);
        }
    }

    /// <summary>
    /// Streets that end at the edge of the town are cut back unevenly, or dropped where little would be left; then the
    /// edge itself, which is no street, is taken away.
    /// </summary>
    public void FrayEdge()
    {
        var stubs = plan.LiveEdges.Where(edge => edge.Course.Kind == StreetKind.Boundary)
            .SelectMany(edge => (int[])[edge.From, edge.To]).Distinct().Order()
            .SelectMany(node => plan.EdgesAt[node])
            .Where(edge => edge.Course.Kind is not (StreetKind.Boundary or StreetKind.Primary)).Distinct().ToList();
        foreach (var edge in plan.LiveEdges.Where(edge => edge.Course.Kind == StreetKind.Boundary).ToList())
            plan.Remove(edge);
        foreach (var stub in stubs.Where(stub => !stub.Removed))
        {
            if (plan.EdgesAt[stub.From].Count > 1 && plan.EdgesAt[stub.To].Count > 1)
                continue;
            var end = plan.EdgesAt[stub.From].Count == 1 ? stub.From : stub.To;
            CutBack(end, dice.Between(0.1, 0.4));
        }
    }

    private void CutBack(int end, double share)
    {
        List<Edge> chain = [];
        for (var node = end; ;)
        {
            var next = plan.EdgesAt[node].FirstOrDefault(edge => !chain.Contains(edge));
            if (next is null)
                break;
            chain.Add(next);
            node = next.Other(node);
            if (plan.EdgesAt[node].Count != 2)
                break;
        }
        var lengthM = chain.Sum(plan.LengthM);
        var leftM = lengthM * (1 - share) < 42 ? lengthM : lengthM * share;
        foreach (var edge in chain)
        {
            if (leftM <= 0)
                break;
            var edgeM = plan.LengthM(edge);
            var outer = end;
            end = edge.Other(outer);
            if (edgeM > leftM + 8)
            {
                plan.Split(edge, plan.Nodes[outer] + (plan.Nodes[end] - plan.Nodes[outer]) * (leftM / edgeM));
                plan.Remove(plan.EdgesAt[outer].Single());
                break;
            }
            plan.Remove(edge);
            leftM -= edgeM;
        }
    }

    /// <summary>A street into a block from its longest side: a cul-de-sac, or a loop that comes back to the same side.</summary>
    private void Inward(List<int> nodes, List<PlanPoint> ring, bool loop)
    {
        if (LongestSide(nodes, ring) is not { } side)
            return;
        var along = (side.To - side.From).Unit;
        var middle = side.From + (side.To - side.From) * dice.Between(0.45, 0.55);
        var depthM = DepthM(ring, middle, along.Left);
        var halfM = Math.Min(48, side.From.DistanceTo(side.To) / 2 - 34);
        if (loop && halfM > 24 && depthM > 95)
        {
            var reachM = Math.Min(depthM - 42, dice.Between(60, 110));
            List<PlanPoint> u = [middle - along * halfM, middle - along * halfM + along.Left * (reachM - 16),
                middle - along * (halfM - 16) + along.Left * reachM, middle + along * (halfM - 16) + along.Left * reachM,
                middle + along * halfM + along.Left * (reachM - 16), middle + along * halfM];
            Place(nodes, ring, side.Index, u, StreetKind.LivingStreet, closes: true);
        }
        else if (depthM > 80)
        {
            var reachM = Math.Min(depthM - 38, 130);
            var sway = along * (reachM * dice.Between(-0.16, 0.16));
            List<PlanPoint> line = Shapes.Sampled(u => middle + along.Left * (reachM * u) + sway * (u * u), 22);
            Place(nodes, ring, side.Index, line, StreetKind.LivingStreet, closes: false);
        }
    }

    /// <summary>A private yard behind the houses, reached by a driveway with a gate.</summary>
    private void Yard(List<int> nodes, List<PlanPoint> ring)
    {
        if (LongestSide(nodes, ring) is not { } side)
            return;
        var along = (side.To - side.From).Unit;
        var middle = side.From + (side.To - side.From) * dice.Between(0.4, 0.6);
        var depthM = DepthM(ring, middle, along.Left);
        if (depthM < 66)
            return;
        if (Place(nodes, ring, side.Index, [middle, middle + along.Left * 14, middle + along.Left * 36], StreetKind.Service, closes: false) is { } course)
            course.Private = true;
    }

    private Course? Place(List<int> nodes, List<PlanPoint> ring, int side, List<PlanPoint> line, StreetKind kind, bool closes)
    {
        var free = closes ? line[1..^1] : line[1..];
        var keepOffM = kind == StreetKind.Service ? 22 : KeepOffM;
        foreach (var p in free)
            if (!Shapes.Contains(ring, p) || Enumerable.Range(0, ring.Count)
                    .Any(i => i != side && Shapes.DistanceToSegmentM(p, ring[i], ring[(i + 1) % ring.Count]) < keepOffM
                        && Shapes.DistanceToSegmentM(p, ring[side], ring[(side + 1) % ring.Count]) > keepOffM))
                return null;
        var course = plan.NewCourse(kind);
        var first = SplitSide(nodes, ring, side, line[0]);
        List<int> path = [first, .. free.Select(plan.AddNode)];
        if (closes)
            path.Add(plan.Split(plan.EdgeTowards(first, ring[(side + 1) % ring.Count] - ring[side]), line[^1]));
        for (var i = 1; i < path.Count; i++)
            plan.Connect(path[i - 1], path[i], course);
        return course;
    }

    private int SplitSide(List<int> nodes, List<PlanPoint> ring, int side, PlanPoint at) =>
        plan.Split(plan.EdgeTowards(nodes[side], ring[(side + 1) % ring.Count] - ring[side]), at);

    private (int Index, PlanPoint From, PlanPoint To)? LongestSide(List<int> nodes, List<PlanPoint> ring)
    {
        (int Index, PlanPoint From, PlanPoint To)? best = null;
        for (var i = 0; i < ring.Count; i++)
        {
            var (from, to) = (ring[i], ring[(i + 1) % ring.Count]);
            var course = plan.EdgeTowards(nodes[i], to - from).Course;
            if (course.Kind is StreetKind.Residential or StreetKind.Tertiary && from.DistanceTo(to) > 56
                && (best is null || from.DistanceTo(to) > best.Value.From.DistanceTo(best.Value.To)))
                best = (i, from, to);
        }
        return best;
    }

    private static double DepthM(List<PlanPoint> ring, PlanPoint from, PlanPoint inward)
    {
        var depthM = 400.0;
        for (var i = 0; i < ring.Count; i++)
            if (Shapes.Crossing(from + inward, from + inward * 400, ring[i], ring[(i + 1) % ring.Count]) is { } crossing)
                depthM = Math.Min(depthM, crossing.OnFirst * 399 + 1);
        return depthM;
    }
}
