namespace Kehrwerk.Streets.Demo;

/// <summary>A rectangle on the ground: four corners anticlockwise, the first two along the street.</summary>
internal sealed record Footprint(PlanPoint A, PlanPoint B, PlanPoint C, PlanPoint D)
{
    public IReadOnlyList<PlanPoint> Corners { get; } = [A, B, C, D];
    public PlanPoint Centre { get; } = (A + C) * 0.5;

    /// <summary>Whether two rectangles overlap: no side of either separates them.</summary>
    public bool Overlaps(Footprint other) => !Separates(this, other) && !Separates(other, this);

    public bool Contains(PlanPoint p)
    {
        for (var i = 0; i < 4; i++)
            if ((Corners[(i + 1) % 4] - Corners[i]).Cross(p - Corners[i]) < 0)
                return false;
        return true;
    }

    public double DistanceToM(PlanPoint from, PlanPoint to)
    {
        if (Contains(from) || Contains(to))
            return 0;
        var nearestM = double.MaxValue;
        for (var i = 0; i < 4; i++)
        {
            var (a, b) = (Corners[i], Corners[(i + 1) % 4]);
            if (Shapes.Crossing(a, b, from, to) is not null)
                return 0;
            nearestM = Math.Min(nearestM, Math.Min(Shapes.DistanceToSegmentM(a, from, to),
                Math.Min(Shapes.DistanceToSegmentM(from, a, b), Shapes.DistanceToSegmentM(to, a, b))));
        }
        return nearestM;
    }

    private static bool Separates(Footprint one, Footprint other)
    {
        for (var i = 0; i < 4; i++)
        {
            var (a, b) = (one.Corners[i], one.Corners[(i + 1) % 4]);
            if (other.Corners.All(p => (b - a).Cross(p - a) <= 0))
                return true;
        }
        return false;
    }
}

/// <param name="AlongM">Where the middle of its front lies along the street.</param>
/// <param name="Left">Whether it stands on the left of the street, as the street runs.</param>
internal sealed record House(Footprint Ground, TownStreet Street, bool Left, double AlongM, double FrontM, Zone Zone);

/// <summary>Lines the streets with houses: closed rows in the old and inner town, detached and terraced outside, halls at the harbour.</summary>
internal sealed class Houses(TownPlan town, Dice dice, double lotFactor)
{
    private const double CellM = 50;
    private readonly Dictionary<(int, int), List<Footprint>> byCell = [];
    private readonly List<(IReadOnlyList<PlanPoint> Ring, PlanPoint Low, PlanPoint High)> keptFree = [];

    public List<House> Built { get; } = [];

    /// <summary>Halls of the depot, the church and other buildings without an address, with their tags.</summary>
    public List<(Footprint Ground, string Kind, string? Name)> Special { get; } = [];

    public void Build(IReadOnlyList<TownStreet> streets)
    {
        KeepFree(town.Shape.RiverArea);
        foreach (var ring in town.Harbour.Basins.Concat(town.Blocks.Greens.Select(green => green.Ring)).Append(town.MainRoads.Market).Append(town.Depot.Yard).Append(town.Shape.Promenade))
            KeepFree(ring);
        foreach (var (centre, along, lengthM, widthM) in town.Depot.Halls)
            Special.Add((Box(centre, along, lengthM, widthM), "industrial", null));
        Church();
        foreach (var street in streets.Where(street => street.Name is not null))
        {
            Line(street, left: true);
            Line(street, left: false);
        }
    }

    private void Church()
    {
        var market = town.MainRoads.Market;
        var along = (market[0] - market[1]).Unit;
        var sizeM = market[0].DistanceTo(market[1]);
        var centre = Shapes.Centroid(market) - along * (0.12 * sizeM);
        Special.Add((Box(centre, along, 0.42 * sizeM, 0.17 * sizeM), "church", "St. Marien"));
        Special.Add((Box(centre - along * (0.265 * sizeM), along, 0.1 * sizeM, 0.1 * sizeM), "church", null));
    }

    private void Line(TownStreet street, bool left)
    {
        var line = street.Line;
        double[] atM = new double[line.Count];
        for (var i = 1; i < line.Count; i++)
            atM[i] = atM[i - 1] + line[i].DistanceTo(line[i - 1]);
        var alongM = 3.0;
        var terraceLeft = 0;
        while (alongM < atM[^1] - 5)
        {
            var here = PointAt(line, atM, alongM);
            var zone = town.Shape.ZoneOf(here);
            terraceLeft = terraceLeft > 0 ? terraceLeft - 1 : dice.Chance(0.08) ? 5 : 0;
            var (frontM, depthM, gapM, setbackM) = Lot(street, zone, terraceLeft > 0);
            if (alongM + frontM > atM[^1])
                break;
            var (from, to) = (here, PointAt(line, atM, alongM + frontM));
            var along = (to - from).Unit;
            var out1 = along.Left * (left ? 1 : -1);
            var footprint = left
                ? Ground(from + out1 * setbackM, along, out1, from.DistanceTo(to), depthM)
                : Ground(to + out1 * setbackM, along * -1, out1, from.DistanceTo(to), depthM);
            if (from.DistanceTo(to) > 0.8 * frontM && IsFree(footprint))
            {
                // Towards the edge of the town more and more lots are empty.
                if (dice.Chance(BuiltShare(footprint.Centre, zone)))
                {
                    Place(footprint);
                    Built.Add(new(footprint, street, left, alongM + frontM / 2, frontM, zone));
                }
                alongM += frontM + gapM;
            }
            else
                alongM += 2.5;
        }
    }

    private double BuiltShare(PlanPoint p, Zone zone) => zone switch
    {
        Zone.OldTown or Zone.Inner => 0.985,
        Zone.Industrial => 0.85,
        _ => Math.Clamp(1.45 - 0.62 * p.LengthM / town.Shape.RadiusM, 0.35, 0.96),
    };

    private (double FrontM, double DepthM, double GapM, double SetbackM) Lot(TownStreet street, Zone zone, bool terrace)
    {
        var roadM = ClearanceM(street.Kind, zone);
        return zone switch
        {
            Zone.OldTown => (dice.Between(6.5, 9.5) * lotFactor, dice.Between(8.5, 11.5), 0.2, roadM + 0.6),
            Zone.WallGreen or Zone.Inner => (dice.Between(9, 12.5) * lotFactor, dice.Between(10.5, 12.5), dice.Chance(0.04) ? 4 : 0.2, roadM + dice.Between(1.3, 1.7)),
            Zone.Industrial => (dice.Between(24, 52) * lotFactor, dice.Between(18, 34), dice.Between(9, 16), roadM + dice.Between(6, 8)),
            _ when terrace => (dice.Between(6.2, 7) * lotFactor, 10, 0.2, roadM + 4.5),
            _ => (dice.Between(8, 11) * lotFactor, dice.Between(8.5, 11), dice.Between(2.8, 5) * lotFactor, roadM + dice.Between(3.8, 5.5)),
        };
    }

    /// <summary>How far a wall stays from the centre line of a street: half of the road and the pavement.</summary>
    private static double ClearanceM(StreetKind kind, Zone zone) => kind switch
    {
        StreetKind.Primary => 9,
        StreetKind.Secondary => 8.5,
        StreetKind.Tertiary => 7.5,
        StreetKind.Service => 3,
        StreetKind.Pedestrian => 4.5,
        _ => zone == Zone.OldTown ? 4.2 : 6.5,
    };

    private bool IsFree(Footprint ground)
    {
        var low = new PlanPoint(ground.Corners.Min(p => p.X), ground.Corners.Min(p => p.Y));
        var high = new PlanPoint(ground.Corners.Max(p => p.X), ground.Corners.Max(p => p.Y));
        foreach (var (ring, ringLow, ringHigh) in keptFree)
            if (low.X < ringHigh.X + 3 && high.X > ringLow.X - 3 && low.Y < ringHigh.Y + 3 && high.Y > ringLow.Y - 3
                && (Shapes.Contains(ring, ground.Centre) || Enumerable.Range(0, ring.Count).Any(i => ground.DistanceToM(ring[i], ring[(i + 1) % ring.Count]) < 0.5)))
                return false;
        foreach (var cell in Cells(low, high))
            if (byCell.TryGetValue(cell, out var others) && others.Exists(ground.Overlaps))
                return false;
        var plan = town.Streets;
        foreach (var edge in plan.EdgesNear(low, high, 10))
            if (ground.DistanceToM(plan.Nodes[edge.From], plan.Nodes[edge.To]) < ClearanceM(edge.Course.Kind, town.Shape.ZoneOf(ground.Centre)))
                return false;
        return true;
    }

    private void Place(Footprint ground)
    {
        var low = new PlanPoint(ground.Corners.Min(p => p.X), ground.Corners.Min(p => p.Y));
        var high = new PlanPoint(ground.Corners.Max(p => p.X), ground.Corners.Max(p => p.Y));
        foreach (var cell in Cells(low, high))
        {
            if (!byCell.TryGetValue(cell, out var others))
                byCell[cell] = others = [];
            others.Add(ground);
        }
    }

    private void KeepFree(IReadOnlyList<PlanPoint> ring) => keptFree.Add((ring,
        new(ring.Min(p => p.X), ring.Min(p => p.Y)), new(ring.Max(p => p.X), ring.Max(p => p.Y))));

    private static IEnumerable<(int, int)> Cells(PlanPoint low, PlanPoint high)
    {
        for (var x = (int)Math.Floor(low.X / CellM); x <= (int)Math.Floor(high.X / CellM); x++)
            for (var y = (int)Math.Floor(low.Y / CellM); y <= (int)Math.Floor(high.Y / CellM); y++)
                yield return (x, y);
    }

    private static Footprint Ground(PlanPoint corner, PlanPoint along, PlanPoint inward, double lengthM, double depthM) =>
        new(corner, corner + along * lengthM, corner + along * lengthM + inward * depthM, corner + inward * depthM);

    private static Footprint Box(PlanPoint centre, PlanPoint along, double lengthM, double widthM) =>
        Ground(centre - along * (lengthM / 2) - along.Left * (widthM / 2), along, along.Left, lengthM, widthM);

    private static PlanPoint PointAt(IReadOnlyList<PlanPoint> line, double[] atM, double alongM)
    {
        var i = Array.BinarySearch(atM, alongM);
        i = Math.Clamp(i < 0 ? ~i - 1 : i, 0, line.Count - 2);
        return line[i] + (line[i + 1] - line[i]) * ((alongM - atM[i]) / (atM[i + 1] - atM[i]));
    }
}
