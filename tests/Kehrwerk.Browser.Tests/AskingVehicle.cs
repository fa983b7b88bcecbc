using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kehrwerk.Browser.Tests;

/// <summary>
/// A vehicle over the real broker that stands before a van and asks for leave to pass it, by two paths: what it does with the answer goes through the stages of the
/// safety profile. Where the middle of the town is comes from the page.
/// </summary>
internal sealed class AskingVehicle : IAsyncDisposable
{
    private readonly MqttTransport wire;
    private readonly GeoPoint middle;
    private readonly CancellationTokenSource ends = new();
    private readonly List<ActionState> shown = [];
    private readonly Lock gate = new();
    private Supervision? lease;
    private uint header;
    private Task reporting = Task.CompletedTask;
    private ImmutableSortedDictionary<string, ManoeuvreStage> asks = ImmutableSortedDictionary<string, ManoeuvreStage>.Empty.Add("r1", ManoeuvreStage.Proposed).Add("r2", ManoeuvreStage.Proposed);
    private string? granted;
    private int grantedAt;

    private AskingVehicle(MqttTransport wire, GeoPoint middle) => (this.wire, this.middle) = (wire, middle);

    public static VehicleId Id { get; } = new("kehrwerk", "KW-01");

    public static async Task<AskingVehicle> Start(int port, GeoPoint middle)
    {
        var wire = MqttTransport.Start(new("127.0.0.1", port, "asking"), NullLogger<MqttTransport>.Instance);
        var vehicle = new AskingVehicle(wire, middle);
        await wire.SubscribeAsync(Topics.Default.AllOf(Id), vehicle.Hear, vehicle.ends.Token);
        await wire.WaitUntilConnectedAsync(vehicle.ends.Token);
        vehicle.reporting = vehicle.ReportAll();
        return vehicle;
    }

    public async ValueTask DisposeAsync()
    {
        await ends.CancelAsync();
        await reporting;
        ends.Dispose();
        await wire.DisposeAsync();
    }

    private ValueTask Hear(LinkMessage message)
    {
        lock (gate)
        {
            if (message.Topic == Topics.Default.Of(Id, LinkTopic.Supervision))
            {
                lease = LinkJson.Read<Supervision>(message.Payload.Span).Message;
            }
            else if (message.Topic == Topics.Default.Of(Id, LinkTopic.InstantActions) && LinkJson.Read<InstantActions>(message.Payload.Span).Message is { } actions)
            {
                shown.AddRange(actions.Actions.Where(action => shown.TrueForAll(one => one.ActionId != action.ActionId)).Select(action => new ActionState(action.ActionId, ActionStatus.Finished, action.ActionType)));
            }
            else if (message.Topic == Topics.Default.Of(Id, LinkTopic.Responses) && LinkJson.Read<Responses>(message.Payload.Span).Message is { } responses)
            {
                foreach (var response in responses.Items.Where(response => asks.ContainsKey(response.RequestId)))
                {
                    if (response.GrantType == GrantType.Granted && granted is null)
                    {
                        (granted, asks) = (response.RequestId, asks.SetItem(response.RequestId, ManoeuvreStage.Released));
                    }
                    else if (response.GrantType == GrantType.Rejected)
                    {
                        asks = asks.Remove(response.RequestId);
                    }
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private async Task ReportAll()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        try
        {
            for (var i = 1; await timer.WaitForNextTickAsync(ends.Token); i++)
            {
                await Report(i);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task Report(int tick)
    {
        State state;
        SafetyReport? safety = null;
        lock (gate)
        {
            // Each stage lasts long enough for a screen on a busy machine to have seen it.
            grantedAt = granted is null ? tick : grantedAt;
            if (granted is not null && (tick - grantedAt) % 8 == 0)
            {
                asks = asks.SetItem(granted, asks[granted] == ManoeuvreStage.Released ? ManoeuvreStage.Driving : ManoeuvreStage.Done);
            }

            var at = lease is null ? default : CityFrame.Around(middle).ToMap(middle);
            state = new()
            {
                HeaderId = ++header,
                Timestamp = DateTimeOffset.UtcNow,
                Vehicle = Id,
                OrderId = "",
                OrderUpdateId = 0,
                LastNodeId = "",
                LastNodeSequenceId = 0,
                NodeStates = [],
                EdgeStates = [new("e1", 1, true)],
                EdgeRequests = [.. asks.Where(ask => ask.Value is not ManoeuvreStage.Done).Select(ask => new EdgeRequest(ask.Key, EdgeRequestType.Corridor, "e1", 1, ask.Value == ManoeuvreStage.Proposed ? RequestStatus.Requested : RequestStatus.Granted))],
                MobileRobotPosition = lease is null ? null : new(at.X, at.Y, 0, lease.Map.MapId, true),
                Driving = false,
                ActionStates = [],
                InstantActionStates = [.. shown],
                PowerSupply = new(90, false),
                OperatingMode = OperatingMode.Automatic,
                Errors = [],
                SweeperStatus = new(0, 0, 425, 0, 0, 50_000),
                SafetyState = new(EmergencyStop.None, false),
            };
            if (lease is not null)
            {
                safety = new()
                {
                    HeaderId = header,
                    Timestamp = state.Timestamp,
                    Vehicle = Id,
                    Mode = SafetyMode.Supervised,
                    Epoch = lease.Epoch,
                    LeaseId = lease.LeaseId,
                    LeaseAgeS = 0.4,
                    LeaseTimeoutS = 3,
                    Announcements = [Announcement.AskingForHelp],
                    Shown = Shown.Of([Announcement.AskingForHelp]),
                    Map = lease.Map,
                    EventsWaiting = 0,
                    Manoeuvres = [.. asks.Select((ask, i) => Proposal(ask.Key, ask.Value, at, i))],
                    Seen = [new(SeenKind.Truck, at.X + 9, at.Y, 0, true, 7.2, 2.3, 0), new(SeenKind.Cyclist, at.X + 22, at.Y + 4, 3.1, false, 1.8, 0.6, 4.5)],
                };
            }
        }

        await wire.PublishAsync(new(Topics.Default.Of(Id, LinkTopic.State), LinkJson.Serialize(state)), ends.Token);
        if (safety is not null)
        {
            await wire.PublishAsync(new(Topics.Default.Of(Id, LinkTopic.Safety), LinkJson.Serialize(safety)), ends.Token);
        }
    }

    private static ProposedManoeuvre Proposal(string request, ManoeuvreStage stage, MapPoint at, int i)
    {
        var aside = i == 0 ? 3.25 : 1.5;
        return new(request, stage, [.. Enumerable.Range(0, 11).Select(k => new ScenePoint(at.X + (2 * k), at.Y + (aside * Math.Min(1, k / 3.0))))])
        {
            Reason = i == 0 ? "CrossLine" : "Squeeze",
            Text = i == 0 ? "Cross the middle of the street on the left for 20 m" : "Pass 1.5 m to the left at walking pace",
            LengthM = 20,
            ClearM = i == 0 ? 0.9 : 0.35,
            MaximumSpeedMps = 1.4,
            SeenForS = 12,
        };
    }
}
