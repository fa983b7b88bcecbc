using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link;

/// <summary>Either a message or, as text for a person, what is wrong with it and where.</summary>
public readonly record struct ReadResult<T>(T? Message, string? Error)
    where T : VdaMessage
{
    [MemberNotNullWhen(true, nameof(Message))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Message is not null;
}

/// <summary>
/// Messages to bytes and back. Writing is deterministic. Reading takes anything and never throws: required fields, kinds, keywords
/// and bounds of the official schemas are checked, unknown fields are ignored so that a newer peer is understood.
/// </summary>
public static class LinkJson
{
    /// <summary>The longest message that is read, in bytes. An order of some thousand nodes stays below it.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>How deep arrays and objects may be nested.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonSerializerOptions Options = CreateOptions();

    /// <exception cref="ArgumentException">The message has no vehicle, or a number that is not finite: a bug of the caller.</exception>
    public static byte[] Serialize<T>(T message)
        where T : VdaMessage =>
        message.Fault() is { } fault
            ? throw new ArgumentException($"This {typeof(T).Name} cannot be sent. {fault}", nameof(message))
            : JsonSerializer.SerializeToUtf8Bytes(message, TypeInfo<T>.Instance);

    public static ReadResult<T> Read<T>(ReadOnlySpan<byte> json)
        where T : VdaMessage
    {
        if (json.Length > MaxBytes)
        {
            return new(null, $"{json.Length} bytes are more than the {MaxBytes} that are read");
        }

        try
        {
            var message = JsonSerializer.Deserialize(json, TypeInfo<T>.Instance);
            return message switch
            {
                null => new(null, "the message is null, expected an object"),
                _ when message.Fault() is { } fault => new(null, fault),
                _ => new(message, null),
            };
        }
        catch (JsonException)
        {
            return new(null, Diagnosis.Of(json, TypeInfo<T>.Instance));
        }
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(LinkJsonContext.Default.Options)
        {
            MaxDepth = MaxDepth,
            AllowDuplicateProperties = false,
            // The bytes go to an MQTT payload, never into a page: umlauts stay readable.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = LinkJsonContext.Default.WithAddedModifier(OmitEmptyOptionalArrays).WithAddedModifier(RefuseNullItems),
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>
    /// Optional fields are only to be sent where they say something (7.1.1). An array that is nullable in C# says something when empty.
    /// </summary>
    private static void OmitEmptyOptionalArrays(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (!property.IsRequired && ItemTypeOf(property) is not null && Nullable.GetUnderlyingType(property.PropertyType) is null)
            {
                property.ShouldSerialize = static (_, value) => value is ICollection { Count: > 0 };
            }
        }
    }

    /// <summary>The serialiser checks fields for null, but not the items of arrays.</summary>
    private static void RefuseNullItems(JsonTypeInfo type)
    {
        JsonPropertyInfo[] arrays = [.. type.Properties.Where(property => ItemTypeOf(property) is { IsValueType: false })];
        if (arrays.Length > 0)
        {
            type.OnDeserialized = message =>
            {
                foreach (var array in arrays)
                {
                    if (array.Get!(message) is IList { Count: > 0 } items && items.Contains(null))
                    {
                        throw new JsonException($"{array.Name} holds null");
                    }
                }
            };
        }
    }

    private static Type? ItemTypeOf(JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? type.GenericTypeArguments[0] : null;
    }

    private static class TypeInfo<T>
    {
        public static readonly JsonTypeInfo<T> Instance = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
    }
}
