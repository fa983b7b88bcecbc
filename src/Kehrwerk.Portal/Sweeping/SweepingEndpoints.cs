using System.Globalization;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Pages;
using Kehrwerk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Portal.Sweeping;

/// <summary>How long ago every kerb was swept, for the map.</summary>
/// <param name="Ages">A digit for each kerb by its index: the number of its <see cref="SweptAge"/>.</param>
internal sealed record SweptAges(DateTimeOffset AsOf, string Ages);

/// <summary>Pages of the sweeping days, the calendar of an address, and what the map shows.</summary>
internal static class SweepingEndpoints
{
    private static readonly TimeSpan CalendarReaches = TimeSpan.FromDays(7 * (SweepingDays.Weeks - 1));

    public static void MapSweeping(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/kehrtage", () => new RazorComponentResult<SweepingPage>()).AllowAnonymous();
        routes.MapGet("/kehrtage/strasse", ByName).AllowAnonymous();
        routes.MapGet("/kehrtage/strasse/{street}", Street).AllowAnonymous();
        routes.MapGet("/kehrtage/stand.json", Ages).AllowAnonymous();
        routes.MapGet("/adresse/{postcode}/{street}/{number}/kehrtage.ics", Calendar).AllowAnonymous();
    }

    private static RedirectHttpResult ByName(string? name) =>
        name is { Length: <= 200 } && AddressPaths.Slug(name) is { Length: > 0 } slug ? TypedResults.LocalRedirect($"/kehrtage/strasse/{slug}") : TypedResults.LocalRedirect("/kehrtage");

    private static IResult Street(PortalData data, string street) =>
        data.Sweeping.HasStreet(street) ? new RazorComponentResult<SweepingStreetPage>(new { Slug = street }) : PortalPages.NotFound();

    private static JsonHttpResult<SweptAges> Ages(PortalData data)
    {
        var ages = data.Sweeping.Ages();
        return TypedResults.Json(new SweptAges(data.Sweeping.Now, string.Create(ages.Length, ages, (text, all) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = (char)('0' + (int)all[i]);
            }
        })));
    }

    private static IResult Calendar(HttpContext context, PortalData data, IStringLocalizer<PortalTexts> texts, string postcode, string street, string number, string? sprache)
    {
        if (data.Paths.Find($"{postcode}/{street}/{number}") is not (>= 0 and var address))
        {
            return PortalPages.NotFound();
        }

        // Calendars ask in no language; the link that was subscribed to says it.
        if (sprache is not null && Preferences.Languages.Contains(sprache))
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(sprache);
        }

        var line = Wording.AddressLine(data.Book, address);
        var until = data.Sweeping.Today.AddDays(CalendarReaches.Days);
        var bans = data.Sweeping.Rules.ParkingBans.Where(b => b.Holds(data.Book.StreetName(data.Book.StreetOf(address)), data.Book.NumberOf(address)))
            .Select(b => texts["Sweep.Ban", b.From.ToString("HH:mm", CultureInfo.InvariantCulture), b.To.ToString("HH:mm", CultureInfo.InvariantCulture)].Value);
        var description = string.Join(' ', bans);
        var kerbs = data.Sweeping.KerbsAt(address).Select(data.Sweeping.Of).ToList();
        // The other side is told on the days on which one's own is not swept.
        var days = kerbs.SelectMany((kerb, i) => kerb.Next.Where(day => day <= until).Select(day => (Day: day, IsOwn: i == 0)))
            .GroupBy(d => d.Day).OrderBy(g => g.Key)
            .Select(g => new CalendarDay(
                $"{g.Key:yyyyMMdd}-{data.Paths.Of(address).Replace('/', '-')}@{context.Request.Host.Host}",
                g.Key,
                texts[g.Any(d => d.IsOwn) ? "Sweep.Event" : "Sweep.EventOther", line],
                description));
        return TypedResults.Text(CalendarFile.Write(texts["Sweep.Event", line], data.Time.GetUtcNow(), days), "text/calendar; charset=utf-8");
    }
}
