using Kehrwerk.Streets;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Kehrwerk.Centre.Access.People;

/// <summary>
/// People, their passkeys, qualifications and hand-overs: a SQLite file of its own beside the Centre's database, since personal data are
/// erased on demand and the record never is. A change of the model needs a migration: docs/how-to/change-the-people-database.md.
/// </summary>
public sealed class PeopleContext(DbContextOptions<PeopleContext> options) : IdentityUserContext<Person>(options)
{
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<QualificationEntry> Qualifications => Set<QualificationEntry>();
    public DbSet<DutyRow> Duty => Set<DutyRow>();
    public DbSet<HandOverRow> HandOvers => Set<HandOverRow>();

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    public static DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, string file) =>
        options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString())
            .AddInterceptors(new OverwriteWhatIsDeleted())
            // What Identity maps and people do not have is taken out again on purpose.
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.MappedEntityTypeIgnoredWarning, CoreEventId.MappedPropertyIgnoredWarning));

    /// <summary>Creates the file or brings its tables up to date.</summary>
    /// <exception cref="InputException">It is no database of ours, or of a newer version.</exception>
    public void Prepare(string file)
    {
        try
        {
            if (Database.GetAppliedMigrations().Except(Database.GetMigrations()).Any())
            {
                throw new InputException(file, "its tables are of a newer version than this program knows", "Use the Kehrwerk that wrote it or a newer one; nothing has been changed");
            }

            Database.Migrate();
        }
        catch (SqliteException e)
        {
            throw new InputException(file, $"the people's database cannot be opened: {e.Message.TrimEnd('.')}", "Restore it from a backup, or choose another folder with --data", e);
        }
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // There are no passwords, mail addresses, phones or outside accounts: what is not kept need not be protected.
        builder.Ignore<IdentityUserClaim<string>>().Ignore<IdentityUserLogin<string>>().Ignore<IdentityUserToken<string>>();
        builder.Entity<Person>(person =>
        {
            person.ToTable("people");
            foreach (var unused in (string[])
                [
                    nameof(Person.Email), nameof(Person.NormalizedEmail), nameof(Person.EmailConfirmed), nameof(Person.PasswordHash), nameof(Person.PhoneNumber),
                    nameof(Person.PhoneNumberConfirmed), nameof(Person.TwoFactorEnabled), nameof(Person.LockoutEnd), nameof(Person.LockoutEnabled),
                    nameof(Person.AccessFailedCount), nameof(Person.Roles), nameof(Person.MaySignIn),
                ])
            {
                person.Ignore(unused);
            }

            person.Property(p => p.Name).HasMaxLength(Person.MaxNameLength);
        });
        builder.Entity<IdentityUserPasskey<string>>(passkey =>
        {
            passkey.ToTable("passkeys").HasKey(p => p.CredentialId);
            passkey.Property(p => p.CredentialId).HasMaxLength(1024);
            passkey.OwnsOne(p => p.Data).ToJson();
            passkey.HasOne<Person>().WithMany().HasForeignKey(p => p.UserId).IsRequired();
        });
        builder.Entity<Invitation>(invitation =>
        {
            invitation.ToTable("invitations").HasKey(i => i.TokenHash);
            invitation.HasOne<Person>().WithMany().HasForeignKey(i => i.PersonId);
        });
        builder.Entity<QualificationEntry>(entry =>
        {
            entry.ToTable("qualifications");
            entry.Ignore(e => e.Facts);
            entry.Property(e => e.Kind).HasConversion<string>();
            entry.HasOne<Person>().WithMany().HasForeignKey(e => e.PersonId);
        });
        builder.Entity<DutyRow>().ToTable("duty");
        builder.Entity<HandOverRow>().ToTable("hand_overs");
    }
}
