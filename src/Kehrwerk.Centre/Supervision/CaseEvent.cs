using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Record;

namespace Kehrwerk.Centre.Cases;

/// <summary>Something that the case book hears of.</summary>
public abstract record CaseEvent
{
    /// <summary>What holds at a place now.</summary>
    /// <param name="IsWhole">All that holds is named. False where a vehicle was not heard of since the start: then nothing is known to be gone.</param>
    public sealed record Seen(string Place, bool IsWhole, ImmutableArray<CaseSignal> Signals) : CaseEvent;

    /// <summary>A person commanded or answered a vehicle, from wherever.</summary>
    public sealed record Acted(CaseAct Act) : CaseEvent;

    /// <summary>A person takes a step with a case, or reports one.</summary>
    public sealed record Ordered(CaseOrder Order) : CaseEvent;

    /// <summary>What was decided could not be carried out.</summary>
    public sealed record NotDone(long Id, string Reason) : CaseEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Ticked : CaseEvent;
}

/// <summary>A person's command or answer to a vehicle.</summary>
public sealed record CaseAct(string Vehicle, CaseAction Action, string By, string Text = "");

/// <summary>What a person can do with a case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseOrderKind>))]
public enum CaseOrderKind { Acknowledge, Take, HandOver, Shelve, Decide, Close, Report }

/// <summary>A person's step.</summary>
/// <param name="Id">The case; without meaning for a report.</param>
/// <param name="Version">Of the case as the person saw it.</param>
/// <param name="By">Who does it.</param>
public sealed record CaseOrder(CaseOrderKind Kind, long Id, int Version, string By)
{
    /// <summary>A reason or an outcome, or what was reported.</summary>
    public string Text { get; init; } = "";

    /// <summary>To whom it is handed over; empty: back to the queue.</summary>
    public string To { get; init; } = "";

    /// <summary>What is decided on.</summary>
    public CaseAction? Action { get; init; }

    /// <summary>For how long it is shelved, minutes.</summary>
    public double ForMin { get; init; }

    /// <summary>The vehicle that a report is about; empty: none.</summary>
    public string Place { get; init; } = "";
}

/// <summary>Why a step was not taken.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseRefusalCode>))]
public enum CaseRefusalCode
{
    /// <summary>There is no such open case.</summary>
    Unknown,

    /// <summary>Somebody else was first.</summary>
    Overtaken,

    /// <summary>It belongs to somebody else.</summary>
    OwnedByOther,

    /// <summary>Only its owner can do that.</summary>
    NotOwner,

    /// <summary>It is so already.</summary>
    AlreadySo,

    /// <summary>A reason is missing.</summary>
    NeedsText,

    /// <summary>Its class cannot be put off.</summary>
    NotShelvable,

    /// <summary>So long it cannot be shelved.</summary>
    BadTime,

    /// <summary>That is not among its proposals.</summary>
    NotProposed,

    /// <summary>Its condition still holds.</summary>
    StillHolds,

    /// <summary>Too many reports are open.</summary>
    TooMany,

    /// <summary>A release from the minimal risk condition needs what triggered it (AFGBV § 14 (3)).</summary>
    NeedsFinding,
}

/// <summary>Why a step was not taken, with who did what last where that is the reason.</summary>
public sealed record CaseRefusal(CaseRefusalCode Code, long Id, CaseStep? Last = null, string Owner = "")
{
    /// <summary>For a person, in English; pages have their own words by <see cref="Code"/>.</summary>
    public string Text => Code switch
    {
        CaseRefusalCode.Unknown => $"There is no open case {Id}: it was closed, or never was.",
        CaseRefusalCode.Overtaken => FormattableString.Invariant($"Somebody was first with case {Id}: {Last?.By} at {Last?.At:HH:mm:ss} UTC ({Last?.Kind}). Look at it as it is now."),
        CaseRefusalCode.OwnedByOther => $"Case {Id} belongs to {Owner}. Take it over with a reason, or let them act.",
        CaseRefusalCode.NotOwner => $"Only its owner can do that with case {Id}. Take it first.",
        CaseRefusalCode.AlreadySo => $"With case {Id} that is so already.",
        CaseRefusalCode.NeedsText => "Say why: a reason of 1 to 1000 characters is needed.",
        CaseRefusalCode.NotShelvable => $"Case {Id} cannot be shelved: requests and emergencies are decided now.",
        CaseRefusalCode.BadTime => FormattableString.Invariant($"A case is shelved for 1 to {CaseSteps.MostShelfMin} minutes."),
        CaseRefusalCode.NotProposed => $"That is not among the proposals of case {Id}.",
        CaseRefusalCode.StillHolds => $"The condition of case {Id} still holds: decide what is to be done, or shelve it.",
        CaseRefusalCode.NeedsFinding => "The vehicle is in the minimal risk condition: before it ends, say what triggered it and what you looked at.",
        CaseRefusalCode.TooMany => FormattableString.Invariant($"{CaseSteps.MostReports} reports are open: close some first."),
        _ => Code.ToString(),
    };
}

/// <summary>What an event led to.</summary>
/// <param name="Book">The book afterwards.</param>
/// <param name="Changed">Cases as they are now, each once.</param>
/// <param name="Record">What goes on record.</param>
/// <param name="Refusal">Why a person's step was not taken; null where it was.</param>
/// <param name="Id">The case of a person's step.</param>
public sealed record CaseDecided(CaseBook Book, ImmutableArray<Case> Changed, ImmutableArray<RecordDraft> Record, CaseRefusal? Refusal = null, long Id = 0);
