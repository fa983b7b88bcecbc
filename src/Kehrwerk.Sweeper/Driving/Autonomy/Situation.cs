using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Roads;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>Why it lets others go first or makes room.</summary>
internal enum YieldReason : byte { None, RightOfWay, Oncoming, Person, Queue, Emergency, Gesture, Traffic }

/// <summary>What the traffic around asks of the vehicle at one tick.</summary>
internal struct Situation
{
    public double MostMps, StopM;
    public YieldReason Reason;

    /// <summary>Keeps as far to the right as the kerb allows.</summary>
    public bool KeepsRight;

    /// <summary>It may use the others' half of the street.</summary>
    public bool MayCross;

    /// <summary>A person halts it (StVO § 36 (1)).</summary>
    public bool IsHaltedByHand;

    /// <summary>Index of the track that it yields to; -1 if none.</summary>
    public int YieldsTo;
}

/// <summary>
/// Judges the traffic: greatest speed beside people, parked cars and behind others, where to stand at crossings, making room for emergency vehicles and for
/// who is held up behind, and whether the other half of the street is free. Keeps only timers. Does not allocate.
/// </summary>
internal sealed class TrafficRules(SweeperModel model)
{
    // Beside people nearer than this (m, body to body) it goes slower, between these speeds (m/s).
    private const double PersonM = 2.5, PersonNearMps = 1.5, PersonFarMps = 4.5;

    // Whose line is this near to the way, at its edge, may step out: there it could stop before him, and goes no slower than this, m, m/s, s, m/s², m.
    private const double StepsOutM = 2, StepsOutMps = 0.7, StepsOutS = 0.5, StepsOutMps2 = 1.5, StepsOutBeforeM = 0.5;

    // Nearer than this beside parked cars somebody may step out (15 km/h); as near as half a metre from behind them onto the way itself (10 km/h).
    private const double ParkedM = 1.2, ParkedNearM = 0.6, ParkedNearMps = 2.8;

    /// <summary>Beside parked cars it goes no faster, m/s.</summary>
    public const double ParkedMps = 4.2;

    // Who stands askew may pull out so far, m.
    private const double PullsOutM = 8;

    // Braking that is reckoned with for distances, m/s², and reaction, s.
    private const double ReckonedMps2 = 2, ReactionS = 0.8;

    // Speed on the approach to crossings, m/s.
    private const double RightBeforeLeftMps = 4.2, GiveWayMps = 3;

    // The front may stand so far beyond the line: to the edge of the crossing street and a little more, m.
    private const double OverLineM = 0.9;

    // Who follows so near for so long is let by, m and s.
    private const double QueueM = 25, QueueS = 15;

    // Who stands behind a car that is not parked waits so long before it counts as parked, s.
    private const double QueueWaitS = 12;

    // Before it uses the other half: somebody may come this fast whom it does not see yet, m/s; having stood and looked for so long, s, nobody did.
    private const double OncomingMps = 8.3, LooksForS = 5;

    // For an emergency vehicle within this it makes room, m; it stays so long after it, s.
    private const double EmergencyM = 80, EmergencyAfterS = 3;

    private readonly double frontM = model.LengthM - model.RearOverhangM;
    private double queueSinceS = double.NaN, emergencyUntilS = double.NegativeInfinity, emergencyStopM = double.NaN;

    public Situation Judge(
        ReadOnlySpan<Track> tracks, Obstacles obstacles, ReferenceLine line, IReadOnlyList<Crossing> crossings, SensorFrame frame, double alongM, double d, double mps, double mostMps)
    {
        var s = new Situation { MostMps = mostMps, StopM = double.PositiveInfinity, YieldsTo = -1 };
        View(ref s, line, frame, alongM);
        foreach (ref readonly var o in obstacles.All)
        {
            Beside(ref s, o, tracks[o.Track], line, alongM, d, mps);
        }

        AtCrossings(ref s, crossings, tracks, alongM, mps, frame.TimeS);
        Emergency(ref s, obstacles, tracks, crossings, frame.TimeS, alongM, mps);
        Queue(ref s, obstacles, frame.TimeS, alongM, mps);
        s.MostMps = Math.Max(s.MostMps, 0.3);
        return s;
    }

    /// <summary>
    /// Whether what stands in the way may be passed on the other half: it is parked, works, or has stood so long that it is no queue; and nobody comes.
    /// </summary>
    public static bool MayPass(in Obstacle o, in Track t, ReferenceLine line, Obstacles obstacles, SensorFrame frame, double alongM, double mps, double stoodS, out YieldReason why)
    {
        why = YieldReason.None;
        if (IsQueue(o, t, line, stoodS))
        {
            why = YieldReason.Traffic;
            return false;
        }

        if (!IsFree(o.AlongM + o.HalfAlongM + 8, obstacles, frame, alongM, mps, ParkedMps, stoodS > LooksForS ? 0 : OncomingMps))
        {
            why = YieldReason.Oncoming;
            return false;
        }

        return true;
    }

    /// <summary>Standing in traffic, not parked.</summary>
    /// <param name="stoodS">How long the vehicle has stood behind it.</param>
    public static bool IsQueue(in Obstacle o, in Track t, ReferenceLine line, double stoodS)
    {
        var isAtKerb = o.AsideM - o.HalfAsideM < -line.Near(o.AlongM).RightM + 0.7;
        return t.IsVehicle && !isAtKerb && !t.Has(ObjectSigns.Hazard) && stoodS < QueueWaitS;
    }

    /// <summary>Nobody comes the other way before the vehicle is back on its side.</summary>
    /// <param name="mostMps">How fast it will pass.</param>
    /// <param name="unseenMps">How fast somebody may come whom it does not see yet.</param>
    public static bool IsFree(double endM, Obstacles obstacles, SensorFrame frame, double alongM, double mps, double mostMps, double unseenMps)
    {
        // Speeding up at 0.8 m/s² to what it passes with.
        var v = Math.Clamp(mps, 0.3, mostMps);
        var (gainM, gainS) = (((mostMps * mostMps) - (v * v)) / 1.6, (mostMps - v) / 0.8);
        var wayM = endM - alongM;
        var ownS = 1 + (wayM > gainM ? gainS + ((wayM - gainM) / mostMps) : (Math.Sqrt((v * v) + (1.6 * wayM)) - v) / 0.8);
        foreach (ref readonly var o in obstacles.All)
        {
            if (o.IsMoving && o.AlongMps < -0.5 && o.AlongM > alongM && Math.Abs(o.AsideM) < 8 && (o.AlongM - o.HalfAlongM - endM) / -o.AlongMps < ownS)
            {
                return false;
            }
        }

        return frame.ViewRangeM >= wayM + Math.Max(15, unseenMps * ownS);
    }

    private void View(ref Situation s, ReferenceLine line, SensorFrame frame, double alongM)
    {
        ref readonly var at = ref line.Near(alongM);

        // StVO § 3 (1): stop within what is seen; where two cars do not fit beside each other, within half of it.
        var isNarrow = at.LeftM + at.RightM < Carriageway.TwoCarsM;
        var seenM = Math.Max(0, (isNarrow ? 0.5 : 1) * frame.ViewRangeM - frontM - 2);
        s.MostMps = Math.Min(s.MostMps, SafeMps(seenM, 0));
    }

    private static double SafeMps(double gapM, double leadMps)
    {
        var way = Math.Max(0, gapM) + (leadMps * leadMps / (2 * ReckonedMps2 * 1.5));
        var lag = ReckonedMps2 * ReactionS;
        return -lag + Math.Sqrt((lag * lag) + (2 * ReckonedMps2 * way));
    }

    /// <summary>It stands askew beside the way: driving on, it would come onto it.</summary>
    private bool PullsOut(in Obstacle o, ReferenceLine line, double d)
    {
        ref readonly var at = ref line.Near(o.AlongM);
        var across = (o.Now.Sin * at.Cos) - (o.Now.Cos * at.Sin);
        var besideM = o.AsideM - d;
        return Math.Abs(across) > 0.25 && across * besideM < 0 && Math.Abs(besideM) - (Math.Abs(across) * (o.Now.HalfLengthM + PullsOutM)) < model.WidthM / 2;
    }

    private void Beside(ref Situation s, in Obstacle o, in Track t, ReferenceLine line, double alongM, double d, double mps)
    {
        var aheadM = o.AlongM - o.HalfAlongM - alongM - frontM;
        var besideM = Math.Abs(o.AsideM - d) - o.HalfAsideM - (model.WidthM / 2);
        var isNear = o.AlongM + o.HalfAlongM > alongM - model.RearOverhangM && aheadM < (mps * mps / 3) + (2 * mps) + 4;
        if (t.Has(ObjectSigns.HaltGesture) && aheadM is > -2 and < 30 && Math.Abs(o.AsideM) < 8)
        {
            var stopM = alongM + Math.Max(aheadM - 5, mps * mps / 6);
            if (stopM < s.StopM)
            {
                (s.StopM, s.Reason, s.IsHaltedByHand, s.YieldsTo) = (stopM, YieldReason.Gesture, true, o.Track);
            }
        }

        if (isNear && t.IsPerson && besideM < PersonM)
        {
            var share = Math.Clamp((besideM - 0.5) / (PersonM - 0.5), 0, 1);
            var most = PersonNearMps + (share * (PersonFarMps - PersonNearMps));
            s.MostMps = Math.Min(s.MostMps, t.Class == ObjectClass.Pedestrian ? most : 0.7 * most);
            if (aheadM > -0.5 && besideM < StepsOutM && Math.Abs(o.AlongMps) < 0.5)
            {
                var lag = StepsOutMps2 * StepsOutS;
                s.MostMps = Math.Min(s.MostMps, Math.Max(StepsOutMps, Math.Sqrt((lag * lag) + (2 * StepsOutMps2 * Math.Max(0, aheadM - StepsOutBeforeM))) - lag));
            }
        }

        if (isNear && t.IsVehicle && t.IsStanding && besideM < ParkedM)
        {
            // What its far end hides is seen only when the front is there.
            var isHiding = aheadM + (2 * o.HalfAlongM) > 0;
            var share = Math.Clamp((besideM - ParkedNearM) / (ParkedM - ParkedNearM), 0, 1);
            s.MostMps = Math.Min(s.MostMps, t.Has(ObjectSigns.DoorOpen) ? PersonNearMps : isHiding ? ParkedNearMps + (share * (ParkedMps - ParkedNearMps)) : ParkedMps);
        }

        if (isNear && aheadM > -1 && t.IsVehicle && t.IsStanding && besideM >= ParkedM && PullsOut(o, line, d))
        {
            s.MostMps = Math.Min(s.MostMps, ParkedMps);
        }

        if (o.IsMoving && o.AlongMps > -0.3 && aheadM > -1 && besideM < 0.3)
        {
            // Whoever drives ahead may brake at any time.
            s.MostMps = Math.Min(s.MostMps, SafeMps(aheadM - 2, Math.Max(0, o.AlongMps)));
        }
    }

    private static void AtCrossings(ref Situation s, IReadOnlyList<Crossing> crossings, ReadOnlySpan<Track> tracks, double alongM, double mps, double nowS)
    {
        for (var i = 0; i < crossings.Count; i++)
        {
            var crossing = crossings[i];
            var wayM = crossing.LineM - alongM;
            if (wayM is < -1.2 or > 40 || crossing.EndM < alongM)
            {
                continue;
            }

            // As fast that it can still stand at the line.
            var slow = crossing.Precedence switch { Precedence.RightBeforeLeft => RightBeforeLeftMps, Precedence.GiveWay => GiveWayMps, _ => double.PositiveInfinity };
            s.MostMps = Math.Min(s.MostMps, Math.Sqrt((slow * slow) + (2 * 1.2 * Math.Max(0, wayM - 3))));
            if (IsWavedOn(tracks, crossing) || wayM > (mps * mps / 2) + (2 * mps) + 3)
            {
                continue;
            }

            var first = RightOfWay.YieldsTo(crossing, alongM, mps, s.MostMps, tracks, nowS);
            // With a little of its front over the line it still is out of the others' way; farther, it goes on.
            var standsM = alongM + (mps * mps / (2 * 3.5));
            if (first >= 0 && crossing.LineM < s.StopM && standsM < crossing.LineM + OverLineM)
            {
                (s.StopM, s.Reason, s.YieldsTo) = (Math.Max(crossing.LineM, standsM), YieldReason.RightOfWay, first);
            }
        }
    }

    private static bool IsWavedOn(ReadOnlySpan<Track> tracks, in Crossing crossing)
    {
        foreach (ref readonly var t in tracks)
        {
            if (t.Has(ObjectSigns.GoGesture) && t.IsSure && crossing.At.DistanceTo(new(t.X, t.Y)) < 20)
            {
                return true;
            }
        }

        return false;
    }

    private void Emergency(
        ref Situation s, Obstacles obstacles, ReadOnlySpan<Track> tracks, IReadOnlyList<Crossing> crossings, double nowS, double alongM, double mps)
    {
        foreach (ref readonly var o in obstacles.All)
        {
            var awayM = o.AlongM - alongM;
            if (tracks[o.Track].Has(ObjectSigns.Emergency) && o.IsMoving && Math.Abs(awayM) < EmergencyM && (awayM * o.AlongMps < 0 || Math.Abs(awayM) < 12))
            {
                emergencyUntilS = nowS + EmergencyAfterS;
                s.YieldsTo = o.Track;
            }
        }

        if (nowS >= emergencyUntilS)
        {
            emergencyStopM = double.NaN;
            return;
        }

        // StVO § 38 (1): room at once; not inside a crossing.
        emergencyStopM = double.IsNaN(emergencyStopM) || emergencyStopM < alongM - 5 ? alongM + (mps * mps / (2 * 1.5)) + Math.Max(6, 1.5 * mps) : emergencyStopM;
        var stopM = emergencyStopM;
        for (var i = 0; i < crossings.Count; i++)
        {
            var crossing = crossings[i];
            stopM = stopM > crossing.LineM && alongM < crossing.EndM ? (alongM > crossing.LineM + 1 ? crossing.EndM + 2 : Math.Max(alongM, crossing.LineM)) : stopM;
        }

        (s.KeepsRight, s.Reason, s.StopM) = (true, YieldReason.Emergency, Math.Min(s.StopM, stopM));
    }

    private void Queue(ref Situation s, Obstacles obstacles, double nowS, double alongM, double mps)
    {
        var isHeldUp = false;
        foreach (ref readonly var o in obstacles.All)
        {
            isHeldUp |= o.IsFollowing && o.Class != ObjectClass.Cyclist && alongM - o.AlongM < QueueM && Math.Abs(o.AsideM) < 3 && o.AlongMps > mps - 0.5;
        }

        queueSinceS = !isHeldUp ? double.NaN : double.IsNaN(queueSinceS) ? nowS : queueSinceS;
        if (nowS - queueSinceS > QueueS && !s.KeepsRight)
        {
            s.KeepsRight = true;
            s.MostMps = Math.Min(s.MostMps, 2.5);
            s.Reason = s.Reason == YieldReason.None ? YieldReason.Queue : s.Reason;
        }
    }
}
