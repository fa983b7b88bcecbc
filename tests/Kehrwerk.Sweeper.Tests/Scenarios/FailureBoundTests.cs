using Kehrwerk.Sweeper.Scenarios;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

/// <summary>The exact binomial bound, against values of published tables (Clopper–Pearson, one-sided 95 %).</summary>
public sealed class FailureBoundTests
{
    [Theory]
    [InlineData(0, 100, 0.02951)]
    [InlineData(1, 100, 0.04656)]
    [InlineData(5, 100, 0.10225)]
    [InlineData(3, 10, 0.60662)]
    [InlineData(0, 10_000, 0.00029953)]
    [InlineData(10, 10, 1)]
    [InlineData(0, 0, 1)]
    public void Is_that_of_the_tables(int failures, int runs, double upper) => Assert.Equal(upper, FailureBound.Upper(failures, runs), 0.00001);

    [Fact]
    public void Grows_with_failures_and_falls_with_runs()
    {
        for (var runs = 2; runs < 400; runs *= 2)
        {
            for (var failures = 0; failures < runs - 1; failures += 1 + (runs / 7))
            {
                Assert.True(FailureBound.Upper(failures, runs) < FailureBound.Upper(failures + 1, runs));
                Assert.True(FailureBound.Upper(failures, 2 * runs) < FailureBound.Upper(failures, runs));
                Assert.True(FailureBound.Upper(failures, runs) > (double)failures / runs);
            }
        }
    }
}
