using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>What is seen, and what is not.</summary>
public sealed class SightTests
{
    [Fact]
    public void A_child_behind_a_parked_van_is_not_seen_before_there_is_a_line_of_sight()
    {
        var stage = new Stage();
        var van = stage.World.Add(new ScriptedAgent(AgentKind.Van, 75, -2.2, 0));
        var child = stage.World.Add(new ScriptedAgent(AgentKind.Child, 79, -2.2, Math.PI / 2)
        {
            Trigger = new Trigger.AtTime(3),
            Path = [new(79, 2, 3)],
        });
        Assert.Equal(0, stage.SeenShare(79, -2.2, withinM: 1));

        var seenAtY = double.NaN;
        stage.Run(3, 0, () =>
        {
            foreach (ref readonly var found in stage.Frame.Objects)
            {
                seenAtY = double.IsNaN(seenAtY) && found.Class is ObjectClass.Child or ObjectClass.Pedestrian ? stage.World.Agents[child].Y : seenAtY;
            }
        });
        // The line from the sensor past the van's corner meets x = 79 at y ≈ −1.1; the list is 0.1–0.2 s old by then.
        Assert.InRange(seenAtY, -1.3, 0.2);
        Assert.True(stage.World.Agents[van].X == 75);
    }

    [Fact]
    public void Over_a_car_an_adult_is_seen_and_a_child_is_not()
    {
        var stage = new Stage();
        stage.Add(AgentKind.Car, 62, -1.5);
        stage.Add(AgentKind.Child, 65.5, -1.5);
        Assert.Equal(0, stage.SeenShare(65.5, -1.5, withinM: 0.8));
        stage.Add(AgentKind.Pedestrian, 66.5, -1.5);
        Assert.True(stage.SeenShare(66.5, -1.5, withinM: 0.8) > 0.9);
    }

    [Fact]
    public void A_van_beside_the_vehicle_does_not_hide_who_stands_behind_the_vehicle() =>
        Assert.True(new Stage().With(AgentKind.Van, 49.6, -3.8).With(AgentKind.Cyclist, 47.2, -2.1).SeenShare(47.2, -2.1, withinM: 0.8) > 0.9);

    [Fact]
    public void A_house_hides_who_stands_behind_it()
    {
        var house = new MapPoint[] { new(80, 5), new(100, 5), new(100, 20), new(80, 20), new(80, 5) };
        Assert.True(new Stage().With(AgentKind.Pedestrian, 90, 24).SeenShare(90, 24) > 0.8);
        Assert.Equal(0, new Stage(Stage.Empty with { Buildings = [[.. house]] }).With(AgentKind.Pedestrian, 90, 24).SeenShare(90, 24));
    }

    [Fact]
    public void Weather_and_light_shorten_the_range()
    {
        double Share(Weather weather, double distanceM) => new Stage(Stage.Empty with { Weather = weather }).With(AgentKind.Pedestrian, 50 + distanceM, 0).SeenShare(50 + distanceM, 0);
        Assert.True(Share(Weather.Clear, 55) > 0.8);
        Assert.Equal(0, Share(Weather.Clear, 85));
        Assert.Equal(0, Share(new() { RainShare = 1 }, 55));
        Assert.True(Share(new() { RainShare = 1 }, 35) > 0.6);
        Assert.Equal(0, Share(new() { VisibilityM = 50 }, 35));
        Assert.Equal(0, Share(new() { SunElevationDeg = 5, SunHeadingRad = 0 }, 55));
        Assert.True(Share(new() { SunElevationDeg = 5, SunHeadingRad = Math.PI }, 55) > 0.8);
        var fog = new Stage(Stage.Empty with { Weather = new() { VisibilityM = 50 } });
        fog.Run(1);
        Assert.InRange(fog.Frame.ViewRangeM, 25, 35);
    }

    [Fact]
    public void The_list_is_late_and_noisy_and_says_so()
    {
        var stage = new Stage();
        stage.World.Add(new ScriptedAgent(AgentKind.Car, 100, 1.5, Math.PI) { ApproachMps = 10 });
        stage.Run(2);
        var (age, n, sumX, sumVx) = (0.0, 0, 0.0, 0.0);
        stage.Run(2, 0, () =>
        {
            age = Math.Max(age, stage.Frame.TimeS - stage.Frame.ObjectsAtS);
            foreach (ref readonly var seen in stage.Frame.Objects)
            {
                if (seen.Class == ObjectClass.Car)
                {
                    // Where it was when it was measured.
                    (n, sumX, sumVx) = (n + 1, sumX + Math.Abs(stage.Vehicle.Body.X + seen.X - (100 - (10 * stage.Frame.ObjectsAtS))), sumVx + seen.Vx);
                }
            }
        });
        Assert.InRange(age, 0.1 - 1e-6, 0.15 + 1e-6);
        Assert.True(n > 30);
        Assert.InRange(sumX / n, 0.01, 0.5);
        Assert.Equal(-10, sumVx / n, 0.3);
    }

    [Fact]
    public void There_is_no_satellite_fix_in_a_tunnel()
    {
        var open = new Stage();
        var tunnel = new Stage(traits: SegmentTraits.Tunnel);
        Assert.True(Fixes(open) >= 19);
        Assert.Equal(0, Fixes(tunnel));
        static int Fixes(Stage stage)
        {
            var fixes = 0;
            stage.Run(2, 0, () => fixes += double.IsNaN(stage.Frame.GnssX) ? 0 : 1);
            return fixes;
        }
    }

    [Fact]
    public void Below_a_bridge_there_is_no_fix_and_behind_it_the_first_are_rough()
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] places = [new(0, 0), new(400, 0), new(100, -50), new(100, 50)];
        foreach (var (i, place) in places.Index())
        {
            builder.AddNode(i + 1, place);
        }

        builder.AddSegment(new(0, 1, [places[0], places[1]], 1, 0, Directions.Both, WidthM: 6));
        builder.AddSegment(new(2, 3, [places[2], places[3]], 2, 0, Directions.Both, WidthM: 10, Traits: SegmentTraits.Bridge));
        var world = new VirtualWorld(builder.Build(), Stage.Empty);
        var (vehicle, frame) = (new VirtualPlatform(world, SweeperModel.Default, 60, -1.5, 0), new SensorFrame());
        var (under, stdBehind, stdBefore) = (0, 0.0, 0.0);
        for (var tick = 0; tick < 600; tick++)
        {
            vehicle.Tick(new((4 - vehicle.Body.SpeedMps) * 2, 0, false), frame);
            var isUnder = Math.Abs(vehicle.Body.X - 100) < 6.4;
            under += isUnder ? 1 : 0;
            Assert.True(!isUnder || double.IsNaN(frame.GnssX));
            stdBefore = vehicle.Body.X < 93 ? Math.Max(stdBefore, double.IsNaN(frame.GnssStdM) ? 0 : frame.GnssStdM) : stdBefore;
            stdBehind = vehicle.Body.X > 106.6 ? Math.Max(stdBehind, double.IsNaN(frame.GnssStdM) ? 0 : frame.GnssStdM) : stdBehind;
        }

        Assert.True(under > 40);
        Assert.InRange(stdBefore, 0.01, 0.05);
        Assert.InRange(stdBehind, 0.1, 1);

        // On the bridge itself there is sky.
        var above = new VirtualPlatform(world, SweeperModel.Default, 100, 0, Math.PI / 2);
        above.Tick(default, frame);
        above.Tick(default, frame);
        Assert.True(double.IsFinite(frame.GnssX));
    }

    [Fact]
    public void The_kerb_is_open_only_where_a_street_comes_in()
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] places = [new(0, 0), new(60, 0), new(120, 0), new(60, 60)];
        foreach (var (i, place) in places.Index())
        {
            builder.AddNode(i + 1, place);
        }

        builder.AddSegment(new(0, 1, [places[0], places[1]], 1, 0, Directions.Both, WidthM: 6));
        builder.AddSegment(new(1, 2, [places[1], places[2]], 1, 1, Directions.Both, WidthM: 6));
        builder.AddSegment(new(1, 3, [places[1], places[3]], 2, 0, Directions.Both, WidthM: 6));
        var world = new VirtualWorld(builder.Build(), Stage.Empty);
        var (vehicle, frame) = (new VirtualPlatform(world, SweeperModel.Default, 40, -1.5, 0), new SensorFrame());
        var (left, right, all) = (0, 0, 0);
        for (var tick = 0; tick < 400; tick++)
        {
            vehicle.Tick(new((2 - vehicle.Body.SpeedMps) * 2, 0, false), frame);
            if (Math.Abs(vehicle.Body.X - 60) < 3.5)
            {
                (left, right, all) = (left + (double.IsNaN(frame.KerbLeftM) ? 0 : 1), right + (double.IsNaN(frame.KerbRightM) ? 0 : 1), all + 1);
            }
        }

        Assert.Equal(0, left);
        Assert.InRange(right, 0.9 * all, all);
    }

    [Fact]
    public void The_kerb_is_measured_where_nothing_stands_before_it()
    {
        var stage = new Stage();
        var (sum, n) = (0.0, 0);
        stage.Run(2, 0, () => (sum, n) = double.IsNaN(stage.Frame.KerbRightM) ? (sum, n) : (sum + stage.Frame.KerbRightM, n + 1));
        Assert.True(n > 35);
        Assert.Equal(1.5, sum / n, 0.02);
        stage.Add(AgentKind.Car, 50, -2.5);
        stage.Run(1);
        Assert.True(double.IsNaN(stage.Frame.KerbRightM));
        Assert.Equal(4.5, stage.Frame.KerbLeftM, 0.15);
    }
}

internal static class StageActors
{
    public static Stage With(this Stage stage, AgentKind kind, double x, double y)
    {
        stage.Add(kind, x, y);
        return stage;
    }
}
