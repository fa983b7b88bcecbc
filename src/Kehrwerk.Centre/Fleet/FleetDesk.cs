using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Planning;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Where people's decisions reach the fleet: the start of a shift, and commands.</summary>
public sealed class FleetDesk(IGrainFactory grains, FleetRegister fleet, CentreStore store, CityContext city, TimeProvider time)
{
    /// <summary>Stores the plan, and gives every tour of one of its days to its vehicle as a mission that starts now.</summary>
    /// <param name="by">Who ordered it, for the record.</param>
    /// <exception cref="ArgumentException">The plan names a vehicle that is not in the fleet.</exception>
    public async Task StartShift(Plan plan, int day, string by)
    {
        var tours = plan.Tours.Where(t => t.Day == day).OrderBy(t => t.Vehicle, StringComparer.Ordinal)
            .Select(t => (Tour: t, Vehicle: fleet.FindPlanned(t.Vehicle) ?? throw new ArgumentException($"The plan has a tour for '{t.Vehicle}', which is not in the fleet.", nameof(plan))))
            .ToList();
        var now = time.GetUtcNow();
        var number = store.HighestMission();
        ImmutableArray<Mission> missions =
        [
            .. tours.Select(t => Mission.From(
                string.Create(CultureInfo.InvariantCulture, $"m{++number}"), t.Vehicle.Id, city.City.Fingerprint, t.Tour, t.Vehicle.Spec, now)),
        ];
        await store.Write(new()
        {
            Shift = (plan, city.City.Fingerprint, now, missions),
            Record = [new(now, "shiftStarted", by, "", string.Join(", ", missions.Select(m => $"{m.Id}: {m.Vehicle}")))],
        });
        foreach (var mission in missions)
        {
            await grains.GetGrain<IVehicleGrain>(mission.Vehicle.ToString()).Assign(mission.Id);
        }
    }

    /// <inheritdoc cref="SendVehicleCommand"/>
    public Task Send(VehicleCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return VehicleId.TryParse(command.Vehicle, out var id) && fleet.Find(id) is not null
            ? grains.GetGrain<IVehicleGrain>(id.ToString()).Command(command.Kind, command.By)
            : throw new ArgumentException($"There is no vehicle '{command.Vehicle}' in the fleet.", nameof(command));
    }
}
