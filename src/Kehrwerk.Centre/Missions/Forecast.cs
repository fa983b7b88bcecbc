using Kehrwerk.Planning;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// What a vehicle will hold after a drive, by the figures of its model: times by the network, power by the mode.
/// </summary>
/// <param name="Levels">At the point up to which the forecast has come.</param>
/// <param name="TimeS">Seconds to that point.</param>
internal readonly record struct Forecast(Levels Levels, double TimeS)
{
    /// <summary>After driving an arc from <paramref name="fromM"/> to its end, sweeping if <paramref name="sweep"/> is given.</summary>
    /// <param name="toM">How far the arc is driven; its length where not given.</param>
    public Forecast Drive(int arc, double fromM, StepWork.Sweep? sweep, SweeperSpec spec, CityContext city, double? toM = null)
    {
        var lengthM = city.Streets.ArcLengthM[arc];
        var drivenM = Math.Max(0, (toM ?? lengthM) - fromM);
        var share = lengthM > 0 ? drivenM / lengthM : 1;
        if (sweep is null)
        {
            var s = share * TransitS(arc, spec, city);
            return After(s, s * spec.TransitPowerW, 0, 0, 0, city);
        }

        var sweepS = drivenM / spec.SweepSpeedMps;
        return After(
            sweepS, sweepS * spec.SweepPowerW, sweepS / 60 * spec.WaterLPerMin, share * sweep.VolumeM3, share * sweep.MassKg, city);
    }

    /// <summary>Energy from the end of an arc to the depot with the reserve that must be left there, watt-hours; infinite where there is no way.</summary>
    public static double HomeWh(int arc, SweeperSpec spec, CityContext city) =>
        city.HomeMs(arc) is var ms && ms == CityContext.NoWay
            ? double.PositiveInfinity
            : (HomeS(ms, spec, city) * spec.TransitPowerW / 3600 * city.Rules.EnergyMargin) + (spec.ReserveShare * spec.BatteryWh);

    /// <summary>What is short after the drive that is forecast, ending on <paramref name="arc"/>; null if nothing is.</summary>
    public DepotService? Shortage(int arc, SweeperSpec spec, CityContext city)
    {
        if (Levels.HopperM3 > spec.HopperM3 || Levels.HopperKg > spec.HopperKg)
        {
            return DepotService.Tip;
        }

        if (Levels.WaterL < 0)
        {
            return DepotService.FillWater;
        }

        return Levels.BatteryWh < HomeWh(arc, spec, city) ? DepotService.Charge : null;
    }

    // The city's times are for its own top speed; a slower vehicle takes as much longer.
    private static double HomeS(int ms, SweeperSpec spec, CityContext city) =>
        ms / 1000.0 * Math.Max(1, city.Graph.Costs.MaxSpeedMps / spec.TransitSpeedMps);

    private static double TransitS(int arc, SweeperSpec spec, CityContext city) =>
        Math.Max(city.Graph.ArcMs[arc] / 1000.0, city.Streets.ArcLengthM[arc] / spec.TransitSpeedMps);

    private Forecast After(double s, double wattSeconds, double waterL, double volumeM3, double massKg, CityContext city) =>
        new(
            new(
                Levels.BatteryWh - (wattSeconds / 3600 * city.Rules.EnergyMargin),
                Levels.WaterL - waterL,
                Levels.HopperM3 + volumeM3,
                Levels.HopperKg + massKg),
            TimeS + s);
}
