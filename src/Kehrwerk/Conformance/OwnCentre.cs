using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Conformance;
using Kehrwerk.Conformance.Masters;
using Kehrwerk.Faults;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk;

/// <summary>
/// Our own Centre under check in the deterministic event loop: its twins, rules and depot as in production, over a store in memory that is
/// gone afterwards. A person at the Centre does what the check asks for.
/// </summary>
internal sealed class OwnCentre
{
    private const string Person = "Ada";
    private const double WaitS = 300;

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);

    private readonly EventLoop loop = new(Start, seed: 1);
    private readonly SimulatedCentre centre;
    private readonly MasterCheck check;
    private readonly FaultStage stage = FaultStage.Small(1);
    private readonly Random chance = new(1);

    private OwnCentre(Func<ITransport, EventLoop, ITransport>? bend, bool isAttended, Action<string> progress)
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var line = broker.Connect("centre");
        centre = new(loop, bend?.Invoke(line, loop) ?? line, stage.Context, stage.Fleet);
        var vehicle = broker.Connect("conform", MasterCheck.WillOf(Id, Topics.Default, loop.Now));
        check = new(loop, vehicle, Topics.Default, Id, OwnRoute.Instance, new(Ask, isAttended, WaitS, _ => true, progress));
    }

    private static VehicleId Id => OwnVehicle.Id;

    /// <param name="bend">Puts something between the Centre and its line, to break a rule.</param>
    /// <param name="isAttended">Somebody is at the Centre.</param>
    public static (ImmutableArray<RuleResult> Results, TimeSpan Took) Check(
        Func<ITransport, EventLoop, ITransport>? bend = null, bool isAttended = true, Action<string>? progress = null)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var world = new OwnCentre(bend, isAttended, progress ?? (_ => { }));
            world.centre.Start();
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

    // As events of their own: what is asked for comes a moment later, as with people.
    private void Ask(MasterWish wish) => loop.Schedule(TimeSpan.FromSeconds(3), () =>
    {
        switch (wish)
        {
            case MasterWish.Work when centre.AllMissionsEnded:
                centre.StartShift(stage.Plan(chance));
                break;
            case MasterWish.AnswerAhead or MasterWish.Answer:
                centre.Answer(Id, wish == MasterWish.Answer ? "conform-r1" : "conform-r0", GrantType.Granted, lease: null, Person);
                break;
            case MasterWish.Pause:
                centre.Command(Id, VehicleCommandKind.Pause, Person);
                loop.Schedule(TimeSpan.FromSeconds(3), () => centre.Command(Id, VehicleCommandKind.Resume, Person));
                break;
            case MasterWish.Closure:
                // A street off the vehicle's ring: the middle of the proving ground.
                var (streets, closed) = (stage.City.Streets, Enumerable.Range(0, stage.City.Streets.ArcCount).First(arc => stage.City.Streets.ArcTail[arc] == 4));
                centre.Close(Closures.None.Close(closed, streets.ArcReverse[closed]));
                break;
            default:
                break;
        }
    });
}
