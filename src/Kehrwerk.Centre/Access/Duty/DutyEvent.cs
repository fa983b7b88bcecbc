using System.Collections.Immutable;

namespace Kehrwerk.Centre.Access.Duty;

/// <summary>What happens to the duty book.</summary>
public abstract record DutyEvent
{
    private DutyEvent()
    {
    }

    public sealed record SignOn(string Person, ImmutableSortedSet<string> Vehicles) : DutyEvent;

    public sealed record Take(string Person, ImmutableSortedSet<string> Vehicles) : DutyEvent;

    /// <param name="Confirmed">The person knows that nobody watches these vehicles then, and that they stop.</param>
    public sealed record Leave(string Person, ImmutableSortedSet<string> Vehicles, bool Confirmed) : DutyEvent;

    public sealed record SignOff(string Person, bool Confirmed) : DutyEvent;

    public sealed record Offer(string Id, string From, string To, ImmutableSortedSet<string> Vehicles, string Text) : DutyEvent;

    public sealed record Accept(string Id, string By) : DutyEvent;

    /// <summary>The successor declines, or who offers takes it back.</summary>
    public sealed record Decline(string Id, string By) : DutyEvent;

    /// <summary>A visible live page shows the newest picture.</summary>
    public sealed record Screen(string Person) : DutyEvent;

    public sealed record Input(string Person) : DutyEvent;

    /// <summary>Time has passed.</summary>
    /// <param name="WaitsSince">For each vehicle for which something waits for a person: since when.</param>
    /// <param name="Unqualified">For each person on duty who lacks a qualification now: which.</param>
    public sealed record Tick(ImmutableDictionary<string, DateTimeOffset> WaitsSince, ImmutableDictionary<string, string> Unqualified) : DutyEvent;
}

/// <summary>Why a wish about duty is not granted; pages have a sentence for each.</summary>
public enum DutyProblem
{
    AlreadyOnDuty, NotOnDuty, HeldByOther, NotHeld, TooMany, NotConfirmed, NothingChosen, SuccessorIsSelf, OfferGone,
}

/// <summary>Something for the record.</summary>
public sealed record DutyNote(string Kind, string Who, string Text);

/// <param name="Book">The book afterwards; where there is a problem, unchanged.</param>
public sealed record DutyDecision(DutyBook Book, ImmutableArray<DutyNote> Notes, DutyProblem? Problem = null, HandOver? Accepted = null);
