using System.Collections.Immutable;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests.Benchmarks;

public sealed class BenchTableTests
{
    private static readonly BenchRun Run = new("egl", "egl-e4-C", 1, "cpu 60", 1, 11_540, 61.25, 60.003, 123_456_789, 19);

    [Fact]
    public void A_run_is_remembered_in_a_row() => Assert.Equal(Run, BenchRun.Parse(Run.ToRow(), "runs.tsv, line 2"));

    [Theory]
    [InlineData("")]
    [InlineData("egl\tegl-e4-C\t1\tcpu 60\t1\t11540")]
    [InlineData("egl\tegl-e4-C\tone\tcpu 60\t1\t11540\t61.25\t60\t12\t19")]
    public void A_row_that_is_no_run_is_refused_with_its_line(string row) =>
        Assert.StartsWith("runs.tsv, line 7: ", Assert.Throws<InputException>(() => BenchRun.Parse(row, "runs.tsv, line 7")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_table_has_the_mean_of_the_seeds_and_of_the_sets()
    {
        BenchRun[] runs =
        [
            Run with { Instance = "a", Cost = 1_000 },
            Run with { Instance = "a", Cost = 1_020, Seed = 2 },
            Run with { Instance = "b", Cost = 495 },
            Run with { Set = "own", Instance = "c", Cost = 7 },
        ];

        var table = BenchTable.Markdown(["Here and now."], runs, ImmutableDictionary<string, long>.Empty.Add("a", 1_000).Add("b", 500));

        Assert.Equal(
            """
            # Arc routing: gaps to the best known values

            Here and now.

            | set | instances | mean gap % | gap of the best runs % | at the best known value | below it |
            | --- | ---: | ---: | ---: | ---: | ---: |
            | egl | 2 | 0.000 | -0.500 | 1 | 1 |
            | own | 1 | – | – | 0 | 0 |

            ## egl

            | instance | best known | seeds | mean | best | mean gap % |
            | --- | ---: | ---: | ---: | ---: | ---: |
            | a | 1,000 | 2 | 1,010.0 | 1,000 | 1.000 |
            | b | 500 | 1 | 495.0 | **495** | -1.000 |
            | mean of the set | | | | | 0.000 |

            ## own

            | instance | best known | seeds | mean | best | mean gap % |
            | --- | ---: | ---: | ---: | ---: | ---: |
            | c | – | 1 | 7.0 | 7 | – |
            | mean of the set | | | | | – |

            """,
            table,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Best_known_values_are_found_by_the_names_of_the_columns()
    {
        var values = BestKnownValues.Read(new StringReader("instance\tset\tBKS\n\ngdb1\tCARP\t316\r\ngdb2\tCARP\t339\tproven\n"), "BKS.tsv");

        Assert.Equal([("gdb1", 316L), ("gdb2", 339L)], values.Select(v => (v.Key, v.Value)).Order());
    }

    [Fact]
    public void Published_bounds_are_read_where_a_line_has_one()
    {
        var values = BestKnownValues.ReadWithBounds(new StringReader("instance\tBKS\tLB\ngdb1\t316\t315\ngdb2\t339\t\ngdb3\t275\n"), "BKS.tsv");

        Assert.Equal([("gdb1", 315L), ("gdb2", null), ("gdb3", (long?)null)], values.Select(v => (v.Key, v.Value.LowerBound)).OrderBy(v => v.Key));
    }

    [Theory]
    [InlineData("name\tvalue", "BKS.tsv, line 1: the columns instance and BKS are missing")]
    [InlineData("instance\tBKS\ngdb1\tsome", "BKS.tsv, line 2: there is no whole number above 0 in the column BKS")]
    [InlineData("instance\tBKS\ngdb1", "BKS.tsv, line 2: there is no whole number above 0 in the column BKS")]
    [InlineData("instance\tBKS\ngdb1\t1\ngdb1\t2", "BKS.tsv, line 3: gdb1 has a value already")]
    public void What_is_no_table_of_best_known_values_is_refused_with_its_line(string text, string message) => Assert.StartsWith(
        message, Assert.Throws<InputException>(() => BestKnownValues.Read(new StringReader(text), "BKS.tsv")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_published_table_is_read() => Assert.Equal(
        PublishedInstances.RequiredCounts().Keys.Except(ReadPublished().Keys), []);

    private static ImmutableDictionary<string, long> ReadPublished()
    {
        using var text = new StreamReader(PublishedInstances.File("", "BKS.tsv"));
        return BestKnownValues.Read(text, "BKS.tsv");
    }
}
