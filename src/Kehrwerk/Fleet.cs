using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Kehrwerk.Sweeper;

namespace Kehrwerk;

/// <summary>The virtual sweepers of one installation: all of one model, numbered <c>kehrwerk/KW-01</c> onwards.</summary>
internal static class Fleet
{
    public const string Manufacturer = "kehrwerk";

    public static VehicleId Id(int number) => new(Manufacturer, string.Create(CultureInfo.InvariantCulture, $"KW-{number:00}"));

    /// <summary>What the planner has to know of each vehicle.</summary>
    /// <param name="shiftHours">Length of the shift, hours.</param>
    public static ImmutableArray<SweeperSpec> Specs(SweeperModel model, int count, double shiftHours) =>
        [.. Enumerable.Range(1, count).Select(number => Spec(model, Id(number), shiftHours))];

    /// <summary>The streets as these vehicles travel them when they do not sweep.</summary>
    public static TurnGraph TravelGraph(StreetNetwork streets, SweeperModel model) =>
        new(streets, new TravelCosts(MaxSpeedMps: model.TransitSpeedMps));

    private static SweeperSpec Spec(SweeperModel model, VehicleId id, double shiftHours) => new()
    {
        Id = id.Serial,
        HopperM3 = model.HopperM3,
        HopperKg = model.HopperKg,
        WaterL = model.WaterL,
        WaterLPerMin = model.WaterLPerMin,
        BatteryWh = model.BatteryWh,
        ReserveShare = model.ReserveShare,
        SweepSpeedMps = model.SweepSpeedMps,
        TransitSpeedMps = model.TransitSpeedMps,
        SweepPowerW = model.SweepPowerW,
        TransitPowerW = model.TransitPowerW,
        IdlePowerW = model.IdlePowerW,
        ChargeSeconds = model.ChargeSecondsByPercent(),
        ChargePowerKw = model.ChargeCurve.PeakKw,
        TipS = model.TipS,
        WashS = model.WashS,
        FillWaterS = model.FillWaterS,
        ShiftS = shiftHours * 3600,
    };
}
