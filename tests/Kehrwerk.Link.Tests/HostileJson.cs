using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Kehrwerk.Link.Tests;

/// <summary>
/// Valid messages with one to four of their parts changed: left out, nulled, of another kind, far too large or long, moved, doubled,
/// nested, or with damaged bytes. Much of it is still JSON of nearly the right shape, which gets further into a program than garbage.
/// </summary>
internal static class HostileJson
{
    private const int LongText = 5_000;
    private const int ManyItems = 300;
    private const int Depth = 40;

    private static readonly double[] Extremes = [0, -1, 0.5, 1e-300, 1e300, -1e300, 4_294_967_295, 4_294_967_296, 9.3e18, 1e5];
    private static readonly string[] Texts = ["", " ", "+", "#", "a/b", "../x", "\u0000", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "<b>&", "NaN"];

    /// <param name="valid">Messages to change, as bytes.</param>
    public static Gen<byte[]> Of(params byte[][] valid) =>
        from at in Gen.Int[0, valid.Length - 1]
        from changes in Gen.Select(Gen.Int[0, 11], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]).Array[1, 4]
        select Change(valid[at], changes);

    private static byte[] Change(byte[] json, (int Kind, int Where, int What)[] changes)
    {
        var root = JsonNode.Parse(json)!;
        foreach (var (kind, where, what) in changes)
        {
            var places = Places(root).ToList();
            if (kind < 11 && places.Count > 0)
            {
                var (parent, key) = places[where % places.Count];
                Put(parent, key, kind == 0 ? null : Changed(kind, parent, key, what, places), remove: kind == 0);
            }
        }

        var bytes = Encoding.UTF8.GetBytes(root.ToJsonString());
        foreach (var (_, where, what) in changes.Where(change => change.Kind == 11))
        {
            bytes[where % bytes.Length] = (byte)what;
        }

        return bytes;
    }

    private static JsonNode? Changed(int kind, JsonNode parent, object key, int what, List<(JsonNode Parent, object Key)> places)
    {
        var old = Get(parent, key);
        return kind switch
        {
            1 => null,
            2 => JsonValue.Create(Extremes[what % Extremes.Length]),
            3 => JsonValue.Create(Texts[what % Texts.Length]),
            4 => JsonValue.Create(new string((char)('A' + (what % 26)), LongText)),
            5 => JsonValue.Create(what % 2 == 0),
            6 => new JsonObject(),
            7 => new JsonArray(),
            8 => old is JsonArray { Count: > 0 } items
                ? new JsonArray([.. Enumerable.Range(0, ManyItems).Select(i => items[i % items.Count]?.DeepClone())])
                : new JsonArray([.. Enumerable.Range(0, ManyItems).Select(_ => old?.DeepClone())]),
            9 => Get(places[what % places.Count].Parent, places[what % places.Count].Key)?.DeepClone(),
            _ => Enumerable.Range(0, Depth).Aggregate(old?.DeepClone(), (inner, _) => new JsonArray(inner)),
        };
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node)
    {
        IEnumerable<(JsonNode Parent, object Key, JsonNode? Child)> children = node switch
        {
            JsonObject members => members.ToList().Select(member => ((JsonNode)members, (object)member.Key, member.Value)),
            JsonArray items => items.Take(8).ToList().Select((item, i) => ((JsonNode)items, (object)i, item)),
            _ => [],
        };
        return children.SelectMany(child => Places(child.Child).Prepend((child.Parent, child.Key)));
    }

    private static JsonNode? Get(JsonNode parent, object key) => key is string name ? parent[name] : parent[(int)key];

    private static void Put(JsonNode parent, object key, JsonNode? value, bool remove)
    {
        switch (parent)
        {
            case JsonObject members when remove:
                members.Remove((string)key);
                break;
            case JsonObject members:
                members[(string)key] = value;
                break;
            case JsonArray items when remove:
                items.RemoveAt((int)key);
                break;
            case JsonArray items:
                items[(int)key] = value;
                break;
        }
    }
}
