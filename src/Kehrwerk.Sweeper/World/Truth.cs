namespace Kehrwerk.Sweeper.World;

/// <summary>A contact of the vehicle's body with an agent.</summary>
/// <param name="RelativeMps">Speed of one against the other; <paramref name="OwnMps"/> the vehicle's own.</param>
/// <param name="WasMoving">The vehicle moved within the last second.</param>
/// <param name="BrakedMps2">The hardest it braked within the last second.</param>
internal readonly record struct Collision(double TimeS, AgentKind Kind, int Agent, double RelativeMps, double OwnMps, bool WasMoving, double BrakedMps2);

/// <summary>
/// What truly happened to a vehicle; for tests and evaluators only. The driving program never sees it. The body counts as wide as a broom
/// on the side on which one is down. Not thread-safe.
/// </summary>
internal sealed class Truth
{
    /// <summary>Contacts beyond this many are counted, not kept.</summary>
    public const int MostCollisions = 64;

    private const double WithinM = 25;
    private static readonly int Kinds = Enum.GetValues<AgentKind>().Length;

    private readonly Collision[] collisions = new Collision[MostCollisions];
    private readonly double[] leastM = new double[Kinds], leastTtcS = new double[Kinds];
    private readonly int[] near = new int[128];
    private readonly double[] lastMps = new double[20], lastMps2 = new double[20];
    private long[] touchedAt = new long[256];

    public Truth()
    {
        Array.Fill(leastM, double.PositiveInfinity);
        Array.Fill(leastTtcS, double.PositiveInfinity);
    }

    public ReadOnlySpan<Collision> Collisions => collisions.AsSpan(0, Math.Min(CollisionCount, MostCollisions));
    public int CollisionCount { get; private set; }

    /// <summary>Time that a corner of the body was beyond the kerb or off the mapped streets, s; and how far at most, m.</summary>
    public double OffRoadS { get; private set; }

    public double OffRoadM { get; private set; }
    public double DrivenM { get; private set; }
    public double SweptM { get; private set; }

    /// <summary>Mean and greatest gap between broom and kerb where it has swept, m.</summary>
    public double MeanGapM => SweptM > 0 ? gapSum / SweptM : double.NaN;

    public double MostGapM { get; private set; }
    private double gapSum;

    /// <summary>The nearest that any agent of a kind has come to the body, m (infinite: none within 25 m).</summary>
    public double LeastDistanceM(AgentKind kind) => leastM[(int)kind];

    /// <summary>The least time to collision with an agent of a kind, both going on as they were, s.</summary>
    public double LeastTtcS(AgentKind kind) => leastTtcS[(int)kind];

    internal void Swept(double rolledM, double gapM)
    {
        SweptM += rolledM;
        gapSum += rolledM * gapM;
        MostGapM = Math.Max(MostGapM, gapM);
    }

    internal void OffRoad(double beyondM, double stepS)
    {
        OffRoadS += beyondM > 0 ? stepS : 0;
        OffRoadM = Math.Max(OffRoadM, beyondM);
    }

    /// <returns>Whether something touches the body now.</returns>
    internal bool Step(VirtualWorld world, int self, in Box2 body, double vx, double vy, double speedMps, double accelerationMps2, double stepS)
    {
        DrivenM += Math.Abs(speedMps) * stepS;
        (lastMps[world.Tick % 20], lastMps2[world.Tick % 20]) = (Math.Abs(speedMps), accelerationMps2);
        var agents = world.Agents;
        if (touchedAt.Length < agents.Length)
        {
            Array.Resize(ref touchedAt, agents.Length * 2);
        }

        var (isTouched, count) = (false, world.Near(body.X, body.Y, WithinM, near));
        for (var k = 0; k < count; k++)
        {
            ref readonly var agent = ref agents[near[k]];
            if (near[k] == self || agent.IsAway || agent.Kind == AgentKind.LeafPile)
            {
                continue;
            }

            var (box, kind) = (agent.Box, (int)agent.Kind);
            var (rx, ry) = (agent.Vx - vx, agent.Vy - vy);
            leastTtcS[kind] = Math.Min(leastTtcS[kind], (rx * rx) + (ry * ry) > 0.01 ? body.ContactS(box, rx, ry) : double.PositiveInfinity);
            var distance = body.DistanceTo(box);
            leastM[kind] = Math.Min(leastM[kind], distance);
            if (distance > 0)
            {
                continue;
            }

            isTouched = true;
            // The same contact goes on as long as no second lies between.
            if (touchedAt[near[k]] == 0 || world.Tick - touchedAt[near[k]] > 20)
            {
                Note(new(world.TimeS, agent.Kind, near[k], Math.Sqrt((rx * rx) + (ry * ry)), Math.Abs(speedMps), Most(lastMps) > 0.05, Math.Max(0, -Least(lastMps2))));
            }

            touchedAt[near[k]] = Math.Max(1, world.Tick);
        }

        return isTouched;
    }

    private void Note(in Collision collision)
    {
        if (CollisionCount < MostCollisions)
        {
            collisions[CollisionCount] = collision;
        }

        CollisionCount++;
    }

    private static double Most(double[] values)
    {
        var most = values[0];
        foreach (var value in values)
        {
            most = Math.Max(most, value);
        }

        return most;
    }

    private static double Least(double[] values)
    {
        var least = values[0];
        foreach (var value in values)
        {
            least = Math.Min(least, value);
        }

        return least;
    }
}
