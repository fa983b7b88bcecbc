using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Roads;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>The way that the pilot has been given, as a path with its gears, turns, crossings and stops. Immutable but for <see cref="StopM"/>'s memory.</summary>
internal sealed class Way
{
    private readonly PilotLeg[] legs;
    private readonly double[] mostMps, stopsM;
    private readonly double[] gearsM;
    private readonly (double FromM, double ToM)[] turns;
    private readonly bool[] hasSolidLine;
    private (PilotStop At, double AlongM) stop = (new(-1, 0), 0);

    public Way(StreetNetwork network, SweeperModel model, IReadOnlyList<PilotLeg> legs)
    {
        this.legs = [.. legs];
        Path = RoadPath.Of(network, [.. legs.Select(leg => new PathLeg(leg.Arc, AsideM(network, model, leg), leg.FromM))], model.TurningRadiusM);
        mostMps = [.. legs.Select(leg => Math.Min(leg.MostMps, leg.Sweep is null ? model.TransitSpeedMps : Math.Min(model.TransitSpeedMps, model.SweepSpeedMps)))];
        hasSolidLine = [.. legs.Select(leg => IsSolid(network, leg.Arc))];
        Crossings = Crossing.On(Path, network, model);
        (gearsM, turns) = Gears(Path);
        stopsM = [.. Stops()];
    }

    public RoadPath Path { get; }

    public IReadOnlyList<Crossing> Crossings { get; }

    public ReadOnlySpan<double> MostMps => mostMps;

    public PilotLeg Leg(int i) => legs[i];

    /// <summary>The line in the middle is taken for solid: the map holds none, so it is on primary streets and greater, where nobody parks.</summary>
    public bool HasSolidLine(int leg) => hasSolidLine[leg];

    /// <summary>The stretch driven in one gear that begins at or before a place, and is not yet done.</summary>
    public (double FromM, double ToM) Gear(int index) =>
        (index == 0 ? 0 : gearsM[index - 1], index < gearsM.Length ? gearsM[index] : Path.LengthM);

    public int GearCount => gearsM.Length + 1;

    /// <summary>Within a turn in three moves.</summary>
    public bool IsTurning(double alongM)
    {
        foreach (var (from, to) in turns)
        {
            if (alongM > from - 3 && alongM < to)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The next end of a leg at which it stands, from a place on that it has not stood at yet; infinity if none.</summary>
    public double NextStopM(double afterM)
    {
        foreach (var at in stopsM)
        {
            if (at > afterM)
            {
                return at;
            }
        }

        return double.PositiveInfinity;
    }

    /// <summary>Metres along the way at a place on a leg; infinity where the way does not reach it.</summary>
    public double StopM(PilotStop at)
    {
        if (at != stop.At)
        {
            stop = (at, AlongOf(at.Leg, at.AtM));
        }

        return stop.AlongM;
    }

    /// <summary>The same line as another way, from its beginning to a place and out of the bend there.</summary>
    public bool IsSameTo(Way other, double alongM)
    {
        const double aheadM = 2, sameM = 0.02;
        foreach (ref readonly var point in other.Path.Points)
        {
            if (point.AlongM > alongM + aheadM && !point.IsTurn)
            {
                return true;
            }

            var mine = Path.At(point.AlongM);
            if (point.AlongM > Path.LengthM + sameM || mine.At.DistanceTo(point.At) > sameM || mine.IsReverse != point.IsReverse)
            {
                return false;
            }
        }

        return true;
    }

    public double AlongOf(int leg, double atM)
    {
        var points = Path.Points;
        for (var i = 0; i < points.Length; i++)
        {
            if (points[i].Leg > leg || (points[i].Leg == leg && points[i].LegM >= atM))
            {
                // Between this point and the one before.
                if (i == 0 || points[i].Leg > leg || points[i - 1].Leg < leg || points[i].LegM <= points[i - 1].LegM)
                {
                    return points[i].AlongM;
                }

                var share = (atM - points[i - 1].LegM) / (points[i].LegM - points[i - 1].LegM);
                return points[i - 1].AlongM + (Math.Clamp(share, 0, 1) * (points[i].AlongM - points[i - 1].AlongM));
            }
        }

        return double.PositiveInfinity;
    }

    private static double AsideM(StreetNetwork network, SweeperModel model, PilotLeg leg)
    {
        var road = Carriageway.Of(network, leg.Arc);
        var besideKerbM = Math.Max(0, road.HalfWidthM - (model.SweepWidthM / 2) - SweepWork.GapM);
        return leg.Sweep switch
        {
            SweepSide.Right => -besideKerbM,

            // Where traffic comes the other way the left kerb is theirs: StVO § 35 (6) allows it where the order says so.
            SweepSide.Left => besideKerbM,
            _ => road.IsShared ? -Math.Min(besideKerbM, 0.3) : road.LaneCentreM(0),
        };
    }

    private static bool IsSolid(StreetNetwork network, int arc) =>
        Carriageway.Of(network, arc).IsTwoWay && network.SegmentClass[network.ArcSegment[arc]] <= StreetClass.Primary;

    private IEnumerable<double> Stops()
    {
        for (var i = 0; i < legs.Length - 1; i++)
        {
            if (legs[i].StopsAtEnd)
            {
                yield return AlongOf(i + 1, 0);
            }
        }

        yield return Path.LengthM;
    }

    private static (double[] Gears, (double, double)[] Turns) Gears(RoadPath path)
    {
        var points = path.Points;
        var (gears, turns) = (new List<double>(), new List<(double, double)>());
        for (var i = 1; i < points.Length; i++)
        {
            if (points[i].IsReverse != points[i - 1].IsReverse)
            {
                gears.Add(points[i].AlongM);
                var (from, to) = (i - 1, i);
                while (from > 0 && points[from - 1].IsTurn)
                {
                    from--;
                }

                while (to < points.Length - 1 && points[to + 1].IsTurn)
                {
                    to++;
                }

                turns.Add((points[from].AlongM, points[to].AlongM));
            }
        }

        return ([.. gears], [.. turns]);
    }
}
