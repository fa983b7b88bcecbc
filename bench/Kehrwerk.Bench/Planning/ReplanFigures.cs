using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Kehrwerk.Planning;

namespace Kehrwerk.Bench.Planning;

/// <summary>
/// <c>replan FILE [VEHICLES] [SECONDS]</c>: plans a day of a real city, and two hours later closes streets, blocks kerbs and breaks a vehicle; then
/// tells how long it takes to repair the plan, and what that changes. Wall time of one thread, median of the runs.
/// </summary>
internal static class ReplanFigures
{
    private const int Runs = 7;
    private const int More = 20_000;
    private const double NowS = 7_200;

    public static int Run(string file, int vehicles, double seconds)
    {
        var problem = BenchCity.Of(file, vehicles);
        var watch = Stopwatch.StartNew();
        var plan = Planner.Solve(problem, new() { BudgetOfDay = () => _ => watch.Elapsed.TotalSeconds / seconds });
        var state = DayState.At(problem, plan, 0, NowS);
        var planned = plan.Tours.SelectMany(tour => tour.Steps).OfType<SweepStep>().Select(step => step.Kerb).ToImmutableArray();
        Console.WriteLine(FormattableString.Invariant($"{DateTime.Now:yyyy-MM-dd} · {Environment.ProcessorCount} processors, .NET {Environment.Version}, one thread, median of {Runs} runs"));
        Console.WriteLine(FormattableString.Invariant($"{Path.GetFileName(file)}: {planned.Length:N0} kerbs planned for {plan.Tours.Length} vehicles in {seconds:0} s, {state.Swept.Count:N0} of them swept after {NowS / 3600:0} h"));
        Console.WriteLine();
        Console.WriteLine($"| what happens | time to repair | left out | other vehicle | with {More:N0} rounds: time | left out | other vehicle |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");

        int[] driven = [.. plan.Tours.SelectMany(tour => tour.Steps).OfType<DeadheadStep>().Where(step => step.StartS > NowS + 600).SelectMany(step => step.Arcs).Where(arc => arc != problem.Depots[0].Arc).GroupBy(arc => arc).OrderByDescending(group => group.Count()).Select(group => group.Key)];
        Figure("nothing", state);
        Figure("a street is closed that many ways lead over", state with { Closures = state.Closures.Close(driven[10]) });
        Figure("ten streets are closed", state with { Closures = state.Closures.Close(driven.Skip(10).Where((_, i) => i % 20 == 0).Take(10)) });
        Figure("fifty kerbs are blocked", state with { Blocked = [.. planned.Where(kerb => !state.Swept.Contains(kerb)).Where((_, i) => i % 20 == 0).Take(50)] });
        Figure("a vehicle breaks down", state with { Vehicles = state.Vehicles.RemoveAt(0) });
        Figure("a hopper is full", state with { Vehicles = state.Vehicles.SetItem(0, state.Vehicles[0] with { Levels = state.Vehicles[0].Levels with { HopperM3 = problem.Vehicles[0].HopperM3 } }) });
        return 0;

        void Figure(string what, DayState after)
        {
            var times = new double[Runs];
            Plan rest = null!;
            for (var run = 0; run < Runs; run++)
            {
                (rest, times[run]) = Timed(after, new ReplanOptions().MaxIterations);
            }

            Array.Sort(times);
            var (better, ms) = Timed(after, More);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {what} | {times[Runs / 2]:0} ms | {Changes(rest)} | {ms / 1000:0.0} s | {Changes(better)} |"));
        }

        (Plan Plan, double Ms) Timed(DayState after, int rounds)
        {
            var start = Stopwatch.GetTimestamp();
            var rest = Replanner.Repair(problem, plan, 0, after, new() { TakesLeftOut = false, MaxIterations = rounds });
            return (rest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        string Changes(Plan rest)
        {
            var now = rest.Tours.SelectMany(tour => tour.Steps.OfType<SweepStep>().Select(step => (step.Kerb, tour.Vehicle))).ToHashSet();
            var before = plan.Tours.SelectMany(tour => tour.Steps.OfType<SweepStep>().Select(step => (step.Kerb, tour.Vehicle))).Where(pair => !state.Swept.Contains(pair.Kerb)).ToArray();
            var kerbs = now.Select(pair => pair.Kerb).ToHashSet();
            return $"{before.Count(pair => !kerbs.Contains(pair.Kerb))} | {before.Count(pair => kerbs.Contains(pair.Kerb) && !now.Contains(pair))}";
        }
    }
}
