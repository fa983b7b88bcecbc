using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.History;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Monitor;
using Kehrwerk.Centre.Record;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Live;

/// <summary>What the levels vehicle, detail and diagnosis show beside the stream of all. Times are milliseconds since 1970 by the Centre's clock.</summary>
/// <param name="Now">When it was looked up.</param>
/// <param name="Planned">Where the vehicle itself says that it is about to drive, as pairs of longitude and latitude; empty where it does not say.</param>
/// <param name="Levels">Of the last hour; null where it was not asked for.</param>
internal sealed record VehicleDetail(
    long Now, string Id, LinkFigures Link, ImmutableArray<double[]> Planned, LiveLease Lease, LiveOrder? Order,
    ImmutableArray<LiveError> Errors, ImmutableArray<LiveRequest> Requests, LiveZones Zones, LevelSeries? Levels)
{
    public ImmutableArray<LiveManoeuvre> Manoeuvres { get; init; } = [];

    /// <summary>What the vehicle sees, the nearest first; only while it asks for a manoeuvre.</summary>
    public ImmutableArray<LiveSeen> Seen { get; init; } = [];

    private const int MostErrors = 40;
    private const int MostSets = 20;
    private const int Points = 120;
    private const int PathDigits = 7;
    private static readonly TimeSpan Past = TimeSpan.FromHours(1);

    /// <param name="history">Null: without levels.</param>
    public static VehicleDetail Of(string id, VehicleMonitor monitor, HistoryStore? history, CityContext city, DateTimeOffset now)
    {
        var (twin, state, safety) = monitor.LookAt(id);
        var figures = monitor.FiguresOf(id, twin?.Link ?? LinkState.NeverSeen, now);
        var isHere = state?.MobileRobotPosition?.MapId is not { } map || map == city.City.Fingerprint;
        return new(
            now.ToUnixTimeMilliseconds(),
            id,
            figures,
            state?.PlannedPath is { } path && isHere ? [.. Curve.Points(path.Trajectory).Select(point => Place(city, point))] : [],
            LiveLease.Of(twin, safety),
            LiveOrder.Of(twin),
            [.. (state?.Errors ?? []).Take(MostErrors).Select(LiveError.Of)],
            [.. (twin?.Facts?.Requests ?? []).Take(MostSets).Select(LiveRequest.Of)],
            LiveZones.Of(twin, MostSets),
            history is null ? null : LevelSeries.Of(history.Between(now - Past, now, id).GetValueOrDefault(id, []), now - Past, now, Points))
        {
            Manoeuvres = LiveManoeuvre.Of(twin, safety, city),
            Seen = safety is null ? [] : [.. safety.Seen.Select(one => LiveSeen.Of(one, twin, city))],
        };
    }

    internal static double[] Place(CityContext city, MapPoint point)
    {
        var place = city.Streets.Frame.ToGeo(point);
        return [Math.Round(place.Lon, PathDigits), Math.Round(place.Lat, PathDigits)];
    }
}

/// <summary>How the vehicle stands to its supervision.</summary>
/// <param name="IsSupervised">It keeps to the safety profile.</param>
/// <param name="TakenAgeS">Seconds that its lease was old when it last said so.</param>
internal sealed record LiveLease(
    bool IsSupervised, bool OnDuty, string? Mode, uint CentreEpoch, uint? Epoch, uint GivenId, long? GivenAt, uint? TakenId, double? TakenAgeS, double? TimeoutS,
    string? Refusal, string? Mrc, string? Cause, long? Since, uint EventsWaiting, long? SaidAt)
{
    public static LiveLease Of(Twin? twin, SafetyReport? safety) => new(
        twin?.IsSupervised ?? false,
        twin?.IsSupervisorOnDuty ?? false,
        safety?.Mode.ToString(),
        twin?.Epoch ?? 0,
        safety?.Epoch,
        twin?.LeaseId ?? 0,
        twin is { LeaseId: > 0 } ? twin.LeaseAt.ToUnixTimeMilliseconds() : null,
        safety?.LeaseId,
        safety?.LeaseAgeS is { } age ? Math.Round(age, 1) : null,
        safety?.LeaseTimeoutS,
        safety?.LeaseRefusal is { } refusal ? ForeignText.Of(refusal) : null,
        safety?.MrcId is { } mrc ? ForeignText.Of(mrc, 80) : null,
        safety?.Cause?.ToString(),
        safety?.Since?.ToUnixTimeMilliseconds(),
        safety?.EventsWaiting ?? 0,
        twin is { Safety: not null } ? twin.SafetyAt.ToUnixTimeMilliseconds() : null);
}

/// <summary>The order in flight.</summary>
/// <param name="Base">So many edges are released, of <paramref name="Edges"/>.</param>
internal sealed record LiveOrder(string Id, uint Update, int Edges, int Base, int Sends, bool IsShown, string Action, string? Bay, string? Refusal, int Commands)
{
    public static LiveOrder? Of(Twin? twin) => twin?.Order is not { } order ? null : new(
        order.OrderId, order.UpdateId, order.Path.Length, order.Base, order.Sends, order.IsShown, twin.Facts?.RunningAction ?? "",
        twin.Bay is { } bay ? $"{bay.Kind} {(bay.IsGranted ? bay.Number.ToString(CultureInfo.InvariantCulture) : "–")}" : null, twin.Refusal, twin.Commands.Length);
}

/// <summary>An error that the vehicle reports, in the language of the page where the vehicle has it.</summary>
internal sealed record LiveError(string Type, string Level, string Text, string Hint)
{
    public static LiveError Of(RobotError error) => new(
        ForeignText.Of(error.ErrorType, 80), error.ErrorLevel.ToString(), Told(error.ErrorDescription, error.ErrorDescriptionTranslations), Told(error.ErrorHint, error.ErrorHintTranslations));

    private static string Told(string? text, ImmutableArray<Translation> translations) => ForeignText.Of(
        translations.FirstOrDefault(one => one.TranslationKey == CultureInfo.CurrentUICulture.TwoLetterISOLanguageName)?.TranslationValue ?? text ?? "");
}

internal sealed record LiveRequest(string Id, string Kind, string Place, string Status, bool IsAhead, ImmutableArray<string> Told)
{
    public static LiveRequest Of(VehicleRequest request) => new(
        ForeignText.Of(request.RequestId, 80), request.Kind.ToString(), ForeignText.Of(request.Place, 200), request.Status.ToString(), request.IsAhead, request.Told);
}

/// <summary>A manoeuvre that a vehicle asks for, has driven, or does not drive.</summary>
/// <param name="Stage">Null where the vehicle tells nothing of it beside its request.</param>
/// <param name="Status">Of the request; null where it is not in the state any more.</param>
/// <param name="Path">Pairs of longitude and latitude; empty where the vehicle tells none.</param>
internal sealed record LiveManoeuvre(
    string Request, string? Stage, string? Status, bool IsAhead, string Place, ImmutableArray<double[]> Path, string Reason, string Text,
    double? LengthM, double? ClearM, double? Mps, double? SeenForS, string? Refusal, ImmutableArray<string> Told)
{
    public static ImmutableArray<LiveManoeuvre> Of(Twin? twin, SafetyReport? safety, CityContext city)
    {
        var requests = (twin?.Facts?.Requests ?? []).Where(request => request.IsEdge).Take(SafetyReport.MaxManoeuvres).ToList();
        var told = safety?.Manoeuvres ?? [];
        var isHere = safety is null || safety.Map.MapId == city.City.Fingerprint;
        return
        [
            .. requests.Select(request => Of(request, told.FirstOrDefault(one => one.RequestId == request.RequestId), isHere, city)),
            .. told.Where(one => requests.TrueForAll(request => request.RequestId != one.RequestId)).Select(one => Of(null, one, isHere, city)),
        ];
    }

    private static LiveManoeuvre Of(VehicleRequest? request, ProposedManoeuvre? told, bool isHere, CityContext city) => new(
        ForeignText.Of(request?.RequestId ?? told!.RequestId, 200),
        told?.Stage.ToString(),
        request?.Status.ToString(),
        request?.IsAhead ?? false,
        request is null ? "" : city.Streets.FindArc(request.Place) is { } arc ? city.Streets.ArcName(arc) : ForeignText.Of(request.Place, 100),
        told is not null && isHere ? [.. told.Path.Select(point => VehicleDetail.Place(city, new(point.X, point.Y)))] : [],
        ForeignText.Of(told?.Reason ?? "", 40),
        ForeignText.Of(told?.Text ?? ""),
        told?.LengthM, told?.ClearM, told?.MaximumSpeedMps, told?.SeenForS,
        told?.Refusal is { } refusal ? ForeignText.Of(refusal) : null,
        request?.Told ?? []);
}

/// <summary>An object that a vehicle sees.</summary>
/// <param name="Heading">Degrees clockwise from north.</param>
/// <param name="DistanceM">From the vehicle; null where its place is not known.</param>
internal sealed record LiveSeen(string Kind, double Lon, double Lat, double Heading, double? LengthM, double? WidthM, double? Mps, double? DistanceM, bool Blocks)
{
    public static LiveSeen Of(SeenObject one, Twin? twin, CityContext city)
    {
        var at = new MapPoint(one.X, one.Y);
        var place = VehicleDetail.Place(city, at);
        var heading = 90 + ((city.Streets.Frame.ConvergenceRad(at) - one.HeadingRad) * 180 / Math.PI);
        return new(
            one.Kind.ToString(), place[0], place[1], Math.Round(((heading % 360) + 360) % 360, 1), one.LengthM, one.WidthM, one.SpeedMps,
            twin?.Facts?.Position is { } vehicle ? Math.Round(vehicle.DistanceTo(at), 1) : null, one.Blocks);
    }
}

/// <summary>Zone sets in the vehicle, and whether those that it should have are there.</summary>
internal sealed record LiveZones(bool Keeps, string? Wanted, bool IsLate, string? Fault, ImmutableArray<string[]> Sets)
{
    public static LiveZones Of(Twin? twin, int most) => new(
        twin?.KeepsZones ?? false, twin?.Zones?.ZoneSetId, twin?.Zones?.IsLate ?? false, twin?.ZoneCheck?.Fault,
        [.. (twin?.Facts?.ZoneSets ?? []).Take(most).Select(set => new[] { ForeignText.Of(set.ZoneSetId, 80), set.ZoneSetStatus.ToString() })]);
}

/// <summary>Levels over time: at each of equal steps the newest value, or null where nothing is known. Percent, km/h.</summary>
internal sealed record LevelSeries(long From, long To, ImmutableArray<double?> Battery, ImmutableArray<double?> Hopper, ImmutableArray<double?> Water, ImmutableArray<double?> Kmh)
{
    // What was shown was older than this: nothing is known.
    private const double StaleS = 30;

    public static LevelSeries Of(ImmutableArray<HistorySample> samples, DateTimeOffset from, DateTimeOffset to, int points)
    {
        var (battery, hopper, water, kmh) = (new double?[points], new double?[points], new double?[points], new double?[points]);
        foreach (var sample in samples.Where(sample => sample.At >= from && sample.At < to && sample is { Position: not null, AgeS: < StaleS }))
        {
            var i = (int)((sample.At - from) / (to - from) * points);
            (battery[i], hopper[i], water[i]) = (Math.Round(sample.Battery, 1), Math.Round(sample.Hopper, 1), Math.Round(sample.Water, 1));
            kmh[i] = Math.Round(Math.Max(kmh[i] ?? 0, sample.SpeedMps * 3.6), 1);
        }

        return new(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), [.. battery], [.. hopper], [.. water], [.. kmh]);
    }
}

/// <summary>The last messages between Centre and vehicle, the newest first.</summary>
internal sealed record VehicleMessages(long Now, ImmutableArray<LiveMonitored> Messages);

/// <param name="Text">Cut where <paramref name="IsCut"/>; <paramref name="Bytes"/> is the whole length.</param>
internal sealed record LiveMonitored(long At, string Topic, bool In, int Bytes, string Text, bool IsCut, string? Fault);
