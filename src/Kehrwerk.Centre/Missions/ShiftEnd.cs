using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Missions;

/// <summary>What becomes of a mission when the shift is over.</summary>
internal static class ShiftEnd
{
    /// <summary>
    /// When the time left only just brings the vehicle home, what is left to sweep is given up, and with it the water and the charge
    /// that were for it. The charge at the end is not: by the plan it lies behind the shift, however long a charger is waited for.
    /// </summary>
    /// <param name="fromArc">The vehicle is at the end of this arc by then.</param>
    public static void GiveUpIfDue(Decision d, int fromArc)
    {
        var twin = d.Twin;
        var homeMs = d.City.HomeMs(fromArc);
        var homeS = homeMs == CityContext.NoWay ? 0 : homeMs / 1000.0;
        var lastS = twin.Spec.ShiftS + d.Rules.ShiftGrace.TotalSeconds - homeS - twin.Spec.TipS - twin.Spec.WashS;
        var steps = twin.Mission!.Steps;
        if (d.Now - twin.Mission.StartedAt <= TimeSpan.FromSeconds(lastS))
        {
            return;
        }

        foreach (var step in steps.Take(LastSweep(steps) + 1))
        {
            if (step is { Status: StepStatus.Open, Work: StepWork.Sweep or StepWork.Service { Kind: DepotService.Charge or DepotService.FillWater } })
            {
                d.Skip(step, SkipReasons.ShiftOver);
            }
        }
    }

    private static int LastSweep(ImmutableArray<MissionStep> steps)
    {
        var last = steps.Length - 1;
        while (last >= 0 && steps[last].Work is not StepWork.Sweep)
        {
            last--;
        }

        return last;
    }
}
