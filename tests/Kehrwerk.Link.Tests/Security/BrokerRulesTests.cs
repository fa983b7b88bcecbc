using CsCheck;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Tests.Security;

/// <summary>The broker's rules without a network.</summary>
public class BrokerRulesTests
{
    private static readonly AccessRules Rules = new(Topics.Default);
    private static readonly LinkIdentity Vehicle = LinkIdentity.Of(TrialPki.First);

    [Fact]
    public void A_vehicle_says_its_reports_and_nothing_else_and_hears_all_its_topics()
    {
        foreach (var topic in Enum.GetValues<LinkTopic>())
        {
            var own = Topics.Default.Of(TrialPki.First, topic);
            Assert.Equal(Topics.IsFromVehicle(topic), Rules.MayPublish(Vehicle, own));
            Assert.True(Rules.MaySubscribe(Vehicle, own));
            Assert.False(Rules.MaySubscribe(Vehicle, Topics.Default.Of(TrialPki.Second, topic)));
            Assert.False(Rules.MaySubscribe(Vehicle, Topics.Default.OfAll(topic)));
        }

        Assert.True(Rules.MaySubscribe(Vehicle, Topics.Default.AllOf(TrialPki.First)));
        Assert.True(Rules.MaySubscribe(Vehicle, Topics.Default.BelowOf(TrialPki.First)));
    }

    [Fact]
    public void A_vehicle_of_2_1_keeps_to_its_own_topics_of_2_1_and_only_where_such_vehicles_are_taken()
    {
        var with21 = new AccessRules(Topics.Default, takesVda21: true);
        foreach (var topic in Enum.GetValues<LinkTopic>())
        {
            var (own, others) = (Topics.Vda21.Of(TrialPki.First, topic), Topics.Vda21.Of(TrialPki.Second, topic));
            Assert.Equal(Topics.IsFromVehicle(topic), with21.MayPublish(Vehicle, own));
            Assert.True(with21.MaySubscribe(Vehicle, own));
            Assert.True(with21.MaySubscribe(Vehicle, Topics.Default.Of(TrialPki.First, topic)));
            Assert.False(with21.MayPublish(Vehicle, others) || with21.MaySubscribe(Vehicle, others) || with21.MaySubscribe(Vehicle, Topics.Vda21.OfAll(topic)));
            Assert.False(Rules.MayPublish(Vehicle, own) || Rules.MaySubscribe(Vehicle, own));
        }
    }

    [Fact]
    public void Whatever_a_vehicle_may_subscribe_to_matches_no_topic_of_another()
    {
        var with21 = new AccessRules(Topics.Default, takesVda21: true);
        var others = Enum.GetValues<LinkTopic>().SelectMany(topic => new[] { Topics.Default.Of(TrialPki.Second, topic), Topics.Vda21.Of(TrialPki.Second, topic) }).ToList();
        var level = Gen.OneOf(new[] { "+", "#", "vda5050", "uagv", "v2", "v3", "kehrwerk", "KW-01", "KW-02", "order", "state", "", "$share" }.Select(Gen.Const).ToArray());
        level.Array[1, 7].Select(levels => string.Join('/', levels)).Sample(
            filter => !with21.MaySubscribe(Vehicle, filter) || others.TrueForAll(topic => !TopicFilter.Matches(filter, topic)), iter: 100_000);
    }

    [Fact]
    public void The_centre_says_and_hears_everything_and_a_broker_nothing()
    {
        Assert.True(Rules.MayPublish(LinkIdentity.Centre, "any/topic") && Rules.MaySubscribe(LinkIdentity.Centre, "#"));
        Assert.False(Rules.MayPublish(LinkIdentity.Broker, "any/topic") || Rules.MaySubscribe(LinkIdentity.Broker, "any/topic"));
    }

    [Theory]
    [InlineData("maker/1", LinkRole.Vehicle)]
    [InlineData("centre", LinkRole.Centre)]
    [InlineData("broker", LinkRole.Broker)]
    public void A_name_says_the_role(string name, LinkRole role)
    {
        Assert.True(LinkIdentity.TryParse(name, out var identity));
        Assert.Equal((role, name), (identity.Role, identity.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Centre")]
    [InlineData("maker")]
    [InlineData("maker/1/2")]
    [InlineData("maker/+")]
    [InlineData("m/0123456789012345678901234567890123456789012345678901234567890123")]
    public void Other_names_are_nobodys(string name) => Assert.False(LinkIdentity.TryParse(name, out _));

    [Fact]
    public void Packets_are_found_however_their_bytes_arrive()
    {
        var packet = Gen.Int[0, 300].Select(length => Packet(length));
        Gen.Select(packet.Array[1, 20], Gen.Int[1, 50]).Sample((packets, part) =>
        {
            var bytes = packets.SelectMany(p => p).ToArray();
            var gate = new PacketGate(1_000, new RateMeter(new ClientLimits(0, packets.Length, 0, bytes.Length), new StandingTime(DateTimeOffset.UnixEpoch)));
            for (var at = 0; at < bytes.Length; at += part)
            {
                Assert.Null(gate.Pass(bytes.AsSpan(at, Math.Min(part, bytes.Length - at))));
            }

            Assert.Equal(RefusalKind.TooFast, gate.Pass([0xC0, 0x00]));
        });
    }

    [Theory]
    [InlineData(997, null)]
    [InlineData(998, RefusalKind.TooLarge)]
    public void A_packet_counts_with_its_header(int length, RefusalKind? expected) => Assert.Equal(expected, new PacketGate(1_000, null).Pass(Packet(length)));

    [Fact]
    public void A_length_that_never_ends_stops_at_its_fifth_byte()
    {
        var gate = new PacketGate(1_000, null);
        Assert.Null(gate.Pass([0x30, 0x80, 0x80, 0x80]));
        Assert.Null(gate.Pass([0x80]));
        Assert.Null(gate.Pass([0xC0, 0x00]));
    }

    [Fact]
    public void Room_for_messages_and_bytes_comes_back_with_time_and_not_beyond_its_bound()
    {
        var time = new StandingTime(DateTimeOffset.UnixEpoch);
        var meter = new RateMeter(new ClientLimits(MessagesPerS: 2, MessagesAtOnce: 3, BytesPerS: 10, BytesAtOnce: 100), time);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => meter.TryTake(1)));
        time.Now += TimeSpan.FromSeconds(0.5);
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => meter.TryTake(1)));
        time.Now += TimeSpan.FromHours(1);
        Assert.Equal([true, false, true], new[] { 60, 60, 40 }.Select(meter.TryTake));
    }

    private static byte[] Packet(int length) =>
        length < 128 ? [0x30, (byte)length, .. new byte[length]] : [0x30, (byte)(0x80 | (length & 0x7F)), (byte)(length >> 7), .. new byte[length]];
}
