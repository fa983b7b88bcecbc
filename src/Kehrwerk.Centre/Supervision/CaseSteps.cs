using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Cases;

/// <summary>
/// What persons do with cases. Each step names the version that the person saw: of two at the same moment the first one counts, the
/// second learns who was first.
/// </summary>
internal static class CaseSteps
{
    public const int MaxText = 1000;
    public const int MaxName = 100;

    /// <summary>A case is shelved for a shift at most.</summary>
    public const double MostShelfMin = 480;

    /// <summary>So many reports of persons may be open.</summary>
    public const int MostReports = 100;

    public static void Take(CaseDecision d, CaseOrder order)
    {
        if (order.Kind == CaseOrderKind.Report)
        {
            Report(d, order);
            return;
        }

        d.Id = order.Id;
        if (d.Book.Cases.GetValueOrDefault(order.Id) is not { IsOpen: true } one)
        {
            d.Refuse(CaseRefusalCode.Unknown, id: order.Id);
            return;
        }

        if (one.Version != order.Version)
        {
            d.Refuse(CaseRefusalCode.Overtaken, one);
            return;
        }

        switch (order.Kind)
        {
            case CaseOrderKind.Acknowledge:
                Acknowledge(d, one, order);
                break;
            case CaseOrderKind.Take:
                TakeOver(d, one, order);
                break;
            case CaseOrderKind.HandOver:
                HandOver(d, one, order);
                break;
            case CaseOrderKind.Shelve:
                Shelve(d, one, order);
                break;
            case CaseOrderKind.Decide:
                Decide(d, one, order);
                break;
            case CaseOrderKind.Close:
                Close(d, one, order);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order.Kind, "Not a step that persons take.");
        }
    }

    /// <summary>A person commanded the vehicle: that decides the cases that propose it, and whoever brings one about owns it.</summary>
    public static void Note(CaseDecision d, CaseAct act)
    {
        foreach (var one in d.Book.Cases.Values)
        {
            if (!one.IsOpen || one.Place != act.Vehicle)
            {
                continue;
            }

            if (one.Rule.BroughtAboutBy == act.Action && one.Owner is null)
            {
                d.Set(Own(one, act.By, d.Now), CaseStepKind.Taken, act.By, act.Text);
            }
            else if (one.Rule.HasCondition && one.Rule.Actions.Contains(act.Action) && (one.State != CaseState.Decided || one.Decision != act.Action))
            {
                SetDecided(d, one, act.By, act.Action, act.Text);
            }
        }
    }

    public static void NotDone(CaseDecision d, long id, string reason)
    {
        if (d.Book.Cases.GetValueOrDefault(id) is { State: CaseState.Decided } one)
        {
            d.Set(CaseClocks.Wind(one with { State = CaseState.Owned }, d.Now), CaseStepKind.NotDone, TwinRules.Centre, reason);
        }
    }

    private static void Report(CaseDecision d, CaseOrder order)
    {
        if (order.Text.Length == 0)
        {
            d.Refuse(CaseRefusalCode.NeedsText);
        }
        else if (order.Place.Length > 0 && d.Book.Find(new(CaseKind.Reported, order.Place)) is { IsOpen: true } same)
        {
            d.Id = same.Id;
            d.Set(same with { Detail = order.Text, Times = same.Times + 1, LastSeenAt = d.Now }, CaseStepKind.Changed, order.By, order.Text);
        }
        else if (d.Book.Open.Count(one => one.Kind == CaseKind.Reported) >= MostReports)
        {
            d.Refuse(CaseRefusalCode.TooMany);
        }
        else
        {
            d.Raise(CaseKind.Reported, order.Place.Length > 0 ? order.Place : CasePlace.Outside, order.Text, d.Now, order.By);
        }
    }

    private static void Acknowledge(CaseDecision d, Case one, CaseOrder order)
    {
        if (one.State != CaseState.Open)
        {
            d.Refuse(CaseRefusalCode.AlreadySo, one);
            return;
        }

        d.Set(CaseClocks.Wind(Seen(one, d.Now) with { State = CaseState.Acknowledged }, d.Now), CaseStepKind.Acknowledged, order.By);
    }

    private static void TakeOver(CaseDecision d, Case one, CaseOrder order)
    {
        if (one.Owner == order.By)
        {
            d.Refuse(CaseRefusalCode.AlreadySo, one);
        }
        else if (one.Owner is not null && order.Text.Length == 0)
        {
            d.Refuse(CaseRefusalCode.OwnedByOther, one);
        }
        else
        {
            d.Set(Own(one, order.By, d.Now), CaseStepKind.Taken, order.By, order.Text);
        }
    }

    private static void HandOver(CaseDecision d, Case one, CaseOrder order)
    {
        if (one.Owner != order.By)
        {
            d.Refuse(CaseRefusalCode.NotOwner, one);
        }
        else if (order.To == order.By)
        {
            d.Refuse(CaseRefusalCode.AlreadySo, one);
        }
        else if (order.Text.Length == 0)
        {
            d.Refuse(CaseRefusalCode.NeedsText, one);
        }
        else
        {
            var next = order.To.Length > 0 ? Own(one, order.To, d.Now)
                : CaseClocks.Wind(one with { Owner = null, State = CaseState.Acknowledged, Level = 0 }, d.Now);
            d.Set(next, CaseStepKind.HandedOver, order.By, order.To.Length > 0 ? $"{order.To}: {order.Text}" : order.Text);
        }
    }

    private static void Shelve(CaseDecision d, Case one, CaseOrder order)
    {
        if (!one.Rule.MayBeShelved)
        {
            d.Refuse(CaseRefusalCode.NotShelvable, one);
        }
        else if (one.Owner is not null && one.Owner != order.By)
        {
            d.Refuse(CaseRefusalCode.OwnedByOther, one);
        }
        else if (order.Text.Length == 0)
        {
            d.Refuse(CaseRefusalCode.NeedsText, one);
        }
        else if (!(order.ForMin is >= 1 and <= MostShelfMin))
        {
            d.Refuse(CaseRefusalCode.BadTime, one);
        }
        else
        {
            var until = d.Now.AddMinutes(order.ForMin);
            d.Set(
                Seen(one, d.Now) with { State = CaseState.Shelved, ShelvedUntil = until, Owner = null, Due = null },
                CaseStepKind.Shelved, order.By, FormattableString.Invariant($"until {until:yyyy-MM-ddTHH:mm:ssZ}: {order.Text}"));
        }
    }

    private static void Decide(CaseDecision d, Case one, CaseOrder order)
    {
        if (one.Owner is not null && one.Owner != order.By)
        {
            d.Refuse(CaseRefusalCode.OwnedByOther, one);
        }
        else if (order.Action is not { } action || !one.Rule.Actions.Contains(action))
        {
            d.Refuse(CaseRefusalCode.NotProposed, one);
        }
        else if (one.Rule.NeedsPerson && order.Text.Length == 0)
        {
            d.Refuse(CaseRefusalCode.NeedsText, one);
        }
        else
        {
            SetDecided(d, one, order.By, action, order.Text);
        }
    }

    private static void Close(CaseDecision d, Case one, CaseOrder order)
    {
        if (one.Owner is not null && one.Owner != order.By)
        {
            d.Refuse(CaseRefusalCode.OwnedByOther, one);
        }
        else if (one.GoneAt is null && one.Rule is { HasCondition: true, MayBeDismissed: false })
        {
            d.Refuse(CaseRefusalCode.StillHolds, one);
        }
        else if (one.Rule.NeedsPerson && one.DecidedAt is null && order.Text.Length == 0)
        {
            d.Refuse(CaseRefusalCode.NeedsText, one);
        }
        else
        {
            // Who closes it without a decision has decided that nothing is to be done.
            d.Close(Seen(one, d.Now) with { Owner = one.Owner ?? order.By, DecidedAt = one.DecidedAt ?? d.Now }, order.By, order.Text);
        }
    }

    private static void SetDecided(CaseDecision d, Case one, string by, CaseAction action, string text)
    {
        var decided = Seen(one, d.Now) with
        {
            State = CaseState.Decided,
            Owner = one.Owner ?? by,
            Decision = action,
            DecidedAt = one.DecidedAt ?? d.Now,
            ShelvedUntil = null,
            Level = 0,
        };
        d.Set(CaseClocks.Wind(decided, d.Now), CaseStepKind.Decided, by, text, action);
        if (decided is { GoneAt: not null })
        {
            d.Close(d.Book.Cases[one.Id], TwinRules.Centre, "its condition is gone");
        }
    }

    private static Case Own(Case one, string by, DateTimeOffset now) =>
        CaseClocks.Wind(Seen(one, now) with { State = CaseState.Owned, Owner = by, ShelvedUntil = null, Level = 0 }, now);

    private static Case Seen(Case one, DateTimeOffset now) => one with { AcknowledgedAt = one.AcknowledgedAt ?? now };
}
