using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Cases;

/// <summary>One kind at one place.</summary>
public readonly record struct CaseKey(CaseKind Kind, string Place)
{
    /// <summary>Causes first.</summary>
    public static IComparer<CaseKey> Order { get; } = Comparer<CaseKey>.Create(
        (a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Place, b.Place));
}

/// <summary>A condition that holds, or held until a moment ago.</summary>
/// <param name="GoneSince">Since when it is not seen any more.</param>
public sealed record CaseWatch(DateTimeOffset Since, string Detail, string? Culprit, DateTimeOffset? GoneSince = null);

/// <summary>A condition that closed its case by itself lately.</summary>
public sealed record CaseFlutter(DateTimeOffset At, int Times);

/// <summary>
/// All open cases and what may become one. Pure: <see cref="Decide"/> gives a new book and what changed; a grain hosts it in
/// production, the event loop in simulation. What it never does: two open cases of one kind at one place, a case that vanishes
/// without an outcome, a case beside its cause's.
/// </summary>
public sealed record CaseBook
{
    public static CaseBook Empty { get; } = new();

    /// <summary>Every open case; and those that a person closed while their condition held, until it is gone.</summary>
    public ImmutableSortedDictionary<long, Case> Cases { get; init; } = ImmutableSortedDictionary<long, Case>.Empty;

    public ImmutableSortedDictionary<CaseKey, CaseWatch> Watches { get; init; } = ImmutableSortedDictionary.Create<CaseKey, CaseWatch>(CaseKey.Order);

    public ImmutableSortedDictionary<CaseKey, CaseFlutter> Flutters { get; init; } = ImmutableSortedDictionary.Create<CaseKey, CaseFlutter>(CaseKey.Order);

    public long NextId { get; init; } = 1;

    public IEnumerable<Case> Open => Cases.Values.Where(c => c.IsOpen);

    /// <summary>The book after a restart: conditions hold until a place is heard of again.</summary>
    /// <param name="kept">Open cases, and closed ones whose condition held.</param>
    public static CaseBook Restore(IEnumerable<Case> kept, long nextId)
    {
        var cases = kept.ToImmutableSortedDictionary(c => c.Id, c => c);
        return new()
        {
            Cases = cases,
            Watches = cases.Values.Where(c => c.GoneAt is null && c.Rule.HasCondition)
                .ToImmutableSortedDictionary(c => new CaseKey(c.Kind, c.Place), c => new CaseWatch(c.BegunAt, c.Detail, null), CaseKey.Order),
            NextId = nextId,
        };
    }

    public Case? Find(CaseKey key)
    {
        foreach (var one in Cases.Values)
        {
            if (one.Kind == key.Kind && one.Place == key.Place)
            {
                return one;
            }
        }

        return null;
    }

    public CaseDecided Decide(CaseEvent happened, DateTimeOffset now)
    {
        var decision = new CaseDecision(this, now);
        switch (happened)
        {
            case CaseEvent.Seen seen:
                CaseConditions.See(decision, seen);
                break;
            case CaseEvent.Acted acted:
                CaseSteps.Note(decision, acted.Act);
                break;
            case CaseEvent.Ordered ordered:
                CaseSteps.Take(decision, ordered.Order);
                break;
            case CaseEvent.NotDone failed:
                CaseSteps.NotDone(decision, failed.Id, failed.Reason);
                break;
            case CaseEvent.Ticked:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened, "Not an event that the case book knows.");
        }

        CaseConditions.Age(decision);
        CaseClocks.Run(decision);
        return decision.Decided;
    }
}
