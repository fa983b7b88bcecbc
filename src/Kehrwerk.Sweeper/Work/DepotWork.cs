using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper.Work;

/// <summary>What is done standing: the actions of a node, one after the other, and charging that was begun by an instant action. Not thread-safe.</summary>
internal sealed class DepotWork(SweeperModel model, Levels levels, News news)
{
    public const string NotAtDepot = "notAtDepot";
    public const string DroveOff = "droveOff";
    public const string Busy = "busy";

    private readonly Queue<ActionEntry> waiting = new();
    private ActionEntry? work;
    private ActionEntry? instantCharge;

    // A charge that no action waits for: the standard's startCharging without a goal ends when charging begins.
    private bool chargesOn;
    private bool isPaused;

    /// <summary>Work runs or waits: the vehicle must not drive.</summary>
    public bool HoldsVehicle => work is not null || waiting.Count > 0;

    public bool IsCharging => (chargesOn && !isPaused) || (IsCharge(work) && Runs(work)) || Runs(instantCharge);

    public void Queue(ActionEntry entry)
    {
        if (!waiting.Contains(entry))
        {
            waiting.Enqueue(entry);
        }
    }

    /// <summary>One step of the work; the vehicle stands. Also charges where nothing else is to be done.</summary>
    public void Step(double stepS, bool atDepot)
    {
        while (work is null && waiting.TryDequeue(out var next))
        {
            Begin(next, atDepot);
        }

        if (work is not null)
        {
            Continue(work, stepS);
        }

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
        if (work is not null)
        {
            (instantCharge, work) = (work, null);
        }
    }

    /// <summary>Ends charging, whoever began it; its action is finished with the charge that was reached.</summary>
    public void StopCharging()
    {
        chargesOn = false;
        foreach (var entry in new[] { work, instantCharge })
        {
            if (IsCharge(entry))
            {
                Finish(entry!, ActionStatus.Finished, Percent());
            }
        }
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

    /// <summary>Forgets the work of the order; the vehicle stands.</summary>
    public void GiveUp()
    {
        waiting.Clear();
        work = null;
    }

    private static bool IsCharge(ActionEntry? entry) => entry?.Action.ActionType == SweeperActions.StartCharging;

    private static bool Runs(ActionEntry? entry) => entry?.Status == ActionStatus.Running;

    private void Begin(ActionEntry entry, bool atDepot)
    {
        news.Note();
        entry.Status = ActionStatus.Running;
        var type = entry.Action.ActionType;
        if (type == SweeperActions.StopCharging)
        {
            StopCharging();
            Finish(entry, ActionStatus.Finished, null);
        }
        else if (!atDepot)
        {
            Finish(entry, ActionStatus.Failed, NotAtDepot);
        }
        else if (type == SweeperActions.StartCharging && GoalShare(entry) is null)
        {
            chargesOn = true;
            Finish(entry, ActionStatus.Finished, null);
        }
        else
        {
            work = entry;
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
        switch (entry.Action.ActionType)
        {
            case SweeperActions.StartCharging:
                var goal = GoalShare(entry) ?? 1;
                levels.ChargeFor(stepS, goal);
                if (levels.HasReached(goal))
                {
                    Finish(entry, ActionStatus.Finished, Percent());
                }

                break;
            case SweeperActions.Tip when workedS >= model.TipS:
                levels.Tip();
                Finish(entry, ActionStatus.Finished, null);
                break;
            case SweeperActions.WashHopper when workedS >= model.WashS:
                Finish(entry, ActionStatus.Finished, null);
                break;
            case SweeperActions.FillWater when workedS >= model.FillWaterS:
                levels.FillWaterUp();
                Finish(entry, ActionStatus.Finished, null);
                break;
            case SweeperActions.FillWater:
                levels.FillWaterFor(stepS);
                break;
        }
    }

    private void Finish(ActionEntry entry, ActionStatus status, string? result)
    {
        entry.End(status, result);
        work = ReferenceEquals(work, entry) ? null : work;
        instantCharge = ReferenceEquals(instantCharge, entry) ? null : instantCharge;
        news.Note();
    }

    // An order with a wrong goal was refused before it came here.
    private static double? GoalShare(ActionEntry entry) =>
        SweeperActions.TryReadUntilPercent(entry.Action, out var percent, out _) ? percent / 100 : null;

    private string Percent() => string.Create(CultureInfo.InvariantCulture, $"percent={levels.Charge * 100:F1}");
}
