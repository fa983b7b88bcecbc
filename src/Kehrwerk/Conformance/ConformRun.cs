using Kehrwerk.Conformance;
using Kehrwerk.Conformance.Masters;
using Kehrwerk.Conformance.Reports;
using Kehrwerk.Conformance.Vehicles;
using Kehrwerk.Link;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Sweeper;
using Microsoft.Extensions.Logging.Abstractions;
using Route = Kehrwerk.Conformance.Route;

namespace Kehrwerk;

/// <summary>Checks over a real broker, in real time or by a faster clock.</summary>
internal static class ConformRun
{
    private static readonly TimeSpan HeldUpTold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectsWithin = TimeSpan.FromSeconds(15);

    /// <param name="line">How the runner connects.</param>
    /// <param name="epoch">Epoch of the leases; null: the vehicle's own.</param>
    public static Task<Report> Vehicle(
        MqttTransportOptions line, VehicleId vehicle, Route route, IAttendant attendant, double driveLimitS, uint? epoch, Func<Rule, bool> isWanted, CancellationToken cancellation) =>
        Over(line, TimeProvider.System, Party.Vehicle, vehicle, (world, transport) => new VehicleCheck(
            world.Loop, transport, Topics.Default, vehicle, route, attendant, driveLimitS, epoch, isWanted, Tell).Run(), cancellation);

    public static Task<Report> Master(MqttTransportOptions line, VehicleId vehicle, Route route, MasterCheckOptions options, CancellationToken cancellation) =>
        Over(line with { Will = MasterCheck.WillOf(vehicle, Topics.Default, TimeProvider.System.GetUtcNow()) }, TimeProvider.System, Party.MasterControl, vehicle, (world, transport) => new MasterCheck(
            world.Loop, transport, Topics.Default, vehicle, route, options).Run(), cancellation);

    /// <summary>Our own sweeper over an embedded broker of its own, and somebody at it.</summary>
    /// <param name="speed">Seconds of its clock per real second.</param>
    public static async Task<Report> Self(double speed, Func<Rule, bool> isWanted, CancellationToken cancellation)
    {
        await using var broker = await EmbeddedBroker.StartAsync(new() { Port = 0 }, NullLogger<EmbeddedBroker>.Instance);
        using var relay = new Relay(broker.Port);
        var clock = new AcceleratedTime(speed);
        var id = OwnVehicle.Id;
        return await Over(new("127.0.0.1", broker.Port, "conform"), clock, Party.Vehicle, id, async (world, transport) =>
        {
            await using var own = MqttTransport.Start(
                new("127.0.0.1", relay.Port, id.ToString()) { Will = SweeperProgram.LastWillOf(id, Topics.Default, clock.GetUtcNow()) }, NullLogger<MqttTransport>.Instance);
            var vehicle = new SweeperInLoop(world.Loop, OwnVehicle.Program(isSupervised: true), world.Bring(own, waits: false), Topics.Default);
            vehicle.Start();
            try
            {
                return await new VehicleCheck(world.Loop, transport, Topics.Default, id, OwnRoute.Instance, new Beside(vehicle, relay), OwnVehicle.DriveLimitS, null, isWanted, Tell).Run();
            }
            finally
            {
                vehicle.Stop();
            }
        }, cancellation);
    }

    private static async Task<Report> Over(
        MqttTransportOptions line, TimeProvider clock, Party party, VehicleId vehicle,
        Func<RealTime, ITransport, Task<System.Collections.Immutable.ImmutableArray<RuleResult>>> check, CancellationToken cancellation)
    {
        using var world = new RealTime(clock);
        await using var transport = MqttTransport.Start(line, NullLogger<MqttTransport>.Instance);
        var began = TimeProvider.System.GetTimestamp();
        while (!transport.IsConnected)
        {
            if (TimeProvider.System.GetElapsedTime(began) > ConnectsWithin)
            {
                throw new CannotCheckException($"The broker at {line.Host}:{line.Port} cannot be reached. Check --broker, and the certificates where it wants TLS");
            }

            await Task.Delay(50, cancellation);
        }

        var (start, from) = (clock.GetUtcNow(), clock.GetTimestamp());
        // Everything of the check happens in this one task.
        var results = await Task.Run(async () =>
        {
            var work = check(world, world.Bring(transport));
            await world.Run(work, cancellation);
            return await work;
        }, cancellation);
        if (world.HeldUp > HeldUpTold)
        {
            Terminal.Note(FormattableString.Invariant($"  This machine was busy: the check itself was held up for up to {world.HeldUp.TotalSeconds:F1} s. Repeat what failed for a delay on one that is less so."));
        }

        return new(party, vehicle.ToString(), start, clock.GetElapsedTime(from).TotalSeconds, results);
    }

    public static void Tell(string step) => Terminal.Note("  " + step);

    public static void AskPerson(MasterWish wish) => Terminal.Note(wish switch
    {
        MasterWish.Work => "  > At the master control, unless it does so by itself: give the vehicle work along its route, and further work after it.",
        MasterWish.AnswerAhead => "  > At the master control, now: try to grant the vehicle's request conform-r0, for an edge that is not released; it should refuse that.",
        MasterWish.Answer => "  > At the master control, now: grant the vehicle's request conform-r1, if it can.",
        MasterWish.Pause => "  > At the master control, now: pause the vehicle, and let it go on.",
        _ => "  > At the master control, now: close a street that is off the vehicle's way, if it sends zone sets.",
    });

    /// <summary>Somebody at our own sweeper.</summary>
    private sealed class Beside(SweeperInLoop vehicle, Relay relay) : IAttendant
    {
        public Task<bool> Switch(OperatingMode mode)
        {
            vehicle.Program.SwitchMode(mode);
            return Task.FromResult(true);
        }

        public Task<bool> Cut()
        {
            relay.Cut();
            return Task.FromResult(true);
        }

        public Task<bool> Mend()
        {
            relay.Mend();
            return Task.FromResult(true);
        }
    }
}

/// <summary>The person at the terminal, who stands beside the vehicle.</summary>
internal sealed class TerminalAttendant : IAttendant
{
    public Task<bool> Switch(OperatingMode mode) => Ask($"Switch the vehicle to {mode.ToString().ToUpperInvariant()}");

    public Task<bool> Cut() => Ask("Cut the vehicle's connection to the broker, e.g. switch its radio off");

    public Task<bool> Mend() => Ask("Let the vehicle connect again");

    // The vehicle goes on meanwhile, and so must its leases: what is asked for is waited for by the scene, not here.
    private static Task<bool> Ask(string what)
    {
        Terminal.Note($"  > {what}, now.");
        return Task.FromResult(true);
    }
}
