using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Live;

/// <summary>The shape that stands for a vehicle: <c>Signs.razor</c> draws it for the list, <c>map/signs.js</c> on the map.</summary>
internal static class VehicleSign
{
    public static string Of(VehicleView vehicle) => Attentions.Of(vehicle) switch
    {
        Attention.Fault or Attention.Error => "fault",
        Attention.Deactivated => "stopped",
        Attention.Lost or Attention.Silent or Attention.Back or Attention.NeverSeen => "lost",
        Attention.Paused => "paused",
        _ => vehicle.Activity switch
        {
            VehicleActivity.Sweeping => "sweeping",
            VehicleActivity.Charging or VehicleActivity.Tipping or VehicleActivity.Washing or VehicleActivity.FillingWater => "depot",
            VehicleActivity.Idle or VehicleActivity.WaitingForBay or VehicleActivity.WaitingForVehicle => "waiting",
            _ => "driving",
        },
    };
}
