using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Tests;

/// <summary>Random towns with what a planner may prescribe: further depots, districts, windows, late shifts and breaks, each in half of the towns.</summary>
internal static class RuledTowns
{
    public static Gen<SweepProblem> Random { get; } =
        from problem in Towns.Random
        from seed in Gen.Int[0, 1_000_000]
        select WithRules(problem, new(seed));

    private static SweepProblem WithRules(SweepProblem problem, Random chance)
    {
        problem = chance.Next(2) == 0 ? problem : WithDepots(problem, chance);
        problem = chance.Next(2) == 0 ? problem : WithDistricts(problem, chance);
        problem = chance.Next(2) == 0 ? problem : problem with { Tasks = [.. problem.Tasks.Select(task => WithWindows(task, chance))] };
        return chance.Next(2) == 0 ? problem : problem with { Vehicles = [.. problem.Vehicles.Select(vehicle => WithShift(vehicle, chance))] };
    }

    // One whole depot, at home there some vehicles, and a place with a few bays or none.
    private static SweepProblem WithDepots(SweepProblem problem, Random chance)
    {
        var depot = problem.Depots[0];
        int[] arcs = [.. Enumerable.Range(0, problem.Graph.Network.ArcCount).Where(arc => arc != depot.Arc).OrderBy(_ => chance.Next()).Take(2)];
        var place = new Depot("Annahmestelle", arcs[^1], chance.Next(2), chance.Next(2), chance.Next(2), chance.Next(2), 100);
        ImmutableArray<Depot> more = arcs.Length < 2 ? [] : chance.Next(3) switch
        {
            0 => [place],
            1 => [depot with { Name = "Nord", Arc = arcs[0] }],
            _ => [place, depot with { Name = "Nord", Arc = arcs[0] }],
        };
        var north = more.Length > 0 && more[^1].Name == "Nord" ? more.Length : 0;
        return problem with
        {
            Depots = [depot, .. more],
            Vehicles = [.. problem.Vehicles.Select(vehicle => vehicle with { Depot = chance.Next(2) * north })],
        };
    }

    private static SweepProblem WithDistricts(SweepProblem problem, Random chance)
    {
        string[] names = ["West", "Ost", ""];
        return problem with
        {
            Tasks = [.. problem.Tasks.Select(task => task with { District = names[Math.Min(2, problem.Graph.Network.ArcTail[task.Arc] % 5 / 2)] })],
            Vehicles = [.. problem.Vehicles.Select(vehicle => vehicle with { Districts = chance.Next(3) == 0 ? [] : [.. names.Take(2).Where(_ => chance.Next(2) == 0)] })],
        };
    }

    private static SweepTask WithWindows(SweepTask task, Random chance)
    {
        double from = 900 * chance.Next(16);
        var until = from + 1_800 + (900 * chance.Next(10));
        return chance.Next(4) switch
        {
            0 => task with { Windows = [new(from, until)] },
            1 => task with { Windows = [new(from, until), new(until + 1_800, 40_000)] },
            2 => task with { Windows = [new(from, until)], OutsideCost = chance.Next(40) / 10.0 },
            _ => task,
        };
    }

    private static SweeperSpec WithShift(SweeperSpec vehicle, Random chance)
    {
        var startS = 600.0 * chance.Next(12);
        var breakS = startS + (600 * chance.Next(6));
        ShiftBreak[] breaks = [new(breakS, breakS + 10_800, 900), new(breakS + 7_200, breakS + 20_000, 300)];
        return vehicle with { StartS = startS, Breaks = [.. breaks.Take(chance.Next(3))] };
    }
}
