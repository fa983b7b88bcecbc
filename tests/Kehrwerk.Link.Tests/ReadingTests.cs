using System.Text;
using CsCheck;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Tests;

public class ReadingTests
{
    private static readonly string State = Encoding.UTF8.GetString(LinkJson.Serialize(Examples.State));

    [Theory]
    [InlineData("\"released\":true", "\"free\":true", "nodeStates[0].released: is missing")]
    [InlineData("\"AUTOMATIC\"", "\"AUTO\"", "operatingMode: 'AUTO' is not one of STARTUP, AUTOMATIC, SEMIAUTOMATIC, INTERVENED, MANUAL, SERVICE, TEACH_IN")]
    [InlineData("\"AUTOMATIC\"", "\"automatic\"", "operatingMode: 'automatic' is not one of STARTUP, AUTOMATIC, SEMIAUTOMATIC, INTERVENED, MANUAL, SERVICE, TEACH_IN")]
    [InlineData("\"stateOfCharge\":81.5", "\"stateOfCharge\":181.5", "powerSupply.stateOfCharge: 181.5 is outside 0 to 100")]
    [InlineData("\"stateOfCharge\":81.5", "\"stateOfCharge\":\"81.5\"", "powerSupply.stateOfCharge: expected a finite number")]
    [InlineData("\"batteryVoltage\":402.1", "\"batteryVoltage\":1e999", "powerSupply.batteryVoltage: expected a finite number")]
    [InlineData("\"orderUpdateId\":2", "\"orderUpdateId\":-2", "orderUpdateId: expected a whole number from 0 to 4294967295, found -2")]
    [InlineData("\"driving\":true", "\"driving\":1", "driving: expected true or false, found 1")]
    [InlineData("\"driving\":true", "\"driving\":null", "driving: must not be null")]
    [InlineData("\"driving\":true", "\"driving\":true,\"driving\":true", "driving: is given twice")]
    [InlineData("2026-03-01T04:05:06.789Z", "2026-03-01T04:05:06.789", "timestamp: '2026-03-01T04:05:06.789' is not a time in UTC such as \"2026-03-01T04:05:06.789Z\"")]
    [InlineData("\"S-001\"", "\"S/001\"", "serialNumber: holds a character other than A-Z a-z 0-9 _ . : -")]
    [InlineData("\"3.0.0\"", "\"2.1.0\"", "version: '2.1.0' is not 3.x.x")]
    [InlineData("{\"headerId\"", "[{\"headerId\"", "broken JSON: ")]
    public void A_fault_is_named_with_its_field(string right, string wrong, string error)
    {
        var at = State.IndexOf(right, StringComparison.Ordinal);
        var result = LinkJson.Read<State>(Encoding.UTF8.GetBytes(State[..at] + wrong + State[(at + right.Length)..]));
        Assert.False(result.IsOk);
        Assert.StartsWith(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_field_is_ignored()
    {
        var result = LinkJson.Read<State>(Encoding.UTF8.GetBytes("{\"newIn31\":{\"a\":[1]}," + State[1..]));
        Assert.Equal(4711u, result.Message?.HeaderId);
    }

    [Fact]
    public void A_time_with_an_offset_is_read_as_the_same_moment()
    {
        var result = LinkJson.Read<State>(Encoding.UTF8.GetBytes(State.Replace("2026-03-01T04:05:06.789Z", "2026-03-01T05:05:06.789+01:00", StringComparison.Ordinal)));
        Assert.Equal(Examples.State.Timestamp, result.Message?.Timestamp);
    }

    [Fact]
    public void A_missing_optional_array_is_empty_and_missing_loads_are_unknown()
    {
        var state = LinkJson.Read<State>(LinkJson.Serialize(Examples.State with { Information = default, Maps = [], Loads = null })).Message!;
        Assert.True(state.Information is { IsDefault: false, IsEmpty: true });
        Assert.True(state.Maps is { IsDefault: false, IsEmpty: true });
        Assert.Null(state.Loads);
    }

    [Fact]
    public void An_array_that_tells_something_when_empty_is_written()
    {
        var state = LinkJson.Read<State>(LinkJson.Serialize(Examples.State with { Loads = [] })).Message!;
        Assert.Empty(state.Loads!.Value);
    }

    [Fact]
    public void A_message_over_the_limit_is_refused_unread()
    {
        var result = LinkJson.Read<State>(new byte[LinkJson.MaxBytes + 1]);
        Assert.Equal("262145 bytes are more than the 262144 that are read", result.Error);
    }

    [Fact]
    public void A_message_nested_too_deep_is_refused()
    {
        var deep = new string('[', 40) + new string(']', 40);
        var result = LinkJson.Read<State>(Encoding.UTF8.GetBytes("{\"deep\":" + deep + "," + State[1..]));
        Assert.StartsWith("broken JSON", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{}{}")]
    [InlineData("{\"headerId\"")]
    [InlineData("\u0000")]
    public void What_is_no_message_gives_an_error(string json) => Assert.NotNull(LinkJson.Read<Order>(Encoding.UTF8.GetBytes(json)).Error);

    [Theory]
    [InlineData("{\"\u00ff\":1,\"orderId\":1}")]
    [InlineData("{\"orderId\":\"\u00ff\"}")]
    public void Bytes_that_are_no_text_are_a_fault_like_others(string latin) =>
        Assert.NotNull(LinkJson.Read<Order>(Encoding.Latin1.GetBytes(latin)).Error);

    [Fact]
    public void Messages_changed_at_random_never_throw_and_what_is_read_can_be_written()
    {
        var hostile =
            from topic in Gen.OneOf(Enum.GetValues<LinkTopic>())
            from json in HostileJson.Of(Examples.Write(topic))
            select (topic, json);
        hostile.Sample(
            hit =>
            {
                var (rewritten, error) = Examples.Reread(hit.topic, hit.json);
                return rewritten is null == error is not null;
            },
            iter: 5_000);
    }

    [Fact]
    public void Bytes_damaged_at_random_never_throw_and_what_is_read_can_be_written()
    {
        var topics = Enum.GetValues<LinkTopic>();
        var damage =
            from topic in Gen.OneOf(topics)
            from at in Gen.Double[0, 0.9999]
            from length in Gen.Int[0, 3]
            from bytes in Gen.Byte.Array[0, 4]
            select (topic, at, length, bytes);
        damage.Sample(
            hit =>
            {
                var json = Examples.Write(hit.topic);
                var at = (int)(hit.at * json.Length);
                var end = Math.Min(json.Length, at + hit.length);
                var (rewritten, error) = Examples.Reread(hit.topic, [.. json[..at], .. hit.bytes, .. json[end..]]);
                return rewritten is null == error is not null;
            },
            iter: 20_000);
    }

    [Fact]
    public void A_message_without_a_vehicle_cannot_be_sent() =>
        Assert.Throws<ArgumentException>(() => LinkJson.Serialize(
            new Connection { HeaderId = 0, Timestamp = default, ConnectionState = ConnectionState.Online }));

    [Fact]
    public void A_blocking_instant_action_is_refused()
    {
        var json = Encoding.UTF8.GetString(LinkJson.Serialize(Examples.InstantActions));
        var result = LinkJson.Read<InstantActions>(Encoding.UTF8.GetBytes(json.Replace("\"NONE\"", "\"HARD\"", StringComparison.Ordinal)));
        Assert.Equal("actions[0].blockingType: must be NONE for an instant action", result.Error);
    }

    [Theory]
    [InlineData("actionType", "actions[0].actionType: 201 characters are more than 200")]
    [InlineData("actionId", "actions[0].actionId: 201 characters are more than 200")]
    [InlineData("key", "actions[0].actionParameters[0].key: 201 characters are more than 200")]
    public void A_name_that_is_too_long_is_refused_and_its_field_named(string field, string fault)
    {
        Assert.Equal(fault, LinkJson.Read<InstantActions>(WithName(201)).Error);
        Assert.True(LinkJson.Read<InstantActions>(WithName(200)).IsOk);

        byte[] WithName(int length)
        {
            string Name(string of) => of == field ? new('x', length) : "n";
            return Encoding.UTF8.GetBytes($$"""
                {"headerId":1,"timestamp":"2026-03-01T04:05:06.789Z","version":"3.0.0","manufacturer":"m","serialNumber":"s","actions":[
                {"actionType":"{{Name("actionType")}}","actionId":"{{Name("actionId")}}","blockingType":"NONE","actionParameters":[{"key":"{{Name("key")}}","value":1}]}]}
                """);
        }
    }

    [Theory]
    [InlineData("orderId")]
    [InlineData("nodeId")]
    [InlineData("edgeId")]
    [InlineData("mapId")]
    public void A_name_of_an_order_that_is_too_long_is_refused_and_its_field_named(string field)
    {
        var json = Encoding.UTF8.GetString(LinkJson.Serialize(Examples.Order));
        var at = json.IndexOf($"\"{field}\":\"", StringComparison.Ordinal) + field.Length + 4;
        var read = LinkJson.Read<Order>(Encoding.UTF8.GetBytes(json.Insert(at, new string('x', 300))));
        Assert.Contains(field + ": 3", read.Error, StringComparison.Ordinal);
        Assert.EndsWith("characters are more than 200", read.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"directedLimitation\":\"STRICT\"")]
    [InlineData("\"limitation\":\"STRICT\"")]
    public void A_zones_limitation_is_read_by_its_name_in_the_text_and_in_the_schema(string field)
    {
        var json = $$$"""
            {"headerId":1,"timestamp":"2026-03-01T04:05:06.789Z","version":"3.0.0","manufacturer":"m","serialNumber":"s","zoneSet":{"mapId":"m","zoneSetId":"z",
            "zones":[{"zoneId":"a","zoneType":"DIRECTED","vertices":[{"x":0,"y":0},{"x":1,"y":0},{"x":1,"y":1}],"direction":1,{{{field}}}},
            {"zoneId":"b","zoneType":"RELEASE","vertices":[{"x":0,"y":0},{"x":1,"y":0},{"x":1,"y":1}],"releaseLossBehavior":"EVACUATE"}]}}
            """;
        var read = LinkJson.Read<ZoneSet>(Encoding.UTF8.GetBytes(json));
        Assert.Null(read.Error);
        Assert.Equal(DirectionLimitation.Strict, read.Message!.Content.Zones[0].Limitation);
        Assert.Equal(ZoneLossBehavior.Evacuate, read.Message.Content.Zones[1].ReleaseLossBehavior);
        var written = Encoding.UTF8.GetString(LinkJson.Serialize(read.Message));
        Assert.Contains("\"directedLimitation\":\"STRICT\"", written, StringComparison.Ordinal);
        Assert.Contains("\"limitation\":\"STRICT\"", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"orderId\":\"o7\",\"orderUpdateId\":3,\"nodes\":7}", "o7", 3u)]
    [InlineData("{\"nodes\":[{\"orderId\":\"inner\"}],\"orderId\":\"o7\",", "o7", null)]
    [InlineData("{\"orderId\":7,\"orderUpdateId\":-1}", null, null)]
    [InlineData("{\"orderId\":\"\\ud800\"}", null, null)]
    [InlineData("", null, null)]
    [InlineData("[", null, null)]
    public void The_ids_of_an_order_that_cannot_be_read_are_found_where_they_are(string json, string? orderId, uint? updateId) =>
        Assert.Equal(new OrderIds(orderId, updateId), OrderIds.Find(Encoding.UTF8.GetBytes(json)));
}
