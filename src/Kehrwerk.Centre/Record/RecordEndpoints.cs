using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Record.Pages;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Record;

/// <summary>The pages of the record, and what leaves the house of it. Each export is itself on record before its first byte goes out.</summary>
internal static class RecordEndpoints
{
    public static void MapRecord(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/record", (HttpContext context, RecordPages pages) => pages.Page(context.Request.Query));
        routes.MapPost("/record/verify", (HttpContext context, RecordPages pages, IFormCollection form) => pages.Verify(context));
        routes.MapGet("/record/head", (CentreStore store) =>
            TypedResults.Text(store.Records.Head() is { } head ? RecordFile.LineOf(head) + "\n" : "", "application/jsonl; charset=utf-8"));
        routes.MapGet("/record/export", (HttpContext context, RecordPages pages) => pages.Export(context));
        routes.MapGet("/record/events", (RecordPages pages) => pages.Events());
        routes.MapPost("/record/events/export", (HttpContext context, RecordPages pages, IFormCollection form) => pages.ExportEvents(context, form));
    }
}

/// <summary>The fields of the search, as they were sent.</summary>
public sealed record RecordSearch(string From = "", string To = "", string Vehicle = "", string Kind = "", string Who = "", string Text = "")
{
    /// <summary>The search as part of an address.</summary>
    public string Query => string.Join('&', new (string Name, string Value)[] { ("from", From), ("to", To), ("vehicle", Vehicle), ("kind", Kind), ("who", Who), ("text", Text) }
        .Where(one => one.Value.Length > 0).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}"));
}

/// <summary>What the page of the record shows.</summary>
public sealed record RecordView
{
    public required RecordSearch Search { get; init; }
    public required IReadOnlyList<RecordEntry> Entries { get; init; }
    public required bool HasNewer { get; init; }
    public required bool HasOlder { get; init; }
    public required RecordHead? Head { get; init; }
    public required IReadOnlyList<string> Vehicles { get; init; }
    public required IReadOnlyList<string> Kinds { get; init; }
    public required IReadOnlyList<string> Who { get; init; }
    public required IReadOnlyDictionary<string, string> Names { get; init; }
    public required TimeZoneInfo Zone { get; init; }
    public required bool MayExportEvents { get; init; }

    /// <summary>Where somebody has just let the record be checked.</summary>
    public RecordVerdict? Verdict { get; init; }
}

/// <summary>The form of the export after StVG § 1g, as it was sent.</summary>
public sealed record EventForm(string Vehicle, string From, string To, IReadOnlyList<string> Occasions, string Reason);

internal sealed class RecordPages(CentreStore store, AccessRecord record, PeopleDesk people, CentreOptions options, CentreClock clock, IHttpContextAccessor http, IStringLocalizer<RecordTexts> texts)
{
    public const int MaxReasonLength = 200;
    private const int Shown = 50;

    // One at a time: each reads the whole record.
    private static readonly SemaphoreSlim Verifying = new(1, 1);

    public async Task<RazorComponentResult<RecordPage>> Page(IQueryCollection query)
    {
        var (search, filter, problem) = Read(query);
        if (filter is null)
        {
            return await Page(search, [], false, false, problem);
        }

        var (isNewer, at) = long.TryParse(query["after"], CultureInfo.InvariantCulture, out var after) ? (true, after)
            : (false, long.TryParse(query["before"], CultureInfo.InvariantCulture, out var before) ? before : long.MaxValue);
        // One more than is shown tells whether there is more.
        var found = isNewer ? store.Records.After(filter, at, Shown + 1) : store.Records.Before(filter, at, Shown + 1);
        var hasMore = found.Length > Shown;
        var entries = hasMore ? isNewer ? found[1..] : found[..Shown] : found;
        var hasNewer = isNewer ? hasMore : at != long.MaxValue && !store.Records.After(filter, at - 1, 1).IsEmpty;
        return await Page(search, entries, hasNewer, isNewer || hasMore, null);
    }

    public async Task<RazorComponentResult<RecordPage>> Verify(HttpContext context)
    {
        await Verifying.WaitAsync(context.RequestAborted);
        RecordVerdict verdict;
        try
        {
            verdict = await Task.Run(() => store.VerifyRecord());
        }
        finally
        {
            Verifying.Release();
        }

        await record.Note("recordVerified", Authority.HandleOf(context.User), verdict.Problem is { } problem ? $"not whole: {problem}" : $"whole up to entry {verdict.Entries}");
        var found = store.Records.Before(new(), long.MaxValue, Shown + 1);
        return await Page(new(), found.Length > Shown ? found[..Shown] : found, false, found.Length > Shown, null, verdict);
    }

    public async Task<Results<PushStreamHttpResult, RazorComponentResult<RecordPage>>> Export(HttpContext context)
    {
        var (search, filter, problem) = Read(context.Request.Query);
        var format = context.Request.Query["format"].ToString() is "jsonl" ? RecordFormat.Jsonl : RecordFormat.Csv;
        if (filter is null)
        {
            return await Page(search, [], false, false, problem);
        }

        var upTo = store.Records.Head()?.Sequence ?? 0;
        await record.Note("recordExported", Authority.HandleOf(context.User), $"up to entry {upTo}, {filter}");
        return TypedResults.Stream(
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                await RecordFile.Write(writer, format, store.Records.Find(filter, upTo: upTo));
            },
            format == RecordFormat.Csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
            string.Create(CultureInfo.InvariantCulture, $"record-to-{upTo}.{(format == RecordFormat.Csv ? "csv" : "jsonl")}"));
    }

    public RazorComponentResult<EventsPage> Events(string? problem = null, EventForm? form = null) => new(new Dictionary<string, object?>
    {
        [nameof(EventsPage.Vehicles)] = Vehicles(),
        [nameof(EventsPage.Problem)] = problem is null ? null : texts[problem, MaxReasonLength].Value,
        [nameof(EventsPage.Form)] = form ?? new("", "", "", [.. Enum.GetNames<Occasion>()], ""),
    })
    { StatusCode = problem is null ? null : StatusCodes.Status400BadRequest };

    public async Task<Results<FileStreamHttpResult, RazorComponentResult<EventsPage>>> ExportEvents(HttpContext context, IFormCollection fields)
    {
        var form = new EventForm(
            fields["vehicle"].ToString(), fields["from"].ToString(), fields["to"].ToString(), [.. fields["occasion"].OfType<string>()], fields["reason"].ToString().ReplaceLineEndings(" ").Trim());
        var problem = !Vehicles().Contains(form.Vehicle, StringComparer.Ordinal) ? "Problem.Vehicle"
            : form.Reason.Length is 0 or > MaxReasonLength || form.Reason.Any(char.IsControl) ? "Problem.Reason"
            : form.Occasions.Count == 0 || !form.Occasions.All(name => Enum.TryParse<Occasion>(name, out var one) && one.ToString() == name) ? "Problem.Occasion"
            : !TryTime(form.From, false, out var from) || !TryTime(form.To, true, out var to) || from >= to ? "Problem.Time"
            : null;
        if (problem is not null)
        {
            return Events(problem, form);
        }

        TryTime(form.From, false, out from);
        TryTime(form.To, true, out to);
        var by = Authority.HandleOf(context.User);
        var wish = new EventWish(form.Vehicle, from, to, [.. form.Occasions.Select(Enum.Parse<Occasion>)], form.Reason, by);
        var now = clock.Time.GetUtcNow();
        // Whole before it leaves: what goes on record is what is sent. Readable by this process alone, and gone when it is closed.
        var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
        try
        {
            var events = await Task.Run(() => EventExport.Write(file, store.Records, wish, now));
            file.Position = 0;
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
            file.Position = 0;
            await record.Note("eventsExported", by, $"{events} events {Span(from, to)}, SHA-256 {hash}, for: {form.Reason}", form.Vehicle);
            return TypedResults.File(file, "application/zip", $"stvg-1g-{form.Vehicle.Replace('/', '-')}-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.zip");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static string Span(DateTimeOffset? from, DateTimeOffset? to) => new RecordFilter { From = from, To = to }.ToString();

    private async Task<RazorComponentResult<RecordPage>> Page(RecordSearch search, IReadOnlyList<RecordEntry> entries, bool hasNewer, bool hasOlder, string? problem, RecordVerdict? verdict = null)
    {
        var (kinds, who) = store.Records.Words();
        var view = new RecordView
        {
            Search = search,
            Entries = entries,
            HasNewer = hasNewer,
            HasOlder = hasOlder,
            Head = store.Records.Head(),
            Vehicles = Vehicles(),
            Kinds = kinds,
            Who = who,
            Names = (await people.All()).ToDictionary(person => person.Id, person => person.Name, StringComparer.Ordinal),
            Zone = clock.Time.LocalTimeZone,
            MayExportEvents = Authority.Allows(http.HttpContext!.User, AccessCommand.ExportEvents),
            Verdict = verdict,
        };
        return new(new Dictionary<string, object?> { [nameof(RecordPage.View)] = view, [nameof(RecordPage.Problem)] = problem is null ? null : texts[problem].Value })
        {
            StatusCode = problem is null ? null : StatusCodes.Status400BadRequest,
        };
    }

    /// <summary>Vehicles of the fleet, and those of before whose data are still here.</summary>
    private string[] Vehicles() =>
        [.. options.Vehicles.Select(vehicle => vehicle.Id.ToString()).Union(store.Records.VehiclesWithEvents(), StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private (RecordSearch Search, RecordFilter? Filter, string? Problem) Read(IQueryCollection query)
    {
        string Field(string name) => query[name].ToString().Trim() is { Length: <= RecordFilter.MaxLength } text ? text : "";
        var search = new RecordSearch(Field("from"), Field("to"), Field("vehicle"), Field("kind"), Field("who"), Field("text"));
        if (!TryTime(search.From, false, out var from) || !TryTime(search.To, true, out var to))
        {
            return (search, null, "Problem.Time");
        }

        static string? Given(string text) => text.Length > 0 ? text : null;
        return (search, new() { From = from, To = to, Vehicle = Given(search.Vehicle), Kind = Given(search.Kind), Who = Given(search.Who), Text = Given(search.Text) }, null);
    }

    /// <param name="isEnd">A day alone is meant with its whole length.</param>
    private bool TryTime(string text, bool isEnd, out DateTimeOffset? at)
    {
        at = null;
        if (text.Length == 0)
        {
            return true;
        }

        if (!WallTime.TryRead(text, clock.Time.LocalTimeZone, out var read))
        {
            return false;
        }

        at = isEnd && text.Length == 10 ? read.AddDays(1) : read;
        return true;
    }
}
