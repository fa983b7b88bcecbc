using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Access.Qualifications;
using Kehrwerk.Centre.Record;
using Microsoft.EntityFrameworkCore;

namespace Kehrwerk.Centre.Access.Duty;

/// <summary>
/// For which vehicles something waits for a person, and since when by <see cref="DutyDesk.Now"/>. Whoever knows better than
/// <see cref="FleetNeeds"/> registers this delegate anew.
/// </summary>
public delegate ImmutableDictionary<string, DateTimeOffset> WaitsForPerson(DateTimeOffset now);

/// <summary>
/// The one writer of the duty book. Who is on duty with which vehicles outlives a restart; screens and inputs do not, they come again.
/// A wish is stored and on record when its task completes. Thread-safe.
/// </summary>
public sealed class DutyDesk : IDisposable
{
    private readonly IDbContextFactory<PeopleContext> contexts;
    private readonly QualificationBook qualifications;
    private readonly AccessRecord record;
    private readonly AccessOptions options;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly List<RecordDraft> unwritten = [];
    private readonly DateTimeOffset startedAt;
    private readonly long started;
    private volatile DutyBook book = DutyBook.Empty;

    internal DutyDesk(IDbContextFactory<PeopleContext> contexts, QualificationBook qualifications, AccessRecord record, AccessOptions options)
    {
        (this.contexts, this.qualifications, this.record, this.options) = (contexts, qualifications, record, options);
        (startedAt, started) = (options.Time.GetUtcNow(), options.Time.GetTimestamp());
    }

    /// <summary>Someone did not react in time, counts as absent, is back, or lacks a qualification; told after it is on record. Handlers must not wait for the desk.</summary>
    public event Action<DutyNote>? Noted;

    public DutyBook Book => book;

    /// <summary>The time of the duty book: of the wall clock at the start, then in steady steps, so that a clock that is set does not end a duty.</summary>
    public DateTimeOffset Now => startedAt + options.Time.GetElapsedTime(started);

    /// <summary>What leases ask. See <see cref="DutyBook.IsWatched"/>.</summary>
    public bool IsWatched(string vehicle) => book.IsWatched(vehicle, Now, options.Duty);

    public bool IsOnDuty(string person) => book.Of(person) is not null;

    /// <summary>Takes a wish; says why it is not granted, or null.</summary>
    public async Task<DutyProblem?> Handle(DutyEvent happened)
    {
        await gate.WaitAsync();
        try
        {
            var decision = DutyDecisions.Decide(book, happened, Now, options.Duty);
            if (decision.Problem is null)
            {
                await Store(book, decision);
                book = decision.Book;
            }

            return decision.Problem;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Lets time pass. What it decides holds at once, also where it cannot be stored: it can only take supervision away.</summary>
    internal async Task Tick(ImmutableDictionary<string, DateTimeOffset> waitsSince)
    {
        await gate.WaitAsync();
        try
        {
            var lacking = book.People.Keys
                .Select(person => (person, Lacks: Lacks(person)))
                .Where(one => one.Lacks.Length > 0)
                .ToImmutableDictionary(one => one.person, one => one.Lacks, StringComparer.Ordinal);
            var decision = DutyDecisions.Decide(book, new DutyEvent.Tick(waitsSince, lacking), Now, options.Duty);
            book = decision.Book;
            unwritten.AddRange(decision.Notes.Select(note => record.Draft(note.Kind, note.Who, note.Text)));
            if (unwritten.Count > 0)
            {
                await record.Write(unwritten);
                unwritten.Clear();
            }

            foreach (var note in decision.Notes)
            {
                Noted?.Invoke(note);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    internal async Task Load()
    {
        await using var context = await contexts.CreateDbContextAsync();
        if (await context.Duty.AsNoTracking().SingleOrDefaultAsync() is { } row)
        {
            var kept = JsonSerializer.Deserialize(row.Json, DutyJson.Default.KeptDuty)!;
            book = new()
            {
                People = kept.People.ToImmutableSortedDictionary(p => p.Person, p => new OnDuty(p.Person, p.Since, Set(p.Vehicles), null, Now), StringComparer.Ordinal),
                Offers = [.. kept.Offers.Select(o => new HandOver(o.Id, o.From, o.To, Set(o.Vehicles), o.Text, o.At))],
            };
        }
    }

    /// <summary>Hand-overs that were accepted, the newest first.</summary>
    internal async Task<List<HandOverRow>> HandOvers(int atMost)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var rows = await context.HandOvers.AsNoTracking().OrderByDescending(row => row.Id).Take(atMost).ToListAsync();
        return rows;
    }

    /// <summary>Vehicles in the order and with the comparison of ids.</summary>
    public static ImmutableSortedSet<string> Set(IEnumerable<string> vehicles) => vehicles.ToImmutableSortedSet(StringComparer.Ordinal);

    public void Dispose() => gate.Dispose();

    private string Lacks(string person) => string.Join(", ", qualifications.Missing(person, AccessCommand.GoOnDuty).Select(missing => $"{missing.Kind} is not valid"));

    private async Task Store(DutyBook before, DutyDecision decision)
    {
        var drafts = decision.Notes.Select(note => record.Draft(note.Kind, note.Who, note.Text)).ToList();
        if (drafts.Count == 0)
        {
            return;
        }

        await using var context = await contexts.CreateDbContextAsync();
        await using var change = await context.Database.BeginTransactionAsync();
        var row = await context.Duty.SingleOrDefaultAsync();
        if (row is null)
        {
            context.Duty.Add(row = new() { Json = "" });
        }

        row.Json = JsonSerializer.Serialize(Kept(decision.Book), DutyJson.Default.KeptDuty);
        if (decision.Accepted is { } accepted)
        {
            context.HandOvers.Add(new()
            {
                Id = accepted.Id,
                FromId = accepted.From,
                ToId = accepted.To,
                Vehicles = string.Join(',', accepted.Vehicles),
                Text = accepted.Text,
                OfferedAt = accepted.At,
                AcceptedAt = Now,
            });
        }

        await context.SaveChangesAsync();
        await record.Write(drafts);
        await change.CommitAsync();
    }

    private static KeptDuty Kept(DutyBook book) => new(
        [.. book.People.Values.Select(duty => new KeptPerson(duty.Person, duty.Since, [.. duty.Vehicles]))],
        [.. book.Offers.Select(offer => new KeptOffer(offer.Id, offer.From, offer.To, [.. offer.Vehicles], offer.Text, offer.At))]);

    internal sealed record KeptPerson(string Person, DateTimeOffset Since, ImmutableArray<string> Vehicles);

    internal sealed record KeptOffer(string Id, string From, string To, ImmutableArray<string> Vehicles, string Text, DateTimeOffset At);

    internal sealed record KeptDuty(ImmutableArray<KeptPerson> People, ImmutableArray<KeptOffer> Offers);
}

[JsonSerializable(typeof(DutyDesk.KeptDuty))]
internal sealed partial class DutyJson : JsonSerializerContext;
