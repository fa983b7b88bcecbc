using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Takes a vehicle's report and brings it together, by ids, with what was ordered and commanded.</summary>
internal static class Reconciliation
{
    /// <summary>A report that is so much older than the last comes from a clock that was set back, not from a slow network.</summary>
    private static readonly TimeSpan ClockSetBack = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan CancelAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>Where an attempt ended and the next begins may differ so much, metres.</summary>
    private const double SweptGapM = 10;

    private static readonly ImmutableArray<string> Refusals =
    [
        ErrorTypes.UnsupportedParameter, ErrorTypes.ValidationFailure, ErrorTypes.InvalidOrderAction,
        ErrorTypes.OrderUpdateFollowingCancel, ErrorTypes.InsufficientMemory, ErrorTypes.NodeUnreachable,
        ErrorTypes.NoRouteToTarget, ErrorTypes.OtherOrderActive, ErrorTypes.StartNodeOutOfRange,
        ErrorTypes.MobileRobotNotAvailable, ErrorTypes.UnknownMapId, ErrorTypes.BlockedZoneViolation,
    ];

    public static void Absorb(Decision d, State state)
    {
        if (IsStale(state, d.Twin.Facts))
        {
            return;
        }

        var facts = VehicleFacts.Of(state, d.Twin.Spec, d.Now);
        var isBack = d.Twin.Connection is ConnectionState.Offline or ConnectionState.ConnectionBroken;
        d.Twin = d.Twin with { Facts = facts, Connection = isBack ? ConnectionState.Online : d.Twin.Connection };
        var link = TwinRules.LinkOf(d.Twin, d.Now, d.Rules);
        if (link != d.Twin.Link)
        {
            d.Note("link", $"{d.Twin.Link} -> {link}");
            d.Twin = d.Twin with { Link = link };
        }

        TakeCommandResults(d, state);
        KeepHeld(d, facts);
        TakeOrder(d, state, facts);
        d.ShowChange();
    }

    /// <summary>Late or twice: the same program has sent a newer one before.</summary>
    private static bool IsStale(State state, VehicleFacts? last) =>
        last is not null && state.HeaderId <= last.HeaderId && state.Timestamp <= last.SentAt && last.SentAt - state.Timestamp < ClockSetBack;

    private static void TakeCommandResults(Decision d, State state)
    {
        if (d.Twin.Commands.IsEmpty)
        {
            return;
        }

        foreach (var shown in state.InstantActionStates)
        {
            var index = d.Twin.Commands.FindIndex(shown.ActionId);
            // A cancellation stays on the list until the vehicle has done it: no order goes out in the meantime.
            if (index < 0 || (d.Twin.Commands[index].ActionType == SweeperActions.CancelOrder && !shown.IsEnded))
            {
                continue;
            }

            var command = d.Twin.Commands[index];
            if (shown.ActionStatus == ActionStatus.Failed)
            {
                d.Note("commandFailed", $"{command.ActionType}: {shown.ActionResult ?? "no reason given"}", command.By);
                if (command.ActionType == SweeperActions.CancelOrder)
                {
                    // It may have ended by itself meanwhile; if not, the next try is not at once.
                    d.Twin = d.Twin with { NotBefore = d.Now + CancelAgainAfter };
                }
            }
            else
            {
                d.Note("commandTaken", command.ActionType, command.By);
            }

            d.Twin = d.Twin with { Commands = d.Twin.Commands.RemoveAt(index) };
        }

        d.SendDueCommands();
    }

    private static int FindIndex(this ImmutableArray<PendingCommand> commands, string actionId)
    {
        for (var i = 0; i < commands.Length; i++)
        {
            if (commands[i].ActionId == actionId)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// A vehicle whose program was restarted may have forgotten that it is held: it is told again. The other way round nothing is
    /// done: what a vehicle holds back for its own reasons only a person ends.
    /// </summary>
    private static void KeepHeld(Decision d, VehicleFacts facts)
    {
        if (!d.Twin.Commands.IsEmpty)
        {
            return;
        }

        if (d.Twin.IsStopped && !facts.Deactivated && facts.Levels is not null)
        {
            d.Note("heldAgain", "stopped vehicle reports that it is not deactivated");
            d.Command(SweeperActions.Deactivate, TwinRules.Centre);
        }

        if (d.Twin.IsPaused && !facts.Paused)
        {
            d.Note("heldAgain", "paused vehicle reports that it is not paused");
            d.Command(SweeperActions.StartPause, TwinRules.Centre);
        }
    }

    private static void TakeOrder(Decision d, State state, VehicleFacts facts)
    {
        if (d.Twin.Order is { } order && order.OrderId == state.OrderId)
        {
            if (!order.IsShown && state.OrderUpdateId == order.UpdateId)
            {
                order = order with { IsShown = true };
                d.Twin = d.Twin with { Order = order, Refusals = 0 };
            }

            TakeResults(d, state.ActionStates);
            if (facts.IsIdle && !order.IsCancelled && state.OrderUpdateId == order.UpdateId)
            {
                Close(d, facts);
                return;
            }
        }
        else if (d.Twin.Order is { } lost && (lost.IsShown || lost.UpdateId > 0))
        {
            d.Note("orderLost", $"{lost.OrderId}: the vehicle reports order '{state.OrderId}'");
            Close(d, null);
        }

        if (d.Twin.Order is { IsCancelled: true } && facts.IsIdle && !d.Twin.IsCancelling)
        {
            Close(d, facts.OrderId == d.Twin.Order.OrderId ? facts : null);
            return;
        }

        if (d.Twin.Order is { IsShown: false } open && Refusal(state, open) is { } refusal)
        {
            Refuse(d, open, refusal, facts);
        }
        else if (state.OrderId != d.Twin.Order?.OrderId && !facts.IsIdle && !d.Twin.IsCancelling && d.Now >= d.Twin.NotBefore)
        {
            d.Note("orderUnknown", $"the vehicle has order '{state.OrderId}', which is not ours: cancelled");
            d.Command(SweeperActions.CancelOrder, TwinRules.Centre, state.OrderId);
        }
    }

    private static void TakeResults(Decision d, ImmutableArray<ActionState> actions)
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
        var joins = fromM <= step.SweptM + SweptGapM;
        if (action.ActionStatus == ActionStatus.Finished)
        {
            if (joins)
            {
                d.SetStep(step with { Status = new StepStatus.Done(d.Now) });
                d.Do(new TwinEffect.KerbSwept(d.Twin.Mission!.Id, sweep.Kerb, d.Now));
            }
            else
            {
                d.SetStep(step with { Status = new StepStatus.Open() });
            }

            return;
        }

        var sweptM = joins ? Math.Max(step.SweptM, fromM + SweptM(action.ActionResult)) : step.SweptM;
        var attempts = step.Attempts + (d.Twin.Order.IsCancelled ? 0 : 1);
        step = step with { Status = new StepStatus.Open(), SweptM = sweptM, Attempts = attempts };
        d.SetStep(step);
        d.Note("sweepFailed", $"{d.City.City.Kerbs[sweep.Kerb].Key}: {action.ActionResult ?? "no reason given"}");
        if (attempts >= d.Rules.MaxAttempts)
        {
            d.Skip(step, SkipReasons.Failed(action.ActionResult));
            return;
        }

        var need = Reason(action.ActionResult) switch
        {
            "hopperFull" => DepotService.Tip,
            "waterEmpty" => DepotService.FillWater,
            "batteryLow" => DepotService.Charge,
            _ => (DepotService?)null,
        };
        if (need is { } kind)
        {
            Dispatch.VisitDepotFor(d, step, kind);
        }
    }

    private static void TakeServiceResult(Decision d, MissionStep step, StepWork.Service service, ActionState action)
    {
        Dispatch.LeaveBay(d);
        if (action.ActionStatus == ActionStatus.Finished)
        {
            d.SetStep(step with { Status = new StepStatus.Done(d.Now) });
            d.Note("served", service.Kind.ToString());
            return;
        }

        var attempts = step.Attempts + (d.Twin.Order!.IsCancelled ? 0 : 1);
        d.SetStep(step with { Status = new StepStatus.Open(), Attempts = attempts });
        d.Note("serviceFailed", $"{service.Kind}: {action.ActionResult ?? "no reason given"}");
        if (attempts >= d.Rules.MaxAttempts)
        {
            d.Fail($"{service.Kind} at the depot failed {attempts} times: {action.ActionResult ?? "no reason given"}");
        }
    }

    /// <summary>The order is over, in whichever way; what no state has shown as done is open again.</summary>
    /// <param name="facts">The report that shows its end, or null where the vehicle has lost it.</param>
    private static void Close(Decision d, VehicleFacts? facts)
    {
        var order = d.Twin.Order!;
        var mission = d.Twin.Mission;
        if (mission is not null)
        {
            foreach (var step in mission.Steps.Where(s => s.Status is StepStatus.Ordered))
            {
                mission = mission.With(step with { Status = new StepStatus.Open() });
            }
        }

        d.Twin = d.Twin with { Order = null, Mission = mission, Place = facts is null ? null : PlaceOn(order, facts, d.City) };
        if (order.Service is { } service && mission?.Step(service.Step).IsClosed == false)
        {
            Dispatch.LeaveBay(d);
        }
    }

    /// <summary>Where the vehicle stands by what it says of its way along the order.</summary>
    private static VehiclePlace? PlaceOn(OrderInFlight order, VehicleFacts facts, CityContext city)
    {
        const double atNodeM = 0.5;
        var passed = (int)Math.Min(facts.LastNodeSequenceId / 2, (uint)order.Path.Length);
        if (passed == order.Path.Length || (facts.SinceNodeM <= atNodeM && passed > 0))
        {
            return passed == 0 ? order.Start : new(order.Path[passed - 1].Arc, city.Streets.ArcLengthM[order.Path[passed - 1].Arc], true);
        }

        var arc = order.Path[passed];
        return facts.SinceNodeM <= atNodeM
            ? order.Start
            : new(arc.Arc, Math.Min(arc.FromM + facts.SinceNodeM, city.Streets.ArcLengthM[arc.Arc]), false);
    }

    private static string? Refusal(State state, OrderInFlight order)
    {
        foreach (var error in state.Errors)
        {
            if (Refusals.Contains(error.ErrorType)
                && error.ErrorReferences.Any(r => r.ReferenceKey == "orderId" && r.ReferenceValue == order.OrderId)
                && !error.ErrorReferences.Any(r => r.ReferenceKey == "orderUpdateId"
                    && r.ReferenceValue != order.UpdateId.ToString(CultureInfo.InvariantCulture)))
            {
                return error.ErrorDescription is { Length: > 0 } text ? $"{error.ErrorType}: {text}" : error.ErrorType;
            }
        }

        return null;
    }

    private static void Refuse(Decision d, OrderInFlight order, string refusal, VehicleFacts facts)
    {
        var count = d.Twin.Refusals + 1;
        d.Note("orderRefused", $"{order.OrderId}/{order.UpdateId}: {refusal}");
        d.Twin = d.Twin with { Refusals = count, NotBefore = d.Now + (d.Rules.RepeatAfter * count) };
        if (count >= d.Rules.MaxRefusals)
        {
            d.Fail($"The vehicle refused {count} orders in a row, the last for {refusal}");
        }

        if (facts.OrderId == order.OrderId && !facts.IsIdle)
        {
            // It keeps what it had of this order: give that up too and start from its place.
            Dispatch.CancelOrder(d);
        }
        else
        {
            Close(d, null);
        }
    }

    /// <summary>The reason is the first word of the result, e.g. <c>hopperFull sweptM=12.5</c>.</summary>
    private static string Reason(string? result) => result?.Split(' ', ';', ',')[0] ?? "";

    private static double SweptM(string? result)
    {
        const string key = "sweptM=";
        var at = result?.IndexOf(key, StringComparison.Ordinal) ?? -1;
        if (at < 0)
        {
            return 0;
        }

        var text = result.AsSpan(at + key.Length);
        var end = text.IndexOfAny(' ', ';', ',');
        return double.TryParse(end < 0 ? text : text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var m) && double.IsFinite(m) && m > 0 ? m : 0;
    }
}
