using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving;

/// <summary>
/// Backs out of a place in which the vehicle has stood for long and out of which neither the pilot nor a release has brought it: a few metres backwards, into the
/// direction of its line, where its sensors see the ground behind it free. Then the pilot plans anew. The motion guard watches over it as over all else. Not
/// thread-safe.
/// </summary>
internal sealed class BackingOut(SweeperModel model)
{
    // It has stood so long: wanting to drive on, with nothing left to ask, or with something asked that nobody released, s.
    private const double StuckS = 30, UnaskedS = 20, UnansweredS = 150;

    // Coming less far than this within that time is standing, m.
    private const double CreepM = 0.5;

    // From the rear, and to each side of the body, so much stays free, m.
    private const double BehindM = 1.2, BesideM = 0.25, LeastM = 2;

    private const double MostMps = 0.5, AnnounceS = 2, HinderedS = 5, NewPlaceM = 15;

    // Held by the motion guard for so long, it gives up, s.
    private const double HeldS = 5;

    private static readonly double[] TriesM = [4, 6, 8];

    // Before a thing that lies there, backing out shows the pilot once whether there is a way past; another try shows nothing new.
    private const int BlockedTries = 1;

    private int tries;
    private double fromX, fromY, stuckX, stuckY, sinceS = double.NaN, blockedS = double.NaN, wayM, doneM, beganS, hinderedS, heldS;

    /// <summary>It drives backwards, or is about to.</summary>
    public bool IsUnderWay => wayM > 0;

    /// <summary>What it wants of the hardware instead of the pilot; null: it leaves it to the pilot.</summary>
    public Actuation? Look(Pilot pilot, SensorFrame frame, in PilotTask task, in Actuation wanted)
    {
        var state = pilot.State;
        var (dx, dy) = (state.X - stuckX, state.Y - stuckY);
        if ((dx * dx) + (dy * dy) > NewPlaceM * NewPlaceM)
        {
            (stuckX, stuckY, tries) = (state.X, state.Y, 0);
        }

        if (IsUnderWay)
        {
            return Drive(pilot, frame, task, wanted);
        }

        if (IsStuck(state, frame.TimeS, task) && tries < (state.Blocked == BlockReason.None ? TriesM.Length : BlockedTries) && FreeBehindM(frame, TriesM[tries]) is >= LeastM and var freeM)
        {
            (wayM, doneM, beganS, hinderedS, heldS) = (freeM, 0, frame.TimeS, 0, 0);
            tries++;
            return Drive(pilot, frame, task, wanted);
        }

        return null;
    }

    private bool IsStuck(PilotState state, double nowS, in PilotTask task)
    {
        var (dx, dy) = (state.X - fromX, state.Y - fromY);
        var mayDrive = state.Leg >= 0 && task is { MaySetOff: true, HaltMps2: null, IsServing: false, Mrm: Safety.Motion.MrmStrategy.None } && !state.IsAtStop && !state.IsAtEnd && state.Manoeuvre == 0;
        var isYielding = state.Yields is not (YieldReason.None or YieldReason.Person) && state.Blocked == BlockReason.None;
        if (!mayDrive || isYielding || !((dx * dx) + (dy * dy) < CreepM * CreepM))
        {
            (fromX, fromY, sinceS, blockedS) = (state.X, state.Y, nowS, double.NaN);
            return false;
        }

        sinceS = double.IsNaN(sinceS) ? nowS : sinceS;
        blockedS = state.Blocked == BlockReason.None ? double.NaN : double.IsNaN(blockedS) ? nowS : blockedS;
        return state.Blocked is BlockReason.None or BlockReason.Object or BlockReason.Narrow or BlockReason.TooNear
            && nowS - sinceS > (state.Blocked == BlockReason.None ? StuckS : state.Proposals.Count == 0 ? UnaskedS : UnansweredS);
    }

    private Actuation? Drive(Pilot pilot, SensorFrame frame, in PilotTask task, in Actuation wanted)
    {
        var speed = Math.Abs(frame.WheelMps);
        doneM += double.IsNaN(speed) ? 0 : speed * IPlatform.TickS;
        var isHindered = FreeBehindM(frame, 1) < 1;
        hinderedS = isHindered ? hinderedS + IPlatform.TickS : 0;
        heldS = task.IsVetoed ? heldS + IPlatform.TickS : 0;
        var isOver = doneM >= wayM - 0.05 || hinderedS > HinderedS || heldS > HeldS || task.HaltMps2 is not null || !task.MaySetOff || task.Mrm != Safety.Motion.MrmStrategy.None;
        if (isOver && speed < 0.05)
        {
            (wayM, sinceS) = (0, double.NaN);
            return null;
        }

        ref readonly var at = ref pilot.Line.Near(pilot.State.AlongM);
        var offRad = Math.IEEERemainder(pilot.State.HeadingRad - at.HeadingRad, 2 * Math.PI);
        var steering = Controller.ToLineRad(model, 0, offRad, -1);
        var isSaying = frame.TimeS - beganS < AnnounceS;
        var restM = Math.Max(0, wayM - doneM);
        var wantedMps = isOver || isHindered || isSaying ? 0 : Math.Min(MostMps, Math.Sqrt(0.7 * restM));
        var acceleration = wantedMps <= 0 ? -1.0 : Math.Clamp(2.5 * (wantedMps - speed), -1.2, 0.4);
        return wanted with
        {
            AccelerationMps2 = task.HaltMps2 is { } halt ? -halt : acceleration,
            SteeringRad = steering,
            IsReverse = true,
            ParkingBrake = acceleration < 0 && speed < 0.05,
            BroomLeft = false,
            BroomRight = false,
            SuctionShare = 0,
            Water = false,
            Announced = wanted.Announced | (1u << (int)Announcement.Reversing) | (1u << (int)Announcement.HazardLights) | (isSaying ? 1u << (int)Announcement.SettingOff : 0),
        };
    }

    /// <summary>How far the ground behind is free, at most as far as asked, m.</summary>
    private double FreeBehindM(SensorFrame frame, double mostM)
    {
        var freeM = mostM;
        foreach (ref readonly var seen in frame.Objects)
        {
            // As a round thing, so that its direction does not matter.
            var reach = Math.Max(seen.WidthM, Math.Min(seen.LengthM, 2 * Math.Abs(seen.LengthM * Math.Cos(seen.HeadingRad)))) / 2;
            var across = Math.Max(seen.WidthM, Math.Abs(seen.LengthM * Math.Sin(seen.HeadingRad))) / 2;
            var behindM = -seen.X - model.RearOverhangM - reach;
            if (-seen.X > 0 && Math.Abs(seen.Y) - across < (model.WidthM / 2) + BesideM)
            {
                freeM = Math.Min(freeM, behindM - BehindM);
            }
        }

        return Math.Max(0, freeM);
    }
}
