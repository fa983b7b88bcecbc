using System.Collections.Immutable;

namespace Kehrwerk.Centre.Access.Qualifications;

/// <summary>What the law asks of those who supervise (AFGBV § 14 (1)–(2)).</summary>
public enum QualificationKind
{
    /// <summary>Degree in engineering, or state-certified technician; does not expire.</summary>
    Degree,
    /// <summary>Training by the maker of the vehicle.</summary>
    ManufacturerTraining,
    /// <summary>Driving licence of the vehicle's class; to release manoeuvres needs it.</summary>
    DrivingLicence,
    /// <summary>Reliability, by extract of the registers.</summary>
    Reliability,
    /// <summary>Yearly training of helpers, with a practical exam that includes simulated disturbances.</summary>
    YearlyTraining,
}

/// <summary>That a person is qualified, by which document and until when.</summary>
/// <param name="ValidUntil">The last day, included; null only for a <see cref="QualificationKind.Degree"/>.</param>
/// <param name="IsDemonstration">Made up for the demo with virtual vehicles; counts only there.</param>
public sealed record Qualification(QualificationKind Kind, DateOnly? ValidUntil, bool IsDemonstration = false)
{
    public bool IsValidOn(DateOnly day) => ValidUntil is not { } end || day <= end;
}

/// <summary>What is missing for a task. <see cref="ExpiredOn"/> is the first day without; null where there never was one.</summary>
public sealed record MissingQualification(QualificationKind Kind, DateOnly? ExpiredOn);

/// <summary>What a task needs, and whether a person has it on a day.</summary>
public static class QualificationRules
{
    /// <summary>So long before its end a qualification is warned of, days.</summary>
    public const int WarnDays = 30;

    /// <summary>Technische Aufsicht: on duty, releasing manoeuvres, ending a minimal risk condition.</summary>
    public static readonly ImmutableArray<QualificationKind> ForSupervision =
        [QualificationKind.Degree, QualificationKind.ManufacturerTraining, QualificationKind.DrivingLicence, QualificationKind.Reliability];

    /// <summary>Helpers, who let a paused vehicle go on.</summary>
    public static readonly ImmutableArray<QualificationKind> ForHelping = [QualificationKind.YearlyTraining];

    /// <summary>What the command needs; empty where it needs none. One of the sets is enough.</summary>
    public static ImmutableArray<ImmutableArray<QualificationKind>> For(AccessCommand command) => command switch
    {
        AccessCommand.ReleaseVehicle or AccessCommand.GrantRequest or AccessCommand.GoOnDuty => [ForSupervision],
        AccessCommand.ResumeVehicle => [ForHelping, ForSupervision],
        _ => [],
    };

    public static ImmutableArray<MissingQualification> Missing(ImmutableArray<QualificationKind> needed, IReadOnlyCollection<Qualification> held, DateOnly today) =>
    [
        .. needed
            .Where(kind => !held.Any(one => one.Kind == kind && one.IsValidOn(today)))
            .Select(kind => new MissingQualification(kind, held.Where(one => one.Kind == kind).Max(one => one.ValidUntil)?.AddDays(1))),
    ];

    /// <summary>What a person lacks for a command; empty where nothing is missing. Of several ways the first is named.</summary>
    public static ImmutableArray<MissingQualification> Missing(AccessCommand command, IReadOnlyCollection<Qualification> held, DateOnly today)
    {
        var ways = For(command).Select(needed => Missing(needed, held, today)).ToList();
        return ways.Count == 0 || ways.Any(missing => missing.IsEmpty) ? [] : ways[0];
    }

    /// <summary>Those that end within <see cref="WarnDays"/> and have no successor of the same kind that holds longer.</summary>
    public static ImmutableArray<Qualification> EndingSoon(IReadOnlyCollection<Qualification> held, DateOnly today) =>
    [
        .. held
            .GroupBy(one => one.Kind)
            .Select(group => group.MaxBy(one => one.ValidUntil ?? DateOnly.MaxValue)!)
            .Where(one => one.ValidUntil is { } end && end >= today && end <= today.AddDays(WarnDays))
            .OrderBy(one => one.ValidUntil),
    ];
}
