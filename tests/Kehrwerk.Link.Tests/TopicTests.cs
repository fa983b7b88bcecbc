using CsCheck;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Tests;

public class TopicTests
{
    private static readonly Gen<string> Part =
        Gen.String[Gen.OneOf(Gen.Char.AlphaNumeric, Gen.OneOf('_', '.', ':', '-')), 1, VehicleId.MaxPartLength];

    [Fact]
    public void A_topic_is_named_as_the_standard_proposes() =>
        Assert.Equal("vda5050/v3/KIT/0001/order", Topics.Default.Of(new VehicleId("KIT", "0001"), LinkTopic.Order));

    [Fact]
    public void Any_topic_of_any_vehicle_is_read_back() =>
        Gen.Select(Part, Part, Part, Gen.Enum<LinkTopic>()).Sample((interfaceName, maker, serial, topic) =>
        {
            var topics = new Topics(interfaceName);
            var vehicle = new VehicleId(maker, serial);
            Assert.True(topics.TryParse(topics.Of(vehicle, topic), out var vehicleRead, out var topicRead));
            Assert.Equal((vehicle, topic), (vehicleRead, topicRead));
            Assert.True(TopicFilter.Matches(topics.OfAll(topic), topics.Of(vehicle, topic)));
            Assert.True(TopicFilter.Matches(topics.AllOf(vehicle), topics.Of(vehicle, topic)));
            Assert.Equal(vehicle, VehicleId.Parse(vehicle.ToString()));
        });

    [Theory]
    [InlineData("vda5050/v2/KIT/0001/order")]
    [InlineData("other/v3/KIT/0001/order")]
    [InlineData("vda5050/v3/KIT/0001/orders")]
    [InlineData("vda5050/v3/KIT/0001")]
    [InlineData("vda5050/v3/KIT/0001/x/order")]
    [InlineData("vda5050/v3//0001/order")]
    [InlineData("vda5050/v3/K T/0001/order")]
    [InlineData("vda5050/v3/order")]
    [InlineData("vda5050/v3/")]
    [InlineData("")]
    public void A_foreign_topic_is_not_taken_for_ours(string topic) => Assert.False(Topics.Default.TryParse(topic, out _, out _));

    [Theory]
    [InlineData("", "1")]
    [InlineData("KIT", "")]
    [InlineData("KIT", "a/b")]
    [InlineData("KIT", "+")]
    [InlineData("K#T", "1")]
    [InlineData("$SYS", "1")]
    [InlineData("Kehrgerät", "1")]
    public void A_vehicle_id_that_would_break_a_topic_cannot_be_made(string maker, string serial)
    {
        Assert.Throws<ArgumentException>(() => new VehicleId(maker, serial));
        Assert.False(VehicleId.TryParse($"{maker}/{serial}", out _));
    }

    [Fact]
    public void Only_connection_events_and_their_receipts_are_acknowledged_and_only_connection_and_factsheet_are_retained()
    {
        Assert.Equal([LinkTopic.Connection, LinkTopic.Events, LinkTopic.EventReceipts], Enum.GetValues<LinkTopic>().Where(topic => Topics.QosOf(topic) == Qos.AtLeastOnce));
        Assert.Equal([LinkTopic.Connection, LinkTopic.Factsheet], Enum.GetValues<LinkTopic>().Where(Topics.IsRetained));
    }

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("+/b", "/b", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "$SYS/a", false)]
    [InlineData("+/a", "$SYS/a", false)]
    [InlineData("$SYS/#", "$SYS/a", true)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/+/c", "a/b/d", false)]
    public void A_filter_matches_as_MQTT_says(string filter, string topic, bool matches) =>
        Assert.Equal(matches, TopicFilter.Matches(filter, topic));

    [Theory]
    [InlineData("", true)]
    [InlineData("a/#/b", true)]
    [InlineData("a#", true)]
    [InlineData("a+/b", true)]
    [InlineData("a/+/b/#", false)]
    [InlineData("#", false)]
    public void A_filter_with_a_misplaced_wildcard_is_refused(string filter, bool isFaulty) =>
        Assert.Equal(isFaulty, TopicFilter.Fault(filter) is not null);
}
