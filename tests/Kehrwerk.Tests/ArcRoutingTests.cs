using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>The verbs solve, check and bench, run as a person runs them, on a square of four streets and its diagonal.</summary>
public sealed class ArcRoutingTests : IDisposable
{
    private const string Square = """
        NOMBRE : square
        VERTICES : 4
        ARISTAS_REQ : 4
        ARISTAS_NOREQ : 1
        VEHICULOS : 2
        CAPACIDAD : 4
        TIPO_COSTES_ARISTAS : EXPLICITOS
        COSTE_TOTAL_REQ : 8
        LISTA_ARISTAS_REQ :
        ( 1, 2)  coste 2 demanda 2
        ( 2, 3)  coste 2 demanda 2
        ( 3, 4)  coste 2 demanda 2
        ( 4, 1)  coste 2 demanda 2
        LISTA_ARISTAS_NOREQ :
        ( 1, 3)  coste 3
        DEPOSITO : 1
        """;

    // Two tours of two streets each, home over the diagonal: 2 + 2 + 3, twice. No other split is cheaper.
    private const int Least = 14;

    // Ten dead ends behind a long street, three of which make a load by twos and threes: four tours, which no bound of ours can tell from three and a third.
    private static readonly string DeadEnds = $"""
        NOMBRE : ends
        VERTICES : 12
        ARISTAS_REQ : 10
        ARISTAS_NOREQ : 1
        VEHICULOS : 4
        CAPACIDAD : 10
        TIPO_COSTES_ARISTAS : EXPLICITOS
        COSTE_TOTAL_REQ : 55
        LISTA_ARISTAS_REQ :
        {string.Join("\n", Enumerable.Range(3, 10).Select(node => $"( 2, {node})  coste {node - 2} demanda {(node == 3 ? 2 : 3)}"))}
        LISTA_ARISTAS_NOREQ :
        ( 1, 2)  coste 100
        DEPOSITO : 1
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_solution_is_written_and_accepted_and_its_figures_are_those_of_the_checker()
    {
        var instance = Write("square.dat", Square);
        var file = Path.Combine(folder.Path, "square.txt");

        var solved = await Program.Run("solve", instance, "--rounds", "2000", "--solution", file, "--json");
        var check = await Program.Run("check", instance, file, "--json");

        Assert.Equal((0, 0), (solved.ExitCode, check.ExitCode));
        var result = JsonDocument.Parse(solved.Output).RootElement;
        Assert.Equal(
            ["instance", "cost", "lowerBound", "seconds", "cpuSeconds", "iterations", "tours", "seed", "threads"],
            result.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("square", Least, 2), (result.GetProperty("instance").GetString(), result.GetProperty("cost").GetInt32(), result.GetProperty("tours").GetInt32()));
        Assert.Equal(Least, result.GetProperty("lowerBound").GetInt32());
        var verdict = JsonDocument.Parse(check.Output).RootElement;
        Assert.Equal((Least, Least, 0), (verdict.GetProperty("cost").GetInt32(), verdict.GetProperty("statedCost").GetInt32(), verdict.GetProperty("violations").GetArrayLength()));
    }

    [Fact]
    public async Task The_same_seed_and_rounds_give_the_same_solution_to_the_byte()
    {
        var instance = Write("square.dat", Square);
        var (one, other) = (Path.Combine(folder.Path, "one.txt"), Path.Combine(folder.Path, "other.txt"));

        await Program.Run("solve", instance, "--rounds", "500", "--seed", "7", "--solution", one);
        await Program.Run("solve", instance, "--rounds", "500", "--seed", "7", "--solution", other);

        Assert.Equal(await Read(one), await Read(other));
    }

    [Fact]
    public async Task A_search_ends_when_its_processor_time_is_used_up()
    {
        var solved = await Program.Run("solve", Write("ends.dat", DeadEnds), "--cpu", "0.3", "--json");

        Assert.Equal(0, solved.ExitCode);
        Assert.True(JsonDocument.Parse(solved.Output).RootElement.GetProperty("cpuSeconds").GetDouble() >= 0.3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_search_ends_when_its_solution_is_proven_to_be_optimal(int threads)
    {
        var solved = await Program.Run(
            "solve", Write("square.dat", Square), "--rounds", "1000000000000", "--threads", threads.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(0, solved.ExitCode);
        Assert.StartsWith("square: 14 in 2 tours, proven optimal", solved.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_bound_is_lower_the_search_goes_on_and_says_how_far_the_best_may_be()
    {
        var solved = await Program.Run("solve", Write("ends.dat", DeadEnds), "--rounds", "5000");

        Assert.Equal(0, solved.ExitCode);
        Assert.Matches(@"^ends: 910 in 4 tours, at most \d+\.\d+ % above the best \(lower bound [78]\d\d\), .* and 5,\d\d\d rounds", solved.Output);
    }

    [Fact]
    public async Task Bounds_are_compared_with_published_ones_and_a_wrong_one_is_told()
    {
        Write("square.dat", Square);
        Write("BKS.tsv", "instance\tBKS\tLB\nsquare\t14\t13\n");

        var right = await Program.Run("bench", "bounds", folder.Path);
        Write("BKS.tsv", "instance\tBKS\tLB\nsquare\t12\t\n");
        var wrong = await Program.Run("bench", "bounds", folder.Path);

        Assert.Equal((0, 3), (right.ExitCode, wrong.ExitCode));
        Assert.Matches(@"\| square \| 4 \| \d+ \| \d+ \| 14 \| 13 \| 14 \| 0\.00 \|", right.Output);
        Assert.Contains("square: the bound 14 lies above the best known value 12", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_rule_is_told_and_the_exit_code_says_so()
    {
        var check = await Program.Run("check", Write("square.dat", Square), Write("plan.txt", "cost 15\ntour 1 2\ntour 3"));

        Assert.Equal(3, check.ExitCode);
        Assert.Contains("plan.txt: required link 4 (4, 1) is not served", check.Errors, StringComparison.Ordinal);
        Assert.Contains("plan.txt, line 1: the cost is stated as 15, the tours cost 14", check.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ARISTAS_REQ : 4", "ARISTAS_REQ : 5", "square.dat, line 3")]
    [InlineData("coste 3", "coste -3", "square.dat, line 15")]
    [InlineData("demanda 2", "demanda 5", "square.dat, line 10")]
    public async Task A_faulty_instance_is_refused_with_its_line(string from, string to, string place)
    {
        var solved = await Program.Run("solve", Write("square.dat", Square.Replace(from, to, StringComparison.Ordinal)), "--rounds", "1");

        Assert.Equal(2, solved.ExitCode);
        Assert.Contains(place, solved.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", solved.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_solution_that_cannot_be_written_is_told_before_the_search()
    {
        var solved = await Program.Run("solve", Write("square.dat", Square), "--time", "86400", "--solution", Path.Combine(folder.Path, "missing", "plan.txt"));

        Assert.Equal(2, solved.ExitCode);
        Assert.Contains("plan.txt: the file cannot be written", solved.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_benchmark_goes_on_where_it_was_ended_and_keeps_the_best_solutions()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "squares"));
        var instance = Write(Path.Combine("squares", "square.dat"), Square);
        Write(Path.Combine("squares", "broken.dat"), Square.Replace("VERTICES : 4", "VERTICES : 3", StringComparison.Ordinal));
        Write(Path.Combine("squares", "notes.txt"), "This is no instance.");
        Write("BKS.tsv", "instance\tBKS\nsquare\t14\n");
        var results = Path.Combine(folder.Path, "results");
        string[] bench = ["bench", "carp", Path.Combine(folder.Path, "squares"), "--rounds", "2000", "--jobs", "2", "--out", results, "--seeds"];

        var first = await Program.Run([.. bench, "1"]);

        // A second row, made up, shows that what is there is taken and not done again; half a row behind it is what a killed process leaves.
        var runs = Path.Combine(results, "runs.tsv");
        await File.AppendAllTextAsync(runs, "squares\tsquare\t2\trounds 2000\t1\t21\t0.1\t0.1\t2000\t2\nsquares\tsq", TestContext.Current.CancellationToken);
        var second = await Program.Run([.. bench, "3"]);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("| square | 14 | 1 | 14.0 | 14 | 0.000 |", first.Output, StringComparison.Ordinal);
        Assert.Contains("| square | 14 | 3 | 16.3 | 14 | 16.667 |", second.Output, StringComparison.Ordinal);
        Assert.Equal(second.Output, await Read(Path.Combine(results, "table.md")));
        Assert.Contains("squares/broken is left out", second.Errors, StringComparison.Ordinal);
        Assert.Contains("broken.dat, line 2", second.Errors, StringComparison.Ordinal);
        Assert.Equal(["1", "2", "3"], (await Read(runs)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split('\t')[2]));
        Assert.Equal([Path.Combine(results, "solutions", "squares", "square.txt")], Directory.GetFiles(results, "*.txt*", SearchOption.AllDirectories));
        Assert.Equal(0, (await Program.Run("check", instance, Path.Combine(results, "solutions", "squares", "square.txt"))).ExitCode);
    }

    [Theory]
    [InlineData]
    [InlineData("--time", "1", "--cpu", "1")]
    public async Task A_benchmark_needs_one_budget(params string[] budget)
    {
        var bench = await Program.Run(["bench", "carp", folder.Path, .. budget]);

        Assert.Equal(1, bench.ExitCode);
        Assert.Contains("Give one budget", bench.Errors, StringComparison.Ordinal);
        Assert.Contains("See: kehrwerk bench carp --help", bench.Errors, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder.Path, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static Task<string> Read(string file) => File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
}
