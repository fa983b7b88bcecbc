using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>What the vehicle tells those around it besides <see cref="Announcement"/>, for light bands and display.</summary>
internal enum Saying : byte { Nothing, SettingOff, TurningLeft, TurningRight, SwervingLeft, SwervingRight, WaitingForYou, MakingRoom, Reversing, Working, AskingForHelp }

/// <summary>What the pilot knows and does; read after each tick, overwritten at the next.</summary>
internal sealed class PilotState
{
    public Behaviour Behaviour { get; internal set; }

    /// <summary>Estimated pose of the reference point in the city's frame, m and rad; speed along the vehicle, m/s.</summary>
    public double X { get; internal set; }

    public double Y { get; internal set; }
    public double HeadingRad { get; internal set; }
    public double SpeedMps { get; internal set; }

    /// <summary>Standard deviations of position (worst direction) and heading.</summary>
    public double PositionStdM { get; internal set; }

    public double HeadingStdRad { get; internal set; }

    /// <summary>Progress: index of the leg in the way that was given last, and metres from the start of its arc. -1 without a way.</summary>
    public int Leg { get; internal set; } = -1;

    public double LegM { get; internal set; }

    /// <summary>Metres along the whole way, and to the left of its line.</summary>
    public double AlongM { get; internal set; }

    public double AsideM { get; internal set; }

    public bool IsStanding { get; internal set; } = true;

    /// <summary>It stands at the stop that was asked for, at the end of a leg that has one, or at the end of its way.</summary>
    public bool IsAtStop { get; internal set; }

    /// <summary>Its way is driven, and docked where that was asked for.</summary>
    public bool IsAtEnd { get; internal set; }

    public bool IsDocked { get; internal set; }
    public bool IsSweeping { get; internal set; }
    public MissedReason Missing { get; internal set; }

    /// <summary>Wish for <see cref="Actuation.Announced"/>.</summary>
    public uint Announced { get; internal set; }

    public Saying Saying { get; internal set; }

    /// <summary>Why and for whom it waits or makes room; -1 if no track.</summary>
    public YieldReason Yields { get; internal set; }

    public int YieldsToTrack { get; internal set; } = -1;

    /// <summary>Why it cannot go on by itself, since when (s, time of the frames), and the <see cref="Track.Id"/> of what is in the way (0: none).</summary>
    public BlockReason Blocked { get; internal set; }

    public double BlockedSinceS { get; internal set; } = double.NaN;

    public int BlockedBy { get; internal set; }

    /// <summary>Manoeuvres that it proposes while it is blocked; up to three.</summary>
    public IReadOnlyList<Proposal> Proposals { get; internal set; } = [];

    /// <summary>The released manoeuvre under way; 0 if none. And the one that it refused last, with the reason.</summary>
    public int Manoeuvre { get; internal set; }

    /// <summary>The manoeuvre that was driven to its end last; 0 if none.</summary>
    public int Done { get; internal set; }

    public int Refused { get; internal set; }

    public string RefusedBecause { get; internal set; } = "";

    /// <summary>The last cycle found nothing free and brakes.</summary>
    public bool IsFallback { get; internal set; }

    /// <summary>It stands in its minimal risk condition.</summary>
    public bool IsInMrc { get; internal set; }
}
