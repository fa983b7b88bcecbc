using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Safety.Odd;

namespace Kehrwerk.Sweeper.Safety.Motion;

/// <summary>Whether a place lies in the approved operating area; metres in the city's frame.</summary>
internal delegate bool AreaTest(double x, double y);

/// <summary>Where the driving program believes to be, with its own idea of its standard deviation.</summary>
internal readonly record struct PoseClaim(double X, double Y, double HeadingRad, double StdM, double HeadingStdRad);

/// <summary>What the guard is told besides what the sensors say.</summary>
internal readonly record struct MotionContext
{
    /// <summary>From the lease layer (<see cref="SafetyLayer"/>).</summary>
    public required SafetyMode Mode { get; init; }

    /// <summary>The Technische Aufsicht deactivated it: it stops at once, where it is.</summary>
    public bool IsDeactivated { get; init; }

    public required PoseClaim Claim { get; init; }

    /// <summary>Null: the vehicle is on closed ground, without a border to keep.</summary>
    public AreaTest? Area { get; init; }

    /// <summary>What the map says of the street under the vehicle.</summary>
    public required StreetNow Street { get; init; }

    public OddStanding Odd { get; init; }

    /// <summary>The driving program wants to end in the minimal risk condition, because it does not know how to go on (V2).</summary>
    public bool IsAtWitsEnd { get; init; }

    /// <summary>Where the vehicle is as to a minimal risk manoeuvre, by the driving program.</summary>
    public bool IsInJunction { get; init; }

    /// <summary>Free length along the kerb ahead within reach, m.</summary>
    public double KerbRoomM { get; init; }
}

internal enum MotionAction : byte { None, Slowed, Stopping, Mrm }

/// <summary>What the guard did in one tick, and why.</summary>
/// <param name="Cause">What restrains the most; <see cref="MotionCause.None"/> if nothing does.</param>
/// <param name="ToMps">The speed to which it restrains.</param>
/// <param name="AccelerationMps2">What it gave.</param>
/// <param name="Strategy">Of the minimal risk manoeuvre in progress: the driving program has to follow it.</param>
internal readonly record struct MotionVerdict(MotionAction Action, MotionCause Cause, double ToMps, double AccelerationMps2, MrmStrategy Strategy)
{
    /// <summary>Time to collision with what is in the way as everything moves now, s; infinite without.</summary>
    public double TtcS { get; init; }

    /// <summary>All causes that hold, one bit each, also those that only are reported.</summary>
    public ulong Causes { get; init; }

    /// <summary>A distance was too short, with little time left (StVG § 1g (2) no. 2).</summary>
    public bool IsNearMiss { get; init; }

    /// <summary>The driving program swerves from something that is too near (no. 3).</summary>
    public bool IsEvasion { get; init; }

    /// <summary>Both as one of the ticks of a step: the harder action, the later of equals, and nothing of what only one of them saw is lost.</summary>
    public MotionVerdict With(in MotionVerdict before) => (Action >= before.Action ? this : before) with
    {
        TtcS = Math.Min(TtcS, before.TtcS),
        Causes = Causes | before.Causes,
        IsNearMiss = IsNearMiss || before.IsNearMiss,
        IsEvasion = IsEvasion || before.IsEvasion,
    };

    /// <summary>Why an event is to be recorded; null: no occasion. What a person did, or missing supervision, is recorded as such.</summary>
    public Occasion? Occasion => IsNearMiss || Cause == MotionCause.Contact ? Link.Messages.Occasion.Conflict
        : IsEvasion ? Link.Messages.Occasion.Evasion
        : Action == MotionAction.Mrm && Cause is not (MotionCause.Deactivated or MotionCause.SupervisionEnded) ? Link.Messages.Occasion.Disturbance
        : null;
}
