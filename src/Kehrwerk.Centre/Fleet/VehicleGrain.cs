using System.Runtime.ExceptionServices;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Depots;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Monitor;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Centre.Upkeep;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Centre.Fleet;

/// <summary>One vehicle's twin. The key is <c>manufacturer/serial</c>.</summary>
internal interface IVehicleGrain : IGrainWithStringKey
{
    /// <summary>Takes a message of the vehicle; says what is wrong with it where it cannot be read.</summary>
    Task<string?> Receive(LinkTopic topic, byte[] payload);

    Task Tick();

    /// <summary>Takes up the mission that was stored for it.</summary>
    Task<bool> Assign(string mission);

    /// <summary>The last three make the <see cref="Investigation"/>, where there is one.</summary>
    Task Command(VehicleCommandKind kind, string by, string? finding, string? text, bool cancelsOrder);

    /// <summary>A person's answer to a request; false where the vehicle does not ask for it.</summary>
    Task<string?> Answer(string requestId, GrantType grant, TimeSpan? lease, string by, string reason);

    Task ClosuresChanged();
}

/// <summary>
/// Hosts a twin: the only writer of its state. What a decision changes is stored first; only then is the decision taken over and
/// what depends on it sent. If the store fails, nothing has happened, and the next report leads to the same decision; only what holds
/// the vehicle is decided and sent all the same, and stored as soon as that is possible.
/// </summary>
internal sealed class VehicleGrain(
    CentreStore store, ITransport transport, LiveFleet live, VehicleMonitor monitor, CurrentCity city, CentreOptions options, HasSupervisor hasSupervisor, IsCleared isCleared) : Grain, IVehicleGrain
{
    private Twin twin = null!;
    private StoreBatch? unstored;

    // What was decided was not carried out to its end: the traffic book may not have heard what the twin holds.
    private bool isRoadUnsure;
    private CaseReporter cases = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var id = VehicleId.Parse(this.GetPrimaryKeyString());
        var vehicle = options.Vehicles.FirstOrDefault(v => v.Id == id)
            ?? throw new ArgumentException($"'{id}' is not a vehicle of this fleet.");
        twin = store.LoadTwin(vehicle) with { Epoch = store.Epoch, IsCleared = isCleared(this.GetPrimaryKeyString()) };
        cases = new(id, GrainFactory, options.Time);
        ShowKerbs();
        await Happen(new TwinEvent.Restarted());
        if (store.FindUnassigned(id, twin.Mission?.Id) is { } mission && twin.Mission is not { IsRunning: true })
        {
            // The shift was stored, and the process ended before its twin heard of it.
            await Take(mission);
        }

        Show();
    }

    public async Task<string?> Receive(LinkTopic topic, byte[] payload)
    {
        var (happened, fault) = topic switch
        {
            LinkTopic.State => Read<State>(payload, state => new TwinEvent.Reported(state)),
            LinkTopic.Connection => Read<Connection>(payload, connection => new TwinEvent.ConnectionChanged(connection)),
            LinkTopic.Factsheet => Read<Factsheet>(payload, factsheet => new TwinEvent.Declared(factsheet)),
            LinkTopic.Safety => Read<SafetyReport>(payload, report => new TwinEvent.SafetyReported(report)),
            LinkTopic.Events => Read<EventMessage>(payload, message => new TwinEvent.EventCame(message)),
            _ => (null, $"topic {topic} is not for the Centre"),
        };
        VdaMessage? message = happened switch
        {
            TwinEvent.Reported reported => reported.State,
            TwinEvent.SafetyReported reported => reported.Report,
            _ => null,
        };
        monitor.Heard(twin.Id, topic, payload, message, fault, options.Time.GetUtcNow());
        if (happened is not null)
        {
            await Happen(happened);
        }

        return happened is TwinEvent.EventCame came ? Supervising.FaultOf(came.Message, twin.Id) : fault;
    }

    public async Task Tick()
    {
        await Happen(new TwinEvent.Ticked(options.IsSupervisorAlwaysOnDuty || hasSupervisor(this.GetPrimaryKeyString()), isCleared(this.GetPrimaryKeyString())));
        await cases.Tell(twin, city.Value);
    }

    public async Task<bool> Assign(string mission)
    {
        if (twin.Mission is { IsRunning: true })
        {
            return twin.Mission.Id == mission;
        }

        await Take(store.LoadMission(mission) ?? throw new ArgumentException($"Mission {mission} is not stored."));
        return true;
    }

    public async Task Command(VehicleCommandKind kind, string by, string? finding, string? text, bool cancelsOrder)
    {
        cases.Note(kind, by, finding, text);
        await Happen(new TwinEvent.Commanded(kind, by, finding is null || text is null ? null : new(finding, text, cancelsOrder)));
    }

    public async Task<string?> Answer(string requestId, GrantType grant, TimeSpan? lease, string by, string reason)
    {
        var refusal = RequestAnswers.Refusal(twin, requestId, grant, lease);
        await Happen(new TwinEvent.Answered(requestId, grant, lease, by, reason));
        if (refusal is null)
        {
            cases.Note(grant, by, requestId);
        }

        return refusal;
    }

    public Task ClosuresChanged() => Happen(new TwinEvent.ClosuresChanged());

    private async Task Take(Mission mission)
    {
        await Happen(new TwinEvent.MissionAssigned(mission));
        ShowKerbs();
    }

    private (TwinEvent? Happened, string? Fault) Read<T>(byte[] payload, Func<T, TwinEvent> toEvent)
        where T : VdaMessage
    {
        var read = LinkJson.Read<T>(payload);
        return !read.IsOk ? (null, read.Error)
            : read.Message.Vehicle != twin.Id ? (null, $"the message names vehicle {read.Message.Vehicle}")
            : (toEvent(read.Message), null);
    }

    private async Task Happen(TwinEvent first)
    {
        var wasUnsure = isRoadUnsure;
        isRoadUnsure = true;
        var notStored = await DecideAll(first);
        if (wasUnsure)
        {
            await CarryOut(new TwinEffect.TellRoad(twin.Road));
        }

        isRoadUnsure = false;

        // Whoever gave the command learns that it is not on record.
        notStored?.Throw();
    }

    private async Task<ExceptionDispatchInfo?> DecideAll(TwinEvent first)
    {
        var events = new Queue<TwinEvent>([first]);
        ExceptionDispatchInfo? notStored = null;
        while (events.TryDequeue(out var happened))
        {
            var now = options.Time.GetUtcNow();
            var (after, effects) = TwinRules.Decide(twin, happened, now, city.Value);
            var batch = StoreBatch.Between(twin, after, effects, now, city.Value);
            try
            {
                await Store(batch);
            }
            catch (Exception fault) when (effects.Any(Holds))
            {
                unstored = batch.After(unstored);
                notStored = ExceptionDispatchInfo.Capture(fault);
            }

            twin = after;
            foreach (var effect in effects)
            {
                if (await CarryOut(effect) is { } answer)
                {
                    events.Enqueue(answer);
                }
            }
        }

        return notStored;
    }

    private async Task Store(StoreBatch batch)
    {
        if (!batch.IsEmpty)
        {
            await store.Write(batch.After(unstored));
            unstored = null;
        }
    }

    private static bool Holds(TwinEffect effect) =>
        effect is TwinEffect.Send { Message: InstantActions message } && message.Actions.Any(action => PendingCommand.Holds(action.ActionType));

    private async Task<TwinEvent?> CarryOut(TwinEffect effect)
    {
        switch (effect)
        {
            case TwinEffect.Send send:
                var bytes = send.ToBytes();
                monitor.Said(twin.Id, send.Topic, bytes, options.Time.GetUtcNow());
                await transport.PublishAsync(new(options.Topics.Of(twin.Id, send.Topic), bytes, Topics.QosOf(send.Topic), Topics.IsRetained(send.Topic)));
                return null;
            case TwinEffect.AskBay ask:
                var depot = GrainFactory.GetGrain<IDepotGrain>(0);
                return await depot.Ask(twin.Id.ToString(), ask.Kind, twin.Spec.ChargePowerKw) is > 0 and var number ? new TwinEvent.BayGranted(ask.Kind, number) : null;
            case TwinEffect.BayBroken broken:
                await GrainFactory.GetGrain<IDepotGrain>(0).Break(twin.Id.ToString(), broken.Until);
                return null;
            case TwinEffect.FreeBay:
                await GrainFactory.GetGrain<IDepotGrain>(0).Free(twin.Id.ToString());
                return null;
            case TwinEffect.AskRoad ask:
                return new TwinEvent.RoadAnswered(ask.Claim, await GrainFactory.GetGrain<ITrafficGrain>(0).Ask(twin.Id, ask.Claim, ask.Want));
            case TwinEffect.TellRoad tell:
                await GrainFactory.GetGrain<ITrafficGrain>(0).Tell(twin.Id, tell.Claim);
                return null;
            case TwinEffect.KerbSwept kerb:
                live.Publish((kerb.Kerb, KerbState.Swept));
                return null;
            case TwinEffect.KerbMissed kerb:
                live.Publish((kerb.Kerb, KerbState.Missed));
                return null;
            case TwinEffect.ViewChanged:
                Show();
                return null;
            default:
                return null;
        }
    }

    private void Show()
    {
        monitor.Show(twin);
        live.Publish(TwinView.Of(twin, city.Value) with { Quality = monitor.FiguresOf(twin.Id.ToString(), twin.Link, options.Time.GetUtcNow()) });
    }

    private void ShowKerbs()
    {
        if (twin.Mission is not { } mission || mission.City != options.City.Fingerprint)
        {
            return;
        }

        live.Publish(
        [
            .. mission.Steps.Where(s => s.IsPlannedSweep).Select(s => (((StepWork.Sweep)s.Work).Kerb, s.Status switch
            {
                StepStatus.Done => KerbState.Swept,
                StepStatus.Skipped => KerbState.Missed,
                _ => KerbState.Planned,
            })),
        ]);
    }
}
