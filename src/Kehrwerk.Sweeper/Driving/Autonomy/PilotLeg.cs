using Kehrwerk.Link;
using Kehrwerk.Sweeper.Safety.Motion;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>One arc of the way that the pilot drives.</summary>
/// <param name="FromM">Where on the arc it begins, metres from the arc's start; 0 but on the first leg.</param>
/// <param name="Sweep">The kerb that is swept, seen in the direction of the arc; null if none.</param>
/// <param name="MostMps">Greatest speed, m/s, before the limits of vehicle, bends and situation.</param>
/// <param name="StopsAtEnd">Stands at its end, with the middle of the rear axle at the node.</param>
/// <param name="DocksAtEnd">Its end is a bay with a marker, on which it docks.</param>
internal readonly record struct PilotLeg(int Arc, double FromM, SweepSide? Sweep, double MostMps, bool StopsAtEnd = false, bool DocksAtEnd = false);

/// <summary>A place on the way: index of the leg, and metres from the start of its arc.</summary>
internal readonly record struct PilotStop(int Leg, double AtM);

/// <summary>What the mission and the safety rules want of the pilot at one tick.</summary>
internal readonly record struct PilotTask
{
    /// <summary>Brake to standstill with this, m/s² as a positive number; null: no halt is wanted.</summary>
    public double? HaltMps2 { get; init; }

    /// <summary>Where it must stand before its way ends.</summary>
    public PilotStop? Stop { get; init; }

    /// <summary>It may leave standstill.</summary>
    public bool MaySetOff { get; init; }

    public MrmStrategy Mrm { get; init; }

    /// <summary>The safety layer did not let it set off in the tick before, because of what is too near.</summary>
    public bool IsVetoed { get; init; }

    /// <summary>A service of the depot is under way: it stands at the bay.</summary>
    public bool IsServing { get; init; }

    /// <summary><see cref="Proposal.Id"/> that a supervisor has released, for as long as the release lasts; 0 if none. What is under way ends with it.</summary>
    public int Released { get; init; }
}

/// <summary>Why a stretch that was to be swept was not.</summary>
internal enum MissedReason : byte { None, ParkedVehicle, Obstacle, MadeWay, Manoeuvre, Broom, Frost, Halted }

/// <summary>A stretch of a kerb that the broom did not reach.</summary>
internal readonly record struct MissedStretch(int Leg, double FromM, double ToM, MissedReason Reason);

/// <summary>Why the vehicle stands and cannot go on by itself.</summary>
internal enum BlockReason : byte { None, Object, HaltGesture, Narrow, DockFailed, NoPosition, TooNear }

/// <summary>What the released stretch of a manoeuvre is allowed beyond the rules that the pilot keeps by itself.</summary>
internal enum ManoeuvreKind : byte
{
    /// <summary>Over a line that it takes for solid, or over the middle of the street.</summary>
    CrossLine,

    /// <summary>Nearer to what stands there than it would by itself, at walking pace.</summary>
    Squeeze,

    /// <summary>Both.</summary>
    CrossLineAndSqueeze,

    /// <summary>On past the person who halts it.</summary>
    PassGesture,
}

/// <summary>A manoeuvre that the pilot proposes where it stands blocked, StVG § 1e (2) no. 3.</summary>
/// <param name="Id">Counts up from 1 over the life of the pilot.</param>
/// <param name="FromM">Metres along the arc of <paramref name="Leg"/> where it begins.</param>
/// <param name="LengthM">How long it is.</param>
/// <param name="OffsetsM">Middle of the vehicle to the left of the way's line, every 2 m from where it begins.</param>
/// <param name="ClearM">The smallest distance to anything that it is to keep.</param>
/// <param name="Text">In words, for the supervisor.</param>
/// <param name="Seen">What it saw.</param>
internal sealed record Proposal(int Id, ManoeuvreKind Kind, int Leg, double FromM, double LengthM, IReadOnlyList<double> OffsetsM, double ClearM, string Text, string Seen)
{
    /// <summary>Where the vehicle's reference point goes, in the city's frame; at most <see cref="Manoeuvres.MostPoints"/>.</summary>
    public IReadOnlyList<Kehrwerk.Streets.MapPoint> Points { get; init; } = [];
}
