using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Kehrwerk.Portal.OpenData;

/// <summary>The interface as an OpenAPI 3.0 document.</summary>
internal static class OgcDescription
{
    public static JsonObject Of(PortalData data, ImmutableArray<DataLayer> all, string root)
    {
        var paths = new JsonObject
        {
            ["/"] = Path("landingPage", "The landing page", []),
            ["/conformance"] = Path("conformance", "Classes of the standard that are kept", []),
            ["/api"] = Path("api", "This document", []),
            ["/collections"] = Path("collections", "The collections", []),
        };
        foreach (var one in all)
        {
            paths[$"/collections/{one.Id}"] = Path($"{one.Id}Collection", one.Title.En, [], one.Id);
            paths[$"/collections/{one.Id}/items"] = Path($"{one.Id}Items", $"{one.Title.En}: features", ["bbox", "datetime", "limit", "offset"], one.Id, FeatureCollectionOf(one));
            paths[$"/collections/{one.Id}/items/{{featureId}}"] = Path($"{one.Id}Item", $"{one.Title.En}: one feature", ["featureId"], one.Id, FeatureOf(one), isByName: true);
        }

        return new()
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = $"{data.CityName} – Open data", ["version"] = "1.0.0", ["description"] = "OGC API – Features: addresses, fibre projects and sweeping days." },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = root }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["parameters"] = Parameters() },
        };
    }

    private static JsonObject Path(string id, string summary, string[] parameters, string? tag = null, JsonObject? features = null, bool isByName = false)
    {
        var content = features is null
            ? new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } }
            : new JsonObject { ["application/geo+json"] = new JsonObject { ["schema"] = features } };
        content["text/html"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        var responses = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = summary, ["content"] = content },
            ["400"] = new JsonObject { ["description"] = "A parameter is wrong; the description says which and what to give" },
        };
        if (isByName)
        {
            responses["404"] = new JsonObject { ["description"] = "There is none of this name" };
        }

        var get = new JsonObject
        {
            ["operationId"] = id,
            ["summary"] = summary,
            ["parameters"] = new JsonArray([.. parameters.Append("f").Select(p => (JsonNode)new JsonObject { ["$ref"] = $"#/components/parameters/{p}" })]),
            ["responses"] = responses,
        };
        if (tag is not null)
        {
            get["tags"] = new JsonArray(tag);
        }

        return new() { ["get"] = get };
    }

    private static JsonObject FeatureOf(DataLayer one) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("type", "geometry", "properties"),
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("Feature") },
            ["id"] = new JsonObject { ["type"] = "string" },
            ["geometry"] = new JsonObject { ["type"] = "object", ["nullable"] = true },
            ["properties"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject(one.Fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Schema(f)))) },
        },
    };

    private static JsonObject FeatureCollectionOf(DataLayer one) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("type", "features"),
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("FeatureCollection") },
            ["numberMatched"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
            ["numberReturned"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
            ["timeStamp"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            ["links"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" } },
            ["features"] = new JsonObject { ["type"] = "array", ["items"] = FeatureOf(one) },
        },
    };

    private static JsonObject Schema(DataField field)
    {
        var schema = new JsonObject { ["type"] = field.Type, ["nullable"] = true, ["description"] = field.Description.En };
        if (field.Format.Length > 0)
        {
            schema["format"] = field.Format;
        }

        return schema;
    }

    private static JsonObject Parameters() => new()
    {
        ["f"] = Parameter("f", "query", "Format; else by the Accept header", new() { ["type"] = "string", ["enum"] = new JsonArray("json", "html") }),
        ["bbox"] = Parameter("bbox", "query", "West, south, east, north in degrees (CRS84)", new() { ["type"] = "array", ["minItems"] = 4, ["maxItems"] = 6, ["items"] = new JsonObject { ["type"] = "number" } }, isList: true),
        ["datetime"] = Parameter("datetime", "query", "A day, a moment, or an interval; of projects the day of the statement, of streets the last sweep", new() { ["type"] = "string" }),
        ["limit"] = Parameter("limit", "query", "Features on a page", new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = OgcApi.MaxLimit, ["default"] = OgcApi.DefaultLimit }),
        ["offset"] = Parameter("offset", "query", "Features before the page; follow the link with rel=next", new() { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0 }),
        ["featureId"] = Parameter("featureId", "path", "Id of a feature", new() { ["type"] = "string" }),
    };

    private static JsonObject Parameter(string name, string place, string description, JsonObject schema, bool isList = false)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = place == "path", ["description"] = description, ["schema"] = schema };
        if (isList)
        {
            parameter["style"] = "form";
            parameter["explode"] = false;
        }

        return parameter;
    }
}
