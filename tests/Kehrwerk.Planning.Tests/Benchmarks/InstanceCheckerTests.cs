using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.Benchmarks;
using Xunit;

namespace Kehrwerk.Planning.Tests.Benchmarks;

/// <summary>Sums done by hand on the map of <see cref="TinyInstance"/>.</summary>
public sealed class InstanceCheckerTests
{
    // Tour 1: serve 1-2 and 2-3 (3 + 3), home over 4 (2), 10 for the tour: 18. Tour 2: serve 1-4 backwards (3), over 1 to 2 (2),
    // serve 2-5 (3), home over 3 and 4 (4), 10 for the tour: 22.
    [Fact]
    public void A_solution_that_keeps_every_rule_is_accepted_with_its_cost() =>
        AssertVerdict(TinyInstance.Plain, "cost 40\ntour 1 2\ntour -3 4", 40);

    // Out over 1-2 (3), 2-3 (3), tip (10): load 4. On to 4 (1), 4-1 (3), 1-2 (1), 2-5 (3), 5-3 (2), tip (10), home 3-4-1 (2).
    [Fact]
    public void A_tour_may_have_several_trips_where_there_is_a_site() =>
        AssertVerdict(TinyInstance.WithSite.Replace("MAX_TRIP : 28", "MAX_TRIP : 38", StringComparison.Ordinal), "cost 38\ntour 1 2 tip:3 3 4 tip:3", 38);

    [Fact]
    public void A_tour_is_held_to_its_limit_where_there_is_a_site() =>
        AssertVerdict(TinyInstance.WithSite, "cost 38\ntour 1 2 tip:3 3 4 tip:3", 38, "line 2: the tour costs 38, MAX_TRIP allows 28");

    [Fact]
    public void A_tour_is_not_held_to_a_limit_where_there_is_no_site() => AssertVerdict(
        TinyInstance.Plain.Replace("DUMPING_COST : 10", "DUMPING_COST : 10\nMAX_TRIP : 1", StringComparison.Ordinal), "cost 40\ntour 1 2\ntour -3 4", 40);

    [Fact]
    public void More_tours_than_vehicles_are_allowed() => AssertVerdict(TinyInstance.Plain, "cost 62\ntour 1\ntour 2\ntour -3\ntour 4", 62);

    [Theory]
    [InlineData("cost 36\ntour 1\ntour -3 4", 36, "required link 2 (2, 3) is not served")]
    [InlineData("cost 54\ntour 1 2\ntour -3 4\ntour 1", 54, "line 4: required link 1 is served again, the first time is in line 2")]
    [InlineData("cost 38\ntour 1 2\ntour -3 -4", 38, "line 3: required link 4 is one-way and served against its direction")]
    [InlineData("cost 38\ntour 1 2 4\ntour -3", 38, "line 2: with required link 4 the trip carries 5, a vehicle holds 4")]
    [InlineData("cost 39\ntour 1 2\ntour -3 4", 40, "line 1: the cost is stated as 39, the tours cost 40")]
    [InlineData("cost 40\ntour 1 2\ntour -3 4 5", null, "line 3: there is no required link 5, the instance has 4")]
    [InlineData("cost 54\ntour 1 2 tip:3\ntour -3 4", 50, "line 2: node 3 is no dumping site of the instance", "line 1: the cost is stated as 54, the tours cost 50")]
    public void Each_broken_rule_is_named(string solution, int? cost, params string[] violations) =>
        AssertVerdict(TinyInstance.Plain, solution, cost, violations);

    [Theory]
    [InlineData("cost 28\ntour 1 2 tip:3 3 4", 28, "line 2: the tour does not visit a dumping site after its last service")]
    [InlineData("cost 40\ntour 1 2 tip:2 -3 4 tip:3", 40, "line 2: node 2 is no dumping site of the instance")]
    [InlineData("cost 28\ntour 1 2 3 4 tip:3", 28, "line 2: with required link 3 the trip carries 7, a vehicle holds 4")]
    public void Each_broken_rule_of_dumping_is_named(string solution, int cost, string violation) =>
        AssertVerdict(TinyInstance.WithSite.Replace("MAX_TRIP : 28", "MAX_TRIP : 99", StringComparison.Ordinal), solution, cost, violation);

    [Fact]
    public void A_missing_way_is_named_and_leaves_the_cost_open()
    {
        var deadEnd = TinyInstance.Plain.Replace("NOREQ_ARCS : 1", "NOREQ_ARCS : 0", StringComparison.Ordinal).Replace("(5,3)  cost 2", "", StringComparison.Ordinal);

        AssertVerdict(deadEnd, "cost 40\ntour 1 2\ntour -3 4", null, "line 3: there is no way from node 5 to node 1");
    }

    [Fact]
    public void Of_parallel_links_the_cheaper_is_travelled_and_each_required_one_is_served()
    {
        // The second link between 1 and 2 is dearer to travel and costs 7 to serve.
        var doubled = TinyInstance.Plain.Replace("REQ_EDGES : 3", "REQ_EDGES : 4", StringComparison.Ordinal)
            .Replace("(2,3)  serv_cost", "(2,1)  serv_cost 7  trav_cost 6  demand 2\n(2,3)  serv_cost", StringComparison.Ordinal)
            .Replace("NOREQ_EDGES : 4", "NOREQ_EDGES : 2", StringComparison.Ordinal);

        // Out and back between 1 and 2: 3 + 7 + 10. To 2 and on to 3, home over 4: 1 + 3 + 2 + 10. The last as above: 22.
        AssertVerdict(doubled, "cost 58\ntour 1 2\ntour 3\ntour -4 5", 58);
        var problem = TinyInstance.Read(doubled).ToProblem();
        Assert.Equal(5, problem.Tasks.Length);
        Assert.Equal(1, problem.Travel[problem.Tasks[1].Modes[0].Exit, problem.Tasks[1].Modes[0].Entry]);
    }

    [Fact]
    public void What_the_solver_makes_of_a_published_instance_is_accepted()
    {
        (string Set, string Name)[] some = [("gdb", "gdb1.dat"), ("mcarp-lpr", "Lpr-a-01.txt"), ("mcarptif-lpr", "Lpr_IF-c-01.txt"), ("mcarptif-act", "Act-IF-a.txt")];
        foreach (var (set, name) in some)
        {
            var instance = ArcInstanceReader.Read(PublishedInstances.File(set, name));

            var solution = ArcSolver.Solve(instance.ToProblem(), ArcSolver.Rounds(500), ct: TestContext.Current.CancellationToken);
            var verdict = InstanceChecker.Check(instance, ArcSolutionFile.From(instance, solution, name));

            Assert.Empty(verdict.Violations);
            Assert.Equal(solution.Cost, verdict.Cost);
        }
    }

    private static void AssertVerdict(string instance, string solution, long? cost, params string[] violations)
    {
        var verdict = InstanceChecker.Check(TinyInstance.Read(instance), ArcSolutionFile.Read(new StringReader(solution), "plan.txt"));

        Assert.Equal(violations.Select(violation => violation.StartsWith("line", StringComparison.Ordinal) ? $"plan.txt, {violation}." : $"plan.txt: {violation}."), verdict.Violations);
        Assert.Equal(cost, verdict.Cost);
    }
}
