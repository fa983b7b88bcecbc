using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Tests;

/// <summary>Generates valid messages of all shapes: optional parts there or not, any text, extreme numbers.</summary>
internal static class RandomMessages
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 12],
        Gen.OneOf("", "Straße \"7\"\\\n\t", "漢字", "e5:right", "🧹", "\u0000\u001f"));

    private static readonly Gen<string> Id = Gen.String[Gen.Char.AlphaNumeric, 1, 12];
    private static readonly Gen<double> Number = Gen.OneOf(Gen.Double[-1e6, 1e6], Gen.OneOf(0.0, -0.1, 1e-12, 1e300, double.Epsilon));
    private static readonly Gen<double> Positive = Gen.Double[0, 1e6];
    private static readonly Gen<double> Quantity = Gen.Double[0, 1e9];
    private static readonly Gen<double> Angle = Gen.Double[-3.14159265, 3.14159265];
    private static readonly Gen<double> Percent = Gen.Double[0, 100];
    private static readonly Gen<double> Unit = Gen.Double[0, 1];

    private static readonly Gen<DateTimeOffset> Time =
        Gen.Long[0, 4_102_444_800_000].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    private static readonly Gen<ParameterValue> Value = Gen.OneOf(
        Text.Select(ParameterValue.FromText),
        Number.Select(ParameterValue.FromNumber),
        Gen.Bool.Select(ParameterValue.FromBool));

    private static readonly Gen<RobotAction> Action =
        from type in Id
        from id in Id
        from blocking in Gen.Enum<BlockingType>()
        from descriptor in Maybe(Text)
        from retriable in MaybeValue(Gen.Bool)
        from parameters in Some(Gen.Select(Id, Value, (key, value) => new ActionParameter(key, value)))
        select new RobotAction(type, id, blocking, descriptor, retriable) { ActionParameters = parameters };

    private static readonly Gen<Trajectory> Curve =
        from points in Some(Gen.Select(Number, Number, MaybeValue(Gen.Double[0.001, 10]), (x, y, weight) => new ControlPoint(x, y, weight)))
        from degree in MaybeValue(Gen.UInt[1, 5])
        from knots in Some(Unit)
        select new Trajectory(points, degree) { KnotVector = knots };

    private static readonly Gen<Corridor> Aside =
        from left in Positive
        from right in Positive
        from point in MaybeValue(Gen.Enum<CorridorReferencePoint>())
        from release in MaybeValue(Gen.Bool)
        from loss in MaybeValue(Gen.Enum<ReleaseLossBehavior>())
        select new Corridor(left, right, point, release, loss);

    private static readonly Gen<NodePosition> Place =
        from x in Number
        from y in Number
        from map in Text
        from theta in MaybeValue(Angle)
        from deviation in Maybe(Gen.Select(Positive, Positive, Gen.Double[-1.57, 1.57], (a, b, t) => new AllowedDeviation(a, b, t)))
        from turn in MaybeValue(Gen.Double[0, 3.14159])
        select new NodePosition(x, y, map, theta, deviation, turn);

    private static readonly Gen<OrderNode> Node =
        from id in Text
        from sequence in Gen.UInt
        from released in Gen.Bool
        from actions in Some(Action)
        from place in Maybe(Place)
        from descriptor in Maybe(Text)
        select new OrderNode(id, sequence, released, actions, place, descriptor);

    private static readonly Gen<OrderEdge> Edge =
        from id in Text
        from sequence in Gen.UInt
        from released in Gen.Bool
        from actions in Some(Action)
        from speed in MaybeValue(Positive)
        from length in MaybeValue(Positive)
        from curve in Maybe(Curve)
        from corridor in Maybe(Aside)
        from orientation in MaybeValue(Angle)
        from reach in MaybeValue(Gen.Bool)
        select new OrderEdge(id, sequence, released, actions, speed, length, curve, corridor, Orientation: orientation, ReachOrientationBeforeEntering: reach);

    public static readonly Gen<Order> Order =
        from header in Gen.UInt
        from time in Time
        from id in Text
        from update in Gen.UInt
        from description in Maybe(Text)
        from nodes in Some(Node)
        from edges in Some(Edge)
        select new Order
        {
            HeaderId = header,
            Timestamp = time,
            Vehicle = Examples.Vehicle,
            OrderId = id,
            OrderUpdateId = update,
            OrderDescription = description,
            Nodes = nodes,
            Edges = edges,
        };

    private static readonly Gen<RobotError> Error =
        from type in Id
        from level in Gen.Enum<ErrorLevel>()
        from description in Maybe(Text)
        from references in Some(Gen.Select(Text, Text, (key, value) => new Reference(key, value)))
        from translations in Some(Gen.Select(Text, Text, (key, value) => new Translation(key, value)))
        select new RobotError(type, level, description) { ErrorReferences = references, ErrorHintTranslations = translations };

    private static readonly Gen<ActionState> Doing =
        from id in Id
        from status in Gen.Enum<ActionStatus>()
        from type in Maybe(Text)
        select new ActionState(id, status, type);

    private static readonly Gen<MobileRobotPosition> Where =
        from x in Number
        from y in Number
        from theta in Angle
        from map in Text
        from localized in Gen.Bool
        from score in MaybeValue(Unit)
        from deviation in MaybeValue(Positive)
        select new MobileRobotPosition(x, y, theta, map, localized, score, deviation);

    private static readonly Gen<PowerSupply> Power =
        from charge in Percent
        from charging in Gen.Bool
        from range in MaybeValue(Positive)
        from volts in MaybeValue(Number)
        from health in MaybeValue(Percent)
        select new PowerSupply(charge, charging, range, volts, null, health);

    public static readonly Gen<SweeperStatus> Status = Gen.Select(
        Quantity, Quantity, Quantity, MaybeValue(Quantity), Gen.Bool, Maybe(Gen.Select(Text, Quantity, (edge, offset) => new EdgePlace(edge, offset))),
        (a, b, c, energy, off, place) => new SweeperStatus(a, b, c, c, a, energy, off, place));

    public static readonly Gen<State> State =
        from order in Order
        from nodes in Some(Gen.Select(Text, Gen.UInt, Gen.Bool, (id, sequence, released) => new NodeState(id, sequence, released)))
        from edges in Some(Gen.Select(Text, Gen.UInt, Gen.Bool, Maybe(Curve), (id, sequence, released, curve) => new EdgeState(id, sequence, released, null, curve)))
        from actions in Some(Doing)
        from instant in Some(Doing)
        from errors in Some(Error)
        from place in Maybe(Where)
        from velocity in Maybe(Gen.Select(MaybeValue(Number), MaybeValue(Number), (vx, omega) => new Velocity(vx, null, omega)))
        from power in Power
        from flags in Gen.Select(Gen.Bool, MaybeValue(Gen.Bool), MaybeValue(Gen.Bool), Gen.Bool)
        from mode in Gen.Enum<OperatingMode>()
        from stop in Gen.Enum<EmergencyStop>()
        from status in Maybe(Status)
        from infos in Some(Gen.Select(Text, Gen.Enum<InfoLevel>(), Maybe(Text), (type, level, text) => new RobotInfo(type, level, text)))
        select new State
        {
            HeaderId = order.HeaderId,
            Timestamp = order.Timestamp,
            Vehicle = order.Vehicle,
            OrderId = order.OrderId,
            OrderUpdateId = order.OrderUpdateId,
            LastNodeId = order.OrderDescription ?? "",
            LastNodeSequenceId = 0,
            NodeStates = nodes,
            EdgeStates = edges,
            MobileRobotPosition = place,
            Velocity = velocity,
            Driving = flags.Item1,
            Paused = flags.Item2,
            NewBaseRequest = flags.Item3,
            ActionStates = actions,
            InstantActionStates = instant,
            PowerSupply = power,
            OperatingMode = mode,
            Errors = errors,
            SafetyState = new(stop, flags.Item4),
            Information = infos,
            SweeperStatus = status,
        };

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));

    private static Gen<T?> MaybeValue<T>(Gen<T> gen)
        where T : struct => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));

    private static Gen<ImmutableArray<T>> Some<T>(Gen<T> gen) => gen.Array[0, 3].Select(items => items.ToImmutableArray());
}
