using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Portal.Tables;

namespace Kehrwerk.Portal.Routes;

/// <summary>Checks a package of networks against the standard, and whether what it refers to is there. Names every error with its place.</summary>
internal sealed class OfdsChecks(string file)
{
    private const int MaxProblems = 1000;
    private const int MaxValue = 80;

    private readonly ImmutableArray<ImportProblem>.Builder problems = ImmutableArray.CreateBuilder<ImportProblem>();

    /// <summary>The first thousand.</summary>
    public ImmutableArray<ImportProblem> Problems => problems.ToImmutable();

    public void Check(JsonElement package)
    {
        Object(package, "Package", "");
        if (package.ValueKind == JsonValueKind.Object && package.TryGetProperty("networks", out var networks) && networks.ValueKind == JsonValueKind.Array)
        {
            foreach (var (i, network) in networks.EnumerateArray().Index())
            {
                References(network, $"/networks/{i}");
            }
        }
    }

    private void Object(JsonElement value, string kind, string at)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(at, value, "An object is expected here");
            return;
        }

        var fields = OfdsRules.Objects[kind];
        if (!value.EnumerateObject().Any() && !fields.Any(f => f.IsNeeded))
        {
            Wrong(at, value, "The object is empty; leave it out");
        }

        foreach (var field in fields)
        {
            if (value.TryGetProperty(field.Name, out var own))
            {
                Value(own, field.Rule, $"{at}/{field.Name}");
            }
            else if (field.IsNeeded)
            {
                Wrong($"{at}/{field.Name}", null, "It is missing, and the standard needs it");
            }
        }

        if (kind == "Network" && value.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array)
        {
            Links(links, at + "/links");
        }
    }

    private void Value(JsonElement value, string rule, string at)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        switch (rule[0])
        {
            case '@':
                Object(value, rule[1..], at);
                break;
            case '[':
                List(value, rule[1..^1], at);
                break;
            case '=':
                Must(text == rule[1..], at, value, $"It has to be {rule[1..]}");
                break;
            default:
                switch (rule)
                {
                    case "point" or "line":
                        Geometry(value, rule == "line", at);
                        break;
                    case "number":
                        Must(value.ValueKind == JsonValueKind.Number, at, value, "A number is expected here, without quotes");
                        break;
                    case "integer":
                        Must(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == Math.Floor(number), at, value, "A whole number is expected here, without quotes");
                        break;
                    case "flag":
                        Must(value.ValueKind is JsonValueKind.True or JsonValueKind.False, at, value, "true or false is expected here, without quotes");
                        break;
                    case "text":
                        Must(text?.Length > 0, at, value, "A text is expected here that is not empty; leave the field out where nothing is known");
                        break;
                    case "uuid":
                        Must(text is not null && Guid.TryParseExact(text, "D", out _), at, value, "A UUID is expected here, such as a096d627-72e1-4f9b-b129-951b1737bff4");
                        break;
                    case "iri":
                        Must(IsAddress(text), at, value, "A whole address of the web is expected here, such as https://example.com/network");
                        break;
                    case "date":
                        Must(text is not null && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), at, value, "A date is expected here: 2026-11-30");
                        break;
                    default:
                        var list = rule["code:".Length..];
                        var codes = OfdsCodes.Of[list];
                        Must(text is not null && codes.Contains(text), at, value, codes.Count <= 10 ? $"It has to be one of {string.Join(", ", codes.Order(StringComparer.Ordinal))}" : $"It is no code of a {list}");
                        break;
                }

                break;
        }
    }

    private void List(JsonElement value, string rule, string at)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(at, value, "A list is expected here");
            return;
        }

        if (value.GetArrayLength() == 0)
        {
            Wrong(at, null, "The list is empty; leave it out");
        }

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, item) in value.EnumerateArray().Index())
        {
            if (!seen.TryAdd(item.GetRawText(), i))
            {
                Wrong($"{at}/{i}", item, $"The same stands at {seen[item.GetRawText()]}; give it once");
            }

            Value(item, rule, $"{at}/{i}");
        }
    }

    // The first link says which version of the standard it is; no other may.
    private void Links(JsonElement links, string at)
    {
        foreach (var (i, link) in links.EnumerateArray().Index().Where(l => l.Item.ValueKind == JsonValueKind.Object))
        {
            var (rel, href) = (Text(link, "rel"), Text(link, "href"));
            if (i == 0)
            {
                Must(rel == "describedby", $"{at}/0/rel", link, "The first link has to be the one with rel describedby");
                Must(OfdsRules.Schemas.Contains(href), $"{at}/0/href", link, $"It has to name the schema: {string.Join(" or ", OfdsRules.Schemas.Order(StringComparer.Ordinal))}");
            }
            else
            {
                Must(!rel.StartsWith("describedby", StringComparison.Ordinal), $"{at}/{i}/rel", link, "Only the first link is the one with rel describedby");
            }
        }
    }

    private void Geometry(JsonElement value, bool isLine, string at)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(at, value, "A GeoJSON geometry is expected here");
            return;
        }

        var type = isLine ? "LineString" : "Point";
        Must(Text(value, "type") == type, $"{at}/type", value, $"The type has to be {type}");
        foreach (var other in value.EnumerateObject().Where(p => p.Name is not ("type" or "coordinates")))
        {
            Wrong($"{at}/{other.Name}", other.Value, "A geometry has type and coordinates only");
        }

        if (!value.TryGetProperty("coordinates", out var coordinates))
        {
            Wrong($"{at}/coordinates", null, "It is missing, and the standard needs it");
        }
        else if (!isLine)
        {
            Must(IsPosition(coordinates), $"{at}/coordinates", coordinates, "A position is expected here: longitude and latitude in degrees");
        }
        else
        {
            Must(
                coordinates.ValueKind == JsonValueKind.Array && coordinates.GetArrayLength() >= 2 && coordinates.EnumerateArray().All(IsPosition),
                $"{at}/coordinates",
                coordinates,
                "Two or more positions are expected here: longitude and latitude in degrees");
        }
    }

    // Beyond the schema: an id is given once, and what is referred to is there.
    private void References(JsonElement network, string at)
    {
        var ids = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var list in (string[])["nodes", "spans", "phases", "organisations", "contracts"])
        {
            ids[list] = new(StringComparer.Ordinal);
            foreach (var (i, item) in Items(network, list).Index())
            {
                if (Text(item, "id") is { Length: > 0 } id && !ids[list].Add(id))
                {
                    Wrong($"{at}/{list}/{i}/id", item, $"The id '{Cut(id)}' is given twice");
                }
            }
        }

        foreach (var (i, span) in Items(network, "spans").Index())
        {
            foreach (var end in (string[])["start", "end"])
            {
                Must(Text(span, end) is not { Length: > 0 } node || ids["nodes"].Contains(node), $"{at}/spans/{i}/{end}", span, $"There is no node '{Cut(Text(span, end))}'");
            }
        }

        foreach (var list in (string[])["nodes", "spans"])
        {
            foreach (var (i, item) in Items(network, list).Index())
            {
                Refers(item, "phase", "phases", $"{at}/{list}/{i}");
                foreach (var field in OfdsGeoJson.Organisations)
                {
                    Refers(item, field, "organisations", $"{at}/{list}/{i}");
                }
            }
        }

        void Refers(JsonElement item, string field, string list, string place)
        {
            if (item.TryGetProperty(field, out var named))
            {
                foreach (var one in named.ValueKind == JsonValueKind.Array ? named.EnumerateArray().ToArray() : [named])
                {
                    Must(Text(one, "id") is not { Length: > 0 } id || ids[list].Contains(id), $"{place}/{field}", one, $"There is none of '{Cut(Text(one, "id"))}' among the {list}");
                }
            }
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement network, string list) =>
        network.ValueKind == JsonValueKind.Object && network.TryGetProperty(list, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object ? item : Nothing)
            : [];

    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    private static string Text(JsonElement item, string field) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool IsAddress(string? text) => text is not null && Uri.TryCreate(text, UriKind.Absolute, out var address) && text.StartsWith(address.Scheme + ":", StringComparison.OrdinalIgnoreCase);

    private static bool IsPosition(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is 2 or 3 && value.EnumerateArray().All(n => n.ValueKind == JsonValueKind.Number)
        && Math.Abs(value[0].GetDouble()) <= 180 && Math.Abs(value[1].GetDouble()) <= 90;

    private void Must(bool holds, string at, JsonElement? value, string problem)
    {
        if (!holds)
        {
            Wrong(at, value, problem);
        }
    }

    private void Wrong(string at, JsonElement? value, string problem)
    {
        if (problems.Count < MaxProblems)
        {
            problems.Add(new(file, 0, at.Length > 0 ? at : "/", value is { } shown && shown.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) ? Cut(shown.ToString()) : "", problem));
        }
    }

    private static string Cut(string text) => string.Concat(text.Take(MaxValue).Select(c => char.IsControl(c) ? '·' : c));
}
