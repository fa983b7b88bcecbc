namespace Kehrwerk.Planning.Solver;

/// <summary>A vehicle's figures as the search needs them. Demands are rounded up and capacities down: what fits here fits in truth.</summary>
internal sealed class VehicleModel
{
    private readonly SweeperSpec spec;
    private readonly long hopperCm3;
    private readonly long hopperG;
    private readonly double waterLPerMs;
    private readonly double sweepWhPerMs;
    private readonly double transitWhPerMs;
    private readonly double idleWhPerMs;

    /// <param name="sweepMs">Time to sweep each task of the day at this vehicle's speed.</param>
    public VehicleModel(SweeperSpec spec, int[] sweepMs)
    {
        const double MsPerHour = 3_600_000;
        this.spec = spec;
        SweepMs = sweepMs;
        hopperCm3 = (long)Math.Floor(spec.HopperM3 * 1e6);
        hopperG = (long)Math.Floor(spec.HopperKg * 1e3);
        waterLPerMs = spec.WaterLPerMin / 60_000;
        sweepWhPerMs = spec.SweepPowerW / MsPerHour;
        transitWhPerMs = spec.TransitPowerW / MsPerHour;
        idleWhPerMs = spec.IdlePowerW / MsPerHour;
        TipMs = (int)Math.Ceiling(spec.TipS * 1000);
        WashMs = (int)Math.Ceiling(spec.WashS * 1000);
        FillMs = (int)Math.Ceiling(spec.FillWaterS * 1000);
        ShiftMs = (int)Math.Floor(spec.ShiftS * 1000);

        // Standing at the depot costs energy too, also where no reserve is asked for.
        ReserveWh = Math.Max(spec.ReserveShare * spec.BatteryWh, IdleWh(TipMs + WashMs + FillMs));
    }

    public string Id => spec.Id;
    public int[] SweepMs { get; }
    public int TipMs { get; }
    public int WashMs { get; }
    public int FillMs { get; }
    public int ShiftMs { get; }
    public double WaterL => spec.WaterL;
    public double BatteryWh => spec.BatteryWh;
    public double ReserveWh { get; }
    public double ChargePowerKw => spec.ChargePowerKw;

    public double WaterLOf(in TripLoad trip) => trip.SweepMs * waterLPerMs;

    public double EnergyWhOf(in TripLoad trip) => (trip.SweepMs * sweepWhPerMs) + (trip.TravelMs * transitWhPerMs);

    public double IdleWh(int ms) => ms * idleWhPerMs;

    public bool HopperTakes(in TripLoad sweepings) => sweepings.VolumeCm3 <= hopperCm3 && sweepings.MassG <= hopperG;

    /// <summary>Whether it can drive this trip from full battery, full water and empty hopper, and come back with its reserve.</summary>
    public bool CanDrive(in TripLoad trip) =>
        HopperTakes(trip) && WaterLOf(trip) <= WaterL && EnergyWhOf(trip) <= BatteryWh - ReserveWh;

    /// <summary>Milliseconds to charge from one level to a higher one.</summary>
    public int ChargeMs(double fromWh, double toWh) => (int)Math.Ceiling(1000 * (SecondsFromEmpty(toWh) - SecondsFromEmpty(fromWh)));

    private double SecondsFromEmpty(double levelWh)
    {
        var percent = Math.Clamp(100 * levelWh / BatteryWh, 0, 100);
        var whole = Math.Min(99, (int)percent);
        return spec.ChargeSeconds[whole] + ((percent - whole) * (spec.ChargeSeconds[whole + 1] - spec.ChargeSeconds[whole]));
    }
}
