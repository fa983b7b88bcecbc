using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Tests.ArcRouting;

/// <summary>What a random problem may have beyond tasks, capacities and ways.</summary>
[Flags]
internal enum Rich
{
    None = 0,
    TwoModes = 1 << 0,
    Kinds = 1 << 1,
    Depots = 1 << 2,
    Counts = 1 << 3,
    Limit = 1 << 4,
    Sites = 1 << 5,
    DoneLast = 1 << 6,
    TravelUse = 1 << 7,
    Battery = 1 << 8,
    HardWindows = 1 << 9,
    SoftWindows = 1 << 10,
    Breaks = 1 << 11,
    Penalties = 1 << 12,
    ByVehicle = 1 << 13,
    Out = 1 << 14,
    OwnTimes = 1 << 15,
    Balance = 1 << 16,
    StandCost = 1 << 17,
    Bays = 1 << 18,
    Unreachable = 1 << 19,
    All = (1 << 20) - 1,
}

/// <summary>
/// A recipe for a random problem: the same recipe gives the same problem. Resources are volume, water and energy; services tip, fill and
/// charge.
/// </summary>
internal readonly record struct RichProblem(int Tasks, Rich Features, int Seed)
{
    private const int Places = 7;
    private const int Nowhere = Places;
    private const int Resources = 3;

    /// <summary>Recipes with any of the features.</summary>
    public static Gen<RichProblem> With(int mostTasks, Rich features) =>
        Gen.Select(Gen.Int[1, mostTasks], Gen.Int[0, (int)Rich.All], Gen.Int[0, int.MaxValue - 1], (tasks, drawn, seed) => new RichProblem(tasks, (Rich)drawn & features, seed))
            .Where(recipe => CanComeHome(recipe.Make()));

    public ArcProblem Make()
    {
        var random = new Random(Seed);
        var hasSites = Has(Rich.Sites);
        var travel = Ways(random);
        var (tasks, features) = (Tasks, this);
        return new()
        {
            Travel = travel,
            TravelTime = Has(Rich.OwnTimes) ? Ways(random) : null,
            Tasks = [.. Enumerable.Range(0, tasks).Select(_ => features.Task(random))],
            Services = hasSites ? [new("tip", [0]) { IsDoneLast = Has(Rich.DoneLast) }, new("fill", [1]), new("charge", [2]) { IsCharge = true }] : [],
            Sites = [.. Enumerable.Range(0, hasSites ? (tasks < 4 ? 2 : 1) : 0).Select(i => features.Site(random, i))],
            Vehicles = [.. Enumerable.Range(0, Has(Rich.Kinds) ? 2 : 1).Select(kind => features.Vehicle(random, kind))],
        };
    }

    // Whoever is out can end the tour in order, straight away.
    private static bool CanComeHome(ArcProblem problem)
    {
        var sites = Enumerable.Range(0, problem.Sites.Length).Where(_ => problem.EndsAtSite).Select(site => -1 - site).Select(last => new[] { last });
        return Enumerable.Range(0, problem.Vehicles.Length).All(
            kind => !problem.Vehicles[kind].IsOut || sites.DefaultIfEmpty([]).All(stops => new PlainTour(problem, kind).Cost(stops) is not null));
    }

    private bool Has(Rich feature) => (Features & feature) != 0;

    private static CostTable Ways(Random random)
    {
        var ways = new int[(Places + 1) * (Places + 1)];
        for (var i = 0; i < ways.Length; i++)
        {
            var (from, to) = Math.DivRem(i, Places + 1);
            ways[i] = from == to ? 0 : from == Nowhere || to == Nowhere ? CostTable.NoWay : random.Next(1, 31);
        }

        for (var via = 0; via < Places; via++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var (from, to) = Math.DivRem(i, Places + 1);
                ways[i] = Math.Min(ways[i], ways[(from * (Places + 1)) + via] + ways[(via * (Places + 1)) + to]);
            }
        }

        return new(Places + 1, ways);
    }

    private ArcTask Task(Random random)
    {
        var modes = ImmutableArray.CreateBuilder<TaskMode>();
        var isNowhere = Has(Rich.Unreachable) && random.Next(4) == 0;
        for (var m = Has(Rich.TwoModes) ? random.Next(2) : 1; m < 2; m++)
        {
            var mode = new TaskMode(isNowhere ? Nowhere : random.Next(Places), isNowhere ? Nowhere : random.Next(Places), random.Next(10));
            modes.Add(Has(Rich.OwnTimes) ? mode with { Time = random.Next(15) } : mode);
        }

        var isSoft = Has(Rich.SoftWindows) && (!Has(Rich.HardWindows) || random.Next(2) == 0);
        var hasWindows = (isSoft || Has(Rich.HardWindows)) && random.Next(3) > 0;
        var from = random.Next(60);
        var later = from + random.Next(20, 50);
        ImmutableArray<ArcWindow> windows = random.Next(2) == 0
            ? [new(from, from + random.Next(10, 20)), new(later, later + random.Next(10, 40))]
            : [new(from, from + random.Next(15, 90))];
        return new(modes.ToImmutable(), [random.Next(7), random.Next(5), random.Next(10)])
        {
            Penalty = Has(Rich.Penalties) && random.Next(2) == 0 ? random.Next(100) : null,
            Windows = hasWindows ? windows : [],
            CostOutside = isSoft ? random.Next(3_000) : null,
        };
    }

    private ArcSite Site(Random random, int index)
    {
        var bays = Has(Rich.Bays) ? 1 + random.Next(2) : ArcSite.Unlimited;
        int Bays(int chance) => index == 0 || random.Next(3) < chance ? bays : 0;
        return new(random.Next(Places), random.Next(4), [Bays(2), Bays(2), Bays(1)])
        {
            MaxPower = Has(Rich.Bays) && random.Next(2) == 0 ? 15 + random.Next(20) : int.MaxValue,
        };
    }

    private ArcVehicle Vehicle(Random random, int kind)
    {
        var isOut = Has(Rich.Out) && kind == 0;
        var start = Has(Rich.Depots) || isOut ? random.Next(Places) : 0;
        var hasBattery = Has(Rich.Battery) && Has(Rich.Sites);
        ImmutableArray<int> capacity = [6 + random.Next(8), 4 + random.Next(8), 40 + random.Next(80)];
        var (tasks, first) = (Tasks, random.Next(10, 60));
        return new()
        {
            Start = start,
            End = Has(Rich.Depots) ? random.Next(Places) : 0,
            Capacity = capacity,
            Count = Has(Rich.Counts) || isOut ? 1 + random.Next(2) : null,
            TourCost = random.Next(10),
            StartTime = Has(Rich.Depots) ? random.Next(20) : 0,
            MaxTime = Has(Rich.Limit) ? 80 + random.Next(200) : null,
            IsOut = isOut,
            Used = isOut || (Has(Rich.Depots) && random.Next(2) == 0) ? [.. capacity.Select(c => random.Next(c / 2))] : [],
            TravelUse = Has(Rich.TravelUse) ? [0, random.Next(100), random.Next(1_000)] : [],
            StandUse = Has(Rich.TravelUse) && random.Next(2) == 0 ? [0, 0, random.Next(1_000)] : [],
            StandCost = Has(Rich.StandCost) ? random.Next(2_000) : 1_000,
            TaskTime = Has(Rich.ByVehicle) ? [.. Enumerable.Range(0, tasks).Select(_ => random.Next(5))] : [],
            TaskCost = Has(Rich.ByVehicle) ? [.. Enumerable.Range(0, tasks).Select(_ => random.Next(5) == 0 ? CostTable.NoWay : random.Next(5))] : [],
            TaskDemand = Has(Rich.ByVehicle) && random.Next(2) == 0 ? [.. Enumerable.Range(0, tasks * Resources).Select(_ => random.Next(7))] : [],
            ServiceTime = Has(Rich.Sites) ? [random.Next(10), random.Next(10), random.Next(3)] : [],
            Battery = hasBattery ? new(2, capacity[2] + 10, [.. Enumerable.Range(0, 101).Select(percent => (percent / 3) + (percent * percent / 400))], 10 + random.Next(10)) : null,
            Breaks = Has(Rich.Breaks) ? [new(first, first + 10 + random.Next(60), 1 + random.Next(10)), new(first + 60, first + 140, 5)] : [],
            Balance = Has(Rich.Balance) ? random.Next(3_000) : 0,
        };
    }
}
