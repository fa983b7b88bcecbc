using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Kehrwerk.Link.Tests;

/// <summary>
/// The official JSON schemas of VDA 5050 3.0.0, as published, and those of our profiles (docs/link/schemas), made readable for a validator that knows drafts up to 4: trailing commas
/// are taken out, <c>const</c> becomes an <c>enum</c> of one, and "if A then B" becomes "not A, or B". The meaning stays.
/// </summary>
internal static class OfficialSchemas
{
    private static readonly ConcurrentDictionary<string, JsonSchema> Loaded = new();

    private static readonly string? Folder = FindFolder("3.0.0");
    private static readonly string? FolderOf21 = FindFolder("2.1.0");

    /// <summary>The names of the topics, each of which has a schema.</summary>
    public static TheoryData<LinkTopic> Topics => [.. Enum.GetValues<LinkTopic>()];

    /// <summary>For tests that show more than validity: they go on without the schemas.</summary>
    public static bool AreHere => Folder is not null;

    /// <summary>Skips the test where the schemas are missing. A property test asks before it samples: its sampler takes a skip for a failure.</summary>
    public static void Require() => Assert.SkipWhen(Folder is null, "This test needs ../shared/data/vda5050/3.0.0, which is not here");

    /// <summary>All faults of a message by the official schema; empty if it is valid.</summary>
    public static IReadOnlyList<string> Faults(LinkTopic topic, byte[] json)
    {
        if (!Link.Topics.IsOfProfile(topic))
        {
            Require();
        }

        var name = char.ToLowerInvariant(topic.ToString()[0]) + topic.ToString()[1..];
        return Link.Topics.IsOfProfile(topic) ? Faults(PathOf(name), json)
            : topic == LinkTopic.State ? [.. Faults(Path.Combine(Folder!, name + ".schema"), json), .. AddedFaults(json)]
            : Faults(Path.Combine(Folder!, name + ".schema"), json);
    }

    /// <summary>All faults of what the order profile adds to the state.</summary>
    public static IReadOnlyList<string> AddedFaults(byte[] json) => Faults(PathOf("state"), json);

    /// <summary>As <see cref="Require"/>, for <see cref="FaultsBy21"/>.</summary>
    public static void Require21() => Assert.SkipWhen(FolderOf21 is null, "This test needs ../shared/data/vda5050/2.1.0, which is not here");

    /// <summary>All faults of a message by the official schema of 2.1.0; empty if it is valid. Skips the test where that schema is missing.</summary>
    public static IReadOnlyList<string> FaultsBy21(LinkTopic topic, byte[] json)
    {
        Require21();
        return Faults(Path.Combine(FolderOf21!, char.ToLowerInvariant(topic.ToString()[0]) + topic.ToString()[1..] + ".schema"), json);
    }

    /// <summary>All faults of the content of a recorded event.</summary>
    public static IReadOnlyList<string> FaultsOfEvent(byte[] json) => Faults(PathOf("event"), json);

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "ProfileSchemas", name + ".schema.json");

    private static IReadOnlyList<string> Faults(string path, byte[] json)
    {
        var schema = Loaded.GetOrAdd(path, Load);
        return [.. schema.Validate(System.Text.Encoding.UTF8.GetString(json), new JsonSchemaValidatorSettings()).SelectMany(Flatten)];
    }

    private static IEnumerable<string> Flatten(ValidationError error) => error switch
    {
        ChildSchemaValidationError child => child.Errors.Values.SelectMany(errors => errors).SelectMany(Flatten),
        _ => [$"{error.Path}: {error.Kind}"],
    };

    private static JsonSchema Load(string path)
    {
        var text = File.ReadAllText(path);
        var strict = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true })!;
        return JsonSchema.FromJsonAsync(ForOlderDraft(strict).ToJsonString(), TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    private static JsonNode ForOlderDraft(JsonNode node)
    {
        switch (node)
        {
            case JsonArray array:
                return new JsonArray([.. array.Select(item => ForOlderDraft(item!))]);
            case JsonObject schema when schema["if"] is { } condition && schema["then"] is { } consequence:
                return new JsonObject
                {
                    ["anyOf"] = new JsonArray(new JsonObject { ["not"] = ForOlderDraft(condition) }, ForOlderDraft(consequence)),
                };
            case JsonObject schema:
                return new JsonObject(schema.Select(pair => pair.Key == "const"
                    ? KeyValuePair.Create<string, JsonNode?>("enum", new JsonArray(pair.Value!.DeepClone()))
                    : KeyValuePair.Create<string, JsonNode?>(pair.Key, ForOlderDraft(pair.Value!))));
            default:
                return node.DeepClone();
        }
    }

    private static string? FindFolder(string version)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")))
            {
                var schemas = Path.Combine(folder.FullName, "..", "shared", "data", "vda5050", version);
                return Directory.Exists(schemas) ? schemas : null;
            }
        }

        return null;
    }
}
