using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kehrwerk.Portal.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NetTopologySuite.Geometries;

namespace Kehrwerk.Portal.OpenData;

/// <summary>
/// OGC API – Features, Part 1: Core (OGC 17-069r4), with GeoJSON, HTML and OpenAPI 3.0, below <c>/ogc</c>. Public; open to other sites.
/// </summary>
internal static class OgcApi
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    private const string GeoJsonType = "application/geo+json";

    public static readonly ImmutableArray<string> Conformance =
    [
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    ];

    public static void MapOpenData(this IEndpointRouteBuilder routes, PortalData data)
    {
        var all = ImmutableArray.Create<DataLayer>(new AddressData(data), new ProjectData(data), new SweepingData(data));
        var ogc = routes.MapGroup("/ogc").AllowAnonymous();
        ogc.MapGet("", (HttpContext context) => Answer(context, ["f"], _ => Landing(context, data), () => new RazorComponentResult<OpenDataPage>(new { Collections = all })));
        ogc.MapGet("/conformance", (HttpContext context) => Answer(
            context, ["f"], _ => new() { ["conformsTo"] = new JsonArray([.. Conformance.Select(c => (JsonNode)c)]) }, () => new RazorComponentResult<OpenDataApiPage>()));
        ogc.MapGet("/api", (HttpContext context) => Answer(
            context, ["f"], _ => OgcDescription.Of(data, all, Root(context)), () => new RazorComponentResult<OpenDataApiPage>(), "application/vnd.oai.openapi+json;version=3.0"));
        ogc.MapGet("/collections", (HttpContext context) => Answer(context, ["f"], _ => Collections(context, all), () => new RazorComponentResult<OpenDataPage>(new { Collections = all })));
        ogc.MapGet("/collections/{id}", (HttpContext context, string id) => Find(all, id) is { } one
            ? Answer(context, ["f"], _ => Collection(context, one), () => new RazorComponentResult<OpenDataCollectionPage>(new { Collection = one }))
            : NotFound(context, $"There is no collection '{id}'; /ogc/collections lists them."));
        ogc.MapGet("/collections/{id}/items", (HttpContext context, string id) => Find(all, id) is { } one ? Items(context, data, one) : NotFound(context, $"There is no collection '{id}'; /ogc/collections lists them."));
        ogc.MapGet("/collections/{id}/items/{item}", (HttpContext context, string id, string item) => Find(all, id) is not { } one ? NotFound(context, $"There is no collection '{id}'; /ogc/collections lists them.")
            : one.Item(item) is not { } feature ? NotFound(context, $"There is no feature '{item}' in '{id}'.")
            : Answer(context, ["f"], self => Single(context, one, feature, self), () => new RazorComponentResult<OpenDataItemPage>(new { Collection = one, Feature = feature }), GeoJsonType));
        routes.MapGet("/daten", () => new RazorComponentResult<OpenDataPage>(new { Collections = all })).AllowAnonymous();
        routes.MapGet("/daten/{id}.csv", (HttpContext context, string id) => Find(all, id) is { } one ? (IResult)CsvDownload.Of(context, one) : PortalPages.NotFound()).AllowAnonymous();
        routes.MapGet("/daten/katalog.rdf", (HttpContext context) => DataCatalogue.Answer(context, data, all)).AllowAnonymous();
    }

    /// <summary>Where the interface lies, as whoever asks sees it.</summary>
    public static string Root(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}/ogc";

    /// <summary>Public data for everybody's pages; the rest of the Portal stays with its own origin.</summary>
    public static void OpenToAll(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }

    private static DataLayer? Find(ImmutableArray<DataLayer> all, string id) => all.FirstOrDefault(c => c.Id == id);

    private static IResult Items(HttpContext context, PortalData data, DataLayer collection)
    {
        if (!TryQuery(context, out var query, out var wrong))
        {
            return Refused(context, wrong);
        }

        var page = collection.Find(query);
        return Answer(
            context,
            ["f", "bbox", "datetime", "limit", "offset"],
            self =>
            {
                var features = new JsonArray();
                foreach (var feature in page.Features)
                {
                    features.Add(Feature(collection, feature));
                }

                var links = new JsonArray([.. self]);
                if (query.Offset + page.Features.Count < page.Matched)
                {
                    links.Add(Link(Turned(context, query.Offset + query.Limit), "next", GeoJsonType, "Next page"));
                }

                if (query.Offset > 0)
                {
                    links.Add(Link(Turned(context, Math.Max(0, query.Offset - query.Limit)), "prev", GeoJsonType, "Page before"));
                }

                return new()
                {
                    ["type"] = "FeatureCollection",
                    ["timeStamp"] = data.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                    ["numberMatched"] = page.Matched,
                    ["numberReturned"] = page.Features.Count,
                    ["links"] = links,
                    ["features"] = features,
                };
            },
            () => new RazorComponentResult<OpenDataItemsPage>(new
            {
                Collection = collection,
                Page = page,
                Query = query,
                Before = query.Offset > 0 ? Turned(context, Math.Max(0, query.Offset - query.Limit)) : null,
                After = query.Offset + page.Features.Count < page.Matched ? Turned(context, query.Offset + query.Limit) : null,
            }),
            GeoJsonType);
    }

    private static bool TryQuery(HttpContext context, out DataQuery query, out string wrong)
    {
        query = new(null, null, DefaultLimit, 0);
        wrong = "";
        var asked = context.Request.Query;
        if (asked["limit"] is [{ } limit])
        {
            if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
            {
                wrong = $"limit is '{Shown(limit)}'; give a whole number from 1. More than {MaxLimit} gives {MaxLimit}.";
                return false;
            }

            query = query with { Limit = Math.Min(count, MaxLimit) };
        }

        if (asked["offset"] is [{ } offset])
        {
            if (!int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var from))
            {
                wrong = $"offset is '{Shown(offset)}'; follow the link with rel=next.";
                return false;
            }

            query = query with { Offset = from };
        }

        if (asked["bbox"] is [{ } bbox])
        {
            double[]? numbers = [.. bbox.Split(',').Select(n => double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN)];
            // With heights there are six numbers, of which the third and the sixth do not matter here.
            var (north, east) = numbers.Length == 6 ? (4, 3) : (3, 2);
            if (numbers.Length is not (4 or 6) || Array.Exists(numbers, double.IsNaN) || numbers[1] > numbers[north] || numbers[0] > numbers[east])
            {
                wrong = $"bbox is '{Shown(bbox)}'; give west,south,east,north in degrees with decimal points, the lesser number first.";
                return false;
            }

            query = query with { Box = new(numbers[0], numbers[east], numbers[1], numbers[north]) };
        }

        if (asked["datetime"] is [{ } datetime])
        {
            if (!TimeSpanAsked.TryParse(datetime, out var span))
            {
                wrong = $"datetime is '{Shown(datetime)}'; give a day, a moment such as 2026-11-30T04:30:00Z, or two with a slash between them, .. for an open end.";
                return false;
            }

            query = query with { Time = span };
        }

        return true;
    }

    private static JsonObject Landing(HttpContext context, PortalData data) => new()
    {
        ["title"] = $"{data.CityName} – Open data",
        ["description"] = "Addresses, fibre projects and sweeping days.",
        ["links"] = new JsonArray(
            Link(Root(context), "self", "application/json", "This document"),
            Link(Root(context) + "?f=html", "alternate", "text/html", "This document as a page"),
            Link(Root(context) + "/api", "service-desc", "application/vnd.oai.openapi+json;version=3.0", "Description of the interface"),
            Link(Root(context) + "/api?f=html", "service-doc", "text/html", "Documentation of the interface"),
            Link(Root(context) + "/conformance", "conformance", "application/json", "Classes of the standard that are kept"),
            Link(Root(context) + "/collections", "data", "application/json", "The collections")),
    };

    private static JsonObject Collections(HttpContext context, ImmutableArray<DataLayer> all) => new()
    {
        ["links"] = new JsonArray(
            Link(Root(context) + "/collections", "self", "application/json", "This document"), Link(Root(context) + "/collections?f=html", "alternate", "text/html", "This document as a page")),
        ["collections"] = new JsonArray([.. all.Select(c => (JsonNode)Collection(context, c))]),
    };

    private static JsonObject Collection(HttpContext context, DataLayer one)
    {
        var at = $"{Root(context)}/collections/{one.Id}";
        var links = new JsonArray(
            Link(at, "self", "application/json", "This document"),
            Link(at + "?f=html", "alternate", "text/html", "This document as a page"),
            Link(at + "/items", "items", GeoJsonType, "The features"),
            Link(at + "/items?f=html", "items", "text/html", "The features as a page"),
            Link($"{context.Request.Scheme}://{context.Request.Host}/daten/{one.Id}.csv", "enclosure", "text/csv", "All features as CSV"));
        foreach (var licence in one.Licences)
        {
            links.Add(Link(licence.Text.Length > 0 ? licence.Text : licence.Uri, "license", "text/html", licence.Name));
        }

        var collection = new JsonObject { ["id"] = one.Id, ["title"] = one.Title.En, ["description"] = one.Description.En, ["itemType"] = "feature", ["links"] = links, ["crs"] = new JsonArray("http://www.opengis.net/def/crs/OGC/1.3/CRS84") };
        if (one.Extent is { IsNull: false } box)
        {
            collection["extent"] = new JsonObject
            {
                ["spatial"] = new JsonObject { ["bbox"] = new JsonArray(new JsonArray(box.MinX, box.MinY, box.MaxX, box.MaxY)), ["crs"] = "http://www.opengis.net/def/crs/OGC/1.3/CRS84" },
            };
        }

        return collection;
    }

    private static JsonObject Single(HttpContext context, DataLayer collection, DataFeature feature, JsonNode[] self)
    {
        var single = Feature(collection, feature);
        single["links"] = new JsonArray([.. self, Link($"{Root(context)}/collections/{collection.Id}", "collection", "application/json", collection.Title.En)]);
        return single;
    }

    private static JsonObject Feature(DataLayer collection, DataFeature feature) => new()
    {
        ["type"] = "Feature",
        ["id"] = feature.Id,
        ["geometry"] = feature.Geometry is null ? null : JsonNode.Parse(feature.Geometry),
        ["properties"] = new JsonObject(collection.Fields.Zip(feature.Values, (field, value) => KeyValuePair.Create(field.Name, Value(value)))),
    };

    private static JsonNode? Value(object? value) => value switch
    {
        null => null,
        bool flag => flag,
        // With a point always: who guesses types from the first features must not take it for a whole number.
        double number => JsonNode.Parse(number.ToString("0.0######", CultureInfo.InvariantCulture)),
        int number => number,
        _ => (string)value,
    };

    private static JsonObject Link(string href, string rel, string type, string title) => new() { ["href"] = href, ["rel"] = rel, ["type"] = type, ["title"] = title };

    // The same question from another place on.
    private static string Turned(HttpContext context, int offset) => With(context, "offset", offset.ToString(CultureInfo.InvariantCulture));

    private static string With(HttpContext context, string name, string? value)
    {
        var pairs = context.Request.Query.Where(q => q.Key != name).SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));
        var query = QueryString.Create(value is null ? pairs : pairs.Append(KeyValuePair.Create(name, (string?)value)));
        return $"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path.ToUriComponent()}{query}";
    }

    private static IResult Answer(HttpContext context, string[] known, Func<JsonNode[], JsonObject> json, Func<IResult> page, string type = "application/json")
    {
        OpenToAll(context);
        context.Response.Headers.Vary = "Accept, Accept-Language";
        if (context.Request.Query.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown)
        {
            return Refused(context, $"There is no parameter '{Shown(unknown)}' here; there are {string.Join(", ", known)}.");
        }

        string? format = context.Request.Query["f"];
        if (format is not (null or "json" or "html"))
        {
            return Refused(context, $"f is '{Shown(format)}'; give json or html.");
        }

        // Browsers ask for HTML, programs for JSON or for anything.
        if (format == "html" || (format is null && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)))
        {
            return page();
        }

        JsonNode[] self = [Link(With(context, "f", format), "self", type, "This document"), Link(With(context, "f", "html"), "alternate", "text/html", "This document as a page")];
        return TypedResults.Text(json(self).ToJsonString(Written), type);
    }

    private static readonly JsonSerializerOptions Written = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) };

    private static JsonHttpResult<DataProblem> Refused(HttpContext context, string description)
    {
        OpenToAll(context);
        return TypedResults.Json(new DataProblem("InvalidParameterValue", description), statusCode: StatusCodes.Status400BadRequest);
    }

    private static JsonHttpResult<DataProblem> NotFound(HttpContext context, string description)
    {
        OpenToAll(context);
        return TypedResults.Json(new DataProblem("NotFound", Shown(description)), statusCode: StatusCodes.Status404NotFound);
    }

    private static string Shown(string text) => string.Concat(text.Take(200).Select(c => char.IsControl(c) ? '·' : c));
}

/// <summary>Why a question was not answered, as the standard words it.</summary>
internal sealed record DataProblem(string Code, string Description);
