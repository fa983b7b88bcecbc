using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Sweeper.Orders;

/// <summary>
/// What the vehicle has heard of the Centre and must not forget, also not by a restart: a message may come minutes late, and by then the
/// Centre wants something else. Only times of the Centre's own clock are compared with each other. Immutable.
/// </summary>
public sealed record Heard
{
    /// <summary>So many cancelled orders are remembered.</summary>
    public const int MaxCancelled = 16;

    /// <summary>The newest message on topic <c>order</c>.</summary>
    public HeardMessage? Order { get; init; }

    /// <summary>The newest message with <c>deactivate</c>.</summary>
    public HeardMessage? Stop { get; init; }

    /// <summary>The newest message with <c>startPause</c>.</summary>
    public HeardMessage? Pause { get; init; }

    /// <summary>Orders that the Centre has cancelled, newest last; also those that never arrived.</summary>
    public ImmutableArray<string> Cancelled { get; init; } = [];

    /// <summary>An order came in; it counts whether it is taken or not.</summary>
    internal Heard With(Order order) => IsNewer(order, Order) ? this with { Order = HeardMessage.Of(order) } : this;

    /// <summary>An action of a message came in; those behind it in the same message are judged by what is heard then.</summary>
    internal Heard With(RobotAction action, InstantActions message) => action.ActionType switch
    {
        SweeperActions.Deactivate when IsNewer(message, Stop) => this with { Stop = HeardMessage.Of(message) },
        SweeperActions.StartPause when IsNewer(message, Pause) => this with { Pause = HeardMessage.Of(message) },
        SweeperActions.CancelOrder when action[SweeperActions.OrderIdParameter]?.AsText is { Length: <= TextBound.MaxName } order => WithCancelled(order),
        _ => this,
    };

    /// <summary>The Centre has cancelled an order.</summary>
    internal Heard WithCancelled(string orderId) =>
        Cancelled.Contains(orderId) ? this : this with { Cancelled = [.. Cancelled.TakeLast(MaxCancelled - 1), orderId] };

    /// <summary>Why an order that the vehicle does not have must not begin; null if it may.</summary>
    internal OrderFault? Refusal(Order order) =>
        Cancelled.Contains(order.OrderId) ? new(ErrorTypes.OrderUpdateFollowingCancel, "The order was cancelled before it came")
        : !IsNewer(order, Order) ? new(ErrorTypes.OutdatedOrderUpdate, "The vehicle has heard a newer order, or this one before it restarted")
        : null;

    /// <summary>An action would let the vehicle go, and the Centre has held it since.</summary>
    internal bool IsOvertaken(RobotAction action, InstantActions message) => action.ActionType switch
    {
        SweeperActions.Activate or SweeperActions.EndMrc => !IsNewer(message, Stop),
        SweeperActions.StopPause => !IsNewer(message, Pause),
        _ => false,
    };

    /// <summary>By number or by time: a Centre may have lost count, or its clock may have been set back, but hardly both.</summary>
    private static bool IsNewer(VdaMessage message, HeardMessage? than) =>
        than is not { } last || message.HeaderId > last.HeaderId || message.Timestamp > last.SentAt;
}

/// <summary>Number and time of a message, by the Centre.</summary>
public readonly record struct HeardMessage(uint HeaderId, DateTimeOffset SentAt)
{
    internal static HeardMessage Of(VdaMessage message) => new(message.HeaderId, message.Timestamp);
}
