using Xunit;

namespace Kehrwerk.Tests;

/// <summary>What a person reads who gave something that cannot be used: the place, the fault, what to do; never a stack trace.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_missing_map_is_named() => await Complains(["import", "no-such-map.osm.pbf"], "no-such-map.osm.pbf");

    [Fact]
    public async Task A_file_that_is_no_map_is_named()
    {
        var file = Write("picture.osm.pbf", "GIF89a and nothing else");

        await Complains(["import", file], "picture.osm.pbf");
    }

    [Fact]
    public async Task A_truncated_map_leaves_the_city_that_was_there()
    {
        await SmallTown.Import(folder.Path);
        var whole = await File.ReadAllTextAsync(Path.Combine(folder.Path, "small.osm"), TestContext.Current.CancellationToken);
        var file = Write("half.osm", whole[..(whole.Length / 2)]);

        await Complains(["import", file], "half.osm");
        var plan = await Program.Run("plan", "--data", folder.Path, "--iterations", "0");

        Assert.Equal(0, plan.ExitCode);
        Assert.Contains("Kleinstadt", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_without_a_street_is_refused()
    {
        var file = Write("empty.osm", "<osm version=\"0.6\"><node id=\"1\" lat=\"51\" lon=\"6\" version=\"1\"/></osm>");

        await Complains(["import", file], "empty.osm");
    }

    [Fact]
    public async Task A_data_folder_of_a_newer_version_is_left_alone()
    {
        var file = Write("kehrwerk.json", """{ "version": 99 }""");

        await Complains(["simulate"], "version 99");

        Assert.Contains("99", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vehicle_model_with_a_wrong_field_names_the_field()
    {
        var file = Write("model.json", """{ "name": "x" }""");

        await Complains(["simulate", "--model", file], "model.json");
    }

    [Theory]
    [InlineData("plan", "--vehicles", "many", "--vehicles")]
    [InlineData("plan", "--vehicles", "0", "between 1 and 100")]
    [InlineData("plan", "--hours", "eight", "--hours")]
    [InlineData("simulate", "--seed", "1.5", "--seed")]
    [InlineData("run", "--port", "99999", "between 1 and 65534")]
    [InlineData("run", "--speed", "NaN", "--speed")]
    [InlineData("plan", "--no-such-option", "x", "--no-such-option")]
    public async Task A_wrong_command_line_is_told_in_a_few_lines(string verb, string option, string value, string about)
    {
        var run = await Program.Run(verb, option, value, "--data", folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(about, run.Errors, StringComparison.Ordinal);
        Assert.Contains($"kehrwerk {verb} --help", run.Errors, StringComparison.Ordinal);
        Assert.InRange(run.Errors.Split('\n').Length, 1, 10);
        Assert.DoesNotContain("System.", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("town.shp", ".osm.pbf")]
    [InlineData("no-such-folder/town.osm", "folder")]
    public async Task A_demo_city_that_cannot_be_written_is_named(string name, string about)
    {
        var run = await Program.Run("demo-city", Path.Combine(folder.Path, name));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(name, run.Errors, StringComparison.Ordinal);
        Assert.Contains(about, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_given_as_map_is_called_a_folder() => await Complains(["import", folder.Path], "a folder");

    [Fact]
    public async Task A_data_folder_that_is_only_read_is_not_written()
    {
        await Complains(["sweeper"], "no city");

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder.Path, name);
        File.WriteAllText(file, text);
        return file;
    }

    private async Task Complains(string[] arguments, string about)
    {
        var run = await Program.Run([.. arguments, "--data", folder.Path]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(about, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
