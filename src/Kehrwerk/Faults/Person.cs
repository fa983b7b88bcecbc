using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Planning;

namespace Kehrwerk.Faults;

/// <summary>The person at the Centre: starts the shift, stops and pauses vehicles at times, and in the end looks after those that wait for somebody.</summary>
internal sealed class Person(FaultWorld world, Random chance)
{
    private const string Name = "Ada";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private static readonly Investigation Found = new("It was needed", "The way is free.");

    public void StartShift(Plan plan)
    {
        if (world.Centre is { } centre)
        {
            world.Journal.Event(world.Loop.Now, "shift starts");
            centre.StartShift(plan);
        }
        else
        {
            world.Loop.Schedule(Again, () => StartShift(plan));
        }
    }

    /// <summary>Holds a vehicle and lets it go later.</summary>
    public void Hold(FaultVehicle vehicle, TimeSpan duration)
    {
        var stops = chance.Next(2) == 0;
        Command(vehicle.Id, stops ? VehicleCommandKind.Stop : VehicleCommandKind.Pause);
        world.Loop.Schedule(duration, () => Command(vehicle.Id, stops ? VehicleCommandKind.Release : VehicleCommandKind.Resume));
    }

    /// <summary>Gives a command, or tries again where the Centre is down.</summary>
    public void Command(VehicleId vehicle, VehicleCommandKind kind)
    {
        if (world.Centre is { } centre)
        {
            world.Journal.Event(world.Loop.Now, $"{Name}: {kind} {vehicle}");
            world.Invariants.Commanded(vehicle, kind);
            centre.Command(vehicle, kind, Name, kind == VehicleCommandKind.Release ? Found : null);
        }
        else
        {
            world.Loop.Schedule(Again, () => Command(vehicle, kind));
        }
    }

    /// <summary>Lets go, twice a minute, whatever waits for a person.</summary>
    public void LookAfterAll()
    {
        foreach (var twin in world.Centre?.Twins.ToList() ?? [])
        {
            if (twin.IsStopped || twin.Facts is { Deactivated: true } || twin.Safety is { IsAtRisk: true })
            {
                Command(twin.Id, VehicleCommandKind.Release);
            }

            if (twin.IsPaused || twin.Fault is not null || twin.Facts is { Paused: true })
            {
                Command(twin.Id, VehicleCommandKind.Resume);
            }
        }

        world.Loop.Schedule(TimeSpan.FromSeconds(30), LookAfterAll);
    }
}
