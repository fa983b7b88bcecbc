using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kehrwerk.Bench.Link;

/// <summary>
/// The link side of a vehicle without a drive: it takes the order that it is sent, reports it as waiting to go, and answers instant
/// actions. Each report differs from the one before in header, time and state of charge, whose fraction is the report's number.
/// </summary>
internal sealed class LightVehicle : IAsyncDisposable
{
    public const double FirstPercent = 20;
    public const double PercentPerReport = 0.01;

    private readonly int index;
    private readonly SentTimes times;
    private readonly Latencies commands;
    private readonly MqttTransport transport;
    private readonly Lock gate = new();
    private State state;
    private int commandsHeard;

    /// <param name="paddingBytes">Reports are longer by this.</param>
    public LightVehicle(int index, City city, int port, SentTimes times, Latencies commands, int paddingBytes = 0)
    {
        (this.index, this.times, this.commands) = (index, times, commands);
        var arc = ArcOf(city, index);
        var head = city.Streets.ArcHead[arc];
        var place = city.Streets.NodePoint[head];
        state = new()
        {
            HeaderId = 0,
            Timestamp = DateTimeOffset.UtcNow,
            Vehicle = IdOf(index),
            OrderId = "",
            OrderUpdateId = 0,
            LastNodeId = city.Streets.NodeKey(head),
            LastNodeSequenceId = 0,
            NodeStates = [],
            EdgeStates = [],
            MobileRobotPosition = new(place.X, place.Y, 0, city.Fingerprint, Localized: true),
            Velocity = new(0, 0, 0),
            Driving = false,
            ActionStates = [],
            InstantActionStates = [],
            PowerSupply = new(FirstPercent, Charging: false),
            OperatingMode = OperatingMode.Automatic,
            Errors = [],
            Information = [.. Padding(paddingBytes)],
            SweeperStatus = new(0.31, 201.5, 388.2, 1_234_567.8, 345_678.9, 41_000),
            SafetyState = new(EmergencyStop.None, false),
            Loads = [],
        };
        transport = MqttTransport.Start(new("127.0.0.1", port, $"light-{index}") { Pace = null }, NullLogger<MqttTransport>.Instance);
    }

    /// <summary>Reports sent so far.</summary>
    public int Reports { get; private set; }

    /// <summary>Length of the newest report, bytes.</summary>
    public int Bytes { get; private set; }

    public static VehicleId IdOf(int index) => new("bench", string.Create(CultureInfo.InvariantCulture, $"L{index:0000}"));

    /// <summary>Each vehicle stands at the end of an arc of its own.</summary>
    public static int ArcOf(City city, int index) => index * (city.Streets.ArcCount / 1_024) % city.Streets.ArcCount;

    public async Task ConnectAsync()
    {
        await transport.WaitUntilConnectedAsync();
        await transport.SubscribeAsync(Topics.Default.Of(IdOf(index), LinkTopic.Order), Take);
        await transport.SubscribeAsync(Topics.Default.Of(IdOf(index), LinkTopic.InstantActions), TakeCommand);
        await Send(LinkTopic.Connection, new Connection { HeaderId = 0, Timestamp = DateTimeOffset.UtcNow, Vehicle = IdOf(index), ConnectionState = ConnectionState.Online });
    }

    /// <summary>Sends the next report, by QoS 1 so that none may be lost.</summary>
    public async Task ReportAsync()
    {
        byte[] bytes;
        lock (gate)
        {
            Reports++;
            state = state with
            {
                HeaderId = (uint)Reports,
                Timestamp = DateTimeOffset.UtcNow,
                PowerSupply = state.PowerSupply with { StateOfCharge = FirstPercent + (Reports * PercentPerReport) },
            };
            bytes = LinkJson.Serialize(state);
            Bytes = bytes.Length;
            times.Report(index, Reports);
        }

        await transport.PublishAsync(new(Topics.Default.Of(IdOf(index), LinkTopic.State), bytes, Qos.AtLeastOnce));
    }

    public ValueTask DisposeAsync() => transport.DisposeAsync();

    private static IEnumerable<RobotInfo> Padding(int bytes) =>
        bytes > 0 ? [new RobotInfo("padding", InfoLevel.Debug) { InfoDescriptor = new('x', bytes) }] : [];

    private ValueTask Take(LinkMessage message)
    {
        if (LinkJson.Read<Order>(message.Payload.Span) is { IsOk: true, Message: var order })
        {
            lock (gate)
            {
                state = state with
                {
                    OrderId = order.OrderId,
                    OrderUpdateId = order.OrderUpdateId,
                    LastNodeId = order.Nodes[0].NodeId,
                    NodeStates = [.. order.Nodes.Skip(1).Select(node => new NodeState(node.NodeId, node.SequenceId, node.Released))],
                    EdgeStates = [.. order.Edges.Select(edge => new EdgeState(edge.EdgeId, edge.SequenceId, edge.Released))],
                    ActionStates = [.. order.Nodes.SelectMany(node => node.Actions).Concat(order.Edges.SelectMany(edge => edge.Actions))
                        .Select(action => new ActionState(action.ActionId, ActionStatus.Waiting, action.ActionType))],
                };
            }
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask TakeCommand(LinkMessage message)
    {
        if (LinkJson.Read<InstantActions>(message.Payload.Span) is not { IsOk: true, Message: var read })
        {
            return ValueTask.CompletedTask;
        }

        foreach (var action in read.Actions)
        {
            lock (gate)
            {
                if (state.InstantActionStates.Any(known => known.ActionId == action.ActionId))
                {
                    continue;
                }

                var isPaused = action.ActionType == SweeperActions.StartPause || (state.Paused == true && action.ActionType != SweeperActions.StopPause);
                var kept = state.InstantActionStates.Length < 4 ? state.InstantActionStates : state.InstantActionStates.RemoveAt(0);
                state = state with { Paused = isPaused, InstantActionStates = kept.Add(new(action.ActionId, ActionStatus.Finished, action.ActionType)) };
            }

            if (action.ActionType is SweeperActions.StartPause or SweeperActions.StopPause)
            {
                commands.Add(times.SinceCommandMs(index, ++commandsHeard));
            }
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask Send<T>(LinkTopic topic, T message)
        where T : VdaMessage =>
        transport.PublishAsync(new(Topics.Default.Of(IdOf(index), topic), LinkJson.Serialize(message), Topics.QosOf(topic), Topics.IsRetained(topic)));
}
