namespace Kehrwerk.Sweeper.World;

/// <summary>An area where streets meet, on the path of an agent.</summary>
/// <param name="FromM">Where on the path it begins: the place to wait; <paramref name="ToM"/> where it ends.</param>
internal record struct Crossing(double FromM, double ToM, int Place, int In, int Out, bool IsTaken);

/// <summary>
/// The line that an agent follows: a few dozen points ahead of it, to which new ones are added as it goes. Never grows; not thread-safe.
/// </summary>
internal sealed class AgentPath
{
    public const int Capacity = 224;
    public const int MostCrossings = 8;

    public readonly double[] X = new double[Capacity], Y = new double[Capacity], S = new double[Capacity];

    /// <summary>At each point: the speed that a bend allows, m/s; and whether the piece behind it leads over a carriageway (footways only).</summary>
    public readonly double[] MostMps = new double[Capacity];

    public readonly bool[] IsRoad = new bool[Capacity];
    public readonly Crossing[] Crossings = new Crossing[MostCrossings];
    public int Count, CrossingCount;

    private readonly (double FromM, int Arc)[] arcs = new (double, int)[32];
    private int arcCount;

    /// <summary>Where the agent is on it, metres; and the piece on which that is.</summary>
    public double AlongM;

    public int Piece;

    /// <summary>How far to the left of the path the agent is, and wants to be, metres.</summary>
    public double AsideM, AsideGoalM;

    /// <summary>The arc at the end of the path.</summary>
    public int LastArc = -1;

    /// <summary>What it wants to drive where nothing hinders, m/s; where it stops next (bus), how long it still waits, how long it has waited.</summary>
    public double WantedMps, StopAtM = double.PositiveInfinity, StandsS, WaitedS, StuckS;

    /// <summary>Which side of its arc a walker is on: −1 right, 1 left.</summary>
    public int Side = -1;

    /// <summary>Does not look before it steps into the road.</summary>
    public bool IsCareless;

    public double EndM => Count > 0 ? S[Count - 1] : 0;

    public bool HasRoom(int points) => Count + points <= Capacity && CrossingCount < MostCrossings && arcCount < arcs.Length;

    public void Clear()
    {
        (Count, CrossingCount, AlongM, Piece, AsideM, AsideGoalM) = (0, 0, 0, 0, 0, 0);
        (StopAtM, StandsS, WaitedS, StuckS, IsCareless, LastArc, arcCount) = (double.PositiveInfinity, 0, 0, 0, false, -1, 0);
    }

    public void Add(double x, double y, bool isRoad = false)
    {
        if (Count == Capacity)
        {
            return;
        }

        if (Count > 0)
        {
            var (dx, dy) = (x - X[Count - 1], y - Y[Count - 1]);
            var lengthM = Math.Sqrt((dx * dx) + (dy * dy));
            if (lengthM < 0.05)
            {
                return;
            }

            S[Count] = S[Count - 1] + lengthM;
            if (Count > 1)
            {
                var (ex, ey) = (X[Count - 1] - X[Count - 2], Y[Count - 1] - Y[Count - 2]);
                var before = S[Count - 1] - S[Count - 2];
                var turned = Math.Abs(Math.Atan2((ex * dy) - (ey * dx), (ex * dx) + (ey * dy)));
                // 2 m/s² across the direction of travel, as people drive in towns.
                MostMps[Count - 1] = turned < 0.02 ? double.PositiveInfinity : Math.Max(2, Math.Sqrt(2 * Math.Min(lengthM + before, 20) / 2 / turned));
            }
        }
        else
        {
            S[0] = AlongM;
        }

        (X[Count], Y[Count], MostMps[Count], IsRoad[Count]) = (x, y, double.PositiveInfinity, isRoad);
        Count++;
    }

    /// <summary>Leads round something that stands in the way, from where the walker is: to the left (negative: right), past it, and on as before.</summary>
    public void GoRound(double x, double y, double leftM, double pastM)
    {
        var ((ux, uy), rest) = (Direction(Piece), Count - Piece - 1);
        if (rest + 4 > Capacity)
        {
            return;
        }

        Array.Copy(X, Piece + 1, X, 3, rest);
        Array.Copy(Y, Piece + 1, Y, 3, rest);
        Array.Copy(IsRoad, Piece + 1, IsRoad, 3, rest);
        (X[0], Y[0], X[1], Y[1]) = (x, y, x - (leftM * uy), y + (leftM * ux));
        (X[2], Y[2]) = (X[1] + (pastM * ux), Y[1] + (pastM * uy));
        var (points, arc) = (rest + 3, LastArc);
        (Count, AlongM, Piece, StuckS) = (0, 0, 0, 0);
        for (var i = 0; i < points; i++)
        {
            Add(X[i], Y[i], i < 3 || IsRoad[i]);
        }

        LastArc = arc;
    }

    /// <summary>Notes that from its end on the path runs on an arc.</summary>
    public void BeginArc(int arc) => (arcs[arcCount++], LastArc) = ((EndM, arc), arc);

    /// <summary>The arc where the agent is, or from which it crosses to the next.</summary>
    public int Arc
    {
        get
        {
            var k = 0;
            while (k < arcCount - 1 && arcs[k + 1].FromM <= AlongM)
            {
                k++;
            }

            return arcCount > 0 ? arcs[k].Arc : LastArc;
        }
    }

    /// <summary>Goes on by some metres; false at the end of the path.</summary>
    public bool Move(double metres)
    {
        AlongM = Math.Min(AlongM + metres, EndM);
        while (Piece < Count - 2 && S[Piece + 1] <= AlongM)
        {
            Piece++;
        }

        return AlongM < EndM - 0.01;
    }

    /// <summary>Forgets what lies behind, a vehicle's length excepted.</summary>
    public void Trim(double keepM)
    {
        while (CrossingCount > 0 && Crossings[0].ToM < AlongM - keepM)
        {
            Array.Copy(Crossings, 1, Crossings, 0, --CrossingCount);
        }

        while (arcCount > 1 && arcs[1].FromM < AlongM - keepM)
        {
            Array.Copy(arcs, 1, arcs, 0, --arcCount);
        }

        var drop = 0;
        while (drop < Piece && S[drop + 1] < AlongM - keepM)
        {
            drop++;
        }

        if (drop < 24)
        {
            return;
        }

        Count -= drop;
        Piece -= drop;
        Array.Copy(X, drop, X, 0, Count);
        Array.Copy(Y, drop, Y, 0, Count);
        Array.Copy(S, drop, S, 0, Count);
        Array.Copy(MostMps, drop, MostMps, 0, Count);
        Array.Copy(IsRoad, drop, IsRoad, 0, Count);
    }

    /// <summary>Direction of the path on a piece, as a unit vector.</summary>
    public (double X, double Y) Direction(int piece)
    {
        var lengthM = S[piece + 1] - S[piece];
        return ((X[piece + 1] - X[piece]) / lengthM, (Y[piece + 1] - Y[piece]) / lengthM);
    }

    /// <summary>The place of the agent, and where it points: along the chord over its own length, so that a corner turns it smoothly.</summary>
    public void Place(ref Agent agent)
    {
        var (ux, uy) = Direction(Piece);
        var t = AlongM - S[Piece];
        (agent.X, agent.Y) = (X[Piece] + (ux * t) - (uy * AsideM), Y[Piece] + (uy * t) + (ux * AsideM));
        var halfM = Math.Min(agent.LengthM * 0.4, 3.5);
        var (ax, ay) = On(AlongM - halfM);
        var (bx, by) = On(AlongM + halfM);
        agent.HeadingRad = Math.Abs(ax - bx) + Math.Abs(ay - by) > 0.05 ? Math.Atan2(by - ay, bx - ax) : Math.Atan2(uy, ux);
    }

    public (double X, double Y) On(double alongM)
    {
        alongM = Math.Clamp(alongM, S[0], EndM);
        var i = Math.Min(Piece, Count - 2);
        while (i > 0 && S[i] > alongM)
        {
            i--;
        }

        while (i < Count - 2 && S[i + 1] < alongM)
        {
            i++;
        }

        var (ux, uy) = Direction(i);
        return (X[i] + (ux * (alongM - S[i])), Y[i] + (uy * (alongM - S[i])));
    }

    /// <summary>The nearest place on the path ahead (and two metres back): metres along, metres to its left, the piece; false where none is nearer than 12 m.</summary>
    public bool Project(double x, double y, double aheadM, out double alongM, out double asideM, out int piece)
    {
        var best = 144.0;
        (alongM, asideM, piece) = (0, 0, -1);
        for (var i = Piece; i < Count - 1 && S[i] <= AlongM + aheadM; i++)
        {
            var (dx, dy) = (X[i + 1] - X[i], Y[i + 1] - Y[i]);
            var lengthM = S[i + 1] - S[i];
            var (px, py) = (x - X[i], y - Y[i]);
            var onto = ((px * dx) + (py * dy)) / lengthM;
            var clamped = Math.Clamp(onto, i == Piece ? -6 : 0, lengthM);
            var (qx, qy) = (px - (clamped * dx / lengthM), py - (clamped * dy / lengthM));
            var squared = (qx * qx) + (qy * qy);
            if (squared < best)
            {
                (best, piece, alongM, asideM) = (squared, i, S[i] + clamped, ((dx * py) - (dy * px)) / lengthM);
            }
        }

        return piece >= 0;
    }
}
