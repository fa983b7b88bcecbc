using System.Collections.Immutable;
using System.Text;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Monitor;

/// <summary>A message as it went over the link.</summary>
/// <param name="IsFromVehicle">False: the Centre sent it.</param>
/// <param name="Bytes">Its whole length.</param>
/// <param name="Text">As it was, cut after <see cref="VehicleMonitor.MostBytes"/>.</param>
/// <param name="Fault">Why it could not be used; null where it could.</param>
public sealed record MonitoredMessage(DateTimeOffset At, LinkTopic Topic, bool IsFromVehicle, int Bytes, string Text, string? Fault);

/// <summary>
/// What only the levels detail and diagnosis show of vehicles: the newest twin, the last messages of each topic, the figures of the link. Memory is bounded, the
/// oldest is dropped, nothing is stored, and nothing is decided by it. Thread-safe.
/// </summary>
/// <param name="speed">How fast the Centre's clock runs against real time.</param>
public sealed class VehicleMonitor(double speed = 1)
{
    /// <summary>So many messages are kept of each topic and direction.</summary>
    public const int MostMessages = 5;

    /// <summary>So much is kept of each message.</summary>
    public const int MostBytes = 6000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Watched> vehicles = new(StringComparer.Ordinal);

    /// <summary>A message came that is a vehicle's.</summary>
    public void Heard(VehicleId vehicle, LinkTopic topic, ReadOnlySpan<byte> payload, VdaMessage? message, string? fault, DateTimeOffset at)
    {
        lock (gate)
        {
            var watched = Of(vehicle.ToString());
            watched.Keep(new(at, topic, true, payload.Length, [.. payload[..Math.Min(payload.Length, MostBytes)]], fault));
            if (message is State state)
            {
                watched.Meter.Hear(at, state.HeaderId, state.Timestamp, payload.Length);
                watched.State = state;
            }
            else if (message is SafetyReport report)
            {
                watched.Safety = report;
            }
        }
    }

    /// <summary>The Centre sent a message.</summary>
    public void Said(VehicleId vehicle, LinkTopic topic, ReadOnlySpan<byte> payload, DateTimeOffset at)
    {
        lock (gate)
        {
            Of(vehicle.ToString()).Keep(new(at, topic, false, payload.Length, [.. payload[..Math.Min(payload.Length, MostBytes)]], null));
        }
    }

    public void Show(Twin twin)
    {
        lock (gate)
        {
            Of(twin.Id.ToString()).Twin = twin;
        }
    }

    /// <summary>The figures of a vehicle's link; the grade of a vehicle that is not connected is none.</summary>
    public LinkFigures FiguresOf(string vehicle, LinkState link, DateTimeOffset now)
    {
        lock (gate)
        {
            var figures = vehicles.TryGetValue(vehicle, out var watched) ? watched.Meter.Figures(now) : LinkFigures.Nothing;
            return link is LinkState.Lost or LinkState.NeverSeen ? figures with { Grade = LinkGrade.None } : link == LinkState.Connected ? figures : figures with { Grade = LinkGrade.Poor };
        }
    }

    /// <summary>What the vehicle last said of itself and of its supervision, and its twin; null before it was heard or known.</summary>
    public (Twin? Twin, State? State, SafetyReport? Safety) LookAt(string vehicle)
    {
        lock (gate)
        {
            return vehicles.TryGetValue(vehicle, out var watched) ? (watched.Twin, watched.State, watched.Safety) : default;
        }
    }

    /// <summary>The last messages, the newest first.</summary>
    public ImmutableArray<MonitoredMessage> MessagesOf(string vehicle)
    {
        lock (gate)
        {
            return vehicles.TryGetValue(vehicle, out var watched)
                ? [.. watched.Messages.OrderByDescending(m => m.At).Select(m => new MonitoredMessage(m.At, m.Topic, m.IsFromVehicle, m.Bytes, Encoding.UTF8.GetString(m.Start.AsSpan()), m.Fault))]
                : [];
        }
    }

    private Watched Of(string vehicle)
    {
        if (!vehicles.TryGetValue(vehicle, out var watched))
        {
            vehicles[vehicle] = watched = new(new(speed));
        }

        return watched;
    }

    private sealed record Kept(DateTimeOffset At, LinkTopic Topic, bool IsFromVehicle, int Bytes, ImmutableArray<byte> Start, string? Fault);

    private sealed class Watched(LinkMeter meter)
    {
        private readonly Dictionary<(LinkTopic, bool), Queue<Kept>> last = [];

        public LinkMeter Meter { get; } = meter;
        public Twin? Twin { get; set; }
        public State? State { get; set; }
        public SafetyReport? Safety { get; set; }
        public IEnumerable<Kept> Messages => last.Values.SelectMany(queue => queue);

        public void Keep(Kept message)
        {
            var key = (message.Topic, message.IsFromVehicle);
            if (!last.TryGetValue(key, out var queue))
            {
                last[key] = queue = new();
            }

            queue.Enqueue(message);
            if (queue.Count > MostMessages)
            {
                queue.Dequeue();
            }
        }
    }
}
