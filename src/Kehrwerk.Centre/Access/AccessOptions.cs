using Kehrwerk.Centre.Access.Duty;

namespace Kehrwerk.Centre.Access;

/// <summary>How people are let in and kept on duty.</summary>
public sealed record AccessOptions
{
    /// <summary>The SQLite file with people's data; created where it is missing.</summary>
    public required string PeopleFile { get; init; }

    /// <summary>
    /// True: a demo with virtual vehicles. A supervisor counts as on duty whoever watches, and the first person gets qualifications that count only here.
    /// </summary>
    public bool IsDemonstration { get; init; }

    public DutyRules Duty { get; init; } = new();

    /// <summary>A session ends so long after its last use; what a page asks for by itself is no use.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A session ends so long after the sign-in, whatever was done: a shift, and time to hand it over.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(12);
    public TimeSpan InvitationLifetime { get; init; } = TimeSpan.FromDays(3);

    /// <summary>People's time: the real clock, not the Centre's, which may run faster.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The day by the wall of the control room.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Time.GetLocalNow().DateTime);
}
