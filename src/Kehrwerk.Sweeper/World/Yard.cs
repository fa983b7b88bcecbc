using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// The depot's yard. All its bays lie behind one place of the street network, the gate, which carries the marker: who has docked there is in the yard, where nobody
/// on the street sees or touches it, and comes out at the same place, one after the other, when the way there is free. The ways between the bays are not in the
/// world. Not thread-safe.
/// </summary>
internal sealed class Yard(VirtualWorld world)
{
    // Who comes in within this of the gate goes first; who has come out must be so far; and nothing else may be so near, m.
    private const double ApproachM = 45, LeftM = 25, ClearM = 3;

    // Docked for so long it is in, s.
    private const double DockedS = 1;

    private readonly List<DepotFault> faults = [];

    public void Inject(in DepotFault fault) => faults.Add(fault);

    /// <summary>What is wrong with a bay now; null: nothing.</summary>
    public DepotFaultKind? FaultOf(DepotService service, int bay)
    {
        foreach (var fault in faults)
        {
            if (fault.Service == service && (fault.Bay == 0 || fault.Bay == bay) && world.TimeS >= fault.FromS && world.TimeS < fault.ToS)
            {
                return fault.Kind;
            }
        }

        return null;
    }

    /// <summary>Looks after one vehicle before each of its ticks.</summary>
    /// <param name="sets">It wants to move.</param>
    public void Look(VirtualPlatform vehicle, bool sets)
    {
        var bays = world.Settings.Bays;
        if (bays.IsEmpty)
        {
            return;
        }

        vehicle.HasLeft |= vehicle.Body.SpeedMps != 0;
        if (!vehicle.IsInYard && vehicle.HasLeft && vehicle.StandsS >= DockedS && vehicle.DockedAt() >= 0)
        {
            (vehicle.IsInYard, vehicle.HasLeft) = (true, false);
        }

        vehicle.IsHeld = vehicle.IsInYard && !IsFree(vehicle);

        // From the moment at which one begins to leave, the gate is closed to all others.
        vehicle.IsInYard &= vehicle.IsHeld || !sets;
    }

    private bool IsFree(VirtualPlatform vehicle)
    {
        foreach (var other in world.Sweepers)
        {
            if (other == vehicle || other.IsInYard)
            {
                continue;
            }

            var (dx, dy) = (other.Body.X - vehicle.Body.X, other.Body.Y - vehicle.Body.Y);
            var distance = Math.Sqrt((dx * dx) + (dy * dy));
            var comes = (dx * Math.Cos(other.Body.HeadingRad)) + (dy * Math.Sin(other.Body.HeadingRad)) < 0;
            if (distance < (comes ? ApproachM : LeftM))
            {
                return false;
            }
        }

        var agents = world.Agents;
        var box = vehicle.Box;
        for (var i = 0; i < agents.Length; i++)
        {
            if (i != vehicle.AgentIndex && !agents[i].IsAway && Math.Abs(agents[i].X - box.X) < 20 && Math.Abs(agents[i].Y - box.Y) < 20 && box.DistanceTo(agents[i].Box) < ClearM)
            {
                return false;
            }
        }

        return true;
    }
}
