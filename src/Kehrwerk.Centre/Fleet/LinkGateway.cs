using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Fleet;

/// <summary>
/// Brings what vehicles send to their twins, one message after the other for each vehicle, and lets each twin know that a second
/// has passed. What cannot be read is logged and recorded; the process goes on.
/// </summary>
internal sealed partial class LinkGateway(
    IGrainFactory grains, ITransport transport, CentreStore store, CentreOptions options, ILogger<LinkGateway> log) : BackgroundService
{
    private readonly SortedDictionary<VehicleId, VehicleInbox> inboxes = new(options.Vehicles.ToDictionary(v => v.Id, _ => new VehicleInbox()));
    private readonly BadMessages bad = new();

    /// <summary>When it completes, the Centre listens.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        LinkTopic[] topics = [LinkTopic.Connection, LinkTopic.Factsheet, LinkTopic.Safety, LinkTopic.Events, LinkTopic.State];
        foreach (var topic in topics)
        {
            await transport.SubscribeAsync(options.Topics.OfAll(topic), Receive, cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var second = TimeSpan.FromSeconds(1);
        await using var ticks = options.Time.CreateTimer(_ => TickAll(), null, second, second);
        await Task.WhenAll(inboxes.Select(i => Pump(i.Key, i.Value, stoppingToken)));
    }

    private ValueTask Receive(LinkMessage message)
    {
        if (!options.Topics.TryParse(message.Topic, out var vehicle, out var topic))
        {
            return Tell(null, "", $"a message on topic {message.Topic}, which is none of ours");
        }

        if (!inboxes.TryGetValue(vehicle, out var inbox))
        {
            return Tell(null, vehicle.ToString(), $"a message of {vehicle}, which is not in the fleet");
        }

        if (message.Payload.Length > LinkJson.MaxBytes)
        {
            return Tell(vehicle, vehicle.ToString(), $"a message on topic {message.Topic} is longer than {LinkJson.MaxBytes} bytes");
        }

        inbox.Add(new(topic, message.Payload.ToArray(), message.Translate));
        return ValueTask.CompletedTask;
    }

    private void TickAll()
    {
        foreach (var inbox in inboxes.Values)
        {
            inbox.Add(InboxItem.Tick);
        }
    }

    private async Task Pump(VehicleId vehicle, VehicleInbox inbox, CancellationToken stopping)
    {
        var grain = grains.GetGrain<IVehicleGrain>(vehicle.ToString());
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var item = await inbox.Take(stopping);
                if (item.IsTick)
                {
                    await grain.Tick();
                    continue;
                }

                foreach (var message in item.Messages())
                {
                    if ((message.Payload is { } payload ? await grain.Receive(message.Topic, payload) : message.Fault) is { } fault)
                    {
                        await Tell(vehicle, vehicle.ToString(), $"a message on topic {message.Topic} cannot be used: {fault}");
                    }
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // One twin's trouble (a full disk, a bug) must not end the others; the next message tries again.
                if (bad.Tell(vehicle.ToString(), $"{e.GetType().Name}: {e.Message}", options.Time.GetUtcNow()) is { } told)
                {
                    TwinFailed(log, vehicle, told, e);
                }
            }
        }
    }

    /// <summary>Logs and records what is wrong with a message, within the bounds of <see cref="BadMessages"/>.</summary>
    /// <param name="sender">Null for whoever is not of the fleet.</param>
    private async ValueTask Tell(VehicleId? sender, string vehicle, string fault)
    {
        var now = options.Time.GetUtcNow();
        if (bad.Tell(sender?.ToString() ?? "", fault, now) is { } told)
        {
            BadMessage(log, vehicle, told);
            await store.Write(new() { Record = [new RecordDraft(now, "badMessage", TwinRules.Centre, vehicle, told)] });
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Vehicle}: {Fault}")]
    private static partial void BadMessage(ILogger logger, string vehicle, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Vehicle}: its twin could not take a message: {Fault}")]
    private static partial void TwinFailed(ILogger logger, VehicleId vehicle, string fault, Exception exception);
}
