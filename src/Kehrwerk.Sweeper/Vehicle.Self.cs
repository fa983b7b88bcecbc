using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper;

/// <summary>Driving in full: the order's legs go to the pilot, and what the pilot does counts as progress on them.</summary>
internal sealed partial class Vehicle
{
    /// <summary>Gives the driving program its way, where there is one and it has changed.</summary>
    private void GiveWay() => Self?.Follow(
        Drive.Ahead.Select(leg => (leg, leg.SequenceId is { } sequenceId ? Actions.SideOf(sequenceId) : null)), Drive.OffsetM);

    /// <summary>Where the broom does not reach the kerb though it should: why. The pilot also lifts it where it turns off.</summary>
    private static string? ReasonOf(MissedReason missing, SelfDriving self) => missing switch
    {
        MissedReason.None => null,
        MissedReason.ParkedVehicle => MissedReasons.ParkedVehicle,
        MissedReason.MadeWay => MissedReasons.MadeWay,
        MissedReason.Manoeuvre => MissedReasons.Manoeuvre,
        MissedReason.Broom => self.Frame.IsFaulty(Device.BroomMotor) ? MissedReasons.Broom : MissedReasons.Corner,
        MissedReason.Frost => MissedReasons.Frost,
        MissedReason.Halted => MissedReasons.Halted,
        _ => MissedReasons.Obstacle,
    };

    private void DriveSelf(SelfDriving self, bool moves, double? haltMps2)
    {
        var mode = Guard?.Standing.Mode ?? SafetyMode.Supervised;
        self.Step(
            new()
            {
                HaltMps2 = haltMps2,
                Stop = Drive.Stop is { } stop && self.IndexOf(stop.Leg) is >= 0 and var index ? new PilotStop(index, stop.AtM)
                    : Drive.Last is { } last ? self.StopBefore(last) : null,
                MaySetOff = moves,
                IsServing = Depot.HoldsVehicle && Drive.IsStanding,
                Released = Proposing.Released,
            },
            mode,
            Desk.IsDeactivated);
        Levels.Measure(self.Frame);
        var state = self.Pilot.State;
        Guard?.Announce(state.Behaviour == Behaviour.Announce);
        Proposing.Look(state, Book.Edges is [var edge, ..] ? (edge.EdgeId, edge.SequenceId) : null, SweeperProgram.StepS);
        if (!self.Pilot.Where.IsKnown)
        {
            return;
        }

        var restM = Drive.Follow(self.IsStanding ? 0 : Math.Abs(state.SpeedMps), new(state.X, state.Y), state.HeadingRad, self.Place, self.IsAtStop, Drive.Last is { } end ? SelfDriving.ShortOfM(end.LengthM) : 0);
        while (Drive.Leg is { } leg)
        {
            if (restM > 0 || !self.IsStanding)
            {
                Enter(leg);
            }

            var fromM = Drive.OffsetM;
            var reached = Drive.Roll(ref restM, out var rolledM);
            OdometerM += rolledM;
            if (Actions.IsSweeping && state.IsSweeping)
            {
                SweptM += rolledM;
                Actions.BookSwept(rolledM);
            }
            else if (Actions.IsSweeping && ReasonOf(state.Missing, self) is { } reason)
            {
                Actions.BookMissed(fromM, fromM + rolledM, reason);
            }

            if (reached is not null)
            {
                Reach(reached);
            }

            if (restM <= 0)
            {
                break;
            }
        }

        if (Actions.IsSweeping)
        {
            Actions.FailSweepIfExhausted();
            if (!Actions.IsSweeping)
            {
                SetLimits();
            }
        }
    }
}
