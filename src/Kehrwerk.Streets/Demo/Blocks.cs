namespace Kehrwerk.Streets.Demo;

/// <summary>
/// Fills the faces between the main roads with streets. A face that is larger than the blocks of its quarter is cut
/// in two by a street across its short side, at a junction that is there already if one is near; so grids arise where
/// cuts are even and old towns where they are not.
/// </summary>
internal sealed class Blocks(StreetPlan plan, TownShape shape, Dice dice)
{
    /// <param name="AreaM2">Faces larger than this are cut.</param>
    /// <param name="WidthM">A cut leaves no block narrower than this.</param>
    /// <param name="Uneven">How far a cut may lie from the middle, as share of the length.</param>
    /// <param name="Skew">How far a cut may turn from the right angle, radians.</param>
    /// <param name="Bow">How far a cut may bend, as share of its length.</param>
    /// <param name="SnapM">Distance within which a cut ends at a junction that is there.</param>
    private sealed record Pattern(double AreaM2, double WidthM, double Uneven, double Skew, double Bow, double SnapM, StreetKind Kind);

    private readonly Dictionary<Zone, Pattern> patterns = new()
    {
        [Zone.OldTown] = new(5200, 42, 0.14, 0.22, 0.05, 16, StreetKind.Residential),
        [Zone.Inner] = new(12500, 66, 0.06, 0.07, 0.012, 26, StreetKind.Residential),
        [Zone.Suburb] = new(21000, 78, 0.1, 0.15, 0.07, 28, StreetKind.Residential),
        [Zone.Industrial] = new(34000, 110, 0.1, 0.05, 0.0, 24, StreetKind.Unclassified),
    };

    private double greenShareLeft = 0.075;
    private double townAreaM2;

    /// <summary>Faces kept free of streets as parks, cemeteries and woods.</summary>
    public List<(IReadOnlyList<PlanPoint> Ring, Zone Zone)> Greens { get; } = [];

    /// <summary>The finished blocks with streets all around.</summary>
    public List<(List<int> Ring, Zone Zone)> Built { get; } = [];

    /// <summary>The outlines of the finished blocks, up to the middle of the streets around them.</summary>
    public IEnumerable<(IReadOnlyList<PlanPoint> Ring, Zone Zone)> Outlines { get; private set; } = [];

    public void Draw(IReadOnlyList<PlanPoint> market)
    {
        var marketCentre = Shapes.Centroid(market);
        Stack<(int Node, PlanPoint Direction)> open = new(plan.Faces());
        townAreaM2 = open.Select(face => Shapes.AreaM2(RingAt(face).Points)).Where(area => area > 0).Sum();
        while (open.TryPop(out var face))
        {
            var (nodes, ring) = RingAt(face);
            var area = Shapes.AreaM2(ring);
            if (area <= 0 || IsRiver(ring))
                continue;
            var centre = Shapes.Centroid(ring);
            var zone = shape.ZoneOf(centre);
            var thin = 2 * area / Shapes.PerimeterM(ring) < 13;
            if (thin || zone == Zone.WallGreen || Shapes.Contains(ring, marketCentre) && zone == Zone.OldTown && area < 12000)
            {
                if (zone == Zone.WallGreen && !thin)
                    Greens.Add((ring, zone));
                continue;
            }
            if (BecomesGreen(area, zone))
                Greens.Add((ring, zone));
            else if (area > patterns[zone].AreaM2 * dice.Between(0.85, 1.2) && Cut(nodes, ring, patterns[zone]) is { } children)
            {
                open.Push(children.Second);
                open.Push(children.First);
            }
            else
                Built.Add((nodes, zone));
        }
        Outlines = [.. Built.Select(block => ((IReadOnlyList<PlanPoint>)[.. block.Ring.Select(node => plan.Nodes[node])], block.Zone))];
    }

    private (List<int> Nodes, List<PlanPoint> Points) RingAt((int Node, PlanPoint Direction) face)
    {
        var nodes = plan.FaceLeftOf(face.Node, plan.EdgeTowards(face.Node, face.Direction));
        return (nodes, [.. nodes.Select(node => plan.Nodes[node])]);
    }

    private bool BecomesGreen(double area, Zone zone)
    {
        if (zone is not (Zone.Inner or Zone.Suburb) || area is < 9000 or > 42000 || area > greenShareLeft * townAreaM2 || !dice.Chance(0.16))
            return false;
        greenShareLeft -= area / townAreaM2;
        return true;
    }

    private bool IsRiver(List<PlanPoint> ring)
    {
        var (low, high) = (ring.Min(p => p.Y), ring.Max(p => p.Y));
        var (left, right) = (ring.Min(p => p.X), ring.Max(p => p.X));
        foreach (var p in shape.RiverLine)
            if (p.Y > low && p.Y < high && p.X > left && p.X < right && Shapes.Contains(ring, p))
                return true;
        return false;
    }

    private sealed record Chord(int FromSide, PlanPoint From, int? FromNode, int ToSide, PlanPoint To, int? ToNode, double Bow, double Cost);

    private ((int, PlanPoint) First, (int, PlanPoint) Second)? Cut(List<int> nodes, List<PlanPoint> ring, Pattern pattern)
    {
        var box = Shapes.Box(ring);
        if (2 * box.HalfLengthM < 1.7 * pattern.WidthM)
            return null;
        Chord? best = null;
        for (var attempt = 0; attempt < 14; attempt++)
        {
            var through = box.Centre + box.Along * (2 * box.HalfLengthM * dice.Between(-pattern.Uneven, pattern.Uneven) * (1 + attempt / 5.0));
            var across = box.Along.Left.Turned(dice.Between(-pattern.Skew, pattern.Skew) * (1 + attempt / 4.0));
            var chord = Across(nodes, ring, through, across, pattern);
            if (chord is not null && (best is null || chord.Cost < best.Cost))
                best = chord;
        }
        if (best is not { Cost: < 1.6 })
            return null;

        var from = best.FromNode ?? plan.Split(EdgeOnSide(nodes, best.FromSide), best.From);
        var to = best.ToNode ?? plan.Split(EdgeOnSide(nodes, best.ToSide), best.To);
        var course = plan.NewCourse(pattern.Kind);
        List<int> line = [from];
        foreach (var p in Line(plan.Nodes[from], plan.Nodes[to], best.Bow)[1..^1])
            line.Add(plan.AddNode(p));
        line.Add(to);
        for (var i = 1; i < line.Count; i++)
            plan.Connect(line[i - 1], line[i], course);
        return ((from, plan.Nodes[line[1]] - plan.Nodes[from]), (to, plan.Nodes[line[^2]] - plan.Nodes[to]));
    }

    private Edge EdgeOnSide(List<int> nodes, int side) =>
        plan.EdgeTowards(nodes[side], plan.Nodes[nodes[(side + 1) % nodes.Count]] - plan.Nodes[nodes[side]]);

    private Chord? Across(List<int> nodes, List<PlanPoint> ring, PlanPoint through, PlanPoint direction, Pattern pattern)
    {
        var (low, high) = (through - direction * 5000, through + direction * 5000);
        List<(double At, int Side)> hits = [];
        for (var i = 0; i < ring.Count; i++)
            if (Shapes.Crossing(low, high, ring[i], ring[(i + 1) % ring.Count]) is { } crossing)
                hits.Add((crossing.OnFirst, i));
        hits.Sort();
        var longest = Enumerable.Range(0, hits.Count / 2).Select(i => (From: hits[2 * i], To: hits[2 * i + 1]))
            .OrderByDescending(pair => pair.To.At - pair.From.At).FirstOrDefault();
        if (longest.To.At <= longest.From.At)
            return null;

        var (a, aNode, aCost) = End(nodes, ring, longest.From.Side, low + (high - low) * longest.From.At, pattern);
        var (b, bNode, bCost) = End(nodes, ring, longest.To.Side, low + (high - low) * longest.To.At, pattern);
        var bow = dice.Between(-pattern.Bow, pattern.Bow);
        var line = Line(a, b, bow);
        if (a.DistanceTo(b) < 0.55 * pattern.WidthM || Touches(line, ring))
            return null;
        var leftArea = AreaBetween(ring, longest.To.Side, longest.From.Side, a, b);
        var share = leftArea / Shapes.AreaM2(ring);
        var cost = aCost + bCost + 2.2 * Math.Abs(share - 0.5)
            + Skewness(ring, longest.From.Side, line[1] - line[0]) + Skewness(ring, longest.To.Side, line[^1] - line[^2]);
        return share is < 0.2 or > 0.8 ? null : new(longest.From.Side, a, aNode, longest.To.Side, b, bNode, bow, cost);
    }

    /// <summary>Where a cut ends: at a junction near by, else on the side itself, which costs when a junction is close.</summary>
    private (PlanPoint At, int? Node, double Cost) End(List<int> nodes, List<PlanPoint> ring, int side, PlanPoint hit, Pattern pattern)
    {
        var onSide = plan.EdgeTowards(nodes[side], ring[(side + 1) % ring.Count] - ring[side]);
        var dislike = onSide.Course.Roundabout ? 5 : onSide.Course.Kind == StreetKind.Primary ? 0.12 : 0;
        var (nearestM, nearest) = (double.MaxValue, -1);
        for (var i = 0; i < ring.Count; i++)
        {
            var distanceM = ring[i].DistanceTo(hit);
            var junction = plan.EdgesAt[nodes[i]].Count > 2;
            if ((junction || distanceM < 7) && distanceM < nearestM)
                (nearestM, nearest) = (distanceM, i);
        }
        if (nearestM < pattern.SnapM)
        {
            var node = nodes[nearest];
            var crowded = plan.EdgesAt[node].Count >= 4 || plan.EdgesAt[node].Exists(edge => edge.Course.Roundabout) ? 5 : 0;
            return (ring[nearest], node, crowded + dislike);
        }
        return (hit, null, dislike + (nearestM < 2.2 * pattern.SnapM ? 0.5 : 0));
    }

    private static double Skewness(List<PlanPoint> ring, int side, PlanPoint direction)
    {
        var cosine = Math.Abs((ring[(side + 1) % ring.Count] - ring[side]).Unit.Dot(direction.Unit));
        return cosine > 0.82 ? 5 : 0.7 * cosine;
    }

    private static double AreaBetween(List<PlanPoint> ring, int afterSide, int beforeSide, PlanPoint a, PlanPoint b)
    {
        List<PlanPoint> part = [a, b];
        for (var i = (afterSide + 1) % ring.Count; ; i = (i + 1) % ring.Count)
        {
            part.Add(ring[i]);
            if (i == beforeSide)
                break;
        }
        return Math.Abs(Shapes.AreaM2(part));
    }

    /// <summary>Whether a line comes too near to the ring anywhere but at its own two ends.</summary>
    private static bool Touches(List<PlanPoint> line, List<PlanPoint> ring)
    {
        for (var i = 0; i < ring.Count; i++)
        {
            var (c, d) = (ring[i], ring[(i + 1) % ring.Count]);
            for (var k = 1; k < line.Count; k++)
                if (Shapes.Crossing(line[k - 1], line[k], c, d) is { } crossing
                    && (line[k - 1] + (line[k] - line[k - 1]) * crossing.OnFirst) is var at
                    && at.DistanceTo(line[0]) > 0.5 && at.DistanceTo(line[^1]) > 0.5)
                    return true;
            if (c.DistanceTo(line[0]) > 10 && c.DistanceTo(line[^1]) > 10
                && Enumerable.Range(1, line.Count - 1).Any(k => Shapes.DistanceToSegmentM(c, line[k - 1], line[k]) < 9))
                return true;
        }
        return false;
    }

    private static List<PlanPoint> Line(PlanPoint from, PlanPoint to, double bow) => Math.Abs(bow) < 0.01
        ? [from, to]
        : Shapes.Sampled(u => from + (to - from) * u + (to - from).Left * (bow * Math.Sin(Math.PI * u)), 30);
}
