using System.Collections.Immutable;
using Kehrwerk.Portal.Tables;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses.Import;

/// <summary>What an import read and why it was refused, for people.</summary>
/// <param name="Addresses">House numbers that were read.</param>
/// <param name="LeftOut">Rows that the mapping leaves out.</param>
/// <param name="ProblemCount">How many problems there are in all.</param>
/// <param name="Problems">The first hundred of them.</param>
public sealed record AddressReport(int Addresses, int LeftOut, int ProblemCount, ImmutableArray<ImportProblem> Problems);

/// <summary>A whole new book, or none and the reasons: a list with one wrong row is not taken in part.</summary>
public sealed record AddressImport(AddressBook? Book, AddressReport Report);

/// <summary>A rectangle in degrees.</summary>
public readonly record struct GeoBounds(double South, double West, double North, double East)
{
    /// <summary>Germany with a margin.</summary>
    public static GeoBounds Germany { get; } = new(47.2, 5.8, 55.2, 15.1);

    public bool Contains(GeoPoint point) => point.Lat >= South && point.Lat <= North && point.Lon >= West && point.Lon <= East;

    /// <summary>Where a city's streets lie, and so much around them.</summary>
    public static GeoBounds Around(City city, double marginDeg = 0.05)
    {
        var bounds = new GeoBounds(90, 180, -90, -180);
        foreach (var node in city.Streets.NodePoint)
        {
            var place = city.Streets.Frame.ToGeo(node);
            bounds = new(Math.Min(bounds.South, place.Lat), Math.Min(bounds.West, place.Lon), Math.Max(bounds.North, place.Lat), Math.Max(bounds.East, place.Lon));
        }

        return new(bounds.South - marginDeg, bounds.West - marginDeg, bounds.North + marginDeg, bounds.East + marginDeg);
    }
}

/// <summary>The ways in which addresses come into the Portal.</summary>
public static class AddressLists
{
    /// <summary>The addresses of a city's map. What a map repeats or writes oddly is taken as it is.</summary>
    public static AddressBook OfCity(City city)
    {
        var place = city.Addresses.Where(a => a.Place.Length > 0).GroupBy(a => a.Place).MaxBy(g => g.Count())?.Key ?? city.Name;
        return AddressBook.Of(city.Addresses.Select((a, row) => new AddressEntry(a.Street, "", a.HouseNumber, a.Postcode, a.Place, "", a.Position, row)), place);
    }

    /// <summary>A list as CSV or GeoJSON; the first character tells which.</summary>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static AddressImport OfFile(string path, AddressMapping mapping, GeoBounds bounds)
    {
        var checks = new RowChecks(path, mapping, bounds);
        TableFile.Read(path, checks);
        return checks.Result();
    }

    /// <summary>NRW's <c>gebref.txt</c>.</summary>
    /// <param name="municipality">Only this Gemeinde, by name or by its eight-digit key; empty for all of them.</param>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static AddressImport OfGebref(string path, string municipality, GeoBounds bounds)
    {
        using var file = TableFile.Open(path);
        return GebrefAddresses.Read(file, path, municipality, bounds);
    }
}
