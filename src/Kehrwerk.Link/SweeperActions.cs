using System.Collections.Immutable;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link;

/// <summary>Which side of the street, seen in the direction of travel, the brooms work on.</summary>
public enum SweepSide
{
    Right,
    Left,
}

/// <summary>
/// The actions that our sweepers know, with the names of their parameters. Where VDA 5050 3.0.0 predefines an action (6.2.3),
/// its name is used; <c>sweep</c>, <c>tip</c>, <c>washHopper</c>, <c>fillWater</c>, <c>deactivate</c>, <c>activate</c> and
/// <c>endMrc</c> are our own.
/// </summary>
public static class SweeperActions
{
    /// <summary>Edge: sweep the kerb along this edge. Parameters <see cref="KerbParameter"/> and <see cref="SideParameter"/>.</summary>
    public const string Sweep = "sweep";

    /// <summary>Node: empty the hopper at the depot.</summary>
    public const string Tip = "tip";

    /// <summary>Node: wash the hopper at the depot.</summary>
    public const string WashHopper = "washHopper";

    /// <summary>Node: fill the water tank.</summary>
    public const string FillWater = "fillWater";

    /// <summary>
    /// Node or instant: charge. With <see cref="UntilPercentParameter"/> the action runs until that state of charge;
    /// without, it ends once charging has begun, as the standard defines it.
    /// </summary>
    public const string StartCharging = "startCharging";

    /// <summary>Node or instant: end charging.</summary>
    public const string StopCharging = "stopCharging";

    /// <summary>Instant: stop driving and working, keep the order.</summary>
    public const string StartPause = "startPause";

    /// <summary>Instant: go on with the order.</summary>
    public const string StopPause = "stopPause";

    /// <summary>Instant: stop and give up the order; with <see cref="OrderIdParameter"/> only that order.</summary>
    public const string CancelOrder = "cancelOrder";

    /// <summary>Instant: send the state now.</summary>
    public const string StateRequest = "stateRequest";

    /// <summary>Instant: send the factsheet now.</summary>
    public const string FactsheetRequest = "factsheetRequest";

    /// <summary>Instant: drop ended instant actions from the state.</summary>
    public const string ClearInstantActions = "clearInstantActions";

    /// <summary>
    /// Instant: the Technische Aufsicht deactivates the vehicle (StVG § 1d (3)). It stops at once and stays in the minimal risk
    /// condition until <see cref="EndMrc"/>, or without supervision <see cref="Activate"/>; a pause that ends does not release it.
    /// </summary>
    public const string Deactivate = "deactivate";

    /// <summary>Instant: ends the deactivation of a vehicle that is not supervised by leases.</summary>
    public const string Activate = "activate";

    /// <summary>
    /// Instant: a qualified supervisor has investigated and ends the minimal risk condition (AFGBV § 14 (3)); see
    /// <see cref="MrcInvestigation"/>. Only for a vehicle that is supervised by leases.
    /// </summary>
    public const string EndMrc = "endMrc";

    /// <summary>Instant or node: use a stored zone set, and no other of its map. Parameter <see cref="ZoneSetIdParameter"/>.</summary>
    public const string EnableZoneSet = "enableZoneSet";

    /// <summary>Instant: drop a stored zone set that is not enabled. Parameter <see cref="ZoneSetIdParameter"/>.</summary>
    public const string DeleteZoneSet = "deleteZoneSet";

    /// <summary>Instant or node: use a stored map. Parameters <see cref="MapIdParameter"/> and <see cref="MapVersionParameter"/>.</summary>
    public const string EnableMap = "enableMap";

    /// <summary>Instant: drop a stored map that is not enabled. Parameters as <see cref="EnableMap"/>.</summary>
    public const string DeleteMap = "deleteMap";

    /// <summary>Instant: sets the last node where the vehicle knows none; the pose must be the one that the vehicle itself finds.</summary>
    public const string InitializePosition = "initializePosition";

    /// <summary>Instant: try an action again that waits in RETRIABLE. Parameter <see cref="ActionIdParameter"/>.</summary>
    public const string Retry = "retry";

    /// <summary>Instant: let an action fail that waits in RETRIABLE. Parameter <see cref="ActionIdParameter"/>.</summary>
    public const string SkipRetry = "skipRetry";

    /// <summary>Instant: store a log of what happened last; its name is the action's result. Parameter <see cref="ReasonParameter"/>.</summary>
    public const string LogReport = "logReport";

    /// <summary>Instant: give up the order, stand, and send nothing until <see cref="StopHibernation"/> or <see cref="WakeUpTimeParameter"/>.</summary>
    public const string StartHibernation = "startHibernation";

    /// <summary>Instant: ends the hibernation.</summary>
    public const string StopHibernation = "stopHibernation";

    /// <summary>Instant: leave the broker in good order; only a person at the vehicle starts it again.</summary>
    public const string Shutdown = "shutdown";

    public const string ZoneSetIdParameter = "zoneSetId";
    public const string MapIdParameter = "mapId";
    public const string MapVersionParameter = "mapVersion";
    public const string ActionIdParameter = "actionId";
    public const string ReasonParameter = "reason";
    public const string WakeUpTimeParameter = "wakeUpTime";

    public const string KerbParameter = "kerb";
    public const string SideParameter = "side";
    public const string UntilPercentParameter = "untilPercent";
    public const string OrderIdParameter = "orderId";

    private const string Right = "right";
    private const string Left = "left";

    /// <param name="actionId">Unique within the fleet's day.</param>
    /// <param name="kerb">The key of the kerb as planning knows it; the vehicle only hands it back.</param>
    /// <param name="side">Where the kerb lies, seen in the direction of travel.</param>
    public static RobotAction SweepKerb(string actionId, string kerb, SweepSide side) =>
        // NONE: the vehicle drives while it sweeps.
        new(Sweep, actionId, BlockingType.None)
        {
            ActionParameters = [new(KerbParameter, kerb), new(SideParameter, side == SweepSide.Left ? Left : Right)],
        };

    public static RobotAction TipHopper(string actionId) => new(Tip, actionId, BlockingType.Hard);

    public static RobotAction WashHopperOut(string actionId) => new(WashHopper, actionId, BlockingType.Hard);

    public static RobotAction FillWaterTank(string actionId) => new(FillWater, actionId, BlockingType.Hard);

    /// <param name="actionId">Unique within the fleet's day.</param>
    /// <param name="untilPercent">State of charge at which the action ends, above 0 to 100.</param>
    public static RobotAction ChargeUntil(string actionId, double untilPercent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(untilPercent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(untilPercent, 100);
        return new(StartCharging, actionId, BlockingType.Hard) { ActionParameters = [new(UntilPercentParameter, untilPercent)] };
    }

    /// <summary>An instant action; the standard allows only NONE as its blocking type.</summary>
    public static RobotAction Instant(string actionType, string actionId, params ImmutableArray<ActionParameter> parameters) =>
        new(actionType, actionId, BlockingType.None) { ActionParameters = parameters };

    /// <summary>Parameter of what is done at the depot: number of the bay, from 1; without, any.</summary>
    public const string BayParameter = "bay";

    /// <summary>The same action, to be done at a bay.</summary>
    public static RobotAction AtBay(RobotAction action, int bay) => action with { ActionParameters = [.. action.ActionParameters, new(BayParameter, bay)] };

    /// <summary>Reads <see cref="BayParameter"/>: 0 where there is none; false if it is no whole number from 1 to 1,000.</summary>
    public static bool TryReadBay(RobotAction action, out int bay)
    {
        var number = action[BayParameter]?.AsNumber;
        bay = number is >= 1 and <= 1000 && number == Math.Floor(number.Value) ? (int)number : 0;
        return action[BayParameter] is null || bay > 0;
    }

    /// <summary>Instant: gives up the named order, or whichever is active.</summary>
    public static RobotAction Cancel(string actionId, string? orderId = null) =>
        orderId is null ? Instant(CancelOrder, actionId) : Instant(CancelOrder, actionId, new ActionParameter(OrderIdParameter, orderId));

    /// <summary>Reads the parameters of <see cref="Sweep"/>; false with a reason if they are missing or wrong.</summary>
    public static bool TryReadSweep(RobotAction action, out string kerb, out SweepSide side, out string? fault)
    {
        kerb = action[KerbParameter]?.AsText ?? "";
        var sideText = action[SideParameter]?.AsText;
        side = sideText == Left ? SweepSide.Left : SweepSide.Right;
        fault = action.ActionType != Sweep ? $"actionType '{action.ActionType}' is not {Sweep}"
            : kerb.Length == 0 ? $"parameter '{KerbParameter}' is missing or not text"
            : sideText is not (Left or Right) ? $"parameter '{SideParameter}' must be {Right} or {Left}"
            : null;
        return fault is null;
    }

    /// <summary>
    /// Reads <see cref="UntilPercentParameter"/> of <see cref="StartCharging"/>: null if the action has none.
    /// False with a reason if it is not above 0 and up to 100.
    /// </summary>
    public static bool TryReadUntilPercent(RobotAction action, out double? untilPercent, out string? fault)
    {
        untilPercent = null;
        fault = null;
        if (action[UntilPercentParameter] is not { } value)
        {
            return true;
        }

        if (value.AsNumber is > 0 and <= 100)
        {
            untilPercent = value.AsNumber;
            return true;
        }

        fault = $"parameter '{UntilPercentParameter}' must be a number above 0 and up to 100";
        return false;
    }
}
