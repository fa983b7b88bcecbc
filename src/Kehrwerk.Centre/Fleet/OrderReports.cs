using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>What a report says of the order in flight: whether the vehicle has it, refuses it, has ended it or has lost it.</summary>
internal static class OrderReports
{
    private static readonly ImmutableArray<string> Refusals =
    [
        ErrorTypes.UnsupportedParameter, ErrorTypes.ValidationFailure, ErrorTypes.InvalidOrderAction,
        ErrorTypes.OutdatedOrderUpdate, ErrorTypes.SameOrderUpdateId,
        ErrorTypes.OrderUpdateFollowingCancel, ErrorTypes.InsufficientMemory, ErrorTypes.NodeUnreachable,
        ErrorTypes.NoRouteToTarget, ErrorTypes.OtherOrderActive, ErrorTypes.StartNodeOutOfRange,
        ErrorTypes.UnknownMapId, ErrorTypes.BlockedZoneViolation,
    ];

    public static void Take(Decision d, State state, VehicleFacts facts)
    {
        if (d.Twin.Order is { } order && order.OrderId == state.OrderId)
        {
            if (!order.IsShown && state.OrderUpdateId == order.UpdateId)
            {
                order = order with { IsShown = true };
                d.Twin = d.Twin with { Order = order, Refusals = 0, Refusal = null };
                EndAlarm(d, order.OrderId);
            }

            ActionResults.Take(d, state.ActionStates);
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

        if (d.Twin.Order is { IsCancelled: true } kept && kept.OrderId == state.OrderId && !facts.IsIdle && MayCancel(d, facts))
        {
            d.Note("cancelAgain", $"{kept.OrderId}: the vehicle still has it");
            d.Command(SweeperActions.CancelOrder, TwinRules.Centre, kept.OrderId);
            return;
        }

        if (d.Twin.Order is { IsShown: false, IsCancelled: false } open && Refusal(state, open) is { } refusal)
        {
            Refuse(d, open, refusal, facts);
        }
        else if (state.OrderId != d.Twin.Order?.OrderId && !facts.IsIdle && MayCancel(d, facts))
        {
            d.Note("orderUnknown", $"the vehicle has order '{state.OrderId}', which is not ours: cancelled");
            d.Command(SweeperActions.CancelOrder, TwinRules.Centre, state.OrderId);
        }
    }

    private static bool MayCancel(Decision d, VehicleFacts facts) =>
        !d.Twin.IsCancelling && d.Now >= d.Twin.NotBefore && (facts.MayAct || facts.TakesOrders);

    /// <summary>The order is over, in whichever way; what no state has shown as done is open again.</summary>
    /// <param name="facts">The report that shows its end, or null where the vehicle has lost it.</param>
    private static void Close(Decision d, VehicleFacts? facts)
    {
        var order = d.Twin.Order!;
        var mission = d.Twin.Mission?.Reopened();
        EndAlarm(d, order.OrderId);
        d.Twin = d.Twin with { Order = null, IsRoadRefused = false, IsShutIn = false, RoadWait = null, Mission = mission, Place = facts is null ? null : PlaceOn(order, facts, d.City) };
        if (order.Service is { } service && mission?.Step(service.Step).IsClosed == false)
        {
            Dispatch.LeaveBay(d);
        }
    }

    /// <summary>Where the vehicle stands by what it says of its way along the order.</summary>
    private static VehiclePlace? PlaceOn(OrderInFlight order, VehicleFacts facts, CityContext city)
    {
        const double atNodeM = 0.5;
        if (facts.LastNodeId.Length == 0)
        {
            return null;
        }

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

    private static void EndAlarm(Decision d, string orderId)
    {
        if (d.Twin.IsOrderUnanswered)
        {
            d.Twin = d.Twin with { IsOrderUnanswered = false };
            d.Note("orderAnswered", orderId);
        }
    }

    private static void Refuse(Decision d, OrderInFlight order, string refusal, VehicleFacts facts)
    {
        var count = d.Twin.Refusals + 1;
        d.Note("orderRefused", $"{order.OrderId}/{order.UpdateId}: {refusal}");
        EndAlarm(d, order.OrderId);
        d.Twin = d.Twin with { Refusals = count, Refusal = refusal, NotBefore = d.Now + (d.Rules.RepeatAfter * count) };
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
}
