using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Record;

namespace Kehrwerk.Centre.Cases;

/// <summary>A decision in the making. Lives within one call of <see cref="CaseBook.Decide"/>, which is pure to the outside.</summary>
internal sealed class CaseDecision(CaseBook book, DateTimeOffset now)
{
    private readonly List<RecordDraft> record = [];
    private readonly SortedSet<long> changed = [];
    private readonly Dictionary<long, Case> dropped = [];

    public CaseBook Book { get; set; } = book;
    public DateTimeOffset Now { get; } = now;
    public CaseRefusal? Refusal { get; set; }
    public long Id { get; set; }

    public CaseDecided Decided => new(Book, [.. changed.Select(id => Book.Cases.GetValueOrDefault(id) ?? dropped[id])], [.. record], Refusal, Id);

    /// <summary>A case with one more step in its history, and the step on record.</summary>
    /// <param name="isNewVersion">Another person has to know of it before the next step.</param>
    public void Set(Case next, CaseStepKind kind, string by, string text = "", CaseAction? action = null, bool isNewVersion = true)
    {
        text = ForeignText.Of(text, CaseSteps.MaxText);
        var history = next.History.Add(new(Now, kind, by, text, action));
        next = next with
        {
            History = history.Length > Case.MaxHistory ? history.RemoveAt(1) : history,
            Version = next.Version + (isNewVersion ? 1 : 0),
        };
        Put(next);
        var what = string.Join(": ", new[] { action?.ToString() ?? "", text }.Where(part => part.Length > 0));
        record.Add(new(
            Now, $"case{kind}", by, CasePlace.IsVehicle(next.Place) ? next.Place : "",
            ForeignText.Of($"{next.Id} {next.Rule.Class} {next.Kind}{(CasePlace.IsVehicle(next.Place) ? "" : $" at {next.Place}")}{(what.Length > 0 ? $": {what}" : "")}", CaseSteps.MaxText)));
    }

    /// <summary>A closed case whose condition is gone is of no more interest to the book.</summary>
    public void Put(Case next)
    {
        changed.Add(next.Id);
        if (next.IsKept)
        {
            Book = Book with { Cases = Book.Cases.SetItem(next.Id, next) };
        }
        else
        {
            dropped[next.Id] = next;
            Book = Book with { Cases = Book.Cases.Remove(next.Id) };
        }
    }

    public void Raise(CaseKind kind, string place, string detail, DateTimeOffset begunAt, string by)
    {
        var raised = new Case
        {
            Id = Book.NextId,
            Kind = kind,
            Place = place,
            Detail = detail,
            BegunAt = begunAt,
            RaisedAt = Now,
            LastSeenAt = Now,
            Version = 0,
        };
        Id = raised.Id;
        Book = Book with { NextId = raised.Id + 1 };
        Set(CaseClocks.Wind(raised, Now), CaseStepKind.Raised, by, detail);
    }

    /// <summary>It is over.</summary>
    public void Close(Case one, string by, string text = "") =>
        Set(one with { State = CaseState.Closed, ClosedAt = Now, Due = null, ShelvedUntil = null }, CaseStepKind.Closed, by, text);

    public void Refuse(CaseRefusalCode code, Case? one = null, long id = 0) =>
        Refusal = new(code, one?.Id ?? id, one?.History.LastOrDefault(step => step.By != TwinRules.Centre) ?? one?.History.LastOrDefault(), one?.Owner ?? "");
}
