namespace Kehrwerk.Streets.Demo;

/// <summary>Draws the frame of the town: quays, bridges, walls, rings, main roads, harbour road and the edge of the town.</summary>
internal sealed class MainRoads(StreetPlan plan, TownShape shape, Dice dice)
{
    private const double StepM = 24;
    private readonly List<double> gates = [];

    /// <summary>Corners of the market square, anticlockwise from the north-east.</summary>
    public List<PlanPoint> Market { get; } = [];

    /// <summary>Centres of the roundabouts.</summary>
    public List<PlanPoint> Roundabouts { get; } = [];

    /// <summary>Unbent heights along the river of the southern and the northern bridge.</summary>
    public (double South, double North) Bridges { get; private set; }

    public void Draw()
    {
        Bridges = (
            shape.RiverHeightAt(shape.RingRadiusM + 0.2 * shape.RadiusM, shape.QuayOffsetM, north: false),
            shape.RiverHeightAt(shape.RingRadiusM, shape.QuayOffsetM, north: true));
        var (south, north) = (
            shape.RiverHeightAt(shape.RadiusM, shape.QuayOffsetM, north: false),
            shape.RiverHeightAt(shape.RadiusM, shape.QuayOffsetM, north: true));

        Quay(south * 1.12, north * 1.12);
        foreach (var offset in WestOffsets())
            Curve(offset == shape.HarbourOffsetM ? StreetKind.Secondary : StreetKind.Tertiary,
                u => shape.River(Mix(south, north, u) * 0.86, offset));
        Bridge(Bridges.North, "Nordbrücke");
        Bridge(Bridges.South, "Südbrücke");
        WestCrossRoads(south * 0.86, north * 0.86);
        Arc(StreetKind.Tertiary, shape.OldTownRadiusM, 0.06).Name = "Wallstraße";
        PlaceMarket();
        Gates();
        Ring();
        for (var k = 0; k < shape.OuterRingsM.Count; k++)
            Arc(k == shape.OuterRingsM.Count - 1 && k > 0 ? StreetKind.Tertiary : StreetKind.Secondary, shape.OuterRingsM[k], 0.02);
        SouthRoad();
        OuterRadials();
        Roundabouts.Add(shape.Bend(shape.River(Bridges.North, shape.HarbourOffsetM)));
        foreach (var centre in Roundabouts)
            Carve(centre);
        Edge(south, north);
    }

    private IEnumerable<double> WestOffsets()
    {
        for (var depthM = shape.HarbourDepthM; depthM <= shape.WestDepthM - 120 || depthM == shape.HarbourDepthM; depthM += 480)
            yield return -shape.RiverWidthM / 2 - depthM;
    }

    private void Quay(double south, double north) =>
        Curve(StreetKind.Tertiary, u => shape.River(Mix(south, north, u), shape.QuayOffsetM)).Name = "Rheinufer";

    private void Bridge(double y, string name)
    {
        var course = plan.NewCourse(StreetKind.Primary);
        course.Name = name;
        var half = shape.RiverWidthM / 2;
        var overWater = new[] { shape.QuayOffsetM, half + 4, -half - 4, -half - 0.25 * shape.HarbourDepthM, shape.HarbourOffsetM };
        plan.Draw(course, [.. overWater.Select(offset => shape.Bend(shape.River(y, offset)))]);
        var outside = -half - shape.WestDepthM - 0.2 * shape.RadiusM;
        Curve(StreetKind.Primary, u => shape.River(y, Mix(shape.HarbourOffsetM, outside, u)));
    }

    /// <summary>Roads across the west bank between and beyond the bridges, about 500 m apart.</summary>
    private void WestCrossRoads(double south, double north)
    {
        var edge = -shape.RiverWidthM / 2 - shape.WestDepthM;
        foreach (var (from, to) in new[] { (south, Bridges.South), (Bridges.South, Bridges.North), (Bridges.North, north) })
        {
            var parts = Math.Max(1, (int)Math.Round((to - from) / 520));
            for (var i = 1; i < parts; i++)
                Curve(StreetKind.Tertiary, u => shape.River(Mix(from, to, (double)i / parts), Mix(shape.HarbourOffsetM, edge, u)));
        }
    }

    /// <summary>The market in the middle of the old town: four crooked sides, streets of the pedestrian zone.</summary>
    private void PlaceMarket()
    {
        var half = Math.Clamp(0.16 * shape.OldTownRadiusM, 16, 40);
        foreach (var (x, y) in new[] { (1.25, 1.0), (-1.2, 0.9), (-1.35, -0.85), (1.1, -1.1) })
            Market.Add(shape.Bend(new PlanPoint(x * half, y * half)));
        var course = plan.NewCourse(StreetKind.Pedestrian);
        course.Name = "Marktplatz";
        plan.Draw(course, [.. Market, Market[0]]);
    }

    /// <summary>The streets from the market through the town gates: pedestrian inside the wall, main roads beyond it.</summary>
    private void Gates()
    {
        gates.AddRange(new[] { 62.0, 14.0, -38.0 }.Select(degrees => (degrees + dice.Between(-6, 6)) * Math.PI / 180));
        for (var i = 0; i < gates.Count; i++)
        {
            var angle = gates[i];
            var gate = shape.Bend(PlanPoint.Polar(shape.OldTownRadiusM * WallFactor(angle), angle));
            var corner = i == 1 ? (Market[0] + Market[3]) * 0.5 : Market[i == 0 ? 0 : 3];
            var inner = plan.NewCourse(i == 1 ? StreetKind.Pedestrian : StreetKind.Residential);
            plan.Draw(inner, Bowed(corner, gate, dice.Between(-0.08, 0.08)));
            var toM = shape.EdgeM(angle) + 0.22 * shape.RadiusM;
            var sway = dice.Between(-0.09, 0.09);
            var outer = plan.NewCourse(StreetKind.Primary);
            List<PlanPoint> line = Shapes.Sampled(u => Mix(shape.OldTownRadiusM * WallFactor(angle), toM, u) is var r
                ? shape.Bend(PlanPoint.Polar(r, angle + sway * Math.Sin(Math.PI * u))) : default, StepM);
            line[0] = gate;
            plan.Draw(outer, line);
            if (i != 1 && shape.OuterRingsM.Count > 0)
            {
                var u = (shape.OuterRingsM[0] - shape.OldTownRadiusM) / (toM - shape.OldTownRadiusM);
                Roundabouts.Add(shape.Bend(PlanPoint.Polar(shape.OuterRingsM[0], angle + sway * Math.Sin(Math.PI * u))));
            }
        }
        var rheintor = plan.NewCourse(StreetKind.Residential);
        var quay = shape.Bend(shape.River(-0.1 * shape.OldTownRadiusM, shape.QuayOffsetM));
        plan.Draw(rheintor, Bowed((Market[1] + Market[2]) * 0.5, quay, 0.04));
        foreach (var (corner, north) in new[] { (1, true), (2, false) })
        {
            var course = plan.NewCourse(StreetKind.Residential);
            var angle = (north ? 1 : -1) * dice.Between(1.75, 1.95);
            plan.Draw(course, Bowed(Market[corner], shape.Bend(PlanPoint.Polar(shape.OldTownRadiusM * WallFactor(angle), angle)), dice.Between(-0.06, 0.06)));
        }
    }

    /// <summary>The ring road: single from the quays to the outer gates, a dual carriageway between those.</summary>
    private void Ring()
    {
        var (from, to) = ArcEnds(shape.RingRadiusM);
        var (dualFrom, dualTo) = (gates[0] + 0.02, gates[2] - 0.02);
        RingPiece(from, dualFrom, 0, false);
        RingPiece(dualTo, to, 0, false);
        // Right-hand traffic: clockwise runs on the inner carriageway, anticlockwise on the outer.
        RingPiece(dualFrom, dualTo, -8, true);
        RingPiece(dualTo, dualFrom, 8, true);
    }

    private void RingPiece(double from, double to, double offsetM, bool dual)
    {
        var course = plan.NewCourse(StreetKind.Primary);
        (course.Name, course.OneWay, course.Dual) = ("Stadtring", dual, dual);
        var lengthM = Math.Abs(to - from) * shape.RingRadiusM;
        var taperM = Math.Min(40, 0.2 * lengthM);
        plan.Draw(course, Shapes.Sampled(u =>
        {
            var toEndM = Math.Min(u, 1 - u) * lengthM;
            return shape.Bend(PlanPoint.Polar(shape.RingRadiusM + offsetM * Math.Min(1, toEndM / taperM), Mix(from, to, u)));
        }, 20));
    }

    /// <summary>The road from the southern bridge eastwards, south of the old town.</summary>
    private void SouthRoad()
    {
        var start = shape.River(Bridges.South, shape.QuayOffsetM);
        var angle = -68 * Math.PI / 180;
        var end = PlanPoint.Polar(shape.EdgeM(angle) + 0.2 * shape.RadiusM, angle);
        Curve(StreetKind.Primary, u => start + (end - start) * u + new PlanPoint(0, -1) * (0.05 * shape.RadiusM * Math.Sin(Math.PI * u)));
        var north = PlanPoint.Polar(shape.EdgeM(1.75) * 1.02, 1.75);
        var ring = PlanPoint.Polar(shape.RingRadiusM, 1.7);
        Curve(StreetKind.Tertiary, u => ring + (north - ring) * u);
    }

    /// <summary>Further main roads that begin at outer rings of a large town, where the older ones are far apart.</summary>
    private void OuterRadials()
    {
        for (var k = 0; k < shape.OuterRingsM.Count; k++)
        {
            var radiusM = shape.OuterRingsM[k];
            var (from, to) = (gates[0] + 0.9, gates[2] - 0.9);
            var wanted = (int)((from - to) * radiusM / 560);
            if (k > 0 && (int)((from - to) * shape.OuterRingsM[k - 1] / 560) is var before && before >= wanted)
                continue;
            var until = k + 1 < shape.OuterRingsM.Count ? shape.OuterRingsM[k + 1] : 0;
            for (var i = 0; i <= wanted; i++)
            {
                var angle = Mix(from, to, (i + 0.5) / (wanted + 1));
                if (gates.Any(gate => Math.Abs(gate - angle) * radiusM < 230) || Math.Abs(angle + 68 * Math.PI / 180) * radiusM < 230)
                    continue;
                var end = until > 0 ? until : shape.EdgeM(angle);
                Curve(StreetKind.Tertiary, u => PlanPoint.Polar(Mix(radiusM, end, u), angle));
            }
        }
    }

    /// <summary>Cuts a crossing out of the plan and puts a roundabout in its place.</summary>
    private void Carve(PlanPoint near)
    {
        var crossing = Enumerable.Range(0, plan.Nodes.Count)
            .Where(node => plan.EdgesAt[node].Count >= 4)
            .MinBy(node => plan.Nodes[node].DistanceTo(near));
        var centre = plan.Nodes[crossing];
        if (centre.DistanceTo(near) > 30)
            return;
        const double radiusM = 17;
        const double snapM = 4;
        double FromCentreM(int node) => plan.Nodes[node].DistanceTo(centre);

        HashSet<int> onCircle = [];
        foreach (var edge in plan.EdgesNear(centre, centre, radiusM + snapM).ToList())
        {
            var (inner, outer) = FromCentreM(edge.From) < FromCentreM(edge.To) ? (edge.From, edge.To) : (edge.To, edge.From);
            if (FromCentreM(inner) >= radiusM - snapM)
                continue;
            if (FromCentreM(outer) > radiusM + snapM)
                onCircle.Add(plan.Split(edge, plan.Nodes[inner] + (plan.Nodes[outer] - plan.Nodes[inner]).Unit * (radiusM - FromCentreM(inner))));
            else if (FromCentreM(outer) >= radiusM - snapM)
                onCircle.Add(outer);
        }
        foreach (var edge in plan.EdgesNear(centre, centre, radiusM).ToList())
            if (FromCentreM(edge.From) < radiusM - snapM || FromCentreM(edge.To) < radiusM - snapM)
                plan.Remove(edge);

        var course = plan.NewCourse(StreetKind.Secondary);
        (course.OneWay, course.Roundabout) = (true, true);
        double AngleOf(int node) => (plan.Nodes[node] - centre).Angle;
        var between = Enumerable.Range(0, 16).Select(i => centre + PlanPoint.Polar(radiusM, i * Math.PI / 8))
            .Where(p => onCircle.All(node => plan.Nodes[node].DistanceTo(p) > 4.5)).ToList();
        onCircle.UnionWith(between.ConvertAll(plan.AddNode));
        List<int> circle = [.. onCircle.OrderBy(AngleOf)];
        for (var i = 0; i < circle.Count; i++)
            plan.Connect(circle[i], circle[(i + 1) % circle.Count], course);
    }

    /// <summary>The edge of the town: closes the outer faces, is no street, and is taken away in the end.</summary>
    private void Edge(double south, double north)
    {
        var first = shape.River(north, shape.QuayOffsetM).Angle;
        var last = shape.River(south, shape.QuayOffsetM).Angle;
        var west = -shape.RiverWidthM / 2 - shape.WestDepthM;
        List<PlanPoint> line = [.. Shapes.Sampled(u => PlanPoint.Polar(shape.EdgeM(Mix(first, last, u)), Mix(first, last, u)), 60)];
        line.AddRange(Shapes.Sampled(u => shape.River(Mix(south, north, u) * 0.84, west), 60));
        plan.Draw(plan.NewCourse(StreetKind.Boundary), [.. Shapes.Rounded(line, 2).Select(shape.Bend) is var ring ? ring.Append(ring.First()) : []]);
    }

    /// <summary>A street around the town from quay to quay.</summary>
    private Course Arc(StreetKind kind, double radiusM, double unevenness)
    {
        var (from, to) = ArcEnds(radiusM);
        return Curve(kind, u =>
        {
            var angle = Mix(from, to, u);
            return PlanPoint.Polar(radiusM * (1 + (WallFactor(angle) - 1) * unevenness / 0.06 * Math.Min(1, 6 * Math.Min(u, 1 - u))), angle);
        });
    }

    private (double From, double To) ArcEnds(double radiusM) => (
        shape.River(shape.RiverHeightAt(radiusM, shape.QuayOffsetM, north: true), shape.QuayOffsetM).Angle,
        shape.River(shape.RiverHeightAt(radiusM, shape.QuayOffsetM, north: false), shape.QuayOffsetM).Angle);

    private static double WallFactor(double angle) => 1 + 0.06 * Math.Sin(3.2 * angle + 0.7) - 0.03;

    private Course Curve(StreetKind kind, Func<double, PlanPoint> unbent)
    {
        var course = plan.NewCourse(kind);
        plan.Draw(course, Shapes.Sampled(u => shape.Bend(unbent(u)), StepM));
        return course;
    }

    private static List<PlanPoint> Bowed(PlanPoint from, PlanPoint to, double bow) =>
        Shapes.Sampled(u => from + (to - from) * u + (to - from).Left * (bow * Math.Sin(Math.PI * u)), StepM);

    private static double Mix(double from, double to, double u) => from + (to - from) * u;
}
