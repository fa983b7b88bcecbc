using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

public sealed partial record SweepInstance
{
    /// <summary>The services of all instances, in the order of <see cref="ArcProblem.Services"/>.</summary>
    internal static ImmutableArray<ArcService> Services { get; } =
        [new("tip", [0, 1]) { IsDoneLast = true }, new("fill", [2]), new("charge", [3]) { IsCharge = true }];

    /// <summary>How messages call the parts of the problem.</summary>
    internal ArcNames Names => new(task => $"kerb {Kerbs[task].Id}", site => $"site {Sites[site].Id}", vehicle => $"vehicle {Vehicles[vehicle].Id}");

    /// <summary>The instance as the solver takes it: tasks, sites and vehicles in the order of the file, cost in milliseconds.</summary>
    public ArcProblem ToProblem() => ToProblem(new InstanceWays(Network).Between(Places(), Kerbs.Length));

    /// <summary>
    /// The arc of each place: place i is kerb i, entered at the beginning of its arc and left at the end; then come the sites, then where
    /// vehicles start, then where they end, all at the ends of their arcs.
    /// </summary>
    internal int[] Places() => [.. Kerbs.Select(k => k.Arc), .. Sites.Select(s => s.Arc), .. Vehicles.Select(v => v.StartArc), .. Vehicles.Select(v => v.EndArc)];

    /// <param name="travel">Times between the places.</param>
    internal ArcProblem ToProblem(CostTable travel)
    {
        var firstStart = Kerbs.Length + Sites.Length;
        var firstEnd = firstStart + Vehicles.Length;
        return new()
        {
            Tasks =
            [
                .. Kerbs.Select((kerb, i) => new ArcTask([new(i, i, kerb.SweepMs)], [kerb.VolumeCm3, kerb.MassG, kerb.WaterMl, kerb.EnergyJ])
                {
                    Penalty = kerb.PenaltyMs,
                    Windows = [.. kerb.Windows.Select(window => new ArcWindow(window.FromMs, window.UntilMs))],
                    CostOutside = kerb.OutsideMsPer1000,
                }),
            ],
            Travel = travel,
            Services = Services,
            Sites =
            [
                .. Sites.Select((site, i) => new ArcSite(Kerbs.Length + i, site.StopMs, [site.TipBays, site.FillBays, site.ChargeBays]) { MaxPower = site.MaxPowerW }),
            ],
            Vehicles = [.. Vehicles.Select((vehicle, i) => Vehicle(vehicle, firstStart + i, firstEnd + i))],
        };
    }

    private static ArcVehicle Vehicle(VehiclePart vehicle, int start, int end) => new()
    {
        Start = start,
        End = end,
        Count = vehicle.Count,
        StartTime = vehicle.ShiftStartMs,
        MaxTime = vehicle.ShiftMs,
        Capacity = [vehicle.HopperCm3, vehicle.HopperG, vehicle.TankMl, vehicle.UsableJ],
        TravelUse = [0, 0, 0, vehicle.TravelPowerW],
        StandUse = [0, 0, 0, vehicle.StandPowerW],
        ServiceTime = [vehicle.TipMs, vehicle.FillMs, vehicle.ConnectMs],
        Battery = new(3, vehicle.BatteryJ, vehicle.ChargeMsToPercent, vehicle.ChargePowerW),
        Breaks = [.. vehicle.Breaks.Select(b => new ArcBreak(b.EarliestMs, b.LatestMs, b.DurationMs))],
    };
}
