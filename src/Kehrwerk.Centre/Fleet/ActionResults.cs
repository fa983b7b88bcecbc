using System.Collections.Immutable;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Books how the actions of the order in flight ended on the steps of the mission, each once.</summary>
internal static class ActionResults
{
    public static void Take(Decision d, ImmutableArray<ActionState> actions)
    {
        if (d.Twin.Order!.OpenActions.IsEmpty)
        {
            return;
        }

        foreach (var action in actions)
        {
            if (action.IsEnded && d.Twin.Order!.OpenActions.TryGetValue(action.ActionId, out var no))
            {
                d.Twin = d.Twin with { Order = d.Twin.Order with { OpenActions = d.Twin.Order.OpenActions.Remove(action.ActionId) } };
                var step = d.Twin.Mission!.Step(no);
                if (step.IsClosed)
                {
                    continue;
                }

                switch (step.Work)
                {
                    case StepWork.Sweep sweep:
                        TakeSweepResult(d, step, sweep, action);
                        break;
                    case StepWork.Service service:
                        TakeServiceResult(d, step, service, action);
                        break;
                    default:
                        break;
                }
            }
        }
    }

    private static void TakeSweepResult(Decision d, MissionStep step, StepWork.Sweep sweep, ActionState action)
    {
        var fromM = d.Twin.Order!.Path.First(arc => arc.ActionId == action.ActionId).FromM;
        var joins = fromM <= step.SweptM + WayAhead.SweptGapM;
        if (action.ActionStatus == ActionStatus.Finished)
        {
            if (joins)
            {
                d.SetStep(step with { Status = new StepStatus.Done(d.Now) });
                if (!sweep.IsAgain)
                {
                    d.Do(new TwinEffect.KerbSwept(d.Twin.Mission!.Id, sweep.Kerb, d.Now));
                }

                TakeMissed(d, step, sweep, SweepResult.Parse(action.ActionResult).Missed);
            }
            else
            {
                d.SetStep(step with { Status = new StepStatus.Open() });
            }

            return;
        }

        var result = SweepResult.Parse(action.ActionResult);
        var sweptM = joins ? Math.Max(step.SweptM, fromM + result.SweptM) : step.SweptM;
        var attempts = step.Attempts + (d.Twin.Order.IsCancelled ? 0 : 1);
        step = step with { Status = new StepStatus.Open(), SweptM = sweptM, Attempts = attempts };
        d.SetStep(step);
        d.Note("sweepFailed", $"{d.City.City.Kerbs[sweep.Kerb].Key}: {SkipReasons.OrNone(action.ActionResult)}");
        if (attempts >= d.Rules.MaxAttempts)
        {
            d.Skip(step, SkipReasons.Failed(action.ActionResult));
            return;
        }

        var need = result.Reason switch
        {
            SweepResult.HopperFull => DepotService.Tip,
            SweepResult.WaterEmpty => DepotService.FillWater,
            SweepResult.BatteryLow => DepotService.Charge,
            _ => (DepotService?)null,
        };
        if (need is { } kind)
        {
            DepotVisits.Insert(d, step, kind);
        }
    }

    /// <summary>Keeps what of a kerb was missed, and offers it again where that is ordered (<see cref="CentreRules.SweepsMissedAgain"/>).</summary>
    private static void TakeMissed(Decision d, MissionStep step, StepWork.Sweep sweep, ImmutableArray<MissedPiece> missed)
    {
        var key = d.City.City.Kerbs[sweep.Kerb].Key;
        if (sweep.IsAgain)
        {
            var first = d.Twin.Mission!.Steps.First(s => s.Work is StepWork.Sweep { IsAgain: false } planned && planned.Kerb == sweep.Kerb);
            d.SetStep(first with { Missed = missed });
            d.Note("sweptAgain", missed.IsDefault ? $"{key}: nothing is missed any more" : $"{key}: still missed {Words(missed)}");
            return;
        }

        if (missed.IsDefault)
        {
            return;
        }

        d.SetStep(d.Twin.Mission!.Step(step.No) with { Missed = missed });
        d.Note("stretchMissed", $"{key}: {Words(missed)}");
        d.ShowChange();
        var passing = missed.Where(piece => MissedReasons.IsPassing(piece.Reason)).Sum(piece => piece.LengthM);
        if (d.Rules.SweepsMissedAgain && passing > 0)
        {
            d.Twin = d.Twin with { Mission = d.Twin.Mission!.SweepAgain(sweep, Math.Min(1, passing / d.City.City.Kerbs[sweep.Kerb].LengthM)) };
        }
    }

    private static string Words(ImmutableArray<MissedPiece> missed) =>
        string.Join(", ", missed.Select(piece => FormattableString.Invariant($"{piece.FromM:0.0} to {piece.ToM:0.0} m ({piece.Reason})")));

    /// <summary>
    /// A bay failed, the vehicle did not: nobody is sent there for a while, and it is sent to another one, or waits for one. Where that goes on, a person has to look.
    /// </summary>
    private static void TakeBayFailure(Decision d, MissionStep step, StepWork.Service service, BayClaim bay, string reason)
    {
        d.Twin = d.Twin with { Bay = null };
        d.Do(new TwinEffect.BayBroken(bay.Kind, d.Now + d.Rules.BayRestsFor));
        var attempts = step.Attempts + 1;
        d.SetStep(step with { Status = new StepStatus.Open(), Attempts = attempts });
        d.Note("bayFailed", $"{bay.Kind} {bay.Number}: {reason}");
        d.ShowChange();
        if (attempts >= d.Rules.MaxAttempts)
        {
            d.Fail($"{service.Kind} at the depot failed {attempts} times: {reason}");
        }
    }

    private static void TakeServiceResult(Decision d, MissionStep step, StepWork.Service service, ActionState action)
    {
        if (action.ActionStatus == ActionStatus.Failed && DepotFailures.IsOfBay(action.ActionResult) && d.Twin.Bay is { } failed)
        {
            TakeBayFailure(d, step, service, failed, action.ActionResult!);
            return;
        }

        Dispatch.LeaveBay(d);
        if (action.ActionStatus == ActionStatus.Finished)
        {
            d.SetStep(step with { Status = new StepStatus.Done(d.Now) });
            d.Note("served", service.Kind.ToString());
            return;
        }

        var attempts = step.Attempts + (d.Twin.Order!.IsCancelled ? 0 : 1);
        d.SetStep(step with { Status = new StepStatus.Open(), Attempts = attempts });
        d.Note("serviceFailed", $"{service.Kind}: {SkipReasons.OrNone(action.ActionResult)}");
        if (attempts >= d.Rules.MaxAttempts)
        {
            d.Fail($"{service.Kind} at the depot failed {attempts} times: {SkipReasons.OrNone(action.ActionResult)}");
        }
    }
}
