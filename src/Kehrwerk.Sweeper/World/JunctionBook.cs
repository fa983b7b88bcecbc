using Kehrwerk.Sweeper.Roads;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// Who may enter where streets meet: one of those whose ways cross at a time, in the order of StVO § 8. A place once taken is kept until the
/// agent has left it. So agents do not collide there by construction; only <em>scripted</em> ones break the rule.
/// </summary>
internal sealed class JunctionBook(VirtualWorld world)
{
    // Time that one who must wait leaves to the other, seconds; after so long the next may go first, as people agree by sign (StVO § 11 (3)).
    private const double LeeS = 2;
    private const double PatienceS = 6;
    // So far before the place the front stands, since who turns out of it needs the room.
    private const double WaitsBeforeM = 2.5;
    private const int MostSamples = 60;

    private readonly int[] firstAt = Empty(world.Map.Network.NodeCount);
    private int[] entryAgent = new int[256], entryPlace = new int[256], entryNext = new int[256];
    private int entries;

    public void Clear()
    {
        for (var e = 0; e < entries; e++)
        {
            firstAt[entryPlace[e]] = -1;
        }

        entries = 0;
    }

    /// <summary>Notes the places that an agent is in, and the next ones that it comes to.</summary>
    public void Register(int index)
    {
        var path = world.Path(world.At(index).Way);
        for (var i = 0; i < path.CrossingCount && path.Crossings[i].FromM < path.AlongM + 90; i++)
        {
            if (entries == entryAgent.Length)
            {
                Array.Resize(ref entryAgent, entries * 2);
                Array.Resize(ref entryPlace, entries * 2);
                Array.Resize(ref entryNext, entries * 2);
            }

            var place = path.Crossings[i].Place;
            (entryAgent[entries], entryPlace[entries], entryNext[entries]) = (index, place, firstAt[place]);
            firstAt[place] = entries++;
        }
    }

    /// <summary>The acceleration that the next place where streets meet allows, m/s²; takes the place where it is this one's turn.</summary>
    public double Decide(int index, ref Agent agent, AgentPath path, DriverModel driver, double gapM, double leaderMps)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < path.CrossingCount; i++)
        {
            ref var crossing = ref path.Crossings[i];
            var toM = crossing.FromM - path.AlongM - (agent.LengthM / 2);
            if (crossing.IsTaken || toM < 0.5 - WaitsBeforeM)
            {
                continue;
            }

            var brakingM = agent.SpeedMps * agent.SpeedMps / (2 * driver.BrakingMps2);
            if (toM > brakingM + 12)
            {
                return least;
            }

            // Never into a place that one cannot leave again.
            var isJammed = leaderMps < 1 && gapM < toM + (crossing.ToM - crossing.FromM) + agent.LengthM + 3;
            if (!isJammed && MayGo(index, ref agent, path, crossing, toM))
            {
                (crossing.IsTaken, path.WaitedS) = (true, 0);
                continue;
            }

            path.WaitedS += agent.SpeedMps < 0.3 ? 0.1 : 0;
            return Math.Min(least, driver.Acceleration(agent.SpeedMps, path.WantedMps, toM + driver.GapM - WaitsBeforeM, 0));
        }

        return least;
    }

    private bool MayGo(int index, ref Agent agent, AgentPath path, in Crossing own, double toM)
    {
        var clearS = (toM + own.ToM - own.FromM + agent.LengthM) / Math.Max(agent.SpeedMps, 3);
        for (var e = firstAt[own.Place]; e >= 0; e = entryNext[e])
        {
            if (entryAgent[e] == index)
            {
                continue;
            }

            ref readonly var other = ref world.At(entryAgent[e]);
            if (other.IsAway || other.Behaviour != Behaviour.Lane)
            {
                continue;
            }

            var theirs = world.Path(other.Way);
            for (var i = 0; i < theirs.CrossingCount; i++)
            {
                if (theirs.Crossings[i].Place == own.Place && MustWait(agent, path, own, other, theirs, theirs.Crossings[i], clearS, PatienceS + (0.1 * (index % 16))))
                {
                    return false;
                }
            }
        }

        return !SweeperComes(own, clearS);
    }

    private bool MustWait(in Agent agent, AgentPath path, in Crossing own, in Agent other, AgentPath theirs, in Crossing crossing, double clearS, double patienceS)
    {
        var theirsM = crossing.FromM - theirs.AlongM - (other.LengthM / 2);
        if (theirs.AlongM - (other.LengthM / 2) > crossing.ToM + 1 || (!crossing.IsTaken && theirsM > 90) || !Conflict(agent, path, own, other, theirs, crossing))
        {
            return false;
        }

        var arrivesS = theirsM / Math.Max(other.SpeedMps, theirsM < 3 ? 2 : 0.1);
        return crossing.IsTaken
            || (arrivesS < clearS + LeeS && GoesFirst(other.Kind, crossing.In, crossing.Out, agent.Kind, own.In, own.Out)
                && !(path.WaitedS > patienceS && other.SpeedMps < 0.3));
    }

    /// <summary>A sweeper has no way that others know: it is expected to cross where it drives towards the place from another street.</summary>
    private bool SweeperComes(in Crossing own, double clearS)
    {
        var network = world.Map.Network;
        var place = network.NodePoint[network.ArcHead[own.In]];
        foreach (var sweeper in world.Sweepers)
        {
            ref readonly var other = ref world.At(sweeper.AgentIndex);
            var (dx, dy) = (place.X - other.X, place.Y - other.Y);
            var distance = Math.Sqrt((dx * dx) + (dy * dy));
            if (distance > 40 || Math.Abs(other.SpeedMps) < 0.2 || sweeper.Arc < 0 || world.Map.Place[network.ArcHead[sweeper.Arc]] != own.Place || sweeper.Arc == own.In)
            {
                continue;
            }

            var aheadM = distance - 6;
            var turn = Math.Abs(network.TurnAngleRad(own.In, own.Out));
            var isOpposite = Math.Abs(Math.IEEERemainder(network.EndHeadingRad(sweeper.Arc) - network.EndHeadingRad(own.In), 2 * Math.PI)) > 2.6;
            if (!(isOpposite && turn < 0.5) && (aheadM < 1 || (aheadM / Math.Abs(other.SpeedMps) < clearS + LeeS
                && GoesFirst(AgentKind.Sweeper, sweeper.Arc, -1, AgentKind.Car, own.In, own.Out))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one on arc <paramref name="a"/> goes before one on arc <paramref name="b"/>.</summary>
    private bool GoesFirst(AgentKind kindA, int a, int aOut, AgentKind kindB, int b, int bOut)
    {
        if (kindA == AgentKind.Emergency != (kindB == AgentKind.Emergency))
        {
            return kindA == AgentKind.Emergency;
        }

        var network = world.Map.Network;
        var (rankA, rankB) = (Rank(world.Map.Precedence[a]), Rank(world.Map.Precedence[b]));
        if (rankA != rankB)
        {
            return rankA > rankB;
        }

        var between = Math.IEEERemainder(network.EndHeadingRad(a) - network.EndHeadingRad(b), 2 * Math.PI);
        if (Math.Abs(between) > 2.6)
        {
            // Face to face: who turns left waits, StVO § 9 (3).
            var isLeftB = network.TurnAngleRad(b, bOut) > 0.5;
            return isLeftB && (aOut < 0 || network.TurnAngleRad(a, aOut) <= 0.5);
        }

        return between > 0;
    }

    private static int Rank(Precedence precedence) => precedence switch { Precedence.Priority => 2, Precedence.GiveWay => 0, _ => 1 };

    /// <summary>Whether two ways over a place come nearer to each other than the two are wide.</summary>
    private static bool Conflict(in Agent one, AgentPath path, in Crossing a, in Agent two, AgentPath theirs, in Crossing b)
    {
        if (a.In == b.In)
        {
            return false;
        }

        var nearM = ((one.WidthM + two.WidthM) / 2) + 0.2;
        if (a.Out != b.Out && IsStraight(path, a) && IsStraight(theirs, b))
        {
            nearM -= 0.1;
        }
        else if (Math.Max(one.LengthM, two.LengthM) > 8)
        {
            // A bus that turns needs the whole place.
            return true;
        }
        else
        {
            // In a turn the corners and the rear reach beyond the line.
            nearM += 0.8;
        }

        // Every 1.2 m of each.
        var count = Math.Clamp((int)((a.ToM - a.FromM) / 1.2), 8, MostSamples);
        var theirCount = Math.Clamp((int)((b.ToM - b.FromM) / 1.2), 8, MostSamples);
        Span<double> xs = stackalloc double[count + 1];
        Span<double> ys = stackalloc double[count + 1];
        for (var k = 0; k <= count; k++)
        {
            (xs[k], ys[k]) = path.On(a.FromM + ((a.ToM - a.FromM) * k / count));
        }

        for (var k = 0; k <= theirCount; k++)
        {
            var (x, y) = theirs.On(b.FromM + ((b.ToM - b.FromM) * k / theirCount));
            for (var m = 0; m <= count; m++)
            {
                if (((x - xs[m]) * (x - xs[m])) + ((y - ys[m]) * (y - ys[m])) < nearM * nearM)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsStraight(AgentPath path, in Crossing crossing)
    {
        var (ax, ay) = path.On(crossing.FromM);
        var (bx, by) = path.On(crossing.ToM);
        var (dx, dy) = (bx - ax, by - ay);
        return (dx * dx) + (dy * dy) > 0.999 * (crossing.ToM - crossing.FromM) * (crossing.ToM - crossing.FromM);
    }

    private static int[] Empty(int count)
    {
        var empty = new int[count];
        Array.Fill(empty, -1);
        return empty;
    }
}
