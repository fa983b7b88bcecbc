using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>
/// Zone sets and the zones that the vehicle keeps (VDA 5050 3.0.0, 6.4). Street 1.0f runs from (0, 0) east to (300, 0); the vehicle is 4.5 m long
/// and 1.2 m wide.
/// </summary>
public sealed class ZoneTests
{
    private const double HalfLengthM = 2.25;
    private static readonly Town Town = Town.Instance;

    [Fact]
    public void A_zone_set_is_kept_disabled_and_used_only_when_enabled_one_for_each_map()
    {
        var rig = new Rig();
        rig.Send("a", Block("z", 100, 110));
        Assert.Equal([new StoredZoneSet("a", Town.MapId, StoredStatus.Disabled)], rig.State.ZoneSets);
        rig.Send("b", Limit("z", 100, 110, 2));
        Enable(rig, "a", ActionStatus.Finished);
        Enable(rig, "b", ActionStatus.Finished);
        Assert.Equal([StoredStatus.Disabled, StoredStatus.Enabled], rig.State.ZoneSets.Select(set => set.ZoneSetStatus));
        Enable(rig, "c", ActionStatus.Failed);
        Delete(rig, "b", ActionStatus.Failed);
        Delete(rig, "a", ActionStatus.Finished);
        Delete(rig, "a", ActionStatus.Failed);
        Assert.Equal("b", Assert.Single(rig.State.ZoneSets).ZoneSetId);
        rig.AllMessagesAreValid();

        static void Enable(Rig rig, string id, ActionStatus expected) => Do(rig, SweeperActions.EnableZoneSet, id, expected);
        static void Delete(Rig rig, string id, ActionStatus expected) => Do(rig, SweeperActions.DeleteZoneSet, id, expected);
        static void Do(Rig rig, string type, string id, ActionStatus expected) =>
            Assert.Equal(expected, rig.Action(rig.Instant(type, new ActionParameter("zoneSetId", id))).ActionStatus);
    }

    [Fact]
    public void A_second_zone_set_of_the_same_id_is_reported_for_a_while_and_not_taken()
    {
        var rig = new Rig();
        rig.Enable("a", Block("z", 100, 110));
        rig.Send("a");
        var error = Assert.Single(rig.State.Errors);
        Assert.Equal((ErrorTypes.DuplicateZoneSet, ErrorLevel.Warning), (error.ErrorType, error.ErrorLevel));
        Assert.Equal([new Reference("zoneSetId", "a")], error.ErrorReferences);
        rig.Run(30);
        Assert.Single(rig.State.Errors);
        rig.Run(31);
        Assert.Empty(rig.State.Errors);
        rig.AllMessagesAreValid();
    }

    public static TheoryData<string, string> WrongSets => new()
    {
        { "crossing lines", ErrorTypes.ValidationFailure },
        { "same id twice", ErrorTypes.ValidationFailure },
        { "no speed", ErrorTypes.ValidationFailure },
        { "penalty", ErrorTypes.UnsupportedParameter },
        { "too many", ErrorTypes.InsufficientMemory },
        { "too many vertices", ErrorTypes.InsufficientMemory },
        { "beyond the map", ErrorTypes.ValidationFailure },
        { "beyond all numbers", ErrorTypes.ValidationFailure },
    };

    [Theory]
    [MemberData(nameof(WrongSets))]
    public void A_zone_set_that_cannot_be_kept_is_refused_whole(string what, string type)
    {
        var rig = new Rig();
        rig.Send("a", what switch
        {
            "crossing lines" => [Block("z", 0, 10) with { Vertices = [new(0, 0), new(10, 10), new(10, 0), new(0, 10)] }],
            "same id twice" => [Block("z", 0, 10), Block("z", 20, 30)],
            "no speed" => [Limit("z", 0, 10, 0)],
            "penalty" => [Block("z", 0, 10) with { ZoneType = ZoneType.Penalty, PenaltyFactor = 1 }],
            "too many vertices" => [.. Enumerable.Range(0, 21).Select(i => Block($"z{i}", 0, 1) with { Vertices = Circle(200) })],
            "beyond the map" => [Block("z", 0, 1.1e7)],
            // Differences of these overflow, and so did their signs: they are not a number.
            "beyond all numbers" => [Block("z", 0, 10) with { Vertices = [new(-1e308, -1e308), new(1e308, -1e308), new(1e308, 1e308), new(-1e308, 1e308)] }],
            _ => [.. Enumerable.Range(0, 1001).Select(i => Block($"z{i}", i, i + 1))],
        });
        var error = Assert.Single(rig.State.Errors);
        Assert.Equal(type, error.ErrorType);
        Assert.Contains(new Reference("zoneSetId", "a"), error.ErrorReferences);
        Assert.Empty(rig.State.ZoneSets);
    }

    [Fact]
    public void A_blocked_zone_is_never_entered_and_the_node_behind_it_is_reported_unreachable()
    {
        var rig = new Rig();
        rig.Enable("a", Block("z", 200, 220));
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        rig.RunUntil(state => state.Errors.Any(error => error.ErrorType == ErrorTypes.NodeUnreachable));
        var error = Assert.Single(rig.State.Errors);
        Assert.Equal(ErrorLevel.Critical, error.ErrorLevel);
        Assert.Contains(new Reference("nodeId", "n2"), error.ErrorReferences);
        Assert.False(rig.State.Driving);
        Assert.InRange(rig.State.MobileRobotPosition!.X, 200 - HalfLengthM - 1.5, 200 - HalfLengthM);
        Assert.Equal("o1", rig.State.OrderId);
        Assert.NotEmpty(rig.State.NodeStates);

        // It does not try again by itself, also not where the zone is gone: the Centre has to say how to go on (6.4.5).
        rig.Enable("free");
        rig.Run(30);
        Assert.False(rig.State.Driving);
        rig.Send(Town.Order("o1", 1, ["3.0f"], firstSequenceId: 4));
        rig.RunUntilDone();
        Assert.Equal("n4", rig.State.LastNodeId);
        Assert.Empty(rig.State.Errors);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void A_vehicle_that_finds_itself_in_a_blocked_zone_stops_and_says_so_until_it_is_out()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        rig.Run(25);
        var x = rig.State.MobileRobotPosition!.X;
        rig.Enable("a", Block("z", x - 20, x + 40));
        rig.RunUntil(state => !state.Driving, withinS: 10);
        Assert.InRange(rig.State.MobileRobotPosition!.X - x, 0, (7 * 7 / 2.0 / rig.Model.DeactivationBrakingMps2) + 1);
        var error = Assert.Single(rig.State.Errors);
        Assert.Equal((ErrorTypes.BlockedZoneViolation, ErrorLevel.Critical), (error.ErrorType, error.ErrorLevel));
        Assert.Contains(new Reference("zoneId", "z"), error.ErrorReferences);
        rig.Run(60);
        Assert.False(rig.State.Driving);
        rig.Enable("free");
        rig.Run(1);
        Assert.Empty(rig.State.Errors);
        rig.RunUntilDone();
        Assert.Equal("n3", rig.State.LastNodeId);
    }

    [Fact]
    public void A_speed_limit_holds_from_before_the_zone_is_entered()
    {
        var rig = new Rig();
        rig.Enable("a", Limit("fast", 100, 160, 3), Limit("slow", 120, 140, 1.5));
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        rig.RunUntilDone();
        Assert.All(rig.States.Where(state => state.MobileRobotPosition!.X is > 97 and < 163 && state.LastNodeId == "n1"), state => Assert.True(state.Velocity!.Vx <= 1.5 + 1e-9));
        Assert.Contains(rig.States, state => state.Velocity!.Vx > 5);
    }

    [Theory]
    [InlineData(ZoneType.Directed, DirectionLimitation.Restricted, Math.PI, false)]
    [InlineData(ZoneType.Directed, DirectionLimitation.Restricted, 1.0, true)]
    [InlineData(ZoneType.Directed, DirectionLimitation.Strict, 1.0, false)]
    [InlineData(ZoneType.Directed, DirectionLimitation.Strict, 0.2, true)]
    [InlineData(ZoneType.Directed, DirectionLimitation.Soft, Math.PI, true)]
    [InlineData(ZoneType.Bidirected, DirectionLimitation.Restricted, Math.PI, true)]
    [InlineData(ZoneType.Bidirected, DirectionLimitation.Restricted, Math.PI / 2, false)]
    public void A_zone_with_a_direction_is_driven_only_along_it(ZoneType type, DirectionLimitation limitation, double direction, bool passes)
    {
        var rig = new Rig();
        rig.Enable("a", Block("z", 100, 200) with { ZoneType = type, Direction = direction, Limitation = limitation });
        rig.Send(Town.Order("o1", 0, ["1.0f"]));
        if (passes)
        {
            rig.RunUntilDone();
            Assert.Equal("n2", rig.State.LastNodeId);
            return;
        }

        rig.RunUntil(state => state.Errors.Any(error => error.ErrorType == ErrorTypes.NodeUnreachable));
        Assert.InRange(rig.State.MobileRobotPosition!.X, 98, 100);
    }

    [Fact]
    public void No_part_of_the_vehicle_is_ever_within_a_blocked_zone_wherever_it_lies() =>
        Gen.Select(Gen.Double[-10, 330], Gen.Double[-10, 210], Gen.Double[1, 40], Gen.Double[0, Math.PI]).Sample(
            (x, y, sizeM, turn) =>
            {
                MapPoint[] corners = [.. Enumerable.Range(0, 3).Select(i => new MapPoint(x + (sizeM * Math.Cos(turn + (2.1 * i))), y + (sizeM * Math.Sin(turn + (2.1 * i)))))];
                var zone = new Zone("z", ZoneType.Blocked, [.. corners.Select(corner => new Vertex(corner.X, corner.Y))]);
                var shape = new Zones.ZoneShape(zone, "a");
                var rig = new Rig();
                if (shape.Touches(Outline(rig.State)))
                {
                    return;
                }

                rig.Enable("a", zone);
                rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f", "3.0f", "4.0f"]));
                for (var i = 0; i < 400 && !rig.State.NodeStates.IsEmpty; i++)
                {
                    rig.Tick(0.5);
                }

                Assert.All(rig.States, state => Assert.False(shape.Touches(Outline(state)), $"It is within the zone at {state.MobileRobotPosition}."));
                Assert.DoesNotContain(rig.States, state => state.Errors.Any(error => error.ErrorType == ErrorTypes.BlockedZoneViolation));
            },
            iter: 25);

    [Fact]
    public void The_factsheet_declares_the_zones_that_are_kept()
    {
        var rig = new Rig();
        var factsheet = LinkJson.Read<Factsheet>(rig.Sent.First(message => message.Topic.EndsWith("/factsheet", StringComparison.Ordinal)).Payload.Span).Message!;
        foreach (var type in Enum.GetValues<ZoneType>())
        {
            var set = new Rig();
            set.Send("a", Block("z", 0, 10) with
            {
                ZoneType = type,
                MaximumSpeed = 1,
                PriorityFactor = 1,
                PenaltyFactor = 1,
                Direction = 0,
                Limitation = DirectionLimitation.Soft,
                EntryActions = [],
                DuringActions = [],
                ExitActions = [],
            });
            Assert.Equal(factsheet.TypeSpecification.SupportedZones.Contains(type), set.State.Errors.IsEmpty);
        }
    }

    internal static Zone Block(string id, double fromX, double toX) =>
        new(id, ZoneType.Blocked, [new(fromX, -5), new(toX, -5), new(toX, 5), new(fromX, 5)]);

    private static ImmutableArray<Vertex> Circle(int vertices) =>
        [.. Enumerable.Range(0, vertices).Select(i => new Vertex(Math.Cos(i * Math.Tau / vertices), Math.Sin(i * Math.Tau / vertices)))];

    private static Zone Limit(string id, double fromX, double toX, double mps) =>
        Block(id, fromX, toX) with { ZoneType = ZoneType.SpeedLimit, MaximumSpeed = mps };

    private static Zones.Footprint Outline(State state) =>
        new(new(state.MobileRobotPosition!.X, state.MobileRobotPosition.Y), state.MobileRobotPosition.Theta, HalfLengthM, 0.6);
}
