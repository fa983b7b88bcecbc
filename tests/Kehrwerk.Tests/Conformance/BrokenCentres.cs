using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using static Kehrwerk.Tests.Conformance.Break;

namespace Kehrwerk.Tests.Conformance;

/// <summary>For each rule of a master control one that breaks it, and no other: our Centre with something between it and its line.</summary>
internal static class BrokenCentres
{
    private static readonly AllowedDeviation Wide = new(500, 500, 0);

    public static Dictionary<string, Func<Action<Bend>>> All { get; } = new(StringComparer.Ordinal)
    {
        ["master.message.readable"] = () => Some(20, "\"validForS\":3", "\"validForS\":\"three\""),
        ["master.header.names"] = () => Some(20, "\"serialNumber\":\"KW-01\"", "\"serialNumber\":\"KW-99\""),
        ["master.header.version"] = () => Some(20, "\"version\":\"3.0.0\"", "\"version\":\"2.1.0\""),
        ["master.header.counts"] = () => Says<Supervision>(LinkTopic.Supervision, (_, lease) => lease with { HeaderId = 5 }),
        ["master.header.timestamp"] = () => Some(20, "Z\",\"version\"", "+00:00\",\"version\""),
        ["master.topic.qos"] = () => Sends(LinkTopic.Order, message => message with { Qos = Qos.AtLeastOnce }),
        ["master.order.edges"] = () => Second(order => order.Edges.Length > 1, order => order with { Edges = order.Edges[..^1] }),
        ["master.order.sequence"] = () => Second(order => order.Edges.Length > 0, order => order with { Edges = [.. order.Edges.Select(edge => edge with { SequenceId = edge.SequenceId + 1 })] }),
        ["master.order.first-released"] = () => Second(order => order.Edges.Length > 1, order => order with { Nodes = order.Nodes.SetItem(0, order.Nodes[0] with { Released = false }) }),
        ["master.order.base-first"] = () => Second(order => order.Edges.Length > 1 && !order.Nodes[^1].Released, order => order with { Nodes = order.Nodes.SetItem(order.Edges.Length, order.Nodes[^1] with { Released = true }) }),
        ["master.order.begins-at-0"] = () => Second(order => order.Edges.Length > 0, order => order with { Nodes = [order.Nodes[0] with { SequenceId = 2 }], Edges = [] }),
        ["master.order.start"] = () => Second(order => order.Edges.Length > 1, order => order with { Nodes = order.Nodes.SetItem(0, order.Nodes[0] with { NodePosition = order.Nodes[0].NodePosition! with { X = order.Nodes[0].NodePosition!.X + 20 } }) }),
        ["master.order.when-idle"] = () => AfterOrder((bend, order) => SayOrder(bend, Extra(order), 10)),
        ["master.order.map"] = () => Second(order => order.Edges.Length > 0, order => order with { Nodes = [order.Nodes[0] with { NodePosition = order.Nodes[0].NodePosition! with { MapId = "other" } }], Edges = [] }),
        ["master.order.mode"] = () => AtState(state => state.OperatingMode == OperatingMode.Manual, (bend, state, epoch) => SayOrder(bend, Extra(state, epoch), 5)),
        ["master.order.offline"] = AfterBreak,
        ["master.order.refused"] = SaysRefused,
        ["master.update.rises"] = () => AtUpdate((bend, before, _) => SayOrder(bend, before, 1)),
        ["master.update.same-content"] = () => AtUpdate((bend, _, update) => SayOrder(bend, update with { OrderDescription = "another" }, 1)),
        ["master.update.stitch"] = () => Update(order => order with { Nodes = order.Nodes.SetItem(0, order.Nodes[0] with { NodeId = "elsewhere" }) }),
        ["master.update.base-kept"] = () => Update(order => order with { Nodes = order.Nodes.SetItem(0, order.Nodes[0] with { NodePosition = order.Nodes[0].NodePosition! with { X = order.Nodes[0].NodePosition!.X + 0.5 } }) }),
        ["master.update.not-after-cancel"] = () => AtUpdate((bend, _, update) =>
        {
            SayCommand(bend, SweeperActions.Cancel("early", update.OrderId), 1);
            SayOrder(bend, update with { OrderUpdateId = update.OrderUpdateId + 50, Nodes = [update.Nodes.Last(node => node.Released)], Edges = [] }, 2);
        }),
        ["master.update.extends"] = () => bend => bend.Says = (topic, message) => topic != LinkTopic.Order ? message
            : Bend.Read<Order>(message) is { OrderUpdateId: 0 } order ? bend.Numbered(topic, message, order) : null,
        ["master.action.declared"] = () => Says<Order>(LinkTopic.Order, (_, order) => Sweeps(order, action => action with { ActionType = "vacuum" })),
        ["master.action.parameters"] = () => Says<Order>(LinkTopic.Order, (_, order) => Sweeps(order, action => action with { ActionParameters = action.ActionParameters.RemoveAt(0) })),
        ["master.action.ids"] = () => At(12, (bend, epoch) =>
        {
            SayCommand(bend, SweeperActions.Instant(SweeperActions.StateRequest, "twice"), 0);
            SayCommand(bend, SweeperActions.Instant(SweeperActions.ClearInstantActions, "twice"), 1);
        }),
        ["master.instant.none"] = () => At(12, (bend, _) => bend.Say(Bend.Text(CommandMessage(bend, SweeperActions.Instant(SweeperActions.StateRequest, "hard")), "\"NONE\"", "\"HARD\""))),
        ["master.instant.mode"] = () => AtState(state => state.OperatingMode == OperatingMode.Manual, (bend, _, _) => SayCommand(bend, SweeperActions.Instant(SweeperActions.ClearInstantActions, "clear"), 5)),
        ["master.instant.intervened"] = () => AtState(state => state.OperatingMode == OperatingMode.Intervened, (bend, _, _) => SayCommand(bend, SweeperActions.Instant(SweeperActions.ClearInstantActions, "clear"), 5)),
        ["master.limits"] = () => At(12, (bend, _) => SayCommand(bend, SweeperActions.Instant(SweeperActions.StateRequest, new string('i', 101)), 0)),
        ["master.optional"] = () => Second(order => order.Edges.Length > 0, order => order with { Edges = order.Edges.SetItem(0, order.Edges[0] with { MaximumSpeed = 3 }) }),
        ["master.zone.content"] = () => bend => bend.Says = (topic, message) =>
        {
            if (topic != LinkTopic.ZoneSet)
            {
                return message;
            }

            var set = Bend.Read<ZoneSet>(message);
            bend.Loop.Schedule(TimeSpan.FromSeconds(2), () => bend.Say(bend.Numbered(topic, message, set with { Content = set.Content with { ZoneSetDescriptor = "another" } })));
            return bend.Numbered(topic, message, set);
        },
        ["master.zone.types"] = () => Says<ZoneSet>(LinkTopic.ZoneSet, (_, set) => set with { Content = set.Content with { Zones = [.. set.Content.Zones.Select(zone => zone with { ZoneType = ZoneType.SpeedLimit, MaximumSpeed = 1 })] } }),
        ["master.zone.polygon"] = () => Says<ZoneSet>(LinkTopic.ZoneSet, (_, set) => set with { Content = set.Content with { Zones = [.. set.Content.Zones.Select(zone => zone with { Vertices = [.. zone.Vertices.Reverse()] })] } }),
        ["master.zone.enabled"] = () => bend => bend.Says = (topic, message) => topic != LinkTopic.InstantActions ? message
            : Bend.Read<InstantActions>(message) is var command && command.Actions.Any(action => action.ActionType == SweeperActions.EnableZoneSet) ? null : bend.Numbered(topic, message, command),
        ["master.response.base"] = GrantsAhead,
        ["master.response.known"] = () => Says<Responses>(LinkTopic.Responses, (_, answers) => answers with { Items = [.. answers.Items.Select(answer => answer with { RequestId = "other" })] }),
        ["master.response.lease"] = () => Says<Responses>(LinkTopic.Responses, (_, answers) => answers with { Items = [.. answers.Items.Select(answer => answer with { GrantType = GrantType.Queued })] }),
        ["sp.master.lease.answers"] = () => bend => bend.Says = (topic, message) => topic != LinkTopic.Supervision ? message
            : bend.AtS is > 20 and < 26 ? null : bend.Numbered(topic, message, Bend.Read<Supervision>(message)),
        ["sp.master.lease.rate"] = TooOften,
        ["sp.master.lease.ids"] = () => Says<Supervision>(LinkTopic.Supervision, (_, lease) => lease with { LeaseId = 7 }),
        ["sp.master.lease.heard"] = () => SomeLeases(lease => lease with { Heard = lease.Heard with { HeaderId = lease.Heard.HeaderId + 5000 } }),
        ["sp.master.lease.map"] = () => SomeLeases(lease => lease with { Map = lease.Map with { MapId = "other" } }),
        ["sp.master.epoch.raised"] = () => SomeLeases(lease => lease with { Epoch = 0 }, first: 1, every: int.MaxValue),
        ["sp.master.epoch.order"] = () => Second(_ => true, order => order with { SupervisionEpoch = order.SupervisionEpoch + 1 }),
        ["sp.master.epoch.command"] = () => At(0, (bend, epoch) => SayCommand(bend, Stamped(bend, EnableSet("early"), epoch), 0.2)),
        ["sp.master.command.stamp"] = () => At(12, (bend, _) => SayCommand(bend, EnableSet("bare"), 0)),
        ["sp.master.command.repeated"] = OtherIds,
        ["sp.master.no-end"] = () => At(12, (bend, epoch) => SayCommand(bend, Stamped(bend, new MrcInvestigation("mrc-1", "none", "none").ToAction("end"), epoch), 0)),
        ["sp.master.event.receipt"] = () => Receipts((receipt, count) => receipt.EventId.EndsWith("good", StringComparison.Ordinal) && count == 1 ? receipt with { Kept = false } : receipt),
        ["sp.master.event.twice"] = () => Receipts((receipt, count) => receipt.EventId.EndsWith("good", StringComparison.Ordinal) && count == 2 ? receipt with { Kept = false } : receipt),
        ["sp.master.event.broken"] = () => Receipts((receipt, _) => receipt with { Kept = true }),
    };

    private static Order Sweeps(Order order, Func<RobotAction, RobotAction> change) => order with { Edges = [.. order.Edges.Select(edge => edge with { Actions = [.. edge.Actions.Select(change)] })] };

    private static RobotAction EnableSet(string id) => SweeperActions.Instant(SweeperActions.EnableZoneSet, id, new ActionParameter(SweeperActions.ZoneSetIdParameter, "none"));

    private static RobotAction Stamped(Bend bend, RobotAction action, uint epoch) => new CommandStamp(epoch, 1, 10, "centre").On(action);

    /// <summary>Changes the text of some leases.</summary>
    private static Action<Bend> Some(int every, string from, string to)
    {
        var count = 0;
        return Sends(LinkTopic.Supervision, message => ++count % every == 0 ? Bend.Text(message, from, to) : message);
    }

    private static Action<Bend> SomeLeases(Func<Supervision, Supervision> change, int first = 10, int every = 10)
    {
        var count = 0;
        return Says<Supervision>(LinkTopic.Supervision, (_, lease) => ++count >= first && (count - first) % every == 0 ? change(lease) : lease);
    }

    /// <summary>Changes one new order that fits: the first after so many others.</summary>
    private static Action<Bend> Second(Func<Order, bool> fits, Func<Order, Order> change, int skip = 1)
    {
        var fit = new List<string>();
        return Says<Order>(LinkTopic.Order, (_, order) =>
        {
            if (order.OrderUpdateId == 0 && fits(order) && !fit.Contains(order.OrderId))
            {
                fit.Add(order.OrderId);
            }

            // A repetition is the same order.
            return order.OrderUpdateId == 0 && fit.IndexOf(order.OrderId) == skip ? change(order) : order;
        });
    }

    private static Action<Bend> Update(Func<Order, Order> change)
    {
        var isDone = false;
        return Says<Order>(LinkTopic.Order, (_, order) =>
        {
            var isIt = !isDone && order.OrderUpdateId > 0;
            isDone |= isIt;
            return isIt ? change(order) : order;
        });
    }

    /// <summary>Numbers all orders, and does something once with an order of some edges.</summary>
    private static Action<Bend> AfterOrder(Action<Bend, Order> act)
    {
        var count = 0;
        return bend => bend.Says = (topic, message) =>
        {
            if (topic != LinkTopic.Order)
            {
                return message;
            }

            var order = Bend.Read<Order>(message);
            var said = bend.Numbered(topic, message, order);
            if (order is { OrderUpdateId: 0, Edges.Length: > 1 } && count++ == 0)
            {
                act(bend, order);
            }

            return said;
        };
    }

    /// <summary>Numbers orders and commands, and does something once with the first update and the message before it.</summary>
    private static Action<Bend> AtUpdate(Action<Bend, Order, Order> act)
    {
        Order? before = null;
        var isDone = false;
        return bend => bend.Says = (topic, message) =>
        {
            if (topic != LinkTopic.Order)
            {
                return topic == LinkTopic.InstantActions ? bend.Numbered(topic, message, Bend.Read<InstantActions>(message)) : message;
            }

            var order = Bend.Read<Order>(message);
            var said = bend.Numbered(topic, message, order);
            if (!isDone && order.OrderUpdateId > 0 && before?.OrderId == order.OrderId)
            {
                isDone = true;
                act(bend, before, order);
            }

            before = order;
            return said;
        };
    }

    /// <summary>Numbers orders and commands, and does something once at the first state that fits.</summary>
    private static Action<Bend> AtState(Func<State, bool> fits, Action<Bend, State, uint> act)
    {
        var isDone = false;
        uint epoch = 0;
        return bend =>
        {
            Count(bend, lease => epoch = lease.Epoch);
            bend.Hears = (topic, message) =>
            {
                if (!isDone && topic == LinkTopic.State && Bend.Read<State>(message) is var state && fits(state))
                {
                    isDone = true;
                    act(bend, state, epoch);
                }

                return message;
            };
        };
    }

    /// <summary>Numbers orders and commands, and does something once with the first lease after so many seconds.</summary>
    private static Action<Bend> At(double afterS, Action<Bend, uint> act)
    {
        var isDone = false;
        return bend => Count(bend, lease =>
        {
            if (!isDone && bend.AtS >= afterS)
            {
                isDone = true;
                act(bend, lease.Epoch);
            }
        });
    }

    private static void Count(Bend bend, Action<Supervision> atLease) => bend.Says = (topic, message) =>
    {
        if (topic == LinkTopic.Supervision)
        {
            atLease(Bend.Read<Supervision>(message));
        }

        return topic switch
        {
            LinkTopic.Order => bend.Numbered(topic, message, Bend.Read<Order>(message)),
            LinkTopic.InstantActions => bend.Numbered(topic, message, Bend.Read<InstantActions>(message)),
            _ => message,
        };
    };

    private static void SayOrder(Bend bend, Order order, double afterS) => bend.Loop.Schedule(TimeSpan.FromSeconds(afterS), () =>
        bend.Say(bend.Numbered(LinkTopic.Order, new(Topics.Default.Of(OwnVehicle.Id, LinkTopic.Order), default), order with { Timestamp = bend.Loop.Now })));

    private static void SayCommand(Bend bend, RobotAction action, double afterS) => bend.Loop.Schedule(TimeSpan.FromSeconds(afterS), () => bend.Say(CommandMessage(bend, action)));

    private static LinkMessage CommandMessage(Bend bend, RobotAction action) => bend.Numbered(
        LinkTopic.InstantActions,
        new(Topics.Default.Of(OwnVehicle.Id, LinkTopic.InstantActions), default),
        new InstantActions { HeaderId = 0, Timestamp = bend.Loop.Now, Vehicle = OwnVehicle.Id, Actions = [action] });

    /// <summary>Another order of one node, wherever the vehicle is.</summary>
    private static Order Extra(Order like) => like with
    {
        OrderId = "extra",
        Nodes = [like.Nodes[0] with { Actions = [], NodePosition = like.Nodes[0].NodePosition! with { AllowedDeviationXY = Wide } }],
        Edges = [],
    };

    private static Order Extra(State at, uint epoch) => new()
    {
        HeaderId = 0,
        Timestamp = at.Timestamp,
        Vehicle = OwnVehicle.Id,
        OrderId = "extra",
        OrderUpdateId = 0,
        SupervisionEpoch = epoch,
        Nodes = [new("here", 0, true, [], new(at.MobileRobotPosition!.X, at.MobileRobotPosition.Y, at.MobileRobotPosition.MapId))],
        Edges = [],
    };

    /// <summary>Goes on with its last order when the connection has broken.</summary>
    private static Action<Bend> AfterBreak()
    {
        Order? last = null;
        var isDone = false;
        return bend =>
        {
            bend.Says = (topic, message) => topic == LinkTopic.Order ? bend.Numbered(topic, message, last = Bend.Read<Order>(message)) : message;
            bend.Hears = (topic, message) =>
            {
                if (!isDone && topic == LinkTopic.Connection && Bend.Read<Connection>(message).ConnectionState == ConnectionState.ConnectionBroken)
                {
                    isDone = true;
                    SayOrder(bend, last!, 8);
                }

                return message;
            };
        };
    }

    private static Action<Bend> SaysRefused()
    {
        var said = new Dictionary<string, Order>();
        var isDone = false;
        return bend =>
        {
            bend.Says = (topic, message) =>
            {
                if (topic != LinkTopic.Order)
                {
                    return message;
                }

                var order = Bend.Read<Order>(message);
                said[order.OrderId] = order;
                return bend.Numbered(topic, message, order);
            };
            bend.Hears = (topic, message) =>
            {
                if (!isDone && topic == LinkTopic.State && Bend.Read<State>(message).Errors.FirstOrDefault(error => error.ErrorType == ErrorTypes.NoRouteToTarget) is { } error)
                {
                    isDone = true;
                    SayOrder(bend, said[error.ErrorReferences.First(reference => reference.ReferenceKey == "orderId").ReferenceValue], 5);
                }

                return message;
            };
        };
    }

    /// <summary>Grants whatever it is asked for.</summary>
    private static Action<Bend> GrantsAhead()
    {
        var isDone = false;
        return bend => bend.Hears = (topic, message) =>
        {
            if (!isDone && topic == LinkTopic.State && Bend.Read<State>(message).EdgeRequests is [{ RequestId: "conform-r0" } request])
            {
                isDone = true;
                bend.Loop.Schedule(TimeSpan.FromSeconds(10), () => bend.Say(new(
                    Topics.Default.Of(OwnVehicle.Id, LinkTopic.Responses),
                    LinkJson.Serialize(new Responses { HeaderId = 0, Timestamp = bend.Loop.Now, Vehicle = OwnVehicle.Id, Items = [new(request.RequestId, GrantType.Granted, bend.Loop.Now.AddMinutes(1))] }))));
            }

            return message;
        };
    }

    private static Action<Bend> TooOften()
    {
        var count = 0;
        return bend => bend.Says = (topic, message) =>
        {
            if (topic != LinkTopic.Supervision)
            {
                return message;
            }

            var lease = Bend.Read<Supervision>(message);
            var id = lease.LeaseId * 10;
            var said = bend.Numbered(topic, message, lease with { LeaseId = id });
            if (++count == 5)
            {
                bend.Loop.Schedule(TimeSpan.FromSeconds(0.2), () => bend.Say(bend.Numbered(topic, message, lease with { LeaseId = id + 1 })));
                bend.Loop.Schedule(TimeSpan.FromSeconds(0.4), () => bend.Say(bend.Numbered(topic, message, lease with { LeaseId = id + 2 })));
            }

            return said;
        };
    }

    /// <summary>After the connection broke, each sending of a command has another id.</summary>
    private static Action<Bend> OtherIds()
    {
        var (isBroken, count) = (false, 0);
        return bend =>
        {
            Says<InstantActions>(LinkTopic.InstantActions, (_, message) => isBroken
                ? message with { Actions = [.. message.Actions.Select(action => action with { ActionId = $"{action.ActionId}.{++count}" })] } : message)(bend);
            bend.Hears = (topic, message) =>
            {
                isBroken |= topic == LinkTopic.Connection && Encoding.UTF8.GetString(message.Payload.Span).Contains("CONNECTION_BROKEN", StringComparison.Ordinal);
                return message;
            };
        };
    }

    private static Action<Bend> Receipts(Func<EventReceipt, int, EventReceipt> change)
    {
        var counts = new Dictionary<string, int>();
        return Says<EventReceipts>(LinkTopic.EventReceipts, (_, message) => message with
        {
            Receipts = [.. message.Receipts.Select(receipt => change(receipt, counts[receipt.EventId] = counts.GetValueOrDefault(receipt.EventId) + 1))],
        });
    }
}
