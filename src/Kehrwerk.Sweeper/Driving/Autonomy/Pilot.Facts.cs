using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

// What hinders the vehicle, what decides about its behaviour, and what it says of both.
internal sealed partial class Pilot
{
    /// <summary>Whether it stands before something, since when, and what it asks for.</summary>
    private void Hindrance(SensorFrame frame, in PilotTask task)
    {
        var isByHand = situation.IsHaltedByHand && situation.StopM < ask.AlongM + 8;
        var isBefore = trajectory is { Stops: true, Blocker: > -2 } && ask.AlongM + trajectory.FreeM - ask.StandoffM < ask.StopM - 0.5;
        var isWaiting = situation.Reason is YieldReason.Oncoming or YieldReason.Traffic;
        var isFailed = isDocking && docking.HasFailed;
        var nearest = WatchHeld(frame, task);
        var isHeld = heldS > HeldAfterS && !isByHand && !isFailed && (!isBefore || isWaiting);
        if (!State.IsStanding || !task.MaySetOff || (!isFailed && !isByHand && !isHeld && (!isBefore || isWaiting)))
        {
            hinderedSinceS = double.NaN;
            if (State.Blocked != BlockReason.None)
            {
                (State.Blocked, State.BlockedSinceS, State.BlockedBy) = (BlockReason.None, double.NaN, 0);
                if (manoeuvres.Active is null)
                {
                    manoeuvres.Forget();
                }
            }

            return;
        }

        hinderedSinceS = double.IsNaN(hinderedSinceS) ? frame.TimeS : hinderedSinceS;
        var blocker = isByHand ? -1 : isHeld ? nearest : trajectory.Blocker < obstacles.All.Length ? trajectory.Blocker : -1;

        // Past a person who is too near the safety layer lets it by no manoeuvre.
        var hasNone = isFailed || (isHeld && (blocker < 0 || obstacles.All[blocker].IsPerson));
        if (State.Blocked == BlockReason.None && (isHeld || frame.TimeS - hinderedSinceS > (isByHand ? GestureBlockedAfterS : BlockedAfterS)))
        {
            State.Blocked = isFailed ? BlockReason.DockFailed : isByHand ? BlockReason.HaltGesture : isHeld ? BlockReason.TooNear : blocker >= 0 ? BlockReason.Object : BlockReason.Narrow;
            State.BlockedSinceS = hinderedSinceS;
            var track = isByHand ? situation.YieldsTo : blocker >= 0 ? obstacles.All[blocker].Track : -1;
            State.BlockedBy = track >= 0 ? tracking.Tracks[track].Id : 0;
            Propose(isByHand, hasNone, blocker);
        }
        else if (State.Blocked != BlockReason.None && manoeuvres.RefusedAtS + ProposesAgainS < frame.TimeS)
        {
            // What it refused after it was released may hold now: it looks again, and asks again.
            Propose(isByHand, hasNone, blocker);
        }
    }

    /// <summary>
    /// Counts how long it has been held at standstill though it wants to set off: by the safety layer, or because somebody is too near. What holds it once is
    /// looked at until it has gone.
    /// </summary>
    /// <returns>What stands nearest to the body; −1: nothing.</returns>
    private int WatchHeld(SensorFrame frame, in PilotTask task)
    {
        var (nearest, standingM, gapM) = (-1, double.PositiveInfinity, double.PositiveInfinity);
        for (var i = 0; i < obstacles.All.Length; i++)
        {
            ref readonly var o = ref obstacles.All[i];
            gapM = Math.Min(gapM, o.GapM);
            (nearest, standingM) = !o.IsMoving && o.GapM < standingM ? (i, o.GapM) : (nearest, standingM);
        }

        if (!State.IsStanding || !task.MaySetOff || task.HaltMps2 is not null)
        {
            heldS = 0;
        }
        else if (task.IsVetoed || waitsForSomebody)
        {
            (heldS, heldGapM, heldAtS) = (heldS + IPlatform.TickS, gapM, frame.TimeS);
        }
        else if (heldS <= HeldAfterS)
        {
            heldS = Math.Max(0, heldS - IPlatform.TickS);
        }
        else if (gapM > heldGapM + GoneM || frame.TimeS - heldAtS > TriesAgainS)
        {
            heldS = 0;
        }

        return nearest;
    }

    private void Propose(bool isByHand, bool hasNone, int blocker)
    {
        manoeuvres.Forget();
        if (!hasNone)
        {
            manoeuvres.Propose(way!, State.Leg, State.LegM, blocker, isByHand, ask, line, obstacles, planner, tracking.Tracks);
        }
    }

    private Facts FactsNow(in PilotTask task, double nowS)
    {
        var place = way!.Path.At(alongM);
        (State.Leg, State.LegM) = (place.Leg, place.LegM);
        var leg = way.Leg(place.Leg);
        var restM = StopM(task with { Stop = null }) - alongM;
        var isLast = gear + 1 == way.GearCount;
        isDocking = isLast && leg.DocksAtEnd && place.Leg == way.Path.Legs.Count - 1 && way.Path.LengthM - alongM < Docking.BeginsM && (isDocking || docking.IsLed);
        var stopM = task.Stop is { } at ? way.StopM(at) : double.PositiveInfinity;
        State.IsDocked = isDocking && docking.IsDone;
        State.IsAtEnd = isLast && State.IsStanding && (leg.DocksAtEnd ? State.IsDocked : way.Path.LengthM - alongM < 0.4);
        var isAtOwn = State.IsStanding && isLast && restM < 0.4 && !leg.DocksAtEnd;
        State.IsAtStop = State.IsStanding && (State.IsAtEnd || isAtOwn || stopM - alongM < 0.4 || Math.Abs(way.NextStopM(stoodAtM) - alongM) < 0.4);
        if (State.IsAtStop && !State.IsAtEnd && task.MaySetOff && stoodS > ToldS && stopM - alongM > 0.4 && way.NextStopM(stoodAtM) - alongM < 0.4 && State.Behaviour == Behaviour.Stopped)
        {
            // It has stood there and said so; leave to set off is leave to go on.
            stoodAtM = way.NextStopM(stoodAtM);
            State.IsAtStop = false;
        }

        var isYielding = situation.Reason is YieldReason.RightOfWay or YieldReason.Gesture or YieldReason.Emergency && situation.StopM - alongM < 25;
        isYielding |= situation.Reason is YieldReason.Oncoming or YieldReason.Traffic or YieldReason.Queue;
        if (trajectory is { Stops: true, Blocker: -2 } && ask.StopM - alongM > 2)
        {
            // Nothing stands there, and yet it stops: somebody moves.
            isYielding = true;
            situation.Reason = situation.Reason == YieldReason.None ? YieldReason.Person : situation.Reason;
        }

        var facts = Facts.HasWay;
        Set(ref facts, Facts.MaySetOff, task.MaySetOff && Where.PositionStdM < LostStdM);
        Set(ref facts, Facts.IsHalted, task.HaltMps2 is not null);
        Set(ref facts, Facts.IsMrm, task.Mrm != MrmStrategy.None);
        Set(ref facts, Facts.IsStanding, State.IsStanding);
        Set(ref facts, Facts.IsServed, task.IsServing);
        Set(ref facts, Facts.HasAnnounced, State.Behaviour == Behaviour.Announce && nowS - announcedS >= AnnounceS);
        Set(ref facts, Facts.MustYield, isYielding);
        Set(ref facts, Facts.IsBlocked, State.Blocked != BlockReason.None && manoeuvres.Active is null);
        Set(ref facts, Facts.IsPassing, isCrossing || (!situation.KeepsRight && Math.Abs(trajectory.Across.ToM - ask.TargetM) > 0.4));
        Set(ref facts, Facts.IsTurning, way.IsTurning(alongM));
        Set(ref facts, Facts.IsDocking, isDocking);
        Set(ref facts, Facts.IsSweeping, leg.Sweep is not null);
        Set(ref facts, Facts.IsAtStop, State.IsAtStop);
        return facts;
    }

    private static void Set(ref Facts facts, Facts one, bool holds) => facts |= holds ? one : Facts.None;

    private void Sweep(SensorFrame frame, in PilotTask task)
    {
        var leg = way!.Leg(State.Leg);
        ref readonly var at = ref line.Near(alongM);
        var besideM = at.IsTurn ? 0 : Math.Abs(asideM - Target(leg, false));
        var blocker = trajectory.Blocker >= 0 && trajectory.Blocker < obstacles.All.Length ? obstacles.All[trajectory.Blocker].Track : -1;
        var why = manoeuvres.Active is not null ? MissedReason.Manoeuvre
            : situation.KeepsRight || situation.Reason is YieldReason.Emergency or YieldReason.Queue ? MissedReason.MadeWay
            : blocker >= 0 && !tracking.Tracks[blocker].IsVehicle ? MissedReason.Obstacle
            : IsBesideVehicle() ? MissedReason.ParkedVehicle
            : MissedReason.Obstacle;
        // In a minimal risk manoeuvre the broom is up (SP-MODE-5): what it passes is missed.
        var isMrm = task.Mrm != MrmStrategy.None;
        work.Step(State.Leg, State.LegM, leg.Sweep, isMrm ? double.PositiveInfinity : besideM, isMrm ? MissedReason.Halted : why, frame.IsFaulty(Device.BroomMotor) || way.IsTurning(alongM));
        (State.IsSweeping, State.Missing) = (work.IsSweeping, work.Missing);
    }

    private bool IsBesideVehicle()
    {
        foreach (ref readonly var o in obstacles.All)
        {
            if (!o.IsMoving && tracking.Tracks[o.Track].IsVehicle && Math.Abs(o.AlongM - alongM) < o.HalfAlongM + 12 && Math.Abs(o.AsideM) < 3)
            {
                return true;
            }
        }

        return false;
    }

    private void Report(SensorFrame frame, in PilotTask task)
    {
        (State.X, State.Y, State.HeadingRad, State.SpeedMps) = (Where.PositionX, Where.PositionY, Where.HeadingRad, Where.SpeedMps);
        (State.PositionStdM, State.HeadingStdRad) = (Where.PositionStdM, Where.HeadingStdRad);
        (State.AlongM, State.AsideM) = way is null ? (0, 0) : (alongM, asideM);
        State.Leg = way is null ? -1 : State.Leg;
        State.IsFallback = way is not null && trajectory.IsFallback;
        (State.Yields, State.YieldsToTrack) = way is null ? (YieldReason.None, -1) : (situation.Reason, situation.YieldsTo);
        State.Proposals = manoeuvres.Proposals;
        (State.Manoeuvre, State.Refused, State.RefusedBecause) = (manoeuvres.Active?.Id ?? 0, manoeuvres.Refused, manoeuvres.RefusedBecause);
        State.Done = manoeuvres.Done;
        State.IsInMrc = task.Mrm != MrmStrategy.None && State.IsStanding;
        Speaking.Say(State, way, line, trajectory, task, ask, alongM);
    }
}
