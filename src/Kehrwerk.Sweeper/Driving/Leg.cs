using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Driving;

/// <summary>
/// One arc to be driven, with the greatest speed at each vertex of its line. <see cref="Drive"/> fills in
/// <see cref="PeakMps"/> so that braking in time for all that follows is always possible.
/// </summary>
internal sealed class Leg
{
    // A corner on the map is driven as a curve that begins this far before it at most.
    private const double MaxTangentM = 8;
    private const double StraightRad = 0.02;

    // From this angle on it is turning back, done at walking pace.
    private const double TurnBackRad = 2.6;
    private const double WalkMps = 1;

    private readonly MapPoint[] points;
    private readonly double[] bendMps;

    /// <param name="network">The map.</param>
    /// <param name="arc">The arc that is driven.</param>
    /// <param name="sequenceId">The order's number of this edge; null where the leg only leads to the order's first node.</param>
    /// <param name="limitMps">The greatest speed anywhere on the leg where it is not swept, m/s, above 0.</param>
    /// <param name="stopsAtEnd">The vehicle has to stand at the end.</param>
    public Leg(StreetNetwork network, SweeperModel model, int arc, uint? sequenceId, double limitMps, bool stopsAtEnd)
    {
        (Arc, Key, SequenceId, StopsAtEnd) = (arc, network.ArcKey(arc), sequenceId, stopsAtEnd);
        (TransitLimitMps, LimitMps) = (limitMps, limitMps);
        points = WithoutRepeats(network.ArcLine(arc));
        AlongM = new double[points.Length];
        bendMps = new double[points.Length];
        PeakMps = new double[points.Length];
        Array.Fill(bendMps, double.PositiveInfinity);
        for (var i = 1; i < points.Length; i++)
        {
            AlongM[i] = AlongM[i - 1] + points[i - 1].DistanceTo(points[i]);
        }

        for (var i = 1; i < points.Length - 1; i++)
        {
            bendMps[i] = BendMps(model, points[i - 1], points[i], points[i + 1]);
        }
    }

    public int Arc { get; }

    /// <summary>The arc's key, as the edge id on the wire.</summary>
    public string Key { get; }
    public uint? SequenceId { get; }
    public bool StopsAtEnd { get; }

    /// <summary>It ends in a bay with a marker, on which a vehicle that drives in full docks.</summary>
    public bool DocksAtEnd { get; init; }

    /// <summary>Limit where it is not swept, m/s.</summary>
    public double TransitLimitMps { get; }

    /// <summary>Limit as the leg is to be driven now, m/s; <see cref="Drive.Plan"/> takes it up.</summary>
    public double LimitMps { get; set; }

    public double LengthM => AlongM[^1];

    /// <summary>Metres from the start of the leg to each vertex.</summary>
    public double[] AlongM { get; }

    /// <summary>Greatest speed at each vertex, m/s.</summary>
    public double[] PeakMps { get; }

    /// <summary>Greatest speed in the turn at the end, m/s; set when the next leg is known.</summary>
    public double TurnMps
    {
        get => bendMps[^1];
        set => bendMps[^1] = value;
    }

    /// <summary>The greatest speed in the turn from this leg into the next, m/s.</summary>
    public double TurnInto(SweeperModel model, Leg next) => BendMps(model, points[^2], points[^1], next.points[1]);

    /// <summary>Fills <see cref="PeakMps"/> from the end to the start.</summary>
    /// <param name="endMps">Greatest speed at the end of the leg, m/s.</param>
    /// <param name="stopAtM">Where on the leg the vehicle must stand, metres; null if nowhere before its end.</param>
    public void PlanBackwards(double endMps, double brakingMps2, double? stopAtM = null)
    {
        var last = points.Length - 1;
        PeakMps[last] = StopsAtEnd ? 0 : Math.Min(endMps, Math.Min(bendMps[last], LimitMps));
        for (var i = last - 1; i >= 0; i--)
        {
            var slowing = Math.Sqrt((PeakMps[i + 1] * PeakMps[i + 1]) + (2 * brakingMps2 * (AlongM[i + 1] - AlongM[i])));
            if (stopAtM - AlongM[i] is >= 0 and var toStopM)
            {
                slowing = Math.Min(slowing, Math.Sqrt(2 * brakingMps2 * toStopM));
            }

            PeakMps[i] = Math.Min(slowing, Math.Min(bendMps[i], LimitMps));
        }
    }

    /// <summary>The first vertex beyond an offset; the last one at the end.</summary>
    public int VertexAfter(double offsetM)
    {
        var i = 1;
        while (i < points.Length - 1 && AlongM[i] <= offsetM)
        {
            i++;
        }

        return i;
    }

    public MapPoint PointAt(double offsetM)
    {
        var i = VertexAfter(offsetM);
        var pieceM = AlongM[i] - AlongM[i - 1];
        return pieceM > 0 ? points[i - 1].Towards(points[i], Math.Clamp((offsetM - AlongM[i - 1]) / pieceM, 0, 1)) : points[i];
    }

    /// <summary>The line between two offsets, both included.</summary>
    public IEnumerable<MapPoint> Line(double fromM, double toM)
    {
        yield return PointAt(fromM);
        for (var i = VertexAfter(fromM); i < points.Length && AlongM[i] < toM; i++)
        {
            yield return points[i];
        }

        yield return PointAt(toM);
    }

    /// <summary>Direction of the line, radians counter-clockwise from east.</summary>
    public double HeadingRad(double offsetM)
    {
        var i = VertexAfter(offsetM);
        return Math.Atan2(points[i].Y - points[i - 1].Y, points[i].X - points[i - 1].X);
    }

    private static double BendMps(SweeperModel model, MapPoint before, MapPoint corner, MapPoint after)
    {
        var turnRad = Math.Abs(Math.IEEERemainder(
            Math.Atan2(after.Y - corner.Y, after.X - corner.X) - Math.Atan2(corner.Y - before.Y, corner.X - before.X), 2 * Math.PI));
        if (turnRad < StraightRad)
        {
            return double.PositiveInfinity;
        }

        if (turnRad > TurnBackRad)
        {
            return WalkMps;
        }

        var tangentM = Math.Min(MaxTangentM, Math.Min(before.DistanceTo(corner), corner.DistanceTo(after)) / 2);
        var radiusM = Math.Max(model.TurningRadiusM, tangentM / Math.Tan(turnRad / 2));
        return Math.Sqrt(model.LateralMps2 * radiusM);
    }

    // Two vertices in one place have no direction between them.
    private static MapPoint[] WithoutRepeats(MapPoint[] line)
    {
        var kept = new List<MapPoint>(line.Length) { line[0] };
        foreach (var point in line.AsSpan(1))
        {
            if (point.DistanceTo(kept[^1]) > 1e-6)
            {
                kept.Add(point);
            }
        }

        return kept.Count >= 2 ? [.. kept] : [line[0], line[^1]];
    }
}
