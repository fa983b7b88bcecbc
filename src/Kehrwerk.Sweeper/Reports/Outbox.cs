using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>Messages that are to be published, numbered per topic. Not thread-safe.</summary>
internal sealed class Outbox(VehicleId vehicle, Topics topics)
{
    private readonly Dictionary<LinkTopic, uint> headerIds = [];
    private List<LinkMessage> messages = [];

    /// <returns>The number that the message got.</returns>
    public uint Add<T>(LinkTopic topic, T message)
        where T : VdaMessage
    {
        var headerId = headerIds.GetValueOrDefault(topic);
        // The standard lets the number wrap around.
        headerIds[topic] = unchecked(headerId + 1);
        messages.Add(new(topics.Of(vehicle, topic), LinkJson.Serialize(message with { HeaderId = headerId }), Topics.QosOf(topic), Topics.IsRetained(topic)));
        return headerId;
    }

    /// <summary>Hands over what has gathered, in order.</summary>
    public IReadOnlyList<LinkMessage> Take()
    {
        var taken = messages;
        messages = [];
        return taken;
    }
}
