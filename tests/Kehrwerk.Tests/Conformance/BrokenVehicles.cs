using System.Collections.Immutable;
using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using static Kehrwerk.Tests.Conformance.Break;

namespace Kehrwerk.Tests.Conformance;

/// <summary>For each rule of the standard a vehicle that breaks it, and no other: our sweeper with something between it and its line.</summary>
internal static class BrokenVehicles
{
    private const string Never = "conform-elsewhere";

    public static Dictionary<string, Func<Action<Bend>>> OfStandard { get; } = new(StringComparer.Ordinal)
    {
        ["message.readable"] = () => SomeStates("\"operatingMode\":\"AUTOMATIC\"", "\"operatingMode\":\"Automatic\""),
        ["header.names"] = () => SomeStates("\"serialNumber\":\"KW-01\"", "\"serialNumber\":\"KW-99\""),
        ["header.version"] = () => SomeStates("\"version\":\"3.0.0\"", "\"version\":\"2.1.0\""),
        ["header.counts"] = () => States(state => state with { HeaderId = 7 }),
        ["header.timestamp"] = () => SomeStates("Z\",\"version\"", "+00:00\",\"version\""),
        ["topic.qos"] = () => Sends(LinkTopic.State, message => message with { Qos = Qos.AtLeastOnce }),
        ["connection.retained"] = () => Sends(LinkTopic.Connection, message => message with { Retain = false }),
        ["connection.online"] = () => First(LinkTopic.Connection, message => Bend.With(message, Bend.Read<Connection>(message) with { ConnectionState = ConnectionState.Offline })),
        ["factsheet.retained"] = () => Sends(LinkTopic.Factsheet, message => message with { Retain = false }),
        ["factsheet.actions"] = () => Says<Factsheet>(LinkTopic.Factsheet, (_, sheet) => sheet with
        {
            ProtocolFeatures = sheet.ProtocolFeatures with { MobileRobotActions = [.. sheet.ProtocolFeatures.MobileRobotActions.Where(action => action.ActionType != SweeperActions.StartPause)] },
        }),
        ["factsheet.envelopes"] = () => Says<Factsheet>(LinkTopic.Factsheet, (_, sheet) => sheet with
        {
            MobileRobotGeometry = sheet.MobileRobotGeometry with { Envelopes2d = [new("crossed", [new(0, 0), new(1, 1), new(1, 0), new(0, 1)])] },
        }),
        ["factsheet.request"] = () => Later(LinkTopic.Factsheet, _ => null),
        ["state.every-30-s"] = Silence,
        ["state.interval"] = () => Says<Factsheet>(LinkTopic.Factsheet, (_, sheet) => sheet with
        {
            ProtocolLimits = sheet.ProtocolLimits with { Timing = sheet.ProtocolLimits.Timing with { MinimumStateInterval = 5 } },
        }),
        ["state.at-order"] = Stale,
        ["state.last-node"] = () => States(state => state is { Driving: true, DistanceSinceLastNode: > 30 } ? state with { LastNodeId = Never } : state),
        ["state.traversal"] = LateLastNode,
        ["state.nodes-in-order"] = () => States(state => state is { Driving: true, NodeStates.Length: > 1 } && state.HeaderId % 2 == 1
            ? state with { NodeStates = state.NodeStates[..^1], EdgeStates = state.EdgeStates[..^1] } : state),
        ["state.nodes-and-edges"] = LostEdge,
        ["state.base-first"] = () => Of(first: false, (state, _) => state.NodeStates is [{ SequenceId: 2 }, _, ..] && state.NodeStates.All(node => node.Released)
            ? state with { NodeStates = state.NodeStates.SetItem(0, state.NodeStates[0] with { Released = false }) } : state),
        ["state.base-kept"] = () => States(state => state is { Driving: true, NodeStates.Length: > 1 } && state.NodeStates.All(node => node.Released) && state.HeaderId % 2 == 1
            ? state with
            {
                NodeStates = state.NodeStates.SetItem(state.NodeStates.Length - 1, state.NodeStates[^1] with { Released = false }),
                EdgeStates = state.EdgeStates.SetItem(state.EdgeStates.Length - 1, state.EdgeStates[^1] with { Released = false }),
            } : state),
        ["state.position"] = () => States(state => state.Driving && state.HeaderId % 5 == 0 ? state with { MobileRobotPosition = null } : state),
        ["state.nurbs"] = () => States(state => state with { ZoneRequests = [.. state.ZoneRequests.Select(request => request.Trajectory is { } way ? request with { Trajectory = way with { Degree = 99 } } : request)] }),
        ["state.limits"] = () => Says<Factsheet>(LinkTopic.Factsheet, (_, sheet) => sheet with
        {
            ProtocolLimits = sheet.ProtocolLimits with { MaximumArrayLengths = sheet.ProtocolLimits.MaximumArrayLengths with { StateInstantActionStates = 2 } },
        }),
        ["state.localized"] = () => States(state => state.Driving ? state with { MobileRobotPosition = state.MobileRobotPosition! with { Localized = false } } : state),
        ["state.map-enabled"] = () => States(state => state.Driving ? state with { MobileRobotPosition = state.MobileRobotPosition! with { MapId = Never } } : state),
        ["state.one-map-version"] = () => States(state => state with { Maps = state.Maps.Add(state.Maps[0] with { MapVersion = "0" }) }),
        ["state.one-zone-set"] = () => States(state => state.ZoneSets.Any(set => set.ZoneSetStatus == StoredStatus.Enabled)
            ? state with { ZoneSets = state.ZoneSets.Add(new("ghost", state.ZoneSets[0].MapId, StoredStatus.Enabled)) } : state),
        ["error.fatal-stops"] = () => States(state => state.Driving ? state with { Errors = state.Errors.Add(new("lidar", ErrorLevel.Fatal)) } : state),
        ["error.levels"] = () => Errors(error => error.ErrorType == ErrorTypes.NoOrderToCancel ? error with { ErrorLevel = ErrorLevel.Urgent } : error),
        ["error.references"] = () => Errors(error => error.ErrorType == ErrorTypes.OtherOrderActive ? error with { ErrorReferences = [] } : error),
        ["error.critical-stops"] = () => States(state => state.Driving ? state with { Errors = state.Errors.Add(new("lidar", ErrorLevel.Critical)) } : state),
        ["error.until-accepted"] = () => Forgets(ErrorTypes.NoOrderToCancel, 1),
        ["action.ended-stays"] = () => States(state => AreTipped(state) && state.HeaderId % 2 == 1
            ? state with { ActionStates = state.ActionStates.SetItem(1, state.ActionStates[1] with { ActionStatus = ActionStatus.Running }) } : state),
        ["action.kept"] = () => Counted(AreTipped, 1, state => state with { ActionStates = state.ActionStates.RemoveAt(0) }),
        ["instant.kept"] = () => States(state => state.InstantActionStates.Length > 4 ? state with { InstantActionStates = state.InstantActionStates[^3..] } : state),
        ["request.unique"] = () => States(state => state.ZoneRequests.IsEmpty ? state : state with { ZoneRequests = [.. state.ZoneRequests, .. state.ZoneRequests] }),
        ["request.granted-by-answer"] = () => Counted(state => state.ZoneRequests.Any(request => request.RequestStatus == RequestStatus.Requested), 3, state => state with
        {
            ZoneRequests = [.. state.ZoneRequests.Select(request => request with { RequestStatus = RequestStatus.Granted })],
        }),
        ["request.enabled-set"] = () => States(state => state with { ZoneRequests = [.. state.ZoneRequests.Select(request => request with { ZoneSetId = Never })] }),
        ["request.new-attempt"] = () =>
        {
            var count = 0;
            return States(state => !state.ZoneRequests.IsEmpty && ++count == 4 ? state with { ZoneRequests = [] } : state);
        },
        ["mode.no-order"] = EarlyMode,
        ["mode.last-node"] = KeptLastNode,
        ["mode.no-requests"] = () => States(state => state.OperatingMode == OperatingMode.Manual && state.ZoneSets.FirstOrDefault(set => set.ZoneSetStatus == StoredStatus.Enabled) is { } used
            ? state with { ZoneRequests = [new("ghost", ZoneRequestType.Access, "zone", used.ZoneSetId, RequestStatus.Requested)] } : state),
        ["order.taken"] = () => Orders(order => order.Edges.IsEmpty && order.OrderUpdateId == 0 ? null : order),
        ["order.first-node"] = () => FirstOfOrder(state => state with { LastNodeId = "" }),
        ["order.whole"] = () => States(state => state.NodeStates.IsEmpty ? state : state with { NodeStates = state.NodeStates.SetItem(state.NodeStates.Length - 1, state.NodeStates[^1] with { NodeId = Never }) }),
        ["order.driven"] = Crawl,
        ["order.maximum-speed"] = Speeds,
        ["order.idle-at-end"] = () => Of(first: true, (state, id) => state.NodeStates.IsEmpty && state.OrderUpdateId == 0 ? state with { OrderId = "" } : state),
        ["order.decision-point"] = () => While(state => !state.NodeStates.IsEmpty && state.NodeStates.All(node => !node.Released) && !state.Driving, 40, state => state with { Driving = true }),
        ["update.taken"] = () => Orders(order => order.OrderUpdateId == 1 && order.Nodes is [{ SequenceId: 2 }, _] && order.Edges[0].EdgeId != "conform-stay" ? null : order),
        ["update.horizon"] = () => FirstOfUpdate(state => state.NodeStates is [{ SequenceId: 4 }] ? state with
        {
            NodeStates = [state.NodeStates[0] with { Released = false }],
            EdgeStates = [state.EdgeStates[0] with { Released = false }],
        } : state),
        ["update.after-end"] = () => Orders(order => order.OrderUpdateId == 1 && order.Nodes[0].SequenceId == 4 ? null : order),
        ["update.same-place"] = () => Orders(order => order.Edges.Any(edge => edge.EdgeId == "conform-stay") ? null : order),
        ["update.wrong-start"] = TakesAnyUpdate,
        ["reject.malformed"] = () => Renames(ErrorTypes.ValidationFailure, "cannot be read"),
        ["reject.sequence"] = () => Renames(ErrorTypes.ValidationFailure, "must rise by one"),
        ["reject.edges"] = () => Renames(ErrorTypes.ValidationFailure, "one edge between each two nodes"),
        ["reject.base-after-horizon"] = () => Renames(ErrorTypes.ValidationFailure, "follows one of the horizon"),
        ["reject.new-update-id"] = () => Orders(order => order is { OrderUpdateId: 3, Edges.IsEmpty: true } && order.Nodes[0].SequenceId == 0 ? order with { OrderUpdateId = 0 } : order),
        ["reject.unsupported"] = () => Renames(ErrorTypes.UnsupportedParameter),
        ["reject.action"] = () => Renames(ErrorTypes.InvalidOrderAction),
        ["reject.outdated"] = () => Renames(ErrorTypes.OutdatedOrderUpdate),
        ["reject.same-content"] = Complains,
        ["reject.same-update"] = () => Renames(ErrorTypes.SameOrderUpdateId),
        ["reject.other-order"] = () => Renames(ErrorTypes.OtherOrderActive),
        ["reject.start"] = () => Renames(ErrorTypes.StartNodeOutOfRange),
        ["reject.no-route"] = () => Renames(ErrorTypes.NoRouteToTarget),
        ["reject.mode"] = () => Renames(ErrorTypes.MobileRobotNotAvailable),
        ["reject.map"] = () => Renames(ErrorTypes.UnknownMapId),
        ["reject.memory"] = () => Renames(ErrorTypes.InsufficientMemory),
        ["reject.not-taken-over"] = () => States(state => state.Errors.FirstOrDefault(error => error.ErrorType == ErrorTypes.UnknownMapId) is { } error
            ? state with { OrderId = error.ErrorReferences.First(reference => reference.ReferenceKey == "orderId").ReferenceValue } : state),
        ["reject.goes-on"] = StopsAtRefusal,
        ["reject.until-accepted"] = () => Forgets(ErrorTypes.UnknownMapId, 1),
        ["cancel.stops"] = () => Ends(SweeperActions.CancelOrder, ActionStatus.Finished, ActionStatus.Failed),
        ["cancel.finished-last"] = () => Ends(SweeperActions.CancelOrder, ActionStatus.Running, ActionStatus.Finished),
        ["cancel.idle"] = KeepsNodes,
        ["cancel.ids-kept"] = ForgetsIds,
        ["cancel.actions-failed"] = () => States(state => state with
        {
            ActionStates = [.. state.ActionStates.Select(action => action is { ActionType: SweeperActions.Sweep, ActionStatus: ActionStatus.Failed } ? action with { ActionStatus = ActionStatus.Finished } : action)],
        }),
        ["cancel.no-update"] = () => Renames(ErrorTypes.OrderUpdateFollowingCancel),
        ["cancel.temporary-node"] = () => Orders(order => order.Nodes[0].NodeId == "conform-here" ? null : order),
        ["cancel.last-node"] = () => Orders(order => order.Nodes[0].NodePosition?.AllowedDeviationXY is null ? order : null),
        ["cancel.nothing"] = () => Renames(ErrorTypes.NoOrderToCancel),
        ["cancel.other-order"] = CancelsOther,
        ["instant.shown"] = () => Instants(SweeperActions.StateRequest, (_, _) => null),
        ["instant.unknown"] = () => Renames(ErrorTypes.InvalidInstantAction),
        ["instant.until-accepted"] = () => Forgets(ErrorTypes.InvalidInstantAction, 1.5),
        ["instant.state-request"] = () => Ends(SweeperActions.StateRequest, ActionStatus.Finished, ActionStatus.Failed),
        ["instant.clear"] = () => Deaf(SweeperActions.ClearInstantActions),
        ["instant.log-report"] = () => Instants(SweeperActions.LogReport, (_, action) => action with { ActionResult = null }),
        ["map.enable"] = () => Ends(SweeperActions.EnableMap, ActionStatus.Finished, ActionStatus.Failed),
        ["map.enable-unknown"] = () => Ends(SweeperActions.EnableMap, ActionStatus.Failed, ActionStatus.Finished),
        ["map.delete-in-use"] = () => Ends(SweeperActions.DeleteMap, ActionStatus.Failed, ActionStatus.Finished),
        ["pause.stops"] = () => States(state => state with { Paused = false }),
        ["pause.finished-last"] = () => Ends(SweeperActions.StartPause, ActionStatus.Running, ActionStatus.Finished),
        ["pause.keeps-order"] = () => States(state => state is { Paused: true, Driving: false } ? state with { OrderId = Never } : state),
        ["pause.actions"] = () => States(state => state with
        {
            ActionStates = [.. state.ActionStates.Select(action => action is { ActionType: SweeperActions.Sweep, ActionStatus: ActionStatus.Paused } ? action with { ActionStatus = ActionStatus.Running } : action)],
        }),
        ["pause.ends"] = () => Deaf(SweeperActions.StopPause, times: 1),
        ["action.shown"] = () => FirstOfOrder(state => state.ActionStates.Any(action => action.ActionType == SweeperActions.Tip) ? state with { ActionStates = [] } : state),
        ["action.horizon"] = () => States(state => state.EdgeStates.Any(edge => !edge.Released) ? state with { ActionStates = [] } : state),
        ["action.done"] = () => While(AreTipped, 950, state => state with { ActionStates = state.ActionStates.SetItem(1, state.ActionStates[1] with { ActionStatus = ActionStatus.Running }) }),
        ["action.on-edge"] = EarlySweep,
        ["action.stands"] = () => States(state => state.ActionStates.Any(IsTipping) ? state with { Driving = true } : state),
        ["action.sequence"] = () => States(state => state.ActionStates is [{ ActionType: SweeperActions.Tip, ActionStatus: not ActionStatus.Waiting }, { ActionStatus: ActionStatus.Waiting }]
            ? state with { ActionStates = state.ActionStates.SetItem(1, state.ActionStates[1] with { ActionStatus = ActionStatus.Running }) } : state),
        ["zone.disabled-first"] = EnabledAtOnce,
        ["zone.enable"] = () => OnlyFirst(SweeperActions.EnableZoneSet, ActionStatus.Finished, ActionStatus.Failed),
        ["zone.enable-unknown"] = () => Ends(SweeperActions.EnableZoneSet, ActionStatus.Failed, ActionStatus.Finished),
        ["zone.duplicate"] = () => Renames(ErrorTypes.DuplicateZoneSet),
        ["zone.invalid"] = () => States(state => state with
        {
            Errors = [.. state.Errors.Where(error => !error.ErrorReferences.Contains(new("topic", "zoneSet")))],
        }),
        ["zone.delete"] = () => Ends(SweeperActions.DeleteZoneSet, ActionStatus.Finished, ActionStatus.Failed),
        ["zone.blocked"] = () => While(state => state.Errors.Any(error => error.ErrorType == ErrorTypes.NodeUnreachable), 3, InNode),
        ["zone.unreachable"] = () => Renames(ErrorTypes.NodeUnreachable),
        ["zone.speed"] = () => States(state => state.Driving && state.ZoneSets.Any(set => set.ZoneSetStatus == StoredStatus.Enabled) ? state with { Velocity = new(Vx: 3 + state.Velocity!.Vx) } : state),
        ["zone.release-asked"] = () => States(state => state with { ZoneRequests = [.. state.ZoneRequests.Select(request => request with { RequestType = ZoneRequestType.Replanning })] }),
        ["zone.release-waits"] = () => While(state => !state.Driving && state.ZoneRequests.Any(request => request.RequestStatus == RequestStatus.Requested), 3, InNode),
        ["zone.release-granted"] = KeepsRequest,
        ["zone.release-rejected"] = () => Quietly(answer => answer.GrantType == GrantType.Rejected, 3, InNode),
        ["zone.release-revoked"] = () => Quietly(answer => answer.GrantType == GrantType.Revoked, 60, state => ForgetsLoss(state, ErrorTypes.ReleaseLost)),
        ["zone.replanning-lost"] = () => Quietly(answer => answer.GrantType == GrantType.Revoked, 60, state => ForgetsLoss(state, "releaseEnded")),
        ["zone.replanning-all"] = () => While(state => !state.Driving && state.ZoneRequests.Any(request => request.Trajectory is not null) && state.ZoneRequests.Select(request => request.RequestStatus).Distinct().Count() == 2, 3, InNode),
        ["zone.release-expired"] = () => Quietly((answer, bend) => answer.LeaseExpiry < bend.Loop.Now.AddSeconds(10), 60, state => ForgetsLoss(state, ErrorTypes.ReleaseLost)),
        ["zone.release-all"] = () => While(state => !state.Driving && state.ZoneRequests.Select(request => request.RequestStatus).Distinct().Count() == 2, 3, InNode),
        ["zone.replanning-asked"] = () => States(state => state with { ZoneRequests = [.. state.ZoneRequests.Select(request => request with { Trajectory = null })] }),
        ["zone.directed"] = () => Against(ZoneType.Directed),
        ["zone.bidirected"] = () => Against(ZoneType.Bidirected),
        ["sleep.hibernating"] = () => Ends(SweeperActions.StartHibernation, ActionStatus.Finished, ActionStatus.Failed),
        ["sleep.deaf"] = AnswersAsleep,
        ["sleep.ends"] = () => Connections(said => said is [.., ConnectionState.Hibernating, ConnectionState.Online] ? null : said[^1]),
        ["sleep.gives-up-order"] = ForgetsAsleep,
        ["shutdown.idle-only"] = () => Ends(SweeperActions.Shutdown, ActionStatus.Failed, ActionStatus.Finished),
        // Without a last will: OwnVehicle.Check(hasWill: false).
        ["connection.last-will"] = () => _ => { },
        ["connection.again"] = () => Connections(said => said.Count(state => state == ConnectionState.Online) == 4 ? null : said[^1]),
        ["mode.shown"] = () => States(state => state.OperatingMode == OperatingMode.Manual ? state with { OperatingMode = OperatingMode.TeachIn, LastNodeId = "" } : state),
        ["mode.actions-failed"] = () => States(state => state.OperatingMode == OperatingMode.Manual ? state with { OrderId = "" } : state),
        ["mode.intervened"] = () => States(state => state.OperatingMode == OperatingMode.Intervened ? state with { OrderId = Never } : state),
    };

    private static bool IsTipping(ActionState action) => action is { ActionType: SweeperActions.Tip, ActionStatus: ActionStatus.Running };

    private static bool AreTipped(State state) => state.ActionStates is [{ ActionType: SweeperActions.Tip, IsEnded: true }, { IsEnded: true }];

    private static State InNode(State state) => state.NodeStates.FirstOrDefault()?.NodePosition is { } node
        ? state with { MobileRobotPosition = state.MobileRobotPosition! with { X = node.X, Y = node.Y } } : state;

    private static Action<Bend> Errors(Func<RobotError, RobotError> change) => States(state => state with { Errors = [.. state.Errors.Select(change)] });

    private static Action<Bend> First(LinkTopic topic, Func<LinkMessage, LinkMessage?> change)
    {
        var count = 0;
        return Sends(topic, message => count++ == 0 ? change(message) : message);
    }

    private static Action<Bend> Later(LinkTopic topic, Func<LinkMessage, LinkMessage?> change)
    {
        var count = 0;
        return Sends(topic, message => count++ > 0 ? change(message) : message);
    }

    /// <summary>Says nothing for 35 s from when it first drives.</summary>
    private static Action<Bend> Silence()
    {
        double? since = null;
        return States((bend, state) =>
        {
            since ??= state.Driving ? bend.AtS : null;
            return bend.AtS - since < 35 ? null : state;
        });
    }

    /// <summary>Goes on telling what was before its first order for 8 s.</summary>
    private static Action<Bend> Stale()
    {
        State? before = null;
        double? since = null;
        return States((bend, state) =>
        {
            before = state.OrderId.Length == 0 ? state : before;
            since ??= state.OrderId.Length > 0 ? bend.AtS : null;
            return bend.AtS - since < 8 ? before! with { HeaderId = state.HeaderId, Timestamp = state.Timestamp } : state;
        });
    }

    private static Action<Bend> LateLastNode()
    {
        State? before = null;
        return States(state =>
        {
            var last = before;
            before = state;
            return last is not null && last.OrderId == state.OrderId && last.OrderUpdateId == state.OrderUpdateId && last.NodeStates.Length > state.NodeStates.Length && last.LastNodeSequenceId < state.LastNodeSequenceId
                ? state with { LastNodeId = last.LastNodeId, LastNodeSequenceId = last.LastNodeSequenceId } : state;
        });
    }

    private static Action<Bend> LostEdge()
    {
        string? order = null;
        return States(state =>
        {
            var isNew = order != state.OrderId;
            order = state.OrderId;
            return !isNew && state.ActionStates.IsEmpty && !state.EdgeStates.IsEmpty ? state with { EdgeStates = state.EdgeStates.RemoveAt(0) } : state;
        });
    }

    /// <summary>Changes what holds for a while, from the third time on that it is seen in a row.</summary>
    private static Action<Bend> Counted(Func<State, bool> holds, int times, Func<State, State> change)
    {
        var count = 0;
        return States(state =>
        {
            count = holds(state) ? count + 1 : 0;
            return count > times ? change(state) : state;
        });
    }

    /// <summary>Changes what holds, for so many seconds from when it first did.</summary>
    private static Action<Bend> While(Func<State, bool> holds, double seconds, Func<State, State> change)
    {
        double? since = null;
        return States((bend, state) =>
        {
            since ??= holds(state) ? bend.AtS : null;
            return bend.AtS - since < seconds && holds(state) ? change(state) : state;
        });
    }

    private static Action<Bend> FirstOfOrder(Func<State, State> change)
    {
        var order = "";
        return States(state =>
        {
            var isNew = state.OrderId != order;
            order = state.OrderId;
            return isNew ? change(state) : state;
        });
    }

    private static Action<Bend> FirstOfUpdate(Func<State, State> change)
    {
        (string, uint) update = default;
        return States(state =>
        {
            var isNew = (state.OrderId, state.OrderUpdateId) != update;
            update = (state.OrderId, state.OrderUpdateId);
            return isNew && state.OrderUpdateId > 0 ? change(state) : state;
        });
    }

    /// <summary>Changes the states of the first order.</summary>
    private static Action<Bend> Of(bool first, Func<State, string, State> change)
    {
        string? id = null;
        return States(state =>
        {
            id ??= state.OrderId.Length > 0 ? state.OrderId : null;
            return id is not null && (state.OrderId == id) == first ? change(state, id) : state;
        });
    }

    private static Action<Bend> EarlySweep()
    {
        string? id = null;
        return States(state =>
        {
            id ??= state.ActionStates.Any(action => action.ActionType == SweeperActions.Sweep) ? state.OrderId : null;
            return state.OrderId == id && state.Driving && state.ActionStates is [{ ActionStatus: ActionStatus.Waiting } waiting] ? state with { ActionStates = [waiting with { ActionStatus = ActionStatus.Running }] } : state;
        });
    }

    private static Action<Bend> EarlyMode()
    {
        var (count, before) = (0, ImmutableArray<ActionState>.Empty);
        return States(state =>
        {
            count = state.OperatingMode == OperatingMode.Manual ? count + 1 : 0;
            before = count == 0 ? state.ActionStates : before;
            return count is 1 or 2 ? state with { ActionStates = before } : state;
        });
    }

    private static Action<Bend> KeptLastNode()
    {
        var last = "";
        return States(state =>
        {
            last = state.LastNodeId.Length > 0 ? state.LastNodeId : last;
            return state.OperatingMode == OperatingMode.Service ? state with { LastNodeId = last } : state;
        });
    }

    private static Action<Bend> Crawl()
    {
        string? id = null;
        return Orders(order => (id ??= order.OrderId) == order.OrderId ? order with { Edges = [.. order.Edges.Select(edge => edge with { MaximumSpeed = 0.01 })] } : order);
    }

    /// <summary>Drives faster than the order says that names the least speed.</summary>
    private static Action<Bend> Speeds()
    {
        string? id = null;
        return Both(
            States(state => state.OrderId == id && state.Driving ? state with { Velocity = new(Vx: 3) } : state),
            Orders(order =>
            {
                id = order.Edges is [{ MaximumSpeed: 1.5 }] ? order.OrderId : id;
                return order;
            }));
    }

    private static Action<Bend> TakesAnyUpdate()
    {
        double? since = null;
        string? id = null;
        return Both(
            States((bend, state) => state.OrderId == id && bend.AtS - since < 4 ? state with { OrderUpdateId = 1 } : state),
            Hears<Order>(LinkTopic.Order, (bend, order) =>
            {
                if (since is null && order.OrderUpdateId == 1 && order.Nodes[0].SequenceId == 0)
                {
                    (since, id) = (bend.AtS, order.OrderId);
                }

                return order;
            }));
    }

    private static Action<Bend> Complains()
    {
        var heard = new HashSet<string>();
        double? since = null;
        return Both(
            States((bend, state) => bend.AtS - since < 10 ? state with { Errors = state.Errors.Add(new("repeated", ErrorLevel.Warning)) } : state),
            Hears<Order>(LinkTopic.Order, (bend, order) =>
            {
                since = heard.Add(Encoding.UTF8.GetString(LinkJson.Serialize(order with { HeaderId = 0, Timestamp = default }))) ? since : since ?? bend.AtS;
                return order;
            }));
    }

    private static Action<Bend> StopsAtRefusal()
    {
        var isDone = false;
        return States((bend, state) =>
        {
            if (!isDone && state.Errors.Any(error => error.ErrorType == ErrorTypes.SameOrderUpdateId))
            {
                isDone = true;
                bend.Whisper(LinkTopic.InstantActions, Command(bend, SweeperActions.Instant(SweeperActions.StartPause, "own-pause")));
            }

            return state;
        });
    }

    /// <summary>An instant action that nobody sent.</summary>
    public static LinkMessage Command(Bend bend, RobotAction action) => new(
        Topics.Default.Of(OwnVehicle.Id, LinkTopic.InstantActions),
        LinkJson.Serialize(new InstantActions { HeaderId = 900_000, Timestamp = bend.Loop.Now, Vehicle = OwnVehicle.Id, Actions = [action] }));

    private static Action<Bend> KeepsNodes()
    {
        State? before = null;
        double? since = null;
        return States((bend, state) =>
        {
            since ??= IsGivenUp(state, before) ? bend.AtS : null;
            var kept = before;
            before = state.NodeStates.IsEmpty ? before : state;
            return bend.AtS - since < 20 && state.NodeStates.IsEmpty ? state with { NodeStates = kept!.NodeStates, EdgeStates = kept.EdgeStates } : state;
        });
    }

    private static Action<Bend> ForgetsIds()
    {
        string? given = null;
        State? before = null;
        return States(state =>
        {
            given ??= IsGivenUp(state, before) ? state.OrderId : null;
            before = state;
            return state.OrderId == given ? state with { OrderId = "" } : state;
        });
    }

    private static bool IsGivenUp(State state, State? before) => state.NodeStates.IsEmpty && before is { NodeStates.IsEmpty: false } && state.OrderId == before.OrderId
        && state.InstantActionStates.Any(action => action is { ActionType: SweeperActions.CancelOrder, ActionStatus: ActionStatus.Finished });

    private static Action<Bend> CancelsOther()
    {
        var (known, wrong) = (new HashSet<string>(), new HashSet<string>());
        return States(state =>
        {
            foreach (var action in state.InstantActionStates.Where(action => action.ActionType == SweeperActions.CancelOrder && known.Add(action.ActionId)))
            {
                _ = !state.NodeStates.IsEmpty && action.ActionStatus == ActionStatus.Failed && wrong.Add(action.ActionId);
            }

            return state with { InstantActionStates = [.. state.InstantActionStates.Select(action => wrong.Contains(action.ActionId) ? action with { ActionStatus = ActionStatus.Finished } : action)] };
        });
    }

    private static Action<Bend> Deaf(string actionType, int times = int.MaxValue)
    {
        var count = 0;
        return Hears<InstantActions>(LinkTopic.InstantActions, (_, message) => message.Actions.Any(action => action.ActionType == actionType) && count++ < times ? null : message);
    }

    private static Action<Bend> EnabledAtOnce()
    {
        var isDone = false;
        return States(state =>
        {
            var isFirst = !isDone && !state.ZoneSets.IsEmpty;
            isDone |= isFirst;
            return isFirst ? state with { ZoneSets = [.. state.ZoneSets.Select(set => set with { ZoneSetStatus = StoredStatus.Enabled })] } : state;
        });
    }

    private static Action<Bend> OnlyFirst(string type, ActionStatus from, ActionStatus to)
    {
        string? id = null;
        return Instants(type, (_, action) => action.ActionStatus == from && (id ??= action.ActionId) == action.ActionId ? action with { ActionStatus = to } : action);
    }

    /// <summary>Changes states for so many seconds after such an answer.</summary>
    private static Action<Bend> Quietly(Func<Response, Bend, bool> isIt, double seconds, Func<State, State> change)
    {
        double? since = null;
        return Both(
            States((bend, state) => bend.AtS - since < seconds ? change(state) : state),
            Hears<Responses>(LinkTopic.Responses, (bend, answers) =>
            {
                since = answers.Items.Any(answer => isIt(answer, bend)) ? bend.AtS : since;
                return answers;
            }));
    }

    private static Action<Bend> Quietly(Func<Response, bool> isIt, double seconds, Func<State, State> change) => Quietly((answer, _) => isIt(answer), seconds, change);

    private static State ForgetsLoss(State state, string type) => state with { Errors = [.. state.Errors.Where(error => error.ErrorType != type)] };

    /// <summary>Is for a moment within a zone of a type before which it stands.</summary>
    private static Action<Bend> Against(ZoneType type)
    {
        var isThere = false;
        double? since = null;
        return Both(
            States((bend, state) =>
            {
                since ??= isThere && !state.Driving && state.Errors.Any(error => error.ErrorType == ErrorTypes.NodeUnreachable) ? bend.AtS : null;
                return bend.AtS - since < 3 ? InNode(state) : state;
            }),
            Hears<ZoneSet>(LinkTopic.ZoneSet, (_, set) =>
            {
                isThere = set.Content.Zones.Any(zone => zone.ZoneType == type && zone.Limitation == DirectionLimitation.Restricted);
                return set;
            }));
    }

    /// <summary>Shows no order after a hibernation that ended one.</summary>
    private static Action<Bend> ForgetsAsleep()
    {
        State? before = null;
        string? given = null;
        return States(state =>
        {
            given ??= before is { NodeStates.IsEmpty: false } && state.NodeStates.IsEmpty && state.OrderId == before.OrderId
                && state.InstantActionStates.Any(action => action.ActionType == SweeperActions.StartHibernation && before.InstantActionStates.All(old => old.ActionId != action.ActionId || !old.IsEnded)) ? state.OrderId : null;
            before = state;
            return state.OrderId == given ? state with { OrderId = "" } : state;
        });
    }

    /// <summary>Shows its first granted request for as long as the zone set is used.</summary>
    private static Action<Bend> KeepsRequest()
    {
        ZoneRequest? kept = null;
        var isOver = false;
        return States(state =>
        {
            kept ??= state.ZoneRequests.FirstOrDefault(request => request.RequestStatus == RequestStatus.Granted);
            isOver |= kept is not null && !state.ZoneSets.Any(set => set.ZoneSetId == kept.ZoneSetId && set.ZoneSetStatus == StoredStatus.Enabled);
            return kept is not null && !isOver && state.ZoneRequests.IsEmpty ? state with { ZoneRequests = [kept] } : state;
        });
    }

    private static Action<Bend> AnswersAsleep()
    {
        LinkMessage? sheet = null;
        var isAsleep = false;
        return bend =>
        {
            bend.Says = (topic, message) =>
            {
                isAsleep = topic == LinkTopic.Connection ? Bend.Read<Connection>(message).ConnectionState == ConnectionState.Hibernating : isAsleep;
                sheet = topic == LinkTopic.Factsheet ? message : sheet;
                return topic == LinkTopic.Factsheet ? bend.Numbered(topic, message, Bend.Read<Factsheet>(message)) : message;
            };
            bend.Hears = (topic, message) =>
            {
                if (isAsleep && topic == LinkTopic.InstantActions && Bend.Read<InstantActions>(message).Actions[0].ActionType == SweeperActions.FactsheetRequest)
                {
                    bend.Say(bend.Numbered(LinkTopic.Factsheet, sheet!, Bend.Read<Factsheet>(sheet!)));
                }

                return message;
            };
        };
    }

    /// <summary>Says another connection state, or none.</summary>
    /// <param name="choose">Gets all that was to be said so far.</param>
    private static Action<Bend> Connections(Func<List<ConnectionState>, ConnectionState?> choose)
    {
        var said = new List<ConnectionState>();
        return Says<Connection>(LinkTopic.Connection, (_, message) =>
        {
            said.Add(message.ConnectionState);
            return choose(said) is { } state ? message with { ConnectionState = state } : null;
        });
    }
}
