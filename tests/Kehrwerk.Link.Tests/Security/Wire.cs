using System.Text;
using System.Threading.Channels;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Tests.Security;

/// <summary>What these tests do with a transport.</summary>
internal static class Wire
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The name in the certificate of these files.</summary>
    public static string NameOf(string identity) => Path.GetFileName(identity).Replace('@', '/');

    public static async Task<ChannelReader<LinkMessage>> Hear(MqttTransport transport, string filter)
    {
        var heard = Channel.CreateUnbounded<LinkMessage>();
        await transport.SubscribeAsync(filter, message => heard.Writer.WriteAsync(message), Ct);
        return heard.Reader;
    }

    public static ChannelReader<bool> Changes(MqttTransport transport)
    {
        var changes = Channel.CreateUnbounded<bool>();
        transport.ConnectionChanged += connected => changes.Writer.TryWrite(connected);
        return changes.Reader;
    }

    public static Task<T> Next<T>(ChannelReader<T> reader) => reader.ReadAsync(Ct).AsTask().WaitAsync(Patience, Ct);

    public static ValueTask Send(MqttTransport transport, string topic, string text, Qos qos = Qos.AtMostOnce) =>
        transport.PublishAsync(new LinkMessage(topic, Encoding.UTF8.GetBytes(text), qos), Ct);

    public static string Text(LinkMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
