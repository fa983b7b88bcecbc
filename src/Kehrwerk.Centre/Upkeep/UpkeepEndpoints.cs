using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Upkeep.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Upkeep;

/// <summary>Checks of vehicles: what is due, the forms, the reports.</summary>
internal static class UpkeepEndpoints
{
    public static void MapUpkeep(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/upkeep", (HttpContext context, UpkeepPages pages) => pages.Page(context));
        routes.MapGet("/upkeep/departure", (HttpContext context, UpkeepPages pages, string? vehicle) => pages.Departure(new(vehicle ?? "", [], "")));
        routes.MapPost("/upkeep/departure", (HttpContext context, UpkeepPages pages, IFormCollection form) => pages.SignDeparture(context, form));
        routes.MapPost("/upkeep/inspections", (HttpContext context, UpkeepPages pages, IFormCollection form) => pages.SignInspection(context, form));
        routes.MapGet("/upkeep/report", (HttpContext context, UpkeepPages pages, long? id) => pages.Report(id ?? 0));
    }
}

/// <summary>The form of the departure check, as it was sent.</summary>
/// <param name="Items">Only those that were answered.</param>
public sealed record DepartureForm(string Vehicle, ImmutableArray<CheckedItem> Items, string Remark);

/// <summary>The form of the other checks, as it was sent.</summary>
public sealed record InspectionForm(string Vehicle, string Kind, string Day, string DoneBy, bool HasDefects, string Remark);

/// <summary>How a vehicle stands.</summary>
/// <param name="Waits">Its mission waits for the departure check.</param>
public sealed record UpkeepRow(string Vehicle, bool IsCleared, UpkeepReport? Departure, UpkeepReport? Full, UpkeepReport? MainInspection, string? Waits);

/// <summary>What the page shows.</summary>
public sealed record UpkeepView
{
    public required DateOnly Today { get; init; }
    public required DepartureChecks Mode { get; init; }
    public required IReadOnlyList<UpkeepRow> Vehicles { get; init; }
    public required IReadOnlyList<UpkeepReport> Reports { get; init; }
    public required IReadOnlyDictionary<string, string> Names { get; init; }
    public required TimeZoneInfo Zone { get; init; }
    public required bool MayCheck { get; init; }
    public required bool MayInspect { get; init; }
    public required InspectionForm Form { get; init; }

    public string Name(string who) => Names.TryGetValue(who, out var name) ? name : who;

    public string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).ToString("g", CultureInfo.CurrentCulture);
}

internal sealed class UpkeepPages(UpkeepDesk desk, CentreStore store, PeopleDesk people, CentreOptions options, IStringLocalizer<UpkeepTexts> texts)
{
    private const int ShownReports = 50;

    public Task<RazorComponentResult<UpkeepPage>> Page(HttpContext context) => Page(context, null, new("", "", "", "", false, ""));

    public RazorComponentResult<DeparturePage> Departure(DepartureForm form, string? problem = null)
    {
        var isKnown = IsKnown(form.Vehicle);
        var why = problem ?? (isKnown ? null : "Problem.Vehicle");
        return new(new Dictionary<string, object?>
        {
            [nameof(DeparturePage.Form)] = form,
            [nameof(DeparturePage.IsKnown)] = isKnown,
            [nameof(DeparturePage.Problem)] = why is null ? null : texts[why, UpkeepRules.MaxTextLength].Value,
        })
        { StatusCode = why is null ? null : isKnown ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound };
    }

    public async Task<Results<RazorComponentResult<DeparturePage>, RedirectHttpResult>> SignDeparture(HttpContext context, IFormCollection fields)
    {
        var items = Enum.GetValues<CheckItem>()
            .Where(item => fields[$"item-{item}"].ToString() is "good" or "defect")
            .Select(item => new CheckedItem(item, fields[$"item-{item}"] == "good", Text(fields[$"remark-{item}"].ToString())))
            .ToImmutableArray();
        var form = new DepartureForm(fields["vehicle"].ToString(), items, Text(fields["remark"].ToString()));
        if (!IsKnown(form.Vehicle))
        {
            return Departure(form);
        }

        if (fields["confirmed"] != "true")
        {
            return Departure(form, "Problem.NotConfirmed");
        }

        var isPassed = items.All(item => item.IsGood);
        var problem = await desk.Sign(new()
        {
            Id = 0,
            SignedAt = default,
            Vehicle = form.Vehicle,
            Kind = CheckKind.Departure,
            Day = desk.Today,
            By = Authority.HandleOf(context.User),
            Items = items,
            Remark = form.Remark,
            IsPassed = isPassed,
        });
        return problem is null ? TypedResults.LocalRedirect(isPassed ? "/upkeep?said=DepartureCleared" : "/upkeep?said=DepartureDefect") : Departure(form, problem);
    }

    public async Task<Results<RazorComponentResult<UpkeepPage>, RedirectHttpResult>> SignInspection(HttpContext context, IFormCollection fields)
    {
        var form = new InspectionForm(
            fields["vehicle"].ToString(), fields["kind"].ToString(), fields["day"].ToString(), Text(fields["doneBy"].ToString()), fields["result"] != "passed", Text(fields["remark"].ToString()));
        var isDay = DateOnly.TryParseExact(form.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        var isKind = Enum.TryParse<CheckKind>(form.Kind, out var kind) && kind is CheckKind.Full or CheckKind.MainInspection;
        var problem = !IsKnown(form.Vehicle) ? "Problem.Vehicle"
            : !isKind ? "Problem.Kind"
            : !isDay ? "Problem.Day"
            : fields["confirmed"] != "true" ? "Problem.NotConfirmed"
            : form.HasDefects && form.Remark.Length == 0 ? "Problem.Defect"
            : await desk.Sign(new()
            {
                Id = 0,
                SignedAt = default,
                Vehicle = form.Vehicle,
                Kind = kind,
                Day = day,
                By = Authority.HandleOf(context.User),
                DoneBy = form.DoneBy,
                Remark = form.Remark,
                IsPassed = !form.HasDefects,
            });
        return problem is null ? TypedResults.LocalRedirect("/upkeep?said=InspectionEntered") : await Page(context, texts[problem, UpkeepRules.MaxTextLength].Value, form);
    }

    public async Task<RazorComponentResult<ReportPage>> Report(long id)
    {
        var signed = store.FindReport(id);
        return new(new Dictionary<string, object?>
        {
            [nameof(ReportPage.Signed)] = signed,
            // What is in the record is the proof; the row could be changed with its hash.
            [nameof(ReportPage.IsProven)] = signed is not null && UpkeepDesk.Seal(signed.Report).Sha256 == signed.Sha256
                && store.Records.Find(new() { Vehicle = signed.Report.Vehicle, Text = signed.Sha256 }).Any(entry => entry.Kind is "departureChecked" or "vehicleInspected" && entry.Who == signed.Report.By),
            [nameof(ReportPage.Name)] = signed is null ? "" : (await people.Find(signed.Report.By))?.Name is { } name ? $"{name} ({signed.Report.By})" : signed.Report.By,
            [nameof(ReportPage.Zone)] = options.Time.LocalTimeZone,
        })
        { StatusCode = signed is null ? StatusCodes.Status404NotFound : null };
    }

    private async Task<RazorComponentResult<UpkeepPage>> Page(HttpContext context, string? problem, InspectionForm form)
    {
        var view = new UpkeepView
        {
            Today = desk.Today,
            Mode = desk.Mode,
            Vehicles = [.. options.Vehicles.Select(vehicle => Row(vehicle.Id.ToString(), store.LoadTwin(vehicle)))],
            Reports = store.Reports(ShownReports),
            Names = (await people.All()).ToDictionary(person => person.Id, person => person.Name, StringComparer.Ordinal),
            Zone = options.Time.LocalTimeZone,
            MayCheck = Authority.Allows(context.User, AccessCommand.CheckDeparture),
            MayInspect = Authority.Allows(context.User, AccessCommand.EnterInspection),
            Form = form,
        };
        return new(new Dictionary<string, object?> { [nameof(UpkeepPage.View)] = view, [nameof(UpkeepPage.Problem)] = problem }) { StatusCode = problem is null ? null : StatusCodes.Status400BadRequest };
    }

    private UpkeepRow Row(string vehicle, Fleet.Twin stored) => new(
        vehicle, desk.IsCleared(vehicle), desk.Newest(vehicle, CheckKind.Departure), desk.Newest(vehicle, CheckKind.Full), desk.Newest(vehicle, CheckKind.MainInspection),
        !desk.IsCleared(vehicle) && (stored with { IsCleared = false }).WaitsForCheck ? stored.Mission!.Id : null);

    private bool IsKnown(string vehicle) => options.Vehicles.Any(one => one.Id.ToString() == vehicle);

    private static string Text(string text) => text.ReplaceLineEndings("\n").Trim();
}
