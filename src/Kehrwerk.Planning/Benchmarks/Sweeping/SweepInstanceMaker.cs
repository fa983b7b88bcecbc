using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>What instance to make.</summary>
/// <param name="Kerbs">How many kerbs around the depot.</param>
/// <param name="Seed">Draws parking bans and the place of the second tip.</param>
/// <param name="Origin">Where the city comes from, for whoever reads the file.</param>
public sealed record InstanceOrder(string Name, int Kerbs, int Seed, string Origin);

/// <summary>
/// Makes instances from a city: a district around the depot, windows by street class, the depot and a second place to tip and fill, an early and
/// a late shift. The same city, fleet and order give the same instance.
/// </summary>
public static class SweepInstanceMaker
{
    private const int HourMs = 3_600_000;
    private const int LeastPenaltyMs = 10_800_000;
    private const int PenaltyPerSweepTime = 10;
    private const int MostPriorities = 5;

    /// <param name="problem">The city's problem of one day, whose figures of kerbs and vehicles are taken.</param>
    /// <exception cref="InputException">The city has too few kerbs, or a figure is out of bounds.</exception>
    public static SweepInstance Make(City city, SweepProblem problem, InstanceOrder order)
    {
        var graph = problem.Graph;
        var district = District.Around(city, graph, order.Kerbs);
        var arcs = new Dictionary<int, int>(district.Arcs.Length);
        foreach (var arc in district.Arcs)
        {
            arcs.Add(arc, arcs.Count);
        }

        var tasks = problem.Tasks.ToDictionary(task => task.Kerb);
        var vehicle = problem.Vehicles[0];
        var instance = new SweepInstance
        {
            Format = SweepInstance.FormatName,
            Version = SweepInstance.FormatVersion,
            Name = order.Name,
            Origin = order.Origin,
            Network = Network(city.Streets, graph, district.Arcs, arcs),
            Kerbs = [.. district.Kerbs.Select(kerb => KerbOf(city, kerb, tasks[kerb.Id], vehicle, graph, arcs, order.Seed))],
            Sites = Sites(city.Depot, district, arcs, order.Seed),
            Vehicles = Vehicles(vehicle, problem.Vehicles.Length, arcs[city.Depot.Arc]),
        };
        SweepInstanceReader.Require(instance, order.Name);
        return instance;
    }

    private static NetworkPart Network(StreetNetwork streets, TurnGraph graph, int[] kept, Dictionary<int, int> arcs)
    {
        var nodes = new Dictionary<int, int>();
        var (from, to, turnMs) = (new List<int>(), new List<int>(), new List<int>());
        foreach (var arc in kept)
        {
            nodes.TryAdd(streets.ArcTail[arc], nodes.Count);
            nodes.TryAdd(streets.ArcHead[arc], nodes.Count);
            var allowed = new Dictionary<int, int>();
            for (var turn = graph.FirstTurn[arc]; turn < graph.FirstTurn[arc + 1]; turn++)
            {
                allowed[graph.StateArc[graph.TurnTo[turn]]] = graph.TurnMs[turn];
            }

            for (var next = streets.FirstOut[streets.ArcHead[arc]]; next < streets.FirstOut[streets.ArcHead[arc] + 1]; next++)
            {
                if (arcs.TryGetValue(next, out var number) && (!allowed.TryGetValue(next, out var ms) || ms > 0))
                {
                    from.Add(arcs[arc]);
                    to.Add(number);
                    turnMs.Add(allowed.ContainsKey(next) ? ms : -1);
                }
            }
        }

        return new()
        {
            Nodes = nodes.Count,
            ArcFromNode = [.. Column(arc => nodes[streets.ArcTail[arc]])],
            ArcToNode = [.. Column(arc => nodes[streets.ArcHead[arc]])],
            ArcLengthCm = [.. Column(arc => (int)Math.Round(streets.ArcLengthM[arc] * 100))],
            ArcTravelMs = [.. Column(arc => graph.ArcMs[arc])],
            TurnFromArc = [.. from],
            TurnToArc = [.. to],
            TurnMs = [.. turnMs],
        };

        IEnumerable<int> Column(Func<int, int> value) => kept.Select(value);
    }

    private static KerbPart KerbOf(City city, Kerb kerb, SweepTask task, SweeperSpec vehicle, TurnGraph graph, Dictionary<int, int> arcs, int seed)
    {
        var sweepMs = Math.Max(graph.ArcMs[kerb.Arc], Up(task.LengthM / vehicle.SweepSpeedMps * 1000));
        var segment = city.Streets.ArcSegment[kerb.Arc];
        var street = kerb.Street.Length > 0 ? kerb.Street : city.Streets.SegmentWayId[segment].ToString(CultureInfo.InvariantCulture);
        var (windows, outside) = StreetWindows.Of(city.Streets.SegmentClass[segment], Drawn(street, seed) % 100);
        var urgency = Math.Max(0, MostPriorities - kerb.Class.Priority);
        return new(
            kerb.Key,
            arcs[kerb.Arc],
            sweepMs,
            Up(task.VolumeM3 * 1e6),
            Up(task.MassKg * 1e3),
            Up(vehicle.WaterLPerMin * sweepMs / 60),
            Up(vehicle.SweepPowerW * sweepMs / 1000),
            windows,
            outside,
            (LeastPenaltyMs + (PenaltyPerSweepTime * sweepMs)) * (1 + urgency));
    }

    // The depot, and a second place to tip and fill near the end of the kerb that is drawn.
    private static ImmutableArray<SitePart> Sites(Depot depot, District district, Dictionary<int, int> arcs, int seed)
    {
        var drawn = district.Kerbs[Drawn("tip", seed) % district.Kerbs.Length];
        return
        [
            new("depot", arcs[depot.Arc], 0, depot.Tips, depot.WaterPoints, depot.Chargers, (int)(depot.GridLimitKw * 1000)),
            new("tip", arcs[drawn.Arc], 60_000, 1, 1, 0, 0),
        ];
    }

    // Two thirds on the early shift, the others two hours later; a break where the supervisors have theirs.
    private static ImmutableArray<VehiclePart> Vehicles(SweeperSpec vehicle, int count, int depotArc)
    {
        var late = count / 3;
        var early = Shift("early", count - late, 0);
        return late == 0 ? [early] : [early, Shift("late", late, 2 * HourMs)];

        VehiclePart Shift(string id, int vehicles, int startMs) => new()
        {
            Id = id,
            Count = vehicles,
            StartArc = depotArc,
            EndArc = depotArc,
            ShiftStartMs = startMs,
            ShiftMs = (int)(vehicle.ShiftS * 1000),
            HopperCm3 = (int)(vehicle.HopperM3 * 1e6),
            HopperG = (int)(vehicle.HopperKg * 1e3),
            TankMl = (int)(vehicle.WaterL * 1e3),
            BatteryJ = (int)(vehicle.BatteryWh * 3_600),
            UsableJ = (int)(vehicle.BatteryWh * (1 - vehicle.ReserveShare) * 3_600),
            ChargeMsToPercent = [.. vehicle.ChargeSeconds.Select(seconds => Up(seconds * 1000))],
            ChargePowerW = Up(vehicle.ChargePowerKw * 1000),
            TravelPowerW = Up(vehicle.TransitPowerW),
            StandPowerW = Up(vehicle.IdlePowerW),
            TipMs = Up((vehicle.TipS + vehicle.WashS) * 1000),
            FillMs = Up(vehicle.FillWaterS * 1000),
            ConnectMs = 60_000,
            Breaks = [new(startMs + (3 * HourMs), startMs + (5 * HourMs), HourMs / 2)],
        };
    }

    private static int Up(double value) => (int)Math.Ceiling(value);

    // The same on every machine and in every version of the runtime.
    private static int Drawn(string what, int seed) =>
        BitConverter.ToUInt16(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}:{what}"))));
}
