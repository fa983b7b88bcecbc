using System.Diagnostics;
using System.Globalization;
using Kehrwerk.Planning.ArcRouting.Search;
using Kehrwerk.Planning.Benchmarks;

namespace Kehrwerk.Bench.Planning;

/// <summary>
/// <c>profile INSTANCE [ROUNDS] [SEED]</c>: where the time of a round of the arc routing search goes, by operator, and what it
/// allocates. Does the rounds of <see cref="Annealing{TCosts}"/> with a look at the clock between the operators, whose own
/// cost is measured and taken off. Operators are timed by wall time: on a busy machine take the shares, and the processor time of all.
/// </summary>
internal static class SearchProfile
{
    private const int WarmUpRounds = 60_000;
    private const int MostNear = 200;

    private static readonly string[] Operators = ["ruin", "sort", "evaluate", "insert", "sites", "reject", "accept"];

    private enum Step { Ruin, Sort, Evaluate, Insert, Sites, Reject, Accept }

    public static void Run(string file, int rounds, ulong seed)
    {
        var problem = ArcInstanceReader.Read(file).ToProblem();
        problem = TaskOrder.Of(problem).Apply(problem);
        if (problem.Tasks.All(task => task.Modes.Length == 1))
        {
            new Profile<OneMode>(new(problem, MostNear), seed).Run(rounds);
        }
        else
        {
            new Profile<TwoModes>(new(problem, MostNear), seed).Run(rounds);
        }
    }

    private sealed class Profile<TCosts>
        where TCosts : unmanaged, IModeCosts<TCosts>
    {
        private readonly SearchModel<TCosts> model;
        private readonly SeededRandom random;
        private readonly Ruin<TCosts> ruin;
        private readonly Recreate<TCosts> recreate;
        private readonly SearchSolution<TCosts> solution;
        private readonly long[] ticks = new long[Operators.Length];
        private readonly long[] calls = new long[Operators.Length];
        private long last;

        public Profile(SearchModel<TCosts> model, ulong seed)
        {
            this.model = model;
            random = new(seed);
            ruin = new(model, random);
            recreate = new(model, random);
            solution = new(model);
        }

        public void Run(int rounds)
        {
            var began = Stopwatch.GetTimestamp();
            recreate.PutAll(solution, Enumerable.Range(0, model.Tasks).ToArray());
            solution.Accept();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.Tasks} tasks; constructed in {Stopwatch.GetElapsedTime(began).TotalSeconds:N2} s"));
            var cooling = Cooling.For(model, isWarm: false);
            RunRounds(WarmUpRounds, done => cooling.Temperature(0.8 * done));
            Array.Clear(ticks);
            Array.Clear(calls);
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var cpuBefore = Environment.CpuUsage.TotalTime;
            RunRounds(rounds, done => cooling.Temperature(0.8 + (0.2 * done)));
            var cpuS = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            Show(rounds, cpuS, bytes);
        }

        private void RunRounds(int rounds, Func<double, double> temperatureAt)
        {
            for (var round = 0; round < rounds; round++)
            {
                var temperature = temperatureAt((double)round / rounds);
                var averageTrip = (double)model.Tasks / Math.Max(1, solution.Trips);
                var before = solution.Cost;
                last = Stopwatch.GetTimestamp();
                var removed = ruin.Apply(solution, random.Below(model.Tasks), averageTrip);
                Took(Step.Ruin);
                recreate.Sort(solution, removed);
                Took(Step.Sort);
                foreach (var task in removed)
                {
                    var place = recreate.Find(solution, task);
                    Took(Step.Evaluate);
                    recreate.Put(solution, task, place);
                    Took(Step.Insert);
                }

                recreate.ImproveSites(solution);
                Took(Step.Sites);
                if (solution.Cost >= before - (temperature * Math.Log(random.Share())))
                {
                    solution.Reject();
                    Took(Step.Reject);
                }
                else
                {
                    solution.Accept();
                    Took(Step.Accept);
                }
            }
        }

        private void Took(Step step)
        {
            var now = Stopwatch.GetTimestamp();
            ticks[(int)step] += now - last;
            calls[(int)step]++;
            last = now;
        }

        private void Show(int rounds, double cpuS, long bytes)
        {
            var lookNs = NsPerLook();
            var ns = ticks.Zip(calls, (t, n) => Math.Max(0, (t * 1e9 / Stopwatch.Frequency) - (n * lookNs))).ToArray();
            var sum = ns.Sum();
            Console.WriteLine("| operator | µs per round | share | calls per round | ns per call |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
            for (var i = 0; i < Operators.Length; i++)
            {
                if (calls[i] > 0)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {Operators[i]} | {ns[i] / rounds / 1e3:N2} | {ns[i] / sum:P1} | {(double)calls[i] / rounds:N2} | {ns[i] / calls[i]:N0} |"));
                }
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sum / rounds / 1e3:N2} µs per round; {cpuS * 1e6 / rounds:N2} µs of processor time, looks at the clock included; {bytes:N0} bytes allocated in {rounds:N0} rounds; cost {solution.Cost}"));
        }

        private static double NsPerLook()
        {
            const int looks = 1_000_000;
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < looks; i++)
            {
                _ = Stopwatch.GetTimestamp();
            }

            return Stopwatch.GetElapsedTime(began).TotalNanoseconds / looks;
        }
    }
}
