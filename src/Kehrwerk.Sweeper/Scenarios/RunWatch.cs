using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>Keeps of a run what is needed to judge and to draw it. Sees the truth. Not thread-safe.</summary>
internal sealed class RunWatch(ScenarioWorld world, SweeperProgram program, PlayedCentre centre, bool traces)
{
    private const double TraceEveryS = 0.5, NearM = 60, MovesMps = 0.05, SeenWithinM = 1.2;

    private readonly List<TraceMoment> moments = [];
    private readonly List<(double TimeS, double AlongM, double SpeedMps)> motion = [];
    private readonly double[] seenS = Filled(world.World.Agents.Length + 512, double.NaN);
    private readonly Dictionary<int, double> least = [];
    private double nextTraceS, sweptM, gapSum;
    private uint announced;
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

    /// <summary>When the sensors could tell first that an agent was there and under way; not-a-number: never.</summary>
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
            if (moves)
            {
                LeastDistanceM = Math.Min(LeastDistanceM, distance);
                least[i] = Math.Min(least.GetValueOrDefault(i, double.PositiveInfinity), distance);
            }
        }

        return nearest;
    }

    /// <summary>Notes which agents the object list of the sensors holds by now.</summary>
    private void Sighted(VirtualPlatform vehicle, double nowS)
    {
        var frame = program.Vehicle.Self!.Frame;
        var agents = world.World.Agents;
        var (sin, cos) = Math.SinCos(vehicle.Body.HeadingRad);
        for (var i = 0; i < agents.Length && i < seenS.Length; i++)
        {
            ref readonly var agent = ref agents[i];
            if (!double.IsNaN(seenS[i]) || agent.IsAway || i == vehicle.AgentIndex || Math.Abs(agent.SpeedMps) < MovesMps)
            {
                continue;
            }

            foreach (ref readonly var seen in frame.Objects)
            {
                var (x, y) = (vehicle.Body.X + (seen.X * cos) - (seen.Y * sin), vehicle.Body.Y + (seen.X * sin) + (seen.Y * cos));
                if (agent.Box.DistanceTo(x, y) < SeenWithinM)
                {
                    seenS[i] = nowS;
                    break;
                }
            }
        }
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
            nowS, Of("vehicle", vehicle.Box), vehicle.Body.SpeedMps, vehicle.Body.AccelerationMps2, nearest, self.Pilot.State.Behaviour.ToString(), others));
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
