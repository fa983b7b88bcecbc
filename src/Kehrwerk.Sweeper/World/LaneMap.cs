using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Roads;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// Where on the streets agents move: lines of the arcs, what parked cars leave of the carriageway, and which streets carry through traffic.
/// Offsets are metres to the left of an arc's line. Immutable.
/// </summary>
internal sealed class LaneMap
{
    // What a parked car takes of the carriageway with its gap to the kerb, metres: whole, or half on the footway where the street is narrow
    // (StVO, sign 315). Below the width of two lanes random traffic does not drive both ways.
    private const double ParkingM = 1.95;
    private const double HalfParkingM = 1.2;
    private const double NarrowM = 7;
    private const double TwoLanesM = 4.6;

    /// <summary>Over so many metres from the corner the free carriageway narrows; the first parked car stands behind them.</summary>
    public const double NarrowingM = 8;

    private const double MostTrimM = 25;

    // Room between two places that a car needs to wait there, metres.
    private const double WaitingM = 6;

    private readonly double[] nodeTrimM;
    private readonly bool[] isJunction;

    public LaneMap(StreetNetwork network, int seed, bool hasParking)
    {
        Network = network;
        var arcs = network.ArcCount;
        (Lines, Road, Precedence, RightM, LeftM, IsDriven) = (new MapPoint[arcs][], new Carriageway[arcs], new Precedence[arcs], new double[arcs], new double[arcs], new bool[arcs]);
        for (var arc = 0; arc < arcs; arc++)
        {
            Lines[arc] = network.ArcLine(arc);
            Road[arc] = Carriageway.Of(network, arc);
            Precedence[arc] = Junction.At(network, arc);
            var (right, left) = hasParking ? Parks(arc, seed) : (false, false);
            (RightM[arc], LeftM[arc]) = (-Road[arc].HalfWidthM + (right ? ParkedM(arc) : 0), Road[arc].HalfWidthM - (left ? ParkedM(arc) : 0));
            IsDriven[arc] = !IsShared(arc) && network.SegmentClass[network.ArcSegment[arc]] <= StreetClass.LivingStreet
                && !network.SegmentTraits[network.ArcSegment[arc]].HasFlag(SegmentTraits.Restricted);
        }

        (nodeTrimM, isJunction) = (new double[network.NodeCount], new bool[network.NodeCount]);
        for (var node = 0; node < network.NodeCount; node++)
        {
            nodeTrimM[node] = 1;
        }

        for (var arc = 0; arc < arcs; arc++)
        {
            var node = network.ArcHead[arc];
            isJunction[node] |= Precedence[arc] != Roads.Precedence.None;
            nodeTrimM[node] = Math.Max(nodeTrimM[node], isJunction[node] ? Road[arc].HalfWidthM + 4 : 5);
        }

        WidenAcuteCorners();
        Place = new int[network.NodeCount];
        JoinPlaces();
        LeaveOutDeadEnds();
    }

    public StreetNetwork Network { get; }
    public MapPoint[][] Lines { get; }
    public Carriageway[] Road { get; }
    public Precedence[] Precedence { get; }

    /// <summary>Where the free carriageway ends on the right and on the left, beside parked cars.</summary>
    public double[] RightM { get; }

    public double[] LeftM { get; }

    /// <summary>Arcs on which random traffic drives: wide enough for two, and never the way into a dead end.</summary>
    public bool[] IsDriven { get; }

    /// <summary>For each node a number of the place where streets meet: nodes that are too near to each other to wait between them are one place.</summary>
    public int[] Place { get; }

    /// <summary>More than two streets meet there.</summary>
    public bool IsJunction(int node) => isJunction[node];

    /// <summary>Parked cars leave room for one only.</summary>
    public bool IsShared(int arc) => Road[arc].IsTwoWay && LeftM[arc] - RightM[arc] < TwoLanesM;

    /// <summary>Width of the lane between parked cars and the middle.</summary>
    public double LaneWidthM(int arc) => IsShared(arc) || !Road[arc].IsTwoWay ? LeftM[arc] - RightM[arc] : (LeftM[arc] - RightM[arc]) / 2;

    /// <summary>Middle of the lane on the right: beside the parked cars, and towards the ends of an arc, where none are, as if there were none.</summary>
    public double LaneM(int arc, double alongM)
    {
        var (right, left) = Free(arc, alongM);
        return right + Math.Min((Road[arc].IsTwoWay && !IsShared(arc) ? (left - right) / 2 : left - right) / 2, 1.9);
    }

    /// <summary>Cyclists ride 0.8 m from the right edge.</summary>
    public double CycleM(int arc, double alongM) => Free(arc, alongM).Right + 0.8;

    // Parked cars begin some metres behind the corner; over these the free width narrows.
    private (double Right, double Left) Free(int arc, double alongM)
    {
        var fromEnd = Math.Min(alongM - TrimM(arc, false), Network.ArcLengthM[arc] - TrimM(arc, true) - alongM);
        var (share, half) = (Math.Clamp(fromEnd / NarrowingM, 0, 1), Road[arc].HalfWidthM);
        return (-half + (share * (RightM[arc] + half)), half + (share * (LeftM[arc] - half)));
    }

    /// <summary>How much of the carriageway parked cars take, metres.</summary>
    public double ParkedM(int arc) => 2 * Road[arc].HalfWidthM < NarrowM ? HalfParkingM : ParkingM;

    public bool HasParking(int arc, KerbSide side) =>
        side == KerbSide.Right ? RightM[arc] > -Road[arc].HalfWidthM + 0.1 : LeftM[arc] < Road[arc].HalfWidthM - 0.1;

    /// <summary>How far before a node an arc gives way to the area where streets meet; at most 0.4 of the arc.</summary>
    public double TrimM(int arc, bool atEnd) =>
        Math.Min(nodeTrimM[atEnd ? Network.ArcHead[arc] : Network.ArcTail[arc]], 0.4 * Network.ArcLengthM[arc]);

    /// <summary>A place beside an arc's line, and the direction there.</summary>
    public (double X, double Y, double HeadingRad) On(int arc, double alongM, double asideM)
    {
        var line = Lines[arc];
        for (var i = 1; ; i++)
        {
            var (a, b) = (line[i - 1], line[i]);
            var lengthM = a.DistanceTo(b);
            if (alongM > lengthM && i < line.Length - 1)
            {
                alongM -= lengthM;
                continue;
            }

            var (ux, uy) = lengthM > 0 ? ((b.X - a.X) / lengthM, (b.Y - a.Y) / lengthM) : (1.0, 0.0);
            return (a.X + (ux * alongM) - (uy * asideM), a.Y + (uy * alongM) + (ux * asideM), Math.Atan2(uy, ux));
        }
    }

    /// <summary>The nearest place on an arc's line to a point: metres along, metres to its left, distance, direction.</summary>
    public (double AlongM, double AsideM, double DistanceM, double HeadingRad) Project(int arc, double x, double y)
    {
        var line = Lines[arc];
        var (best, result, along) = (double.PositiveInfinity, (0.0, 0.0, double.PositiveInfinity, 0.0), 0.0);
        for (var i = 1; i < line.Length; i++)
        {
            var (dx, dy) = (line[i].X - line[i - 1].X, line[i].Y - line[i - 1].Y);
            var lengthM = Math.Sqrt((dx * dx) + (dy * dy));
            var (px, py) = (x - line[i - 1].X, y - line[i - 1].Y);
            if (lengthM > 0)
            {
                var onto = Math.Clamp(((px * dx) + (py * dy)) / lengthM, 0, lengthM);
                var (qx, qy) = (px - (onto * dx / lengthM), py - (onto * dy / lengthM));
                var squared = (qx * qx) + (qy * qy);
                if (squared < best)
                {
                    best = squared;
                    result = (along + onto, ((dx * py) - (dy * px)) / lengthM, Math.Sqrt(squared), Math.Atan2(dy, dx));
                }
            }

            along += lengthM;
        }

        return result;
    }

    // Both sides where two lanes remain, else the one that the seed says; both arcs of a street see the same cars.
    private (bool Right, bool Left) Parks(int arc, int seed)
    {
        var (road, segment) = (Road[arc], Network.ArcSegment[arc]);
        if (Density.Of(Network.SegmentClass[segment]).ParkedNight == 0 || Network.ArcLengthM[arc] < 45 || Network.SegmentTraits[segment] != SegmentTraits.None)
        {
            return (false, false);
        }

        var (widthM, needM) = (2 * road.HalfWidthM, road.IsTwoWay ? TwoLanesM : 2.75);
        var isRight = new Streets.Demo.Dice(((long)seed << 32) ^ Network.SegmentWayId[segment]).Chance(0.5) == Network.ArcForward[arc];
        return widthM >= needM + (2 * ParkedM(arc)) ? (true, true) : widthM >= needM + ParkedM(arc) ? (isRight, !isRight) : (false, false);
    }

    /// <summary>Two arms that leave a node at a sharp angle are apart only where their edges have parted.</summary>
    private void WidenAcuteCorners()
    {
        var arms = new List<(double HeadingRad, double HalfM)>[Network.NodeCount];
        for (var arc = 0; arc < Network.ArcCount; arc++)
        {
            (arms[Network.ArcTail[arc]] ??= []).Add((Network.StartHeadingRad(arc), Road[arc].HalfWidthM));
            (arms[Network.ArcHead[arc]] ??= []).Add((Network.EndHeadingRad(arc) + Math.PI, Road[arc].HalfWidthM));
        }

        for (var node = 0; node < arms.Length; node++)
        {
            foreach (var one in arms[node] ?? [])
            {
                foreach (var two in arms[node])
                {
                    var angle = Math.Abs(Math.IEEERemainder(one.HeadingRad - two.HeadingRad, 2 * Math.PI));
                    if (isJunction[node] && angle is > 0.1 and < Math.PI / 2)
                    {
                        nodeTrimM[node] = Math.Max(nodeTrimM[node], Math.Min(MostTrimM, ((one.HalfM + two.HalfM) / (2 * Math.Tan(angle / 2))) + 4));
                    }
                }
            }
        }
    }

    private void JoinPlaces()
    {
        for (var node = 0; node < Place.Length; node++)
        {
            Place[node] = node;
        }

        for (var arc = 0; arc < Network.ArcCount; arc++)
        {
            var (tail, head) = (Network.ArcTail[arc], Network.ArcHead[arc]);
            if (isJunction[tail] && isJunction[head] && Network.ArcLengthM[arc] < nodeTrimM[tail] + nodeTrimM[head] + WaitingM)
            {
                var (low, high) = (Math.Min(Root(tail), Root(head)), Math.Max(Root(tail), Root(head)));
                Place[high] = low;
            }
        }

        for (var node = 0; node < Place.Length; node++)
        {
            Place[node] = Root(node);
        }
    }

    private int Root(int node)
    {
        while (Place[node] != node)
        {
            node = Place[node];
        }

        return node;
    }

    private void LeaveOutDeadEnds()
    {
        for (var hasChanged = true; hasChanged;)
        {
            hasChanged = false;
            for (var arc = 0; arc < Network.ArcCount; arc++)
            {
                if (IsDriven[arc] && !LeadsOn(arc))
                {
                    (IsDriven[arc], hasChanged) = (false, true);
                }
            }
        }
    }

    private bool LeadsOn(int arc)
    {
        var node = Network.ArcHead[arc];
        for (var next = Network.FirstOut[node]; next < Network.FirstOut[node + 1]; next++)
        {
            if (IsDriven[next] && next != Network.ArcReverse[arc])
            {
                return true;
            }
        }

        return false;
    }
}
