using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Vda21;

namespace Kehrwerk.Link.Tests.Vda21;

/// <summary>Generates what the two sides of the adapter may get: orders that make sense in 3.0.0, and valid reports of 2.1.</summary>
internal static class Random21
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 12], Gen.OneOf("", "Straße \"7\"\\\n", "🧹"));
    private static readonly Gen<double> Number = Gen.OneOf(Gen.Double[-1e6, 1e6], Gen.OneOf(0.0, -0.1, 1e300));
    private static readonly Gen<double> Positive = Gen.Double[0, 1e6];
    private static readonly Gen<double> Angle = Gen.Double[-3.14159265, 3.14159265];

    /// <summary>Random orders with as many edges as go with the nodes, curves with enough points, and no SINGLE.</summary>
    public static readonly Gen<Order> Order = RandomMessages.Order.Select(order => order with
    {
        Nodes = [.. order.Nodes.Append(new OrderNode("end", 99, false, [])).Take(order.Edges.Length + 1).Concat(Enumerable.Range(0, Math.Max(0, order.Edges.Length - order.Nodes.Length))
            .Select(i => new OrderNode($"more{i}", (uint)(200 + (2 * i)), false, []))).Select(node => node with { Actions = NoSingle(node.Actions) })],
        Edges = [.. order.Edges.Select(edge => edge with { Actions = NoSingle(edge.Actions), Trajectory = edge.Trajectory is { } curve ? Sound(curve) : null })],
    });

    private static readonly Gen<Reference> Pair = Gen.Select(Text, Text, (key, value) => new Reference(key, value));

    private static readonly Gen<AgvPosition21> Where =
        from x in Number
        from y in Number
        from theta in Angle
        from map in Text
        from initialized in Gen.Bool
        from score in MaybeValue(Gen.Double[0, 1])
        from deviation in MaybeValue(Positive)
        select new AgvPosition21(x, y, theta, map, initialized, score, deviation);

    // PAUSED is in the text and not in the schema.
    private static readonly Gen<ActionState21> Doing =
        from id in Text
        from status in Gen.Enum<ActionStatus21>()
        from type in Maybe(Gen.OneOf(Gen.Const("sweep"), Gen.Const("initPosition"), Gen.Const("startPause"), Text))
        from result in Maybe(Text)
        from description in Maybe(Text)
        select new ActionState21(id, status == ActionStatus21.Paused ? ActionStatus21.Running : status, type, result, description);

    private static readonly Gen<Error21> Error =
        from type in Gen.OneOf(Gen.OneOf("validationError", "orderError", "orderUpdateError", "noOrderToCancel", "noRouteError", "instantActionError"), Text)
        from level in Gen.Enum<ErrorLevel21>()
        from description in Maybe(Text)
        from hint in Maybe(Text)
        from references in Some(Pair)
        select new Error21(type, level, description, hint) { ErrorReferences = references };

    private static readonly Gen<Trajectory> Curve =
        from points in Some(Gen.Select(Number, Number, MaybeValue(Gen.Double[0.001, 10]), (x, y, weight) => new ControlPoint(x, y, weight)))
        from degree in Gen.UInt[1, 5]
        select new Trajectory(points, degree) { KnotVector = [0, 0.5, 1] };

    public static readonly Gen<State21> State =
        from header in Gen.UInt[0, int.MaxValue]
        from time in Gen.Long[0, 4_102_444_800_000]
        from version in Gen.OneOf("2.1.0", "2.0.0", "2.1")
        from ids in Gen.Select(Text, Text)
        from nodes in Some(Gen.Select(Text, Gen.UInt[0, int.MaxValue], Gen.Bool, Maybe(Gen.Select(Number, Number, Text, MaybeValue(Angle), (x, y, map, theta) => new ReportedNodePosition(x, y, map, theta))), Maybe(Text), (id, sequence, released, place, text) => new NodeState21(id, sequence, released, place, text)))
        from edges in Some(Gen.Select(Text, Gen.UInt[0, int.MaxValue], Gen.Bool, Maybe(Text), Maybe(Curve), (id, sequence, released, text, curve) => new EdgeState21(id, sequence, released, text, curve)))
        from actions in Some(Doing)
        from errors in Some(Error)
        from infos in Some(Gen.Select(Text, Gen.Enum<InfoLevel>(), Maybe(Text), Some(Pair), (type, level, text, references) => new Info21(type, level, text) { InfoReferences = references }))
        from maps in Some(Gen.Select(Text, Text, Gen.Enum<StoredStatus>(), Maybe(Text), (id, of, status, text) => new Map21(id, of, status, text)))
        from place in Maybe(Where)
        from velocity in Maybe(Gen.Select(MaybeValue(Number), MaybeValue(Number), (vx, omega) => new Velocity(vx, null, omega)))
        from battery in Gen.Select(Gen.Double[0, 100], Gen.Bool, MaybeValue(Positive), MaybeValue(Number), MaybeValue(Gen.Double[0, 100]), (charge, charging, reach, volts, health) => new BatteryState21(charge, charging, reach, volts, health))
        from flags in Gen.Select(Gen.Bool, MaybeValue(Gen.Bool), MaybeValue(Gen.Bool), Gen.Bool)
        from since in MaybeValue(Number)
        from mode in Gen.Enum<OperatingMode21>()
        from stop in Gen.Enum<EmergencyStop21>()
        from load in MaybeValue(Some(Gen.Select(Maybe(Text), MaybeValue(Positive), (id, weight) => new Load(id, Weight: weight))))
        from status in Maybe(RandomMessages.Status)
        select new State21
        {
            HeaderId = header,
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(time),
            Version = version,
            Vehicle = Examples.Vehicle,
            OrderId = ids.Item1,
            OrderUpdateId = header % 7,
            LastNodeId = ids.Item2,
            LastNodeSequenceId = header % 11,
            NodeStates = nodes,
            EdgeStates = edges,
            AgvPosition = place,
            Velocity = velocity,
            Driving = flags.Item1,
            Paused = flags.Item2,
            NewBaseRequest = flags.Item3,
            DistanceSinceLastNode = since,
            ActionStates = actions,
            BatteryState = battery,
            OperatingMode = mode,
            Errors = errors,
            Information = infos,
            SafetyState = new(stop, flags.Item4),
            Maps = maps,
            Loads = load,
            SweeperStatus = status,
        };

    private static ImmutableArray<RobotAction> NoSingle(ImmutableArray<RobotAction> actions) =>
        [.. actions.Select(action => action.BlockingType == BlockingType.Single ? action with { BlockingType = BlockingType.Soft } : action)];

    private static Trajectory Sound(Trajectory curve)
    {
        var missing = Math.Max(0, (int)(curve.Degree ?? 1) + 1 - curve.ControlPoints.Length);
        return curve with { ControlPoints = [.. curve.ControlPoints, .. Enumerable.Range(0, missing).Select(i => new ControlPoint(i, i))] };
    }

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));

    private static Gen<T?> MaybeValue<T>(Gen<T> gen)
        where T : struct => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));

    private static Gen<ImmutableArray<T>> Some<T>(Gen<T> gen) => gen.Array[0, 3].Select(items => items.ToImmutableArray());
}
