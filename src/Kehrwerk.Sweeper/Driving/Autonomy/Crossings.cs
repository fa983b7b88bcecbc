using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Roads;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>A node on the way at which other streets come in.</summary>
/// <param name="AlongM">Metres along the way at the node.</param>
/// <param name="LineM">Where the vehicle's reference point is when its front stands at the edge of the crossing street.</param>
/// <param name="EndM">Where its rear has left the crossing.</param>
/// <param name="TurnRad">How far it turns there, left positive.</param>
/// <param name="HeadingRad">In which direction it comes.</param>
internal readonly record struct Crossing(
    double AlongM, double LineM, double EndM, double RadiusM, MapPoint At, Precedence Precedence, double TurnRad, double HeadingRad)
{
    public static IReadOnlyList<Crossing> On(RoadPath path, StreetNetwork network, SweeperModel model)
    {
        var found = new List<Crossing>();
        var points = path.Points;
        for (var i = 1; i < points.Length; i++)
        {
            if (points[i].Leg == points[i - 1].Leg)
            {
                continue;
            }

            var (from, to) = (path.Legs[points[i - 1].Leg].Arc, path.Legs[points[i].Leg].Arc);
            if (to == network.ArcReverse[from] || Junction.At(network, from) is Precedence.None)
            {
                continue;
            }

            var (node, radiusM) = (network.ArcHead[from], 0.0);
            for (var arc = network.FirstOut[node]; arc < network.FirstOut[node + 1]; arc++)
            {
                if (arc != to && arc != network.ArcReverse[from])
                {
                    radiusM = Math.Max(radiusM, network.HalfWidthM(network.ArcSegment[arc]));
                }
            }

            var at = points[i].AlongM;
            found.Add(new(
                at,
                at - radiusM - (model.LengthM - model.RearOverhangM) - 0.5,
                at + radiusM + model.RearOverhangM + 1,
                radiusM,
                network.NodePoint[node],
                Junction.At(network, from),
                network.TurnAngleRad(from, to),
                network.EndHeadingRad(from)));
        }

        return found;
    }
}

/// <summary>Who goes first at a crossing: right before left, give way, and oncoming traffic before who turns left (StVO §§ 8, 9 (3)). Pure.</summary>
internal static class RightOfWay
{
    // Time that is left between the two, s: Anl. 1 no. 11 AFGBV asks for more than 3 s to collision with who has priority.
    private const double GapS = 3.2;

    // Who stands at the crossing for so long lets us go, s.
    private const double WaivesAfterS = 4;

    // Slower the vehicle is not reckoned to be, m/s: it sets off at the line.
    private const double LeastMps = 1.5;

    private const double SideSin = 0.5;

    // Whether somebody far away heads for the crossing is known only so well, rad.
    private const double HeadingDoubtRad = 0.12;

    /// <summary>The index of a track that goes first; -1 if none.</summary>
    public static int YieldsTo(in Crossing crossing, double alongM, double mps, double mostMps, ReadOnlySpan<Track> tracks, double nowS)
    {
        var (inS, outS) = (SecondsTo(crossing.LineM + 1 - alongM, mps, mostMps), SecondsTo(crossing.EndM - alongM, mps, mostMps));
        for (var i = 0; i < tracks.Length; i++)
        {
            ref readonly var t = ref tracks[i];
            if (!t.IsSure || !(t.IsVehicle || t.Class == ObjectClass.Cyclist) || !GoesFirst(crossing, t))
            {
                continue;
            }

            var (dx, dy) = (crossing.At.X - t.X, crossing.At.Y - t.Y);
            var awayM = Math.Sqrt((dx * dx) + (dy * dy));
            var (speed, towards) = (t.SpeedMps, (dx * Math.Cos(t.HeadingRad)) + (dy * Math.Sin(t.HeadingRad)));
            var reachM = crossing.RadiusM + (t.LengthM / 2);
            if (t.IsStanding)
            {
                // Standing at its line, it may set off at once.
                if (t.IsVehicle && towards > 0 && awayM < reachM + 4 && awayM > 2 && nowS - t.StandsSinceS < WaivesAfterS && nowS - t.BornS < 60)
                {
                    return i;
                }

                continue;
            }

            if (towards < -reachM || awayM > 90 || Math.Abs((dx * Math.Sin(t.HeadingRad)) - (dy * Math.Cos(t.HeadingRad))) > crossing.RadiusM + 2 + (HeadingDoubtRad * awayM))
            {
                continue;
            }

            var (theirInS, theirOutS) = ((towards - reachM) / Math.Max(speed, 0.5), (towards + reachM) / Math.Max(speed, 0.5));
            if (theirInS < outS + GapS && theirOutS > inS - 1)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool GoesFirst(in Crossing crossing, in Track t)
    {
        var across = Math.Sin(t.HeadingRad - crossing.HeadingRad);
        var isOncoming = Math.Cos(t.HeadingRad - crossing.HeadingRad) < -0.7;
        // Who runs on rails neither stops in time nor goes round.
        return (t.Class == ObjectClass.Tram && Math.Abs(across) > SideSin)
            || (isOncoming && crossing.TurnRad > 0.6)
            || (across > SideSin && crossing.Precedence is (Precedence.RightBeforeLeft or Precedence.GiveWay))
            || (across < -SideSin && crossing.Precedence == Precedence.GiveWay);
    }

    private static double SecondsTo(double wayM, double mps, double mostMps)
    {
        // Speeding up at 0.7 m/s² to what is allowed.
        var (v, top) = (Math.Max(mps, LeastMps * 0.5), Math.Max(mostMps, LeastMps));
        return wayM <= 0 ? 0 : wayM / Math.Min(top, Math.Max(v, Math.Sqrt((v * v) + (0.7 * wayM))));
    }
}
