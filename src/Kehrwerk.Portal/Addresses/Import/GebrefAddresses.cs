using System.Text;
using Kehrwerk.Portal.Tables;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses.Import;

/// <summary>
/// NRW's Gebäudereferenzen, <c>gebref.txt</c>: no header line, <c>;</c> between the fields, UTF-8, ETRS89 / UTM zone 32N with decimal comma.
/// Two layouts are about: 21 fields with the names beside their keys, and the older one of 15 fields with the keys alone.
/// Columns after the AdV's Datenformatbeschreibung Hauskoordinaten.
/// </summary>
internal static class GebrefAddresses
{
    private static readonly string[] Fields21 =
    [
        "nba", "oid", "qua", "landschl", "land", "regbezschl", "regbez", "kreisschl", "kreis", "gmdschl", "gmd", "ottschl", "ott", "strschl", "str",
        "hnr", "adz", "zone", "ostwert", "nordwert", "datum",
    ];

    private static readonly string[] Fields15 = ["nba", "oid", "qua", "landschl", "regbezschl", "kreisschl", "gmdschl", "ottschl", "strschl", "hnr", "adz", "ostwert", "nordwert", "str", "datum"];

    public static AddressImport Read(Stream file, string path, string municipality, GeoBounds bounds)
    {
        var (fields, hasHeader) = Layout(file);
        var mapping = Mapping(fields, hasHeader, municipality);
        if (fields.Length is not (15 or >= 20))
        {
            var refusal = new RowChecks(path, mapping, bounds);
            refusal.Wrong(1, "", "", FormattableString.Invariant($"The first row has {fields.Length} fields; gebref.txt has 21, its older form 15, with ; between them"));
            return refusal.Result();
        }

        if (municipality.Length > 0 && mapping.Only.Count == 0)
        {
            var refusal = new RowChecks(path, mapping, bounds);
            refusal.Wrong(1, "gmdschl", municipality, "This form of the file has no names of municipalities; give the eight-digit key, such as 05112000 for Duisburg");
            return refusal.Result();
        }

        var checks = new RowChecks(path, mapping, bounds);
        CsvTable.Read(file, checks);
        return checks.Result();
    }

    private static (string[] Fields, bool HasHeader) Layout(Stream file)
    {
        var buffer = new byte[4096];
        var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        file.Position = 0;
        var first = Encoding.UTF8.GetString(buffer, 0, read).TrimStart('\uFEFF').Split('\n')[0].TrimEnd('\r').Split(';');
        return first[0].Equals("nba", StringComparison.OrdinalIgnoreCase) ? (first, true)
            : first.Length == 15 ? (Fields15, false)
            : first.Length == 21 ? (Fields21, false)
            : first.Length == 20 ? (Fields21[..20], false)
            : (first, false);
    }

    private static AddressMapping Mapping(string[] fields, bool hasHeader, string municipality)
    {
        var isLong = fields.Contains("gmd");
        var only = new Dictionary<string, string>();
        if (municipality.Length == 8 && municipality.All(char.IsAsciiDigit))
        {
            // 05 1 12 000: land, Regierungsbezirk, Kreis, Gemeinde.
            (only["landschl"], only["regbezschl"], only["kreisschl"], only["gmdschl"]) = (municipality[..2], municipality[2..3], municipality[3..5], municipality[5..]);
        }
        else if (municipality.Length > 0 && isLong)
        {
            only["gmd"] = municipality;
        }

        return new()
        {
            Source = "Geobasis NRW",
            Place = isLong ? "" : municipality.Any(char.IsLetter) ? municipality : "",
            Header = hasHeader ? [] : fields,
            Coordinates = CoordinateKind.Utm32,
            Fields = new()
            {
                Street = "str",
                StreetKey = "strschl",
                HouseNumber = "hnr",
                Suffix = "adz",
                Place = isLong ? "gmd" : null,
                District = isLong ? "ott" : null,
                X = "ostwert",
                Y = "nordwert",
            },
            Only = only,
        };
    }
}
