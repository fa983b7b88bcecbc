namespace Kehrwerk.Sweeper.World;

/// <summary>The progress of scripted agents.</summary>
internal sealed class Scripts(VirtualWorld world)
{
    private readonly List<Progress> all = [];

    private sealed class Progress(ScriptedAgent script)
    {
        public readonly ScriptedAgent Script = script;
        public double StartedS = double.NaN, AlongM, X, Y, HeadingRad;
        public int Piece;
    }

    public int Add(ScriptedAgent script)
    {
        all.Add(new(script));
        return all.Count - 1;
    }

    /// <summary>World time at which a script was triggered; not-a-number before.</summary>
    public double StartedS(int way) => all[way].StartedS;

    public void Step(int index, double stepS)
    {
        ref var agent = ref world.At(index);
        var progress = all[agent.Way];
        var script = progress.Script;
        if (double.IsNaN(progress.StartedS))
        {
            if (!Fires(script, agent))
            {
                Straight(ref agent, script.ApproachMps, script.AccelerationMps2, stepS);
                return;
            }

            (progress.StartedS, progress.X, progress.Y, progress.HeadingRad) = (world.TimeS, agent.X, agent.Y, agent.HeadingRad);
            agent.IsAway = false;
        }

        foreach (var gesture in script.Gestures)
        {
            agent.Signs = world.TimeS >= progress.StartedS + gesture.AfterS ? gesture.Signs : agent.Signs;
        }

        if (script.Path.Length == 0)
        {
            Straight(ref agent, script.ApproachMps, script.AccelerationMps2, stepS);
        }
        else
        {
            Follow(ref agent, progress, stepS);
        }
    }

    private static void Straight(ref Agent agent, double speedMps, double accelerationMps2, double stepS)
    {
        var speed = agent.SpeedMps + Math.Clamp(speedMps - agent.SpeedMps, -accelerationMps2 * stepS, accelerationMps2 * stepS);
        (agent.X, agent.Y) = (agent.X + (speed * Math.Cos(agent.HeadingRad) * stepS), agent.Y + (speed * Math.Sin(agent.HeadingRad) * stepS));
        (agent.AccelerationMps2, agent.SpeedMps) = ((speed - agent.SpeedMps) / stepS, speed);
    }

    private void Follow(ref Agent agent, Progress progress, double stepS)
    {
        var (script, points) = (progress.Script, progress.Script.Path);
        var wanted = points[progress.Piece].SpeedMps;
        var change = script.AccelerationMps2 * stepS;
        var speed = agent.SpeedMps + Math.Clamp(wanted - agent.SpeedMps, -change, change);
        agent.AccelerationMps2 = (speed - agent.SpeedMps) / stepS;
        agent.SpeedMps = speed;
        progress.AlongM += speed * stepS;
        var (fx, fy, fh) = FrameOf(progress);
        // The way to the first point leads from where the agent stood, in the city's frame.
        var (ax, ay) = progress.Piece == 0 ? Start(progress) : (points[progress.Piece - 1].X, points[progress.Piece - 1].Y);
        var lengthM = Length(ax, ay, points[progress.Piece]);
        while (progress.AlongM >= lengthM && progress.Piece < points.Length - 1)
        {
            progress.AlongM -= lengthM;
            (ax, ay) = (points[progress.Piece].X, points[progress.Piece].Y);
            lengthM = Length(ax, ay, points[++progress.Piece]);
        }

        var to = points[progress.Piece];
        if (progress.AlongM >= lengthM)
        {
            (progress.AlongM, agent.SpeedMps) = (lengthM, 0);
            agent.IsAway = script.Then == AfterPath.Vanish;
        }

        var t = lengthM > 1e-9 ? progress.AlongM / lengthM : 1;
        var (x, y) = (ax + ((to.X - ax) * t), ay + ((to.Y - ay) * t));
        var (sin, cos) = Math.SinCos(fh);
        (agent.X, agent.Y) = (fx + (x * cos) - (y * sin), fy + (x * sin) + (y * cos));
        agent.HeadingRad = lengthM > 0.05 ? Math.IEEERemainder(fh + Math.Atan2(to.Y - ay, to.X - ax), 2 * Math.PI) : agent.HeadingRad;
    }

    private (double X, double Y) Start(Progress progress)
    {
        var (fx, fy, fh) = FrameOf(progress);
        var (sin, cos) = Math.SinCos(fh);
        var (dx, dy) = (progress.X - fx, progress.Y - fy);
        return ((dx * cos) + (dy * sin), (dy * cos) - (dx * sin));
    }

    private (double X, double Y, double HeadingRad) FrameOf(Progress progress)
    {
        switch (progress.Script.Frame)
        {
            case PathFrame.Agent:
                return (progress.X, progress.Y, progress.HeadingRad);
            case PathFrame.Vehicle:
                var body = world.Sweepers[progress.Script.Vehicle].Body;
                return (body.X, body.Y, body.HeadingRad);
            default:
                return (0, 0, 0);
        }
    }

    private static double Length(double ax, double ay, in ScriptPoint to) => Math.Sqrt(((to.X - ax) * (to.X - ax)) + ((to.Y - ay) * (to.Y - ay)));

    private bool Fires(ScriptedAgent script, in Agent agent)
    {
        if (script.Trigger is null or Trigger.AtTime)
        {
            return script.Trigger is not Trigger.AtTime at || world.TimeS >= at.TimeS;
        }

        if (script.Vehicle >= world.Sweepers.Count)
        {
            return false;
        }

        var vehicle = world.Sweepers[script.Vehicle];
        var body = vehicle.Body;
        var (sin, cos) = Math.SinCos(body.HeadingRad);
        switch (script.Trigger)
        {
            case Trigger.VehicleWithin within:
                return vehicle.FrontTo(within.Point.X, within.Point.Y) <= within.DistanceM;
            case Trigger.VehicleGap gap:
                var (dx, dy) = (gap.Point.X - body.X, gap.Point.Y - body.Y);
                return (dx * cos) + (dy * sin) > 0 && body.SpeedMps > 0.1 && vehicle.FrontTo(gap.Point.X, gap.Point.Y) / body.SpeedMps <= gap.Seconds;
            case Trigger.Ttc ttc:
                var ahead = ((agent.X - body.X) * cos) + ((agent.Y - body.Y) * sin) - vehicle.FrontM - (agent.LengthM / 2);
                var closing = body.SpeedMps - ((agent.Vx * cos) + (agent.Vy * sin));
                return ahead > 0 && closing > 0.1 && ahead / closing <= ttc.Seconds;
            case Trigger.VehicleStands stands:
                return vehicle.StandsS >= stands.Seconds;
            default:
                return false;
        }
    }
}
