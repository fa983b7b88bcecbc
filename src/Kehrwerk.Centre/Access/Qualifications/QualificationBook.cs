using System.Collections.Immutable;
using Kehrwerk.Centre.Access.People;
using Microsoft.EntityFrameworkCore;

namespace Kehrwerk.Centre.Access.Qualifications;

/// <summary>
/// Everybody's qualifications. Kept in memory beside the database, since every decision and every second on duty asks for them. Thread-safe;
/// demonstration ones are only in it in a demo.
/// </summary>
internal sealed class QualificationBook(IDbContextFactory<PeopleContext> contexts, AccessRecord record, AccessOptions options)
{
    private volatile ImmutableDictionary<string, ImmutableArray<QualificationEntry>> byPerson = ImmutableDictionary<string, ImmutableArray<QualificationEntry>>.Empty;

    public ImmutableArray<QualificationEntry> Of(string person) => byPerson.TryGetValue(person, out var entries) ? entries : [];

    /// <summary>What the person lacks for a command today.</summary>
    public ImmutableArray<MissingQualification> Missing(string person, AccessCommand command) =>
        QualificationRules.Missing(command, [.. Of(person).Select(entry => entry.Facts)], options.Today);

    public ImmutableArray<Qualification> EndingSoon(string person) => QualificationRules.EndingSoon([.. Of(person).Select(entry => entry.Facts)], options.Today);

    public async Task Load()
    {
        await using var context = await contexts.CreateDbContextAsync();
        var entries = await context.Qualifications.AsNoTracking().ToListAsync();
        byPerson = entries
            .Where(entry => options.IsDemonstration || !entry.IsDemonstration)
            .OrderBy(entry => entry.Kind).ThenBy(entry => entry.ValidUntil).ThenBy(entry => entry.Id)
            .GroupBy(entry => entry.PersonId)
            .ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
    }

    public async Task Add(string person, QualificationKind kind, DateOnly? validUntil, string document, string by)
    {
        await Store([Entry(person, kind, validUntil, document, by)]);
        await Load();
    }

    /// <summary>Takes an entry back, where it was wrong or a licence was withdrawn; false where there is none.</summary>
    public async Task<bool> Withdraw(int id, string by)
    {
        await using var context = await contexts.CreateDbContextAsync();
        if (await context.Qualifications.FindAsync(id) is not { } entry)
        {
            return false;
        }

        await using var change = await context.Database.BeginTransactionAsync();
        context.Remove(entry);
        await context.SaveChangesAsync();
        await record.Note("qualificationWithdrawn", by, Text(entry));
        await change.CommitAsync();
        await Load();
        return true;
    }

    /// <summary>All kinds for a year, for the first person of a demo.</summary>
    public async Task AddDemonstration(string person)
    {
        var end = options.Today.AddYears(1);
        await Store([.. Enum.GetValues<QualificationKind>().Select(kind => Entry(person, kind, kind == QualificationKind.Degree ? null : end, "Demo", "kehrwerk run", isDemonstration: true))]);
        await Load();
    }

    private async Task Store(ImmutableArray<QualificationEntry> entries)
    {
        await using var context = await contexts.CreateDbContextAsync();
        await using var change = await context.Database.BeginTransactionAsync();
        context.AddRange(entries);
        await context.SaveChangesAsync();
        await record.Write([.. entries.Select(entry => record.Draft("qualificationEntered", entry.EnteredBy, Text(entry)))]);
        await change.CommitAsync();
    }

    private QualificationEntry Entry(string person, QualificationKind kind, DateOnly? validUntil, string document, string by, bool isDemonstration = false) => new()
    {
        PersonId = person,
        Kind = kind,
        ValidUntil = validUntil,
        Document = document,
        IsDemonstration = isDemonstration,
        EnteredBy = by,
        EnteredAt = options.Time.GetUtcNow(),
    };

    // Without the document: that is personal, and stays where it can be erased.
    private static string Text(QualificationEntry entry) =>
        FormattableString.Invariant($"{entry.PersonId}: {entry.Kind}{(entry.ValidUntil is { } end ? $" until {end:yyyy-MM-dd}" : "")}{(entry.IsDemonstration ? ", demonstration" : "")}");
}
