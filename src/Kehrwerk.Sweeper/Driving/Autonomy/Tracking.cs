using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// Follows the objects of the object list: gated assignment of nearest pairs first, a Kalman filter of constant velocity per object, birth and
/// death. The list is as old as its stamp says; what comes out is for now. Does not allocate. Not thread-safe.
/// </summary>
internal sealed class Tracking
{
    public const int Most = SensorFrame.MaxObjects;

    // Chi-square with four degrees of freedom at 99.9 %.
    private const double Gate = 18.5;

    // Faster than this it moves; slower than that it stands, m/s.
    private const double MovesMps = 0.6;
    private const double StandsMps = 0.3;

    // An object that is not seen any more is believed for so long, s.
    private const double RememberedS = 1.5;

    private readonly Track[] tracks = new Track[Most];
    private readonly (double Cost, int Track, int Seen)[] pairs = new (double, int, int)[Most * 12];
    private readonly bool[] isTaken = new bool[Most], isMet = new bool[Most];
    private readonly (double X, double Y, double Vx, double Vy, double HeadingRad)[] seen = new (double, double, double, double, double)[Most];
    private readonly (double AtS, double X, double Y, double HeadingRad)[] poses = new (double, double, double, double)[64];
    private int poseCount, count, born;
    private double lastListS = double.NaN, nowS;

    public Span<Track> Tracks => tracks.AsSpan(0, count);

    public void Step(SensorFrame frame, Localisation where)
    {
        var stepS = nowS == 0 ? 0 : Math.Clamp(frame.TimeS - nowS, 0, 1);
        nowS = frame.TimeS;
        poses[poseCount++ % poses.Length] = (frame.TimeS, where.PositionX, where.PositionY, where.HeadingRad);
        for (var i = 0; i < count; i++)
        {
            Predict(ref tracks[i], stepS);
        }

        if (frame.ObjectsAtS == lastListS)
        {
            return;
        }

        var sinceS = double.IsNaN(lastListS) ? IPlatform.TickS : Math.Max(IPlatform.TickS, frame.ObjectsAtS - lastListS);
        lastListS = frame.ObjectsAtS;
        Place(frame, where);
        Assign(frame);
        for (var i = 0; i < frame.ObjectCount; i++)
        {
            if (!isTaken[i])
            {
                Birth(i, frame.Objects[i], frame.TimeS);
            }
        }

        Death(sinceS);
    }

    /// <summary>Forgets all: the vehicle was put elsewhere.</summary>
    public void Clear() => (count, poseCount, lastListS) = (0, 0, double.NaN);

    private static void Predict(ref Track t, double stepS)
    {
        if (t.IsStanding && !t.IsPerson)
        {
            // What stands stays; its doubt grows slowly, so that setting off is seen at once.
            t.Pp += 0.01 * stepS;
            t.Vv += 1.0 * stepS;
            return;
        }

        var std = t.IsVehicle ? 2.0 : t.Class == ObjectClass.Cyclist ? 1.2 : 1.0;
        t.X += t.Vx * stepS;
        t.Y += t.Vy * stepS;
        t.Pp += (2 * t.Pv * stepS) + (t.Vv * stepS * stepS) + (std * std * stepS * stepS * stepS / 3);
        t.Pv += (t.Vv * stepS) + (std * std * stepS * stepS / 2);
        t.Vv += std * std * stepS;
    }

    /// <summary>Brings the list into the city's frame, from where the vehicle was when it was measured, and to the present time.</summary>
    private void Place(SensorFrame frame, Localisation where)
    {
        var (ageS, pose) = (Math.Clamp(frame.TimeS - frame.ObjectsAtS, 0, 2), (frame.TimeS, where.PositionX, where.PositionY, where.HeadingRad));
        for (var i = Math.Max(0, poseCount - poses.Length); i < poseCount; i++)
        {
            if (poses[i % poses.Length].AtS <= frame.ObjectsAtS + (IPlatform.TickS / 2))
            {
                pose = poses[i % poses.Length];
            }
        }

        var (cos, sin) = (Math.Cos(pose.HeadingRad), Math.Sin(pose.HeadingRad));
        for (var i = 0; i < frame.ObjectCount; i++)
        {
            ref readonly var o = ref frame.Objects[i];
            var (vx, vy) = ((o.Vx * cos) - (o.Vy * sin), (o.Vx * sin) + (o.Vy * cos));
            if (double.IsNaN(vx + vy))
            {
                (vx, vy) = (0, 0);
            }

            var isSlow = (vx * vx) + (vy * vy) < StandsMps * StandsMps;
            var aheadS = isSlow ? 0 : ageS;
            seen[i] = (
                pose.PositionX + (o.X * cos) - (o.Y * sin) + (vx * aheadS),
                pose.PositionY + (o.X * sin) + (o.Y * cos) + (vy * aheadS), vx, vy, Math.IEEERemainder(o.HeadingRad + pose.HeadingRad, 2 * Math.PI));
            isTaken[i] = double.IsNaN(o.X + o.Y) || o.Confidence < 0.2;
        }
    }

    private void Assign(SensorFrame frame)
    {
        var n = 0;
        for (var i = 0; i < count; i++)
        {
            ref readonly var t = ref tracks[i];
            isMet[i] = false;
            for (var j = 0; j < frame.ObjectCount && n < pairs.Length; j++)
            {
                var (dx, dy) = (seen[j].X - t.X, seen[j].Y - t.Y);
                var squared = (dx * dx) + (dy * dy);
                if (squared > 36 || isTaken[j])
                {
                    continue;
                }

                var (placeStd, speedStd) = Noise(frame.Objects[j]);
                var (ux, uy) = (seen[j].Vx - t.Vx, seen[j].Vy - t.Vy);
                var cost = (squared / (t.Pp + (placeStd * placeStd))) + (((ux * ux) + (uy * uy)) / (t.Vv + (speedStd * speedStd)));
                if (cost < Gate)
                {
                    pairs[n++] = (cost + (t.Class == frame.Objects[j].Class ? 0 : 2), i, j);
                }
            }
        }

        pairs.AsSpan(0, n).Sort(static (a, b) => a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost) : a.Track != b.Track ? a.Track.CompareTo(b.Track) : a.Seen.CompareTo(b.Seen));
        for (var k = 0; k < n; k++)
        {
            var (_, i, j) = pairs[k];
            if (!isMet[i] && !isTaken[j])
            {
                (isMet[i], isTaken[j]) = (true, true);
                Update(ref tracks[i], j, frame.Objects[j]);
            }
        }
    }

    private void Update(ref Track t, int j, in SensedObject o)
    {
        // Place and speed are read independently: two scalar updates per axis, with one gain for both axes.
        var (placeStd, speedStd) = Noise(o);
        var s = t.Pp + (placeStd * placeStd);
        var (kp, kv) = (t.Pp / s, t.Pv / s);
        var (dx, dy) = (seen[j].X - t.X, seen[j].Y - t.Y);
        (t.X, t.Y, t.Vx, t.Vy) = (t.X + (kp * dx), t.Y + (kp * dy), t.Vx + (kv * dx), t.Vy + (kv * dy));
        (t.Pp, t.Pv, t.Vv) = ((1 - kp) * t.Pp, (1 - kp) * t.Pv, t.Vv - (kv * t.Pv));
        s = t.Vv + (speedStd * speedStd);
        (kp, kv) = (t.Pv / s, t.Vv / s);
        (dx, dy) = (seen[j].Vx - t.Vx, seen[j].Vy - t.Vy);
        (t.X, t.Y, t.Vx, t.Vy) = (t.X + (kp * dx), t.Y + (kp * dy), t.Vx + (kv * dx), t.Vy + (kv * dy));
        (t.Pp, t.Pv, t.Vv) = (t.Pp - (kp * t.Pv), (1 - kv) * t.Pv, (1 - kv) * t.Vv);

        t.LengthM += 0.2 * (o.LengthM - t.LengthM);
        t.WidthM += 0.2 * (o.WidthM - t.WidthM);
        t.Signs = o.Signs;
        if (o.Class == t.Class)
        {
            t.ClassVotes = Math.Min(t.ClassVotes + 1, 10);
        }
        else if (--t.ClassVotes < 0)
        {
            (t.Class, t.ClassVotes) = (o.Class, 1);
        }

        var speed = t.SpeedMps;
        t.StandsSinceS = speed > MovesMps ? double.NaN : speed < StandsMps && !t.IsStanding ? nowS : t.StandsSinceS;
        var heading = speed > 1 ? Math.Atan2(t.Vy, t.Vx) : seen[j].HeadingRad;
        t.HeadingRad = Math.IEEERemainder(t.HeadingRad + ((speed > 1 ? 0.5 : 0.2) * Math.IEEERemainder(heading - t.HeadingRad, 2 * Math.PI)), 2 * Math.PI);
        t.Hits++;
        t.Misses = 0;
        t.IsSure |= t.Hits >= 3 || (t.Hits >= 2 && o.Confidence > 0.8);
    }

    private void Birth(int j, in SensedObject o, double atS)
    {
        if (count == Most)
        {
            return;
        }

        var (placeStd, speedStd) = Noise(o);
        var isSlow = Math.Sqrt((seen[j].Vx * seen[j].Vx) + (seen[j].Vy * seen[j].Vy)) < StandsMps;
        isMet[count] = true;
        tracks[count++] = new()
        {
            Id = ++born,
            X = seen[j].X,
            Y = seen[j].Y,
            Vx = seen[j].Vx,
            Vy = seen[j].Vy,
            Pp = placeStd * placeStd,
            Vv = speedStd * speedStd,
            HeadingRad = seen[j].HeadingRad,
            LengthM = o.LengthM,
            WidthM = o.WidthM,
            Class = o.Class,
            Signs = o.Signs,
            ClassVotes = 1,
            Hits = 1,
            BornS = atS,
            StandsSinceS = isSlow ? atS : double.NaN,
        };
    }

    private void Death(double sinceS)
    {
        var most = (int)Math.Ceiling(RememberedS / sinceS);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            ref var t = ref tracks[i];
            if (!isMet[i])
            {
                t.Misses++;
            }

            if (t.Misses <= (t.IsSure ? most : 2))
            {
                tracks[kept++] = t;
            }
        }

        count = kept;
    }

    private static (double PlaceM, double SpeedMps) Noise(in SensedObject o) => (0.12 + (0.006 * Math.Sqrt((o.X * o.X) + (o.Y * o.Y))), 0.4);
}
