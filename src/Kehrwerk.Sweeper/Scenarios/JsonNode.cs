using System.Globalization;
using System.Text.Json;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>
/// A JSON value that knows on which line it stands and which of its fields were asked for, so that whatever is wrong with a scenario can be named
/// with its line. Not thread-safe.
/// </summary>
internal sealed class JsonNode
{
    private const int MostDepth = 16;

    private readonly string file;
    private readonly Dictionary<string, JsonNode> fields = new(StringComparer.Ordinal);
    private readonly List<JsonNode> items = [];
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    private JsonNode(string file, int line, string path, JsonTokenType kind) => (this.file, Line, Path, Kind) = (file, line, path, kind);

    public int Line { get; }

    /// <summary>Where in the file: names of the fields, joined by points.</summary>
    public string Path { get; }

    public JsonTokenType Kind { get; }

    public string? Text { get; private init; }

    public double Value { get; private init; }

    public IReadOnlyList<JsonNode> Items => Kind == JsonTokenType.StartArray
        ? items
        : throw Fault($"{Name} is not a list", "Put it between [ and ]");

    /// <summary>The names of its fields, in the file's order.</summary>
    public IEnumerable<string> Names => Kind == JsonTokenType.StartObject ? fields.Keys : throw Fault($"{Name} is not an object", "Put it between { and }");

    private string Name => Path.Length == 0 ? "The file" : $"'{Path}'";

    /// <exception cref="InputException">It is not JSON, or nested too deep.</exception>
    public static JsonNode Parse(ReadOnlySpan<byte> json, string file)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MostDepth });
            var lines = new LineCount(json);
            reader.Read();
            var root = Read(ref reader, ref lines, file, "");
            reader.Read();
            return root;
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            throw new InputException(file, "This is not UTF-8 text", "Save the file as UTF-8", broken);
        }
        catch (JsonException broken)
        {
            throw new InputException($"{file}, line {broken.LineNumber + 1}", "This is not valid JSON", "Correct the text there", broken);
        }
    }

    public InputException Fault(string problem, string remedy) => new($"{file}, line {Line}", problem, remedy);

    public bool Has(string field) => fields.ContainsKey(field);

    /// <summary>A field, or null where it is not given.</summary>
    public JsonNode? Find(string field)
    {
        asked.Add(field);
        return Kind == JsonTokenType.StartObject ? fields.GetValueOrDefault(field) : throw Fault($"{Name} is not an object", "Put it between { and }");
    }

    public JsonNode Take(string field) => Find(field) ?? throw Fault($"{Name} has no '{field}'", "Add it");

    public string TakeText(int most = 200) => Kind == JsonTokenType.String && Text is { Length: > 0 } && Text.Length <= most
        ? Text
        : throw Fault($"{Name} is not a text of 1 to {most} characters", "Put it in quotation marks");

    public double TakeNumber(double minimum, double maximum) =>
        Kind == JsonTokenType.Number && Value >= minimum && Value <= maximum
            ? Value
            : throw Fault(string.Create(CultureInfo.InvariantCulture, $"{Name} is not a number from {minimum} to {maximum}"), "Give one in that range");

    public bool TakeBool() => Kind is JsonTokenType.True or JsonTokenType.False
        ? Kind == JsonTokenType.True
        : throw Fault($"{Name} is neither true nor false", "Give one of them, without quotation marks");

    /// <summary>One of the names of an enumeration, with a small first letter.</summary>
    public T TakeName<T>() where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Kind == JsonTokenType.String && string.Equals(Small(value.ToString()), Text, StringComparison.Ordinal))
            {
                return value;
            }
        }

        throw Fault($"{Name} is {(Text is null ? "no text" : $"'{Text}'")}", $"Give one of: {string.Join(", ", Enum.GetNames<T>().Select(Small))}");
    }

    /// <summary>Every field that nobody asked for is a mistake of its writer.</summary>
    public void RefuseUnknown()
    {
        foreach (var (name, node) in fields)
        {
            if (!asked.Contains(name))
            {
                throw node.Fault($"{Name} has no field '{name}'", $"Check its spelling; known here: {string.Join(", ", asked)}");
            }
        }
    }

    public static string Small(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static JsonNode Read(ref Utf8JsonReader reader, ref LineCount lines, string file, string path)
    {
        var line = lines.At(reader.TokenStartIndex);
        var node = new JsonNode(file, line, path, reader.TokenType)
        {
            Text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null,
            Value = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) ? number : double.NaN,
        };
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                var at = lines.At(reader.TokenStartIndex);
                reader.Read();
                if (!node.fields.TryAdd(name, Read(ref reader, ref lines, file, path.Length == 0 ? name : $"{path}.{name}")))
                {
                    throw new InputException($"{file}, line {at}", $"'{name}' is given twice", "Take one of them out");
                }
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                node.items.Add(Read(ref reader, ref lines, file, $"{path}[{node.items.Count}]"));
            }
        }

        return node;
    }

    /// <summary>Counts the lines up to places that only move on.</summary>
    private ref struct LineCount(ReadOnlySpan<byte> json)
    {
        private readonly ReadOnlySpan<byte> json = json;
        private long seen;
        private int line = 1;

        public int At(long index)
        {
            line += json[(int)seen..(int)index].Count((byte)'\n');
            seen = index;
            return line;
        }
    }
}
