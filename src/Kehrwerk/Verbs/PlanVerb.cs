using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Planning;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.Rules;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk plan</c>: plans the imported city and prints the figures; the plan itself goes into a file or, as JSON, to standard output.</summary>
internal static class PlanVerb
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var vehicles = CommonOptions.Vehicles(6);
        var hours = CommonOptions.Hours();
        var days = CommonOptions.Number("--days", "Days to plan, from Monday on.", "N", 1, 7, 1);
        var chooseDays = new Option<bool>("--choose-days") { Description = "Choose the days of what is due once or twice a week with the tours, instead of by zones." };
        var seed = CommonOptions.Seed();
        var iterations = CommonOptions.Iterations();
        var time = CommonOptions.OptionalNumber("--time", "Improve for so many seconds of wall time, over all days, instead of --iterations; the plan then depends on the machine's speed.", "S", 0.1, 86_400);
        var threads = CommonOptions.Number("--threads", "Threads of the search; the processors of this machine where none are given.", "N", 1, 64, Math.Clamp(Environment.ProcessorCount, 1, 64));
        var model = CommonOptions.Model();
        var rules = new Option<string?>("--rules") { Description = "JSON file with depots, districts, windows, shifts and breaks; see docs/reference/planning-rules.md.", HelpName = "FILE" };
        var output = new Option<string?>("--out") { Description = "Write the plan as JSON into this file.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new Command("plan", "Plan which vehicle sweeps which kerb in which order, and check the plan.")
        {
            data, vehicles, hours, days, chooseDays, seed, iterations, time, threads, model, rules, output, json,
        };
        command.SetAction((parse, cancellation) =>
        {
            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var city = Terminal.WithProgress("Importing", report => folder.LoadCity(report.ForImport()));
            var vehicle = CommonOptions.ModelOf(parse.GetValue(model));
            var problem = ShiftSimulation.Problem(city, vehicle, parse.GetValue(vehicles), parse.GetValue(hours)) with { Days = parse.GetValue(days), ChoosesDays = parse.GetValue(chooseDays) };
            if (parse.GetValue(rules) is { } rulesFile)
            {
                problem = PlanningRulesReader.Apply(rulesFile, city, problem);
            }

            var options = new PlannerOptions
            {
                Seed = (ulong)parse.GetValue(seed),
                MaxIterations = parse.GetValue(iterations),
                Threads = parse.GetValue(threads),
                BudgetOfDay = parse.GetValue(time) is { } seconds ? BudgetOfDay(seconds, parse.GetValue(chooseDays) ? 1 : parse.GetValue(days), parse.GetValue(threads)) : null,
            };
            var plan = Terminal.WithProgress("Planning", report => Planner.Solve(
                problem,
                options,
                report.For<PlannerProgress>(p => (string.Create(CultureInfo.InvariantCulture, $"Planning: {p.CostS / 3600:N1} h"), p.Share)),
                cancellation));
            var violations = PlanChecker.Check(problem, plan);
            if (parse.GetValue(output) is { } file)
            {
                WritePlan(file, plan);
            }

            if (parse.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(plan, VerbJson.Default.Plan));
            }
            else
            {
                Print(city, PlanSummary.Of(problem, plan));
            }

            foreach (var violation in violations)
            {
                Terminal.Complain(violation);
            }

            return Task.FromResult(violations.IsEmpty ? ExitCode.Good : ExitCode.RuleBroken);
        });
        return command;
    }

    // As many days are searched at once as there are threads; each begins to count when its turn comes.
    private static Func<SearchBudget> BudgetOfDay(double seconds, int days, int threads)
    {
        var turns = (days + threads - 1) / threads;
        return () => new SearchClock().Until(seconds / turns, null, null);
    }

    private static void WritePlan(string file, Plan plan)
    {
        try
        {
            File.WriteAllText(file, JsonSerializer.Serialize(plan, VerbJson.Default.Plan));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, "the plan cannot be written there", "Name a file in a folder that this user may write", e);
        }
    }

    private static void Print(City city, PlanSummary summary)
    {
        Console.WriteLine($"{city.Name}");
        Row("", summary.Total);
        foreach (var vehicle in summary.ByVehicle)
        {
            Row(vehicle.Vehicle, vehicle.Figures);
        }

        foreach (var unserved in summary.Unserved)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  left out, {unserved.Reason}: {unserved.Count:N0} kerbs, {unserved.KerbKm:N1} km"));
        }

        static void Row(string name, TourFigures f) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {(name.Length > 0 ? name : "all"),-6} {f.Kerbs,5:N0} kerbs {f.KerbKm,7:N1} km, deadhead {f.DeadheadKm,6:N1} km, {f.Hours,5:N1} h, {f.EnergyKwh,6:N1} kWh; {f.Tips} tips, {f.WaterFills} fills, {f.Charges} charges{Extra(f.BreakHours, "breaks")}{Extra(f.WaitHours, "waiting")}{Extra(f.OutsideHours, "outside windows")}"));

        static string Extra(double hours, string what) => hours >= 0.05 ? string.Create(CultureInfo.InvariantCulture, $"; {hours:N1} h {what}") : "";
    }
}
