using System.Collections.Immutable;
using Kehrwerk.Conformance;
using Kehrwerk.Conformance.Vehicles;
using Kehrwerk.Faults;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Kehrwerk.Sweeper;

namespace Kehrwerk;

/// <summary>
/// Our own sweeper under check in the deterministic event loop: the same rules as over a real broker, in simulated time. Somebody is
/// always at the vehicle.
/// </summary>
internal sealed class OwnVehicle : IAttendant
{
    /// <summary>Driving two edges of the proving ground, also sweeping, takes less.</summary>
    public const double DriveLimitS = 120;

    // A Monday; the date decides nothing but the timestamps.
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);

    private readonly EventLoop loop = new(Start, seed: 1);
    private readonly InMemoryClient line;
    private readonly SweeperInLoop vehicle;
    private readonly VehicleCheck check;

    private OwnVehicle(bool isSupervised, Func<ITransport, EventLoop, ITransport>? bend, bool hasWill, Action<string> progress)
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        line = broker.Connect(Id.ToString(), hasWill ? SweeperProgram.LastWillOf(Id, Topics.Default, loop.Now) : null);
        vehicle = new(loop, Program(isSupervised), bend?.Invoke(line, loop) ?? line, Topics.Default);
        check = new(loop, broker.Connect("conform"), Topics.Default, Id, OwnRoute.Instance, this, DriveLimitS, epoch: null, _ => true, progress);
    }

    public static VehicleId Id { get; } = Fleet.Id(1);

    public static SweeperProgram Program(bool isSupervised)
    {
        var (ground, city) = (ProvingGround.Instance, ProvingGround.Instance.City);
        return new(
            Id,
            ground.Model,
            city.Streets,
            city.Fingerprint,
            new SweeperSettings { DepotArc = city.Depot.Arc, Supervision = isSupervised ? new() : null },
            SweeperCondition.Fresh(ground.Model, city.Streets, city.Depot.Arc));
    }

    /// <summary>Checks a new vehicle.</summary>
    /// <param name="bend">Puts something between the vehicle and its line, to break a rule.</param>
    /// <param name="hasWill">It sets a last will.</param>
    public static (ImmutableArray<RuleResult> Results, TimeSpan Took) Check(
        bool isSupervised, Func<ITransport, EventLoop, ITransport>? bend = null, bool hasWill = true, Action<string>? progress = null)
    {
        // Scenes go on within the events of the loop: nothing may take them elsewhere.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var world = new OwnVehicle(isSupervised, bend, hasWill, progress ?? (_ => { }));
            world.vehicle.Start();
            world.loop.RunFor(TimeSpan.FromSeconds(15));
            var running = world.check.Run();
            while (!running.IsCompleted && world.loop.Step())
            {
            }

            return (running.GetAwaiter().GetResult(), world.loop.Now - Start);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public Task<bool> Switch(OperatingMode mode)
    {
        vehicle.Program.SwitchMode(mode);
        return Task.FromResult(true);
    }

    public Task<bool> Cut()
    {
        line.Disconnect();
        return Task.FromResult(true);
    }

    public Task<bool> Mend()
    {
        line.Reconnect();
        return Task.FromResult(true);
    }
}
