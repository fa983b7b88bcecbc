using System.Collections.Immutable;
using Kehrwerk.Link;

namespace Kehrwerk.Centre.Fleet;

/// <summary>The vehicles that this Centre commands. Immutable.</summary>
public sealed class FleetRegister(IEnumerable<FleetVehicle> vehicles)
{
    private readonly ImmutableSortedDictionary<VehicleId, FleetVehicle> byId = vehicles.ToImmutableSortedDictionary(v => v.Id, v => v);

    public IEnumerable<FleetVehicle> Vehicles => byId.Values;

    public FleetVehicle? Find(VehicleId id) => byId.GetValueOrDefault(id);

    /// <summary>The vehicle that a plan calls by its <see cref="Planning.SweeperSpec.Id"/>.</summary>
    public FleetVehicle? FindPlanned(string specId) => Vehicles.FirstOrDefault(v => v.Spec.Id == specId);
}
