using CsCheck;
using Kehrwerk.Planning.ArcRouting.Bounds;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Planning.Tests.Benchmarks;
using Xunit;

namespace Kehrwerk.Planning.Tests.ArcRouting;

public sealed class LowerBoundTests
{
    [Fact]
    public void No_solution_of_a_small_problem_costs_less_than_the_bound() =>
        SmallProblems.Any.Where(problem => ExactOptimum.Of(problem) is not null).Sample(
            problem => Assert.True(LowerBound.Of(problem, ct: TestContext.Current.CancellationToken).Value <= ExactOptimum.Of(problem)),
            iter: 200);

    [Theory]
    [InlineData("gdb", "gdb1.dat", 316, 300)]
    [InlineData("gdb", "gdb14.dat", 100, 96)]
    [InlineData("val", "val1A.dat", 173, 170)]
    [InlineData("val", "val10D.dat", 526, 500)]
    [InlineData("egl", "egl-e1-A.dat", 3548, 3300)]
    public void The_bound_of_a_published_instance_is_near_its_proven_optimum(string set, string file, long optimum, long atLeast)
    {
        var problem = ArcInstanceReader.Read(PublishedInstances.File(set, file)).ToProblem();

        var bound = LowerBound.Of(problem, ct: TestContext.Current.CancellationToken).Value;

        Assert.InRange(bound, atLeast, optimum);
    }
}
