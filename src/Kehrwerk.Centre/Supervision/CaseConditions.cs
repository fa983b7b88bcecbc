using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Record;

namespace Kehrwerk.Centre.Cases;

/// <summary>Conditions as they come and go, and the cases that they raise and end.</summary>
internal static class CaseConditions
{
    /// <summary>So many vehicles in a queue make it a case of the depot.</summary>
    private const int QueueFrom = 2;

    public static void See(CaseDecision d, CaseEvent.Seen seen)
    {
        Compare(d, seen);
        if (CasePlace.IsVehicle(seen.Place))
        {
            LookAtDepot(d);
        }
    }

    /// <summary>Time has passed: what held long enough becomes a case, what is gone long enough ends one.</summary>
    public static void Age(CaseDecision d)
    {
        foreach (var (key, flutter) in d.Book.Flutters)
        {
            if (d.Now - flutter.At > TimeSpan.FromSeconds(CaseRules.FlutterS))
            {
                d.Book = d.Book with { Flutters = d.Book.Flutters.Remove(key) };
            }
        }

        foreach (var (key, watch) in d.Book.Watches)
        {
            if (watch.GoneSince is { } since && d.Now - since >= OffAfter(d.Book, key))
            {
                d.Book = d.Book with { Watches = d.Book.Watches.Remove(key) };
                if (d.Book.Find(key) is { } one)
                {
                    End(d, one, since);
                }
            }
        }

        // In the order of kinds, so that a cause is raised before what follows from it.
        foreach (var (key, watch) in d.Book.Watches)
        {
            var rule = CaseRules.Of(key.Kind);
            if (watch.GoneSince is null && d.Now - watch.Since >= TimeSpan.FromSeconds(rule.OnS))
            {
                Hold(d, key, watch, rule);
            }
        }

        foreach (var one in d.Book.Cases.Values)
        {
            if (one is { IsOpen: true, Owner: null, State: not CaseState.Decided } && CauseOf(d.Book, one.Kind, one.Place, Culprit(d.Book, one)) is { } cause)
            {
                d.Set(
                    one with { State = CaseState.Closed, ClosedAt = d.Now, Due = null, ShelvedUntil = null, MergedInto = cause.Id },
                    CaseStepKind.Merged, TwinRules.Centre, FormattableString.Invariant($"goes on in case {cause.Id}"));
            }
        }
    }

    /// <summary>The case that hides a kind at a place, or null. One whose condition is gone and that only waits for a person hides nothing.</summary>
    internal static Case? CauseOf(CaseBook book, CaseKind kind, string place, string? culprit)
    {
        var hidingKinds = CaseRules.Of(kind).SuppressedBy;
        if (hidingKinds.IsEmpty)
        {
            return null;
        }

        foreach (var one in book.Cases.Values)
        {
            if (one.Hides && hidingKinds.Contains(one.Kind) && (one.Place == place || one.Place == CasePlace.Centre || one.Place == culprit))
            {
                return one;
            }
        }

        return null;
    }

    private static string? Culprit(CaseBook book, Case one) => book.Watches.GetValueOrDefault(new(one.Kind, one.Place))?.Culprit;

    /// <summary>Takes over what holds at a place; what is not named any more is gone.</summary>
    private static void Compare(CaseDecision d, CaseEvent.Seen seen)
    {
        if (seen.IsWhole)
        {
            foreach (var (key, watch) in d.Book.Watches)
            {
                if (key.Place == seen.Place && watch.GoneSince is null && !seen.Signals.Any(signal => signal.Kind == key.Kind))
                {
                    // A condition that has not become a case has to hold anew for the whole delay.
                    d.Book = d.Book with
                    {
                        Watches = d.Book.Find(key) is null ? d.Book.Watches.Remove(key) : d.Book.Watches.SetItem(key, watch with { GoneSince = d.Now }),
                    };
                }
            }
        }

        foreach (var signal in seen.Signals)
        {
            var key = new CaseKey(signal.Kind, seen.Place);
            var before = d.Book.Watches.GetValueOrDefault(key);
            var detail = ForeignText.Of(signal.Detail);
            var after = before is null ? new CaseWatch(d.Now, detail, signal.Culprit)
                : before with { Detail = detail, Culprit = signal.Culprit, GoneSince = null };
            if (after != before)
            {
                d.Book = d.Book with { Watches = d.Book.Watches.SetItem(key, after) };
            }

            if (before is { GoneSince: not null } && d.Book.Find(key) is { IsOpen: true } open)
            {
                // Gone for less than the delay: the same case, which nobody has to be told of again.
                d.Put(open with { Times = open.Times + 1, LastSeenAt = d.Now });
            }
        }
    }

    /// <summary>Several vehicles that wait for one kind of bay are a matter of the depot.</summary>
    private static void LookAtDepot(CaseDecision d)
    {
        var waiting = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, watch) in d.Book.Watches)
        {
            if (key.Kind == CaseKind.BayWait && watch.GoneSince is null)
            {
                waiting[watch.Detail] = waiting.GetValueOrDefault(watch.Detail) + 1;
            }
            else if (key.Kind == CaseKind.DepotQueue)
            {
                waiting.TryAdd(watch.Detail, 0);
            }
        }

        foreach (var (service, vehicles) in waiting)
        {
            Compare(d, new(CasePlace.Depot(service), true, vehicles >= QueueFrom ? [new(CaseKind.DepotQueue, service)] : []));
        }
    }

    /// <summary>A condition that has held long enough.</summary>
    private static void Hold(CaseDecision d, CaseKey key, CaseWatch watch, CaseRule rule)
    {
        var known = d.Book.Find(key);
        if (known is null)
        {
            if (CauseOf(d.Book, key.Kind, key.Place, watch.Culprit) is null)
            {
                d.Raise(key.Kind, key.Place, watch.Detail, watch.Since, TwinRules.Centre);
            }
        }
        else if (known is { IsOpen: true } && (known.GoneAt is not null || known.Detail != watch.Detail))
        {
            var isBack = known.GoneAt is not null;
            var next = known with
            {
                Detail = watch.Detail,
                LastSeenAt = d.Now,
                GoneAt = null,
                Times = known.Times + (isBack ? 1 : 0),
                State = known.State != CaseState.Decided ? known.State : known.Owner is null ? CaseState.Open : CaseState.Owned,
            };
            d.Set(next.State == known.State ? next : CaseClocks.Wind(next, d.Now), isBack ? CaseStepKind.Back : CaseStepKind.Changed, TwinRules.Centre, watch.Detail);
        }
        else if (known is { IsOpen: false } && known.Detail != watch.Detail)
        {
            // It was closed for what it was then; this is something else.
            d.Put(known with { GoneAt = d.Now });
            d.Raise(key.Kind, key.Place, watch.Detail, d.Now, TwinRules.Centre);
        }
    }

    /// <summary>The condition of a case is gone for good.</summary>
    private static void End(CaseDecision d, Case one, DateTimeOffset since)
    {
        var gone = one with { GoneAt = since, LastSeenAt = since };
        if (!one.IsOpen)
        {
            d.Put(gone);
        }
        else if (one.State == CaseState.Decided || !one.Rule.NeedsPerson)
        {
            var key = new CaseKey(one.Kind, one.Place);
            var times = d.Book.Flutters.GetValueOrDefault(key)?.Times ?? 0;
            d.Book = d.Book with { Flutters = d.Book.Flutters.SetItem(key, new(d.Now, times + 1)) };
            d.Close(gone, TwinRules.Centre, "its condition is gone");
        }
        else if (one.GoneAt is null)
        {
            d.Set(gone, CaseStepKind.Gone, TwinRules.Centre);
        }
    }

    /// <summary>Longer each time that a condition has come and gone lately.</summary>
    private static TimeSpan OffAfter(CaseBook book, CaseKey key)
    {
        var offS = CaseRules.Of(key.Kind).OffS;
        var times = book.Flutters.GetValueOrDefault(key)?.Times ?? 0;
        return TimeSpan.FromSeconds(times == 0 ? offS : Math.Max(offS, Math.Min(CaseRules.MostOffS, offS * Math.Pow(2, times))));
    }
}
