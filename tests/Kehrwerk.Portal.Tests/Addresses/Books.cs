using System.IO.Compression;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;

namespace Kehrwerk.Portal.Tests.Addresses;

/// <summary>Books that the tests search in.</summary>
internal static class Books
{
    private static readonly Lazy<City> DemoCityImport = new(() =>
    {
        var osm = new MemoryStream();
        DemoCity.Write(osm, new(), OsmFileFormat.Pbf);
        osm.Position = 0;
        return CityImporter.Import(osm, "Musterstadt", new());
    });

    private static readonly Lazy<AddressBook> MusterstadtBook = new(() => AddressLists.OfCity(DemoCityImport.Value));
    private static readonly Lazy<AddressBook> TownBook = new(MakeTown);

    public static City DemoTown => DemoCityImport.Value;

    public static AddressBook Musterstadt => MusterstadtBook.Value;

    /// <summary>A small town with everything that is hard about German addresses.</summary>
    public static AddressBook Town => TownBook.Value;

    /// <summary>A book of rows "street|numbers|postcode|place|district", each street a little apart from the one before.</summary>
    public static AddressBook Of(params string[] rows) => AddressBook.Of(Entries(rows), "Duisburg");

    public static IEnumerable<AddressEntry> Entries(IEnumerable<string> rows) =>
        from row in rows.Index()
        let fields = row.Item.Split('|')
        from number in fields[1].Split(' ').Index()
        select new AddressEntry(
            fields[0], "", number.Item.Replace('_', ' '), fields.ElementAtOrDefault(2) ?? "", fields.ElementAtOrDefault(3) ?? "", fields.ElementAtOrDefault(4) ?? "",
            new(51.4 + (row.Index * 0.001), 6.7 + (number.Index * 0.0003)), (row.Index * 1000) + number.Index);

    private static AddressBook MakeTown() => Of(
        "Königstraße|10 12 12a 14 16 20 22|47051|Duisburg|Altstadt",
        "Königsberger Allee|1 2 3|47058|Duisburg|Duissern",
        "Mülheimer Straße|42 44 46 100 100a 100b|47057|Duisburg|Neudorf",
        "Friedrich-Ebert-Straße|1 3 5 152|47119|Duisburg|Ruhrort",
        "Friedrich-Ebert-Platz|1|47179|Duisburg|Walsum",
        "Friedrichstraße|1 3|47179|Duisburg|Walsum",
        "Straße des 17. Juni|17 135|47053|Duisburg|Hochfeld",
        "Platz des 17. Juni|1 2|47053|Duisburg|Hochfeld",
        "Karl-Friedrich-Str. II|4 6|47055|Duisburg|Wanheimerort",
        "1. Querstraße|3 5|47051|Duisburg|Altstadt",
        "2. Querstraße|3 5|47051|Duisburg|Altstadt",
        "II. Schnieringstr.|9|47051|Duisburg|Altstadt",
        "Hauptstraße|5 7|47229|Duisburg|Rheinhausen",
        "Hauptstraße|5 9|47198|Moers|Repelen",
        "Großenbaumer Allee|101 250|47269|Duisburg|Großenbaum",
        "Sankt-Johann-Str.|4|47169|Duisburg|Marxloh",
        "Dr.-Kolb-Straße|2|47169|Duisburg|Marxloh",
        "Ludgeriplatz|12-16 19+21 30 34a|47057|Duisburg|Neudorf",
        "Auf'm Berg|8 10|47057|Duisburg|Neudorf",
        "Am Innenhafen|8-10 11|47059|Duisburg|Kaßlerfeld",
        "Weißdornweg|1 2|47259|Duisburg|Mündelheim",
        "Bahnhofstraße|21 23|47137|Duisburg|Meiderich",
        "Rosa-Luxemburg-Straße|22|47167|Duisburg|Neumühl",
        "Wœrthstraße|3|47053|Duisburg|Hochfeld",
        "Haus-Knipp-Straße|1_a 3|47139|Duisburg|Beeck");

    /// <summary>The folder of shared data, or null.</summary>
    public static string? SharedData(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")))
            {
                var path = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data", name));
                return Path.Exists(path) ? path : null;
            }
        }

        return null;
    }

    /// <summary>Root of the repository.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Kehrwerk.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    private static readonly Lazy<AddressImport?> EssenImport = new(() =>
    {
        if (SharedData("addresses/hauskoordinaten_essen_2022-10-05_4326.zip") is not { } zip)
        {
            return null;
        }

        var file = Path.Combine(Path.GetTempPath(), $"essen-{Guid.NewGuid():N}.geojson");
        try
        {
            using (var archive = ZipFile.OpenRead(zip))
            {
                archive.Entries.Single(e => e.Name.EndsWith(".geojson", StringComparison.Ordinal)).ExtractToFile(file);
            }

            return AddressLists.OfFile(file, AddressMapping.Load(Path.Combine(Root(), "examples", "addresses", "essen.json")), GeoBounds.Germany);
        }
        finally
        {
            File.Delete(file);
        }
    });

    /// <summary>Essen's official list; the test is skipped where it is not there.</summary>
    public static AddressImport Essen()
    {
        Assert.SkipWhen(EssenImport.Value is null, "This test needs ../shared/data/addresses, which is not here");
        return EssenImport.Value;
    }
}
