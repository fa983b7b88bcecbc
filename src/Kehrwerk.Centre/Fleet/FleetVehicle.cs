using Kehrwerk.Link;
using Kehrwerk.Planning;

namespace Kehrwerk.Centre.Fleet;

/// <summary>A vehicle of the fleet: its name on the wire and its figures. A plan names it by <see cref="SweeperSpec.Id"/>.</summary>
public sealed record FleetVehicle(VehicleId Id, SweeperSpec Spec);
