using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning;

/// <summary>
/// One day of a <see cref="SweepProblem"/> as an arc routing problem. Place 0 is the depot, place i the kerb of task i − 1, entered at its
/// beginning and left at its end. Cost is time in milliseconds; resources are hopper volume (cm³), hopper mass (g), water (ml) and
/// energy (J). Demands are rounded up and capacities down: what fits here fits in truth. Immutable.
/// </summary>
internal sealed class DayProblem
{
    public const int Tip = 0;
    public const int Wash = 1;
    public const int Fill = 2;
    public const int Charge = 3;
    private const int Energy = 3;
    private const int Resources = 4;
    private const int DayMs = 86_400_000;
    private const double JoulesPerWh = 3_600;

    // What a kerb is worth: that is the time that may be spent to sweep it rather than leave it out.
    private const int WorthMs = 10_800_000;
    private const int WorthPerSweepTime = 5;
    private const double MostWorthMs = 500_000_000;
    private const double WorthOfUrgency = 10;

    private readonly SweepProblem problem;
    private readonly ImmutableArray<int> due;
    private readonly double fastestMps;
    private readonly ImmutableArray<VehicleState> states;

    private DayProblem(SweepProblem problem, int day, ImmutableArray<int> due, ImmutableArray<VehicleState> states)
    {
        this.problem = problem;
        this.due = due;
        this.states = states;
        Day = day;
        fastestMps = problem.Vehicles.Max(v => v.SweepSpeedMps);
        VehiclesOfKind = !states.IsDefault ? [.. states.Select(state => ImmutableArray.Create(IndexOf(state)))] : [.. Enumerable.Range(0, problem.Vehicles.Length)
            .GroupBy(v => (problem.Vehicles[v] with { Id = "", ChargeSeconds = [] }, string.Join(' ', problem.Vehicles[v].ChargeSeconds)))
            .Select(kind => kind.ToImmutableArray())];
    }

    public int Day { get; }

    /// <summary>The kerbs that can be served, by number of the task.</summary>
    public ImmutableArray<SweepTask> Kerbs { get; private set; } = [];

    /// <summary>What is due and cannot be served by any vehicle that has nothing else to do.</summary>
    public ImmutableArray<UnservedTask> Unservable { get; private set; } = [];

    /// <summary>For each kind of vehicle the indices of those that are alike.</summary>
    public ImmutableArray<ImmutableArray<int>> VehiclesOfKind { get; }

    public ArcProblem Arcs { get; private set; } = null!;

    /// <param name="due">Indices in <see cref="SweepProblem.Tasks"/>.</param>
    /// <param name="balance">How much sharing the work counts; see <see cref="PlannerOptions.BalanceWeight"/>.</param>
    /// <exception cref="InputException">Too many kerbs are due for one table of travel times.</exception>
    public static DayProblem Of(SweepProblem problem, int day, ImmutableArray<int> due, double balance, int threads)
    {
        if (due.Length > ProblemRules.MostTasksPerDay)
        {
            throw new InputException(
                $"day {day}", $"{due.Length:N0} kerbs are due", $"Plan at most {ProblemRules.MostTasksPerDay:N0} at once; divide the city into districts");
        }

        var result = new DayProblem(problem, day, due, default);
        result.Build(TravelTimes.Between(problem, [.. due.Select(t => problem.Tasks[t].Arc)], [], CostTable.NoWay, threads), balance);
        return result;
    }

    /// <summary>The rest of a day: each vehicle is a kind of its own, and starts where and as it is.</summary>
    /// <param name="planned">The vehicle that each kerb was planned for, as far as it was.</param>
    public static DayProblem OfRest(
        SweepProblem problem, int day, ImmutableArray<int> due, DayState state, Dictionary<int, string> planned, ReplanOptions options)
    {
        var result = new DayProblem(problem, day, due, state.Vehicles);
        int[] starts = [.. state.Vehicles.Select(v => v.StateIn(problem))];
        result.Build(TravelTimes.Between(problem, [.. due.Select(t => problem.Tasks[t].Arc)], starts, CostTable.NoWay, options.Threads), options.BalanceWeight);
        var change = (int)(options.ChangeS * 1000);
        result.Arcs = result.Arcs with
        {
            Vehicles = [.. result.Arcs.Vehicles.Select((vehicle, v) => result.AsItIs(
                vehicle, v, [.. result.Kerbs.Select(kerb => planned.GetValueOrDefault(kerb.Kerb, state.Vehicles[v].Id) == state.Vehicles[v].Id ? 0 : change)]))],
            Sites = [result.Arcs.Sites[0] with { InUse = [.. state.Vehicles.SelectMany(v => v.Doing.Select(step => result.BayOf(v, step)))] }],
        };
        return result;
    }

    /// <summary>How the vehicle of a kind starts where it does not begin its day; null where it does.</summary>
    public VehicleState? StateOf(int kind) => states.IsDefault ? null : states[kind];

    private int IndexOf(VehicleState state) => problem.Vehicles.IndexOf(problem.Vehicles.First(v => v.Id == state.Id));

    // Places of vehicles come after those of the kerbs. Who is out may always come home, but does nothing else where that takes the reserve or time after
    // the end of the shift.
    private ArcVehicle AsItIs(ArcVehicle vehicle, int kind, ImmutableArray<int> taskCost)
    {
        var state = states[kind];
        var spec = problem.Vehicles[VehiclesOfKind[kind][0]];
        var start = state.Driven.IsEmpty ? 0 : Kerbs.Length + 1 + kind;
        var homeMs = start == 0 ? 0 : Arcs.Travel[start, 0];
        var readyMs = Ms(state.ReadyS);
        int[] used =
        [
            (int)Math.Ceiling(state.Levels.HopperM3 * 1e6), (int)Math.Ceiling(state.Levels.HopperKg * 1e3),
            (int)Math.Ceiling(Math.Max(0, spec.WaterL - state.Levels.WaterL) * 1e3), (int)Math.Ceiling(Math.Max(0, spec.BatteryWh - state.Levels.BatteryWh) * JoulesPerWh),
        ];
        var usedAtHome = (int)Math.Min(spec.BatteryWh * JoulesPerWh, used[Energy] + Math.Ceiling(spec.TransitPowerW * homeMs / 1000));
        var timeToHome = homeMs + Ms(spec.TipS) + Ms(spec.WashS);
        var timeLeft = state.LeftS is { } leftS ? (int)Math.Max(1, Math.Floor((leftS + spec.ShiftS) * 1000) - readyMs) : vehicle.MaxTime!.Value;
        var isInNeed = state.IsOut && (usedAtHome > vehicle.Capacity[Energy] || timeToHome > timeLeft);
        return vehicle with
        {
            Start = start,
            StartTime = readyMs,
            MaxTime = isInNeed ? Math.Max(timeLeft, timeToHome) : timeLeft,
            IsOut = state.IsOut,
            Used = [.. used],
            Capacity = isInNeed ? vehicle.Capacity.SetItem(Energy, Math.Max(vehicle.Capacity[Energy], usedAtHome)) : vehicle.Capacity,
            TaskCost = isInNeed ? [.. taskCost.Select(_ => CostTable.NoWay)] : taskCost,
        };
    }

    private BayInUse BayOf(VehicleState state, TourStep step) => step switch
    {
        TipStep => new(Tip, Ms(step.EndS)),
        WashStep => new(Wash, Ms(step.EndS)),
        FillWaterStep => new(Fill, Ms(step.EndS)),
        ChargeStep => new(Charge, Ms(step.EndS), (int)Math.Ceiling(problem.Vehicles[IndexOf(state)].ChargePowerKw * 1000)),
        _ => throw new ArgumentException($"Vehicle {state.Id} does nothing at the depot in a step of type {step.GetType().Name}."),
    };

    /// <summary>Sweeping time of a kerb, milliseconds, rounded up.</summary>
    public int SweepMs(SweepTask kerb, SweeperSpec vehicle) => (int)Math.Ceiling(problem.Graph.Network.ArcLengthM[kerb.Arc] / vehicle.SweepSpeedMps * 1000);

    private void Build(int[] times, double balance)
    {
        var starts = states.IsDefault ? 0 : states.Length;
        var width = due.Length + 1 + starts;
        var servable = new List<int>();
        var unservable = ImmutableArray.CreateBuilder<UnservedTask>();
        for (var i = 0; i < due.Length; i++)
        {
            var kerb = problem.Tasks[due[i]];
            var (outMs, homeMs) = (times[i + 1], times[(i + 1) * width]);
            if (outMs >= CostTable.NoWay || homeMs >= CostTable.NoWay)
            {
                unservable.Add(new(kerb.Kerb, Day, UnservedReason.NotReachable));
            }
            else if (!problem.Vehicles.Any(v => CanServeAlone(v, kerb, outMs + homeMs)))
            {
                unservable.Add(new(kerb.Kerb, Day, UnservedReason.TooLarge));
            }
            else
            {
                servable.Add(i);
            }
        }

        Kerbs = [.. servable.Select(i => problem.Tasks[due[i]])];
        Unservable = unservable.ToImmutable();
        Arcs = new()
        {
            Tasks = Tasks(),
            Travel = Part(times, width, [0, .. servable.Select(i => i + 1), .. Enumerable.Range(due.Length + 1, starts)]),
            Vehicles = [.. VehiclesOfKind.Select(kind => Vehicle(problem.Vehicles[kind[0]], kind.Length, balance))],
            Services =
            [
                new("tip", [0, 1]) { IsDoneLast = true },
                new("wash", []) { IsDoneLast = true, After = Tip },
                new("fill water", [2]),
                new("charge", [Energy]) { IsCharge = true },
            ],
            Sites =
            [
                new(0, 0, [problem.Depot.Tips, problem.Depot.Washes, problem.Depot.WaterPoints, problem.Depot.Chargers])
                {
                    MaxPower = (int)(problem.Depot.GridLimitKw * 1000),
                },
            ],
        };
    }

    private bool CanServeAlone(SweeperSpec vehicle, SweepTask kerb, int travelMs)
    {
        var sweepMs = SweepMs(kerb, vehicle);
        var demand = Demand(vehicle, kerb);
        demand[Energy] += (int)Math.Ceiling(vehicle.TransitPowerW * travelMs / 1000);
        return demand.Zip(Capacity(vehicle)).All(pair => pair.First <= pair.Second)
            && sweepMs + travelMs + Ms(vehicle.TipS) + Ms(vehicle.WashS) <= Math.Floor(vehicle.ShiftS * 1000);
    }

    private static CostTable Part(int[] times, int width, ImmutableArray<int> places)
    {
        if (places.Length == width)
        {
            return new(width, times);
        }

        var part = new int[places.Length * places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            for (var j = 0; j < places.Length; j++)
            {
                part[(i * places.Length) + j] = times[(places[i] * width) + places[j]];
            }
        }

        return new(places.Length, part);
    }

    private ImmutableArray<ArcTask> Tasks()
    {
        int[] priorities = [.. Kerbs.Select(kerb => kerb.Priority).Distinct().Order()];
        var usual = problem.Vehicles[0];
        var step = Math.Min(WorthOfUrgency, Math.Pow(MostWorthMs / (2 * WorthMs), 1.0 / Math.Max(1, priorities.Length - 1)));
        return [.. Kerbs.Select((kerb, i) => new ArcTask([new(i + 1, i + 1, SweepMsOf(kerb, fastestMps))], [.. Demand(usual, kerb)]) { Penalty = Worth(kerb) })];

        int Worth(SweepTask kerb)
        {
            var urgency = priorities.Length - 1 - Array.BinarySearch(priorities, kerb.Priority);
            return (int)Math.Min(MostWorthMs, (WorthMs + ((double)WorthPerSweepTime * SweepMsOf(kerb, fastestMps))) * Math.Pow(step, urgency));
        }
    }

    private ArcVehicle Vehicle(SweeperSpec vehicle, int count, double balance)
    {
        var usual = problem.Vehicles[0];
        var isUsual = vehicle.WaterLPerMin == usual.WaterLPerMin && vehicle.SweepPowerW == usual.SweepPowerW && vehicle.SweepSpeedMps == usual.SweepSpeedMps;
        return new()
        {
            Start = 0,
            End = 0,
            Count = count,
            Capacity = [.. Capacity(vehicle)],
            MaxTime = (int)Math.Floor(vehicle.ShiftS * 1000),
            TravelUse = [0, 0, 0, (int)Math.Ceiling(vehicle.TransitPowerW)],
            StandUse = [0, 0, 0, (int)Math.Ceiling(vehicle.IdlePowerW)],
            TaskTime = vehicle.SweepSpeedMps == fastestMps ? [] : [.. Kerbs.Select(kerb => SweepMs(kerb, vehicle) - SweepMsOf(kerb, fastestMps))],
            TaskDemand = isUsual ? [] : [.. Kerbs.SelectMany(kerb => Demand(vehicle, kerb))],
            ServiceTime = [Ms(vehicle.TipS), Ms(vehicle.WashS), Ms(vehicle.FillWaterS), 0],
            Battery = new(Energy, (int)(vehicle.BatteryWh * JoulesPerWh), [.. vehicle.ChargeSeconds.Select(Ms)], (int)Math.Ceiling(vehicle.ChargePowerKw * 1000))
            {
                FullBy = DayMs,
            },
            Balance = (int)(balance * 1000),
        };
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

    private int SweepMsOf(SweepTask kerb, double speedMps) => (int)Math.Ceiling(problem.Graph.Network.ArcLengthM[kerb.Arc] / speedMps * 1000);

    private static int Ms(double seconds) => (int)Math.Ceiling(seconds * 1000);
}
