using System.Globalization;
using System.Xml.Linq;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Maps;
using Kehrwerk.Portal.OpenData;
using Kehrwerk.Portal.Pages;
using Kehrwerk.Portal.Sweeping;
using Kehrwerk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Portal;

/// <summary>The public pages. They need nobody to sign in, and none needs a script. <see cref="PortalData"/> must be among the services.</summary>
public static class PortalPages
{
    private const int ChangesOnPage = 100;
    private const int Hits = 10;

    public static IEndpointRouteBuilder MapPortal(this IEndpointRouteBuilder routes, PortalData data)
    {
        routes.MapGet("/", () => new RazorComponentResult<PortalHome>()).AllowAnonymous();
        routes.MapGet("/suche", Search).AllowAnonymous();
        routes.MapGet("/adresse/{postcode}/{street}/{number}", Address).AllowAnonymous();
        routes.MapGet("/karte", Map).AllowAnonymous();
        routes.MapVectorTiles("/karte/kacheln", data.Map.Tiles).AllowAnonymous();
        routes.MapVectorTiles(data.City.Fingerprint, data.Tiles.Tile).AllowAnonymous();
        routes.MapSweeping();
        routes.MapOpenData(data);
        routes.MapGet("/projekte", () => new RazorComponentResult<ProjectsPage>()).AllowAnonymous();
        routes.MapGet("/aenderungen", Changes).AllowAnonymous();
        routes.MapGet("/aenderungen.atom", Feed).AllowAnonymous();
        routes.MapGet("/datenstand", () => new RazorComponentResult<DataPage>()).AllowAnonymous();
        routes.MapAddressApi(() => data.Book);
        routes.MapFallback(() => NotFound()).AllowAnonymous();
        return routes;
    }

    // Who typed an address just as it is written is led to it; whoever did not sees what was found, and why.
    private static Results<RazorComponentResult<SearchPage>, RedirectHttpResult> Search(PortalData data, string? q)
    {
        var text = string.Concat((q ?? "").Where(c => !char.IsControl(c)).Take(GermanText.MaxChars)).Trim();
        var answer = data.Book.Search.Find(text, new() { Limit = Hits });
        var isSure = answer is { IsAmbiguous: false, Hits: [{ Address: >= 0, Match: AddressMatch.Exact, Spelling: Spelling.AsTyped, Ignored.IsEmpty: true }, ..] };
        return isSure
            ? TypedResults.LocalRedirect($"/adresse/{data.Paths.Of(answer.Hits[0].Address)}")
            : new RazorComponentResult<SearchPage>(new { Text = text, Answer = answer });
    }

    private static IResult Address(PortalData data, string postcode, string street, string number) =>
        data.Paths.Find($"{postcode}/{street}/{number}") is >= 0 and var address ? new RazorComponentResult<AddressPage>(new { Address = address }) : NotFound();

    private static RazorComponentResult<MapPage> Map(HttpContext context, string?[] stand, string?[] anbieter, string?[] mittel, string? embed)
    {
        if (embed is not null)
        {
            SecurityHeaders.AllowFraming(context);
        }

        return new(new { Choice = MapChoice.Of(stand, anbieter, mittel), IsEmbedded = embed is not null });
    }

    private static RazorComponentResult<ChangesPage> Changes(PortalData data, long vor = 0)
    {
        var changes = data.Atlas.Changes(vor, ChangesOnPage);
        return new(new { Changes = changes, Older = changes.Count == ChangesOnPage ? changes[^1].No : (long?)null });
    }

    private static ContentHttpResult Feed(HttpContext context, PortalData data, IStringLocalizer<PortalTexts> texts)
    {
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var site = $"{context.Request.Scheme}://{context.Request.Host}";
        var changes = data.Atlas.Changes(0, ChangesOnPage);
        string Moment(DateOnly day) => day.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);
        var feed = new XElement(
            atom + "feed",
            new XElement(atom + "id", $"{site}/aenderungen.atom"),
            new XElement(atom + "title", $"{texts["Changes.Title"]} – {data.CityName}"),
            new XElement(atom + "updated", Moment(changes.Count > 0 ? changes[0].Day : data.Today)),
            new XElement(atom + "author", new XElement(atom + "name", data.CityName)),
            changes.Select(c => new XElement(
                atom + "entry",
                new XElement(atom + "id", $"{site}/aenderungen#{c.No}"),
                new XElement(atom + "updated", Moment(c.Day)),
                new XElement(atom + "title", $"{Where(data, texts, c.Address, c.Project)}: {texts.Change(c)}"),
                new XElement(atom + "summary", c.Reason),
                new XElement(atom + "link", new XAttribute("href", $"{site}/{(c.Address.Length > 0 ? $"adresse/{c.Address}" : "projekte")}")))));
        return TypedResults.Content(new XDocument(feed).ToString(SaveOptions.DisableFormatting), "application/atom+xml; charset=utf-8");
    }

    private static string Where(PortalData data, IStringLocalizer<PortalTexts> texts, string address, string project) =>
        address.Length == 0 ? texts["Change.Project", project]
        : data.Paths.Find(address) is >= 0 and var found ? Wording.AddressLine(data.Book, found)
        : address;

    internal static RazorComponentResult<NotFoundPage> NotFound() => new() { StatusCode = StatusCodes.Status404NotFound };
}
