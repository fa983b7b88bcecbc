namespace Kehrwerk.Streets.Demo;

internal enum Zone { OldTown, WallGreen, Inner, Suburb, Industrial }

/// <summary>
/// The large lines of the town, all following from its radius: the river west of the old town, the walls, the rings,
/// the edge. Drawn on an even plane and then gently bent by <see cref="Bend"/>, so that nothing is a perfect circle.
/// </summary>
internal sealed class TownShape
{
    private readonly double[] phase;

    public TownShape(double radiusM, long seed)
    {
        Dice dice = new(seed * 7919 + 11);
        phase = [.. Enumerable.Range(0, 8).Select(_ => dice.Between(0, 2 * Math.PI))];
        RadiusM = radiusM;
        OldTownRadiusM = Math.Clamp(0.28 * radiusM, 62, 250 + 0.01 * radiusM);
        RingRadiusM = OldTownRadiusM + Math.Clamp(0.085 * radiusM, 24, 75);
        RiverWidthM = Math.Clamp(0.2 * radiusM, 45, 320);
        HarbourDepthM = Math.Clamp(0.32 * radiusM, 80, 380);
        WestDepthM = HarbourDepthM + Math.Max(105, 0.3 * radiusM);
        QuayM = Math.Clamp(0.035 * radiusM, 14, 38);
        var rings = Math.Max(1, (int)Math.Round((radiusM - RingRadiusM) / 560));
        // A small town ends at its ring road.
        OuterRingsM = radiusM - RingRadiusM < 190 ? [] : [.. Enumerable.Range(1, rings).Select(k => RingRadiusM + (radiusM - RingRadiusM) * k / (rings + 0.75))];
        RiverLine = Shapes.Sampled(u => Bend(River((u - 0.5) * 4.4 * RadiusM, 0)), 25);
        EastBank = Shapes.Sampled(u => Bend(River((u - 0.5) * 4.4 * RadiusM, RiverWidthM / 2)), 25);
        WestBank = Shapes.Sampled(u => Bend(River((u - 0.5) * 4.4 * RadiusM, -RiverWidthM / 2)), 25);
        RiverArea = [.. EastBank, .. Enumerable.Reverse(WestBank)];
        var (south, north) = (RiverHeightAt(radiusM, QuayOffsetM, north: false), RiverHeightAt(radiusM, QuayOffsetM, north: true));
        (south, north) = (1.15 * south, 1.15 * north);
        Promenade = [.. Strip(south, north, RiverWidthM / 2 + 0.5), .. Enumerable.Reverse(Strip(south, north, QuayOffsetM - 6))];
    }

    public double RadiusM { get; }
    public double OldTownRadiusM { get; }
    public double RingRadiusM { get; }
    public double RiverWidthM { get; }
    public double HarbourDepthM { get; }
    public double WestDepthM { get; }
    public double QuayM { get; }
    public IReadOnlyList<double> OuterRingsM { get; }

    /// <summary>The middle of the river from south to north, bent.</summary>
    public IReadOnlyList<PlanPoint> RiverLine { get; }
    public IReadOnlyList<PlanPoint> EastBank { get; }
    public IReadOnlyList<PlanPoint> WestBank { get; }
    public IReadOnlyList<PlanPoint> RiverArea { get; }

    /// <summary>The green strip between the river and the street on the town's bank.</summary>
    public IReadOnlyList<PlanPoint> Promenade { get; }

    /// <summary>Offset of the street on the town's bank from the middle of the river.</summary>
    public double QuayOffsetM => RiverWidthM / 2 + QuayM;

    /// <summary>Offset of the street behind the harbour from the middle of the river; negative, as it lies west.</summary>
    public double HarbourOffsetM => -RiverWidthM / 2 - HarbourDepthM;

    /// <summary>A point of the unbent plane at a height <paramref name="y"/> of the river and an offset east of its middle.</summary>
    public PlanPoint River(double y, double offsetM)
    {
        var slope = (Middle(y + 1) - Middle(y - 1)) / 2;
        var normal = new PlanPoint(1, -slope).Unit;
        return new PlanPoint(Middle(y), y) + normal * offsetM;
    }

    /// <summary>Bent points along the river at one offset from its middle.</summary>
    public List<PlanPoint> Strip(double south, double north, double offsetM) =>
        Shapes.Sampled(u => Bend(River(south + (north - south) * u, offsetM)), 25);

    /// <summary>The height of the river at which an offset line is as far from the market as asked, north or south of it.</summary>
    public double RiverHeightAt(double distanceM, double offsetM, bool north)
    {
        var (low, high) = (0.0, 3 * distanceM + 10);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = River(north ? middle : -middle, offsetM).LengthM < distanceM ? (middle, high) : (low, middle);
        }
        return north ? low : -low;
    }

    /// <summary>The gentle large-scale distortion that makes even lines look grown.</summary>
    public PlanPoint Bend(PlanPoint p)
    {
        var reach = Math.Min(0.032 * RadiusM, 70);
        var wave = Math.Max(0.9 * RadiusM, 350) is var w && w > 1600 ? 1600 : w;
        return new(
            p.X + reach * (Math.Sin(2 * Math.PI * p.Y / wave + phase[0]) + 0.5 * Math.Sin(2 * Math.PI * (p.X + p.Y) / (1.3 * wave) + phase[1])),
            p.Y + reach * (Math.Sin(2 * Math.PI * p.X / wave + phase[2]) + 0.5 * Math.Sin(2 * Math.PI * (p.X - p.Y) / (1.4 * wave) + phase[3])));
    }

    /// <summary>The radius of the built-up town in a direction.</summary>
    public double EdgeM(double angle) => RadiusM * (1 + 0.05 * Math.Sin(3 * angle + phase[4]) + 0.035 * Math.Sin(7 * angle + phase[5]));

    public bool InRiver(PlanPoint p) => Shapes.Contains(RiverArea, p);

    public Zone ZoneOf(PlanPoint p)
    {
        if (OnWestBank(p))
            return Industrial(p) ? Zone.Industrial : Zone.Suburb;
        var distanceM = p.LengthM;
        return distanceM < OldTownRadiusM ? Zone.OldTown
            : distanceM < RingRadiusM ? Zone.WallGreen
            : distanceM < RingRadiusM + (RadiusM - RingRadiusM) * 0.52 ? Zone.Inner
            : Zone.Suburb;
    }

    public bool OnWestBank(PlanPoint p) => p.X < River(p.Y, 0).X;

    private bool Industrial(PlanPoint p) =>
        River(p.Y, HarbourOffsetM).X - p.X < 520 && Math.Abs(p.Y) < Math.Max(0.75 * RadiusM, 300);

    private double Middle(double y)
    {
        var atTown = -(0.7 * OldTownRadiusM + QuayOffsetM);
        return atTown + 0.24 * RadiusM * (Math.Cos(1.15 * y / RadiusM + 0.12) - 1)
            + 0.05 * RadiusM * Math.Sin(2.3 * y / RadiusM + phase[6]) - 0.05 * RadiusM * Math.Sin(phase[6]);
    }
}
