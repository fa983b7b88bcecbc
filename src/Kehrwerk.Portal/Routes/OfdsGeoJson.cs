using System.Text.Json.Nodes;

namespace Kehrwerk.Portal.Routes;

/// <summary>
/// The standard's second form: nodes and spans as GeoJSON features, in which references are replaced by what they refer to. Names of lists and fields are those of the standard.
/// A supplier stays a reference there, so its organisation is not in this form.
/// </summary>
internal static class OfdsGeoJson
{
    /// <summary>Fields of nodes and spans that refer to organisations.</summary>
    public static readonly string[] Organisations = ["physicalInfrastructureProvider", "networkProviders", "transmissionMediumOwner", "supplier"];

    // Those of them that are replaced by the whole organisation.
    private static readonly string[] Expanded = ["physicalInfrastructureProvider", "networkProviders", "transmissionMediumOwner"];
    private static readonly string[] NetworkLists = ["nodes", "spans", "phases", "organisations"];

    /// <summary>The features of one kind.</summary>
    /// <param name="list"><c>nodes</c> or <c>spans</c>.</param>
    public static JsonObject Export(JsonObject network, string list)
    {
        var (phases, organisations, nodes) = (ById(network, "phases"), ById(network, "organisations"), ById(network, "nodes"));
        var about = new JsonObject(network.Where(f => !NetworkLists.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
        foreach (var contract in about["contracts"] as JsonArray ?? [])
        {
            Replace(contract!.AsObject(), "relatedPhases", one => Phase(one));
        }

        var features = new JsonArray();
        foreach (var item in network[list] as JsonArray ?? [])
        {
            var properties = (JsonObject)item!.DeepClone();
            var place = list == "nodes" ? "location" : "route";
            var geometry = properties[place]?.DeepClone();
            properties.Remove(place);
            Replace(properties, "phase", Phase);
            foreach (var field in Expanded)
            {
                Replace(properties, field, one => Whole(one, organisations));
            }

            foreach (var end in (string[])["start", "end"])
            {
                if (properties[end] is JsonValue id && nodes.TryGetValue(id.ToString(), out var node))
                {
                    properties[end] = node.DeepClone();
                }
            }

            properties["network"] = about.DeepClone();
            properties["featureType"] = list[..^1];
            features.Add((JsonNode)new JsonObject { ["type"] = "Feature", ["geometry"] = geometry, ["properties"] = properties });
        }

        return new() { ["type"] = "FeatureCollection", ["features"] = features };

        JsonNode Phase(JsonObject reference)
        {
            var phase = Whole(reference, phases);
            Replace(phase.AsObject(), "funders", one => Whole(one, organisations));
            return phase;
        }
    }

    /// <summary>The package whose networks the features belong to.</summary>
    public static JsonObject Import(IEnumerable<JsonObject> collections)
    {
        var networks = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var feature in collections.SelectMany(c => c["features"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (feature["properties"] is not JsonObject said || said["network"] is not JsonObject about)
            {
                continue;
            }

            var network = networks.TryGetValue($"{about["id"]}", out var known) ? known : networks[$"{about["id"]}"] = (JsonObject)about.DeepClone();
            foreach (var contract in network["contracts"] as JsonArray ?? [])
            {
                Replace(contract!.AsObject(), "relatedPhases", one => Phase(network, one));
            }

            var item = (JsonObject)said.DeepClone();
            var isSpan = $"{said["featureType"]}" == "span";
            item.Remove("network");
            item.Remove("featureType");
            item[isSpan ? "route" : "location"] = feature["geometry"]?.DeepClone();
            Replace(item, "phase", one => Phase(network, one));
            foreach (var field in Expanded)
            {
                Replace(item, field, one => Kept(network, "organisations", one));
            }

            foreach (var end in (string[])["start", "end"])
            {
                if (item[end] is JsonObject node)
                {
                    item[end] = node["id"]?.DeepClone();
                }
            }

            // A supplier is named and no more; the standard wants who is named in the list.
            Replace(item, "supplier", one => Kept(network, "organisations", one));
            List(network, isSpan ? "spans" : "nodes").Add((JsonNode)item);
        }

        return new() { ["networks"] = new JsonArray([.. networks.Values]) };
    }

    private static JsonObject Phase(JsonObject network, JsonObject phase)
    {
        var own = (JsonObject)phase.DeepClone();
        Replace(own, "funders", one => Kept(network, "organisations", one));
        return Kept(network, "phases", own);
    }

    // Puts what is told into the network's list, once, and gives the reference to it.
    private static JsonObject Kept(JsonObject network, string list, JsonObject told)
    {
        var known = List(network, list).OfType<JsonObject>().FirstOrDefault(o => $"{o["id"]}" == $"{told["id"]}");
        if (known is null)
        {
            List(network, list).Add(told.DeepClone());
        }
        else if (told.Count > known.Count)
        {
            List(network, list)[List(network, list).IndexOf(known)] = told.DeepClone();
        }

        return new(told.Where(f => f.Key is "id" or "name").Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
    }

    private static JsonArray List(JsonObject network, string list)
    {
        if (network[list] is not JsonArray found)
        {
            network[list] = found = [];
        }

        return found;
    }

    private static Dictionary<string, JsonObject> ById(JsonObject network, string list) =>
        (network[list] as JsonArray ?? []).OfType<JsonObject>().DistinctBy(o => $"{o["id"]}").ToDictionary(o => $"{o["id"]}", StringComparer.Ordinal);

    private static JsonNode Whole(JsonObject reference, Dictionary<string, JsonObject> known) => known.GetValueOrDefault($"{reference["id"]}", reference).DeepClone();

    // A field that refers to one thing or to several.
    private static void Replace(JsonObject item, string field, Func<JsonObject, JsonNode> by)
    {
        if (item[field] is JsonObject one)
        {
            item[field] = by(one);
        }
        else if (item[field] is JsonArray several)
        {
            item[field] = new JsonArray([.. several.Select(s => s is JsonObject o ? by(o) : s?.DeepClone())]);
        }
    }
}
