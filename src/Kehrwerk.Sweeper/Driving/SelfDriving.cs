using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Safety.Odd;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving;

/// <summary>
/// Driving in full: what the sensors say goes to the pilot, what the pilot wants through the motion guard, and what that leaves to the hardware, two
/// ticks to each step of the vehicle. Also keeps which legs of the order the pilot's way consists of. Not thread-safe.
/// </summary>
internal sealed class SelfDriving
{
    private const int TicksPerStep = 2;

    // The street under the vehicle and ahead of it is looked up anew so often, ticks.
    private const int LookEvery = 10;

    // The sensors may take so long to start, s.
    private const double StartS = 3;

    // So far ahead the street counts that it will be on, m at least and s.
    private const double AheadM = 20, AheadS = 4;

    // The street that ends in a bay: slow enough to stand where the marker is once it is seen, m/s.
    private const double YardMps = 2.5;

    private const ulong BadWheels = (1UL << (int)MotionCause.WheelDead) | (1UL << (int)MotionCause.WheelFrozen) | (1UL << (int)MotionCause.WheelDisagrees);

    // Satellite positions that stay within this, for so long, are those of a standing vehicle, m and s.
    private const double MovedM = 1.5, StandsAfterS = 4;

    // Braking for so long brings it to a stop from any speed of its own, s.
    private const double BrakedAfterS = 15;

    // A position older than this tells nothing of now, s.
    private const double FreshS = 1;

    private readonly SweeperModel model;
    private readonly IPlatform platform;
    private readonly StreetNetwork map;
    private readonly ArcLocator locator;
    private readonly OddMonitor odd = new(OddModel.Default);
    private readonly MotionGuard guard;
    private readonly Spoken spoken = new();
    private readonly BackingOut backingOut;
    private Actuation given = new(0, 0, false) { ParkingBrake = true };
    private StreetNow here = StreetNow.Unknown;
    private StreetNow? ahead;
    private GivenWay way = new([], [], 0);
    private GivenWay? next;
    private int tick;
    private double startedS = double.NaN;
    private bool hasStarted;
    private double fixX = double.NaN, fixY = double.NaN, fixAtS = double.NaN, stillS, brakedS, setOffS = double.NaN;

    public SelfDriving(SweeperModel model, StreetNetwork map, IPlatform platform)
    {
        (this.model, this.map, this.platform) = (model, map, platform);
        (locator, guard, Pilot, backingOut) = (new(map), new(model, new()), new(model, map), new(model));
    }

    public Pilot Pilot { get; }

    public SensorFrame Frame { get; } = new();

    /// <summary>What makes the driving program worse; null in every vehicle that drives.</summary>
    public Flaws? Flaws
    {
        get;
        set
        {
            field = value;
            Pilot.Predicts = value?.Predicts ?? true;
        }
    }

    /// <summary>What the hardware was told last to say outside, a bit for each <see cref="Announcement"/>.</summary>
    public uint Announced => given.Announced;

    /// <summary>What the guard did in the last step; of its ticks the harder.</summary>
    public MotionVerdict Verdict { get; private set; }

    /// <inheritdoc cref="MotionGuard.Impairment"/>
    public MotionCause Impairment => guard.Impairment;

    /// <summary>Its sensors had time to start, and yet it does not know where it is: it does not move.</summary>
    public bool IsWithoutPosition => !Pilot.Where.IsKnown && Frame.TimeS - startedS > StartS;

    /// <summary>Where the vehicle may be; null: everywhere.</summary>
    public AreaTest? Area { get; set; }

    /// <summary>It stands, by the wheels; where these are not to be trusted, by satellites while it brakes, or because its brake works and had long enough.</summary>
    public bool IsStanding => HasBadWheels ? StandsByGnss || brakedS > BrakedAfterS : Pilot.State.IsStanding;

    /// <summary>
    /// So far before the node at which its way ends it stands, m: on the node itself it could turn off into no street any more.
    /// </summary>
    public static double ShortOfM(double lengthM) => Math.Min(8, 0.4 * lengthM);

    /// <summary>Where it stands at the end of a way that leads to a crossing; null where that end is none, or is behind it.</summary>
    public PilotStop? StopBefore(Leg last)
    {
        const double pastM = 1;
        var atM = last.LengthM - ShortOfM(last.LengthM);
        return !last.DocksAtEnd && Arms(map.ArcHead[last.Arc]) > 2 && IndexOf(last) is >= 0 and var index && !(Place is { } place && place.Leg == last && place.AtM > atM + pastM)
            ? new(index, atM)
            : null;
    }

    /// <summary>It stood at a place where it was to stand, in any tick of the last step.</summary>
    public bool IsAtStop { get; private set; }

    /// <summary>The place where the pilot is on the order's way, on its leg as it was given last; null before it has one, or where the order has it no more.</summary>
    public (Leg Leg, double AtM)? Place
    {
        get
        {
            SettleWay();
            if (Pilot.State.Leg is not (>= 0 and var index) || index >= way.Legs.Count)
            {
                return null;
            }

            var leg = way.Legs[index];
            return next is null ? (leg, Pilot.State.LegM) : next.IndexOf(leg) is >= 0 and var i ? (next.Legs[i], Pilot.State.LegM) : null;
        }
    }

    /// <summary>The minimal risk condition was ended: where its cause still holds, the next step begins another.</summary>
    public void EndMrm()
    {
        guard.EndMrm();
        Verdict = default;
    }

    /// <summary>Gives the pilot its way, where that is another than it has.</summary>
    /// <param name="ahead">Legs still to be driven, the present one first.</param>
    /// <param name="offsetM">Where on the first leg the vehicle is, metres.</param>
    public void Follow(IEnumerable<(Leg Leg, SweepSide? Sweep)> ahead, double offsetM)
    {
        // What lies so many legs behind is forgotten where the way changes.
        const int mostBehind = 50;
        var given = new GivenWay([], [], offsetM);
        foreach (var (leg, sweep) in ahead)
        {
            given.Legs.Add(leg);
            given.Pilots.Add(new(leg.Arc, 0, sweep, leg.DocksAtEnd ? Math.Min(leg.LimitMps, YardMps) : leg.LimitMps, leg.StopsAtEnd, leg.DocksAtEnd));
        }

        SettleWay();
        var from = given.Legs.Count > 0 ? IndexOf(given.Legs[0]) : -1;
        if (from >= 0 && Pilot.IsNear(from, offsetM))
        {
            var whole = new GivenWay([.. way.Legs.Take(from), .. given.Legs], [.. way.Pilots.Take(from), .. given.Pilots], way.FromM);
            var isSame = next is null && whole.Pilots.SequenceEqual(way.Pilots);
            if (isSame || ((from <= mostBehind || Pilot.State.Manoeuvre != 0 || Pilot.IsCrossing) && Pilot.Extend(whole.ForPilot())))
            {
                (way, next) = (whole, null);
                return;
            }
        }

        Pilot.Follow(given.ForPilot());
        next = given;
        SettleWay();
    }

    /// <summary>The number that the pilot gives a leg; −1 if it is not on the way that it drives.</summary>
    public int IndexOf(Leg leg)
    {
        SettleWay();
        return way.IndexOf(leg);
    }

    /// <summary>The pilot takes up a new way when it is out of a bend: until then its numbers are those of the one before.</summary>
    private void SettleWay()
    {
        if (next is not null && !Pilot.IsChangingWay)
        {
            (way, next) = (next, null);
        }
    }

    /// <summary>Lets one step of the vehicle pass.</summary>
    /// <param name="mode">How it stands to its supervision.</param>
    public void Step(in PilotTask task, SafetyMode mode, bool isDeactivated)
    {
        var worst = new MotionVerdict { TtcS = double.PositiveInfinity };
        IsAtStop = false;
        for (var i = 0; i < TicksPerStep; i++)
        {
            Tick(task, mode, isDeactivated);
            IsAtStop |= Pilot.State.IsAtStop;
            worst = guard.Verdict.With(worst);
        }

        Verdict = worst;
    }

    private void Tick(in PilotTask task, SafetyMode mode, bool isDeactivated)
    {
        platform.Tick(given, Frame);
        WatchFix();
        brakedS = given.AccelerationMps2 < -0.5 && (Verdict.Causes & (1UL << (int)MotionCause.BrakeTooWeak)) == 0 ? brakedS + IPlatform.TickS : 0;
        var asked = task with
        {
            Mrm = guard.Verdict.Strategy,
            MaySetOff = task.MaySetOff && !Frame.IsHeld,
            IsVetoed = guard.Verdict is { Action: MotionAction.Stopping, Cause: MotionCause.ObjectAhead or MotionCause.PersonNear },
        };
        var seen = Flaws?.Seen(Frame) ?? Frame;
        var wanted = Pilot.Step(seen, asked);
        wanted = backingOut.Look(Pilot, seen, asked, wanted) ?? wanted;
        wanted = Flaws?.Late(wanted) ?? wanted;
        wanted = wanted with { Announced = wanted.Announced | SettingOff() | spoken.Of(Pilot.State, Frame.TimeS) };
        if (!HasStarted())
        {
            // It does not yet know where it is, or sees nothing yet: nothing to judge. Where its program began anew while it rolled, it brakes to a stop.
            var rolls = Math.Abs(Frame.WheelMps) > 0.1;
            given = new(-model.BrakingMps2, double.IsNaN(Frame.SteeringRad) ? given.SteeringRad : Frame.SteeringRad, false)
            {
                ParkingBrake = !rolls,
                Announced = MotionGuard.RiskSignsOf(mode),
            };
            return;
        }

        if (tick++ % LookEvery == 0)
        {
            Look();
        }

        if (Flaws is { IsGuarded: false })
        {
            given = wanted;
            return;
        }

        var state = Pilot.State;
        given = guard.Restrain(Frame, wanted, new()
        {
            Mode = mode,
            IsDeactivated = isDeactivated,
            Claim = new(state.X, state.Y, state.HeadingRad, state.PositionStdM, state.HeadingStdRad),
            Area = Area,
            Street = here,
            Odd = odd.Look(Frame, here, ahead, IPlatform.TickS),
            IsInJunction = Place is { } place && IsInJunction(place.Leg, place.AtM),
            KerbRoomM = KerbRoomM(),
        });
    }

    /// <summary>That it sets off is said before it moves, and for a while after (SP-OUT).</summary>
    private uint SettingOff()
    {
        const double afterS = 1;
        var state = Pilot.State;
        setOffS = state.Behaviour == Behaviour.Announce ? 0 : state.IsStanding ? (setOffS > 0 ? double.NaN : setOffS) : setOffS + IPlatform.TickS;
        return setOffS <= afterS && Behaviours.Drives(state.Behaviour) && state.Behaviour != Behaviour.Mrm ? 1u << (int)Announcement.SettingOff : 0;
    }

    /// <summary>Position and object list are there, or have been waited for long enough to call it a fault.</summary>
    private bool HasStarted()
    {
        startedS = double.IsNaN(startedS) ? Frame.TimeS : startedS;
        hasStarted |= Pilot.Where.IsKnown && (!double.IsNaN(Frame.ObjectsAtS) || Frame.TimeS - startedS > StartS);
        return hasStarted;
    }

    private void Look()
    {
        var state = Pilot.State;
        here = StreetNow.Of(map, locator, new(state.X, state.Y), state.HeadingRad);
        ahead = null;
        if (Place is not { } place)
        {
            return;
        }

        var restM = Math.Max(AheadM, AheadS * state.SpeedMps) - (place.Leg.LengthM - place.AtM);
        for (var i = Pilot.State.Leg + 1; i < way.Legs.Count && restM > 0; i++)
        {
            var leg = way.Legs[i];
            var atM = Math.Min(restM, leg.LengthM);
            ahead = StreetNow.Of(map, locator, leg.PointAt(atM), leg.HeadingRad(atM));
            restM -= leg.LengthM;
        }
    }

    /// <summary>How far the right edge of the way is free of what stands there, m.</summary>
    private double KerbRoomM()
    {
        const double reachM = 30, besideM = 4;
        var (frontM, roomM) = (model.LengthM - model.RearOverhangM, reachM);
        foreach (ref readonly var seen in Frame.Objects)
        {
            if (seen.X > 0 && seen.Y is > -besideM and < 1 && Math.Abs(seen.Vx) < 0.5)
            {
                roomM = Math.Min(roomM, seen.X - (seen.LengthM / 2) - frontM);
            }
        }

        return Math.Max(0, roomM);
    }

    // Wheels that say nothing, or the same for ever, would never let a manoeuvre end.
    private bool StandsByGnss => HasBadWheels && given.AccelerationMps2 < -0.5 && stillS > StandsAfterS;

    private bool HasBadWheels => (Verdict.Causes & BadWheels) != 0
        || Verdict is { Action: MotionAction.Mrm, Cause: MotionCause.WheelDead or MotionCause.WheelFrozen or MotionCause.WheelDisagrees };

    /// <summary>Counts how long the satellites have shown a standing vehicle since the wheels do not: only while they show anything.</summary>
    private void WatchFix()
    {
        var hasFix = !double.IsNaN(Frame.GnssX);
        fixAtS = hasFix ? Frame.TimeS : fixAtS;
        var isFresh = Frame.TimeS - fixAtS < FreshS && (Verdict.Causes & (1UL << (int)MotionCause.GnssFrozen)) == 0;
        if (!isFresh || !HasBadWheels)
        {
            (fixX, stillS) = (double.NaN, 0);
        }
        else if (hasFix && !(Math.Abs(Frame.GnssX - fixX) + Math.Abs(Frame.GnssY - fixY) <= MovedM))
        {
            (fixX, fixY, stillS) = (Frame.GnssX, Frame.GnssY, 0);
        }
        else
        {
            stillS += double.IsNaN(fixX) ? 0 : IPlatform.TickS;
        }
    }

    private bool IsInJunction(Leg leg, double atM)
    {
        const double mouthM = 8;
        return (atM < mouthM && Arms(map.ArcTail[leg.Arc]) > 2) || (leg.LengthM - atM < mouthM && Arms(map.ArcHead[leg.Arc]) > 2);
    }

    private int Arms(int node) => map.FirstOut[node + 1] - map.FirstOut[node];

    /// <summary>A way as the order gives it and as the pilot gets it, leg by leg.</summary>
    /// <param name="FromM">Where on the first arc it begins, metres.</param>
    private sealed record GivenWay(List<Leg> Legs, List<PilotLeg> Pilots, double FromM)
    {
        /// <summary>The same leg may come as another object, when the order was extended.</summary>
        public int IndexOf(Leg leg)
        {
            var i = Legs.Count - 1;
            while (i >= 0 && (Legs[i].Arc != leg.Arc || Legs[i].SequenceId != leg.SequenceId))
            {
                i--;
            }

            return i;
        }

        public IReadOnlyList<PilotLeg> ForPilot() => [.. Pilots.Select((leg, i) => i == 0 ? leg with { FromM = FromM } : leg)];
    }
}
