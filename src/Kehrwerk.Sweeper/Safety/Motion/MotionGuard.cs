using System.Numerics;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Safety.Health;
using Kehrwerk.Sweeper.Safety.Odd;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Safety.Motion;

/// <summary>
/// The safety layer between the driving program and the hardware. Each tick it asks how fast the vehicle may be, so that with the wheels held it can still stop in time,
/// and lowers the wanted acceleration to that. It can slow, stop, and start a minimal risk manoeuvre; it never speeds up, and steers only to hold the
/// wheels as they are during a stop. Not thread-safe.
/// </summary>
internal sealed class MotionGuard(SweeperModel model, RssParameters rss)
{
    // How fast the wheels can turn within a tick; above this speed a corridor is also laid between the two.
    private const double SteeringRateRadS = 0.6;
    private const double FastMps = 6;

    private const double StandsMps = 0.05;

    // A speed is approached, and what is above a hard bound taken away, within these times, s.
    private const double ApproachS = 0.3, CorrectS = 0.05;

    // The driving program may be this much above a limit without being corrected, m/s.
    private const double ToleranceMps = 0.3;

    // An object that is missed in some lists is not gone: the lowest hard bound of a quarter of a second counts.
    private const int RememberedTicks = 5;

    // What the guard says, the driving program does not; hazard lights it may put on besides.
    private const uint RiskSigns = (1u << (int)Announcement.MinimalRiskManoeuvre) | (1u << (int)Announcement.MinimalRiskCondition);

    private const double AreaStepM = 1, AreaMarginM = 0.3;

    // Having stood for so long on the way to a safer place, it has come to the end of its manoeuvre, s.
    private const double StoodS = 0.3;

    // Held at the border of the operating area for so long while it wants to go on, it has come to its end (StVG § 1e (2) no. 7), s.
    private const double BorderS = 5;

    // Who crosses is let come behind the vehicle where that has so much time in reserve, s (less, where it was so a moment ago).
    private const double BehindS = 0.3, StillBehindS = 0.15;

    private readonly SensorHealth health = new(model);
    private readonly OwnPose own = new();
    private readonly RssLimit limit = new(rss);
    private readonly Bound[] lately = new Bound[RememberedTicks];
    private int tick, behindUntil;
    private Actuation given;
    private bool isHolding, holds;
    private double heldRad;
    private MrmStrategy strategy;
    private MotionCause mrmCause;
    private double mrmS, mrmM, standsS, borderS;

    /// <summary>What was done in the last tick.</summary>
    public MotionVerdict Verdict { get; private set; }

    /// <summary>
    /// What of the vehicle itself asks for a minimal risk manoeuvre now: it must not be activated (AFGBV Anl. 1 no. 5). None without. What a supervisor
    /// ends by releasing it, a deactivation or missing supervision, is no impairment.
    /// </summary>
    public MotionCause Impairment { get; private set; }

    /// <summary>The lowest bound so far.</summary>
    private record struct Bound(double Mps, MotionCause Cause)
    {
        public void Lower(MotionCause cause, double mps) => (Mps, Cause) = mps < Mps ? (mps, cause) : (Mps, Cause);
    }

    /// <summary>A supervisor has ended the minimal risk condition. Where its cause still holds, the next tick begins another.</summary>
    public void EndMrm() => (strategy, mrmCause, mrmS, mrmM, standsS, borderS, holds) = (MrmStrategy.None, MotionCause.None, 0, 0, 0, 0, false);

    public Actuation Restrain(SensorFrame frame, in Actuation wanted, in MotionContext context)
    {
        if (!own.IsKnown)
        {
            own.Begin(context.Claim);
        }

        health.Look(frame, given, context.Claim, own);
        var speed = Math.Abs(health.WheelMps);
        var isReverse = speed > StandsMps ? health.WheelMps < 0 : wanted.IsReverse;
        var stop = new OwnStop(rss.ResponseS, model.AccelerationMps2, model.EmergencyBrakingMps2 * rss.BrakingShare * Grip(frame));
        var (hard, ttcS) = Hard(frame, wanted, context, stop, speed, isReverse);
        lately[tick++ % RememberedTicks] = hard;
        for (var i = 0; i < Math.Min(tick, RememberedTicks); i++)
        {
            hard = lately[i].Mps < hard.Mps ? lately[i] : hard;
        }

        borderS = hard is { Cause: MotionCause.AreaBorder, Mps: < StandsMps } && speed < StandsMps && wanted.AccelerationMps2 > 0 ? borderS + IPlatform.TickS
            : speed < StandsMps && hard.Cause == MotionCause.AreaBorder ? borderS : 0;
        var causes = Causes(context, hard, speed);
        Manoeuvre(causes, context, speed);
        var soft = Soft(context, causes);

        var acceleration = double.IsNaN(wanted.AccelerationMps2) ? -model.BrakingMps2 : wanted.AccelerationMps2;
        var asked = acceleration;
        acceleration = Math.Min(acceleration, Towards(hard.Mps, speed, CorrectS, model.EmergencyBrakingMps2));
        acceleration = Math.Min(acceleration, Towards(soft.Mps, speed, ApproachS, model.BrakingMps2));
        var bound = hard.Mps <= soft.Mps ? hard : soft;
        var mustStand = strategy == MrmStrategy.StopInLane || context.Mode is SafetyMode.Waiting or SafetyMode.Mrc;
        if (mustStand)
        {
            var cause = strategy == MrmStrategy.None ? MotionCause.Unsupervised : mrmCause;
            acceleration = Math.Min(acceleration, -StopMps2(cause));
            bound = hard.Mps <= 0 ? hard with { Mps = 0 } : new(0, cause);
        }

        var steering = Steering(frame, wanted, speed, hard);
        var isRestrained = acceleration < asked || mustStand || steering != wanted.SteeringRad;
        var isTooNear = hard.Cause is MotionCause.ObjectAhead or MotionCause.PersonNear && speed > hard.Mps + ToleranceMps;
        Verdict = new(
            strategy != MrmStrategy.None ? MotionAction.Mrm : !isRestrained ? MotionAction.None : bound.Mps < 0.1 ? MotionAction.Stopping : MotionAction.Slowed,
            strategy != MrmStrategy.None ? mrmCause : isRestrained ? bound.Cause : MotionCause.None,
            bound.Mps,
            acceleration,
            strategy)
        {
            TtcS = ttcS,
            Causes = causes,
            IsNearMiss = isTooNear && ttcS < rss.NearMissS && speed > 0.5,
            IsEvasion = isTooNear && speed > 1 && Math.Abs(wanted.SteeringRad - frame.SteeringRad) > 0.1,
        };
        // In the minimal risk manoeuvre and condition work rests (SP-MODE-5).
        var rests = strategy != MrmStrategy.None || context.Mode is SafetyMode.Mrm or SafetyMode.Mrc;
        given = wanted with
        {
            BroomLeft = wanted.BroomLeft && !rests,
            BroomRight = wanted.BroomRight && !rests,
            SuctionShare = rests ? 0 : wanted.SuctionShare,
            Water = wanted.Water && !rests,
            AccelerationMps2 = acceleration,
            SteeringRad = steering,
            ParkingBrake = wanted.ParkingBrake || (mustStand && speed < 2 * StandsMps),
            Announced = (wanted.Announced & ~RiskSigns) | Announced(speed, context.Mode),
        };
        return given;
    }

    private static double Towards(double boundMps, double speed, double correctS, double mostMps2) =>
        boundMps >= speed ? (boundMps - speed) / ApproachS : Math.Max(-mostMps2, (boundMps - speed) / correctS);

    /// <summary>What is bounded by the distance in which the vehicle can stop: objects, view, bend, border.</summary>
    private (Bound Bound, double TtcS) Hard(SensorFrame frame, in Actuation wanted, in MotionContext context, in OwnStop stop, double speed, bool isReverse)
    {
        var bound = new Bound(double.PositiveInfinity, MotionCause.None);
        var body = BodyOf(wanted);
        var outline = isReverse ? body.Reversed : body;
        var seeM = double.IsNaN(frame.ViewRangeM) ? 0 : frame.ViewRangeM * (context.Street.IsShared ? 0.5 : 1);
        bound.Lower(MotionCause.ViewTooShort, stop.SpeedWithin(seeM - outline.FrontM));
        var present = double.IsNaN(frame.SteeringRad) ? given.SteeringRad : frame.SteeringRad;
        var turn = SteeringRateRadS * IPlatform.TickS;
        var next = present + (double.IsNaN(wanted.SteeringRad) ? 0 : Math.Clamp(wanted.SteeringRad - present, -turn, turn));
        var corridors = speed > FastMps ? 3 : 2;
        var slowsMps2 = double.IsNaN(wanted.AccelerationMps2) ? model.BrakingMps2 : Math.Max(0, -wanted.AccelerationMps2);
        var ttcS = double.PositiveInfinity;
        for (var i = 0; i < corridors; i++)
        {
            var curvature = Math.Tan(present + (i * (next - present) / (corridors - 1))) / model.WheelbaseM;
            var corridor = new Corridor(curvature, outline);
            bound.Lower(MotionCause.BendTooFast, Math.Sqrt(rss.LateralMps2 / Math.Max(Math.Abs(curvature), 1e-6)));
            bound.Lower(MotionCause.AreaBorder, stop.SpeedWithin(FreeM(context, corridor, outline, isReverse, stop.DistanceM(speed + 1))));
            // The driving program's own corridor, as it is, tells the time to a collision.
            var elsewhereS = double.PositiveInfinity;
            bound = Objects(frame, corridor, stop, bound, speed, slowsMps2, isReverse, ref i == 0 ? ref ttcS : ref elsewhereS);
        }

        return (bound, ttcS);
    }

    /// <summary>
    /// The bound with all that is seen. Before who crosses behind the vehicle it need not stop: only where nothing else slows it.
    /// </summary>
    private Bound Objects(SensorFrame frame, in Corridor corridor, in OwnStop stop, Bound bound, double speed, double slowsMps2, bool isReverse, ref double ttcS)
    {
        var all = bound;
        foreach (ref readonly var seen in frame.Objects)
        {
            if (RssLimit.IsIgnored(seen))
            {
                continue;
            }

            var now = Now(seen, frame, isReverse);
            var cause = RssParameters.IsPerson(seen.Class) ? MotionCause.PersonNear : MotionCause.ObjectAhead;
            var most = Math.Min(bound.Mps, speed + 2);
            var mps = limit.Mps(now, corridor, stop, speed, most, ref ttcS);
            if (mps >= most)
            {
                continue;
            }

            all.Lower(cause, mps);
            if (mps >= speed || speed < StandsMps || !limit.ComesBehind(now, corridor, speed, slowsMps2, tick < behindUntil ? StillBehindS : BehindS))
            {
                bound.Lower(cause, mps);
            }
        }

        if (bound.Mps < speed || all.Mps >= speed)
        {
            return all;
        }

        behindUntil = tick + RememberedTicks;
        return bound;
    }

    private Outline BodyOf(in Actuation wanted)
    {
        var (half, broom) = (model.WidthM / 2, Math.Max(model.WidthM, model.SweepWidthM) / 2);
        return new(model.LengthM - model.RearOverhangM, model.RearOverhangM, wanted.BroomLeft ? broom : half, wanted.BroomRight ? broom : half);
    }

    /// <summary>An object as it is now: its measurement is older by a while, in which both moved on.</summary>
    private SensedObject Now(in SensedObject seen, SensorFrame frame, bool isReverse)
    {
        var ageS = Math.Clamp(double.IsNaN(frame.ObjectsAtS) ? 0 : frame.TimeS - frame.ObjectsAtS, 0, 1);
        var yaw = double.IsNaN(frame.YawRateRadS) ? 0 : frame.YawRateRadS * ageS;
        var (sin, cos) = Math.SinCos(-yaw);
        var (x, y) = (seen.X + ((seen.Vx - health.WheelMps) * ageS), seen.Y + (seen.Vy * ageS));
        var (side, heading) = (isReverse ? -1 : 1, seen.HeadingRad - yaw);
        return seen with
        {
            X = side * ((x * cos) - (y * sin)),
            Y = (x * sin) + (y * cos),
            Vx = side * ((seen.Vx * cos) - (seen.Vy * sin)),
            Vy = (seen.Vx * sin) + (seen.Vy * cos),
            HeadingRad = isReverse ? Math.PI - heading : heading,
        };
    }

    /// <summary>How far the vehicle can go on its present course before a front corner leaves the operating area, m.</summary>
    private static double FreeM(in MotionContext context, in Corridor corridor, in Outline outline, bool isReverse, double reachM)
    {
        if (context.Area is not { } area)
        {
            return double.PositiveInfinity;
        }

        for (var travelM = 0.0; travelM < reachM + AreaStepM; travelM += AreaStepM)
        {
            var (x, y, turned) = corridor.After(travelM);
            if (!IsInside(area, context.Claim, x, y, turned, outline.FrontM + AreaMarginM, outline.LeftM, isReverse)
                || !IsInside(area, context.Claim, x, y, turned, outline.FrontM + AreaMarginM, -outline.RightM, isReverse))
            {
                return travelM - AreaStepM;
            }
        }

        return double.PositiveInfinity;
    }

    private static bool IsInside(AreaTest area, in PoseClaim pose, double x, double y, double turned, double ahead, double left, bool isReverse)
    {
        var (sin, cos) = Math.SinCos(turned);
        var (px, py) = (x + (ahead * cos) - (left * sin), y + (ahead * sin) + (left * cos));
        px = isReverse ? -px : px;
        var (s, c) = Math.SinCos(pose.HeadingRad);
        return area(pose.X + (px * c) - (py * s), pose.Y + (px * s) + (py * c));
    }

    private ulong Causes(in MotionContext context, in Bound hard, double speed)
    {
        var causes = health.Found | (hard.Mps < speed ? Bit(hard.Cause) : 0);
        causes |= context.Area is { } area && !area(context.Claim.X, context.Claim.Y) ? Bit(MotionCause.AreaLeft) : 0;
        causes |= context.Odd.Level == OddLevel.Outside ? Bit(MotionCause.OddOutside) : context.Odd.Level == OddLevel.Leaving ? Bit(MotionCause.OddLeaving) : 0;
        causes |= context.IsDeactivated ? Bit(MotionCause.Deactivated) : 0;
        causes |= context.Mode == SafetyMode.Mrm ? Bit(MotionCause.SupervisionEnded) : 0;
        return causes | (context.IsAtWitsEnd || borderS > BorderS ? Bit(MotionCause.WitsEnd) : 0);
    }

    /// <summary>What is bounded by rule: speed limits, and slow causes. Braked for gently.</summary>
    private Bound Soft(in MotionContext context, ulong causes)
    {
        var bound = new Bound(double.PositiveInfinity, MotionCause.None);
        bound.Lower(MotionCause.SpeedLimit, Math.Min(context.Street.LimitMps, model.MaxSpeedMps) + ToleranceMps);
        if (strategy is MrmStrategy.PullOver or MrmStrategy.ClearJunction)
        {
            bound.Lower(mrmCause, MrmChoice.GoingOnMps);
        }

        for (var rest = causes; rest != 0; rest &= rest - 1)
        {
            var cause = (MotionCause)BitOperations.TrailingZeroCount(rest);
            if (MotionCauses.Of(cause) is (Consequence.Slow, > 0 and var toMps, _))
            {
                bound.Lower(cause, toMps);
            }
        }

        return bound;
    }

    /// <summary>Begins a minimal risk manoeuvre, and watches that the driving program ends it in time.</summary>
    private void Manoeuvre(ulong causes, in MotionContext context, double speed)
    {
        var (first, worst, impairing) = (MotionCause.None, MotionCause.None, MotionCause.None);
        for (var rest = causes; rest != 0; rest &= rest - 1)
        {
            var cause = (MotionCause)BitOperations.TrailingZeroCount(rest);
            if (MotionCauses.Of(cause).Consequence == Consequence.Mrm)
            {
                first = first == MotionCause.None ? cause : first;
                impairing = impairing == MotionCause.None && MotionCauses.Impairs(cause) ? cause : impairing;
                if (!MotionCauses.LetsGoOn(cause))
                {
                    worst = worst == MotionCause.None || Grade(cause) > Grade(worst) ? cause : worst;
                    holds |= MotionCauses.HoldsSteering(cause);
                }
            }
        }

        Impairment = impairing;
        var decisive = worst != MotionCause.None ? worst : first;
        if (strategy == MrmStrategy.None)
        {
            if (decisive == MotionCause.None)
            {
                return;
            }

            (mrmCause, mrmS, mrmM, standsS) = (decisive, 0, 0, 0);
            strategy = MrmChoice.Of(Facts(context, worst, causes));
            return;
        }

        // Of several causes the one counts that stops the hardest; what was one of them stays one until the end.
        mrmCause = worst != MotionCause.None && Grade(worst) > Grade(mrmCause) ? worst : mrmCause;
        (mrmS, mrmM, standsS) = (mrmS + IPlatform.TickS, mrmM + (speed * IPlatform.TickS), speed < StandsMps ? standsS + IPlatform.TickS : 0);
        if (strategy == MrmStrategy.ClearJunction && !context.IsInJunction)
        {
            (strategy, mrmS, mrmM) = (MrmChoice.Of(Facts(context, worst, causes)), 0, 0);
        }

        if (worst != MotionCause.None || standsS > StoodS || !MrmChoice.MayGoOn(strategy, mrmS, mrmM))
        {
            strategy = MrmStrategy.StopInLane;
        }
    }

    private static MrmFacts Facts(in MotionContext context, MotionCause worst, ulong causes) => new(
        context.IsInJunction,
        context.KerbRoomM,
        IsLocalised: (causes & (Bit(MotionCause.PoseUncertain) | Bit(MotionCause.PoseLost) | Bit(MotionCause.PoseDisagrees))) == 0,
        SensesWell: worst == MotionCause.None && (causes & (Bit(MotionCause.ObjectsLate) | Bit(MotionCause.SelfReportedSlow))) == 0,
        RemainingS: worst == MotionCause.None ? MrmChoice.PullOverS : 0);

    /// <summary>How grave a cause of a minimal risk manoeuvre is: by how hard it stops, and above all what has been hit.</summary>
    private double Grade(MotionCause cause) => cause == MotionCause.Contact ? double.PositiveInfinity : StopMps2(cause);

    private double StopMps2(MotionCause cause) => cause is MotionCause.Contact or MotionCause.BrakeTooWeak ? model.EmergencyBrakingMps2
        : MotionCauses.LetsGoOn(cause) || cause == MotionCause.Unsupervised ? model.BrakingMps2
        : model.DeactivationBrakingMps2;

    /// <summary>The wanted angle of the wheels, or the present one held while the vehicle stops for what may come of steering.</summary>
    private double Steering(SensorFrame frame, in Actuation wanted, double speed, in Bound hard)
    {
        var present = double.IsNaN(frame.SteeringRad) ? given.SteeringRad : frame.SteeringRad;
        var mustHold = speed > StandsMps && (double.IsNaN(wanted.SteeringRad)
            || (speed > hard.Mps && MotionCauses.HoldsSteering(hard.Cause)) || (strategy == MrmStrategy.StopInLane && holds));
        heldRad = mustHold && !isHolding ? present : heldRad;
        isHolding = mustHold;
        return mustHold ? heldRad : double.IsNaN(wanted.SteeringRad) ? present : wanted.SteeringRad;
    }

    private double Grip(SensorFrame frame)
    {
        var isWet = frame.WiperShare > 0.05 || frame.WetShare > 0.3;
        var isFrost = !(frame.TemperatureC > 1);
        return isWet && isFrost ? rss.FrostGrip : isWet || isFrost ? rss.WetGrip : 1;
    }

    /// <summary>Hazard lights, and that it is on the way to the minimal risk condition or in it: by what the guard does and by the profile's mode.</summary>
    private uint Announced(double speed, SafetyMode mode)
    {
        var stopping = Verdict.Action is MotionAction.Stopping && speed > StandsMps ? Sign(Announcement.Stopping) : 0;
        return stopping | (mode is SafetyMode.Mrm or SafetyMode.Mrc ? RiskSignsOf(mode)
            : strategy == MrmStrategy.None ? 0
            : RiskSignsOf(speed > StandsMps || strategy != MrmStrategy.StopInLane ? SafetyMode.Mrm : SafetyMode.Mrc));
    }

    /// <summary>What is said outside in a mode, one bit each.</summary>
    public static uint RiskSignsOf(SafetyMode mode) => mode switch
    {
        SafetyMode.Mrm => Sign(Announcement.HazardLights) | Sign(Announcement.MinimalRiskManoeuvre),
        SafetyMode.Mrc => Sign(Announcement.HazardLights) | Sign(Announcement.MinimalRiskCondition),
        _ => 0,
    };

    private static uint Sign(Announcement one) => 1u << (int)one;

    private static ulong Bit(MotionCause cause) => cause == MotionCause.None ? 0 : 1UL << (int)cause;
}
