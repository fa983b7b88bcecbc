using System.Numerics;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Safety.Motion;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>What the driving in full reports as errors: what its monitoring found, and that it cannot go on by itself.</summary>
internal static class SelfReports
{
    /// <summary>Type of the error of a vehicle that does not know where it is since its program began.</summary>
    public const string NoPosition = "noPosition";

    /// <summary>The most that are reported at once; the gravest come first.</summary>
    public const int MaxErrors = 8;

    // Keeping distances and limits is driving, not a fault.
    private static readonly ulong Ordinary = Bits(
        MotionCause.None, MotionCause.ObjectAhead, MotionCause.PersonNear, MotionCause.ViewTooShort, MotionCause.SpeedLimit, MotionCause.BendTooFast,
        MotionCause.Unsupervised, MotionCause.Deactivated, MotionCause.SupervisionEnded);

    /// <summary>The causes that are told, one bit each.</summary>
    public static ulong Told(SelfDriving? self) => self is null ? 0 : self.Verdict.Causes & ~Ordinary;

    public static IEnumerable<RobotError> Errors(SelfDriving? self)
    {
        if (self is null)
        {
            yield break;
        }

        var left = MaxErrors;
        if (self.IsWithoutPosition)
        {
            left--;
            yield return new(NoPosition, ErrorLevel.Fatal, Words(BlockReason.NoPosition), "Look at its satellite receiver, or move it to where the sky is free");
        }

        if (self.Pilot.State is { Blocked: not BlockReason.None } state)
        {
            left--;
            yield return new(Corridors.CorridorPass.WayBlocked, ErrorLevel.Urgent, Words(state.Blocked), "Judge what it proposes, or clear the way");
        }

        for (var bits = Told(self); bits != 0 && left > 0; bits &= bits - 1, left--)
        {
            var cause = (MotionCause)BitOperations.TrailingZeroCount(bits);
            var (consequence, _, text) = MotionCauses.Of(cause);
            yield return new(cause.Code(), consequence == Consequence.Mrm ? ErrorLevel.Fatal : consequence == Consequence.Report ? ErrorLevel.Warning : ErrorLevel.Urgent, text, "Look into the vehicle's log");
        }
    }

    /// <summary>What the profile calls that cause; null where supervision itself is the cause.</summary>
    public static MrcCause? CauseOf(MotionCause cause) => cause switch
    {
        MotionCause.None or MotionCause.Unsupervised or MotionCause.Deactivated or MotionCause.SupervisionEnded => null,
        MotionCause.Contact => MrcCause.Contact,
        MotionCause.OddOutside or MotionCause.AreaLeft or MotionCause.WitsEnd => MrcCause.SystemLimit,
        _ => MrcCause.Fault,
    };

    private static string Words(BlockReason reason) => reason switch
    {
        BlockReason.HaltGesture => "A person halts the vehicle",
        BlockReason.Narrow => "The way is too narrow to go on",
        BlockReason.TooNear => "Somebody or something is too near beside the vehicle to set off",
        BlockReason.DockFailed => "The vehicle does not come into its bay",
        BlockReason.NoPosition => "The vehicle does not know well enough where it is to set off",
        _ => "Something lies on the way that the vehicle may not or cannot pass by itself",
    };

    private static ulong Bits(params ReadOnlySpan<MotionCause> causes)
    {
        var bits = 0UL;
        foreach (var cause in causes)
        {
            bits |= 1UL << (int)cause;
        }

        return bits;
    }
}
