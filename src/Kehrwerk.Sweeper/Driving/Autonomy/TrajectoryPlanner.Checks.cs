namespace Kehrwerk.Sweeper.Driving.Autonomy;

// What of the samples holds: steering, what stands, what moves.
internal sealed partial class TrajectoryPlanner
{
    /// <summary>Drops what cannot be steered; where nothing can, as in corners that the map draws too tight, the wheels go to their stops.</summary>
    private void KeepDrivable(in PlanRequest ask, ReferenceLine line)
    {
        var kept = 0;
        for (var i = 0; i < acrossCount; i++)
        {
            if (IsDrivable(ref acrossCost[i], across[i], ask, line))
            {
                (across[kept], across[i], acrossCost[kept], acrossCost[i]) = (across[i], across[kept], acrossCost[i], acrossCost[kept]);
                kept++;
            }
        }

        acrossCount = kept > 0 ? kept : acrossCount;
    }

    /// <summary>The wheels can be turned so far, or the line itself asks for more; adds the cost of the bends.</summary>
    private bool IsDrivable(ref double cost, in LateralProfile profile, in PlanRequest ask, ReferenceLine line)
    {
        var (most, worst) = (1 / model.TurningRadiusM, 0.0);
        for (var s = ask.AlongM; s < profile.FromM + profile.LengthM; s += CheckM)
        {
            var (d, slope, bend) = profile.At(s);
            var (_, _, _, curvature) = line.Pose(s, d, slope, bend);
            var beyond = Math.Abs(curvature - line.Near(s).Curvature) / most;
            worst = Math.Max(worst, beyond);
            if (!ask.HoldsLine && Math.Abs(curvature) > Math.Max(most * 1.05, Math.Abs(line.Near(s).Curvature) * 1.3) && s > ask.AlongM + 0.5)
            {
                return false;
            }
        }

        cost += BendCost * worst * worst;
        return true;
    }

    private double FreeAlong(in LateralProfile profile, bool isBegun, double lookM, in PlanRequest ask, ReferenceLine line, Obstacles obstacles, out int by)
    {
        for (var aheadM = 0.0; aheadM <= lookM; aheadM += CheckM)
        {
            by = InTheWay(profile, isBegun, aheadM, ask, line, obstacles);
            if (by > -2)
            {
                // To an eighth of a step: a stop should not wander with the steps.
                var (free, taken) = (Math.Max(0, aheadM - CheckM), aheadM);
                for (var k = 0; k < 3 && taken > 0; k++)
                {
                    var middle = (free + taken) / 2;
                    (free, taken) = InTheWay(profile, isBegun, middle, ask, line, obstacles) > -2 ? (free, middle) : (middle, taken);
                }

                return free;
            }
        }

        by = -2;
        return lookM;
    }

    /// <summary>What the body touches some metres ahead on a profile: the index of an obstacle, -1 a kerb or line, -2 nothing.</summary>
    private int InTheWay(in LateralProfile profile, bool isBegun, double aheadM, in PlanRequest ask, ReferenceLine line, Obstacles obstacles)
    {
        var s = ask.AlongM + aheadM;
        var (d, slope, _) = profile.At(s);
        ref readonly var at = ref line.Near(s);
        if (!at.IsTurn && !ask.HoldsLine)
        {
            // Both ends of the body; what it is already beyond it may come back from.
            var halfM = model.WidthM / 2;
            var (nose, tail) = (d + ((model.LengthM - model.RearOverhangM) * slope), d - (model.RearOverhangM * slope));
            var backM = 0.1 - (0.15 * Math.Max(0, aheadM - 5));
            var leftM = Math.Max((ask.MayCross ? at.LeftM - halfM - 0.2 : at.OwnLeftM - halfM - 0.05) + (2 * ask.SlackM), Math.Max(0.05, ask.D + backM));
            var rightM = Math.Min(-(at.RightM - halfM - 0.15) - ask.SlackM, Math.Min(-0.05, ask.D - backM));
            var frontM = model.LengthM - model.RearOverhangM;
            var (noseNow, tailNow) = (ask.D + (frontM * ask.Slope), ask.D - (model.RearOverhangM * ask.Slope));
            var isOver = Math.Min(nose, tail) < Math.Min(-at.RightM + halfM, Math.Min(noseNow, tailNow) - 0.05) - ask.SlackM
                || Math.Max(nose, tail) > Math.Max(at.LeftM - halfM, Math.Max(noseNow, tailNow) + 0.05) + ask.SlackM;
            if (d > leftM + 0.02 || d < rightM - 0.02 || isOver)
            {
                return -1;
            }
        }

        var (x, y, cos, sin) = line.Axis(s, d, slope);
        var body = obstacles.Body(x, y, cos, sin);
        var all = obstacles.All;
        foreach (var i in obstacles.Standing)
        {
            ref readonly var o = ref all[i];
            var clearM = ClearM(o, ask, isBegun, 0.05 * Math.Max(0, aheadM - 4));
            var (dx, dy) = (o.Now.X - body.X, o.Now.Y - body.Y);
            var reachM = body.HalfLengthM + body.HalfWidthM + o.Now.HalfLengthM + o.Now.HalfWidthM + clearM;
            if ((dx * dx) + (dy * dy) < reachM * reachM && Box.GapM(body, o.Now) < clearM)
            {
                return i;
            }
        }

        return -2;
    }

    /// <summary>
    /// Distance that is kept to an obstacle: what was begun may come a hand nearer than what is begun, so that noise does not stop the vehicle beside it;
    /// and what is nearer already may be passed as near, and left.
    /// </summary>
    private static double ClearM(in Obstacle o, in PlanRequest ask, bool isBegun, double growsM)
    {
        var clearM = (o.ClearM * ask.ClearShare) - (isBegun ? 0.12 * ask.ClearShare : 0);
        return Math.Min(clearM, Math.Max(0.02, o.GapM - (isBegun ? 0.12 : 0.05)) + growsM);
    }

    /// <summary>Standing there, the vehicle would be where somebody wants to cross who does not reckon with it.</summary>
    private static bool StandsInWay(in LateralProfile profile, double s, int from, ReferenceLine line, Obstacles obstacles)
    {
        var (d, slope, _) = profile.At(s);
        var (x, y, cos, sin) = line.Axis(s, d, slope);
        var body = obstacles.Body(x, y, cos, sin);
        foreach (var i in obstacles.Moving)
        {
            ref readonly var o = ref obstacles.All[i];
            for (var k = from; k < Obstacles.Steps && o.Crosses; k++)
            {
                if (Box.GapM(body, obstacles.Predicted(i)[k]) < StandsClearM)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Checks a pair against what moves, and against the pull across.</summary>
    private bool IsFree(in LateralProfile profile, in LongitudinalProfile motion, in PlanRequest ask, ReferenceLine line, Obstacles obstacles)
    {
        var all = obstacles.All;
        var (goesAside, isBegun) = (Math.Abs(profile.ToM - ask.D) > 0.4, hasLast && profile.Equals(last.Across));
        for (var k = 1; k < Obstacles.Steps; k++)
        {
            var t = k * Obstacles.StepS;
            var (s, v, _) = motion.At(t);
            if (v < 0.1 && motion.EndMps < 0.1)
            {
                // Whoever stands lets the others move; only not in the way of who crosses.
                return ask.Mps < 0.3 || !StandsInWay(profile, s, k, line, obstacles);
            }

            var (d, slope, bend) = profile.At(s);
            if (v > ask.Mps && v * v * Math.Abs(line.Near(s).Curvature + bend) > model.LateralMps2 * 1.6)
            {
                return false;
            }

            var (x, y, cos, sin) = line.Axis(s, d, slope);
            var body = obstacles.Body(x, y, cos, sin);
            foreach (var i in obstacles.Moving)
            {
                ref readonly var o = ref all[i];
                if ((o.IsFollowing && !goesAside) || (t > Obstacles.AlongHorizonS && !o.Crosses))
                {
                    continue;
                }

                var there = obstacles.Predicted(i)[k];
                var clearM = ClearM(o, ask, isBegun, 0.15 * t) * (o.Crosses ? crossersShare : 1);
                if (o.Crosses)
                {
                    // Before him it is through in good time: the room ahead of him is measured in seconds, and people may walk faster yet.
                    var fasterM = o.IsPerson ? PersonOnsetMps2 * t * t / 2 : 0;
                    var aheadM = Math.Max(0, (((Math.Abs(o.AsideMps) * GapS) + fasterM) * crossersShare) - clearM) / 2;
                    (there.X, there.Y, there.HalfLengthM) = (there.X + (aheadM * there.Cos), there.Y + (aheadM * there.Sin), there.HalfLengthM + aheadM);
                }

                clearM += Obstacles.DoubtM(t);
                var (dx, dy) = (there.X - body.X, there.Y - body.Y);
                var reachM = body.HalfLengthM + body.HalfWidthM + there.HalfLengthM + there.HalfWidthM + clearM;
                if ((dx * dx) + (dy * dy) < reachM * reachM && Box.GapM(body, there) < clearM)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
