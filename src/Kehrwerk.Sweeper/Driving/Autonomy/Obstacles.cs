using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>A box as the planner checks against it, in the city's frame.</summary>
internal struct Box
{
    public double X, Y, Cos, Sin, HalfLengthM, HalfWidthM;

    public readonly double RadiusM => Math.Sqrt((HalfLengthM * HalfLengthM) + (HalfWidthM * HalfWidthM));

    /// <summary>
    /// The greatest gap along the axes of either box (separating axes): at most the true distance, negative where they overlap.
    /// </summary>
    public static double GapM(in Box a, in Box b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var cos = Math.Abs((a.Cos * b.Cos) + (a.Sin * b.Sin));
        var sin = Math.Abs((a.Cos * b.Sin) - (a.Sin * b.Cos));
        var gap = Math.Abs((dx * a.Cos) + (dy * a.Sin)) - a.HalfLengthM - (b.HalfLengthM * cos) - (b.HalfWidthM * sin);
        gap = Math.Max(gap, Math.Abs((dy * a.Cos) - (dx * a.Sin)) - a.HalfWidthM - (b.HalfLengthM * sin) - (b.HalfWidthM * cos));
        gap = Math.Max(gap, Math.Abs((dx * b.Cos) + (dy * b.Sin)) - b.HalfLengthM - (a.HalfLengthM * cos) - (a.HalfWidthM * sin));
        return Math.Max(gap, Math.Abs((dy * b.Cos) - (dx * b.Sin)) - b.HalfWidthM - (a.HalfLengthM * sin) - (a.HalfWidthM * cos));
    }
}

/// <summary>An object as the planner sees it: where it is along and across the way, how near one may come, where it will be.</summary>
internal struct Obstacle
{
    public Box Now;

    /// <summary>Distance that is to be kept to its sides, m.</summary>
    public double ClearM;

    /// <summary>Distance now, from body to body, m.</summary>
    public double GapM;

    /// <summary>Its middle along the way and to the left of its line; half its extent in both directions, m.</summary>
    public double AlongM, AsideM, HalfAlongM, HalfAsideM;

    /// <summary>Speed along and across the way, m/s.</summary>
    public double AlongMps, AsideMps;

    public int Track;
    public ObjectClass Class;
    public bool IsMoving;

    /// <summary>Behind the vehicle and going its way: who comes from behind takes care of the distance (StVO § 4).</summary>
    public bool IsFollowing;

    public readonly bool IsPerson => Class is ObjectClass.Pedestrian or ObjectClass.Child or ObjectClass.Animal;

    /// <summary>It goes across the way.</summary>
    public readonly bool Crosses => Math.Abs(AsideMps) > Math.Max(Math.Abs(AlongMps), 0.4);
}

/// <summary>
/// What is near the way, and where it will be in the next <see cref="HorizonS"/>: constant velocity, along the lane for what drives in it. The doubt grows
/// with time and is kept as distance. Does not allocate.
/// </summary>
internal sealed class Obstacles(SweeperModel model)
{
    public const double HorizonS = 6;

    /// <summary>Who does not cross is foreseen for so long only, s: along the street nobody keeps his speed for longer.</summary>
    public const double AlongHorizonS = 4;

    public const double StepS = 0.25;
    public const int Steps = (int)(HorizonS / StepS) + 1;
    public const int Most = 64;

    private readonly Obstacle[] obstacles = new Obstacle[Most];
    private readonly Box[] predicted = new Box[Most * Steps];
    private readonly int[] standing = new int[Most], moving = new int[Most];
    private int count, standingCount, movingCount;

    public ReadOnlySpan<Obstacle> All => obstacles.AsSpan(0, count);

    /// <summary>Those near the way that stand, and those that move.</summary>
    public ReadOnlySpan<int> Standing => standing.AsSpan(0, standingCount);

    public ReadOnlySpan<int> Moving => moving.AsSpan(0, movingCount);

    /// <summary>False: everything is taken for standing where it is.</summary>
    public bool Predicts { get; set; } = true;

    /// <summary>Where an obstacle is at each step.</summary>
    public ReadOnlySpan<Box> Predicted(int obstacle) => predicted.AsSpan(obstacle * Steps, Steps);

    /// <summary>How much of a prediction's distance is doubt, m.</summary>
    public static double DoubtM(double aheadS) => Math.Min(0.15 * aheadS, 0.5);

    /// <summary>The body of the vehicle with its reference point at a pose.</summary>
    public Box Body(double x, double y, double cos, double sin)
    {
        var middleM = (model.LengthM / 2) - model.RearOverhangM;
        return new() { X = x + (middleM * cos), Y = y + (middleM * sin), Cos = cos, Sin = sin, HalfLengthM = model.LengthM / 2, HalfWidthM = model.WidthM / 2 };
    }

    public void Fill(ReadOnlySpan<Track> tracks, ReferenceLine line, double alongM, in Box own)
    {
        (count, standingCount, movingCount) = (0, 0, 0);
        for (var i = 0; i < tracks.Length && count < Most; i++)
        {
            ref readonly var t = ref tracks[i];
            if (!t.IsSure || t.Class == ObjectClass.Leaves)
            {
                continue;
            }

            var (dx, dy) = (t.X - own.X, t.Y - own.Y);
            if ((dx * dx) + (dy * dy) > 70 * 70)
            {
                continue;
            }

            var (along, aside) = line.Project(t.X, t.Y);
            // Who comes from the side is looked at as far as he can come within the horizon.
            if (Math.Abs(aside) > 25 && (t.IsStanding || Math.Abs(aside) > 60))
            {
                continue;
            }

            Take(i, t, line, along, aside, alongM, own);
        }
    }

    private void Take(int i, in Track t, ReferenceLine line, double along, double aside, double alongM, in Box own)
    {
        ref readonly var at = ref line.Near(along);
        var (cos, sin) = (Math.Cos(t.HeadingRad), Math.Sin(t.HeadingRad));
        var (c, s) = (Math.Abs((cos * at.Cos) + (sin * at.Sin)), Math.Abs((sin * at.Cos) - (cos * at.Sin)));
        var (halfL, halfW) = (Math.Clamp(t.LengthM, 0.2, 20) / 2, Math.Clamp(t.WidthM, 0.2, 4) / 2);
        var isMoving = !t.IsStanding;
        var alongMps = isMoving ? line.Direction * ((t.Vx * at.Cos) + (t.Vy * at.Sin)) : 0;
        ref var o = ref obstacles[count];
        o = new()
        {
            Now = new() { X = t.X, Y = t.Y, Cos = cos, Sin = sin, HalfLengthM = halfL, HalfWidthM = halfW },
            ClearM = ClearM(t),
            AlongM = along,
            AsideM = aside,
            HalfAlongM = (halfL * c) + (halfW * s),
            HalfAsideM = (halfL * s) + (halfW * c),
            AlongMps = alongMps,
            AsideMps = isMoving ? (t.Vy * at.Cos) - (t.Vx * at.Sin) : 0,
            Track = i,
            Class = t.Class,
            IsMoving = isMoving,
            IsFollowing = isMoving && alongMps > 0.3 && along < alongM - model.RearOverhangM && line.Direction > 0,
        };
        o.GapM = Box.GapM(own, o.Now);
        if (isMoving)
        {
            Predict(count, t, o, line);
            if (MayMeet(o, alongM))
            {
                moving[movingCount++] = count;
            }
        }
        else if (Math.Abs(aside) < 10 + o.HalfAsideM && along > alongM - 10)
        {
            standing[standingCount++] = count;
        }

        count++;
    }

    /// <summary>Within the horizon it may come near where the vehicle can be.</summary>
    private static bool MayMeet(in Obstacle o, double alongM)
    {
        var (thenAlong, thenAside) = (o.AlongM + (o.AlongMps * HorizonS), o.AsideM + (o.AsideMps * HorizonS));
        var isBeside = o.AsideM * thenAside > 0 && Math.Min(Math.Abs(o.AsideM), Math.Abs(thenAside)) - o.HalfAsideM > 7;
        return !isBeside && Math.Max(o.AlongM, thenAlong) + o.HalfAlongM > alongM - 8 && Math.Min(o.AlongM, thenAlong) - o.HalfAlongM < alongM + 50;
    }

    private void Predict(int index, in Track t, in Obstacle o, ReferenceLine line)
    {
        // In the lanes of this street, along them, it follows the street; else straight on.
        ref readonly var here = ref line.Near(o.AlongM);
        var follows = t.IsVehicle || t.Class == ObjectClass.Cyclist;
        follows &= Math.Abs(o.AsideMps) < 0.5 * Math.Abs(o.AlongMps) && o.AsideM > -here.RightM - 1 && o.AsideM < here.LeftM + 1;
        var sign = o.AlongMps * line.Direction < 0 ? -1 : 1;
        for (var k = 0; k < Steps; k++)
        {
            var aheadS = Predicts ? k * StepS : 0;
            var s = o.AlongM + (o.AlongMps * aheadS);
            ref var box = ref predicted[(index * Steps) + k];
            box = o.Now;
            if (follows && s > line.FromM && s < line.ToM)
            {
                var (x, y, heading, _) = line.Pose(s, o.AsideM, 0, 0);
                (box.X, box.Y, box.Cos, box.Sin) = (x, y, sign * Math.Cos(heading), sign * Math.Sin(heading));
            }
            else
            {
                (box.X, box.Y) = (t.X + (t.Vx * aheadS), t.Y + (t.Vy * aheadS));
            }
        }
    }

    /// <summary>Distance to the side that is kept to an object, m: half a metre to what is parked, as the trade does, and more where the law says so.</summary>
    private static double ClearM(in Track t)
    {
        // What the reading and the steering may be off.
        const double NoiseM = 0.15;
        return NoiseM + (t.Has(ObjectSigns.DoorOpen) ? 1.1
            : t.Class == ObjectClass.Cyclist ? (t.IsStanding ? 0.8 : 1.5)   // StVO § 5 (4): 1.5 m in towns.
            : t.Class is ObjectClass.Pedestrian or ObjectClass.Animal ? 0.8
            : t.Class == ObjectClass.Child ? 1.2
            : t.IsVehicle ? 0.5
            : 0.4);
    }
}
