using Kehrwerk.Centre.Fleet;
using Kehrwerk.Planning;

namespace Kehrwerk.Centre.Missions;

/// <summary>Which services of the depot a vehicle needs beyond its plan, and which of the plan it can do without.</summary>
internal static class DepotVisits
{
    /// <summary>With a tank or hopper beyond this share a visit to the depot takes care of it too.</summary>
    private const double WorthIt = 0.5;

    /// <summary>A service that would change less than this share is left out.</summary>
    private const double NotWorthIt = 0.05;

    /// <summary>A hopper with less than this share counts as empty.</summary>
    private const double EmptyShare = 0.001;

    /// <summary>Deadheading between the kerbs that are left, as a share of the energy for sweeping them.</summary>
    private const double DeadheadShare = 0.2;

    /// <summary>Puts a visit to the depot before a step: the service that is short, and what is worth doing at the same time.</summary>
    public static void Insert(Decision d, MissionStep step, DepotService needed)
    {
        var spec = d.Twin.Spec;
        var levels = d.Twin.Facts?.Levels ?? new Levels(spec.BatteryWh, spec.WaterL, 0, 0);
        var (needWh, needsCharge) = EnergyToComeWh(d, step, levels);
        var services = new List<StepWork.Service>();
        if (needed == DepotService.Tip || HopperShare(levels, spec) >= WorthIt)
        {
            services.Add(new(DepotService.Tip));
        }

        if (needed == DepotService.FillWater || levels.WaterL <= WorthIt * spec.WaterL)
        {
            services.Add(new(DepotService.FillWater));
        }

        if (needed == DepotService.Charge || needsCharge)
        {
            // A second visit for the same step means that the estimate was too low: fill up then.
            var percent = step.Visits > 0 ? 100 : Math.Clamp(100 * needWh / spec.BatteryWh, WorthIt * 100, 100);
            services.Add(new(DepotService.Charge, Math.Ceiling(percent)));
        }

        d.SetStep(step with { Visits = step.Visits + 1 });
        d.Twin = d.Twin with { Mission = d.Twin.Mission!.InsertBefore(step.No, services) };
        d.Note("depotVisit", $"before step {step.No}: {string.Join(", ", services.Select(s => s.Kind))} for {needed}");
    }

    /// <summary>Whether a service changes enough at these levels to be worth its time.</summary>
    public static bool IsNeeded(MissionStep step, StepWork.Service service, Levels? levels, Twin twin)
    {
        if (levels is not { } l)
        {
            return true;
        }

        var spec = twin.Spec;
        return service.Kind switch
        {
            DepotService.Tip => HopperShare(l, spec) >= EmptyShare,
            DepotService.FillWater => l.WaterL < (1 - NotWorthIt) * spec.WaterL,
            DepotService.Charge => l.BatteryWh < (service.UntilPercent - 1) / 100 * spec.BatteryWh,
            DepotService.Wash => !IsAfterSkippedTip(twin.Mission!, step),
            _ => true,
        };
    }

    /// <summary>Energy for the kerbs from a step on to the next planned charge, and whether what is there falls short of it.</summary>
    private static (double NeedWh, bool IsShort) EnergyToComeWh(Decision d, MissionStep from, Levels levels)
    {
        var spec = d.Twin.Spec;
        var needWh = 0.0;
        var last = d.City.DepotArc;
        foreach (var step in d.Twin.Mission!.Steps.SkipWhile(s => s.No != from.No))
        {
            if (step.Work is StepWork.Service { Kind: DepotService.Charge })
            {
                break;
            }

            if (step.Work is StepWork.Sweep sweep && !step.IsClosed)
            {
                last = d.City.City.Kerbs[sweep.Kerb].Arc;
                needWh += d.City.Streets.ArcLengthM[last] / spec.SweepSpeedMps * spec.SweepPowerW / 3600 * (1 + DeadheadShare);
            }
        }

        var homeWh = Forecast.HomeWh(last, spec, d.City);
        needWh = (needWh * d.Rules.EnergyMargin) + (double.IsFinite(homeWh) ? 2 * homeWh : 0);
        return (needWh, levels.BatteryWh < Math.Min(needWh, spec.BatteryWh * (1 - NotWorthIt)));
    }

    private static double HopperShare(Levels levels, SweeperSpec spec) =>
        Math.Max(levels.HopperM3 / spec.HopperM3, levels.HopperKg / spec.HopperKg);

    private static bool IsAfterSkippedTip(Mission mission, MissionStep wash)
    {
        var at = mission.Steps.IndexOf(wash);
        return at > 0 && mission.Steps[at - 1] is { Work: StepWork.Service { Kind: DepotService.Tip }, Status: StepStatus.Skipped };
    }
}
