using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>Scripted agents do what a scenario says, when it says so.</summary>
public sealed class ScriptTests
{
    [Fact]
    public void A_trigger_fires_at_its_time_distance_gap_and_ttc()
    {
        var stage = new Stage();
        var front = stage.Vehicle.FrontM;
        int Add(Trigger trigger, double x = 200) => stage.World.Add(new ScriptedAgent(AgentKind.Pedestrian, x, 6, 0) { Trigger = trigger, Path = [new(x, 8, 1)] });
        var (time, within, gap) = (Add(new Trigger.AtTime(2)), Add(new Trigger.VehicleWithin(new(90, -1.5), 10)), Add(new Trigger.VehicleGap(new(100, -1.5), 3)));
        var ttc = stage.World.Add(new ScriptedAgent(AgentKind.Car, 110, 1.5, 0) { ApproachMps = 2, Trigger = new Trigger.Ttc(4), Path = [new(300, 1.5, 2)] });
        var never = Add(new Trigger.VehicleStands(1));
        double x = 0, gapS = 0, ttcS = 0;
        stage.Run(20, 5, () =>
        {
            x = x == 0 && !double.IsNaN(stage.World.TriggeredS(within)) ? stage.Vehicle.Body.X + front : x;
            gapS = gapS == 0 && !double.IsNaN(stage.World.TriggeredS(gap)) ? (100 - stage.Vehicle.Body.X - front) / stage.Vehicle.Body.SpeedMps : gapS;
            var agent = stage.World.Agents[ttc];
            ttcS = ttcS == 0 && !double.IsNaN(stage.World.TriggeredS(ttc)) ? (agent.X - 2.2 - stage.Vehicle.Body.X - front) / (stage.Vehicle.Body.SpeedMps - 2) : ttcS;
        });
        Assert.Equal(2, stage.World.TriggeredS(time), 0.051);
        Assert.Equal(80, x, 0.3);
        Assert.Equal(3, gapS, 0.11);
        Assert.Equal(4, ttcS, 0.11);
        Assert.True(double.IsNaN(stage.World.TriggeredS(never)));
    }

    [Fact]
    public void A_cut_in_ends_in_the_lane_ahead()
    {
        var stage = new Stage();
        var car = stage.World.Add(new ScriptedAgent(AgentKind.Car, 60, 1.5, 0)
        {
            ApproachMps = 6,
            Trigger = new Trigger.AtTime(3),
            Frame = PathFrame.Agent,
            Path = ScriptedAgent.LaneChange(-3, 15, 6),
        });
        stage.Run(7, 3);
        var agent = stage.World.Agents[car];
        Assert.Equal(-1.5, agent.Y, 0.01);
        Assert.Equal(0, agent.HeadingRad, 0.01);
        Assert.Equal(60 + (6 * 7), agent.X, 1.5);
    }

    [Fact]
    public void A_policeman_shows_his_gestures_in_turn()
    {
        var stage = new Stage();
        var officer = stage.World.Add(new ScriptedAgent(AgentKind.Police, 70, -1.5, Math.PI)
        {
            Trigger = new Trigger.VehicleWithin(new(70, -1.5), 12),
            Gestures = [new(0, ObjectSigns.HaltGesture), new(4, ObjectSigns.GoGesture)],
        });
        stage.Run(1);
        Assert.Equal(ObjectSigns.None, stage.World.Agents[officer].Signs);
        stage.Run(5, 1.5);
        Assert.Equal(ObjectSigns.HaltGesture, stage.World.Agents[officer].Signs);
        var seen = ObjectSigns.None;
        foreach (ref readonly var found in stage.Frame.Objects)
        {
            seen |= found.Signs;
        }

        Assert.Equal(ObjectSigns.HaltGesture, seen);
        stage.Run(5);
        Assert.Equal(ObjectSigns.GoGesture, stage.World.Agents[officer].Signs);
    }

    [Fact]
    public void Who_climbs_on_the_vehicle_touches_it_and_goes_along()
    {
        var stage = new Stage();
        var person = stage.World.Add(new ScriptedAgent(AgentKind.Pedestrian, 48, -4, 0)
        {
            Trigger = new Trigger.VehicleStands(1),
            Frame = PathFrame.Vehicle,
            Path = [new(-1.1, 0, 1)],
        });
        stage.Run(6);
        Assert.True(stage.Frame.IsTouched);
        var hit = Assert.Single(stage.Vehicle.Truth.Collisions.ToArray());
        Assert.Equal((AgentKind.Pedestrian, false), (hit.Kind, hit.WasMoving));
        stage.Run(5, 1);
        Assert.Equal(stage.Vehicle.Body.X - 1.1, stage.World.Agents[person].X, 0.1);
    }

    [Fact]
    public void What_drives_into_the_standing_vehicle_is_told_with_its_speed()
    {
        var stage = new Stage();
        stage.World.Add(new ScriptedAgent(AgentKind.Car, 20, -1.5, 0) { ApproachMps = 8 });
        stage.Run(4);
        var hit = Assert.Single(stage.Vehicle.Truth.Collisions.ToArray());
        Assert.Equal((AgentKind.Car, false), (hit.Kind, hit.WasMoving));
        Assert.Equal(8, hit.RelativeMps, 0.01);
        Assert.Equal(0, stage.Vehicle.Truth.LeastTtcS(AgentKind.Car));
        Assert.True(double.IsInfinity(stage.Vehicle.Truth.LeastTtcS(AgentKind.Bus)));
    }
}
