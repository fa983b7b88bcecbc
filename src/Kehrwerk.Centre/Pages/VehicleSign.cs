using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;

namespace Kehrwerk.Centre.Pages;

/// <summary>The shape that stands for a vehicle in the list; <c>signs.js</c> draws the same on the map.</summary>
internal static class VehicleSign
{
    public static string Of(VehicleView vehicle) => Attentions.Of(vehicle) switch
    {
        Attention.Fault or Attention.Error => "fault",
        Attention.Deactivated => "stopped",
        Attention.Lost or Attention.Silent or Attention.NeverSeen => "lost",
        Attention.Paused => "paused",
        _ => vehicle.Activity switch
        {
            VehicleActivity.Sweeping => "sweeping",
            VehicleActivity.Charging or VehicleActivity.Tipping or VehicleActivity.Washing or VehicleActivity.FillingWater => "depot",
            VehicleActivity.Idle or VehicleActivity.WaitingForBay => "waiting",
            _ => "driving",
        },
    };
}
