using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Import;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk import FILE</c>: makes an OSM file the city of a data folder, and says what was taken and left out.</summary>
internal static class ImportVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An OpenStreetMap extract: .osm.pbf, .osm, .osm.gz or .osm.bz2." };
        var data = CommonOptions.Data();
        var name = new Option<string?>("--name") { Description = "Name of the city; the file's name where not given.", HelpName = "NAME" };
        var classes = new Option<string?>("--classes") { Description = "CSV of cleaning classes (id;name;timesPerWeek;priority;highways).", HelpName = "CSV" };
        var streets = new Option<string?>("--streets") { Description = "CSV of streets and their class (street;from;to;side;class).", HelpName = "CSV" };
        var depot = new Option<string?>("--depot") { Description = "Where the depot lies, as LAT,LON; overrides what the map says.", HelpName = "LAT,LON" };
        var json = CommonOptions.Json();
        var command = new Command("import", "Make an OpenStreetMap file the city of the data folder.") { file, data, name, classes, streets, depot, json };
        command.SetAction(parse =>
        {
            var options = new ImportOptions
            {
                Name = parse.GetValue(name),
                ClassesCsv = parse.GetValue(classes),
                StreetsCsv = parse.GetValue(streets),
                DepotPosition = parse.GetValue(depot) is { } text ? Position(text) : null,
            };
            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var city = Terminal.WithProgress("Importing", report =>
                folder.TakeCity(parse.GetValue(file)!, options, report.ForImport()));
            if (parse.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(CityFigures.Of(city), VerbJson.Default.CityFigures));
            }
            else
            {
                Print(city);
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static GeoPoint Position(string text)
    {
        var parts = text.Split(',');
        if (parts.Length == 2
            && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var lat) && Math.Abs(lat) <= 90
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var lon) && Math.Abs(lon) <= 180)
        {
            return new(lat, lon);
        }

        throw new InputException("--depot " + text, "it is not a place", "Write latitude and longitude in degrees, e.g. --depot 51.4344,6.7623");
    }

    private static void Print(City city)
    {
        var figures = CityFigures.Of(city);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {figures.Name} ({city.Streets.Frame.Name}, fingerprint {figures.Fingerprint})
              {figures.Nodes,8:N0} nodes, {figures.Arcs:N0} arcs, {figures.StreetKm:N1} km of street, {figures.BannedTurns:N0} banned turns
              {figures.Kerbs,8:N0} kerbs, {figures.KerbKm:N1} km
              {figures.Addresses,8:N0} addresses, {figures.AddressesWithKerb:N0} of them at a kerb
              depot: {city.Depot.Name} ({city.Depot.Chargers} chargers, {city.Depot.Tips} tips, {city.Depot.Washes} washes, {city.Depot.WaterPoints} water points)
            """));
        PrintCounts("Taken:", city.Report.Taken);
        PrintCounts("Left out:", city.Report.LeftOut);
        foreach (var warning in city.Report.Warnings)
        {
            Console.WriteLine("! " + warning);
        }
    }

    private static void PrintCounts(string title, IReadOnlyList<ImportCount> counts)
    {
        Console.WriteLine(title);
        foreach (var count in counts)
        {
            var length = count.LengthM > 0 ? string.Create(CultureInfo.InvariantCulture, $", {count.LengthM / 1000:N1} km") : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count.Count,8:N0} {count.What}{length}"));
        }
    }
}
