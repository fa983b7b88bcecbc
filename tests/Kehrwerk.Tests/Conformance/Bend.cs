using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Tests.Conformance;

/// <summary>Stands between a program and its line and breaks one rule: changes, drops or adds what it says and hears.</summary>
internal sealed class Bend(ITransport inner, EventLoop loop) : ITransport
{
    private readonly Dictionary<LinkTopic, uint> numbers = [];
    private readonly Dictionary<LinkTopic, Func<LinkMessage, ValueTask>> handlers = [];

    public event Action<bool>? ConnectionChanged
    {
        add => inner.ConnectionChanged += value;
        remove => inner.ConnectionChanged -= value;
    }

    /// <summary>What becomes of a message that is said; null: nothing.</summary>
    public Func<LinkTopic, LinkMessage, LinkMessage?> Says { get; set; } = (_, message) => message;

    /// <summary>What becomes of a message that is heard; null: nothing.</summary>
    public Func<LinkTopic, LinkMessage, LinkMessage?> Hears { get; set; } = (_, message) => message;

    public EventLoop Loop => loop;
    public double AtS => (loop.Now - new DateTimeOffset(2026, 3, 2, 5, 0, 0, TimeSpan.Zero)).TotalSeconds;
    public bool IsConnected => inner.IsConnected;

    public ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
    {
        _ = Topics.Default.TryParse(message.Topic, out _, out var topic);
        return Says(topic, message) is { } said ? inner.PublishAsync(said, ct) : ValueTask.CompletedTask;
    }

    public ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default)
    {
        if (Topics.Default.TryParse(topicFilter.Replace('+', 'x'), out _, out var kind))
        {
            handlers[kind] = handler;
        }

        return inner.SubscribeAsync(topicFilter, message =>
        {
            _ = Topics.Default.TryParse(message.Topic, out _, out var topic);
            return Hears(topic, message) is { } heard ? handler(heard) : ValueTask.CompletedTask;
        }, ct);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Lets the program hear what nobody said.</summary>
    public void Whisper(LinkTopic topic, LinkMessage message, double afterS = 0) =>
        loop.Schedule(TimeSpan.FromSeconds(afterS), () => handlers[topic](message).AsTask().GetAwaiter().GetResult());

    /// <summary>Says something in the program's name.</summary>
    public void Say(LinkMessage message, double afterS = 0) => loop.Schedule(TimeSpan.FromSeconds(afterS), () =>
    {
        if (inner.IsConnected)
        {
            inner.PublishAsync(message).AsTask().GetAwaiter().GetResult();
        }
    });

    /// <summary>The message with the next number of its topic, so that what is added or dropped leaves no trace there.</summary>
    public LinkMessage Numbered<T>(LinkTopic topic, LinkMessage message, T content)
        where T : VdaMessage
    {
        var number = numbers.GetValueOrDefault(topic);
        numbers[topic] = number + 1;
        return message with { Payload = LinkJson.Serialize(content with { HeaderId = number }) };
    }

    public static T Read<T>(LinkMessage message)
        where T : VdaMessage => LinkJson.Read<T>(message.Payload.Span).Message ?? throw new InvalidOperationException(LinkJson.Read<T>(message.Payload.Span).Error);

    public static LinkMessage With<T>(LinkMessage message, T content)
        where T : VdaMessage => message with { Payload = LinkJson.Serialize(content) };

    public static LinkMessage Text(LinkMessage message, string from, string to) =>
        message with { Payload = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Payload.Span).Replace(from, to, StringComparison.Ordinal)) };
}
