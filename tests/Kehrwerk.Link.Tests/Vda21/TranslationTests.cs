using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Vda21;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Tests.Vda21;

/// <summary>What is said in the other version is valid there, and says the same.</summary>
public class TranslationTests
{
    [Fact]
    public void What_is_sent_and_what_is_read_is_valid_by_the_official_schemas_of_2_1()
    {
        OfficialSchemas.Require21();
        Random21.Order.Sample(order => Assert.Empty(OfficialSchemas.FaultsBy21(LinkTopic.Order, LinkJson.Serialize(OrderTranslation.Of(order, "2.1.0")))), iter: 100);
        Random21.State.Sample(state => Assert.Empty(OfficialSchemas.FaultsBy21(LinkTopic.State, LinkJson.Serialize(state))), iter: 100);
        Assert.Empty(OfficialSchemas.FaultsBy21(LinkTopic.Factsheet, FactsheetOf21));
        foreach (var state in Enum.GetValues<ConnectionState21>())
        {
            Assert.Empty(OfficialSchemas.FaultsBy21(LinkTopic.Connection, ConnectionOf21(state)));
        }

        var stop = new Vehicle21 { Version = "2.1.0" }.Say(Examples.InstantActions with { Actions = [SweeperActions.Instant(SweeperActions.Deactivate, "c1")] }).Message!;
        Assert.Empty(OfficialSchemas.FaultsBy21(LinkTopic.InstantActions, LinkJson.Serialize(stop)));
    }

    [Fact]
    public void Random_orders_keep_what_2_1_knows() => Random21.Order.Sample(OrderKeepsWhat21Knows, iter: 100);

    private static void OrderKeepsWhat21Knows(Order order)
    {
        Assert.Null(OrderTranslation.Fault(order, chargesToLevel: true));
        var json = LinkJson.Serialize(OrderTranslation.Of(order, "2.1.0"));
        var old = JsonNode.Parse(json)!;
        Assert.Equal((order.OrderId, order.OrderUpdateId, order.HeaderId, "2.1.0"), ((string)old["orderId"]!, (uint)old["orderUpdateId"]!, (uint)old["headerId"]!, (string)old["version"]!));
        foreach (var (node, i) in order.Nodes.Select((node, i) => (node, i)))
        {
            var there = old["nodes"]![i]!;
            Assert.Equal((node.NodeId, node.SequenceId, node.Released), ((string)there["nodeId"]!, (uint)there["sequenceId"]!, (bool)there["released"]!));
            Assert.Equal((node.NodePosition?.X, node.NodePosition?.Y, node.NodePosition?.Theta), ((double?)there["nodePosition"]?["x"], (double?)there["nodePosition"]?["y"], (double?)there["nodePosition"]?["theta"]));
            Assert.Equal(node.NodePosition?.AllowedDeviationXY is { } ellipse ? Math.Min(ellipse.A, ellipse.B) : null, (double?)there["nodePosition"]?["allowedDeviationXY"]);
            Same(node.Actions, there["actions"]!);
        }

        foreach (var (edge, i) in order.Edges.Select((edge, i) => (edge, i)))
        {
            var there = old["edges"]![i]!;
            Assert.Equal((edge.EdgeId, edge.SequenceId, edge.Released), ((string)there["edgeId"]!, (uint)there["sequenceId"]!, (bool)there["released"]!));
            Assert.Equal((order.Nodes[i].NodeId, order.Nodes[i + 1].NodeId), ((string)there["startNodeId"]!, (string)there["endNodeId"]!));
            Assert.Equal((edge.MaximumSpeed, edge.Length, edge.Orientation), ((double?)there["maxSpeed"], (double?)there["length"], (double?)there["orientation"]));
            Assert.Equal(edge.ReachOrientationBeforeEntering, !(bool?)there["rotationAllowed"]);
            // Never wider: leave cannot be asked for, so it is not given in advance.
            Assert.Equal(edge.Corridor is { ReleaseRequired: not true } aside ? aside.LeftWidth : null, (double?)there["corridor"]?["leftWidth"]);
            Same(edge.Actions, there["actions"]!);
        }
    }

    [Fact]
    public void Random_reports_of_2_1_are_valid_in_3_0_and_keep_what_it_knows() => Random21.State.Sample(ReportKeepsWhat30Knows, iter: 100);

    private static void ReportKeepsWhat30Knows(State21 old)
    {
        var read = LinkJson.Read<State21>(LinkJson.Serialize(old));
        Assert.True(read.IsOk, read.Error);
        var (_, state) = new Vehicle21 { Version = "2.1.0" }.Hear(read.Message);
        var json = LinkJson.Serialize(state);
        Assert.True(LinkJson.Read<State>(json).IsOk);
        if (OfficialSchemas.AreHere)
        {
            Assert.Empty(OfficialSchemas.Faults(LinkTopic.State, json));
        }

        Assert.Equal((old.HeaderId, old.Timestamp, old.OrderId, old.OrderUpdateId, old.Vehicle), (state.HeaderId, state.Timestamp, state.OrderId, state.OrderUpdateId, state.Vehicle));
        Assert.Equal((old.LastNodeId, old.LastNodeSequenceId, old.Driving, old.Paused, old.NewBaseRequest, old.DistanceSinceLastNode), (state.LastNodeId, state.LastNodeSequenceId, state.Driving, state.Paused, state.NewBaseRequest, state.DistanceSinceLastNode));
        Assert.Equal(old.NodeStates.Select(node => (node.NodeId, node.SequenceId, node.Released, node.NodePosition, node.NodeDescription)), state.NodeStates.Select(node => (node.NodeId, node.SequenceId, node.Released, node.NodePosition, node.NodeDescriptor)));
        Assert.Equal(old.EdgeStates.Select(edge => (edge.EdgeId, edge.SequenceId, edge.Released)), state.EdgeStates.Select(edge => (edge.EdgeId, edge.SequenceId, edge.Released)));
        Assert.Equal(old.ActionStates.Select(action => action.ActionId).Order(), state.ActionStates.Concat(state.InstantActionStates).Select(action => action.ActionId).Order());
        Assert.Equal(old.SweeperStatus, state.SweeperStatus);
        Assert.Equal((old.BatteryState.BatteryCharge, old.BatteryState.Charging, old.BatteryState.Reach), (state.PowerSupply.StateOfCharge, state.PowerSupply.Charging, state.PowerSupply.Range));
        Assert.Equal((old.AgvPosition?.X, old.AgvPosition?.Theta, old.AgvPosition?.PositionInitialized), (state.MobileRobotPosition?.X, state.MobileRobotPosition?.Theta, state.MobileRobotPosition?.Localized));
        Assert.Equal(old.Errors.Select(error => (error.ErrorDescription, error.ErrorLevel == ErrorLevel21.Fatal)), state.Errors.Where(error => error.ErrorType != "emergencyStop").Select(error => (error.ErrorDescription, error.ErrorLevel == ErrorLevel.Fatal)));
        Assert.Equal(old.SafetyState.EStop == EmergencyStop21.None, state.SafetyState.ActiveEmergencyStop == EmergencyStop.None && state.Errors.All(error => error.ErrorType != "emergencyStop"));
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused_with_a_reason()
    {
        var valid = LinkJson.Serialize(Standing with { ActionStates = [new("a", ActionStatus21.Running)], Errors = [new("orderError", ErrorLevel21.Warning)], NodeStates = [new("n2", 2, true)] });
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Array[1, 5].Sample(
            changes =>
            {
                var json = valid.ToArray();
                foreach (var (at, to) in changes)
                {
                    json[at] = to;
                }

                var read = LinkJson.Read<State21>(json);
                Assert.True(read.IsOk ? LinkJson.Read<State>(LinkJson.Serialize(new Vehicle21 { Version = "2.1.0" }.Hear(read.Message).Report)).IsOk : read.Error.Length > 0);
            }, iter: 500);
    }

    [Theory]
    [InlineData("\"positionInitialized\":true", "\"positionInitialized\":\"yes\"", "agvPosition.positionInitialized: expected true or false, found text")]
    [InlineData("\"batteryCharge\":80", "\"batteryCharge\":101", "batteryState.batteryCharge: 101 is outside 0 to 100")]
    [InlineData("\"AUTOMATIC\"", "\"TEACH_IN\"", "operatingMode: 'TEACH_IN' is not one of AUTOMATIC, SEMIAUTOMATIC, MANUAL, SERVICE, TEACHIN")]
    [InlineData("\"eStop\":\"NONE\"", "\"eStop\":\"OFF\"", "safetyState.eStop: 'OFF' is not one of AUTOACK, MANUAL, REMOTE, NONE")]
    [InlineData("\"driving\":false", "\"drives\":false", "driving: is missing")]
    [InlineData("\"version\":\"2.1.0\"", "\"version\":\"2.2.0\"", "version: '2.2.0' is not 2.0.x or 2.1.x")]
    [InlineData("\"version\":\"2.1.0\"", "\"version\":\"3.0.0\"", "version: '3.0.0' is not 2.0.x or 2.1.x")]
    [InlineData("\"version\":\"2.1.0\"", "\"version\":\"1.1.0\"", "version: '1.1.0' is not 2.0.x or 2.1.x")]
    [InlineData("\"version\":\"2.1.0\"", "\"version\":\"2.1.\"", "version: '2.1.' is not 2.0.x or 2.1.x")]
    [InlineData("\"version\":\"2.1.0\"", "\"version\":\"2.1.0-rc1\"", "version: '2.1.0-rc1' is not 2.0.x or 2.1.x")]
    [InlineData("\"version\":\"2.1.0\"", "\"version\":\"2.0.1234567890\"", "version: '2.0.1234567890' is not 2.0.x or 2.1.x")]
    public void A_fault_is_named_with_its_field_by_its_name_in_2_1(string right, string wrong, string error)
    {
        var json = System.Text.Encoding.UTF8.GetString(LinkJson.Serialize(Standing));
        Assert.Contains(right, json, StringComparison.Ordinal);
        Assert.Equal(error, LinkJson.Read<State21>(System.Text.Encoding.UTF8.GetBytes(json.Replace(right, wrong, StringComparison.Ordinal))).Error);
    }

    [Theory]
    [InlineData("orderId")]
    [InlineData("actionStates[1].actionId")]
    [InlineData("actionStates[1].actionType")]
    public void An_id_or_type_that_would_be_kept_is_bounded(string field)
    {
        foreach (var length in new[] { 200, 201 })
        {
            var text = new string('x', length);
            var state = Standing with
            {
                OrderId = field == "orderId" ? text : "",
                ActionStates = [new("a", ActionStatus21.Running), new(field.EndsWith("Id", StringComparison.Ordinal) && field != "orderId" ? text : "b", ActionStatus21.Running, field.EndsWith("Type", StringComparison.Ordinal) ? text : null)],
            };
            var json = JsonSerializer.SerializeToUtf8Bytes(state, LinkJsonContext.Default.State21);
            Assert.Equal(length > 200 ? $"{field}: 201 characters are more than 200" : null, LinkJson.Read<State21>(json).Error);
        }
    }

    [Fact]
    public void Keywords_are_those_of_3_0()
    {
        var old = Standing with
        {
            ActionStates = [new("a", ActionStatus21.Paused, "initPosition", "done", "text")],
            OperatingMode = OperatingMode21.Teachin,
            SafetyState = new(EmergencyStop21.Autoack, true),
            Errors =
            [
                new("orderError", ErrorLevel21.Fatal) { ErrorReferences = [new("actionId", "a")] }, new("orderError", ErrorLevel21.Warning), new("validationError", ErrorLevel21.Warning),
                new("orderUpdateError", ErrorLevel21.Warning), new("noOrderToCancel", ErrorLevel21.Warning), new("noRouteError", ErrorLevel21.Warning),
                new("instantActionError", ErrorLevel21.Warning), new("laserDirty", ErrorLevel21.Fatal),
            ],
        };
        var state = StateTranslation.Of(old, null);
        Assert.Equal(new("a", ActionStatus.Paused, SweeperActions.InitializePosition, "done", "text"), Assert.Single(state.ActionStates));
        Assert.Equal((OperatingMode.TeachIn, EmergencyStop.None, true), (state.OperatingMode, state.SafetyState.ActiveEmergencyStop, state.SafetyState.FieldViolation));
        Assert.Equal(
            [
                ErrorTypes.InvalidOrderAction, ErrorTypes.UnsupportedParameter, ErrorTypes.ValidationFailure, ErrorTypes.OutdatedOrderUpdate, ErrorTypes.NoOrderToCancel,
                ErrorTypes.NoRouteToTarget, ErrorTypes.InvalidInstantAction, "laserDirty", "emergencyStop",
            ],
            state.Errors.Select(error => error.ErrorType));
        Assert.Equal([true, false, false, false, false, false, false, true, false], state.Errors.Select(error => error.ErrorLevel == ErrorLevel.Fatal));
    }

    [Fact]
    public void A_refused_order_that_is_named_by_its_header_only_gets_its_ids()
    {
        var old = Standing with { Errors = [new("validationError", ErrorLevel21.Warning) { ErrorReferences = [new("topic", "order"), new("headerId", "7")] }] };
        Assert.Contains(new("orderId", "o2"), Assert.Single(StateTranslation.Of(old, new(7, "o2", 3)).Errors).ErrorReferences);
        Assert.Equal(2, Assert.Single(StateTranslation.Of(old, new(8, "o2", 3)).Errors).ErrorReferences.Length);
    }

    [Theory]
    [InlineData(ConnectionState21.Online, ConnectionState.Online)]
    [InlineData(ConnectionState21.Offline, ConnectionState.Offline)]
    [InlineData(ConnectionState21.Connectionbroken, ConnectionState.ConnectionBroken)]
    internal void A_connection_is_said_by_its_new_keyword(ConnectionState21 old, ConnectionState expected)
    {
        Assert.Equal(expected, StateTranslation.Of(LinkJson.Read<Connection21>(ConnectionOf21(old)).Message!).ConnectionState);
    }

    private static byte[] ConnectionOf21(ConnectionState21 state) => LinkJson.Serialize(
        new Connection21 { HeaderId = 1, Timestamp = Examples.State.Timestamp, Version = "2.1.0", Vehicle = Examples.Vehicle, ConnectionState = state });

    private static readonly byte[] FactsheetOf21 = System.Text.Encoding.UTF8.GetBytes("""
            {"headerId":1,"timestamp":"2026-03-01T04:05:06.789Z","version":"2.1.0","manufacturer":"Kehrwerk","serialNumber":"S-001",
            "typeSpecification":{"seriesName":"S","agvKinematic":"THREEWHEEL","agvClass":"TUGGER","maxLoadMass":1,"localizationTypes":["NATURAL"],"navigationTypes":["AUTONOMOUS","VIRTUAL_LINE_GUIDED"]},
            "physicalParameters":{"speedMin":0,"speedMax":2,"accelerationMax":1,"decelerationMax":2,"heightMax":2,"width":1,"length":3},
            "protocolLimits":{"maxStringLens":{"idLen":40,"enumLen":20},"maxArrayLens":{"order.nodes":100},"timing":{"minOrderInterval":1,"minStateInterval":0.5}},
            "protocolFeatures":{"optionalParameters":[{"parameter":"order.edges.maxSpeed","support":"SUPPORTED"}],
            "agvActions":[{"actionType":"initPosition","actionScopes":["INSTANT","NODE"],"actionParameters":[{"key":"x","valueDataType":"FLOAT"}]},
            {"actionType":"startCharging","actionScopes":["NODE"],"actionParameters":[{"key":"untilPercent","valueDataType":"NUMBER"}]}]},
            "agvGeometry":{"envelopes2d":[{"set":"default","polygonPoints":[{"x":0,"y":0},{"x":1,"y":0},{"x":1,"y":1}]}]},
            "loadSpecification":{"loadSets":[{"setName":"DEFAULT","loadType":"EPAL","maxWeight":5,"agvSpeedLimit":1}]},
            "vehicleConfig":{"versions":[{"key":"software","value":"1"}]}}
            """);

    [Fact]
    public void A_factsheet_of_2_1_is_valid_in_3_0_and_declares_no_zones()
    {
        var read = LinkJson.Read<Factsheet21>(FactsheetOf21);
        Assert.True(read.IsOk, read.Error);
        var factsheet = FactsheetTranslation.Of(read.Message);
        if (OfficialSchemas.AreHere)
        {
            Assert.Empty(OfficialSchemas.Faults(LinkTopic.Factsheet, LinkJson.Serialize(factsheet)));
        }

        Assert.Equal(("THREE_WHEEL", 2.0, 2.0), (factsheet.TypeSpecification.MobileRobotKinematics, factsheet.PhysicalParameters.MinimumHeight, factsheet.PhysicalParameters.MaximumSpeed));
        Assert.Equal(["FREELY_NAVIGATING", "VIRTUAL_LINE_GUIDED"], factsheet.TypeSpecification.NavigationTypes);
        Assert.Equal("order.edges.maximumSpeed", Assert.Single(factsheet.ProtocolFeatures.OptionalParameters).Parameter);
        Assert.Equal([SweeperActions.InitializePosition, SweeperActions.StartCharging], factsheet.ProtocolFeatures.MobileRobotActions.Select(action => action.ActionType));
        Assert.Empty(factsheet.TypeSpecification.SupportedZones);
        Assert.True(FactsheetTranslation.ChargesToLevel(read.Message));
    }

    [Fact]
    public void A_visualization_names_the_newest_state()
    {
        var old = new Visualization21 { HeaderId = 3, Timestamp = Examples.State.Timestamp, Version = "2.0.0", Vehicle = Examples.Vehicle, AgvPosition = new(1, 2, 0, "m", true) };
        var visualization = StateTranslation.Of(old, 12);
        Assert.Equal((12u, 3u, 1.0), (visualization.ReferenceStateHeaderId, visualization.HeaderId, visualization.MobileRobotPosition!.X));
        if (OfficialSchemas.AreHere)
        {
            Assert.Empty(OfficialSchemas.Faults(LinkTopic.Visualization, LinkJson.Serialize(visualization)));
        }
    }

    /// <summary>A vehicle of 2.1 without an order.</summary>
    internal static State21 Standing { get; } = new()
    {
        HeaderId = 1,
        Timestamp = Examples.State.Timestamp,
        Version = "2.1.0",
        Vehicle = Examples.Vehicle,
        OrderId = "",
        OrderUpdateId = 0,
        LastNodeId = "n1",
        LastNodeSequenceId = 0,
        NodeStates = [],
        EdgeStates = [],
        AgvPosition = new(1, 2, 0, "musterstadt", true),
        Driving = false,
        Paused = false,
        ActionStates = [],
        BatteryState = new(80, false),
        OperatingMode = OperatingMode21.Automatic,
        Errors = [],
        SafetyState = new(EmergencyStop21.None, false),
    };

    private static void Same(IEnumerable<RobotAction> actions, JsonNode there) =>
        Assert.Equal(
            actions.Select(action => (action.ActionId, OrderTranslation.TypeOf(action.ActionType), $"{action.BlockingType}".ToUpperInvariant(), action.ActionParameters.Length)),
            there.AsArray().Select(action => ((string)action!["actionId"]!, (string)action["actionType"]!, (string)action["blockingType"]!, action["actionParameters"]?.AsArray().Count ?? 0)));
}
