using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Kehrwerk.Link.Tests;

public class MessageTests
{
    [Theory]
    [MemberData(nameof(OfficialSchemas.Topics), MemberType = typeof(OfficialSchemas))]
    public void Our_messages_are_valid_by_the_official_schema(LinkTopic topic) =>
        Assert.Empty(OfficialSchemas.Faults(topic, Examples.Write(topic)));

    [Theory]
    [MemberData(nameof(OfficialSchemas.Topics), MemberType = typeof(OfficialSchemas))]
    public void A_message_that_is_read_and_written_again_is_the_same_to_the_byte(LinkTopic topic)
    {
        var json = Examples.Write(topic);
        var (rewritten, error) = Examples.Reread(topic, json);
        Assert.Null(error);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(rewritten!));
    }

    [Theory]
    [MemberData(nameof(OfficialSchemas.Topics), MemberType = typeof(OfficialSchemas))]
    public void Each_fault_put_into_a_message_is_seen_by_the_schema_and_by_us_alike(LinkTopic topic)
    {
        var disagreements = new List<string>();
        var invalid = 0;
        foreach (var (what, json) in Faults.Of(Examples.Write(topic)))
        {
            var bySchema = OfficialSchemas.Faults(topic, json);
            var (_, byUs) = Examples.Reread(topic, json);
            invalid += bySchema.Count > 0 ? 1 : 0;
            if (bySchema.Count > 0 != byUs is not null && !Faults.IsKnownDifference(topic, what))
            {
                disagreements.Add($"{what}: schema says '{string.Join("; ", bySchema)}', we say '{byUs}'");
            }
        }

        Assert.True(disagreements.Count == 0, string.Join(Environment.NewLine, disagreements));
        Assert.True(invalid > 10, $"only {invalid} faults were seen by the schema: it does not validate");
    }

    [Fact]
    public void Any_order_is_valid_and_read_back_the_same()
    {
        OfficialSchemas.Require();
        RandomMessages.Order.Sample(order => Survives(LinkTopic.Order, LinkJson.Serialize(order)), iter: 300);
    }

    [Fact]
    public void Any_state_is_valid_and_read_back_the_same()
    {
        OfficialSchemas.Require();
        RandomMessages.State.Sample(state => Survives(LinkTopic.State, LinkJson.Serialize(state)), iter: 300);
    }

    [Theory]
    [MemberData(nameof(OfficialSchemas.Topics), MemberType = typeof(OfficialSchemas))]
    public void An_approved_sample_is_read_and_written_without_a_difference(LinkTopic topic)
    {
        var json = File.ReadAllBytes(Topics.IsOfProfile(topic)
            ? Path.Combine(AppContext.BaseDirectory, "ProfileExamples", $"{char.ToLowerInvariant(topic.ToString()[0])}{topic.ToString()[1..]}.json")
            : Path.Combine(AppContext.BaseDirectory, "Samples", $"{topic}.json"));
        var (rewritten, error) = Examples.Reread(topic, json);
        Assert.Null(error);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(rewritten)), Encoding.UTF8.GetString(rewritten!));
    }

    private static void Survives(LinkTopic topic, byte[] json)
    {
        Assert.Empty(OfficialSchemas.Faults(topic, json));
        var (rewritten, error) = Examples.Reread(topic, json);
        Assert.Null(error);
        Assert.Equal(json, rewritten);
    }
}
