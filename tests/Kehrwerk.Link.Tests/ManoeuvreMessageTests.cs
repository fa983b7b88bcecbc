using System.Text.Json.Nodes;
using Kehrwerk.Link.Messages;
using Xunit;

namespace Kehrwerk.Link.Tests;

/// <summary>What a manoeuvre is judged by (safety profile, SP-MAN-8): bounded in number, and refused as a whole where it is more.</summary>
public sealed class ManoeuvreMessageTests
{
    private static readonly ProposedManoeuvre One = new("r1", ManoeuvreStage.Driving, [new(1, 2), new(3, 4)]) { Reason = "CrossLine", ClearM = 0.9 };

    [Fact]
    public void A_report_with_manoeuvres_comes_back_as_it_was_and_keeps_to_its_schema()
    {
        var report = Examples.Safety with { Manoeuvres = [One], Seen = [new(SeenKind.Truck, 1, 2, 0.5, true, 7, 2.3)] };
        var json = LinkJson.Serialize(report);

        Assert.Empty(OfficialSchemas.Faults(LinkTopic.Safety, json));
        var read = LinkJson.Read<SafetyReport>(json);
        Assert.True(read.IsOk, read.Error);
        Assert.Equal(json, LinkJson.Serialize(read.Message));
        Assert.DoesNotContain("manoeuvres", System.Text.Encoding.UTF8.GetString(LinkJson.Serialize(Examples.Safety)), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_profile_allows_is_refused_with_the_field()
    {
        foreach (var (tooMuch, field) in ((SafetyReport, string)[])
        [
            (Examples.Safety with { Manoeuvres = [.. Enumerable.Repeat(One, SafetyReport.MaxManoeuvres + 1)] }, "manoeuvres"),
            (Examples.Safety with { Manoeuvres = [One with { Path = [.. Enumerable.Repeat(new ScenePoint(0, 0), SafetyReport.MaxPoints + 1)] }] }, "path"),
            (Examples.Safety with { Manoeuvres = [One with { RequestId = new('r', 201) }] }, "requestId"),
            (Examples.Safety with { Seen = [.. Enumerable.Repeat(new SeenObject(SeenKind.Car, 0, 0, 0, false), SafetyReport.MaxSeen + 1)] }, "seen"),
        ])
        {
            Assert.Contains(field, Assert.Throws<ArgumentException>(() => LinkJson.Serialize(tooMuch)).Message, StringComparison.Ordinal);
        }

        // Whoever sends it all the same is not understood either.
        var json = JsonNode.Parse(LinkJson.Serialize(Examples.Safety with { Manoeuvres = [One] }))!;
        for (var i = 0; i < SafetyReport.MaxManoeuvres; i++)
        {
            json["manoeuvres"]!.AsArray().Add(json["manoeuvres"]![0]!.DeepClone());
        }

        var read = LinkJson.Read<SafetyReport>(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
        Assert.False(read.IsOk);
        Assert.Contains("manoeuvres", read.Error, StringComparison.Ordinal);
    }
}
