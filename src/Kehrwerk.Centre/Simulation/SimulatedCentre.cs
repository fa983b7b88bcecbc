using System.Collections.Immutable;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Depots;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Traffic;
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
/// The Centre inside the deterministic event loop: the same twins and the same depot book as in production, over a store in memory.
/// Another one over the same store is the Centre restarted. Not thread-safe: all happens in events of the loop.
/// </summary>
public sealed class SimulatedCentre
{
    private readonly EventLoop loop;
    private readonly ITransport transport;
    private readonly Topics topics;
    private readonly SimulatedStore store;
    private readonly SortedDictionary<VehicleId, Twin> twins = [];
    private readonly SimulatedCases cases;
    private readonly SortedDictionary<string, string> events = new(StringComparer.Ordinal);
    private CityContext city;
    private DepotBook depot;
    private TrafficBook traffic;
    private bool isEnded;

    /// <param name="store">What an earlier Centre left; a new one where not given.</param>
    public SimulatedCentre(
        EventLoop loop, ITransport transport, CityContext city, IEnumerable<FleetVehicle> fleet, Topics? topics = null, SimulatedStore? store = null)
    {
        this.loop = loop;
        this.transport = transport;
        this.city = city;
        this.topics = topics ?? Topics.Default;
        this.store = store ?? new();
        depot = DepotBook.Of(city.City.Depot);
        var epoch = this.store.NextEpoch();
        foreach (var vehicle in fleet)
        {
            twins.Add(vehicle.Id, this.store.LoadTwin(vehicle) with { Epoch = epoch, IsSupervisorOnDuty = true });
        }

        foreach (var (vehicle, kind, number) in this.store.GrantedBays())
        {
            depot = depot.Restore(vehicle, kind, twins[vehicle].Spec.ChargePowerKw, number);
        }

        traffic = TrafficBook.Of(city.Narrow).Restore(twins.Values, city.City.Fingerprint);
        cases = new(this.store);
    }

    public SimulatedStore Store => store;
    public IReadOnlyCollection<Twin> Twins => twins.Values;
    public IReadOnlyList<SweptKerb> SweptKerbs => store.SweptKerbs;
    public IReadOnlyList<MissedKerb> MissedKerbs => store.MissedKerbs;
    public IReadOnlyList<EndedMission> EndedMissions => store.EndedMissions;
    public IReadOnlyList<SimulatedNote> Notes => store.Notes;

    /// <summary>Recorded events that came in, each once.</summary>
    public IReadOnlyDictionary<string, string> Events => events;

    /// <summary>Whether leases say that a supervisor is on duty.</summary>
    public bool IsSupervisorOnDuty { get; set; } = true;

    /// <summary>Whether the vehicles' departure checks are signed.</summary>
    public bool IsCleared { get; set; } = true;

    /// <summary>What must never happen and did: a kerb counted twice, a level below its limit, a message that cannot be read.</summary>
    public IReadOnlyList<string> Violations => store.Violations;

    internal TrafficBook Traffic
    {
        get => traffic;
        set => traffic = value;
    }

    /// <summary>The open cases.</summary>
    public IEnumerable<Case> OpenCases => cases.Book.Open;

    public bool AllMissionsEnded => twins.Values.All(t => t.Mission is not { IsRunning: true });

    public Twin TwinOf(VehicleId vehicle) => twins[vehicle];

    /// <summary>Takes up what the store holds, listens to the vehicles and begins to tick once a second.</summary>
    public void Start()
    {
        foreach (var vehicle in twins.Keys.ToList())
        {
            Happen(vehicle, new TwinEvent.Restarted());
            if (twins[vehicle].Mission is not { IsRunning: true } && store.FindUnassigned(vehicle, twins[vehicle].Mission?.Id) is { } mission)
            {
                Happen(vehicle, new TwinEvent.MissionAssigned(mission));
            }
        }

        Listen<State>(LinkTopic.State, m => new TwinEvent.Reported(m));
        Listen<Connection>(LinkTopic.Connection, m => new TwinEvent.ConnectionChanged(m));
        Listen<Factsheet>(LinkTopic.Factsheet, m => new TwinEvent.Declared(m));
        Listen<SafetyReport>(LinkTopic.Safety, m => new TwinEvent.SafetyReported(m));
        Listen<EventMessage>(LinkTopic.Events, m => new TwinEvent.EventCame(m));
        loop.Schedule(TimeSpan.FromSeconds(1), Tick);
    }

    /// <summary>Ends the Centre as <c>kill -9</c> would: what it was doing stops where it is, only the store remains.</summary>
    public void Kill() => isEnded = true;

    /// <summary>Gives every tour of one day of the plan to its vehicle.</summary>
    /// <exception cref="ArgumentException">The plan names a vehicle that is not in the fleet.</exception>
    public void StartShift(Plan plan, int day = 0)
    {
        var number = store.NextMission;
        var missions = ImmutableArray.CreateBuilder<Mission>();
        foreach (var tour in plan.Tours.Where(t => t.Day == day).OrderBy(t => t.Vehicle, StringComparer.Ordinal))
        {
            var twin = twins.Values.FirstOrDefault(t => t.Spec.Id == tour.Vehicle)
                ?? throw new ArgumentException($"The plan has a tour for '{tour.Vehicle}', which is not in the fleet.", nameof(plan));
            missions.Add(Mission.From($"m{number++}", twin.Id, city.City.Fingerprint, tour, twin.Spec, loop.Now));
        }

        store.Write(missions.ToImmutable());
        foreach (var mission in missions)
        {
            Happen(mission.Vehicle, new TwinEvent.MissionAssigned(mission));
        }
    }

    /// <summary>A person's command.</summary>
    public void Command(VehicleId vehicle, VehicleCommandKind kind, string by, Investigation? investigation = null)
    {
        Happen(vehicle, new TwinEvent.Commanded(kind, by, investigation));
        cases.Note(new(vehicle.ToString(), CaseReporter.ActionOf(kind), by));
    }

    /// <summary>A person's step with a case; why it was not taken, or null. What is decided here people do: nothing goes to a vehicle.</summary>
    public CaseRefusal? Order(CaseOrder order) => isEnded ? null : cases.Happen(new CaseEvent.Ordered(order), loop.Now).Refusal;

    /// <summary>A person's answer to a request of a vehicle.</summary>
    public void Answer(VehicleId vehicle, string requestId, GrantType grant, TimeSpan? lease, string by) =>
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
                store.AddViolation($"{message.Topic}: no such vehicle");
            }
            else if (!read.IsOk)
            {
                store.AddViolation($"{message.Topic}: {read.Error}");
            }
            else
            {
                Happen(vehicle, toEvent(read.Message));
            }

            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();

    private void Tick()
    {
        if (isEnded)
        {
            return;
        }

        foreach (var vehicle in twins.Keys.ToList())
        {
            Happen(vehicle, new TwinEvent.Ticked(IsSupervisorOnDuty, IsCleared));
        }

        if (!isEnded)
        {
            cases.Tick(twins.Values, city, loop.Now);
        }

        loop.Schedule(TimeSpan.FromSeconds(1), Tick);
    }

    private void Happen(VehicleId vehicle, TwinEvent happened)
    {
        if (isEnded)
        {
            return;
        }

        var before = twins[vehicle];
        var (twin, effects) = TwinRules.Decide(before, happened, loop.Now, city);
        store.Write(vehicle, StoreBatch.Between(before, twin, effects, loop.Now, city), effects);
        twins[vehicle] = twin;
        var answers = new List<TwinEvent>();
        foreach (var effect in effects)
        {
            if (isEnded)
            {
                return;
            }

            CarryOut(twin, effect, answers);
        }

        CheckLevels(twin, happened);
        answers.ForEach(answer => Happen(vehicle, answer));
        if (!isEnded && RoadCheck.Problem(twins[vehicle], traffic, city) is { } problem)
        {
            store.AddViolation(FormattableString.Invariant($"{loop.Now:T} {problem}"));
        }
    }

    private void CarryOut(Twin twin, TwinEffect effect, List<TwinEvent> answers)
    {
        switch (effect)
        {
            case TwinEffect.Send send:
                transport.PublishAsync(new(topics.Of(twin.Id, send.Topic), send.ToBytes(), Topics.QosOf(send.Topic), Topics.IsRetained(send.Topic)))
                    .AsTask().GetAwaiter().GetResult();
                break;
            case TwinEffect.AskBay ask:
                (depot, var isGranted) = depot.Ask(twin.Id, ask.Kind, twin.Spec.ChargePowerKw, loop.Now);
                if (isGranted)
                {
                    // As an event of its own: the effects of this decision come first.
                    var number = depot.Find(twin.Id)!.Number;
                    loop.Schedule(TimeSpan.Zero, () => Happen(twin.Id, new TwinEvent.BayGranted(ask.Kind, number)));
                }

                break;
            case TwinEffect.BayBroken broken:
                depot = depot.Break(twin.Id, broken.Until);
                break;
            case TwinEffect.FreeBay:
                depot = depot.Free(twin.Id);
                break;
            case TwinEffect.AskRoad ask:
                (traffic, var answer) = traffic.Ask(twin.Id, ask.Claim, ask.Want);
                answers.Add(new TwinEvent.RoadAnswered(ask.Claim, answer));
                break;
            case TwinEffect.TellRoad tell:
                traffic = traffic.Tell(twin.Id, tell.Claim);
                break;
            case TwinEffect.KeepEvent kept:
                events[kept.EventId] = kept.Content;
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
            store.AddViolation(FormattableString.Invariant($"{loop.Now:T} {twin.Id}: hopper holds {levels.HopperM3:0.000} m3 and {levels.HopperKg:0} kg"));
        }

        if (levels.BatteryWh <= 0 || twin.Facts.BatteryPercent <= 0)
        {
            store.AddViolation(FormattableString.Invariant($"{loop.Now:T} {twin.Id}: the battery is empty"));
        }
    }
}
