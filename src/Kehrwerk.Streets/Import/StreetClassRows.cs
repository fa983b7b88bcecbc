namespace Kehrwerk.Streets.Import;

/// <summary>One row of the CSV of streets: this street, or the houses from–to on one side or both, have that class.</summary>
internal sealed record StreetClassRow(string Street, int? From, int? To, NumberSide Side, CleaningClass Class, string Place)
{
    public bool HasRange => From is not null || To is not null || Side != NumberSide.Both;

    public bool Fits(int number) =>
        number >= (From ?? 0) && number <= (To ?? int.MaxValue) && (Side == NumberSide.Both || (number % 2 == 0) == (Side == NumberSide.Even));
}

internal enum NumberSide : byte { Both, Odd, Even }

/// <summary>
/// The rows of <c>street;from;to;side;class</c>. A row with house numbers goes before one without, a later row before an
/// earlier one. A kerb has the class of most of its houses; where it has none, that of the street's nearest house.
/// </summary>
internal sealed class StreetClassRows
{
    private static readonly string[] Columns = ["street", "class", "from", "to", "side"];

    private readonly Dictionary<string, List<StreetClassRow>> byStreet;

    private StreetClassRows(Dictionary<string, List<StreetClassRow>> byStreet) => this.byStreet = byStreet;

    public static StreetClassRows None { get; } = new([]);

    /// <exception cref="InputException">A row cannot be used; the message names file and line.</exception>
    public static StreetClassRows Read(string path, byte[] content, CleaningClasses classes)
    {
        var rows = new Dictionary<string, List<StreetClassRow>>();
        foreach (var row in CsvTable.Read(path, content, Columns, required: 2))
        {
            var street = row["street"];
            if (street.Length == 0)
            {
                throw row.Wrong("The street is missing", "Give the street's name as it is on the map");
            }

            var cleaningClass = classes.Find(row["class"])
                ?? throw row.Wrong($"'{row["class"]}' is no cleaning class", $"Use one of: {string.Join(", ", classes.All.Select(c => c.Id))}, or define it in the CSV of classes");
            var side = row["side"].ToLowerInvariant() switch
            {
                "" or "both" => NumberSide.Both,
                "odd" => NumberSide.Odd,
                "even" => NumberSide.Even,
                _ => throw row.Wrong($"'{row["side"]}' is no side", "Use odd, even or both (or leave it empty)"),
            };
            var read = new StreetClassRow(street, Number(row, "from"), Number(row, "to"), side, cleaningClass, row.Place);
            if (read.From > read.To)
            {
                throw row.Wrong($"The house numbers run from {read.From} down to {read.To}", "Give the smaller number first");
            }

            var key = StreetName.Key(street);
            if (!rows.TryGetValue(key, out var ofStreet))
            {
                rows.Add(key, ofStreet = []);
            }

            ofStreet.Add(read);
        }

        return new(rows);
    }

    public bool Names(string streetKey) => byStreet.ContainsKey(streetKey);

    public bool HasRanges(string streetKey) => byStreet.TryGetValue(streetKey, out var rows) && rows.Exists(r => r.HasRange);

    /// <summary>The class of a kerb by the numbers of its houses, or null where no row speaks of it.</summary>
    public CleaningClass? ClassOf(string streetKey, IReadOnlyList<int> houseNumbers)
    {
        if (!byStreet.TryGetValue(streetKey, out var rows))
        {
            return null;
        }

        var ofHouses = houseNumbers
            .Select(n => rows.FindLast(r => r.HasRange && r.Fits(n)))
            .GroupBy(r => r?.Class.Id ?? "", StringComparer.Ordinal)
            .OrderByDescending(g => g.Count())
            .ThenByDescending(g => g.First()?.Class.TimesPerWeek ?? -1)
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.First();
        return ofHouses?.Class ?? rows.FindLast(r => !r.HasRange)?.Class;
    }

    /// <summary>Warns of every row whose street is not on the map.</summary>
    public void WarnOfUnknown(IReadOnlySet<string> streetKeys, ImportTally tally)
    {
        foreach (var row in byStreet.Where(s => !streetKeys.Contains(s.Key)).SelectMany(s => s.Value))
        {
            tally.Warn($"{row.Place}: the street '{row.Street}' is not on the map; check its spelling. The row is ignored.");
            tally.LeaveOut("row of the CSV of streets for an unknown street");
        }
    }

    private static int? Number(CsvRow row, string column) =>
        row[column] is not { Length: > 0 } text ? null
            : StreetName.HouseNumber(text) ?? throw row.Wrong($"'{text}' is no house number", $"Give a number in the column '{column}', or leave it empty");
}
