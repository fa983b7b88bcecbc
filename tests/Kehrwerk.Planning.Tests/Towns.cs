using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning.Tests;

/// <summary>Small towns and vehicles to plan for.</summary>
internal static class Towns
{
    public static readonly CityFrame Frame = CityFrame.Around(new(51.4, 6.8));

    /// <summary>A vehicle of the V20e class.</summary>
    public static SweeperSpec Sweeper(string id = "V1") => new()
    {
        Id = id,
        HopperM3 = 2,
        HopperKg = 1300,
        WaterL = 425,
        WaterLPerMin = 4,
        BatteryWh = 56_000,
        ReserveShare = 0.2,
        SweepSpeedMps = 5 / 3.6,
        TransitSpeedMps = 25 / 3.6,
        SweepPowerW = 7500,
        TransitPowerW = 9000,
        IdlePowerW = 1200,
        ChargeSeconds = ChargeSeconds(56_000, 22_000),
        ChargePowerKw = 22,
        TipS = 360,
        WashS = 600,
        FillWaterS = 480,
        ShiftS = 8 * 3600,
    };

    public static ImmutableArray<SweeperSpec> Fleet(int count, Func<SweeperSpec, SweeperSpec>? change = null) =>
        [.. Enumerable.Range(1, count).Select(i => (change ?? (v => v))(Sweeper($"V{i}")))];

    /// <summary>Full power up to 80 %, then falling to a fifth.</summary>
    public static ImmutableArray<double> ChargeSeconds(double batteryWh, double powerW)
    {
        var seconds = new double[101];
        for (var percent = 1; percent <= 100; percent++)
        {
            var share = percent <= 80 ? 1 : 1 - (0.8 * (percent - 80) / 20);
            seconds[percent] = seconds[percent - 1] + (batteryWh / 100 / (powerW * share) * 3600);
        }

        return [.. seconds];
    }

    /// <summary>Streets given as lines between numbered points; arcs are found by their ends.</summary>
    public static StreetNetwork Network((double X, double Y)[] points, params (int From, int To, Directions Directions)[] streets) =>
        Network(points, streets, []);

    public static StreetNetwork Network(
        (double X, double Y)[] points, (int From, int To, Directions Directions)[] streets, (int[] Nodes, bool Only)[] restrictions)
    {
        var builder = new StreetNetworkBuilder(Frame);
        var places = points.Select(p => new MapPoint(p.X, p.Y)).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            builder.AddNode(i + 1, places[i]);
        }

        for (var i = 0; i < streets.Length; i++)
        {
            var (from, to, directions) = streets[i];
            builder.AddSegment(new(from, to, [places[from], places[to]], 100 + i, 0, directions, $"Street {i}"));
        }

        foreach (var (nodes, only) in restrictions)
        {
            builder.AddRestriction([.. nodes.Zip(nodes.Skip(1), (a, b) => StepBetween(streets, a, b))], only);
        }

        return builder.Build();
    }

    public static int Arc(this StreetNetwork network, int from, int to)
    {
        for (var arc = network.FirstOut[from]; arc < network.FirstOut[from + 1]; arc++)
        {
            if (network.ArcHead[arc] == to)
            {
                return arc;
            }
        }

        throw new ArgumentException($"No arc from {from} to {to}.");
    }

    public static SweepTask Task(StreetNetwork network, int kerb, int arc, double timesPerWeek = 7, int priority = 1)
    {
        var lengthM = network.ArcLengthM[arc];
        return new(kerb, arc, lengthM, lengthM * 0.00008, lengthM * 0.056, timesPerWeek, priority);
    }

    public static Depot Depot(int arc, int bays = 2, double gridLimitKw = 100) => new("Betriebshof", arc, bays, bays, bays, bays, gridLimitKw);

    /// <summary>
    /// A town of square blocks in which every street is swept on both sides, daily.
    /// <code>
    ///   6──7──8
    ///   │  │  │      the depot lies at the end of arc 1→0
    ///   3──4──5
    ///   │  │  │
    ///   0──1──2
    /// </code>
    /// </summary>
    public static SweepProblem Grid(int columns, int rows, double blockM = 100, ImmutableArray<SweeperSpec>? vehicles = null)
    {
        var streets = GridStreets(columns, rows).Select(s => (s.From, s.To, Directions.Both)).ToArray();
        var network = Network(GridPoints(columns, rows, blockM), streets);
        return new()
        {
            Graph = new(network, new()),
            Depots = [Depot(network.Arc(1, 0))],
            Vehicles = vehicles ?? Fleet(2),
            Tasks = [.. Enumerable.Range(0, network.ArcCount).Select(arc => Task(network, arc, arc))],
        };
    }

    /// <summary>
    /// Towns with one-way streets (some of them traps), left kerbs, turn restrictions over two and three streets, closures,
    /// tight tanks and few bays.
    /// </summary>
    public static Gen<SweepProblem> Random { get; } =
        from columns in Gen.Int[2, 6]
        from rows in Gen.Int[2, 6]
        from seed in Gen.Int[0, 1_000_000]
        from vehicles in Gen.Int[1, 4]
        from bays in Gen.Int[1, 2]
        from days in Gen.Int[1, 3]
        from tightness in Gen.Int[0, 5]
        select RandomTown(columns, rows, seed, vehicles, bays, days, tightness);

    private static SweepProblem RandomTown(int columns, int rows, int seed, int vehicleCount, int bays, int days, int tightness)
    {
        var chance = new Random(seed);
        var streets = GridStreets(columns, rows)
            .Where(s => s == (0, 1) || chance.Next(12) > 0)
            .Select(s => (s.From, s.To, s == (0, 1) ? Directions.Both : chance.Next(5) switch { 0 => Directions.Forward, 1 => Directions.Backward, _ => Directions.Both }))
            .ToArray();
        var plain = Network(GridPoints(columns, rows, 60 + chance.Next(200)), streets);
        var restrictions = Enumerable.Range(0, chance.Next(8)).Select(_ => (Walk(plain, chance, 3 + chance.Next(2)), chance.Next(4) == 0)).Where(r => r.Item1.Length >= 3).ToArray();
        var points = Enumerable.Range(0, plain.NodeCount).Select(n => (plain.NodePoint[n].X, plain.NodePoint[n].Y)).ToArray();
        var network = Network(points, streets, restrictions);
        var kerbs = new List<SweepTask>();
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            for (var side = 0; side < (network.ArcReverse[arc] < 0 ? 2 : 1); side++)
            {
                if (chance.Next(5) > 0)
                {
                    double[] frequencies = [0.5, 1, 2, 3, 5, 7];
                    kerbs.Add(Task(network, kerbs.Count * 3, arc, frequencies[chance.Next(6)], 1 + chance.Next(3)));
                }
            }
        }

        SweeperSpec Change(SweeperSpec v) => v with
        {
            HopperM3 = tightness == 1 ? 0.05 : v.HopperM3,
            WaterL = tightness == 2 ? 25 : v.WaterL,
            BatteryWh = tightness == 3 ? 3_000 : v.BatteryWh,
            ChargeSeconds = tightness == 3 ? ChargeSeconds(3_000, 6_000) : v.ChargeSeconds,
            ShiftS = tightness == 4 ? 3_000 + chance.Next(4_000) : v.ShiftS,
            SweepSpeedMps = 1 + chance.NextDouble(),
        };
        var depotArc = network.Arc(1, 0);
        return new()
        {
            Graph = new(network, new(UTurnRule: chance.Next(3) == 0 ? UTurnRule.Everywhere : UTurnRule.DeadEndsOnly)),
            Closures = Closures.None.Close(Enumerable.Range(0, chance.Next(3)).Select(_ => chance.Next(network.ArcCount)).Where(a => a != depotArc)),
            Depots = [Depot(depotArc, bays, tightness == 5 ? 23 : 100)],
            Vehicles = Fleet(vehicleCount, Change),
            Tasks = [.. kerbs],
            Days = days,
            FirstDayOfWeek = chance.Next(7),
            Week = chance.Next(2),
        };
    }

    private static int[] Walk(StreetNetwork network, Random chance, int length)
    {
        var nodes = new List<int> { chance.Next(network.NodeCount) };
        while (nodes.Count < length && network.FirstOut[nodes[^1] + 1] - network.FirstOut[nodes[^1]] is var ways and > 0)
        {
            nodes.Add(network.ArcHead[network.FirstOut[nodes[^1]] + chance.Next(ways)]);
        }

        return [.. nodes];
    }

    private static (double X, double Y)[] GridPoints(int columns, int rows, double blockM) =>
        [.. Enumerable.Range(0, columns * rows).Select(i => (i % columns * blockM, (double)(i / columns) * blockM))];

    private static IEnumerable<(int From, int To)> GridStreets(int columns, int rows)
    {
        for (var i = 0; i < columns * rows; i++)
        {
            if (i % columns < columns - 1)
            {
                yield return (i, i + 1);
            }

            if (i / columns < rows - 1)
            {
                yield return (i, i + columns);
            }
        }
    }

    private static RestrictionStep StepBetween((int From, int To, Directions Directions)[] streets, int from, int to)
    {
        var street = Array.FindIndex(streets, s => (s.From, s.To) == (from, to) || (s.From, s.To) == (to, from));
        return new(street, streets[street].From == from);
    }
}
