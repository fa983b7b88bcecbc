using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kehrwerk.Centre.History;

/// <summary>One vehicle over a span: columns of equal length. Times are milliseconds after <see cref="ReplaySpan.From"/>; what was not known is null.</summary>
/// <param name="Age">How old what was shown was then, seconds.</param>
internal sealed record ReplayTrack(
    string Id, string Name, ImmutableArray<long> T, ImmutableArray<double?> Lon, ImmutableArray<double?> Lat, ImmutableArray<double> Heading, ImmutableArray<double> Kmh,
    ImmutableArray<string> Activity, ImmutableArray<string> Link, ImmutableArray<string> Attention, ImmutableArray<double> Battery, ImmutableArray<double> Hopper, ImmutableArray<double> Water,
    ImmutableArray<double?> Age, ImmutableArray<int> Swept);

internal sealed record ReplaySpan(long From, long To, ImmutableArray<ReplayTrack> Vehicles);

/// <param name="Class">Of a case; null for an entry of the record.</param>
/// <param name="Who">Who did it: a handle, the Centre or the vehicle.</param>
internal sealed record ReplayEvent(long At, string Kind, long? Case, string? Class, CaseKind? CaseKind, CaseStepKind? Step, string Vehicle, string Who, string Text);

/// <summary>Cases, commands and kerbs of a span.</summary>
/// <param name="Planned">Kerbs of the missions of this time.</param>
/// <param name="Swept">Pairs of a kerb and when it was swept.</param>
internal sealed record ReplayEvents(long From, long To, ImmutableArray<ReplayEvent> Events, bool IsCut, ImmutableArray<int> Planned, ImmutableArray<long[]> Swept);

/// <summary>
/// <c>GET /api/replay?from=&amp;to=</c>: where every vehicle was in up to 10 minutes; <c>GET /api/replay/events?from=&amp;to=</c>: cases and commands of up to a day.
/// Times are milliseconds since 1970.
/// </summary>
internal static class ReplayEndpoint
{
    private const int DegreeDigits = 7;
    private const int MostEvents = 2000;
    private static readonly TimeSpan LongestSpan = TimeSpan.FromMinutes(10), LongestEvents = TimeSpan.FromHours(24);

    /// <summary>What of the record belongs on the time line: what somebody ordered, answered or closed, and how vehicles stood to it.</summary>
    private static readonly ImmutableArray<string> Kinds =
    [
        "command", "commandTaken", "commandFailed", "commandExpired", "commandUnanswered", "releaseRefused", "mrcInvestigated", "minimalRisk", "minimalRiskCondition", "minimalRiskEnded",
        "requestAnswered", "answerRefused", "streetClosed", "streetOpened", "missionAssigned", "missionEnded", "fault", "link", "handOverAccepted", "dutyBegan", "dutyEnded",
    ];

    public static IEndpointRouteBuilder MapReplay(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/replay", Span);
        routes.MapGet("/api/replay/events", Events);
        return routes;
    }

    private static Results<Ok<ReplaySpan>, ProblemHttpResult> Span([FromServices] HistoryStore history, long from, long to)
    {
        if (Fault(from, to, LongestSpan) is { } fault)
        {
            return fault;
        }

        var (begin, end) = (DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to));
        return TypedResults.Ok(new ReplaySpan(from, to, [.. history.Between(begin, end).Where(vehicle => !vehicle.Value.IsEmpty).Select(vehicle => Track(vehicle.Key, vehicle.Value, from))]));
    }

    private static Results<Ok<ReplayEvents>, ProblemHttpResult> Events([FromServices] CentreStore store, [FromServices] Streets.City city, long from, long to)
    {
        if (Fault(from, to, LongestEvents) is { } fault)
        {
            return fault;
        }

        var (begin, end) = (DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to));
        var steps = store.CasesBetween(begin, end).SelectMany(one => one.History.Where(step => step.At >= begin && step.At < end).Select(step => new ReplayEvent(
            step.At.ToUnixTimeMilliseconds(), step.Kind == CaseStepKind.Raised ? "caseRaised" : "case", one.Id, one.Rule.Class.ToString(), one.Kind, step.Kind,
            CasePlace.IsVehicle(one.Place) ? VehicleName.Of(one.Place) : one.Place, step.By, step.Text)));
        var entries = store.RecordBetween(begin, end, Kinds, MostEvents).Select(entry => new ReplayEvent(
            entry.At.ToUnixTimeMilliseconds(), entry.Kind, null, null, null, null, entry.Vehicle.Length > 0 ? VehicleName.Of(entry.Vehicle) : "", entry.Who, Record.ForeignText.Of(entry.Text, 200)));
        var all = steps.Concat(entries).OrderBy(one => one.At).Take(MostEvents + 1).ToImmutableArray();
        var (planned, swept) = store.KerbsBetween(begin, end, city.Fingerprint);
        return TypedResults.Ok(new ReplayEvents(from, to, [.. all.Take(MostEvents)], all.Length > MostEvents, planned, [.. swept.Select(one => new[] { one.Kerb, one.At.ToUnixTimeMilliseconds() })]));
    }

    private static ReplayTrack Track(string id, ImmutableArray<HistorySample> samples, long from) => new(
        id,
        VehicleName.Of(id),
        [.. samples.Select(s => s.At.ToUnixTimeMilliseconds() - from)],
        [.. samples.Select(s => s.Position is { } place ? (double?)Math.Round(place.Lon, DegreeDigits) : null)],
        [.. samples.Select(s => s.Position is { } place ? (double?)Math.Round(place.Lat, DegreeDigits) : null)],
        [.. samples.Select(s => Math.Round(s.HeadingDeg, 1))],
        [.. samples.Select(s => Math.Round(s.SpeedMps * 3.6, 1))],
        [.. samples.Select(s => s.Activity.ToString())],
        [.. samples.Select(s => s.Link.ToString())],
        [.. samples.Select(s => s.Attention.ToString())],
        [.. samples.Select(s => s.Battery)],
        [.. samples.Select(s => s.Hopper)],
        [.. samples.Select(s => s.Water)],
        [.. samples.Select(s => double.IsFinite(s.AgeS) ? (double?)s.AgeS : null)],
        [.. samples.Select(s => s.KerbsSwept)]);

    private static ProblemHttpResult? Fault(long from, long to, TimeSpan longest) =>
        from < 0 || to <= from || to > 253_402_300_799_000 ? TypedResults.Problem("from and to must be milliseconds since 1970, to after from.", statusCode: StatusCodes.Status400BadRequest)
        : to - from > longest.TotalMilliseconds ? TypedResults.Problem($"from and to may be {longest.TotalMinutes:0} minutes apart at most.", statusCode: StatusCodes.Status400BadRequest)
        : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplaySpan))]
[JsonSerializable(typeof(ReplayEvents))]
internal sealed partial class ReplayJson : JsonSerializerContext;
