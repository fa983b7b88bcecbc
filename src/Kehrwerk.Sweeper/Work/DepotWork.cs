using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// What is done at nodes, in the order and side by side as the blocking types say (VDA 5050 3.0.0, 6.2.2), and charging that was begun
/// by an instant action. Not thread-safe.
/// </summary>
internal sealed class DepotWork(SweeperModel model, Levels levels, News news)
{
    public const string NotAtDepot = "notAtDepot";
    public const string DroveOff = "droveOff";
    public const string Busy = "busy";
    public const string Skipped = "skipped";
    public const string NotDocked = "notDocked";

    // What a bay gives must have arrived within this time, and what tipping did shows after that, s; so little counts as empty, m³.
    private const double FlowS = 20, ShowsAfterS = 1, LeastM3 = 0.02;

    // Actions of the nodes that were reached, until they have ended.
    private readonly List<ActionEntry> queue = [];
    private ActionEntry? instantCharge;

    // A charge that no action waits for: the standard's startCharging without a goal ends when charging begins.
    private bool chargesOn;
    private bool isPaused;

    /// <summary>Does a node's action that needs no time and is not charging; set by whoever builds the vehicle.</summary>
    public Action<ActionEntry> AtOnce { get; set; } = entry => entry.End(ActionStatus.Failed);

    /// <summary>Tells the Centre of a failure as an error of the state.</summary>
    public Action<RobotError> Report { get; init; } = _ => { };

    /// <summary>An action runs or waits beside which the vehicle must not drive.</summary>
    public bool HoldsVehicle => queue.Exists(entry => entry.Action.BlockingType is BlockingType.Soft or BlockingType.Hard);

    /// <summary>Something is being done now.</summary>
    public bool IsWorking => queue.Exists(Runs) || IsCharging;

    public bool IsCharging => (chargesOn && !isPaused) || queue.Exists(entry => IsCharge(entry) && Runs(entry)) || Runs(instantCharge);

    public void Queue(ActionEntry entry)
    {
        if (!queue.Contains(entry))
        {
            queue.Add(entry);
        }
    }

    /// <summary>One step of the work; the vehicle stands. Also charges where nothing else is to be done.</summary>
    public void Step(double stepS, bool atDepot)
    {
        BeginWhatMay(atDepot);
        foreach (var entry in queue.ToArray())
        {
            Continue(entry, stepS);
        }

        queue.RemoveAll(entry => entry.IsEnded);
        if (instantCharge is not null)
        {
            Continue(instantCharge, stepS);
        }

        if (chargesOn)
        {
            levels.ChargeFor(stepS, 1);
            chargesOn = levels.Charge < 1;
        }
    }

    /// <summary>Begins an instant <c>startCharging</c>.</summary>
    public void ChargeNow(ActionEntry entry, bool atDepot)
    {
        if (IsCharging || HoldsVehicle)
        {
            Finish(entry, ActionStatus.Failed, Busy);
            return;
        }

        Begin(entry, atDepot);
        instantCharge = entry.IsEnded ? null : entry;
    }

    /// <summary>Ends charging, whoever began it; its action is finished with the charge that was reached.</summary>
    public void StopCharging()
    {
        chargesOn = false;
        foreach (var entry in queue.Where(entry => !entry.IsEnded && entry.Status != ActionStatus.Waiting).Append(instantCharge).Where(IsCharge).ToArray())
        {
            Finish(entry!, ActionStatus.Finished, Percent());
        }

        queue.RemoveAll(entry => entry.IsEnded);
    }

    /// <summary>The vehicle drives off: what was charging beside the order ends.</summary>
    public void DriveOff()
    {
        chargesOn = false;
        if (instantCharge is not null)
        {
            Finish(instantCharge, ActionStatus.Failed, DroveOff);
        }
    }

    /// <summary>Tries an action again, or gives it up, that failed and waits for that (RETRIABLE); false if none of that id does.</summary>
    public bool Retry(string actionId, bool skip)
    {
        if (queue.Find(entry => entry.Action.ActionId == actionId && entry.Status == ActionStatus.Retriable) is not { } entry)
        {
            return false;
        }

        if (skip)
        {
            Finish(entry, ActionStatus.Failed, Skipped);
            queue.Remove(entry);
        }
        else
        {
            entry.IsTriedAgain = true;
            news.Note();
        }

        return true;
    }

    /// <summary>Rests; the actions of the order are paused by whoever keeps them.</summary>
    public void Pause()
    {
        isPaused = true;
        instantCharge?.Change(ActionStatus.Running, ActionStatus.Paused);
        news.Note();
    }

    public void Resume()
    {
        isPaused = false;
        instantCharge?.Change(ActionStatus.Paused, ActionStatus.Running);
        news.Note();
    }

    /// <summary>Forgets what has ended, e.g. because the order was given up.</summary>
    public void DropEnded() => queue.RemoveAll(entry => entry.IsEnded);

    private static bool IsCharge(ActionEntry? entry) => entry?.Action.ActionType == SweeperActions.StartCharging;

    private static bool Runs(ActionEntry? entry) => entry?.Status == ActionStatus.Running;

    private static bool IsAlone(ActionEntry entry) => entry.Action.BlockingType is BlockingType.Single or BlockingType.Hard;

    /// <summary>Figure 11: NONE and SOFT run side by side; SINGLE and HARD wait for all before them, and all after them wait.</summary>
    private void BeginWhatMay(bool atDepot)
    {
        var isFirst = true;
        foreach (var entry in queue.ToArray())
        {
            if (entry.Status == ActionStatus.Waiting && (isFirst || !IsAlone(entry)))
            {
                Begin(entry, atDepot);
            }
            else if (entry is { Status: ActionStatus.Retriable, IsTriedAgain: true })
            {
                entry.IsTriedAgain = false;
                Begin(entry, atDepot);
            }

            if (!entry.IsEnded)
            {
                isFirst = false;
                if (IsAlone(entry))
                {
                    return;
                }
            }
        }
    }

    private void Begin(ActionEntry entry, bool atDepot)
    {
        news.Note();
        entry.Status = ActionStatus.Running;
        if (entry.Action.ActionType == SweeperActions.StopCharging)
        {
            StopCharging();
            Finish(entry, ActionStatus.Finished, null);
        }
        else if (!OrderActions.IsWork(entry.Action.ActionType))
        {
            AtOnce(entry);
        }
        else if (!atDepot)
        {
            Finish(entry, entry.Action.Retriable == true ? ActionStatus.Retriable : ActionStatus.Failed, NotAtDepot);
        }
        else if (ServiceOf(entry) is var (service, bay) && levels.Bay(service, bay) is not BayState.Ready and var state)
        {
            Fail(entry, bay, FailureOf(service, state));
        }
        else if (IsCharge(entry) && GoalShare(entry) is null)
        {
            chargesOn = true;
            Finish(entry, ActionStatus.Finished, null);
        }
    }

    private void Continue(ActionEntry entry, double stepS)
    {
        if (entry.Status != ActionStatus.Running)
        {
            return;
        }

        entry.StepsDone++;
        var workedS = entry.StepsDone * stepS;
        SweeperActions.TryReadBay(entry.Action, out var bay);
        switch (entry.Action.ActionType)
        {
            case SweeperActions.StartCharging:
                var goal = GoalShare(entry) ?? 1;
                var beforeWh = levels.EnergyWh;
                if (!Flows(entry, levels.ChargeFor(stepS, goal, bay), beforeWh, stepS))
                {
                    Fail(entry, bay, DepotFailures.ChargerDead);
                }
                else if (levels.HasReached(goal))
                {
                    Finish(entry, ActionStatus.Finished, Percent());
                }

                break;
            case SweeperActions.Tip when workedS >= model.TipS + ShowsAfterS:
                if (levels.HopperM3 > (0.2 * entry.Flow.Level) + LeastM3)
                {
                    Fail(entry, bay, DepotFailures.TipFailed);
                }
                else
                {
                    Finish(entry, ActionStatus.Finished, null);
                }

                break;
            case SweeperActions.Tip when workedS >= model.TipS && entry.Flow == default:
                entry.Flow = (1, levels.HopperM3, 0);
                levels.Tip(bay);
                if (!levels.IsMeasured)
                {
                    Finish(entry, ActionStatus.Finished, null);
                }

                break;
            case SweeperActions.WashHopper when workedS >= model.WashS:
                Finish(entry, ActionStatus.Finished, null);
                break;
            case SweeperActions.FillWater when workedS >= model.FillWaterS:
                levels.FillWaterUp(bay);
                Finish(entry, ActionStatus.Finished, null);
                break;
            case SweeperActions.FillWater:
                var beforeL = levels.WaterL;
                if (!Flows(entry, levels.FillWaterFor(stepS, bay), beforeL, stepS))
                {
                    Fail(entry, bay, DepotFailures.WaterOff);
                }

                break;
        }
    }

    /// <summary>Where levels are measured: whether what a bay gives arrives. Looked at every <see cref="FlowS"/>; less than a third of it is nothing.</summary>
    private bool Flows(ActionEntry entry, double given, double level, double stepS)
    {
        if (!levels.IsMeasured || entry.Flow == default)
        {
            entry.Flow = (given, level, stepS);
            return true;
        }

        var flow = (Given: entry.Flow.Given + given, entry.Flow.Level, ForS: entry.Flow.ForS + stepS);
        entry.Flow = flow;
        if (flow.ForS < FlowS)
        {
            return true;
        }

        entry.Flow = (0, level, stepS);
        return level - flow.Level >= flow.Given / 3;
    }

    private void Fail(ActionEntry entry, int bay, string code)
    {
        Finish(entry, entry.Action.Retriable == true ? ActionStatus.Retriable : ActionStatus.Failed, code);
        Report(new(code, ErrorLevel.Urgent, WordsOf(code), "Send it to another bay, or see to this one") { ErrorReferences = [new("actionId", entry.Action.ActionId), new("bay", bay == 0 ? "any" : bay.ToString(CultureInfo.InvariantCulture))] });
    }

    private static (DepotService Service, int Bay)? ServiceOf(ActionEntry entry)
    {
        SweeperActions.TryReadBay(entry.Action, out var bay);
        return entry.Action.ActionType switch
        {
            SweeperActions.Tip => (DepotService.Tip, bay),
            SweeperActions.WashHopper => (DepotService.Wash, bay),
            SweeperActions.FillWater => (DepotService.FillWater, bay),
            SweeperActions.StartCharging => (DepotService.Charge, bay),
            _ => null,
        };
    }

    private static string FailureOf(DepotService service, BayState state) => (service, state) switch
    {
        (_, BayState.NotDocked) => NotDocked,
        (DepotService.Tip, BayState.Occupied) => DepotFailures.TipOccupied,
        (DepotService.Tip, _) => DepotFailures.TipFaulty,
        (DepotService.Wash, BayState.Occupied) => DepotFailures.WashOccupied,
        (DepotService.Wash, _) => DepotFailures.WashFaulty,
        (DepotService.FillWater, BayState.Occupied) => DepotFailures.WaterOccupied,
        (DepotService.FillWater, _) => DepotFailures.WaterFaulty,
        (_, BayState.Occupied) => DepotFailures.ChargerOccupied,
        _ => DepotFailures.ChargerFaulty,
    };

    private static string WordsOf(string code) => code switch
    {
        DepotFailures.ChargerDead => "The charger gives no current",
        DepotFailures.WaterOff => "No water comes",
        DepotFailures.TipFailed => "The hopper is not empty after tipping",
        NotDocked => "The vehicle does not stand in a bay",
        DepotFailures.TipOccupied or DepotFailures.WashOccupied or DepotFailures.WaterOccupied or DepotFailures.ChargerOccupied => "The bay is occupied",
        _ => "The bay says that it is out of order",
    };

    private void Finish(ActionEntry entry, ActionStatus status, string? result)
    {
        entry.End(status, result);
        instantCharge = ReferenceEquals(instantCharge, entry) ? null : instantCharge;
        news.Note();
    }

    // An order with a wrong goal was refused before it came here.
    private static double? GoalShare(ActionEntry entry) =>
        SweeperActions.TryReadUntilPercent(entry.Action, out var percent, out _) ? percent / 100 : null;

    private string Percent() => string.Create(CultureInfo.InvariantCulture, $"percent={levels.Charge * 100:F1}");
}
