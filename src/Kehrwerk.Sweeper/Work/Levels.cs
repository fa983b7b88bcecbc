using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// Battery, water tank and hopper, by the model's figures, or as the sensors of <paramref name="platform"/> say. No level ever leaves the range from 0
/// to its limit. Not thread-safe.
/// </summary>
/// <param name="platform">The hardware; null: there is none, and all is reckoned.</param>
internal sealed class Levels(SweeperModel model, SweeperCondition start, IPlatform? platform = null)
{
    /// <summary>Below this a pump draws air, and the gauge tells nothing, l: the tank counts as empty.</summary>
    public const double LeastWaterL = 5;

    private const double RoundingShare = 1e-9;

    public double EnergyWh { get; private set; } = start.EnergyWh;
    public double WaterL { get; private set; } = start.WaterL;
    public double HopperM3 { get; private set; } = start.HopperM3;
    public double HopperKg => HopperM3 * model.SweepingsKgPerM3;

    /// <summary>State of charge, 0 to 1.</summary>
    public double Charge => EnergyWh / model.BatteryWh;

    public bool IsHopperFull => HopperM3 >= model.HopperLimitM3;
    public bool IsWaterEmpty => WaterL <= 0;

    /// <summary>What is left is kept for the way home.</summary>
    public bool IsBatteryLow => EnergyWh < model.ReserveWh;
    public bool IsBatteryEmpty => EnergyWh <= 0;

    /// <summary>Takes what the sensors say; a sensor that says nothing leaves its level as it was.</summary>
    public void Measure(SensorFrame frame)
    {
        EnergyWh = double.IsNaN(frame.BatteryWh) ? EnergyWh : Math.Clamp(frame.BatteryWh, 0, model.BatteryWh);
        WaterL = double.IsNaN(frame.WaterL) ? WaterL : frame.WaterL <= LeastWaterL ? 0 : Math.Min(frame.WaterL, model.WaterL);
        HopperM3 = frame.HopperKg >= model.HopperKg ? model.HopperLimitM3
            : double.IsNaN(frame.HopperM3) ? HopperM3 : Math.Clamp(frame.HopperM3, 0, model.HopperLimitM3);
    }

    public void Draw(double powerW, double seconds) => EnergyWh = Math.Max(0, EnergyWh - (powerW * seconds / 3600));

    /// <summary>Whether the battery holds a share (0–1). A share times the battery, divided by the battery, can be a little less.</summary>
    public bool HasReached(double share) => Charge >= share - RoundingShare;

    /// <summary>They are measured: what a service gave shows in them a step later.</summary>
    public bool IsMeasured => platform is not null;

    /// <inheritdoc cref="IPlatform.Bay"/>
    public BayState Bay(DepotService service, int bay) => platform?.Bay(service, bay) ?? BayState.Ready;

    /// <summary>Charges by the model's curve, at most up to a share of charge (0–1).</summary>
    /// <returns>What was given, Wh.</returns>
    public double ChargeFor(double seconds, double untilShare, int bay = 0)
    {
        var addedWh = model.ChargeCurve.Kw(Charge) * 1000 * seconds / 3600;
        var before = EnergyWh;
        EnergyWh = Math.Max(EnergyWh, Math.Min(EnergyWh + addedWh, untilShare * model.BatteryWh));
        platform?.Serve(DepotService.Charge, EnergyWh - before, bay);
        return EnergyWh - before;
    }

    /// <summary>Takes up sweepings and spends water.</summary>
    /// <param name="lengthM">Metres that the vehicle rolls with brooms down.</param>
    /// <param name="seconds">How long it takes for them.</param>
    /// <param name="dirt">Sum of the dirt factors of the kerbs swept in this pass.</param>
    /// <returns>The share (0–1) of the length that could be swept before the hopper was full or the tank empty.</returns>
    public double Sweep(double lengthM, double seconds, double dirt)
    {
        var takenM3 = lengthM / 1000 * model.SweepingsM3PerKm * dirt;
        var spentL = seconds / 60 * model.WaterLPerMin;
        var byHopper = takenM3 > 0 ? (model.HopperLimitM3 - HopperM3) / takenM3 : double.PositiveInfinity;
        var byWater = spentL > 0 ? WaterL / spentL : double.PositiveInfinity;
        var share = Math.Clamp(Math.Min(byHopper, byWater), 0, 1);

        // Set to the limit itself where it is reached, so that no rounding leaves a rest that is never used up.
        HopperM3 = byHopper <= share ? model.HopperLimitM3 : HopperM3 + (takenM3 * share);
        WaterL = byWater <= share ? 0 : WaterL - (spentL * share);
        return share;
    }

    public void Tip(int bay = 0)
    {
        HopperM3 = 0;
        platform?.Serve(DepotService.Tip, 0, bay);
    }

    /// <returns>What was given, l.</returns>
    public double FillWaterFor(double seconds, int bay = 0) => FillWater(Math.Min(model.WaterL - WaterL, model.WaterL / model.FillWaterS * seconds), bay);

    public void FillWaterUp(int bay = 0) => FillWater(model.WaterL - WaterL, bay);

    private double FillWater(double litres, int bay)
    {
        WaterL += litres;
        platform?.Serve(DepotService.FillWater, litres, bay);
        return litres;
    }
}
