using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Atlas.Demo;
using Kehrwerk.Portal.Tests.Addresses;

namespace Kehrwerk.Portal.Tests.Atlas;

public sealed class DemoAtlasTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("demo-atlas").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_demo_city_has_every_stage_a_history_with_reasons_and_contradictions()
    {
        var store = AtlasStore.Open(Path.Combine(folder, "atlas.db"));
        var today = new DateOnly(2027, 3, 1);

        DemoAtlas.Fill(store, Books.DemoTown, Books.Musterstadt, Path.Combine(folder, "atlas"), today);

        Assert.Equal(Enum.GetValues<FibreStage>().Except([FibreStage.InPlanning]).Order(), store.Coverage().Keys.Order());
        Assert.Equal(["MS-N", "MS-S", "MS-Z"], store.Projects().Select(p => p.Project.Id).Order());
        Assert.All(store.Projects(), p => Assert.Contains("Polygon", p.Project.Area, StringComparison.Ordinal));
        Assert.NotEmpty(store.Contradictions(10));
        Assert.NotEqual(0, store.Overdue(today).Addresses);
        Assert.All(store.Sources(), s => Assert.Contains("erfunden", s.Publisher, StringComparison.Ordinal));
        var delay = store.ChangesOf("", ["MS-N"]).First(c => c.Field == "expected");
        Assert.Equal(("2026-Q4", "2027-Q4"), (delay.Before, delay.After));
        Assert.NotEqual("", delay.Reason);
        // Yesterday's and today's lists differ, as those of a living city do.
        Assert.Contains(store.Changes(0, 50), c => c.Day == today && c.After == nameof(FibreStage.Passed));
        Assert.InRange(Books.Musterstadt.Count - store.MentionedAddresses().Count, 1, Books.Musterstadt.Count / 3);
    }
}
