using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning;

/// <summary>
/// One day of a <see cref="SweepProblem"/> as an arc routing problem, or all its days at once where they are chosen with the tours. The first
/// places are the depots, which are the sites as well; a kerb's place is that of its arc, entered at its beginning and left at its end. Cost is time in
/// milliseconds; resources are hopper volume (cm³), hopper mass (g), water (ml) and energy (J). Demands are rounded up and capacities down: what fits
/// here fits in truth. Each further day's clock goes on where the one before has ended. Immutable.
/// </summary>
internal sealed partial class DayProblem
{
    public const int Tip = 0;
    public const int Wash = 1;
    public const int Fill = 2;
    public const int Charge = 3;
    private const int Energy = 3;
    private const int DayMs = 86_400_000;
    private const double JoulesPerWh = 3_600;

    // What a kerb is worth: that is the time that may be spent to sweep it rather than leave it out.
    private const int WorthMs = 10_800_000;
    private const int WorthPerSweepTime = 5;
    private const double MostWorthMs = 500_000_000;
    private const double WorthOfUrgency = 10;

    // Less than any kerb is worth.
    private const int FurtherVehicleMs = 3_600_000;

    private readonly SweepProblem problem;
    private readonly int firstDay;
    private readonly double fastestMps;
    private readonly Dictionary<int, int> placeOfArc = [];
    private readonly int[] times;
    private readonly int places;

    // One vehicle of each kind that begins its day.
    private readonly SweeperSpec[] models;

    private DayProblem(SweepProblem problem, ImmutableArray<Visit> due, ImmutableArray<VehicleKind> kinds, int threads)
    {
        this.problem = problem;
        Kinds = kinds;
        firstDay = kinds[0].Day;
        fastestMps = problem.Vehicles.Max(v => v.SweepSpeedMps);
        models = [.. KindsOf(problem, firstDay).Select(kind => problem.Vehicles[kind.Vehicles[0]])];
        foreach (var visit in Served(problem, due))
        {
            placeOfArc.TryAdd(problem.Tasks[visit.Task].Arc, problem.Depots.Length + placeOfArc.Count);
        }

        int[] starts = [.. kinds.Where(kind => kind.State is not null).Select(kind => kind.State!.StateIn(problem))];
        times = TravelTimes.Between(problem, [.. placeOfArc.Keys], starts, CostTable.NoWay, threads);
        places = problem.Depots.Length + placeOfArc.Count + TravelTimes.HomesOf(problem) + starts.Length;
        var reasons = due.Select(visit => WhyNot(problem.Tasks[visit.Task])).ToArray();
        Visits = [.. due.Where((_, i) => reasons[i] is null)];
        Unservable = [.. due.Zip(reasons).Where(pair => pair.Second is not null).Select(pair => new UnservedTask(problem.Tasks[pair.First.Task].Kerb, pair.First.Day, pair.Second!.Value))];
    }

    public ImmutableArray<VehicleKind> Kinds { get; }

    /// <summary>What can be served, by number of the task.</summary>
    public ImmutableArray<Visit> Visits { get; }

    /// <summary>What is due and cannot be served by any vehicle that has nothing else to do.</summary>
    public ImmutableArray<UnservedTask> Unservable { get; }

    public ArcProblem Arcs { get; private set; } = null!;

    /// <param name="balance">How much sharing the work counts; see <see cref="PlannerOptions.BalanceWeight"/>.</param>
    /// <exception cref="InputException">Too much is due for one table of travel times.</exception>
    public static DayProblem Of(SweepProblem problem, int day, ImmutableArray<Visit> due, double balance, int threads)
    {
        RequireRoom(problem, due, 1);
        var result = new DayProblem(problem, due, [.. KindsOf(problem, day)], threads);
        result.Arcs = result.Build(balance);
        return result;
    }

    /// <summary>All days at once.</summary>
    /// <param name="atWork">For each kind of vehicle of a day how many are usually at work; more cost extra, so that days stay balanced.</param>
    public static DayProblem OfAllDays(SweepProblem problem, ImmutableArray<Visit> due, IReadOnlyList<int> atWork, double balance, int threads)
    {
        var kinds = Enumerable.Range(0, problem.Days).SelectMany(day => KindsOf(problem, day)).ToArray();
        var usual = kinds.Select((kind, k) => kind with { Vehicles = kind.Vehicles[..atWork[k % atWork.Count]] });
        var further = kinds.Select((kind, k) => kind with { Vehicles = kind.Vehicles[atWork[k % atWork.Count]..], IsFurther = true });
        var result = new DayProblem(problem, due, [.. usual.Concat(further).Where(kind => !kind.Vehicles.IsEmpty)], threads);
        result.Arcs = result.Build(balance);
        return result;
    }

    /// <summary>The rest of a day: each vehicle is a kind of its own, and starts where and as it is.</summary>
    /// <param name="planned">The vehicle that each kerb was planned for, as far as it was.</param>
    public static DayProblem OfRest(
        SweepProblem problem, int day, ImmutableArray<int> due, DayState state, Dictionary<int, string> planned, ReplanOptions options)
    {
        var kinds = state.Vehicles.Select(v => new VehicleKind(day, [problem.Vehicles.IndexOf(problem.Vehicles.First(spec => spec.Id == v.Id))], v));
        var result = new DayProblem(problem, [.. due.Select(task => new Visit(task, day))], [.. kinds], options.Threads);
        var arcs = result.Build(options.BalanceWeight);
        result.Arcs = arcs with
        {
            Vehicles = [.. arcs.Vehicles.Select((vehicle, kind) => result.AsItIs(vehicle, kind, planned, (int)(options.ChangeS * 1000)))],
            Sites = [.. arcs.Sites.Select((site, depot) => site with { InUse = [.. state.Vehicles.SelectMany(v => result.BaysInUse(v, depot))] })],
        };
        return result;
    }

    /// <exception cref="InputException">Too much is due for one table of travel times.</exception>
    public static void RequireRoom(SweepProblem problem, ImmutableArray<Visit> due, int days)
    {
        var most = ProblemRules.MostTasksPerDay + 1 - problem.Depots.Length;
        var visits = Served(problem, due).Count();
        if (visits > most)
        {
            throw new InputException(
                days == 1 ? $"day {due[0].Day}" : $"{days} days that are chosen together",
                string.Create(CultureInfo.InvariantCulture, $"{visits:N0} sweeps are due"),
                string.Create(CultureInfo.InvariantCulture, $"Plan at most {most:N0} at once: {(days == 1 ? "" : "fewer days, or by zones, or ")}one part of the city after the other, by vehicles that serve its district only"));
        }
    }

    public SweepTask KerbOf(int task) => problem.Tasks[Visits[task].Task];

    /// <summary>What a solution leaves out and what cannot be served, with the reasons, by day and kerb.</summary>
    public ImmutableArray<UnservedTask> Unserved(ArcSolution solution) =>
    [
        .. solution.Unserved.Select(task => new UnservedTask(KerbOf(task).Kerb, Visits[task].Day, UnservedReason.NoTimeLeft)).Concat(Unservable)
            .OrderBy(task => (task.Day, task.Kerb)),
    ];

    /// <summary>Sweeping time of a kerb, milliseconds, rounded up.</summary>
    public int SweepMs(SweepTask kerb, SweeperSpec vehicle) => SweepMs(kerb, vehicle.SweepSpeedMps);

    /// <summary>When sweeping begins, at the earliest at some time of the day, so that it keeps hard windows; null where it cannot. Milliseconds.</summary>
    public static int? SweepStartMs(SweepTask kerb, long readyMs, int sweepMs)
    {
        if (!kerb.HasHardWindows)
        {
            return (int)readyMs;
        }

        foreach (var window in kerb.Windows.Select(window => WindowOf(window, 0)))
        {
            if (Math.Max(readyMs, window.From) + sweepMs <= window.Until)
            {
                return (int)Math.Max(readyMs, window.From);
            }
        }

        return null;
    }

    /// <summary>Begin of a day on the clock of <see cref="Arcs"/>, milliseconds.</summary>
    public int ClockMs(int day) => (day - firstDay) * DayMs;

    // What lies in a district that no vehicle serves needs no place.
    private static IEnumerable<Visit> Served(SweepProblem problem, ImmutableArray<Visit> due) =>
        due.Where(visit => problem.Vehicles.Any(v => v.Serves(problem.Tasks[visit.Task])));

    private ArcProblem Build(double balance) => new()
    {
        Tasks = Tasks(balance),
        Travel = new(places, times),
        Vehicles = [.. Kinds.Select(kind => Vehicle(kind, balance))],
        Services =
        [
            new("tip", [0, 1]) { IsDoneLast = true },
            new("wash", []) { IsDoneLast = true, After = Tip },
            new("fill water", [2]),
            new("charge", [Energy]) { IsCharge = true },
        ],
        Sites =
        [
            .. problem.Depots.Select((depot, d) => new ArcSite(d, 0, [depot.Tips, depot.Washes, depot.WaterPoints, depot.Chargers]) { MaxPower = (int)(depot.GridLimitKw * 1000) }),
        ],
    };

    private ImmutableArray<ArcTask> Tasks(double balance)
    {
        int[] priorities = [.. Visits.Select(visit => problem.Tasks[visit.Task].Priority).Distinct().Order()];
        var usual = problem.Vehicles[0];
        var worthMs = Math.Min(MostWorthMs / 4, WorthMs + ((1 + balance) * LongestWaitMs()));
        var step = Math.Min(WorthOfUrgency, Math.Pow(MostWorthMs / (2 * worthMs), 1.0 / Math.Max(1, priorities.Length - 1)));
        return [.. Visits.Select(visit => Task(visit, problem.Tasks[visit.Task]))];

        ArcTask Task(Visit visit, SweepTask kerb)
        {
            var place = placeOfArc[kerb.Arc];
            return new([new(place, place, SweepMs(kerb, fastestMps))], [.. Demand(usual, kerb)])
            {
                Penalty = Worth(kerb),
                Windows = [.. visit.Days.SelectMany(day => kerb.Windows.Select(window => WindowOf(window, ClockMs(day))))],
                CostOutside = kerb.OutsideCost is { } cost ? (int)Math.Round(cost * 1_000) : null,
            };
        }

        int Worth(SweepTask kerb)
        {
            var urgency = priorities.Length - 1 - Array.BinarySearch(priorities, kerb.Priority);
            return (int)Math.Min(MostWorthMs, (worthMs + ((double)WorthPerSweepTime * SweepMs(kerb, fastestMps))) * Math.Pow(step, urgency));
        }
    }

    // Who only waits for one kerb shall do so rather than leave it out; all kerbs are worth as much more, so that urgent ones still come first.
    private int LongestWaitMs()
    {
        var opensS = Visits.Select(visit => problem.Tasks[visit.Task]).Where(kerb => kerb.HasHardWindows).Select(kerb => kerb.Windows[0].FromS).DefaultIfEmpty(0).Max();
        return Math.Clamp(Ms(opensS - problem.Vehicles.Min(v => v.StartS)), 0, problem.Vehicles.Max(ShiftMs));
    }

    private static ArcWindow WindowOf(DayWindow window, int clockMs) => new(clockMs + Ms(window.FromS), clockMs + MsAtMost(window.UntilS));

    // Why no vehicle that has nothing else to do can sweep a kerb; null where one can.
    private UnservedReason? WhyNot(SweepTask kerb)
    {
        SweeperSpec[] able = [.. models.Where(v => v.Serves(kerb))];
        if (able.Length == 0)
        {
            return UnservedReason.NoVehicleForDistrict;
        }

        var place = placeOfArc[kerb.Arc];
        return !Keep(v => OutMs(v) < CostTable.NoWay && HomeMs(v) < CostTable.NoWay) ? UnservedReason.NotReachable
            : !Keep(v => CanHold(v) && SweepMs(kerb, v) + OutMs(v) + TimeToEndMs(v) <= ShiftMs(v)) ? UnservedReason.TooLarge
            : !Keep(v => SweepStartMs(kerb, Ms(v.StartS) + OutMs(v), SweepMs(kerb, v)) is { } start && start + SweepMs(kerb, v) + TimeToEndMs(v) <= Ms(v.StartS) + ShiftMs(v)) ? UnservedReason.OutsideWindows
            : null;

        bool Keep(Func<SweeperSpec, bool> rule) => (able = Array.FindAll(able, v => rule(v))).Length > 0;
        int OutMs(SweeperSpec v) => times[(v.Depot * places) + place];
        int HomeMs(SweeperSpec v) => times[(place * places) + v.Depot];
        int TimeToEndMs(SweeperSpec v) => HomeMs(v) + Ms(v.TipS) + Ms(v.WashS);

        // It may charge on its way there and back.
        bool CanHold(SweeperSpec v)
        {
            int[] chargers = [.. Enumerable.Range(0, problem.Depots.Length).Where(d => d == v.Depot || problem.Depots[d].Chargers > 0)];
            var travelMs = chargers.Min(d => times[(d * places) + place]) + chargers.Min(d => times[(place * places) + d]);
            var demand = Demand(v, kerb);
            demand[Energy] += (int)Math.Ceiling(v.TransitPowerW * travelMs / 1000);
            return demand.Zip(Capacity(v)).All(pair => pair.First <= pair.Second);
        }
    }

    private int SweepMs(SweepTask kerb, double speedMps) => (int)Math.Ceiling(problem.Graph.Network.ArcLengthM[kerb.Arc] / speedMps * 1000);

    // No tour goes on into the next day.
    private static int ShiftMs(SweeperSpec v) => Math.Max(1, Math.Min(MsAtMost(v.ShiftS), DayMs - Ms(v.StartS)));

    // Whole milliseconds, to the safe side. Less than a microsecond is only the rounding of numbers such as 1.001.
    private static int Ms(double seconds) => (int)Math.Ceiling(Math.Round(seconds * 1000, 3));

    private static int MsAtMost(double seconds) => (int)Math.Floor(Math.Round(seconds * 1000, 3));
}
