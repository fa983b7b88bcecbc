using Microsoft.AspNetCore.Identity;

namespace Kehrwerk.Centre.Access.People;

/// <summary>
/// Somebody who may sign in. The id is a handle such as <c>p-7kq3xd</c>, made by chance: the record names people by it alone, so that
/// a person's data can be erased and the record stays whole.
/// </summary>
public sealed class Person : IdentityUser
{
    public const int MaxNameLength = 80;

    /// <summary>How colleagues know the person; empty once it is erased.</summary>
    public string Name { get; set; } = "";

    /// <summary>See <see cref="Access.Roles.Write"/>.</summary>
    public string RoleNames { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Since when the person may not sign in.</summary>
    public DateTimeOffset? BlockedAt { get; set; }

    /// <summary>Since when nothing but the handle is kept.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    public Role[] Roles => Access.Roles.Read(RoleNames);
    public bool MaySignIn => BlockedAt is null && ErasedAt is null;
}

/// <summary>A one-time link that signs a person in. Only the hash of its token is kept.</summary>
public sealed class Invitation
{
    public required string TokenHash { get; set; }
    public required string PersonId { get; set; }
    public required DateTimeOffset EndsAt { get; set; }
}

/// <summary>A qualification as it was entered.</summary>
public sealed class QualificationEntry
{
    public const int MaxDocumentLength = 120;

    public int Id { get; set; }
    public required string PersonId { get; set; }
    public required Qualifications.QualificationKind Kind { get; set; }
    public DateOnly? ValidUntil { get; set; }

    /// <summary>Where the document is to be found; personal, not on record.</summary>
    public required string Document { get; set; }
    public bool IsDemonstration { get; set; }

    /// <summary>Handle of who entered it.</summary>
    public required string EnteredBy { get; set; }
    public required DateTimeOffset EnteredAt { get; set; }

    public Qualifications.Qualification Facts => new(Kind, ValidUntil, IsDemonstration);
}

/// <summary>The duty book as it stands, kept over restarts: one row.</summary>
public sealed class DutyRow
{
    public int Id { get; set; }
    public required string Json { get; set; }
}

/// <summary>A hand-over that is over; its text may be personal and goes with the person who wrote it.</summary>
public sealed class HandOverRow
{
    public required string Id { get; set; }
    public required string FromId { get; set; }
    public required string ToId { get; set; }

    /// <summary>Ids with commas between them.</summary>
    public required string Vehicles { get; set; }
    public required string Text { get; set; }
    public required DateTimeOffset OfferedAt { get; set; }
    public DateTimeOffset? AcceptedAt { get; set; }
}
