using System.Diagnostics;
using System.Globalization;
using Kehrwerk.Planning;

namespace Kehrwerk.Bench.Planning;

/// <summary>
/// <c>city FILE [VEHICLES] [SECONDS] [KERBS]</c>: plans the first day of a real city within so many seconds of processor time of one thread, and
/// tells what it covers and what is driven for it. With KERBS, a file of kerb numbers, these are due and no others: so plans are compared at
/// equal coverage. KERBS is written where it does not exist.
/// </summary>
internal static class CityFigures
{
    public static int Run(string file, int vehicles, double seconds, string? kerbs)
    {
        var problem = BenchCity.Of(file, vehicles);
        if (File.Exists(kerbs))
        {
            var only = File.ReadLines(kerbs).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToHashSet();
            problem = problem with { Tasks = [.. problem.Tasks.Where(task => only.Contains(task.Kerb)).Select(task => task with { TimesPerWeek = 7, Priority = 1 })] };
        }

        var process = Process.GetCurrentProcess();
        var start = process.TotalProcessorTime.TotalSeconds;
        var plan = Planner.Solve(problem, new()
        {
            BudgetOfDay = () => _ =>
            {
                process.Refresh();
                return (process.TotalProcessorTime.TotalSeconds - start) / seconds;
            },
        });
        var violations = PlanChecker.Check(problem, plan);
        var sum = PlanSummary.Of(problem, plan).Total;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.Now:yyyy-MM-dd} · {Path.GetFileName(file)}, {vehicles} vehicles, {seconds:0} s: {sum.Kerbs:N0} of {sum.Kerbs + plan.Unserved.Length:N0} kerbs, {sum.KerbKm:0.0} km; deadhead {sum.DeadheadKm:0.0} km, {sum.DeadheadHours:0.00} h of {sum.Hours:0.00} h; {sum.Tips} tips, {sum.WaterFills} fills, {sum.Charges} charges; {violations.Length} rules broken"));
        if (kerbs is not null && !File.Exists(kerbs))
        {
            File.WriteAllLines(kerbs, plan.Tours.SelectMany(tour => tour.Steps).OfType<SweepStep>().Select(step => step.Kerb.ToString(CultureInfo.InvariantCulture)));
        }

        return violations.IsEmpty ? 0 : 1;
    }
}
