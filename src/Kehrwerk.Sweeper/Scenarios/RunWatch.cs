using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>Keeps of a run what is needed to judge and to draw it. Sees the truth. Not thread-safe.</summary>
internal sealed class RunWatch(ScenarioWorld world, SweeperProgram program, PlayedCentre centre, bool traces)
{
    private const double TraceEveryS = 0.5, NearM = 60, MovesMps = 0.05, MetM = 10, EyeM = 1.5;

    private readonly List<TraceMoment> moments = [];
    private readonly List<(double TimeS, double AlongM, double SpeedMps)> motion = [];
    private readonly double[] seenS = Filled(world.World.Agents.Length + 512, double.NaN);
    private readonly Dictionary<int, double> least = [];
    private double nextTraceS, sweptM, gapSum;
    private uint announced;
    private double mostFrontM = double.NegativeInfinity;
    private string lastBehaviour = "";

    public double LeastDistanceM { get; private set; } = double.PositiveInfinity;
    public double LeastTtcS { get; private set; } = double.PositiveInfinity;
    public double MostMps { get; private set; }

    /// <summary>When the vehicle moved last, s.</summary>
    public double MovedS { get; private set; }

    public bool HasArrived { get; private set; }

    /// <summary>When the vehicle came into the minimal risk condition first; not-a-number: never.</summary>
    public double MrcS { get; private set; } = double.NaN;

    public int Proposed => program.Vehicle.Proposing.Proposed;

    public bool HasRecorded => centre.Events > 0 || program.Vehicle.Guard!.HasRecorded;

    public bool Reported(string errorType) => centre.Errors.Contains(errorType);

    /// <summary>Said outside, whether or not the Centre heard of it.</summary>
    public bool HasAnnounced(Announcement said) => (announced & (1u << (int)said)) != 0 || centre.Announced.Contains(said);

    /// <summary>Metres with brooms at the kerb, and with a gap of 0.1–0.3 m to it.</summary>
    public double SweptM => sweptM;

    public double GoodGapM { get; private set; }

    public ReadOnlySpan<Collision> Collisions => world.Vehicle.Truth.Collisions;

    public double LeastTo(string agent) => least.GetValueOrDefault(world.IndexOf(agent), double.PositiveInfinity);

    /// <summary>What the vehicle did after a moment: distance driven up to another, and the speed that it had at the first.</summary>
    public (double DrivenM, double SpeedMps) Between(double fromS, double toS)
    {
        var first = motion.FindIndex(moment => moment.TimeS >= fromS - 1e-6);
        var last = motion.FindLastIndex(moment => moment.TimeS <= toS + 1e-6);
        return first < 0 || last < first ? (0, 0) : (motion[last].AlongM - motion[first].AlongM, motion[first].SpeedMps);
    }

    /// <summary>The farthest that the front came along <c>main</c>, and a corner beyond a kerb, m.</summary>
    public double MostFrontM => mostFrontM;

    public double OffRoadM => world.Vehicle.Truth.OffRoadM;

    public double DrivenBetween(double fromS, double toS) => Between(fromS, toS).DrivenM;

    /// <summary>
    /// From a moment up to a contact it could not have stopped: at none of its speeds since was the way that it still had long enough, and it never stood in between.
    /// </summary>
    public bool CouldNotStop(double fromS, double toS, Func<double, double> needsM)
    {
        var last = motion.FindLastIndex(moment => moment.TimeS <= toS + 1e-6);
        for (var i = motion.FindIndex(moment => moment.TimeS >= fromS - 1e-6); i >= 0 && i < last; i++)
        {
            if (motion[i].SpeedMps < MovesMps || needsM(motion[i].SpeedMps) < motion[last].AlongM - motion[i].AlongM)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whom the scenario sends came near the vehicle; true where it sends nobody.</summary>
    public bool HasMet { get; private set; } = !world.HasMovers;

    /// <summary>When an agent that was under way could first be seen from the vehicle, whatever its sensors made of that; not-a-number: never.</summary>
    public double SeenS(int agent) => agent < seenS.Length ? seenS[agent] : double.NaN;

    public void Look(double nowS)
    {
        var vehicle = world.Vehicle;
        var truth = vehicle.Truth;
        var speed = Math.Abs(vehicle.Body.SpeedMps);
        announced |= vehicle.Announced;
        motion.Add((nowS, truth.DrivenM, speed));
        MostMps = Math.Max(MostMps, speed);
        MovedS = speed > MovesMps ? nowS : MovedS;
        mostFrontM = Math.Max(mostFrontM, vehicle.Body.X + (vehicle.FrontM * Math.Cos(vehicle.Body.HeadingRad)));
        var nearest = Others(vehicle, speed > MovesMps);
        Sighted(vehicle, nowS);
        Gap(truth);
        foreach (var kind in Enum.GetValues<AgentKind>())
        {
            LeastTtcS = Math.Min(LeastTtcS, truth.LeastTtcS(kind));
        }

        var activity = program.Activity;
        HasArrived |= activity is { OrderId.Length: > 0, HasOrder: false } && speed <= MovesMps;
        MrcS = double.IsNaN(MrcS) && program.Vehicle.Guard?.Standing.Mode == SafetyMode.Mrc ? nowS : MrcS;
        if (traces && nowS >= nextTraceS)
        {
            nextTraceS = nowS + TraceEveryS;
            Trace(nowS, nearest);
        }
    }

    public RunTrace? Trace(IReadOnlyList<(double TimeS, string Text)> story)
    {
        if (!traces)
        {
            return null;
        }

        IEnumerable<(double TimeS, string Text)> hits = world.Vehicle.Truth.Collisions.ToArray().Select(hit => (hit.TimeS, $"touched by {world.NameOf(hit.Agent)}"));
        return new(Kerbs(), moments, [.. story.Concat(hits).OrderBy(told => told.TimeS)]);
    }

    private double Others(VirtualPlatform vehicle, bool moves)
    {
        var (box, nearest) = (vehicle.Box, double.PositiveInfinity);
        var agents = world.World.Agents;
        for (var i = 0; i < agents.Length; i++)
        {
            if (i == vehicle.AgentIndex || agents[i].IsAway || Math.Abs(agents[i].X - box.X) > NearM || Math.Abs(agents[i].Y - box.Y) > NearM || agents[i].Kind == AgentKind.LeafPile)
            {
                continue;
            }

            var distance = box.DistanceTo(agents[i].Box);
            nearest = Math.Min(nearest, distance);
            HasMet |= distance < MetM && world.IsMover(i);
            if (moves)
            {
                LeastDistanceM = Math.Min(LeastDistanceM, distance);
                least[i] = Math.Min(least.GetValueOrDefault(i, double.PositiveInfinity), distance);
            }
        }

        return nearest;
    }

    /// <summary>Notes which agents can be seen in a straight line from the vehicle's front.</summary>
    private void Sighted(VirtualPlatform vehicle, double nowS)
    {
        var agents = world.World.Agents;
        var (x, y) = (vehicle.Body.X + (vehicle.FrontM * Math.Cos(vehicle.Body.HeadingRad)), vehicle.Body.Y + (vehicle.FrontM * Math.Sin(vehicle.Body.HeadingRad)));
        for (var i = 0; i < agents.Length && i < seenS.Length; i++)
        {
            ref readonly var agent = ref agents[i];
            if (double.IsNaN(seenS[i]) && !agent.IsAway && i != vehicle.AgentIndex && Math.Abs(agent.SpeedMps) >= MovesMps
                && vehicle.FrontTo(agent.X, agent.Y) < NearM && IsInSight(x, y, i, vehicle.AgentIndex))
            {
                seenS[i] = nowS;
            }
        }
    }

    private bool IsInSight(double x, double y, int whom, int self)
    {
        const double stepM = 0.3;
        var agents = world.World.Agents;
        var (dx, dy) = (agents[whom].X - x, agents[whom].Y - y);
        var lengthM = Math.Sqrt((dx * dx) + (dy * dy));
        for (var i = 0; i < agents.Length; i++)
        {
            if (i == whom || i == self || agents[i].IsAway || agents[i].HeightM < Math.Min(EyeM, agents[whom].HeightM))
            {
                continue;
            }

            // Only what lies near the line can hide.
            var along = lengthM > 0 ? (((agents[i].X - x) * dx) + ((agents[i].Y - y) * dy)) / lengthM : 0;
            if (along < -3 || along > lengthM + 3 || Math.Abs(((agents[i].X - x) * dy) - ((agents[i].Y - y) * dx)) > 4 * lengthM)
            {
                continue;
            }

            for (var wayM = stepM; wayM < lengthM - 0.5; wayM += stepM)
            {
                if (agents[i].Box.DistanceTo(x + (dx * wayM / lengthM), y + (dy * wayM / lengthM)) == 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Gap(Truth truth)
    {
        var rolledM = truth.SweptM - sweptM;
        if (rolledM > 0)
        {
            var sum = truth.MeanGapM * truth.SweptM;
            GoodGapM += (sum - gapSum) / rolledM is >= 0.1 and <= 0.3 ? rolledM : 0;
            (sweptM, gapSum) = (truth.SweptM, sum);
        }
    }

    private void Trace(double nowS, double nearest)
    {
        var (vehicle, self) = (world.Vehicle, program.Vehicle.Self!);
        Box Of(string id, in Box2 box) => new(id, new(box.X, box.Y), box.HeadingRad, 2 * box.HalfLengthM, 2 * box.HalfWidthM);
        var others = new List<Box>();
        var agents = world.World.Agents;
        for (var i = 0; i < agents.Length; i++)
        {
            if (i != vehicle.AgentIndex && !agents[i].IsAway && vehicle.FrontTo(agents[i].X, agents[i].Y) < NearM)
            {
                others.Add(Of(world.NameOf(i), agents[i].Box));
            }
        }

        moments.Add(new(
            nowS, Of("vehicle", vehicle.Box), vehicle.Body.SpeedMps, vehicle.Body.AccelerationMps2, nearest, self.Pilot.State.Behaviour.ToString(), others)
        { Announced = vehicle.Announced });
        var behaviour = self.Verdict.Action == MotionAction.None ? $"{self.Pilot.State.Behaviour}" : $"{self.Pilot.State.Behaviour} ({self.Verdict.Action}: {self.Verdict.Cause})";
        if (behaviour != lastBehaviour)
        {
            lastBehaviour = behaviour;
            centre.Story.Add((nowS, behaviour));
        }
    }

    private List<IReadOnlyList<MapPoint>> Kerbs()
    {
        var streets = world.Map.Streets;
        var kerbs = new List<IReadOnlyList<MapPoint>>();
        for (var segment = 0; segment < streets.SegmentCount; segment++)
        {
            var (a, b) = (streets.SegmentLine(segment)[0], streets.SegmentLine(segment)[^1]);
            if (streets.SegmentLine(segment).Length > 2)
            {
                kerbs.Add(streets.SegmentLine(segment).ToArray());
                continue;
            }

            var (half, lengthM) = (streets.HalfWidthM(segment), a.DistanceTo(b));
            var (x, y) = (-(b.Y - a.Y) / lengthM * half, (b.X - a.X) / lengthM * half);
            kerbs.Add([new(a.X + x, a.Y + y), new(b.X + x, b.Y + y)]);
            kerbs.Add([new(a.X - x, a.Y - y), new(b.X - x, b.Y - y)]);
        }

        return kerbs;
    }

    private static double[] Filled(int count, double value)
    {
        var filled = new double[count];
        Array.Fill(filled, value);
        return filled;
    }
}
