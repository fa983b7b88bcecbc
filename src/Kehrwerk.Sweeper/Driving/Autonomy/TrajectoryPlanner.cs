namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// Samples trajectories in Frenet coordinates along the way, and takes the cheapest that holds: Werling, Ziegler, Kammel and Thrun, Optimal trajectory
/// generation for dynamic street scenarios in a Frenet frame, ICRA 2010. Across is planned over along (their form for low speed). What stands is checked
/// once for every profile across, over all of the way that is looked at; what moves, for every pair. Does not allocate. Not thread-safe.
/// </summary>
internal sealed partial class TrajectoryPlanner(SweeperModel model)
{
    /// <summary>Braking that is planned at most, m/s²; harder is braked only by the fallback.</summary>
    public const double PlannedBrakingMps2 = 2.5;

    private const double GridM = 0.25;
    private const int MostAcross = 24 * 3 + 2;
    private const int MostAlong = 10;
    private const double CheckM = 1;

    // Checked against what moves are at most so many, the cheapest first; then the fallback is due.
    private const int MostChecked = 120;

    // Cost of a unit of: offset beside the target, squared and plain (m², m); change of mind (m); curvature share squared; slowness squared;
    // progress that stands in the way; going aside where that is no way out either (m); jerk squared times seconds (m²/s⁵).
    private const double OffsetCost = 1, PlainCost = 0.3, ChangeCost = 0.08, BendCost = 1, SlowCost = 40, FreeCost = 6, AsideCost = 2, JerkCost = 0.05;

    // Left between the vehicle and who crosses behind it, s, and by how much people may walk faster, m/s² (as the safety layer reckons); and between a
    // standing vehicle and his way, m.
    private const double GapS = 1.1, PersonOnsetMps2 = 0.5, StandsClearM = 0.4;

    private readonly LateralProfile[] across = new LateralProfile[MostAcross];
    private readonly double[] acrossCost = new double[MostAcross], freeM = new double[MostAcross];
    private readonly int[] blocker = new int[MostAcross];
    private readonly LongitudinalProfile[] along = new LongitudinalProfile[MostAlong];
    private readonly int[] order = new int[MostAlong];
    private readonly double[] pairCost = new double[MostAlong];
    private readonly bool[] stops = new bool[MostAlong];
    private Trajectory last;
    private bool hasLast;
    private int acrossCount, pairCount, best;
    private double bestCost, crossersShare = 1;
    private LongitudinalProfile bestAlong;
    private bool bestStops;

    private static double LookM(in PlanRequest ask) => Math.Clamp(StopZoneM(ask.Mps) + ask.StandoffM + 8, 14, 48);

    /// <summary>From here to a stop the vehicle plans its standstill, m.</summary>
    private static double StopZoneM(double mps) => (mps * mps / 2) + mps + 1;

    /// <summary>The next plan begins anew: the line it was along is another.</summary>
    public void Forget() => hasLast = false;

    public Trajectory Plan(PlanRequest ask, ReferenceLine line, Obstacles obstacles, double nowS)
    {
        SampleAcross(ask, line);
        KeepDrivable(ask, line);
        acrossCost.AsSpan(0, acrossCount).Sort(across.AsSpan(0, acrossCount));
        if (!Search(ask, line, obstacles))
        {
            // Askew in a narrow place every way out leads over a line or by a hand beyond the edge: out of it, at a crawl.
            ask.SlackM = 0.5;
            ask.MostMps = Math.Min(ask.MostMps, 1);
            Search(ask, line, obstacles);
        }

        if (best < 0)
        {
            // Every stop would be in the way of somebody who crosses: past him at once, with less room behind it, no slower than now, and faster where
            // that helps.
            crossersShare = 0.4;
            ask.MostMps = Math.Max(ask.MostMps, Math.Max(ask.HasteMps, ask.Mps));
            Search(ask, line, obstacles);
            crossersShare = 1;
        }

        return best >= 0 ? Take(best, bestAlong, bestStops, false, bestCost, nowS) : Fallback(ask, line, obstacles, nowS);
    }

    /// <summary>
    /// The cheapest pair that holds: the profiles across by their own cost, until that alone is more than the best pair's; for each the profiles along, the
    /// cheapest first. False if every profile ends at once at kerbs or lines.
    /// </summary>
    private bool Search(in PlanRequest ask, ReferenceLine line, Obstacles obstacles)
    {
        var (isOut, tested) = (false, 0);
        (best, bestCost) = (-1, double.PositiveInfinity);
        for (var i = 0; i < acrossCount && acrossCost[i] < bestCost; i++)
        {
            freeM[i] = FreeAlong(across[i], hasLast && across[i].Equals(last.Across), LookM(ask), ask, line, obstacles, out blocker[i]);
            isOut |= blocker[i] != -1 || freeM[i] > (ask.Mps > 0.5 ? 2 : ask.StandoffM + 1);
            SampleAlong(i, ask);
            pairCost.AsSpan(0, pairCount).Sort(order.AsSpan(0, pairCount));
            for (var k = 0; k < pairCount && pairCost[k] < bestCost && tested < MostChecked; k++, tested++)
            {
                if (IsFree(across[i], along[order[k]], ask, line, obstacles))
                {
                    (best, bestCost, bestAlong, bestStops) = (i, pairCost[k], along[order[k]], stops[order[k]]);
                }
            }
        }

        return isOut;
    }

    /// <summary>How far along an offset the way is free of standing things, of some metres that are looked at; for judging manoeuvres.</summary>
    /// <param name="isBegun">As near to what stands as what was begun may come.</param>
    public double FreeAt(double offsetM, double overM, bool isBegun, double lookM, in PlanRequest ask, ReferenceLine line, Obstacles obstacles, out int by) =>
        FreeAlong(new(ask.AlongM, ask.D, ask.Slope, ask.Bend, overM, offsetM), isBegun, lookM, ask, line, obstacles, out by);

    private void SampleAcross(in PlanRequest ask, ReferenceLine line)
    {
        acrossCount = 0;
        if (hasLast && (!ask.HoldsLine || last.Across.ToM == ask.TargetM))
        {
            // Going on as before: what was begun is finished.
            Add(last.Across, ask);
        }

        var (v, stepM) = (ask.Mps, ask.HoldsLine ? 0 : GridM);
        ref readonly var here = ref line.Near(ask.AlongM + 6);
        var (lowM, highM) = (-(here.RightM - (model.WidthM / 2)) - ask.TargetM, (ask.MayCross ? here.LeftM : here.OwnLeftM) - (model.WidthM / 2) - ask.TargetM);
        var (low, high) = ask.HoldsLine ? (0, 0) : (Math.Clamp((int)(lowM / stepM), -11, 0), Math.Clamp((int)(highM / stepM), 0, 12));
        for (var k = low; k <= high; k++)
        {
            // Farther out every second offset will do.
            if (Math.Abs(k) > 4 && k % 2 != 0)
            {
                continue;
            }

            for (var l = 0; l < 3; l++)
            {
                // The greatest bend of a quintic over L is 5.77 shifts / L².
                var leastM = Math.Max(6.5, Math.Sqrt(5.9 * model.TurningRadiusM * Math.Abs(ask.TargetM + (k * stepM) - ask.D)));
                var lengthM = l == 0 ? Math.Max(leastM, 1.5 * v) : l == 1 ? Math.Max(1.4 * leastM, 2.2 * v) : Math.Max(2 * leastM, 3.2 * v);
                Add(new(ask.AlongM, ask.D, ask.Slope, ask.Bend, ask.HoldsLine ? lengthM / 2 : lengthM, ask.TargetM + (k * stepM)), ask);
            }
        }
    }

    private void Add(in LateralProfile profile, in PlanRequest ask)
    {
        var besideM = Math.Abs(profile.ToM - ask.TargetM);
        var changedM = hasLast ? Math.Abs(profile.ToM - last.Across.ToM) : 0;
        across[acrossCount] = profile;
        acrossCost[acrossCount++] = (OffsetCost * besideM * besideM) + (PlainCost * besideM) + (ChangeCost * changedM);
    }

    private void SampleAlong(int i, in PlanRequest ask)
    {
        pairCount = 0;
        var (v, a, lookM) = (Math.Max(0, ask.Mps), ask.Mps2, LookM(ask));
        var isBlocked = blocker[i] > -2;
        var ownStopM = isBlocked ? ask.AlongM + freeM[i] - ask.StandoffM : double.PositiveInfinity;
        var stopM = Math.Min(ask.StopM, ownStopM);
        var cost = acrossCost[i] + (isBlocked ? (FreeCost * (1 - (freeM[i] / lookM))) + (AsideCost * Math.Abs(across[i].ToM - ask.D)) : 0);
        var wayM = stopM - ask.AlongM;
        if (wayM <= StopZoneM(v))
        {
            // Standing because of something in the way is slow; where one has to stand, it is not.
            var slow = ownStopM < ask.StopM - 0.5 ? SlowCost : 0;
            Pair(LongitudinalProfile.Brake(ask.AlongM, v, BrakeRate(v, wayM)), cost + slow + 1, true);
            if (wayM > 0.05 && (v > 0.3 || wayM > (slow > 0 ? 1 : 0.3)))
            {
                Pair(LongitudinalProfile.ToPlace(ask.AlongM, v, a, stopM, Math.Sqrt(5.77 * wayM / 0.7)), cost + slow, true);
                for (var share = 0.35; v > 0.1 && share < 0.8; share += 0.1)
                {
                    Pair(LongitudinalProfile.ToPlace(ask.AlongM, v, a, stopM, wayM / (v * share)), cost + slow, true);
                }
            }

            return;
        }

        for (var k = 4; k >= 0; k--)
        {
            var (end, share) = (ask.MostMps * k / 4, 1 - (k / 4.0));
            var changeS = 1.5 * Math.Abs(end - v) / (end > v ? model.AccelerationMps2 : 1.2);
            var slow = cost + (SlowCost * share * share);
            // To a standstill in its own time: planned anew from ever slower, it would else never come to it.
            Pair(LongitudinalProfile.ToSpeed(ask.AlongM, v, a, end, Math.Max(k == 0 ? 0.3 : 1, changeS)), slow, k == 0);
            if (end < v - 0.5)
            {
                Pair(LongitudinalProfile.ToSpeed(ask.AlongM, v, a, end, Math.Max(0.5, changeS * 1.2 / PlannedBrakingMps2)), slow + 0.1, k == 0);
            }
        }
    }

    private void Pair(in LongitudinalProfile profile, double cost, bool isStop)
    {
        var jerk = 0.0;
        for (var k = 0; k <= 8; k++)
        {
            var t = Math.Min(profile.LengthS, Obstacles.AlongHorizonS) * k / 8;
            var (_, v, a) = profile.At(t);
            if (v < -0.05 || a > (1.1 * model.AccelerationMps2) + 0.2 || (a < -PlannedBrakingMps2 && k > 1 && !isStop))
            {
                return;
            }

            var j = profile.Jerk(t);
            jerk += j * j * profile.LengthS / 9;
        }

        if (pairCount < order.Length)
        {
            along[pairCount] = profile;
            stops[pairCount] = isStop;
            order[pairCount] = pairCount;
            pairCost[pairCount++] = cost + (JerkCost * Math.Min(jerk, 100));
        }
    }

    private double BrakeRate(double v, double wayM) => Math.Clamp(v * v / (2 * Math.Max(0.2, wayM - 0.1)), model.BrakingMps2, model.EmergencyBrakingMps2);

    /// <summary>Nothing holds: along the offset that was driven, to standstill, as hard as what is in the way asks for.</summary>
    private Trajectory Fallback(in PlanRequest ask, ReferenceLine line, Obstacles obstacles, double nowS)
    {
        best = 0;
        for (var i = 1; i < acrossCount; i++)
        {
            best = freeM[i] > freeM[best] + 0.5 ? i : best;
        }

        var rate = Math.Max(PlannedBrakingMps2, BrakeRate(ask.Mps, freeM[best]));
        while (rate < model.EmergencyBrakingMps2 && !IsFree(across[best], LongitudinalProfile.Brake(ask.AlongM, ask.Mps, rate), ask, line, obstacles))
        {
            rate = Math.Min(rate + 0.5, model.EmergencyBrakingMps2);
        }

        return Take(best, LongitudinalProfile.Brake(ask.AlongM, ask.Mps, rate), true, true, double.PositiveInfinity, nowS);
    }

    private Trajectory Take(int i, in LongitudinalProfile motion, bool isStop, bool isFallback, double cost, double nowS)
    {
        hasLast = true;
        return last = new()
        {
            Across = across[i],
            Along = motion,
            StartS = nowS,
            Stops = isStop,
            IsFallback = isFallback,
            FreeM = freeM[i],
            Blocker = blocker[i],
            Cost = cost,
        };
    }
}
