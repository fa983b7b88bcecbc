using System.Text;
using System.Text.Json.Nodes;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Tests;

/// <summary>The messages of the safety profile beyond what <see cref="MessageTests"/> asks of each topic.</summary>
public class ProfileTests
{
    public static TheoryData<string> ExampleFiles =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "ProfileExamples"), "*.json").Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(ExampleFiles))]
    public void Each_example_of_the_specification_is_valid_and_read_and_written_without_a_difference(string file)
    {
        var json = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "ProfileExamples", file));
        // The name up to the first dash says what it is: endMrc of the instant actions is instantActions-endMrc.json.
        var kind = Path.GetFileNameWithoutExtension(file).Split('-')[0];
        var (faults, (rewritten, error)) = kind == "event"
            ? (OfficialSchemas.FaultsOfEvent(json), Examples.Reread<VehicleEvent>(json))
            : (OfficialSchemas.Faults(TopicOf(kind), json), Examples.Reread(TopicOf(kind), json));
        Assert.Empty(faults);
        Assert.Null(error);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(rewritten)), Encoding.UTF8.GetString(rewritten!));
    }

    [Fact]
    public void The_example_event_is_whole_and_holds_the_example_content()
    {
        var read = LinkJson.Read<EventMessage>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "ProfileExamples", "events.json")));
        Assert.True(read.IsOk, read.Error);
        Assert.True(read.Message.IsWhole());
        Assert.False((read.Message with { Content = read.Message.Content.Replace("1.39", "1.38", StringComparison.Ordinal) }).IsWhole());
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(read.Message.Content), JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ProfileExamples", "event.json")))));
    }

    [Fact]
    public void Each_fault_put_into_an_event_is_seen_by_the_schema_and_by_us_alike()
    {
        var disagreements = new List<string>();
        foreach (var (what, json) in Faults.Of(LinkJson.Serialize(Examples.Event)))
        {
            var bySchema = OfficialSchemas.FaultsOfEvent(json);
            var byUs = LinkJson.Read<VehicleEvent>(json).Error;
            if (bySchema.Count > 0 != byUs is not null && !Faults.IsKnownDifference(LinkTopic.Events, what))
            {
                disagreements.Add($"{what}: schema says '{string.Join("; ", bySchema)}', we say '{byUs}'");
            }
        }

        Assert.True(disagreements.Count == 0, string.Join(Environment.NewLine, disagreements));
    }

    [Fact]
    public void A_stamp_and_an_investigation_are_read_back_from_their_action()
    {
        var stamp = new CommandStamp(3, 57, 10, "Ada Ahrens");
        var investigation = new MrcInvestigation("mrc-1", "link lost, needed", "Seen by camera: nobody near, link stable again", CancelsOrder: true);
        var action = stamp.On(investigation.ToAction("c7"));
        Assert.Equal(stamp, CommandStamp.Of(action, out _));
        Assert.Equal(investigation, MrcInvestigation.Of(action, out _));
    }

    [Theory]
    [InlineData("epoch", -1)]
    [InlineData("epoch", 1.5)]
    [InlineData("leaseId", 4294967296)]
    [InlineData("validForS", 0)]
    [InlineData("validForS", 61)]
    [InlineData("by", 7)]
    public void A_stamp_that_is_out_of_its_bounds_is_none(string key, double value)
    {
        var action = new CommandStamp(3, 57, 10, "Ada").On(SweeperActions.Instant(SweeperActions.StopPause, "c1"));
        var wrong = action with { ActionParameters = [.. action.ActionParameters.Select(p => p.Key == key ? new ActionParameter(key, value) : p)] };
        Assert.Null(CommandStamp.Of(wrong, out var fault));
        Assert.Contains("validForS", fault, StringComparison.Ordinal);
    }

    private static LinkTopic TopicOf(string kind) => Enum.Parse<LinkTopic>(kind, ignoreCase: true);
}
