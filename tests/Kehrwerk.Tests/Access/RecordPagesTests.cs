using System.IO.Compression;
using System.Net;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Record;
using static Kehrwerk.Tests.Access.RunningPages;

namespace Kehrwerk.Tests.Access;

/// <summary>The pages of the record, over the running Centre.</summary>
public sealed class RecordPagesTests(RunningPages pages) : IClassFixture<RunningPages>
{
    [Fact]
    public async Task The_record_is_searched_exported_and_checked_and_each_of_it_is_on_record()
    {
        var officer = await pages.SignIn("Sigrid Sicher", Role.SafetyOfficer);
        var handle = await officer.Handle();

        var found = await Body(await officer.Get("/record?kind=personAdded"));
        Assert.Contains("<code>personAdded</code>", found, StringComparison.Ordinal);
        Assert.DoesNotContain("<code>signedIn</code>", found, StringComparison.Ordinal);
        Assert.Contains("Ada Erste (p-", found, StringComparison.Ordinal);
        Assert.Contains("No entry fits", await Body(await officer.Get("/record?text=nothing+of+the+kind")), StringComparison.Ordinal);
        using var wrong = await officer.Get("/record?from=yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        using var answer = await officer.Get("/record/export?format=jsonl&kind=personAdded");
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains("\"kind\":\"personAdded\"", line, StringComparison.Ordinal));
        Assert.Contains(pages.Store.Record(), entry => entry.Kind == "recordExported" && entry.Who == handle && entry.Text.Contains("kind personAdded", StringComparison.Ordinal));

        var head = (await Body(await officer.Get("/record/head"))).Trim();
        Assert.Equal(RecordFile.LineOf(pages.Store.Records.Head()!), head);
        Assert.Contains("The record is whole", await Body(await officer.Post("/record", "/record/verify")), StringComparison.Ordinal);
        Assert.Contains(pages.Store.Record(), entry => entry.Kind == "recordVerified" && entry.Who == handle);
    }

    [Fact]
    public async Task What_vehicles_recorded_leaves_only_with_a_reason_and_its_checksum_is_on_record()
    {
        var officer = await pages.SignIn("Sven Sicher", Role.SafetyOfficer);
        var vehicle = Kehrwerk.Centre.Tests.Fleet.GridTown.Vehicle(1).Id.ToString();
        using var refused = await officer.Post("/record/events", "/record/events/export", ("vehicle", vehicle), ("occasion", "Conflict"), ("reason", " "));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var unknown = await officer.Post("/record/events", "/record/events/export", ("vehicle", "test/none"), ("occasion", "Conflict"), ("reason", "KBA 4711"));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);

        using var answer = await officer.Post("/record/events", "/record/events/export", ("vehicle", vehicle), ("occasion", "Conflict"), ("reason", "KBA 4711"));
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.NotNull(zip.GetEntry("manifest.json"));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        var noted = Assert.Single(pages.Store.Record(), entry => entry.Kind == "eventsExported");
        Assert.Equal((vehicle, $"0 events everything, SHA-256 {hash}, for: KBA 4711"), (noted.Vehicle, noted.Text));
    }
}
