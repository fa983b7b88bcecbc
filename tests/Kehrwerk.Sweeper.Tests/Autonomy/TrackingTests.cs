using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>Objects are followed over time, from a list that is late, noisy and has misses.</summary>
public sealed class TrackingTests
{
    [Fact]
    public void A_late_list_is_brought_to_the_present()
    {
        // A car at 10 m/s to the east, the list 0.3 s old, the vehicle standing at the origin.
        var run = new Run(delayS: 0.3);
        run.Things.Add((5, 3, 10, 0, ObjectClass.Car));
        run.Drive(2);

        var track = Assert.Single(run.Tracking.Tracks.ToArray());
        Assert.Equal(run.Things[0].X, track.X, 0.4);
        Assert.Equal(3, track.Y, 0.2);
        Assert.Equal(10, track.Vx, 0.4);
        Assert.False(track.IsStanding);
        Assert.True(track.IsSure);
    }

    [Fact]
    public void Two_who_cross_keep_their_names()
    {
        var run = new Run();
        run.Things.Add((-5, 5, 1.5, 0, ObjectClass.Pedestrian));
        run.Things.Add((5, 5.6, -1.5, 0, ObjectClass.Pedestrian));
        run.Drive(1);
        var before = run.Tracking.Tracks.ToArray().OrderBy(track => track.X).Select(track => track.Id).ToArray();
        run.Drive(4);
        var after = run.Tracking.Tracks.ToArray().OrderBy(track => -track.X).Select(track => track.Id).ToArray();

        Assert.Equal(2, before.Length);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Who_is_hidden_for_a_moment_is_remembered_and_who_is_gone_is_forgotten()
    {
        var run = new Run();
        run.Things.Add((10, 0, 1, 0, ObjectClass.Pedestrian));
        run.Drive(2);
        var id = Assert.Single(run.Tracking.Tracks.ToArray()).Id;
        run.IsBlind = true;
        run.Drive(1);
        Assert.Equal(run.Things[0].X, Assert.Single(run.Tracking.Tracks.ToArray()).X, 0.5);
        run.IsBlind = false;
        run.Drive(0.5);
        Assert.Equal(id, Assert.Single(run.Tracking.Tracks.ToArray()).Id);

        run.IsBlind = true;
        run.Drive(3);
        Assert.Empty(run.Tracking.Tracks.ToArray());
    }

    [Fact]
    public void What_is_parked_stands_and_a_single_false_alarm_is_no_object()
    {
        var run = new Run();
        run.Things.Add((12, -2, 0, 0, ObjectClass.Car));
        run.Drive(3);
        Assert.True(Assert.Single(run.Tracking.Tracks.ToArray()).IsStanding);
        Assert.InRange(run.Tracking.Tracks[0].StandsSinceS, 0, 0.5);

        run.Things.Add((20, 5, 0, 0, ObjectClass.Unknown));
        run.Drive(0.1);
        run.Things.RemoveAt(1);
        Assert.DoesNotContain(run.Tracking.Tracks.ToArray(), track => track.IsSure && track.X > 15);
        run.Drive(1);
        Assert.Single(run.Tracking.Tracks.ToArray());
    }

    private sealed class Run(double delayS = 0.1)
    {
        private readonly Dice dice = new(3);
        private readonly SensorFrame frame = new();
        private readonly Localisation where = new(new());
        private readonly Queue<(double AtS, SensedObject[] Seen)> late = new();
        private int tick;

        public Tracking Tracking { get; } = new();
        public List<(double X, double Y, double Vx, double Vy, ObjectClass Class)> Things { get; } = [];
        public bool IsBlind { get; set; }

        public void Drive(double seconds)
        {
            if (tick == 0)
            {
                where.Begin(0, 0, 0, 0.01, 0.001);
            }

            for (var end = tick + (int)Math.Round(seconds / IPlatform.TickS); tick < end;)
            {
                tick++;
                for (var i = 0; i < Things.Count; i++)
                {
                    var (x, y, vx, vy, kind) = Things[i];
                    Things[i] = (x + (vx * IPlatform.TickS), y + (vy * IPlatform.TickS), vx, vy, kind);
                }

                frame.TimeS = tick * IPlatform.TickS;
                late.Enqueue((frame.TimeS, IsBlind ? [] : [.. Things.Select(one => new SensedObject
                {
                    X = one.X + (0.1 * dice.Normal()),
                    Y = one.Y + (0.1 * dice.Normal()),
                    Vx = one.Vx + (0.1 * dice.Normal()),
                    Vy = one.Vy + (0.1 * dice.Normal()),
                    LengthM = 1,
                    WidthM = 1,
                    Confidence = 0.7,
                    Class = one.Class,
                })]));
                if (late.Peek().AtS <= frame.TimeS - delayS + 0.001)
                {
                    var (atS, seen) = late.Dequeue();
                    frame.ObjectsAtS = atS;
                    frame.ObjectCount = 0;
                    foreach (var one in seen)
                    {
                        frame.Add(one);
                    }

                    Tracking.Step(frame, where);
                }
            }
        }
    }
}
