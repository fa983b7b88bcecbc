using System.Text.Json;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Safety.Odd;

/// <summary>From where to where a quantity may be; near an end the conditions are about to end.</summary>
internal readonly record struct OddRange(double Least, double Most, double WarnWithin)
{
    public OddLevel Level(double value) =>
        double.IsNaN(value) ? OddLevel.Leaving
        : value < Least || value > Most ? OddLevel.Outside
        : value < Least + WarnWithin || value > Most - WarnWithin ? OddLevel.Leaving
        : OddLevel.Inside;
}

/// <summary>
/// The operating conditions for which a vehicle is approved, after the structure of ISO 34503:2023 (scenery, environmental conditions, dynamic elements), read from a
/// JSON file; docs/driving/odd.schema.json is its schema, docs/driving/safety.md gives the meaning. Immutable.
/// </summary>
internal sealed record OddModel
{
    public const int MaxFileBytes = 64 * 1024;

    private const string DefaultFile = "compact-sweeper.odd.json";

    public required string Name { get; init; }
    public required string Description { get; init; }

    /// <summary>A condition has to be left, or met again, for so long before it counts, s.</summary>
    public required double HoldS { get; init; }

    /// <summary>Classes and surfaces of streets, one bit each.</summary>
    public required uint StreetClasses { get; init; }

    public required uint Surfaces { get; init; }
    public required bool Bridges { get; init; }
    public required bool Tunnels { get; init; }
    public required bool Roundabouts { get; init; }

    /// <summary>The ranges, in the order of <see cref="OddCondition"/> from its first quantity on.</summary>
    public required OddRange[] Ranges { get; init; }

    /// <summary>Below this temperature a wet street counts as frozen, °C.</summary>
    public required double FrostBelowC { get; init; }

    /// <summary>The conditions that are used where none are named.</summary>
    public static OddModel Default { get; } = ReadDefault();

    /// <exception cref="InputException">The file is not there, too long, not JSON, or a field is missing, unknown or out of range.</exception>
    public static OddModel Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Length > MaxFileBytes
                ? throw new InputException(path, $"{file.Length} bytes are too many for operating conditions", $"Give a file of up to {MaxFileBytes} bytes")
                : Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"The operating conditions cannot be read ({fault.Message})", "Check the path and the permissions", fault);
        }
    }

    /// <param name="json">The file's content.</param>
    /// <param name="place">How messages name it.</param>
    /// <exception cref="InputException">It is not JSON, or a field is missing, unknown or out of range.</exception>
    public static OddModel Parse(ReadOnlySpan<byte> json, string place)
    {
        var root = OddFields.Read(json, place);
        var (scenery, environment, dynamic) = (root.Group("scenery"), root.Group("environment"), root.Group("dynamicElements"));
        var model = new OddModel
        {
            Name = root.Text("name"),
            Description = root.Text("description"),
            HoldS = root.Number("holdS", 0, 60),
            StreetClasses = scenery.Names<StreetClass>("streetClasses"),
            Surfaces = scenery.Names<Surface>("surfaces"),
            Bridges = scenery.Flag("bridges"),
            Tunnels = scenery.Flag("tunnels"),
            Roundabouts = scenery.Flag("roundabouts"),
            FrostBelowC = environment.Number("frostBelowC", -20, 10),
            Ranges =
            [
                scenery.Range("speedLimitKmh", 0, 130),
                scenery.Range("carriagewayWidthM", 0, 30),
                scenery.Range("distanceFromStreetM", 0, 100),
                environment.Range("temperatureC", -30, 60),
                environment.Range("rainShare", 0, 1),
                environment.Range("illuminanceLux", 0, 200_000),
                environment.Range("viewRangeM", 0, 300),
                dynamic.Range("objectsInView", 0, 128),
                dynamic.Range("ownSpeedKmh", 0, 100),
            ],
        };
        foreach (var group in (ReadOnlySpan<OddFields>)[scenery, environment, dynamic, root])
        {
            group.RefuseUnknown();
        }

        return model;
    }

    private static OddModel ReadDefault()
    {
        using var stream = typeof(OddModel).Assembly.GetManifestResourceStream(DefaultFile)
            ?? throw new InvalidOperationException($"{DefaultFile} is not embedded in this assembly.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Parse(memory.ToArray(), DefaultFile);
    }
}

/// <summary>The fields of one object of the file, taken one by one; whatever is wrong is named with file and path.</summary>
internal sealed class OddFields
{
    private readonly string place, path;
    private readonly JsonElement element;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    private OddFields(JsonElement element, string place, string path) => (this.element, this.place, this.path) = (element, place, path);

    public static OddFields Read(ReadOnlySpan<byte> json, string place)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 8 });
            var root = JsonElement.ParseValue(ref reader);
            return root.ValueKind == JsonValueKind.Object
                ? new(root, place, "")
                : throw new InputException(place, "The operating conditions are not a JSON object", "Begin them with { and end them with }");
        }
        catch (JsonException broken)
        {
            throw new InputException($"{place}, line {broken.LineNumber + 1}", "This is not valid JSON", "Correct the text there, or start from a copy of compact-sweeper.odd.json", broken);
        }
    }

    public OddFields Group(string field) => Take(field) is { ValueKind: JsonValueKind.Object } value
        ? new(value, place, path + field + ".")
        : throw Fault(field, "This must be an object", "Put its fields between { and }");

    public string Text(string field) => Take(field) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 and <= 200 } text
        ? text
        : throw Fault(field, "This must be a text of 1 to 200 characters", "Put it in quotation marks");

    public bool Flag(string field) => Take(field) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value
        ? value.GetBoolean()
        : throw Fault(field, "This must be true or false", "Write it without quotation marks");

    public double Number(string field, double least, double most) => Take(field) is { ValueKind: JsonValueKind.Number } value
        && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : throw Fault(field, $"This is not a number from {least} to {most}", "Give one in that range, in the unit that the field's name ends in");

    /// <summary>An object with "least", "most" and "warnWithin"; what is not given does not bound.</summary>
    public OddRange Range(string field, double least, double most)
    {
        var group = Group(field);
        var range = new OddRange(
            group.Has("least") ? group.Number("least", least, most) : double.NegativeInfinity,
            group.Has("most") ? group.Number("most", least, most) : double.PositiveInfinity,
            group.Has("warnWithin") ? group.Number("warnWithin", 0, most - least) : 0);
        group.RefuseUnknown();
        return range.Least + range.WarnWithin <= range.Most - range.WarnWithin
            ? range
            : throw Fault(field, "Nothing lies between its ends", "Give a greater 'most', a smaller 'least' or a smaller 'warnWithin'");
    }

    /// <summary>A list of names of an enumeration, as bits.</summary>
    public uint Names<T>(string field)
        where T : struct, Enum
    {
        var bits = 0u;
        if (Take(field) is not { ValueKind: JsonValueKind.Array } list)
        {
            throw Fault(field, "This must be a list of names", "Put them between [ and ]");
        }

        foreach (var item in list.EnumerateArray())
        {
            var text = item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText();
            if (Array.Find(Enum.GetValues<T>(), value => Name(value) == text) is var found && Name(found) != text)
            {
                throw Fault(field, $"'{(text.Length <= 40 ? text : text[..40] + "…")}' is not known here", $"Use {string.Join(", ", Enum.GetValues<T>().Select(Name))}");
            }

            bits |= 1u << Convert.ToInt32(found, System.Globalization.CultureInfo.InvariantCulture);
        }

        return bits;

        static string Name(T value) => value.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";
    }

    public void RefuseUnknown()
    {
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw Fault(property.Name, "Operating conditions have no such field", "Check its spelling or take it out");
            }
        }
    }

    private bool Has(string field) => element.TryGetProperty(field, out _);

    private JsonElement Take(string field)
    {
        known.Add(field);
        return element.TryGetProperty(field, out var value)
            ? value
            : throw Fault(field, "The field is missing", "Add it; docs/driving/safety.md says what it means");
    }

    private InputException Fault(string field, string problem, string remedy) => new($"{place}, field '{path}{field}'", problem, remedy);
}
