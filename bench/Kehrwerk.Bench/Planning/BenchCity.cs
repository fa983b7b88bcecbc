using System.Collections.Immutable;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Import;

namespace Kehrwerk.Bench.Planning;

/// <summary>A real city with sweepers of the 20 t class, 8 h each, that charge with full power up to 80 % and with half of it from there.</summary>
internal static class BenchCity
{
    public static SweepProblem Of(string file, int vehicles)
    {
        var city = CityImporter.Import(file, new());
        return SweepProblem.ForCity(city, new(city.Streets, new(MaxSpeedMps: 25 / 3.6)), [.. Enumerable.Range(1, vehicles).Select(Sweeper)]);
    }

    public static SweeperSpec Sweeper(int number) => new()
    {
        Id = $"V{number}",
        HopperM3 = 2,
        HopperKg = 1300,
        WaterL = 425,
        WaterLPerMin = 4,
        BatteryWh = 56_000,
        ReserveShare = 0.2,
        SweepSpeedMps = 5 / 3.6,
        TransitSpeedMps = 25 / 3.6,
        SweepPowerW = 7_500,
        TransitPowerW = 9_000,
        IdlePowerW = 1_200,
        ChargeSeconds = [.. Enumerable.Range(0, 101).Select(percent => (percent + Math.Max(0, percent - 80)) * 0.01 * 56 / 22 * 3600)],
        ChargePowerKw = 22,
        TipS = 360,
        WashS = 600,
        FillWaterS = 480,
        ShiftS = 8 * 3600,
    };
}
