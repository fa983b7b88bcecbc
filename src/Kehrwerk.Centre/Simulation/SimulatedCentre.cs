using System.Collections.Immutable;
using Kehrwerk.Centre.Depots;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Kehrwerk.Planning;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Simulation;

/// <summary>A kerb that was swept in a simulation.</summary>
public sealed record SweptKerb(string Mission, VehicleId Vehicle, int Kerb, DateTimeOffset At);

/// <summary>A kerb of a mission that was given up, with the reason (see <see cref="SkipReasons"/>).</summary>
public sealed record MissedKerb(string Mission, VehicleId Vehicle, int Kerb, string Reason, DateTimeOffset At);

/// <summary>A mission that came to its end.</summary>
public sealed record EndedMission(string Mission, VehicleId Vehicle, DateTimeOffset At);

/// <summary>What the twins noted, as it would go on record.</summary>
public sealed record SimulatedNote(VehicleId Vehicle, DateTimeOffset At, string Kind, string Who, string Text);

/// <summary>
/// The Centre inside the deterministic event loop: the same twins and the same depot book as in production, in memory and
/// without a store. Not thread-safe: all happens in events of the loop.
/// </summary>
public sealed class SimulatedCentre
{
    private readonly EventLoop loop;
    private readonly ITransport transport;
    private readonly Topics topics;
    private readonly SortedDictionary<VehicleId, Twin> twins = [];
    private readonly Dictionary<(string Mission, int Kerb), DateTimeOffset> swept = [];
    private readonly List<SweptKerb> sweptKerbs = [];
    private readonly List<MissedKerb> missedKerbs = [];
    private readonly List<EndedMission> endedMissions = [];
    private readonly List<SimulatedNote> notes = [];
    private readonly List<string> violations = [];
    private CityContext city;
    private DepotBook depot;
    private int nextMission = 1;

    public SimulatedCentre(
        EventLoop loop, ITransport transport, CityContext city, IEnumerable<FleetVehicle> fleet, Topics? topics = null)
    {
        this.loop = loop;
        this.transport = transport;
        this.city = city;
        this.topics = topics ?? Topics.Default;
        depot = DepotBook.Of(city.City.Depot);
        foreach (var vehicle in fleet)
        {
            twins.Add(vehicle.Id, new() { Id = vehicle.Id, Spec = vehicle.Spec });
        }
    }

    public IReadOnlyCollection<Twin> Twins => twins.Values;
    public IReadOnlyList<SweptKerb> SweptKerbs => sweptKerbs;
    public IReadOnlyList<MissedKerb> MissedKerbs => missedKerbs;
    public IReadOnlyList<EndedMission> EndedMissions => endedMissions;
    public IReadOnlyList<SimulatedNote> Notes => notes;

    /// <summary>What must never happen and did: a kerb counted twice, a level below its limit, a message that cannot be read.</summary>
    public IReadOnlyList<string> Violations => violations;

    public bool AllMissionsEnded => twins.Values.All(t => t.Mission is not { IsRunning: true });

    /// <summary>Listens to the vehicles and begins to tick once a second.</summary>
    public void Start()
    {
        Listen<State>(LinkTopic.State, m => new TwinEvent.Reported(m));
        Listen<Connection>(LinkTopic.Connection, m => new TwinEvent.ConnectionChanged(m));
        Listen<Factsheet>(LinkTopic.Factsheet, m => new TwinEvent.Declared(m));
        loop.Schedule(TimeSpan.FromSeconds(1), Tick);
    }

    /// <summary>Gives every tour of one day of the plan to its vehicle.</summary>
    /// <exception cref="ArgumentException">The plan names a vehicle that is not in the fleet.</exception>
    public void StartShift(Plan plan, int day = 0)
    {
        foreach (var tour in plan.Tours.Where(t => t.Day == day).OrderBy(t => t.Vehicle, StringComparer.Ordinal))
        {
            var twin = twins.Values.FirstOrDefault(t => t.Spec.Id == tour.Vehicle)
                ?? throw new ArgumentException($"The plan has a tour for '{tour.Vehicle}', which is not in the fleet.", nameof(plan));
            var mission = Mission.From($"m{nextMission++}", twin.Id, city.City.Fingerprint, tour, twin.Spec, loop.Now);
            Happen(twin.Id, new TwinEvent.MissionAssigned(mission));
        }
    }

    /// <summary>A person's command.</summary>
    public void Command(VehicleId vehicle, VehicleCommandKind kind, string by) => Happen(vehicle, new TwinEvent.Commanded(kind, by));

    /// <summary>A person's answer to a request of a vehicle.</summary>
    public void Answer(VehicleId vehicle, string requestId, GrantType grant, TimeSpan lease, string by) =>
        Happen(vehicle, new TwinEvent.Answered(requestId, grant, lease, by));

    public void Close(Closures closures)
    {
        city = city.With(closures);
        foreach (var vehicle in twins.Keys.ToList())
        {
            Happen(vehicle, new TwinEvent.ClosuresChanged());
        }
    }

    private void Listen<T>(LinkTopic topic, Func<T, TwinEvent> toEvent)
        where T : VdaMessage =>
        transport.SubscribeAsync(topics.OfAll(topic), message =>
        {
            var read = LinkJson.Read<T>(message.Payload.Span);
            if (!topics.TryParse(message.Topic, out var vehicle, out _) || !twins.ContainsKey(vehicle))
            {
                violations.Add($"{message.Topic}: no such vehicle");
            }
            else if (!read.IsOk)
            {
                violations.Add($"{message.Topic}: {read.Error}");
            }
            else
            {
                Happen(vehicle, toEvent(read.Message));
            }

            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();

    private void Tick()
    {
        foreach (var vehicle in twins.Keys.ToList())
        {
            Happen(vehicle, new TwinEvent.Ticked());
        }

        loop.Schedule(TimeSpan.FromSeconds(1), Tick);
    }

    private void Happen(VehicleId vehicle, TwinEvent happened)
    {
        var (twin, effects) = TwinRules.Decide(twins[vehicle], happened, loop.Now, city);
        twins[vehicle] = twin;
        foreach (var effect in effects)
        {
            CarryOut(twin, effect);
        }

        CheckLevels(twin, happened);
    }

    private void CarryOut(Twin twin, TwinEffect effect)
    {
        switch (effect)
        {
            case TwinEffect.Send send:
                var bytes = send.Message switch
                {
                    Order order => LinkJson.Serialize(order),
                    InstantActions actions => LinkJson.Serialize(actions),
                    ZoneSet zones => LinkJson.Serialize(zones),
                    _ => LinkJson.Serialize((Responses)send.Message),
                };
                transport.PublishAsync(new(topics.Of(twin.Id, send.Topic), bytes, Topics.QosOf(send.Topic), Topics.IsRetained(send.Topic)))
                    .AsTask().GetAwaiter().GetResult();
                break;
            case TwinEffect.AskBay ask:
                (depot, var isGranted) = depot.Ask(twin.Id, ask.Kind, twin.Spec.ChargePowerKw);
                if (isGranted)
                {
                    // As an event of its own: the effects of this decision come first.
                    loop.Schedule(TimeSpan.Zero, () => Happen(twin.Id, new TwinEvent.BayGranted(ask.Kind)));
                }

                break;
            case TwinEffect.FreeBay:
                depot = depot.Free(twin.Id);
                break;
            case TwinEffect.KerbSwept kerb:
                if (!swept.TryAdd((kerb.Mission, kerb.Kerb), kerb.At))
                {
                    violations.Add($"{kerb.Mission}: kerb {city.City.Kerbs[kerb.Kerb].Key} was counted twice");
                }

                sweptKerbs.Add(new(kerb.Mission, twin.Id, kerb.Kerb, kerb.At));
                break;
            case TwinEffect.KerbMissed kerb:
                missedKerbs.Add(new(kerb.Mission, twin.Id, kerb.Kerb, kerb.Reason, kerb.At));
                break;
            case TwinEffect.MissionEnded ended:
                endedMissions.Add(new(ended.Mission, twin.Id, ended.At));
                break;
            case TwinEffect.Note note:
                notes.Add(new(twin.Id, loop.Now, note.Kind, note.Who, note.Text));
                break;
            default:
                break;
        }
    }

    private void CheckLevels(Twin twin, TwinEvent happened)
    {
        // What a report says to the digit may lie beyond a limit by rounding.
        const double roundingShare = 0.001;
        if (happened is not TwinEvent.Reported || twin.Facts?.Levels is not { } levels)
        {
            return;
        }

        if (levels.HopperM3 > twin.Spec.HopperM3 * (1 + roundingShare) || levels.HopperKg > twin.Spec.HopperKg * (1 + roundingShare))
        {
            violations.Add(FormattableString.Invariant($"{loop.Now:T} {twin.Id}: hopper holds {levels.HopperM3:0.000} m3 and {levels.HopperKg:0} kg"));
        }

        if (levels.BatteryWh <= 0 || twin.Facts.BatteryPercent <= 0)
        {
            violations.Add(FormattableString.Invariant($"{loop.Now:T} {twin.Id}: the battery is empty"));
        }
    }
}
