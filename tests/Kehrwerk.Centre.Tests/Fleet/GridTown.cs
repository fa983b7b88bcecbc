using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Planning;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>
/// A town for tests: 4 by 4 crossings 120 m apart, every street in both directions, both sides swept.
/// The depot lies at crossing 0, at the corner.
/// <code>
/// 12 - 13 - 14 - 15
///  8 -  9 - 10 - 11
///  4 -  5 -  6 -  7
///  0 -  1 -  2 -  3
/// </code>
/// </summary>
internal static class GridTown
{
    public const int Size = 4;
    public const double BlockM = 120;

    public static City City { get; } = Build((_, _) => false);

    public static CityContext Context { get; } = new(City);

    /// <summary>The same town with some streets too narrow for two vehicles.</summary>
    public static CityContext Narrow(Func<int, int, bool> isNarrow) => new(Build(isNarrow));

    public static SweeperSpec Spec(string id) => new()
    {
        Id = id,
        HopperM3 = 2,
        HopperKg = 1300,
        WaterL = 425,
        WaterLPerMin = 4,
        BatteryWh = 56_000,
        ReserveShare = 0.2,
        SweepSpeedMps = 2,
        TransitSpeedMps = 7,
        SweepPowerW = 7500,
        TransitPowerW = 9000,
        IdlePowerW = 1200,
        ChargeSeconds = [.. Enumerable.Range(0, 101).Select(p => p * 90.0)],
        ChargePowerKw = 22,
        TipS = 360,
        WashS = 600,
        FillWaterS = 480,
        ShiftS = 8 * 3600,
    };

    public static FleetVehicle Vehicle(int number, Func<SweeperSpec, SweeperSpec>? change = null)
    {
        var id = $"T-{number}";
        return new(new("test", id), (change ?? (s => s))(Spec(id)));
    }

    /// <summary>A tour over kerbs in the given order that ends with a tip; every kerb yields the same.</summary>
    public static Tour Tour(string vehicle, IEnumerable<int> kerbs, double volumeM3 = 0.01, double massKg = 5)
    {
        var levels = new Levels(56_000, 425, 0, 0);
        var steps = ImmutableArray.CreateBuilder<TourStep>();
        foreach (var kerb in kerbs)
        {
            levels = levels with { HopperM3 = levels.HopperM3 + volumeM3, HopperKg = levels.HopperKg + massKg };
            steps.Add(new SweepStep(kerb, 0, 60, levels));
        }

        steps.Add(new TipStep(0, 360, levels with { HopperM3 = 0, HopperKg = 0 }));
        return new(vehicle, 0, steps.ToImmutable());
    }

    /// <summary>The kerb to the right of the way from one crossing to its neighbour.</summary>
    public static Kerb KerbBetween(int from, int to) => City.Kerbs.First(k => City.Streets.ArcTail[k.Arc] == from && City.Streets.ArcHead[k.Arc] == to);

    private static City Build(Func<int, int, bool> isNarrow)
    {
        var frame = CityFrame.Around(new(51.4, 6.8));
        var origin = frame.ToMap(new(51.4, 6.8));
        var builder = new StreetNetworkBuilder(frame);
        for (var n = 0; n < Size * Size; n++)
        {
            builder.AddNode(100 + n, Place(n));
        }

        for (var n = 0; n < Size * Size; n++)
        {
            if (n % Size < Size - 1)
            {
                Add(n, n + 1);
            }

            if (n / Size < Size - 1)
            {
                Add(n, n + Size);
            }
        }

        var streets = builder.Build();
        var depotArc = Enumerable.Range(0, streets.ArcCount).First(a => streets.ArcTail[a] == 1 && streets.ArcHead[a] == 0);
        var often = new CleaningClass("S1", "once a week", 1, 1);
        return new()
        {
            Name = "Grid town",
            Fingerprint = "grid-1",
            Streets = streets,
            Kerbs = [.. Enumerable.Range(0, streets.ArcCount).Select(a => new Kerb(a, streets.ArcKey(a), a, KerbSide.Right, streets.ArcLengthM[a], streets.ArcName(a), often))],
            Addresses = [],
            Depot = new("Depot", depotArc, Chargers: 1, Tips: 1, Washes: 1, WaterPoints: 1, GridLimitKw: 44),
            Map = new([], []),
            Report = new([], [], []),
        };

        MapPoint Place(int n) => new(origin.X + (n % Size * BlockM), origin.Y + (n / Size * BlockM));

        void Add(int from, int to) =>
            builder.AddSegment(new(from, to, [Place(from), Place(to)], (1000 * from) + to, 0, Directions.Both, $"Street {from}-{to}",
                Traits: isNarrow(from, to) ? SegmentTraits.Narrow : SegmentTraits.None));
    }
}
