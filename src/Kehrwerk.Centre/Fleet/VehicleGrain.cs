using Kehrwerk.Centre.Depots;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Fleet;

/// <summary>One vehicle's twin in the running Centre; its key is <c>manufacturer/serial</c>.</summary>
public interface IVehicleGrain : IGrainWithStringKey
{
    /// <summary>A message of the vehicle; what cannot be read is noted and otherwise ignored.</summary>
    Task TakeIn(LinkTopic topic, byte[] payload);

    Task Tick();

    /// <summary>A person's command; it is stored when the task completes.</summary>
    Task Command(VehicleCommandKind kind, string by);

    /// <summary>A stored mission that is to start now.</summary>
    Task Assign(string mission);

    /// <summary>Does nothing but wake the twin, so that its vehicle is on the screens.</summary>
    Task Show();
}

/// <summary>
/// Hosts <see cref="TwinRules"/>: asks them what follows from an event, stores it, and only then does it.
/// </summary>
internal sealed partial class VehicleGrain(
    FleetRegister fleet,
    CityContext city,
    CentreStore store,
    ITransport transport,
    Topics topics,
    LiveFleet live,
    TimeProvider time,
    ILogger<VehicleGrain> log) : Grain, IVehicleGrain
{
    private const int MaxNotedFaults = 50;
    private readonly HashSet<string> notedFaults = [];
    private Twin twin = null!;

    private IDepotGrain Depot => GrainFactory.GetGrain<IDepotGrain>(0);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var vehicle = fleet.Find(VehicleId.Parse(this.GetPrimaryKeyString()))
            ?? throw new ArgumentException($"There is no vehicle '{this.GetPrimaryKeyString()}' in the fleet.");
        twin = store.LoadTwin(vehicle);
        if (twin.Mission is { } mission)
        {
            ShowKerbs(mission);
            if (twin.Bay is { IsGranted: true } bay)
            {
                await Depot.Restore(twin.Id.ToString(), bay.Kind, twin.Spec.ChargePowerKw);
            }

            await Happen(new TwinEvent.Restarted());
        }

        // The process ended between the storing of a shift and its start here.
        if (twin.Mission is not { IsRunning: true } && store.FindUnassigned(twin.Id, twin.Mission?.Id) is { } waiting)
        {
            await Start(waiting);
        }

        live.Publish(TwinView.Of(twin, city));
    }

    public Task TakeIn(LinkTopic topic, byte[] payload) => topic switch
    {
        LinkTopic.State => Read<State>(payload, m => new TwinEvent.Reported(m)),
        LinkTopic.Connection => Read<Connection>(payload, m => new TwinEvent.ConnectionChanged(m)),
        LinkTopic.Factsheet => Read<Factsheet>(payload, m => new TwinEvent.Declared(m)),
        _ => Task.CompletedTask,
    };

    public Task Tick() => Happen(new TwinEvent.Ticked());

    public Task Command(VehicleCommandKind kind, string by) => Happen(new TwinEvent.Commanded(kind, by));

    public async Task Assign(string mission)
    {
        // A mission that was found on activation is here already.
        if (twin.Mission?.Id != mission)
        {
            await Start(store.LoadMission(mission) ?? throw new ArgumentException($"There is no mission '{mission}'.", nameof(mission)));
        }
    }

    public Task Show() => Task.CompletedTask;

    private Task Start(Mission mission)
    {
        ShowKerbs(mission);
        return Happen(new TwinEvent.MissionAssigned(mission));
    }

    private async Task Read<T>(byte[] payload, Func<T, TwinEvent> toEvent)
        where T : VdaMessage
    {
        var read = LinkJson.Read<T>(payload);
        if (read.IsOk && read.Message.Vehicle == twin.Id)
        {
            await Happen(toEvent(read.Message));
            return;
        }

        var fault = read.IsOk ? $"it is signed by {read.Message.Vehicle}" : read.Error;
        if (notedFaults.Count < MaxNotedFaults && notedFaults.Add(fault))
        {
            LogUnreadable(log, twin.Id.ToString(), typeof(T).Name, fault);
            await store.Write(new() { Record = [new(time.GetUtcNow(), "unreadable", twin.Id.ToString(), twin.Id.ToString(), $"{typeof(T).Name}: {fault}")] });
        }
    }

    // What one event brings about may be events again, such as a bay that is free at once.
    private async Task Happen(TwinEvent first)
    {
        var events = new Queue<TwinEvent>([first]);
        while (events.TryDequeue(out var happened))
        {
            var now = time.GetUtcNow();
            var (next, effects) = TwinRules.Decide(twin, happened, now, city);
            if (StoreBatch.Between(twin, next, effects, now, city) is { IsEmpty: false } batch)
            {
                await store.Write(batch);
            }

            twin = next;
            foreach (var effect in effects)
            {
                await CarryOut(effect, events);
            }
        }
    }

    private async Task CarryOut(TwinEffect effect, Queue<TwinEvent> events)
    {
        switch (effect)
        {
            case TwinEffect.Send { Message: Order order }:
                await Publish(LinkTopic.Order, LinkJson.Serialize(order));
                break;
            case TwinEffect.Send { Message: InstantActions actions }:
                await Publish(LinkTopic.InstantActions, LinkJson.Serialize(actions));
                break;
            case TwinEffect.AskBay ask:
                if (await Depot.Ask(twin.Id.ToString(), ask.Kind, twin.Spec.ChargePowerKw))
                {
                    events.Enqueue(new TwinEvent.BayGranted(ask.Kind));
                }

                break;
            case TwinEffect.FreeBay:
                await Depot.Free(twin.Id.ToString());
                break;
            case TwinEffect.KerbSwept kerb:
                live.Publish((kerb.Kerb, KerbState.Swept));
                break;
            case TwinEffect.KerbMissed kerb:
                live.Publish((kerb.Kerb, KerbState.Missed));
                break;
            case TwinEffect.ViewChanged:
                live.Publish(TwinView.Of(twin, city));
                break;
            default:
                // Mission ends and notes are stored; there is nothing to do besides.
                break;
        }
    }

    private ValueTask Publish(LinkTopic topic, byte[] payload) =>
        transport.PublishAsync(new(topics.Of(twin.Id, topic), payload, Topics.QosOf(topic), Topics.IsRetained(topic)));

    private void ShowKerbs(Mission mission) => live.Publish(
        [.. mission.Steps.Where(s => s.Work is StepWork.Sweep).Select(s => (((StepWork.Sweep)s.Work).Kerb, KerbStateOf(s.Status)))]);

    private static KerbState KerbStateOf(StepStatus status) => status switch
    {
        StepStatus.Done => KerbState.Swept,
        StepStatus.Skipped => KerbState.Missed,
        _ => KerbState.Planned,
    };

    [LoggerMessage(LogLevel.Warning, "A {Kind} of {Vehicle} cannot be used: {Fault}. Further ones with the same fault are not reported.")]
    private static partial void LogUnreadable(ILogger log, string vehicle, string kind, string fault);
}
