using System.Collections.Frozen;
using System.Globalization;

namespace Kehrwerk.Streets.Import;

/// <summary>The cleaning classes of a city and which kind of street has which of them where nothing else is said.</summary>
internal sealed class CleaningClasses
{
    private const double MaxTimesPerWeek = 21;
    private static readonly string[] Columns = ["id", "name", "timesPerWeek", "priority", "highways"];

    private static readonly FrozenDictionary<string, StreetClass> Highways =
        Enum.GetValues<StreetClass>().ToFrozenDictionary(c => c == StreetClass.LivingStreet ? "living_street" : c.ToString().ToLowerInvariant());

    private readonly Dictionary<string, CleaningClass> byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<StreetClass, CleaningClass> byHighway = [];

    private CleaningClasses()
    {
    }

    /// <summary>Eleven classes as a German city's statute may have them; the same as <c>examples/cleaning-classes/classes.csv</c>.</summary>
    public static CleaningClasses BuiltIn()
    {
        var classes = new CleaningClasses();
        classes.Add(new("S0", "Anliegerreinigung", 0, 9), []);
        classes.Add(new("S1", "Wohnstraße, vierzehntäglich", 0.5, 6), [StreetClass.LivingStreet]);
        classes.Add(new("S2", "Wohnstraße, wöchentlich", 1, 5), [StreetClass.Residential, StreetClass.Unclassified]);
        classes.Add(new("S3", "Sammelstraße, wöchentlich", 1, 4), [StreetClass.Tertiary]);
        classes.Add(new("S4", "Sammelstraße, zweimal wöchentlich", 2, 4), [StreetClass.Secondary]);
        classes.Add(new("S5", "Hauptstraße, zweimal wöchentlich", 2, 3), [StreetClass.Primary, StreetClass.Trunk]);
        classes.Add(new("S6", "Hauptstraße, dreimal wöchentlich", 3, 3), []);
        classes.Add(new("S7", "Geschäftsstraße, werktäglich", 6, 2), []);
        classes.Add(new("F1", "Fußgängerzone im Stadtteil, dreimal wöchentlich", 3, 2), [StreetClass.Pedestrian]);
        classes.Add(new("F2", "Fußgängerzone in der Innenstadt, täglich", 7, 1), []);
        classes.Add(new("M1", "Markt und Festplatz, täglich", 7, 1), []);
        return classes;
    }

    /// <exception cref="InputException">A row cannot be used; the message names file and line.</exception>
    public static CleaningClasses Read(string path, byte[] content)
    {
        var classes = new CleaningClasses();
        foreach (var row in CsvTable.Read(path, content, Columns, required: 4))
        {
            var id = row["id"];
            if (id.Length is 0 or > 20 || classes.byId.ContainsKey(id))
            {
                throw row.Wrong(id.Length == 0 ? "The class has no id" : $"The class id '{id}' is too long or given twice", "Give every class a short id of its own");
            }

            if (!double.TryParse(row["timesPerWeek"].Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var timesPerWeek)
                // The parser also takes NaN and infinities, whatever the style.
                || timesPerWeek is not (>= 0 and <= MaxTimesPerWeek))
            {
                throw row.Wrong($"'{row["timesPerWeek"]}' is no number of sweeps per week", $"Give a number from 0 to {MaxTimesPerWeek}, such as 0.5 for every second week");
            }

            if (!int.TryParse(row["priority"], NumberStyles.None, CultureInfo.InvariantCulture, out var priority) || priority is < 1 or > 9)
            {
                throw row.Wrong($"'{row["priority"]}' is no priority", "Give a number from 1 (served first) to 9");
            }

            classes.Add(new(id, row["name"], timesPerWeek, priority), [.. row["highways"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(h => Highway(h, row))]);
        }

        return classes.byId.Count > 0 ? classes : throw new InputException(path, "The file defines no cleaning class", "Add a line per class below the header");
    }

    public IReadOnlyCollection<CleaningClass> All => byId.Values;

    public CleaningClass? Find(string id) => byId.GetValueOrDefault(id);

    public CleaningClass? DefaultFor(StreetFacts facts) => KerbRules.IsSweptByDefault(facts) ? byHighway.GetValueOrDefault(facts.Class) : null;

    private static StreetClass Highway(string text, CsvRow row) =>
        Highways.TryGetValue(text, out var streetClass)
            ? streetClass
            : throw row.Wrong($"'{text}' is no highway type", $"Use some of: {string.Join(' ', Highways.Keys.Order(StringComparer.Ordinal))}");

    private void Add(CleaningClass cleaningClass, StreetClass[] highways)
    {
        byId.Add(cleaningClass.Id, cleaningClass);
        foreach (var highway in highways)
        {
            byHighway[highway] = cleaningClass;
        }
    }
}
