using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>How a vehicle stands to its supervision (safety profile, SP-MODE).</summary>
[JsonConverter(typeof(WireEnumConverter<SafetyMode>))]
public enum SafetyMode
{
    /// <summary>No lease and nothing under way: it stands, and goes on by itself when a lease comes.</summary>
    Waiting,

    /// <summary>A valid lease: it may drive.</summary>
    Supervised,

    /// <summary>Minimal risk manoeuvre: on its way to standstill.</summary>
    Mrm,

    /// <summary>Minimal risk condition: it stands until a supervisor ends that.</summary>
    Mrc,
}

/// <summary>Why a vehicle left its task (StVG § 1e (2) nos. 5, 7, 8, 10).</summary>
[JsonConverter(typeof(WireEnumConverter<MrcCause>))]
public enum MrcCause
{
    /// <summary>No valid lease for the configured time.</summary>
    LeaseLost,

    /// <summary>Leases came, but nobody was on duty.</summary>
    NobodyOnDuty,

    /// <summary>The Technische Aufsicht deactivated it.</summary>
    Deactivated,

    /// <summary>Its clock stood still or jumped: how old its lease is cannot be told.</summary>
    ClockJumped,

    /// <summary>Outside of its operating conditions or area, or at its wits' end.</summary>
    SystemLimit,

    /// <summary>Its self-monitoring found a fault with which it must not drive.</summary>
    Fault,

    /// <summary>Something has touched it.</summary>
    Contact,
}

/// <summary>What the vehicle says to those around it (safety profile, SP-OUT).</summary>
[JsonConverter(typeof(WireEnumConverter<Announcement>))]
public enum Announcement
{
    /// <summary>Rotating amber light, StVO § 38 (3): it works.</summary>
    WorkLights,

    /// <summary>Sound and text before and while it sets off.</summary>
    SettingOff,

    /// <summary>Text: it brakes to a stop.</summary>
    Stopping,

    /// <summary>Sound while it drives backwards.</summary>
    Reversing,

    /// <summary>Hazard lights.</summary>
    HazardLights,

    /// <summary>Text and sound: minimal risk manoeuvre.</summary>
    MinimalRiskManoeuvre,

    /// <summary>Text: it stands in the minimal risk condition.</summary>
    MinimalRiskCondition,

    /// <summary>It is about to turn off, or turns; so the next.</summary>
    TurningLeft,

    TurningRight,

    /// <summary>It leaves its line round something; so the next.</summary>
    SwervingLeft,

    SwervingRight,

    /// <summary>Text: it lets those go first to whom it is said.</summary>
    WaitingForYou,

    /// <summary>It goes to the side for who comes from behind.</summary>
    MakingRoom,

    /// <summary>Text: it cannot go on by itself and has asked the Centre.</summary>
    AskingForHelp,
}

/// <summary>What a vehicle says of its supervision: at each change, and every 5 s.</summary>
public sealed record SafetyReport : ProfileMessage
{
    public required SafetyMode Mode { get; init; }

    /// <summary>The highest epoch it has heard; 0 before the first lease.</summary>
    public required uint Epoch { get; init; }

    /// <summary>The newest lease that it took.</summary>
    public uint? LeaseId { get; init; }

    /// <summary>Seconds since it sent the report that this lease answers.</summary>
    [JsonConverter(typeof(NonNegativeConverter))]
    public double? LeaseAgeS { get; init; }

    /// <summary>So long it drives on a lease at most, seconds.</summary>
    [JsonConverter(typeof(NonNegativeConverter))]
    public required double LeaseTimeoutS { get; init; }

    /// <summary>Why the last lease was not taken, for a person.</summary>
    public string? LeaseRefusal { get; init; }

    /// <summary>Names this minimal risk condition, so that only this one can be ended; with <see cref="SafetyMode.Mrm"/> and <see cref="SafetyMode.Mrc"/>.</summary>
    public string? MrcId { get; init; }

    public MrcCause? Cause { get; init; }

    /// <summary>When the manoeuvre began, by the vehicle's clock.</summary>
    public DateTimeOffset? Since { get; init; }

    public required ImmutableArray<Announcement> Announcements { get; init; }

    /// <summary>What is seen and heard of them.</summary>
    public Shown? Shown { get; init; }

    /// <summary>At most so many manoeuvres, points of each path and objects are told; a report with more is not taken.</summary>
    public const int MaxManoeuvres = 6, MaxPoints = 40, MaxSeen = 30;

    /// <summary>Manoeuvres that it asks for, or has driven or refused within the last minute.</summary>
    public ImmutableArray<ProposedManoeuvre> Manoeuvres { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What it sees around it, the nearest first; with <see cref="Manoeuvres"/> only.</summary>
    public ImmutableArray<SeenObject> Seen { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The map by which the vehicle drives.</summary>
    public required MapDeclaration Map { get; init; }

    /// <summary>Recorded events that no receipt has come for.</summary>
    public required uint EventsWaiting { get; init; }

    internal override string? Fault() =>
        Manoeuvres.Length > MaxManoeuvres ? $"manoeuvres: {Manoeuvres.Length} are more than {MaxManoeuvres}"
        : Seen.Length > MaxSeen ? $"seen: {Seen.Length} are more than {MaxSeen}"
        : Manoeuvres.FirstOrDefault(one => one.Path.IsDefault || one.Path.Length > MaxPoints) is { } tooLong ? $"manoeuvres: a path of {(tooLong.Path.IsDefault ? "no" : tooLong.Path.Length)} points; up to {MaxPoints} are taken"
        : Manoeuvres.Select(one => TextBound.Fault("manoeuvres.requestId", one.RequestId)).FirstOrDefault(fault => fault is not null) ?? base.Fault();
}
