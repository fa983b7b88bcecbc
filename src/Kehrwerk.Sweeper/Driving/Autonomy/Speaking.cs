using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Safety.Motion;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>What the vehicle says to those around it: the announcements of the safety profile, and what its display shows. Pure.</summary>
internal static class Speaking
{
    // It says so far ahead that it will turn, m.
    private const double TurnAheadM = 25;

    public static void Say(PilotState state, Way? way, ReferenceLine line, in Trajectory trajectory, in PilotTask task, in PlanRequest ask, double alongM)
    {
        var isMrm = task.Mrm != MrmStrategy.None;
        var said = 0u;
        Add(ref said, Announcement.WorkLights, way is not null && (state.IsSweeping || !state.IsStanding));
        Add(ref said, Announcement.SettingOff, state.Behaviour == Behaviour.Announce);
        Add(ref said, Announcement.Stopping, way is not null && !state.IsStanding && (trajectory.Stops || task.HaltMps2 is not null));
        Add(ref said, Announcement.Reversing, way is not null && line.Direction < 0 && !state.IsAtEnd);
        Add(ref said, Announcement.HazardLights, isMrm || state.Behaviour == Behaviour.Wait);
        Add(ref said, Announcement.MinimalRiskManoeuvre, isMrm && !state.IsStanding);
        Add(ref said, Announcement.MinimalRiskCondition, isMrm && state.IsStanding);
        state.Announced = said;
        state.Saying = way is null ? Saying.Nothing
            : state.Behaviour == Behaviour.Announce ? Saying.SettingOff
            : state.Blocked != BlockReason.None ? Saying.AskingForHelp
            : line.Direction < 0 ? Saying.Reversing
            : state.Yields is YieldReason.Emergency or YieldReason.Queue ? Saying.MakingRoom
            : state.Behaviour == Behaviour.Yield ? Saying.WaitingForYou
            : trajectory.Across.ToM - ask.D > 0.5 ? Saying.SwervingLeft
            : trajectory.Across.ToM - ask.D < -0.5 ? Saying.SwervingRight
            : Turning(way, alongM) is var turn && turn != Saying.Nothing ? turn
            : state.IsSweeping ? Saying.Working
            : Saying.Nothing;
    }

    private static Saying Turning(Way way, double alongM)
    {
        for (var i = 0; i < way.Crossings.Count; i++)
        {
            var crossing = way.Crossings[i];
            if (crossing.AlongM - alongM is > -8 and < TurnAheadM && Math.Abs(crossing.TurnRad) > 0.5)
            {
                return crossing.TurnRad > 0 ? Saying.TurningLeft : Saying.TurningRight;
            }
        }

        return Saying.Nothing;
    }

    private static void Add(ref uint said, Announcement one, bool holds) => said |= holds ? 1u << (int)one : 0;
}
