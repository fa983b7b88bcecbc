using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Fleet;

/// <summary>
/// Brings what vehicles send to their twins, one message after the other for each vehicle, and lets each twin know that a second
/// has passed. What cannot be read is logged and recorded once a minute for each cause; the process goes on.
/// </summary>
internal sealed partial class LinkGateway(
    IGrainFactory grains, ITransport transport, CentreStore store, CentreOptions options, ILogger<LinkGateway> log) : BackgroundService
{
    private const int MaxCauses = 1000;
    private static readonly TimeSpan QuietFor = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly SortedDictionary<VehicleId, VehicleInbox> inboxes = new(options.Vehicles.ToDictionary(v => v.Id, _ => new VehicleInbox()));
    private readonly Dictionary<string, (DateTimeOffset LastTold, int Since)> causes = new(StringComparer.Ordinal);

    /// <summary>When it completes, the Centre listens.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        LinkTopic[] topics = [LinkTopic.Connection, LinkTopic.Factsheet, LinkTopic.State];
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
            return Tell("", $"a message on topic {message.Topic}, which is none of ours");
        }

        if (!inboxes.TryGetValue(vehicle, out var inbox))
        {
            return Tell(vehicle.ToString(), "a message of a vehicle that is not in the fleet");
        }

        if (message.Payload.Length > LinkJson.MaxBytes)
        {
            return Tell(vehicle.ToString(), $"a message on topic {message.Topic} is longer than {LinkJson.MaxBytes} bytes");
        }

        inbox.Add(new(topic, message.Payload.ToArray()));
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
                }
                else if (await grain.Receive(item.Topic, item.Payload!) is { } fault)
                {
                    await Tell(vehicle.ToString(), $"a message on topic {item.Topic} cannot be used: {fault}");
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // One twin's trouble (a full disk, a bug) must not end the others; the next message tries again.
                TwinFailed(log, vehicle, e);
            }
        }
    }

    /// <summary>Logs and records a cause; again only after a minute, with how often it came meanwhile.</summary>
    private async ValueTask Tell(string vehicle, string fault)
    {
        var now = options.Time.GetUtcNow();
        lock (gate)
        {
            var key = $"{vehicle}|{fault}";
            if (causes.Count >= MaxCauses && !causes.ContainsKey(key))
            {
                causes.Clear();
            }

            var (lastTold, since) = causes.GetValueOrDefault(key);
            if (now - lastTold < QuietFor)
            {
                causes[key] = (lastTold, since + 1);
                return;
            }

            causes[key] = (now, 0);
            fault = since > 0 ? $"{fault} ({since} more times since it was last told)" : fault;
        }

        BadMessage(log, vehicle, fault);
        await store.Write(new() { Record = [new RecordDraft(now, "badMessage", TwinRules.Centre, vehicle, fault)] });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Vehicle}: {Fault}")]
    private static partial void BadMessage(ILogger logger, string vehicle, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Vehicle}: its twin could not take a message")]
    private static partial void TwinFailed(ILogger logger, VehicleId vehicle, Exception exception);
}
