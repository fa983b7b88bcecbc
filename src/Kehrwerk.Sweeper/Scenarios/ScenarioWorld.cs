using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>The world of one run: streets, traffic, weather, what the scenario puts there, and the vehicle where it begins.</summary>
internal sealed class ScenarioWorld
{
    // What the world's own densities of a residential street are per 100 m, to which the scenario's figures are related.
    private static readonly Density Usual = Density.Of(StreetClass.Residential);
    private const double SpaceM = 6, Hour = 10;

    private readonly Scenario scenario;
    private readonly IReadOnlyList<double> drawn;
    private readonly Dictionary<string, int> agents = new(StringComparer.Ordinal);

    public ScenarioWorld(Scenario scenario, IReadOnlyList<double> drawn, int seed, SweeperModel model)
    {
        (this.scenario, this.drawn) = (scenario, drawn);
        var scene = scenario.Scene;
        Map = SceneMap.Of(
            scene.Kind, scene.WidthM.In(drawn), scene.SpeedKmh.In(drawn), scene.IsOneWay, scene.IsMainRoad, (int)Math.Round(scenario.Start.Turn.In(drawn)));
        var traffic = scenario.Traffic;
        World = new(Map.Streets, new()
        {
            Seed = seed,
            Hour = Hour,
            Weather = WeatherOf(),
            CarFactor = traffic.Cars.In(drawn) * 10 / Usual.CarsPerKm,
            CyclistFactor = traffic.Cyclists.In(drawn) * 10 / Usual.CyclistsPerKm,
            PedestrianFactor = traffic.Pedestrians.In(drawn) * 10 / Usual.PedestriansPerKm,
            ParkedFactor = traffic.ParkedCars.In(drawn) * SpaceM / 100 / Usual.Parked(Hour),
            RunOutsPerMin = traffic.Pedestrians.In(drawn) > 3 ? 0.2 : 0,
            EmergencyPercent = 0,
            Bays = scenario.Start.Service is null ? [] : [BayOf(model)],
        });
        var side = scenario.Start.Sweeps ? SweepSide.Right : (SweepSide?)null;
        Legs = [.. Map.Way.Select(arc => new PilotLeg(arc, 0, side, model.TransitSpeedMps))];
        var start = new Way(Map.Streets, model, Legs).Path.At(0.5);
        Vehicle = new(World, model, start.At.X, start.At.Y, start.HeadingRad, seed);
        var gear = Vehicle.Gear;
        gear.BatteryWh = model.BatteryWh * scenario.Start.ChargeShare.In(drawn);
        gear.WaterL = model.WaterL * scenario.Start.WaterShare.In(drawn);
        gear.HopperM3 = model.HopperLimitM3 * scenario.Start.HopperShare.In(drawn);
        gear.HopperKg = gear.HopperM3 * model.SweepingsKgPerM3;
        foreach (var agent in scenario.Agents)
        {
            agents.Add(agent.Id, World.Add(Script(agent)));
        }

        foreach (var fault in scenario.DepotFaults)
        {
            var fromS = fault.AtS.In(drawn);
            World.Yard.Inject(new(fault.Service, fault.Kind, 0, fromS, fromS + fault.ForS.In(drawn)));
        }

        foreach (var fault in scenario.Faults)
        {
            var (fromS, amount) = (fault.AtS.In(drawn), fault.Amount.In(drawn));
            Vehicle.Inject(new(fault.Device, fault.Kind)
            {
                FromS = fromS,
                ToS = fromS + fault.ForS.In(drawn),
                Amount = amount,
                Offset = amount,
                IsReported = fault.IsTold,
            });
        }
    }

    public SceneMap Map { get; }
    public VirtualWorld World { get; }
    public VirtualPlatform Vehicle { get; }
    public IReadOnlyList<PilotLeg> Legs { get; }

    /// <summary>How the vehicle begins, as its program knows it.</summary>
    public SweeperCondition Start(SweeperModel model) => SweeperCondition.Fresh(model, Map.Streets, Map.StartArc) with
    {
        EnergyWh = Vehicle.Gear.BatteryWh,
        WaterL = Vehicle.Gear.WaterL,
        HopperM3 = Vehicle.Gear.HopperM3,
    };

    public int IndexOf(string agent) => agents[agent];

    /// <summary>The scenario sends somebody.</summary>
    public bool HasMovers => scenario.Agents.Any(agent => agent.Way.Count > 1);

    public bool IsMover(int index) => scenario.Agents.Any(agent => agent.Way.Count > 1 && agents[agent.Id] == index);

    /// <summary>The id that the scenario gives an agent; its kind for those of the traffic.</summary>
    public string NameOf(int index) => agents.FirstOrDefault(one => one.Value == index).Key ?? JsonNode.Small(World.Agents[index].Kind.ToString());

    /// <summary>The depot's marker, as a fleet's world has it.</summary>
    private BayPose BayOf(SweeperModel model)
    {
        var path = new Way(Map.Streets, model, [new(Map.DepotArc, 0, null, model.TransitSpeedMps)]).Path;
        var at = path.At(path.LengthM - Driving.SelfDriving.ShortOfM(path.LengthM));
        return new(at.At.X, at.At.Y, at.HeadingRad);
    }

    private static RobotAction ActionOf(DepotService service) => service switch
    {
        DepotService.Tip => SweeperActions.TipHopper("depot"),
        DepotService.Wash => SweeperActions.WashHopperOut("depot"),
        DepotService.FillWater => SweeperActions.FillWaterTank("depot"),
        _ => SweeperActions.ChargeUntil("depot", 95),
    };

    public Order Order(VehicleId id, string mapId)
    {
        var order = WayOrder(id, mapId);
        if (scenario.Start.Service is not { } service)
        {
            return order;
        }

        var streets = Map.Streets;
        var (count, at) = (order.Edges.Length, streets.NodePoint[streets.ArcHead[Map.DepotArc]]);
        return order with
        {
            Edges = order.Edges.Add(new(streets.ArcKey(Map.DepotArc), (uint)((2 * count) + 1), true, [])),
            Nodes = order.Nodes.Add(new(streets.NodeKey(streets.ArcHead[Map.DepotArc]), (uint)(2 * (count + 1)), true, [ActionOf(service)], new NodePosition(at.X, at.Y, mapId))),
        };
    }

    private Order WayOrder(VehicleId id, string mapId)
    {
        var streets = Map.Streets;
        OrderNode Node(int index, int node) => new(streets.NodeKey(node), (uint)(2 * index), true, [], new NodePosition(streets.NodePoint[node].X, streets.NodePoint[node].Y, mapId));
        return new()
        {
            HeaderId = 0,
            Timestamp = default,
            Vehicle = id,
            OrderId = "scenario",
            OrderUpdateId = 0,
            Nodes = [Node(0, streets.ArcTail[Map.Way[0]]), .. Map.Way.Select((arc, i) => Node(i + 1, streets.ArcHead[arc]))],
            Edges =
            [
                .. Map.Way.Select((arc, i) => new OrderEdge(
                    streets.ArcKey(arc), (uint)((2 * i) + 1), true,
                    scenario.Start.Sweeps ? [SweeperActions.SweepKerb($"sweep.{i}", streets.ArcKey(arc), SweepSide.Right)] : ImmutableArray<RobotAction>.Empty)),
            ],
        };
    }

    private Weather WeatherOf()
    {
        var weather = scenario.Weather;
        var temperature = weather.TemperatureC.In(drawn);
        return Weather.Clear with
        {
            RainShare = weather.RainShare.In(drawn),
            VisibilityM = weather.FogM.In(drawn),
            TemperatureC = temperature,
            IsIcy = temperature < -1,
            SunElevationDeg = weather.LowSunDeg.In(drawn),
            IlluminanceLux = weather.Lux.In(drawn),
        };
    }

    private ScriptedAgent Script(AgentOf agent)
    {
        MapPoint At(WayPoint point) => Map.At(agent.Street, point.AtM.In(drawn), point.AsideM.In(drawn));
        var start = At(agent.Way[0]);
        var next = agent.Way.Count > 1 ? At(agent.Way[1]) : (MapPoint?)null;
        var heading = next is { } to && to.DistanceTo(start) > 0.1 ? Math.Atan2(to.Y - start.Y, to.X - start.X) : Map.HeadingRad(agent.Street, agent.Way[0].AtM.In(drawn));
        return new(agent.Kind, start.X, start.Y, heading)
        {
            Signs = agent.Signs | Agent.UsualSigns(agent.Kind),
            Trigger = agent.Trigger switch
            {
                TriggerKind.TimeS => new Trigger.AtTime(agent.TriggerAt.In(drawn)),
                TriggerKind.DistanceM => new Trigger.VehicleWithin(
                    Map.At("main", agent.Street == "main" ? agent.Way[0].AtM.In(drawn) : SceneMap.LengthM / 2, 0), agent.TriggerAt.In(drawn)),
                TriggerKind.TtcS => new Trigger.Ttc(agent.TriggerAt.In(drawn)),
                TriggerKind.StandsS => new Trigger.VehicleStands(agent.TriggerAt.In(drawn)),
                _ => null,
            },
            Frame = agent.IsOnVehicle ? PathFrame.Vehicle : PathFrame.City,
            Path = [.. agent.Way.Skip(1).Select(point =>
            {
                var place = agent.IsOnVehicle ? new(point.AtM.In(drawn), point.AsideM.In(drawn)) : At(point);
                return new ScriptPoint(place.X, place.Y, point.SpeedKmh.In(drawn) / 3.6);
            })],
        };
    }
}
