using System.Collections.Immutable;
using Kehrwerk.Centre.Live;

namespace Kehrwerk.Centre.Cases;

/// <summary>A case with everything that is shown of it. Times are milliseconds since 1970 by the Centre's clock.</summary>
/// <param name="Vehicle">The id of the vehicle; null where it is not about one.</param>
/// <param name="Name">The vehicle's name, or the word for the place.</param>
/// <param name="Needs">It needs a person: a decision needs a reason.</param>
/// <param name="MayClose">A person may close it now.</param>
internal sealed record LiveCase(
    long Id,
    int Version,
    CaseKind Kind,
    CaseClass Class,
    CasePriority Priority,
    CaseState State,
    string? Vehicle,
    string Name,
    string Detail,
    string? Owner,
    long BegunAt,
    long RaisedAt,
    long LastSeenAt,
    long? GoneAt,
    long? Due,
    int Level,
    long? ShelvedUntil,
    int Times,
    bool Needs,
    bool MayShelve,
    bool MayClose,
    CaseAction? Decision,
    ImmutableArray<CaseAction> Actions,
    ImmutableArray<LiveCaseStep> History)
{
    public static LiveCase Of(Case one) => new(
        one.Id,
        one.Version,
        one.Kind,
        one.Rule.Class,
        one.Rule.Priority,
        one.State,
        CasePlace.IsVehicle(one.Place) ? one.Place : null,
        CasePlace.IsVehicle(one.Place) ? VehicleName.Of(one.Place) : one.Place,
        one.Detail,
        one.Owner,
        one.BegunAt.ToUnixTimeMilliseconds(),
        one.RaisedAt.ToUnixTimeMilliseconds(),
        one.LastSeenAt.ToUnixTimeMilliseconds(),
        one.GoneAt?.ToUnixTimeMilliseconds(),
        one.Due?.ToUnixTimeMilliseconds(),
        one.Level,
        one.ShelvedUntil?.ToUnixTimeMilliseconds(),
        one.Times,
        one.Rule.NeedsPerson,
        one.Rule.MayBeShelved,
        one.GoneAt is not null || one.Rule.MayBeDismissed,
        one.Decision,
        one.Rule.Actions,
        [.. one.History.Select(step => new LiveCaseStep(step.At.ToUnixTimeMilliseconds(), step.Kind, step.By, step.Text, step.Action))]);
}

internal sealed record LiveCaseStep(long At, CaseStepKind Kind, string By, string Text, CaseAction? Action);
