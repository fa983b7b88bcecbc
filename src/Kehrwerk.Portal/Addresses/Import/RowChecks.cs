using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses.Import;

/// <summary>Looks at every row of a list; collects addresses, and problems with line, field and value.</summary>
internal sealed class RowChecks(string file, AddressMapping mapping, GeoBounds bounds)
{
    private const int MaxProblems = 100;
    private const int MaxValue = 80;
    private const int MaxText = 120;
    private const int MaxNumberText = 20;
    private const int MaxAddresses = 10_000_000;

    private static readonly CityFrame Zone32 = CityFrame.Around(new(51, 9));
    private static readonly CityFrame Zone33 = CityFrame.Around(new(51, 15));

    private readonly List<AddressEntry> entries = [];
    private readonly Dictionary<(string Street, string Key, string Number, string Postcode, string Place, string District), long> lines = [];
    private readonly ImmutableArray<ImportProblem>.Builder problems = ImmutableArray.CreateBuilder<ImportProblem>();
    private int problemCount;
    private int addresses;
    private int leftOut;

    public AddressMapping Mapping => mapping;
    public string File => file;
    public bool IsHopeless => problemCount >= 100 * MaxProblems;

    /// <summary>Whether the mapping reads this row at all.</summary>
    /// <param name="value">The value of a column.</param>
    public bool IsRead(Func<string, string> value)
    {
        var isRead = mapping.Only.All(o => value(o.Key) == o.Value) && !mapping.Except.Any(e => value(e.Key) == e.Value);
        leftOut += isRead ? 0 : 1;
        return isRead;
    }

    public void Wrong(long line, string field, string value, string problem)
    {
        problemCount++;
        if (problems.Count < MaxProblems)
        {
            var shown = string.Concat(value.Take(MaxValue).Select(c => char.IsControl(c) ? '·' : c));
            problems.Add(new(file, line, field, shown, problem));
        }
    }

    /// <summary>Takes a row whose coordinates are text.</summary>
    public void Take(long line, Func<string, string> value)
    {
        var (x, y) = (mapping.Fields.X ?? "", mapping.Fields.Y ?? "");
        if (Number(line, x, value(x)) is { } east && Number(line, y, value(y)) is { } north)
        {
            Take(line, value, east, north);
        }
    }

    /// <summary>Takes a row with these coordinates.</summary>
    public void Take(long line, Func<string, string> value, double x, double y)
    {
        var fields = mapping.Fields;
        var before = problemCount;
        var street = Text(line, fields.Street, value);
        if (!street.Any(char.IsLetter))
        {
            Wrong(line, fields.Street, street, "A street's name is expected here; perhaps the columns are shifted, or the mapping names another column");
        }

        var number = Text(line, fields.HouseNumber, value);
        var suffix = Text(line, fields.Suffix, value);
        if (number.Length > 0 && (!char.IsAsciiDigit(number[0]) || number.Length > MaxNumberText))
        {
            Wrong(line, fields.HouseNumber, number, "A house number begins with a digit; perhaps the columns are shifted");
        }
        else if (suffix.Length > MaxNumberText)
        {
            Wrong(line, fields.Suffix!, suffix, "A suffix of a house number is not so long; perhaps the columns are shifted");
        }

        var postcode = Text(line, fields.Postcode, value);
        if (postcode.Length > 0 && (postcode.Length != 5 || !postcode.All(char.IsAsciiDigit)))
        {
            Wrong(line, fields.Postcode!, postcode, "A postcode has five digits; perhaps the columns are shifted, or leading zeros are lost");
        }

        var (place, district) = (Text(line, fields.Place, value), Text(line, fields.District, value));
        var position = Position(line, x, y);
        if (problemCount == before)
        {
            number = number.TrimStart('0') is { Length: > 0 } trimmed && char.IsAsciiDigit(trimmed[0]) ? trimmed : number;
            Keep(line, new(street, Text(line, fields.StreetKey, value), number + suffix.ToLowerInvariant(), postcode, place, district, position, (int)Math.Min(line, int.MaxValue)));
        }
    }

    private void Keep(long line, AddressEntry entry)
    {
        var key = (entry.Street, entry.StreetKey, entry.HouseNumber, entry.Postcode, entry.Place, entry.District);
        if (!lines.TryAdd(key, line))
        {
            Wrong(line, mapping.Fields.HouseNumber, $"{entry.Street} {entry.HouseNumber}".TrimEnd(), string.Create(CultureInfo.InvariantCulture, $"Line {lines[key]} has the same address; take one of them out of the list"));
        }
        else if (entries.Count == MaxAddresses)
        {
            Wrong(line, "", "", "The list has more than ten million rows; give the list of one city");
        }
        else
        {
            entries.Add(entry);
            addresses += entry.HouseNumber.Length > 0 ? 1 : 0;
        }
    }

    public AddressImport Result()
    {
        if (problemCount == 0 && entries.Count == 0)
        {
            Wrong(0, "", "", leftOut > 0 ? "The mapping leaves out every row; check its 'only' and 'except'" : "There is no address in it; check that it is the right file");
        }

        var report = new AddressReport(addresses, leftOut, problemCount, problems.ToImmutable());
        return new(problemCount == 0 ? AddressBook.Of(entries, mapping.Place) : null, report);
    }

    private string Text(long line, string? field, Func<string, string> value)
    {
        if (field is null)
        {
            return "";
        }

        var text = value(field).Trim();
        if (text.Contains('\uFFFD'))
        {
            Wrong(line, field, text, $"Letters are broken: the file is not {mapping.Encoding}; give its encoding in the mapping, often windows-1252");
        }
        else if (IsUtf8ReadAsLatin(text))
        {
            Wrong(line, field, text, $"Letters are broken: the file is UTF-8 and the mapping says {mapping.Encoding}; give utf-8");
        }
        else if (text.Any(char.IsControl))
        {
            Wrong(line, field, text, "Control characters do not belong in an address");
        }
        else if (text.Length > MaxText)
        {
            Wrong(line, field, text, $"The text is longer than {MaxText} characters; perhaps a quote is not closed, or the delimiter is another");
        }

        return text;
    }

    // Ã followed by what is the second byte of ä, ö, ü, ß or a capital umlaut, in Latin-1 or in Windows-1252.
    private static bool IsUtf8ReadAsLatin(string text) =>
        text.IndexOf('Ã') is >= 0 and var at && at + 1 < text.Length && text[at + 1] is '¤' or '¶' or '¼' or 'Ÿ' or '„' or '–' or 'œ' or '\u009F' or '\u0084' or '\u0096' or '\u009C';

    private double? Number(long line, string field, string text)
    {
        text = text.Trim();
        // One comma is a decimal comma; in lists of coordinates nothing parts thousands.
        if (text.Length is > 0 and <= 30 && double.TryParse(text.Replace(',', '.'), NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        Wrong(line, field, text, "A coordinate is expected here; perhaps the columns are shifted");
        return null;
    }

    private GeoPoint Position(long line, double x, double y)
    {
        var point = ToDegrees(x, y);
        if (point is { } inside && bounds.Contains(inside))
        {
            return inside;
        }

        var field = mapping.Fields is { X: { } fx, Y: { } fy } ? $"{fx}, {fy}" : "coordinates";
        var value = string.Create(CultureInfo.InvariantCulture, $"{x:0.######}, {y:0.######}");
        Wrong(line, field, value, ToDegrees(y, x) is { } swapped && bounds.Contains(swapped)
            ? "The two coordinates are swapped; swap 'x' and 'y' in the mapping"
            : point is null
            ? $"These are no coordinates of the kind {mapping.Coordinates}; give the right kind in the mapping"
            : string.Create(CultureInfo.InvariantCulture, $"The point lies outside the city ({bounds.South:0.###}–{bounds.North:0.###} N, {bounds.West:0.###}–{bounds.East:0.###} E)"));
        return default;
    }

    private GeoPoint? ToDegrees(double x, double y)
    {
        if (mapping.Coordinates == CoordinateKind.Degrees)
        {
            return Math.Abs(x) <= 180 && Math.Abs(y) <= 90 ? new(y, x) : null;
        }

        var (zone, frame) = mapping.Coordinates == CoordinateKind.Utm32 ? (32_000_000, Zone32) : (33_000_000, Zone33);
        var east = x >= zone && x < zone + 1_000_000 ? x - zone : x;
        return east is > 100_000 and < 900_000 && y is > 0 and < 10_000_000 ? frame.ToGeo(new(east, y)) : null;
    }
}
