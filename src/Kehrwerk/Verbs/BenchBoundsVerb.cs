using System.CommandLine;
using System.Globalization;
using Kehrwerk.Benchmarks;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.ArcRouting.Bounds;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk bench bounds FOLDER</c>: how near the lower bounds come to the best known values, over whole sets of instances.</summary>
internal static class BenchBoundsVerb
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Instances of arc routing, in this folder and those below it. Each folder is a set." };
        var cpu = CommonOptions.Number("--cpu", "Seconds of processor time for each instance at most.", "S", 0.01, 86_400, 5.0);
        var values = BenchVerb.Values();
        var command = new Command("bounds", """
            Compute the lower bound of every instance of a folder and compare with published bounds and best known values.

            The table goes to standard output. The exit code is 3 where a bound lies above a best known value, which would be a fault.
            """)
        {
            folder, cpu, values,
        };
        command.SetAction((parse, cancellation) =>
        {
            var instances = BenchSet.Instances(parse.GetValue(folder)!);
            var published = BenchSet.Published(parse.GetValue(values), parse.GetValue(folder)!);
            var cpuS = parse.GetValue(cpu);
            var rows = new List<BoundRow>();
            Terminal.WithProgress("Lower bounds", report =>
            {
                foreach (var instance in instances)
                {
                    report(instance.Name, (double)rows.Count / instances.Length);
                    if (!cancellation.IsCancellationRequested && Row(instance, cpuS, cancellation) is { } row)
                    {
                        rows.Add(published.TryGetValue(instance.Name, out var known) ? row with { BestKnown = known.Best, Published = known.LowerBound } : row);
                    }
                }

                return true;
            });
            string[] about =
            [
                BenchVerb.Machine(),
                "",
                string.Create(CultureInfo.InvariantCulture, $"One thread, at most {cpuS} seconds of processor time for each bound; `kehrwerk bench bounds FOLDER --cpu {cpuS}`."),
            ];
            Console.Write(BoundTable.Markdown(about, rows));
            foreach (var wrong in rows.Where(row => row.IsWrong))
            {
                Terminal.Complain($"{wrong.Set}/{wrong.Instance}: the bound {wrong.Bound.Value} lies above the best known value {wrong.BestKnown}");
            }

            return Task.FromResult(
                cancellation.IsCancellationRequested ? ExitCode.Stopped : rows.Exists(row => row.IsWrong) ? ExitCode.RuleBroken : rows.Count == 0 ? ExitCode.BadInput : ExitCode.Good);
        });
        return command;
    }

    private static BoundRow? Row(BenchInstance instance, double cpuS, CancellationToken ct)
    {
        try
        {
            var problem = ArcInstanceReader.Read(instance.File).ToProblem();
            var clock = new SearchClock();
            var budget = clock.Until(null, cpuS, null);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var guard = new Timer(
                _ =>
                {
                    if (budget(0) >= 1)
                    {
                        stop.Cancel();
                    }
                },
                null,
                Every,
                Every);
            var bound = LowerBound.Of(problem, budget, null, stop.Token);
            return new(instance.Set, instance.Name, problem.Tasks.Length, null, null, bound, clock.CpuS);
        }
        catch (InputException fault)
        {
            Terminal.Complain($"{instance.Set}/{instance.Name} is left out. {fault.Message}");
            return null;
        }
    }
}
