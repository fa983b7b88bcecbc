using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Orders;

/// <summary>
/// Which actions may stand on the nodes and edges of an order, with which blocking types and parameters; the factsheet declares the same. Pure.
/// </summary>
internal static class OrderActions
{
    /// <summary>What is done at a node while the vehicle stands.</summary>
    public static bool IsWork(string actionType) => actionType is
        SweeperActions.Tip or SweeperActions.WashHopper or SweeperActions.FillWater or SweeperActions.StartCharging;

    /// <summary>What is done at a node in no time.</summary>
    public static bool IsAtOnce(string actionType) => actionType is
        SweeperActions.StopCharging or SweeperActions.EnableZoneSet or SweeperActions.EnableMap or SweeperActions.ClearInstantActions;

    public static IEnumerable<RobotAction> All(Order order) =>
        order.Nodes.SelectMany(node => node.Actions).Concat(order.Edges.SelectMany(edge => edge.Actions));

    public static OrderFault? Fault(Order order)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var action in All(order))
        {
            if (action.ActionId.Length == 0 || !ids.Add(action.ActionId))
            {
                return new(ErrorTypes.ValidationFailure, "An actionId is empty or occurs twice", new Reference("actionId", action.ActionId));
            }
        }

        return order.Edges.SelectMany(edge => edge.Actions).Select(OfEdge)
            .Concat(order.Nodes.SelectMany(node => node.Actions).Select(OfNode))
            .FirstOrDefault(fault => fault is not null);
    }

    private static OrderFault? OfEdge(RobotAction action) =>
        action.ActionType != SweeperActions.Sweep ? Cannot(action, $"'{action.ActionType}' cannot be done on an edge")
        : action.BlockingType != BlockingType.None ? Cannot(action, "sweep is done while driving and on both sides at once: its blockingType must be NONE", "blockingType")
        : SweeperActions.TryReadSweep(action, out _, out _, out var fault) ? UnknownParameter(action, SweeperActions.KerbParameter, SweeperActions.SideParameter)
        : Cannot(action, fault!, action[SweeperActions.KerbParameter]?.AsText is { Length: > 0 } ? SweeperActions.SideParameter : SweeperActions.KerbParameter);

    private static OrderFault? OfNode(RobotAction action)
    {
        var type = action.ActionType;
        if (!IsWork(type) && !IsAtOnce(type))
        {
            return Cannot(action, $"'{type}' cannot be done at a node");
        }

        if (IsWork(type) && action.BlockingType is not (BlockingType.Hard or BlockingType.Soft))
        {
            return Cannot(action, $"{type} is done standing: its blockingType must be HARD or SOFT", "blockingType");
        }

        if (IsWork(type) && !SweeperActions.TryReadBay(action, out _))
        {
            return Cannot(action, $"parameter '{SweeperActions.BayParameter}' must be a whole number from 1 to 1000", SweeperActions.BayParameter);
        }

        return type switch
        {
            SweeperActions.Tip or SweeperActions.WashHopper or SweeperActions.FillWater => UnknownParameter(action, SweeperActions.BayParameter),
            SweeperActions.StartCharging => SweeperActions.TryReadUntilPercent(action, out _, out var fault)
                ? UnknownParameter(action, SweeperActions.UntilPercentParameter, SweeperActions.BayParameter)
                : Cannot(action, fault!, SweeperActions.UntilPercentParameter),
            SweeperActions.EnableZoneSet => Missing(action, SweeperActions.ZoneSetIdParameter) ?? UnknownParameter(action, SweeperActions.ZoneSetIdParameter),
            SweeperActions.EnableMap => Missing(action, SweeperActions.MapIdParameter) ?? Missing(action, SweeperActions.MapVersionParameter)
                ?? UnknownParameter(action, SweeperActions.MapIdParameter, SweeperActions.MapVersionParameter),
            _ => UnknownParameter(action),
        };
    }

    private static OrderFault? Missing(RobotAction action, string key) =>
        action[key]?.AsText is { Length: > 0 } ? null : Cannot(action, $"parameter '{key}' is missing or not text", key);

    private static OrderFault? UnknownParameter(RobotAction action, params ReadOnlySpan<string> known)
    {
        foreach (var parameter in action.ActionParameters)
        {
            if (!known.Contains(parameter.Key))
            {
                return new(
                    ErrorTypes.UnsupportedParameter,
                    $"'{action.ActionType}' has no parameter '{parameter.Key}'",
                    new Reference("parameter", parameter.Key),
                    new Reference("actionId", action.ActionId));
            }
        }

        return null;
    }

    private static OrderFault Cannot(RobotAction action, string text, string? field = null) => new(
        ErrorTypes.InvalidOrderAction,
        text,
        [new("actionId", action.ActionId), .. field is null ? new Reference[] { new("actionType", action.ActionType) } : [new("parameter", field)]]);
}
