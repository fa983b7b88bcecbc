using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Kehrwerk.Centre.Cases;

/// <summary>What a case asks of a person. A to C need acknowledgement, an owner and a timer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseClass>))]
public enum CaseClass
{
    /// <summary>A manoeuvre is to be released or rejected (StVG § 1f (2) 1).</summary>
    A,

    /// <summary>A vehicle is deactivated, or somebody pressed its emergency stop (§ 1f (2) 2).</summary>
    B,

    /// <summary>A minimal risk condition is to be investigated before it ends (AFGBV § 14 (3)).</summary>
    C,

    /// <summary>Status signals are to be evaluated (StVG § 1f (2) 3).</summary>
    D,

    /// <summary>Hopper, water, battery, bays.</summary>
    E,

    /// <summary>Somebody outside got in touch.</summary>
    F,

    /// <summary>To be known.</summary>
    G,
}

[JsonConverter(typeof(JsonStringEnumConverter<CasePriority>))]
public enum CasePriority { High, Medium, Low }

[JsonConverter(typeof(JsonStringEnumConverter<CaseState>))]
public enum CaseState
{
    /// <summary>Nobody has said that they saw it.</summary>
    Open,

    /// <summary>Seen, and nobody's.</summary>
    Acknowledged,

    Owned,

    /// <summary>Put off until a time, with a reason.</summary>
    Shelved,

    /// <summary>What is to be done is decided; it closes when its condition is gone.</summary>
    Decided,

    Closed,
}

/// <summary>What a person can decide on. The first six the Centre carries out itself; the others people do, and the record knows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseAction>))]
public enum CaseAction
{
    Grant, Reject, Release, Resume, Pause, Stop,
    SendPerson, SecurePlace, Tow, CallBack, CallEngineer, Replan, Inform, Wait,
}

/// <summary>What happened to a case, for its history; on record as <c>caseRaised</c> and so on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseStepKind>))]
public enum CaseStepKind { Raised, Changed, Gone, Back, Acknowledged, Taken, HandedOver, Shelved, Unshelved, Escalated, Decided, NotDone, Reminded, Merged, Closed }

/// <param name="By">A person, or <see cref="Fleet.TwinRules.Centre"/>.</param>
/// <param name="Action">What was decided on.</param>
/// <param name="Text">A reason, a new cause, a name; empty where there is nothing to say.</param>
public sealed record CaseStep(DateTimeOffset At, CaseStepKind Kind, string By, string Text = "", CaseAction? Action = null);

/// <summary>
/// Something that needs a person: with a class, an owner, a clock and an outcome. At most one of a kind is open at a place.
/// Times are the Centre's.
/// </summary>
[SuppressMessage("Naming", "CA1716", Justification = "It is the field's word, and other languages can escape it.")]
public sealed record Case
{
    /// <summary>The history keeps so many steps; all are on record.</summary>
    public const int MaxHistory = 100;

    /// <summary>Counts from 1; never used twice.</summary>
    public required long Id { get; init; }

    public required CaseKind Kind { get; init; }

    /// <summary>A vehicle's id, or where else it is: <see cref="CasePlace"/>.</summary>
    public required string Place { get; init; }

    /// <summary>The cause as the rule found it, e.g. the cause of a minimal risk condition or the name of a bay; pages put it into words.</summary>
    public required string Detail { get; init; }

    /// <summary>Since when its condition holds, before the delay.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When its condition was last found anew or changed.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Since when its condition is gone; null while it holds.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>How often its condition came.</summary>
    public int Times { get; init; } = 1;

    public CaseState State { get; init; }

    public string? Owner { get; init; }

    /// <summary>When it escalates if nobody does the next step; null: never.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How often it has escalated, up to <see cref="CaseRules.MaxLevel"/>.</summary>
    public int Level { get; init; }

    public DateTimeOffset? ShelvedUntil { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>When it was decided first.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    public CaseAction? Decision { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>In which case it goes on, where it was merged into its cause's.</summary>
    public long? MergedInto { get; init; }

    /// <summary>Grows with every step that another person has to know of before the next: who acts on an older one is refused.</summary>
    public int Version { get; init; } = 1;

    public ImmutableArray<CaseStep> History { get; init; } = [];

    [JsonIgnore]
    public bool IsOpen => State != CaseState.Closed;

    /// <summary>The book has to know of it: it is open, or a person closed it while its condition holds.</summary>
    [JsonIgnore]
    public bool IsKept => IsOpen || (GoneAt is null && MergedInto is null && Rule.HasCondition);

    [JsonIgnore]
    public CaseRule Rule => CaseRules.Of(Kind);

    /// <summary>Its condition holds and nobody has closed it: what follows from it is not raised beside it.</summary>
    [JsonIgnore]
    public bool Hides => IsOpen && GoneAt is null;
}

/// <summary>Places of cases that are no vehicle's.</summary>
public static class CasePlace
{
    /// <summary>The Centre itself and its wire to the broker.</summary>
    public const string Centre = "centre";

    public const string Weather = "weather";

    /// <summary>Somebody outside, without a vehicle.</summary>
    public const string Outside = "outside";

    private const string DepotPrefix = "depot.";

    /// <summary>The queue for one kind of bay.</summary>
    public static string Depot(string service) => DepotPrefix + service;

    public static bool IsVehicle(string place) => place.Contains('/', StringComparison.Ordinal);
}
