using System.Text.Json;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Conformance;

/// <summary>A message as it was seen.</summary>
/// <param name="Topic">What it is by its topic.</param>
/// <param name="At">When it arrived, by the runner's clock.</param>
/// <param name="Content">What it says; null where it cannot be read.</param>
/// <param name="Fault">Why it cannot be read.</param>
internal sealed record Seen(LinkTopic Topic, DateTimeOffset At, LinkMessage Message, VdaMessage? Content, string? Fault)
{
    public static Seen Of(LinkTopic topic, DateTimeOffset at, LinkMessage message)
    {
        var (content, fault) = topic switch
        {
            LinkTopic.Order => Read<Order>(message),
            LinkTopic.InstantActions => Read<InstantActions>(message),
            LinkTopic.State => Read<State>(message),
            LinkTopic.Visualization => Read<Visualization>(message),
            LinkTopic.Connection => Read<Connection>(message),
            LinkTopic.Factsheet => Read<Factsheet>(message),
            LinkTopic.ZoneSet => Read<ZoneSet>(message),
            LinkTopic.Responses => Read<Responses>(message),
            LinkTopic.Supervision => Read<Supervision>(message),
            LinkTopic.Safety => Read<SafetyReport>(message),
            LinkTopic.Events => Read<EventMessage>(message),
            _ => Read<EventReceipts>(message),
        };
        return new(topic, at, message, content, fault);
    }

    private JsonElement Root => field.ValueKind == JsonValueKind.Undefined ? field = Parse() : field;

    /// <summary>A field of the outermost object as it stands in the JSON; undefined where it is missing or the JSON is broken.</summary>
    public JsonElement Raw(string field) => Root.ValueKind == JsonValueKind.Object && Root.TryGetProperty(field, out var value) ? value : default;

    public string? RawText(string field) => Raw(field) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private JsonElement Parse()
    {
        if (Message.Payload.Length > LinkJson.MaxBytes)
        {
            return default;
        }

        try
        {
            using var json = JsonDocument.Parse(Message.Payload, new() { MaxDepth = LinkJson.MaxDepth });
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static (VdaMessage?, string?) Read<T>(LinkMessage message)
        where T : VdaMessage
    {
        var read = LinkJson.Read<T>(message.Payload.Span);
        return (read.Message, read.Error);
    }
}
