using System.Globalization;
using Kehrwerk.Portal.Tables;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses.Import;

/// <summary>Looks at every row of a list; collects addresses, and problems with line, field and value.</summary>
internal sealed class RowChecks(string file, AddressMapping mapping, GeoBounds bounds) : TableChecks(file, mapping)
{
    private const int MaxNumberText = 20;
    private const int MaxAddresses = 10_000_000;

    private static readonly CityFrame Zone32 = CityFrame.Around(new(51, 9));
    private static readonly CityFrame Zone33 = CityFrame.Around(new(51, 15));

    private readonly List<AddressEntry> entries = [];
    private readonly Dictionary<(string Street, string Key, string Number, string Postcode, string Place, string District), long> lines = [];
    private int addresses;

    /// <summary>A CSV without columns of coordinates holds no addresses.</summary>
    public override bool FitsCsv()
    {
        if (mapping.Fields is { X: not null, Y: not null })
        {
            return true;
        }

        Wrong(0, "", "", "The mapping names no columns 'x' and 'y' for the coordinates; a CSV needs them");
        return false;
    }

    public override void Take(long line, Func<string, string> value, ReadOnlySpan<byte> geometry)
    {
        if (geometry.IsEmpty && mapping.Fields is { X: { } x, Y: { } y } && !IsGeoJson)
        {
            if (Number(line, x, value(x)) is { } east && Number(line, y, value(y)) is { } north)
            {
                Take(line, value, east, north);
            }
        }
        else if (GeoJsonTable.Point(geometry) is { } at)
        {
            Take(line, value, at.X, at.Y);
        }
        else
        {
            Wrong(line, "geometry", value(mapping.Fields.Street), "The feature is no point with two coordinates");
        }
    }

    private void Take(long line, Func<string, string> value, double x, double y)
    {
        var fields = mapping.Fields;
        var before = ProblemCount;
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
        if (ProblemCount == before)
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
        if (ProblemCount == 0 && entries.Count == 0)
        {
            Wrong(0, "", "", LeftOut > 0 ? "The mapping leaves out every row; check its 'only' and 'except'" : "There is no address in it; check that it is the right file");
        }

        var report = new AddressReport(addresses, LeftOut, ProblemCount, Problems);
        return new(ProblemCount == 0 ? AddressBook.Of(entries, mapping.Place) : null, report);
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
