using CsCheck;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Planning.Tests;

public sealed class PlannerTests(ITestOutputHelper output)
{
    private static readonly PlannerOptions Quick = new() { MaxIterations = 300 };

    [Fact]
    public void The_checker_finds_nothing_in_plans_of_random_towns() =>
        Towns.Random.Sample(
            problem =>
            {
                var plan = Planner.Solve(problem, Quick, ct: TestContext.Current.CancellationToken);
                Assert.Empty(PlanChecker.Check(problem, plan));
            },
            output.WriteLine,
            iter: 300,
            threads: 2,
            print: Describe);

    internal static string Describe(SweepProblem problem) =>
        $"{problem.Tasks.Length} tasks, {problem.Vehicles.Length} vehicles, {problem.Days} days, {problem.Graph.Network.BannedTurns.Count} banned turns";
}
