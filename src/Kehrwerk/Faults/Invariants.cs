using System.Buffers.Text;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Record;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Faults;

/// <summary>
/// What has to hold in a world of faults after every event, whatever went wrong (docs/link/faults.md lists it). It looks at the processes
/// from outside and keeps its own books of who said and heard what, so that no program's own memory is believed.
/// </summary>
internal sealed class Invariants(FaultWorld world)
{
    private readonly Dictionary<VehicleId, VehicleLedger> ledgers = [];
    private readonly Dictionary<VehicleId, Mission?> missions = [];
    private readonly Dictionary<string, VehicleId> owners = new(StringComparer.Ordinal);
    private readonly StreetLedger streets = new(world.Stage.City.Streets, world.Stage.City.Depot.Arc, world.Stage.Model.LengthM);
    private int commands;
    private int sweptSeen;

    /// <summary>What does not hold, with the simulated time; null while all does.</summary>
    public string? Broken { get; private set; }

    public void Commanded(VehicleId vehicle, VehicleCommandKind kind)
    {
        commands++;
        LedgerOf(vehicle).Commanded(kind);
    }

    public void VehicleStarted(FaultVehicle vehicle) => LedgerOf(vehicle.Id).Of(vehicle).Restarted();

    public void VehicleSays(FaultVehicle vehicle, LinkMessage message)
    {
        var ears = LedgerOf(vehicle.Id).Of(vehicle);
        var payload = message.Payload.Span;
        switch (TopicOf(message))
        {
            case LinkTopic.State:
                ears.SaysState(HeaderIdOf(payload), world.Loop.Now);

                // Reading every state would be a sixth of all time; between two changes of the actions they tell nothing new here.
                if (ears.HasOtherActions(payload) && LinkJson.Read<State>(payload) is { IsOk: true } state)
                {
                    LedgerOf(vehicle.Id).Reported(state.Message);
                }

                break;
            case LinkTopic.Safety when LinkJson.Read<SafetyReport>(payload) is { IsOk: true } read:
                if (ears.Says(read.Message) is { } fault)
                {
                    Break($"{vehicle.ClientId}: {fault}");
                }

                break;
            default:
                break;
        }
    }

    private static uint HeaderIdOf(ReadOnlySpan<byte> message)
    {
        var from = message.IndexOf("\"headerId\":"u8);
        return from >= 0 && Utf8Parser.TryParse(message[(from + 11)..], out uint id, out _) ? id : 0;
    }

    public void VehicleHears(FaultVehicle vehicle, LinkMessage message)
    {
        var ledger = LedgerOf(vehicle.Id);
        switch (TopicOf(message))
        {
            case LinkTopic.Order when LinkJson.Read<Order>(message.Payload.Span) is { IsOk: true } read:
                ledger.Of(vehicle).Hears(read.Message);
                break;
            case LinkTopic.InstantActions when LinkJson.Read<InstantActions>(message.Payload.Span) is { IsOk: true } read:
                ledger.Of(vehicle).Hears(read.Message, world.Loop.Now);
                break;
            case LinkTopic.Supervision when LinkJson.Read<Supervision>(message.Payload.Span) is { IsOk: true } read:
                ledger.Of(vehicle).Hears(read.Message);
                break;
            default:
                break;
        }
    }

    public void CentreSays(LinkMessage message)
    {
        if (!Topics.Default.TryParse(message.Topic, out var vehicle, out var topic) || world.Centre is not { } centre)
        {
            return;
        }

        var ledger = LedgerOf(vehicle);
        var twin = centre.TwinOf(vehicle);
        if (topic == LinkTopic.Order && LinkJson.Read<Order>(message.Payload.Span) is { IsOk: true, Message: var order })
        {
            ledger.Sent(order);
            Require(!twin.IsStopped && !twin.IsPaused, $"{vehicle} is held by a person and was sent order {order.OrderId}");
            Require(twin.Mission is { } mission && order.OrderId.StartsWith(mission.Id + ".", StringComparison.Ordinal), $"{vehicle} was sent order {order.OrderId}, which is not of its mission");
            foreach (var step in twin.Mission!.Steps)
            {
                if (step is { Work: StepWork.Sweep sweep } && world.Store.HasCovered(twin.Mission.Id, sweep.Kerb)
                    && order.Edges.Any(e => e.Actions.Any(a => IsSweepOf(a.ActionId, twin.Mission.Id, sweep.Kerb))))
                {
                    Break($"{vehicle}: kerb {KeyOf(sweep.Kerb)} was reported swept and is ordered again");
                }
            }
        }
        else if (topic == LinkTopic.InstantActions && LinkJson.Read<InstantActions>(message.Payload.Span) is { IsOk: true, Message: var actions })
        {
            if (ledger.Sent(actions) is { } fault)
            {
                Break($"{vehicle}: {fault}");
            }
        }
    }

    /// <summary>Looks at everything as it stands after an event.</summary>
    public void Check()
    {
        foreach (var vehicle in world.Vehicles)
        {
            if (vehicle.Shell is { } shell && LedgerOf(vehicle.Id).Of(vehicle).Check(shell.Program.Activity, world.Loop.Now, world.IsSupervised) is { } fault)
            {
                Break($"{vehicle.ClientId}: {fault}");
            }

            if (vehicle.Shell?.Program.Place is { } place && streets.Moved(vehicle, place) is { } meeting)
            {
                Break($"{vehicle.ClientId}: {meeting}");
            }
        }

        for (; sweptSeen < world.Store.SweptKerbs.Count; sweptSeen++)
        {
            var kerb = world.Store.SweptKerbs[sweptSeen];
            Require(
                LedgerOf(kerb.Vehicle).Finished.Any(id => IsSweepOf(id, kerb.Mission, kerb.Kerb)),
                $"{kerb.Vehicle}: kerb {KeyOf(kerb.Kerb)} is counted, and the vehicle never reported it");
        }

        if (world.Store.Violations is [var first, ..])
        {
            Break(first);
        }

        if (world.Centre is { } centre)
        {
            foreach (var twin in centre.Twins)
            {
                CheckMission(twin);
            }
        }
    }

    /// <summary>Looks at everything once more when the run is over.</summary>
    public string? CheckEnd(bool hasEnded)
    {
        Require(hasEnded, $"the shift does not come to its end: {string.Join("; ", world.Centre?.Twins.Select(Tell) ?? ["the Centre is down"])}");
        var verdict = RecordChain.Verify(world.Store.Record);
        Require(verdict.Problem is null, $"the record is not whole: {verdict.Problem}");
        var recorded = world.Store.Notes.Count(n => n.Kind == "command");
        Require(recorded == commands, $"{commands} commands were given and {recorded} are on record");
        foreach (var twin in world.Centre?.Twins ?? [])
        {
            foreach (var step in twin.Mission?.Steps ?? [])
            {
                Require(
                    step.Work is not StepWork.Sweep sweep || world.Store.HasCovered(twin.Mission!.Id, sweep.Kerb)
                        || world.Store.MissedKerbs.Any(m => m.Mission == twin.Mission.Id && m.Kerb == sweep.Kerb),
                    $"{twin.Id}: a planned kerb is neither swept nor reported missed");
            }
        }

        return Broken;
    }

    private void CheckMission(Twin twin)
    {
        if (ReferenceEquals(missions.GetValueOrDefault(twin.Id), twin.Mission))
        {
            return;
        }

        var before = missions.GetValueOrDefault(twin.Id);
        missions[twin.Id] = twin.Mission;
        if (twin.Mission is not { } mission)
        {
            Require(before is null, $"{twin.Id} has lost its mission {before?.Id}");
            return;
        }

        Require(before is null || before.Id == mission.Id || !before.IsRunning, $"{twin.Id} has mission {mission.Id} while {before?.Id} runs");
        Require(owners.TryAdd(mission.Id, twin.Id) || owners[mission.Id] == twin.Id, $"mission {mission.Id} is in two vehicles");
        foreach (var step in mission.Steps)
        {
            if (step.Work is StepWork.Sweep { IsAgain: false } sweep)
            {
                Require(
                    step.Status is StepStatus.Done == world.Store.HasCovered(mission.Id, sweep.Kerb),
                    $"{twin.Id}: kerb {KeyOf(sweep.Kerb)} is {step.Status.GetType().Name} in the mission, counted: {world.Store.HasCovered(mission.Id, sweep.Kerb)}");
            }
        }
    }

    private void Require(bool holds, FormattableString otherwise)
    {
        if (!holds)
        {
            Break(FormattableString.Invariant(otherwise));
        }
    }

    private void Break(string what)
    {
        if (Broken is null)
        {
            Broken = FormattableString.Invariant($"{(world.Loop.Now - FaultWorld.Start).TotalSeconds:F3} s: {what}");
            world.Journal.Event(world.Loop.Now, $"BROKEN: {what}");
        }
    }

    private VehicleLedger LedgerOf(VehicleId vehicle)
    {
        if (!ledgers.TryGetValue(vehicle, out var ledger))
        {
            ledgers.Add(vehicle, ledger = new());
        }

        return ledger;
    }

    private string KeyOf(int kerb) => world.Stage.City.Kerbs[kerb].Key;

    private bool IsSweepOf(string actionId, string mission, int kerb) =>
        actionId.StartsWith($"{mission}.k{KeyOf(kerb)}.", StringComparison.Ordinal);

    private static string Tell(Twin twin) =>
        $"{twin.Id} {twin.Link}, mission {(twin.Mission is { IsRunning: true } m ? m.Id : "none")}, order {twin.Order?.OrderId ?? "none"}, fault {twin.Fault ?? "none"}, waits for {twin.RoadWait?.Block.ToString() ?? "none"}, commands {string.Join(' ', twin.Commands.Select(c => c.ActionType))}";

    private static LinkTopic? TopicOf(LinkMessage message) => Topics.Default.TryParse(message.Topic, out _, out var topic) ? topic : null;
}
