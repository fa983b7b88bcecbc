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

    private const ulong BadWheels = (1UL << (int)MotionCause.WheelDead) | (1UL << (int)MotionCause.WheelFrozen) | (1UL << (int)MotionCause.WheelDisagrees);

    // Satellite positions that stay within this, for so long, are those of a standing vehicle, m and s.
    private const double MovedM = 1.5, StandsAfterS = 4;

    private readonly SweeperModel model;
    private readonly IPlatform platform;
    private readonly StreetNetwork map;
    private readonly ArcLocator locator;
    private readonly OddMonitor odd = new(OddModel.Default);
    private readonly MotionGuard guard;
    private Actuation given = new(0, 0, false) { ParkingBrake = true };
    private StreetNow here = StreetNow.Unknown;
    private StreetNow? ahead;
    private List<Leg> legs = [];
    private List<PilotLeg> way = [];
    private int tick;
    private double startedS = double.NaN;
    private bool hasStarted;
    private double fixX = double.NaN, fixY = double.NaN, movedAtS;

    public SelfDriving(SweeperModel model, StreetNetwork map, IPlatform platform)
    {
        (this.model, this.map, this.platform) = (model, map, platform);
        (locator, guard, Pilot) = (new(map), new(model, new()), new(model, map));
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

    /// <summary>What the guard did in the last step; of its ticks the harder.</summary>
    public MotionVerdict Verdict { get; private set; }

    /// <inheritdoc cref="MotionGuard.Impairment"/>
    public MotionCause Impairment => guard.Impairment;

    /// <summary>Where the vehicle may be; null: everywhere.</summary>
    public AreaTest? Area { get; set; }

    /// <summary>It stands, by the wheels; where these are not to be trusted, by satellites while it brakes.</summary>
    public bool IsStanding => Pilot.State.IsStanding || StandsByGnss;

    /// <summary>The place where the pilot is on the order's way; null before it has one.</summary>
    public (Leg Leg, double AtM)? Place => Pilot.State.Leg is >= 0 and var leg && leg < legs.Count ? (legs[leg], Pilot.State.LegM) : null;

    /// <summary>The minimal risk condition was ended: where its cause still holds, the next step begins another.</summary>
    public void EndMrm()
    {
        guard.EndMrm();
        Verdict = default;
    }

    /// <summary>Gives the pilot its way, where that is another than it has.</summary>
    /// <param name="ahead">Legs still to be driven, the present one first.</param>
    public void Follow(IEnumerable<(Leg Leg, SweepSide? Sweep)> ahead, double offsetM)
    {
        var (nextLegs, nextWay) = (new List<Leg>(), new List<PilotLeg>());
        foreach (var (leg, sweep) in ahead)
        {
            nextLegs.Add(leg);
            nextWay.Add(new(leg.Arc, 0, sweep, leg.LimitMps, leg.StopsAtEnd));
        }

        var from = nextLegs.Count > 0 ? legs.IndexOf(nextLegs[0]) : -1;
        if (from >= 0 && way.Count - from == nextWay.Count && way.Skip(from).SequenceEqual(nextWay))
        {
            return;
        }

        (legs, way) = (nextLegs, nextWay);
        Pilot.Follow([.. nextWay.Select((leg, i) => i == 0 ? leg with { FromM = offsetM } : leg)]);
    }

    /// <summary>The number that the pilot gives a leg; −1 if it is not on its way.</summary>
    public int IndexOf(Leg leg) => legs.IndexOf(leg);

    /// <summary>Lets one step of the vehicle pass.</summary>
    /// <param name="mode">How it stands to its supervision.</param>
    public void Step(in PilotTask task, SafetyMode mode, bool isDeactivated)
    {
        var worst = default(MotionVerdict);
        for (var i = 0; i < TicksPerStep; i++)
        {
            Tick(task, mode, isDeactivated);
            worst = guard.Verdict.Action >= worst.Action ? guard.Verdict : worst;
        }

        Verdict = worst;
    }

    private void Tick(in PilotTask task, SafetyMode mode, bool isDeactivated)
    {
        platform.Tick(given, Frame);
        WatchFix();
        var wanted = Pilot.Step(Flaws?.Seen(Frame) ?? Frame, task with { Mrm = guard.Verdict.Strategy });
        wanted = Flaws?.Late(wanted) ?? wanted;
        if (!HasStarted())
        {
            // It does not yet know where it is, or sees nothing yet: nothing to judge, and nothing moves.
            given = new(0, 0, false) { ParkingBrake = true };
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
        for (var i = legs.IndexOf(place.Leg) + 1; i < legs.Count && restM > 0; i++)
        {
            var middle = legs[i].PointAt(Math.Min(restM, legs[i].LengthM));
            ahead = StreetNow.Of(map, locator, middle, legs[i].HeadingRad(Math.Min(restM, legs[i].LengthM)));
            restM -= legs[i].LengthM;
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
    private bool StandsByGnss =>
        (Verdict.Causes & BadWheels) != 0 && given.AccelerationMps2 < -0.5 && Frame.TimeS - movedAtS > StandsAfterS;

    /// <summary>Notes when the satellites last showed that the vehicle moves.</summary>
    private void WatchFix()
    {
        if (!double.IsNaN(Frame.GnssX) && (double.IsNaN(fixX) || Math.Abs(Frame.GnssX - fixX) + Math.Abs(Frame.GnssY - fixY) > MovedM))
        {
            (fixX, fixY, movedAtS) = (Frame.GnssX, Frame.GnssY, Frame.TimeS);
        }
    }

    private bool IsInJunction(Leg leg, double atM)
    {
        const double mouthM = 8;
        return (atM < mouthM && Arms(map.ArcTail[leg.Arc]) > 2) || (leg.LengthM - atM < mouthM && Arms(map.ArcHead[leg.Arc]) > 2);
    }

    private int Arms(int node) => map.FirstOut[node + 1] - map.FirstOut[node];
}
