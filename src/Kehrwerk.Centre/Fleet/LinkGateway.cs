using System.Collections.Immutable;
using System.Threading.Channels;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Fleet;

/// <summary>
/// Brings what vehicles send to their twins, in order, and a tick every second. Each vehicle has its own inbox; where a twin cannot
/// keep up the oldest message is dropped, which loses nothing: every state tells the whole state.
/// </summary>
internal sealed partial class LinkGateway(
    ITransport transport, Topics topics, FleetRegister fleet, IGrainFactory grains, TimeProvider time, ILogger<LinkGateway> log) : BackgroundService
{
    private const int InboxSize = 64;
    private const int MaxStrangers = 50;
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    // An empty payload is a tick.
    private sealed record Inbound(LinkTopic Topic, byte[] Payload);

    private readonly HashSet<string> strangers = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var inboxes = fleet.Vehicles.ToImmutableDictionary(v => v.Id, _ => Channel.CreateBounded<Inbound>(
            new BoundedChannelOptions(InboxSize) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }));
        foreach (var topic in (ReadOnlySpan<LinkTopic>)[LinkTopic.State, LinkTopic.Connection, LinkTopic.Factsheet])
        {
            Listen(topic, inboxes, stoppingToken);
        }

        await using var timer = time.CreateTimer(_ => TickAll(inboxes.Values), null, TickEvery, TickEvery);
        await Task.WhenAll(inboxes.Select(inbox => Pump(inbox.Key, inbox.Value.Reader, stoppingToken)));
    }

    private void Listen(LinkTopic topic, ImmutableDictionary<VehicleId, Channel<Inbound>> inboxes, CancellationToken stopping) =>
        // Not awaited: the broker may be away now; the transport subscribes when it is back.
        _ = transport.SubscribeAsync(
            topics.OfAll(topic),
            message =>
            {
                if (topics.TryParse(message.Topic, out var vehicle, out _) && inboxes.TryGetValue(vehicle, out var inbox))
                {
                    inbox.Writer.TryWrite(new(topic, message.Payload.ToArray()));
                }
                else if (strangers.Count < MaxStrangers && strangers.Add(message.Topic))
                {
                    LogStranger(log, message.Topic);
                }

                return ValueTask.CompletedTask;
            },
            stopping).AsTask();

    private static void TickAll(IEnumerable<Channel<Inbound>> inboxes)
    {
        foreach (var inbox in inboxes)
        {
            inbox.Writer.TryWrite(new(LinkTopic.State, []));
        }
    }

    private async Task Pump(VehicleId vehicle, ChannelReader<Inbound> inbox, CancellationToken stopping)
    {
        var grain = grains.GetGrain<IVehicleGrain>(vehicle.ToString());
        await grain.Show();
        await foreach (var inbound in inbox.ReadAllAsync(stopping))
        {
            try
            {
                await (inbound.Payload.Length == 0 ? grain.Tick() : grain.TakeIn(inbound.Topic, inbound.Payload));
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // One vehicle's fault must not silence the link to it: the next message is tried again.
                LogFault(log, vehicle.ToString(), e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A message on {Topic} is not of a vehicle of this fleet; it is ignored. Add the vehicle to the fleet if it belongs to it.")]
    private static partial void LogStranger(ILogger log, string topic);

    [LoggerMessage(LogLevel.Error, "A message of {Vehicle} could not be worked on.")]
    private static partial void LogFault(ILogger log, string vehicle, Exception fault);
}
