using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Safety.Motion;

/// <summary>
/// How fast the vehicle may be because of one object, by responsibility-sensitive safety: as fast as it can stop before where the object can be, or stand by the time
/// that the object can be there. Not thread-safe, for its buffer.
/// </summary>
internal sealed class RssLimit(RssParameters rss)
{
    private const double StepS = 0.1;
    private const double OutlineM = 0.6;

    // Below it a vehicle or thing stands, m/s; what it moves less than this share across its direction goes along with the way.
    private const double StandsMps = 0.5;
    private const double AlongShare = 0.7;

    // A vehicle ahead is credited with no more than this below its measured speed, m/s.
    private const double SpeedNoiseMps = 0.3;

    private readonly (double X, double Y)[] outline = new (double, double)[64];

    /// <summary>What is driven over: it is swept.</summary>
    public static bool IsIgnored(in SensedObject seen) => seen.Class == ObjectClass.Leaves || seen.Confidence < 0.2
        || (seen.Class == ObjectClass.Debris && Math.Max(seen.LengthM, seen.WidthM) < 0.3) || double.IsNaN(seen.X + seen.Y + seen.Vx + seen.Vy);

    /// <param name="seen">In the vehicle's frame of now, x to where it drives.</param>
    /// <param name="bestMps">Speeds from here on are of no interest.</param>
    /// <param name="ttcS">Time to collision as everything moves now, lowered where this object comes sooner.</param>
    public double Mps(in SensedObject seen, in Corridor corridor, in OwnStop stop, double speedMps, double bestMps, ref double ttcS)
    {
        var isPerson = RssParameters.IsPerson(seen.Class);
        var speed = Math.Sqrt((seen.Vx * seen.Vx) + (seen.Vy * seen.Vy));
        var isMoving = isPerson || speed > StandsMps;
        var at = corridor.Polar(seen.X, seen.Y);
        var along = isMoving ? corridor.Along(seen.Vx, seen.Vy, at.AngleRad) : 0;
        var goesAlong = isMoving && Math.Abs(along) > AlongShare * speed;
        if (goesAlong && along > 0 && corridor.IsBehind(at.RadiusM, at.AngleRad, seen.WidthM / 2))
        {
            // Who follows keeps the distance.
            return bestMps;
        }

        // A vehicle that goes ahead is where it stops at the earliest; whoever crosses does not stop.
        var credit = Math.Max(0, along - SpeedNoiseMps);
        var stopsAfterS = goesAlong && along > 0 && (!isPerson || seen.Class == ObjectClass.Cyclist) ? credit * credit / (2 * rss.OtherMostBrakingMps2 * speed) : 0;
        var marginM = (isPerson ? rss.PersonMarginM : rss.MarginM) + (rss.RangeNoiseShare * (Math.Abs(seen.X) + Math.Abs(seen.Y)));
        var points = Outline(seen);
        // What is farther than the vehicle's whole stop from the speed of interest bounds nothing.
        var nearM = stop.DistanceM(bestMps) + corridor.ExtentM + (seen.LengthM / 2) + (seen.WidthM / 2) + rss.DoorM + marginM;
        for (var timeS = 0.0; stop.SpeedAfter(timeS) is var after && after < bestMps; timeS += StepS)
        {
            var withinM = marginM + rss.AsideM(seen.Class, isMoving, timeS);
            var goneS = isMoving ? timeS + stopsAfterS : 0;
            foreach (var (x, y) in IsWithin(seen, goneS, nearM + withinM) ? points : [])
            {
                var (px, py) = (x + (seen.Vx * goneS), y + (seen.Vy * goneS));
                if (corridor.Misses(px, py, withinM))
                {
                    continue;
                }

                var (radiusM, angleRad) = corridor.Polar(px, py);
                var freeM = corridor.TravelM(radiusM, angleRad, withinM);
                if (double.IsPositiveInfinity(freeM))
                {
                    continue;
                }

                var may = Math.Max(after, freeM == 0 && !isMoving ? Creeping(corridor.TravelM(radiusM, angleRad, rss.CreepMarginM), stop) : stop.SpeedWithin(freeM));
                bestMps = Math.Min(bestMps, may);
                LookAtTime(corridor, x, y, seen, goesAlong ? speedMps - along : speedMps, goesAlong ? 0 : timeS, ref ttcS);
            }

            if (!isMoving)
            {
                break;
            }
        }

        for (var timeS = StepS; goesAlong && timeS <= rss.NearMissS && IsWithin(seen, timeS, nearM); timeS += StepS)
        {
            // Who comes at a slant is not in the way yet, but by then.
            foreach (var (x, y) in points)
            {
                LookAtTime(corridor, x, y, seen, speedMps, timeS, ref ttcS);
            }
        }

        if (goesAlong && along < 0 && !isPerson)
        {
            // Oncoming: both must come to a stand, it claims all of its own way to do so.
            var stepM = Math.Max(seen.LengthM, 1);
            for (var (comesM, endM) = (0.0, rss.OncomingM(speed)); comesM < endM + stepM; comesM += stepM)
            {
                var share = Math.Min(comesM, endM) / speed;
                foreach (var (x, y) in IsWithin(seen, share, nearM) ? points : [])
                {
                    var (px, py) = (x + (seen.Vx * share), y + (seen.Vy * share));
                    if (!corridor.Misses(px, py, marginM))
                    {
                        var (radiusM, angleRad) = corridor.Polar(px, py);
                        bestMps = Math.Min(bestMps, stop.SpeedWithin(corridor.TravelM(radiusM, angleRad, marginM)));
                    }
                }
            }
        }

        return bestMps;
    }

    /// <summary>
    /// Who crosses comes behind the vehicle: it has left each place, by <paramref name="reserveS"/> at least, before he can be there, a vehicle also where it speeds up
    /// for its response time. Braking would bring the vehicle to stand in his way. Both are in no place at the same time, whatever they may do by the
    /// assumptions: RSS, definition 16.
    /// </summary>
    /// <param name="slowsMps2">How hard the vehicle wants to brake meanwhile, m/s²; 0: it goes on.</param>
    public bool ComesBehind(in SensedObject seen, in Corridor corridor, double speedMps, double slowsMps2, double reserveS)
    {
        const double horizonS = 4;
        var speed = Math.Sqrt((seen.Vx * seen.Vx) + (seen.Vy * seen.Vy));
        var along = corridor.Along(seen.Vx, seen.Vy, corridor.Polar(seen.X, seen.Y).AngleRad);
        if (speed < StandsMps || Math.Abs(along) > AlongShare * speed)
        {
            return false;
        }

        var isPerson = RssParameters.IsPerson(seen.Class);
        var marginM = (isPerson ? rss.PersonMarginM : rss.MarginM) + (rss.RangeNoiseShare * (Math.Abs(seen.X) + Math.Abs(seen.Y)));
        var points = Outline(seen);
        for (var timeS = 0.0; timeS < horizonS; timeS += StepS)
        {
            var withinM = marginM + rss.AsideM(seen.Class, isMoving: true, timeS);
            var goneM = GoneM(speedMps, slowsMps2, timeS - reserveS);
            // How far people may speed up is in what they stray.
            var afterS = timeS + (isPerson ? 0 : rss.GainedM(timeS) / speed);
            foreach (var (x, y) in points)
            {
                var (px, py) = (x + (seen.Vx * afterS), y + (seen.Vy * afterS));
                if (!corridor.Misses(px, py, withinM) && corridor.Polar(px, py) is var (radiusM, angleRad)
                    && corridor.TravelM(radiusM, angleRad, withinM) < double.PositiveInfinity && corridor.LeavesM(angleRad, withinM) > goneM)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static double GoneM(double speedMps, double slowsMps2, double afterS) =>
        slowsMps2 * afterS >= speedMps ? speedMps * speedMps / (2 * slowsMps2) : (speedMps * afterS) - (slowsMps2 * Math.Max(0, afterS) * afterS / 2);

    private static bool IsWithin(in SensedObject seen, double afterS, double distanceM)
    {
        var (x, y) = (seen.X + (seen.Vx * afterS), seen.Y + (seen.Vy * afterS));
        return (x * x) + (y * y) <= distanceM * distanceM;
    }

    private double Creeping(double freeM, in OwnStop stop) => Math.Min(rss.CreepMps, stop.SpeedWithin(freeM - rss.MarginM));

    /// <summary>Time to collision as everything moves now: by the closing speed, or of what comes from the side where both meet at that time.</summary>
    private static void LookAtTime(in Corridor corridor, double x, double y, in SensedObject seen, double closingMps, double timeS, ref double ttcS)
    {
        var (radiusM, angleRad) = corridor.Polar(x + (seen.Vx * timeS), y + (seen.Vy * timeS));
        var bareM = corridor.TravelM(radiusM, angleRad, 0);
        var isMet = timeS == 0 || bareM <= closingMps * timeS;
        ttcS = bareM < double.PositiveInfinity && closingMps > 0.1 && isMet ? Math.Min(ttcS, timeS == 0 ? bareM / closingMps : timeS) : ttcS;
    }

    /// <summary>Points on the outline of an object, near enough to each other that nothing of the vehicle fits between them.</summary>
    private ReadOnlySpan<(double X, double Y)> Outline(in SensedObject seen)
    {
        var (sin, cos) = Math.SinCos(seen.HeadingRad);
        var halfL = Math.Max(seen.LengthM, 0.1) / 2;
        var halfW = (Math.Max(seen.WidthM, 0.1) / 2) + ((seen.Signs & ObjectSigns.DoorOpen) != 0 ? rss.DoorM : 0);
        var (alongs, acrosses) = (Math.Clamp((int)Math.Ceiling(2 * halfL / OutlineM), 1, 20), Math.Clamp((int)Math.Ceiling(2 * halfW / OutlineM), 1, 10));
        var count = 0;
        for (var i = 0; i <= alongs; i++)
        {
            Add(halfL * ((2.0 * i / alongs) - 1), halfW, seen, ref count);
            Add(halfL * ((2.0 * i / alongs) - 1), -halfW, seen, ref count);
        }

        for (var i = 1; i < acrosses; i++)
        {
            Add(halfL, halfW * ((2.0 * i / acrosses) - 1), seen, ref count);
            Add(-halfL, halfW * ((2.0 * i / acrosses) - 1), seen, ref count);
        }

        return outline.AsSpan(0, count);

        void Add(double ahead, double left, in SensedObject of, ref int at) =>
            outline[at++] = (of.X + (ahead * cos) - (left * sin), of.Y + (ahead * sin) + (left * cos));
    }
}
