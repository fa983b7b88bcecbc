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
