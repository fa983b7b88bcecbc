using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kehrwerk.Link.Wire;

/// <summary>
/// Finds the first fault of a message that could not be read and names it with its path, for example
/// <c>nodeStates[3].released: is missing</c>. Runs only after a failure, so it may be slow.
/// </summary>
internal static class Diagnosis
{
    // The properties of our messages, so it stays small.
    private static readonly ConcurrentDictionary<JsonPropertyInfo, JsonTypeInfo> Bounded = new();

    public static string Of(ReadOnlySpan<byte> json, JsonTypeInfo type)
    {
        JsonElement root;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = LinkJson.MaxDepth });
            root = JsonElement.ParseValue(ref reader);
            if (reader.BytesConsumed < json.Length && reader.Read())
            {
                return "broken JSON: something follows the message";
            }
        }
        catch (JsonException broken)
        {
            return $"broken JSON: {Sentence(broken.Message)} at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}";
        }

        try
        {
            return Fault(root, type, "") ?? "cannot be read";
        }
        catch (InvalidOperationException)
        {
            // JSON allows \ud800 alone, and the parser any bytes within quotes; neither can be made a text.
            return "a text is no Unicode";
        }
    }

    private static string? Fault(JsonElement element, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                return ObjectFault(element, type, path);
            case JsonTypeInfoKind.Enumerable:
                return ArrayFault(element, type, path);
            default:
                return ValueFault(element, type, path);
        }
    }

    private static string? ObjectFault(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return At(path, $"expected an object, found {Found(element)}");
        }

        foreach (var property in type.Properties)
        {
            var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!element.TryGetProperty(property.Name, out var value))
            {
                if (property.IsRequired)
                {
                    return At(name, "is missing");
                }

                continue;
            }

            if (value.ValueKind == JsonValueKind.Null)
            {
                if (!property.IsSetNullable || property.PropertyType.IsValueType && Nullable.GetUnderlyingType(property.PropertyType) is null)
                {
                    return At(name, "must not be null");
                }

                continue;
            }

            if (PropertyFault(value, property, type.Options, name) is { } fault)
            {
                return fault;
            }
        }

        return RepeatedField(element, path);
    }

    private static string? PropertyFault(JsonElement value, JsonPropertyInfo property, JsonSerializerOptions options, string path)
    {
        var valueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (property.CustomConverter is null)
        {
            return Fault(value, options.GetTypeInfo(valueType), path);
        }

        // A property with bounds of its own: let its converter read a copy of the one value.
        var bounded = Bounded.GetOrAdd(property, one =>
        {
            var strict = new JsonSerializerOptions(options);
            strict.Converters.Insert(0, one.CustomConverter!);
            return strict.GetTypeInfo(valueType);
        });
        return ValueFault(value, bounded, path);
    }

    private static string? ArrayFault(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return At(path, $"expected an array, found {Found(element)}");
        }

        var itemType = type.Options.GetTypeInfo(type.ElementType!);
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            var here = $"{path}[{index}]";
            if (item.ValueKind == JsonValueKind.Null)
            {
                return At(here, "must not be null");
            }

            if (Fault(item, itemType, here) is { } fault)
            {
                return fault;
            }

            index++;
        }

        return null;
    }

    private static string? ValueFault(JsonElement element, JsonTypeInfo type, string path)
    {
        try
        {
            element.Deserialize(type);
            return null;
        }
        catch (JsonException wrong)
        {
            return At(path, type.Type switch
            {
                var t when t == typeof(string) => $"expected text, found {Found(element)}",
                var t when t == typeof(bool) => $"expected true or false, found {Found(element)}",
                var t when t == typeof(uint) => $"expected a whole number from 0 to {uint.MaxValue}, found {Found(element)}",
                _ => Sentence(wrong.Message),
            });
        }
    }

    private static string? RepeatedField(JsonElement element, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!seen.Add(property.Name))
            {
                return At(path.Length == 0 ? Excerpt.Of(property.Name) : $"{path}.{Excerpt.Of(property.Name)}", "is given twice");
            }
        }

        return null;
    }

    private static string At(string path, string what) => path.Length == 0 ? what : $"{path}: {what}";

    private static string Found(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => Excerpt.Of(element.GetRawText()),
        _ => element.GetRawText(),
    };

    /// <summary>The serialiser appends position and path to its messages; we give our own.</summary>
    private static string Sentence(string message)
    {
        foreach (var appendix in (ReadOnlySpan<string>)[" Path: ", " LineNumber: "])
        {
            if (message.IndexOf(appendix, StringComparison.Ordinal) is var cut and >= 0)
            {
                message = message[..cut];
            }
        }

        return message.TrimEnd('.', ' ');
    }
}
