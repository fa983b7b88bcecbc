using System.Diagnostics;
using System.Globalization;
using Kehrwerk.Planning;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.ArcRouting.Bounds;

namespace Kehrwerk.Bench.Planning;

/// <summary>
/// <c>city FILE [VEHICLES] [SECONDS] [SEED] [KERBS]</c>: plans the first day of a real city within so many seconds of processor time of one thread, and
/// tells what it covers and what is driven for it. KERBS is a file of kerb numbers. Where it does not exist, the plan's are written there. Where it
/// does, these are due and no others, so that plans are compared at equal coverage, and the lower bound that as many seconds give is told too.
/// </summary>
internal static class DayFigures
{
    public static int Run(string file, int vehicles, double seconds, ulong seed, string? kerbs)
    {
        var problem = BenchCity.Of(file, vehicles);
        var isGiven = File.Exists(kerbs);
        if (isGiven)
        {
            var only = File.ReadLines(kerbs!).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToHashSet();
            problem = problem with { Tasks = [.. problem.Tasks.Where(task => only.Contains(task.Kerb)).Select(task => task with { TimesPerWeek = 7, Priority = 1 })] };
        }

        var plan = Planner.Solve(problem, new() { Seed = seed, BudgetOfDay = () => Budget(seconds) });
        var violations = PlanChecker.Check(problem, plan);
        var sum = PlanSummary.Of(problem, plan).Total;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.Now:yyyy-MM-dd} · {Path.GetFileName(file)}, {vehicles} vehicles, {seconds:0} s, seed {seed}: {sum.Kerbs:N0} of {sum.Kerbs + plan.Unserved.Length:N0} kerbs, {sum.KerbKm:0.0} km; deadhead {sum.DeadheadKm:0.0} km, {sum.DeadheadHours:0.00} h of {sum.Hours:0.00} h; {sum.Tips} tips, {sum.WaterFills} fills, {sum.Charges} charges; {violations.Length} rules broken"));
        if (isGiven)
        {
            TellBound(problem, seconds);
        }
        else if (kerbs is not null)
        {
            File.WriteAllLines(kerbs, plan.Tours.SelectMany(tour => tour.Steps).OfType<SweepStep>().Select(step => step.Kerb.ToString(CultureInfo.InvariantCulture)));
        }

        return violations.IsEmpty ? 0 : 1;
    }

    // Of all plans that leave nothing out.
    private static void TellBound(SweepProblem problem, double seconds)
    {
        var arcs = DayProblem.Of(problem, 0, Kehrwerk.Planning.Calendar.Of(problem).Visits, balance: 0, threads: 1).Arcs;
        var bound = LowerBound.Of(arcs with { Tasks = [.. arcs.Tasks.Select(task => task with { Penalty = null })] }, Budget(seconds));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"at least {bound.Trips} trips, {Hours(bound.Value - bound.Service):0.00} h of deadhead, {Hours(bound.Value):0.00} h of deadhead and sweeping"));

        static double Hours(long ms) => ms / 3.6e6;
    }

    private static SearchBudget Budget(double seconds)
    {
        var start = Environment.CpuUsage.TotalTime.TotalSeconds;
        return _ => (Environment.CpuUsage.TotalTime.TotalSeconds - start) / seconds;
    }
}
