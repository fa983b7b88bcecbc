using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning;

/// <summary>Vehicles that are alike on a day.</summary>
/// <param name="Vehicles">Indices in <see cref="SweepProblem.Vehicles"/>.</param>
/// <param name="State">How its only vehicle starts where it does not begin its day.</param>
internal sealed record VehicleKind(int Day, ImmutableArray<int> Vehicles, VehicleState? State = null)
{
    /// <summary>Whether they are at work only where those that usually are do not suffice.</summary>
    public bool IsFurther { get; init; }
}

internal sealed partial class DayProblem
{
    // Between two whole milliseconds of the charging curve there may be up to one less than there truly is, and as much again by whole joules.
    private const int ChargeRoundingMs = 2;

    /// <summary>Vehicles that are alike, in the order of the fleet.</summary>
    private static IEnumerable<VehicleKind> KindsOf(SweepProblem problem, int day) => Enumerable.Range(0, problem.Vehicles.Length)
        .GroupBy(v => Likeness(problem.Vehicles[v]))
        .Select(kind => new VehicleKind(day, [.. kind]));

    private static (SweeperSpec, string, string, string) Likeness(SweeperSpec v) =>
        (v with { Id = "", ChargeSeconds = [], Breaks = [], Districts = [] }, string.Join(' ', v.ChargeSeconds), string.Join(' ', v.Breaks), string.Join('\n', v.Districts));

    private ArcVehicle Vehicle(VehicleKind kind, double balance)
    {
        var vehicle = problem.Vehicles[kind.Vehicles[0]];
        var usual = problem.Vehicles[0];
        var isUsual = vehicle.WaterLPerMin == usual.WaterLPerMin && vehicle.SweepPowerW == usual.SweepPowerW && vehicle.SweepSpeedMps == usual.SweepSpeedMps;
        var clockMs = ClockMs(kind.Day);
        ImmutableArray<int> taskCost = [.. Visits.Select(visit => visit.Days.Contains(kind.Day) && vehicle.Serves(problem.Tasks[visit.Task]) ? 0 : CostTable.NoWay)];
        return new()
        {
            Start = vehicle.Depot,
            End = problem.Depots.Length == 1 ? 0 : problem.Depots.Length + placeOfArc.Count + vehicle.Depot,
            Count = kind.Vehicles.Length,
            TourCost = kind.IsFurther ? FurtherVehicleMs : 0,
            Capacity = [.. Capacity(vehicle)],
            StartTime = clockMs + Ms(vehicle.StartS),
            MaxTime = ShiftMs(vehicle),
            TravelUse = [0, 0, 0, (int)Math.Ceiling(vehicle.TransitPowerW)],
            StandUse = [0, 0, 0, (int)Math.Ceiling(vehicle.IdlePowerW)],
            TaskTime = vehicle.SweepSpeedMps == fastestMps ? [] : [.. Visits.Select(visit => problem.Tasks[visit.Task]).Select(kerb => SweepMs(kerb, vehicle) - SweepMs(kerb, fastestMps))],
            TaskCost = taskCost.All(cost => cost == 0) ? [] : taskCost,
            TaskDemand = isUsual ? [] : [.. Visits.SelectMany(visit => Demand(vehicle, problem.Tasks[visit.Task]))],
            ServiceTime = [Ms(vehicle.TipS), Ms(vehicle.WashS), Ms(vehicle.FillWaterS), ChargeRoundingMs],
            Breaks = [.. vehicle.Breaks.Select(one => new ArcBreak(clockMs + Ms(one.EarliestS), clockMs + MsAtMost(one.LatestS), Ms(one.DurationS)))],
            Battery = new(Energy, (int)(vehicle.BatteryWh * JoulesPerWh), [.. vehicle.ChargeSeconds.Select(Ms)], (int)Math.Ceiling(vehicle.ChargePowerKw * 1000))
            {
                FullBy = clockMs + DayMs,
            },
            Balance = (int)(balance * 1000),
        };
    }

    // Who is out may always come home, but does nothing else where that takes time after the end of the shift, or the reserve and no charger is nearer.
    // A break that is late already is taken at the next stop, but not by who has had the time at home; who is home again when one is due has it there first.
    private ArcVehicle AsItIs(ArcVehicle vehicle, int kind, Dictionary<int, string> planned, int changeMs)
    {
        var state = Kinds[kind].State!;
        var spec = problem.Vehicles[Kinds[kind].Vehicles[0]];
        var start = state.Driven.IsEmpty ? state.Depot : places - Kinds.Length + kind;
        var homeMs = times[(start * places) + spec.Depot];
        var (readyMs, breaks) = state.IsOut
            ? (Ms(state.ReadyS), vehicle.Breaks.Skip(state.BreaksTaken))
            : RestedAtHome(state.LeftS is not null, Ms(state.IdleSinceS), Ms(Math.Max(state.ReadyS, spec.StartS)), [.. vehicle.Breaks.Skip(state.BreaksTaken)]);

        // Energy is rounded down: the way back is rounded up, and what was planned to the last joule still has to fit.
        int[] used =
        [
            (int)Math.Ceiling(state.Levels.HopperM3 * 1e6), (int)Math.Ceiling(state.Levels.HopperKg * 1e3),
            (int)Math.Ceiling(Math.Max(0, spec.WaterL - state.Levels.WaterL) * 1e3), (int)Math.Floor(Math.Max(0, spec.BatteryWh - state.Levels.BatteryWh) * JoulesPerWh),
        ];
        var usedAtHome = (int)Math.Min(spec.BatteryWh * JoulesPerWh, UsedAt(spec.Depot));
        var timeToHome = homeMs + Ms(spec.TipS) + Ms(spec.WashS);
        var timeLeft = state.LeftS is { } leftS ? Math.Max(1, MsAtMost(leftS + spec.ShiftS) - readyMs) : vehicle.MaxTime!.Value;
        var isInNeed = state.IsOut && ((usedAtHome > vehicle.Capacity[Energy] && !CanCharge()) || timeToHome > timeLeft);
        return vehicle with
        {
            Start = start,
            StartTime = readyMs,
            MaxTime = isInNeed ? Math.Max(timeLeft, timeToHome) : timeLeft,
            IsOut = state.IsOut,
            Used = [.. used],
            Capacity = isInNeed ? vehicle.Capacity.SetItem(Energy, Math.Max(vehicle.Capacity[Energy], usedAtHome)) : vehicle.Capacity,
            TaskCost = [.. Visits.Select((visit, task) => CostOf(problem.Tasks[visit.Task], task))],
            Breaks = [.. breaks.Select(one => one.Latest < readyMs ? one with { Latest = DayMs } : one)],
        };

        bool CanCharge() => Enumerable.Range(0, problem.Depots.Length).Any(d => problem.Depots[d].Chargers > 0 && UsedAt(d) <= vehicle.Capacity[Energy]);
        double UsedAt(int depot) => used[Energy] + Math.Ceiling(spec.TransitPowerW * times[(start * places) + depot] / 1000);
        int CostOf(SweepTask kerb, int task) => isInNeed || (!vehicle.TaskCost.IsEmpty && vehicle.TaskCost[task] >= CostTable.NoWay)
            ? CostTable.NoWay
            : planned.GetValueOrDefault(kerb.Kerb, spec.Id) == spec.Id ? 0 : changeMs;
    }

    // When a vehicle at home is ready, and the breaks that it has not had there by then. Who has been out already has the one that is due before it leaves again.
    private static (int ReadyMs, ImmutableArray<ArcBreak> Left) RestedAtHome(bool hasBeenOut, int idleSinceMs, int readyMs, ImmutableArray<ArcBreak> breaks)
    {
        var restedMs = idleSinceMs;
        foreach (var (number, one) in breaks.Index())
        {
            restedMs = Math.Max(restedMs, one.Earliest) + one.Duration;
            if (restedMs > readyMs && !(hasBeenOut && one.Earliest <= readyMs))
            {
                return (readyMs, breaks[number..]);
            }

            readyMs = Math.Max(readyMs, restedMs);
        }

        return (readyMs, []);
    }

    private IEnumerable<BayInUse> BaysInUse(VehicleState state, int depot)
    {
        var powerKw = problem.Vehicles.First(v => v.Id == state.Id).ChargePowerKw;
        return state.Doing.Where(step => step.Depot == depot).Select(step => step switch
        {
            TipStep => new BayInUse(Tip, Ms(step.EndS)),
            WashStep => new(Wash, Ms(step.EndS)),
            FillWaterStep => new(Fill, Ms(step.EndS)),
            ChargeStep => new(Charge, Ms(step.EndS), (int)Math.Ceiling(powerKw * 1000), Ms(step.StartS)),
            _ => throw new ArgumentException($"Vehicle {state.Id} does nothing that takes a bay in a step of type {step.GetType().Name}."),
        });
    }

    // Standing at the depot costs energy too, also where no reserve is asked for.
    private static int[] Capacity(SweeperSpec v)
    {
        var reserveWh = Math.Max(v.ReserveShare * v.BatteryWh, v.IdlePowerW * (v.TipS + v.WashS + v.FillWaterS) / 3600);
        return [(int)(v.HopperM3 * 1e6), (int)(v.HopperKg * 1e3), (int)(v.WaterL * 1e3), (int)Math.Max(0, (v.BatteryWh - reserveWh) * JoulesPerWh)];
    }

    private int[] Demand(SweeperSpec vehicle, SweepTask kerb)
    {
        var sweepMs = SweepMs(kerb, vehicle);
        return
        [
            (int)Math.Ceiling(kerb.VolumeM3 * 1e6), (int)Math.Ceiling(kerb.MassKg * 1e3), (int)Math.Ceiling(vehicle.WaterLPerMin * sweepMs / 60),
            (int)Math.Ceiling(vehicle.SweepPowerW * sweepMs / 1000),
        ];
    }
}
