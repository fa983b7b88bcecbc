using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>
/// What a sweeper tells beyond VDA 5050, which has no field for hopper and water: the field <c>sweeperStatus</c> of its state
/// (docs/link/order-profile.md). All quantities are from 0 to 1e9.
/// </summary>
/// <param name="HopperM3">Sweepings in the hopper, m³.</param>
/// <param name="HopperKg">The same in kg.</param>
/// <param name="WaterL">Water left, litres.</param>
/// <param name="OdometerM">Distance driven since the vehicle was built, m.</param>
/// <param name="SweptM">Part of it with brooms down, m.</param>
/// <param name="EnergyWh">Energy left in the battery that may be used, Wh; null: by the state of charge.</param>
/// <param name="Deactivated">Deactivated by the Technische Aufsicht (StVG § 1d (3)).</param>
/// <param name="Place">Where it is on the map: after a restart no order tells that. Null where it does not say.</param>
public sealed record SweeperStatus(
    [property: JsonConverter(typeof(QuantityConverter))] double HopperM3,
    [property: JsonConverter(typeof(QuantityConverter))] double HopperKg,
    [property: JsonConverter(typeof(QuantityConverter))] double WaterL,
    [property: JsonConverter(typeof(QuantityConverter))] double OdometerM,
    [property: JsonConverter(typeof(QuantityConverter))] double SweptM,
    [property: JsonConverter(typeof(QuantityConverter))] double? EnergyWh = null,
    bool Deactivated = false,
    EdgePlace? Place = null);

/// <summary>A place within an edge of the map.</summary>
/// <param name="EdgeId">At most 200 characters.</param>
/// <param name="OffsetM">Metres from the edge's start.</param>
public sealed record EdgePlace(string EdgeId, [property: JsonConverter(typeof(QuantityConverter))] double OffsetM);
