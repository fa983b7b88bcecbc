using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>The factsheet says what is so (VDA 5050 3.0.0, 6.10, 7.1.1): what it declares is taken, the rest is refused by name.</summary>
public sealed class FactsheetTests
{
    /// <summary>Table 4 of the standard.</summary>
    private static readonly string[] Predefined =
    [
        "startPause", "stopPause", "startHibernation", "stopHibernation", "shutdown", "startCharging", "stopCharging", "initializePosition", "enableMap",
        "downloadMap", "deleteMap", "downloadZoneSet", "enableZoneSet", "deleteZoneSet", "clearInstantActions", "clearZoneActions", "stateRequest", "logReport",
        "pick", "drop", "detectObject", "finePositioning", "waitForTrigger", "trigger", "retry", "skipRetry", "cancelOrder", "factsheetRequest", "updateCertificate",
    ];

    private static readonly Factsheet Declared = LinkJson.Read<Factsheet>(
        new Rig().Sent.First(message => message.Topic.EndsWith("/factsheet", StringComparison.Ordinal)).Payload.Span).Message!;

    public static TheoryData<string> Types => [.. Predefined.Union(Declared.ProtocolFeatures.MobileRobotActions.Select(action => action.ActionType))];

    [Theory]
    [MemberData(nameof(Types))]
    public void An_instant_action_is_known_exactly_where_it_is_declared(string type)
    {
        var rig = new Rig();
        rig.Instant(SweeperActions.Instant(type, "a"));
        var state = rig.State.InstantActionStates.Single(action => action.ActionId == "a");
        Assert.Equal(Scopes(type).Contains(ActionScope.Instant), state.ActionResult != "unknownAction");
        if (state.ActionResult == "unknownAction")
        {
            Assert.Equal((ActionStatus.Failed, ErrorTypes.InvalidInstantAction), (state.ActionStatus, Assert.Single(rig.State.Errors).ErrorType));
        }

        rig.AllMessagesAreValid();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void An_action_of_a_node_is_taken_exactly_where_it_is_declared_with_its_blocking_types_and_parameters(string type)
    {
        var declared = Declared.ProtocolFeatures.MobileRobotActions.SingleOrDefault(action => action.ActionType == type);
        ImmutableArray<ActionParameter> parameters = [.. (declared?.ActionParameters ?? []).Select(Example)];
        foreach (var blocking in Enum.GetValues<BlockingType>())
        {
            var rig = new Rig();
            rig.Send(Town.Instance.Order("o1", 0, [], atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [0] = [new(type, "a", blocking) { ActionParameters = parameters }] }));
            var isInstantOnly = type == SweeperActions.StartCharging && blocking == BlockingType.None;
            Assert.Equal(Scopes(type).Contains(ActionScope.Node) && declared!.BlockingTypes.Contains(blocking) && !isInstantOnly, rig.State.OrderId == "o1");
            Assert.True(rig.State.OrderId == "o1" || rig.State.Errors[0].ErrorType == ErrorTypes.InvalidOrderAction);
        }
    }

    [Fact]
    public void Sizes_and_limits_are_those_that_are_kept()
    {
        var limits = Declared.ProtocolLimits.MaximumArrayLengths;
        var rig = new Rig();
        string[] there = ["1.0f", "1.0b"];
        rig.Send(Town.Instance.Order("o1", 0, [.. Enumerable.Range(0, (int)limits.OrderEdges!.Value).Select(i => there[i % 2])], released: 1));
        Assert.Equal("o1", rig.State.OrderId);
        Assert.Equal(rig.Model.LengthM, Declared.PhysicalParameters.Length);
        Assert.Equal(4, Assert.Single(Declared.MobileRobotGeometry.Envelopes2d).Vertices.Length);
        Assert.Equal(1, Declared.ProtocolLimits.Timing.DefaultStateInterval);
    }

    private static ImmutableArray<ActionScope> Scopes(string type) =>
        Declared.ProtocolFeatures.MobileRobotActions.SingleOrDefault(action => action.ActionType == type)?.ActionScopes ?? [];

    private static ActionParameter Example(DeclaredParameter parameter) =>
        parameter.ValueDataType is ValueDataType.Number or ValueDataType.Integer ? new(parameter.Key, 50) : new(parameter.Key, "x");
}
