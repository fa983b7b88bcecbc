using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Kehrwerk.Centre.Access.People;

/// <summary>What is wrong with a wish, as a key of <c>AccessTexts</c>; null where it was done.</summary>
public enum PeopleProblem { UnknownPerson, NameMissing, RolesMissing, LastAdmin, OnDuty, NotConfirmed }

/// <summary>
/// Invites, changes and erases people. What is changed and its entry in the record go together: the change is committed after the entry is stored.
/// One for each request.
/// </summary>
internal sealed class PeopleDesk(PeopleContext context, UserManager<Person> users, AccessRecord record, AccessOptions options, Duty.DutyDesk duty, Qualifications.QualificationBook qualifications)
{
    private const int TokenBytes = 32;
    private const string HandleLetters = "23456789abcdefghjkmnpqrstuvwxyz";

    /// <summary>Everybody who is not erased, by name.</summary>
    public async Task<List<Person>> All() =>
        [.. (await context.Users.AsNoTracking().Where(p => p.ErasedAt == null).ToListAsync()).OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)];

    public async Task<Person?> Find(string? id) => id is null ? null : await context.Users.FindAsync(id);

    /// <summary>
    /// Who uses the link that the program printed: at the first start the first administrator, later the administrator of that name, or a
    /// new one. It is the way back in, open to whoever may read the program's own output.
    /// </summary>
    public async Task<Person> TakeFirstOrRecovering(string name)
    {
        var people = await All();
        if (people.Find(p => p.MaySignIn && p.Name == name && p.Roles.Contains(Role.Admin)) is { } known)
        {
            await record.Note("recoveryLinkUsed", known.Id, "signed in by the link that the program printed");
            return (await Find(known.Id))!;
        }

        // The first one has to be able to do everything: there is nobody else. Who comes later by this link only lets people in.
        var roles = people.Count == 0 ? Roles.All : [Role.Admin];
        var person = await Add(name, roles, "kehrwerk run", people.Count == 0 ? "first person" : "by the link that the program printed");
        if (people.Count == 0 && options.IsDemonstration)
        {
            await qualifications.AddDemonstration(person.Id);
        }

        return person;
    }

    public async Task<(PeopleProblem? Problem, string? Token)> Invite(string name, Role[] roles, string by)
    {
        if (Checked(name) is not { } good)
        {
            return (PeopleProblem.NameMissing, null);
        }

        if (roles.Length == 0)
        {
            return (PeopleProblem.RolesMissing, null);
        }

        var person = await Add(good, roles, by, "invited");
        return (null, await NewLink(person));
    }

    /// <summary>A new link for somebody who has lost their passkey, or whose invitation has ended.</summary>
    public async Task<(PeopleProblem? Problem, string? Token)> Link(string id, string by)
    {
        if (await Find(id) is not { MaySignIn: true } person)
        {
            return (PeopleProblem.UnknownPerson, null);
        }

        await record.Note("linkIssued", by, $"a sign-in link for {person.Id}");
        return (null, await NewLink(person));
    }

    /// <summary>Whom the token would sign in; null where it would not. Does not use it up.</summary>
    public async Task<Person?> Invited(string token)
    {
        var hash = Hash(token);
        var found = await context.Invitations.AsNoTracking().FirstOrDefaultAsync(i => i.TokenHash == hash);
        return found is not null && found.EndsAt > options.Time.GetUtcNow() && await Find(found.PersonId) is { MaySignIn: true } person ? person : null;
    }

    /// <summary>Uses the token up; the person exactly once.</summary>
    public async Task<Person?> Redeem(string token)
    {
        var hash = Hash(token);
        var person = await Invited(token);
        return await context.Invitations.Where(i => i.TokenHash == hash).ExecuteDeleteAsync() == 1 ? person : null;
    }

    public async Task<PeopleProblem?> SetRoles(string id, Role[] roles, string by)
    {
        if (await Find(id) is not { ErasedAt: null } person)
        {
            return PeopleProblem.UnknownPerson;
        }

        var before = person.Roles;
        if (before.Contains(Role.Admin) && !roles.Contains(Role.Admin) && await IsLastAdmin(person))
        {
            return PeopleProblem.LastAdmin;
        }

        if (!roles.Contains(Role.Supervisor) && duty.IsOnDuty(id))
        {
            return PeopleProblem.OnDuty;
        }

        if (before.SequenceEqual(roles.Distinct().Order()))
        {
            return null;
        }

        person.RoleNames = Roles.Write(roles);
        // A right that was taken away ends the sessions that had it; one that is added holds from the next request on.
        await Change(person, endsSessions: before.Except(roles).Any(), "rolesChanged", by, $"{id}: {Text(before)} → {Text(person.Roles)}");
        return null;
    }

    public async Task<PeopleProblem?> SetBlocked(string id, bool blocked, string by)
    {
        if (await Find(id) is not { ErasedAt: null } person)
        {
            return PeopleProblem.UnknownPerson;
        }

        if (blocked && await IsLastAdmin(person))
        {
            return PeopleProblem.LastAdmin;
        }

        if (blocked && duty.IsOnDuty(id))
        {
            return PeopleProblem.OnDuty;
        }

        person.BlockedAt = blocked ? options.Time.GetUtcNow() : null;
        await Change(person, endsSessions: blocked, blocked ? "personBlocked" : "personUnblocked", by, id);
        return null;
    }

    /// <summary>
    /// Erases everything but the handle, also from the file's free space: name, roles, passkeys, links, qualifications, texts of hand-overs.
    /// The handle stays, so that the record can be read and no second person gets it.
    /// </summary>
    public async Task<PeopleProblem?> Erase(string id, bool confirmed, string by)
    {
        if (!confirmed)
        {
            return PeopleProblem.NotConfirmed;
        }

        if (await Find(id) is not { ErasedAt: null } person)
        {
            return PeopleProblem.UnknownPerson;
        }

        if (await IsLastAdmin(person))
        {
            return PeopleProblem.LastAdmin;
        }

        if (duty.IsOnDuty(id))
        {
            return PeopleProblem.OnDuty;
        }

        await using (var change = await context.Database.BeginTransactionAsync())
        {
            await context.UserPasskeys.Where(p => p.UserId == id).ExecuteDeleteAsync();
            await context.Invitations.Where(i => i.PersonId == id).ExecuteDeleteAsync();
            await context.Qualifications.Where(q => q.PersonId == id).ExecuteDeleteAsync();
            await context.HandOvers.Where(h => h.FromId == id).ExecuteUpdateAsync(h => h.SetProperty(row => row.Text, ""));
            (person.Name, person.RoleNames, person.ErasedAt) = ("", "", options.Time.GetUtcNow());
            person.SecurityStamp = NewStamp();
            await context.SaveChangesAsync();
            await record.Note("personErased", by, id);
            await change.CommitAsync();
        }

        // What was overwritten must not live on in the log of the last writes.
        await context.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        await qualifications.Load();
        return null;
    }

    /// <summary>Ends every session of a person, on every device.</summary>
    public async Task EndSessions(Person person, string why) => await Change(person, endsSessions: true, "sessionsEnded", person.Id, why);

    private async Task<Person> Add(string name, Role[] roles, string by, string how)
    {
        var handle = "p-" + RandomNumberGenerator.GetString(HandleLetters, 6);
        var person = new Person { Id = handle, UserName = handle, Name = name, RoleNames = Roles.Write(roles), CreatedAt = options.Time.GetUtcNow() };
        await using var change = await context.Database.BeginTransactionAsync();
        var created = await users.CreateAsync(person);
        if (!created.Succeeded)
        {
            throw new InvalidOperationException($"A person could not be stored: {string.Join(", ", created.Errors.Select(e => e.Description))}");
        }

        await record.Note("personAdded", by, $"{handle}: {Text(person.Roles)}, {how}");
        await change.CommitAsync();
        return person;
    }

    private async Task Change(Person person, bool endsSessions, string kind, string by, string text)
    {
        if (endsSessions)
        {
            person.SecurityStamp = NewStamp();
        }

        await using var change = await context.Database.BeginTransactionAsync();
        await context.SaveChangesAsync();
        await record.Note(kind, by, text);
        await change.CommitAsync();
    }

    private async Task<string> NewLink(Person person)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = options.Time.GetUtcNow();
        // An older link of the same person ends with the new one.
        await context.Invitations.Where(i => i.PersonId == person.Id).ExecuteDeleteAsync();
        context.Invitations.Add(new() { TokenHash = Hash(token), PersonId = person.Id, EndsAt = now + options.InvitationLifetime });
        await context.SaveChangesAsync();
        return token;
    }

    private async Task<bool> IsLastAdmin(Person person) =>
        person.Roles.Contains(Role.Admin) && !(await All()).Exists(p => p.Id != person.Id && p.MaySignIn && p.Roles.Contains(Role.Admin));

    /// <summary>The name as it is kept; null where it is none.</summary>
    public static string? Checked(string? name) => name?.Trim() is { Length: > 0 and <= Person.MaxNameLength } good && !good.Any(char.IsControl) ? good : null;

    private static string Text(IEnumerable<Role> roles) => string.Join(", ", roles) is { Length: > 0 } text ? text : "none";

    private static string NewStamp() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    private static string Hash(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
