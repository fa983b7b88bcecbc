using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kehrwerk.Link.Tests;

/// <summary>Makes every single fault that a message can have: a field missing, of the wrong kind, an unknown word, a number out of bounds.</summary>
internal static class Faults
{
    private static readonly JsonNode?[] Wrong =
        [null, JsonValue.Create("NO_SUCH_WORD"), JsonValue.Create(true), JsonValue.Create(-7.5), JsonValue.Create(1e6), new JsonArray(), new JsonObject()];

    public static IEnumerable<(string What, byte[] Json)> Of(byte[] message)
    {
        var root = JsonNode.Parse(message)!;
        foreach (var path in Paths(root, []).ToList())
        {
            var name = string.Join('.', path);
            if (path[^1] is string)
            {
                yield return ($"{name} removed", With(message, path, remove: true, null));
            }

            foreach (var wrong in Wrong)
            {
                yield return ($"{name} = {wrong?.ToJsonString() ?? "null"}", With(message, path, remove: false, wrong));
            }
        }
    }

    /// <summary>Where we are stricter or laxer than the schema, each with its reason.</summary>
    public static bool IsKnownDifference(LinkTopic topic, string what)
    {
        var field = what[..what.IndexOf(' ', StringComparison.Ordinal)];
        var last = field[(field.LastIndexOf('.') + 1)..];

        // An optional field that is null says the same as a missing one. In an array null stays a fault.
        if (what.EndsWith("= null", StringComparison.Ordinal) && !char.IsDigit(last[0]))
        {
            return true;
        }

        return last switch
        {
            // Times: NJsonSchema does not know the format of eta and leaseExpiry, which the schema leaves to the description.
            "eta" or "leaseExpiry" => true,
            // We understand only 3.x.x.
            "version" => true,
            // uint32 by the text of the standard (7.2, 7.3), while the schema says integer.
            "headerId" or "referenceStateHeaderId" or "sequenceId" or "orderUpdateId" or "lastNodeSequenceId" => true,
            // The schema wants text, the text of the standard a truth value; both are read, and only true and false.
            "pauseAllowed" or "cancelAllowed" => true,
            // Written twice because schema and text differ in the name; either is read.
            "mobileRobotKinematics" or "mobileRobotKinematic" => true,
            // Above 0 by the schema of the state; the one of the order forgot the bound.
            "weight" => topic == LinkTopic.Order,
            // Not negative by the schema of the state; the one of the factsheet forgot the bound.
            "length" or "width" => topic == LinkTopic.Factsheet,
            // The schema misspells its name with a space, so it does not check it.
            _ when field.Contains("batteryCharging", StringComparison.Ordinal) => true,
            // The schema misspells "priorityFactor " with a space, so it does not check it.
            "priorityFactor" or "penaltyFactor" => true,
            // The text has a name of its own for each type of zone, the schema one for both; either is enough for us.
            "limitation" or "bidirectedLimitation" => true,
            _ => false,
        };
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path)
    {
        IEnumerable<(object Key, JsonNode? Child)> children = node switch
        {
            JsonObject obj => obj.Select(pair => ((object)pair.Key, pair.Value)),
            JsonArray array => array.Select((item, index) => ((object)index, item)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            object[] here = [.. path, key];
            yield return here;
            if (child is null)
            {
                continue;
            }

            foreach (var deeper in Paths(child, here))
            {
                yield return deeper;
            }
        }
    }

    private static byte[] With(byte[] message, object[] path, bool remove, JsonNode? value)
    {
        var root = JsonNode.Parse(message)!;
        var parent = path[..^1].Aggregate(root, (node, key) => key is int index ? node[index]! : node[(string)key]!);
        if (remove)
        {
            ((JsonObject)parent).Remove((string)path[^1]);
        }
        else if (path[^1] is int index)
        {
            parent[index] = value?.DeepClone();
        }
        else
        {
            parent[(string)path[^1]] = value?.DeepClone();
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString(new JsonSerializerOptions()));
    }
}
