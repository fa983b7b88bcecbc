using System.Globalization;
using System.Text;
using System.Text.Json;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Portal.Atlas.Import;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using NetTopologySuite.Algorithm.Hull;
using NetTopologySuite.Geometries;

namespace Kehrwerk.Portal.Atlas.Demo;

/// <summary>
/// An invented fibre atlas for the demo city: three projects, two sources of addresses, a year and a half of history with delays and their reasons, and
/// contradictions. It is written as the files that any city would give, and goes through the same import, edition after edition.
/// </summary>
public static class DemoAtlas
{
    // Days before today at which the sources said something new.
    private static readonly int[] Editions = [540, 300, 90, 1, 0];

    private const string Sources = """
        {
          // Invented, like Musterstadt itself: an example of how the sources of an atlas are listed.
          "sources": [
            {
              "id": "projekte", "name": "Ausbauprojekte", "publisher": "Stadt Musterstadt (frei erfunden)", "licence": "dl-de/zero-2-0", "kind": "projects", "path": "projekte.geojson",
              "mapping": {
                "fields": { "id": "kennung", "name": "name", "provider": "betreiber", "funding": "mittel", "stage": "stand", "programme": "programm", "contact": "kontakt", "expected": "termin", "reason": "grund", "asOf": "datum" },
                "values": { "funding": { "gefördert": "public", "eigenwirtschaftlich": "ownEconomy" }, "stage": { "angekündigt": "announced", "in Planung": "inPlanning", "in Bau": "underConstruction", "fertig": "passed" } }
              }
            },
            {
              "id": "ausbauliste", "name": "Ausbauliste der Stadt", "publisher": "Stadt Musterstadt (frei erfunden)", "licence": "dl-de/zero-2-0", "path": "ausbauliste.csv",
              "mapping": {
                "fields": { "street": "Straße", "houseNumber": "Hausnr", "postcode": "PLZ", "project": "Projekt", "provider": "Betreiber", "stage": "Stand", "technology": "Technik", "services": "Dienste", "funding": "Mittel", "cost": "Kosten", "expected": "Termin", "reason": "Grund", "asOf": "Datum" },
                "values": {
                  "stage": { "kein Ausbau": "noPlan", "angekündigt": "announced", "in Planung": "inPlanning", "in Bau": "underConstruction", "liegt an": "passed", "liegt an, nicht geplant": "passedWithoutPlan", "angeschlossen": "connected", "in Betrieb": "active" },
                  "funding": { "gefördert": "public", "eigenwirtschaftlich": "ownEconomy" }
                }
              }
            },
            {
              "id": "musterglas", "name": "Anschlüsse von MusterGlas", "publisher": "MusterGlas GmbH (frei erfunden)", "licence": "dl-de/zero-2-0", "path": "musterglas.csv",
              "mapping": {
                "fields": { "street": "street", "houseNumber": "number", "postcode": "postcode", "stage": "status", "asOf": "date" },
                "fixed": { "project": "MS-Z", "provider": "MusterGlas", "technology": "ftth", "services": "gigabit,telephone,iptv,cloud", "funding": "ownEconomy" },
                "values": { "stage": { "HP": "passed", "HC": "connected", "HA": "active" } }
              }
            }
          ]
        }
        """;

    /// <summary>Writes the newest files and the list of sources into a folder, and publishes every edition up to today into the atlas.</summary>
    public static void Fill(AtlasStore store, City city, AddressBook book, string folder, DateOnly today)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "sources.json"), Sources);
        var sources = FibreSources.Parse("sources.json", Encoding.UTF8.GetBytes(Sources)).Sources;
        var houses = Houses(city, book);
        foreach (var age in Editions)
        {
            var day = today.AddDays(-age);
            File.WriteAllText(Path.Combine(folder, "projekte.geojson"), Projects(city, houses, today, age));
            File.WriteAllText(Path.Combine(folder, "ausbauliste.csv"), CityList(book, houses, today, age));
            File.WriteAllText(Path.Combine(folder, "musterglas.csv"), ProviderList(book, houses, today, age));
            var update = new AtlasUpdate(store, book, new(book), GeoBounds.Around(city), new DayClock(day));
            foreach (var source in sources)
            {
                if (update.Run(source, folder) is { Run.Outcome: "refused" } refused)
                {
                    throw new InvalidOperationException($"the demo atlas was refused: {refused.Run.Report}");
                }
            }
        }
    }

    private enum Part { North, Centre, South, West }

    private sealed record House(int Address, Part Part, double Luck, MapPoint At);

    // A street belongs to one part of the town, so that areas hang together.
    private static List<House> Houses(City city, AddressBook book)
    {
        var frame = city.Streets.Frame;
        var points = Enumerable.Range(0, book.Count).Select(a => frame.ToMap(book.Position(a))).ToArray();
        var (x, y) = (points.Average(p => p.X), points.Average(p => p.Y));
        var spread = points.Average(p => Math.Sqrt(Math.Pow(p.X - x, 2) + Math.Pow(p.Y - y, 2)));
        var houses = new List<House>(book.Count);
        for (var street = 0; street < book.StreetCount; street++)
        {
            var (first, count) = book.AddressesOf(street);
            if (count == 0)
            {
                continue;
            }

            var (east, north) = (Enumerable.Range(first, count).Average(a => points[a].X) - x, Enumerable.Range(first, count).Average(a => points[a].Y) - y);
            var part = Math.Sqrt((east * east) + (north * north)) < 0.6 * spread ? Part.Centre
                : north > Math.Abs(east) * 0.5 ? Part.North
                : north < -Math.Abs(east) * 0.5 ? Part.South
                : Part.West;
            var dice = new Dice(street);
            houses.AddRange(Enumerable.Range(first, count).Select(a => new House(a, part, dice.Between(0, 1), points[a])));
        }

        return houses;
    }

    private static string CityList(AddressBook book, List<House> houses, DateOnly today, int age)
    {
        var csv = new StringBuilder("Straße;Hausnr;PLZ;Projekt;Betreiber;Stand;Technik;Dienste;Mittel;Kosten;Termin;Grund;Datum\n");
        foreach (var house in houses)
        {
            // The list forgets some houses, and knows nothing of most of the west.
            if (house.Luck > 0.985 || (house.Part == Part.West && house.Luck > 0.4))
            {
                continue;
            }

            var rest = house.Part switch
            {
                Part.North => $"MS-N;MusterNetz;{North(age, house.Luck)};ftth;gigabit,telephone,iptv;gefördert;0;{NorthDate(today, age)};{(age <= 90 ? "Die erste Tiefbaufirma hat aufgegeben, eine zweite ist beauftragt" : "")}",
                Part.Centre => Centre(age, house.Luck, today),
                Part.South => $"MS-S;StadtFaser;{(age > 300 ? "kein Ausbau" : "angekündigt")};{(age > 300 ? "vdsl" : "ftth")};{(age > 300 ? "telephone" : "gigabit,telephone")};eigenwirtschaftlich;;{(age > 300 ? "" : Month(today.AddMonths(-2)))};",
                _ => ";;kein Ausbau;vdsl;telephone;;;;",
            };
            csv.Append(CultureInfo.InvariantCulture, $"{book.StreetName(book.StreetOf(house.Address))};{book.Label(house.Address)};{book.Postcode(house.Address)};{rest};{Day(today.AddDays(-age))}\n");
        }

        return csv.ToString();
    }

    private static string North(int age, double luck) =>
        age > 300 ? "angekündigt"
        : age > 90 ? "in Planung"
        : age > 1 ? "in Bau"
        : luck < (age == 1 ? 0.20 : 0.24) ? "liegt an" : "in Bau";

    private static string NorthDate(DateOnly today, int age) => age > 90 ? Quarter(today.AddMonths(-3)) : Quarter(today.AddMonths(9));

    private static string Centre(int age, double luck, DateOnly today)
    {
        var stand = luck < 0.35 ? "in Betrieb" : luck < 0.6 ? "angeschlossen" : luck < 0.9 || age > 90 ? "liegt an" : "liegt an, nicht geplant";
        var grund = stand == "liegt an, nicht geplant" ? "Die Eigentümerin hat dem Anschluss nicht zugestimmt" : "";
        var termin = stand == "liegt an" && luck < 0.65 ? Month(today.AddMonths(4)) : "";
        return $"MS-Z;MusterGlas;{stand};ftth;gigabit,telephone,iptv,cloud;eigenwirtschaftlich;{(stand == "liegt an" ? "799,00" : "")};{termin};{grund}";
    }

    private static string ProviderList(AddressBook book, List<House> houses, DateOnly today, int age)
    {
        var csv = new StringBuilder("street;number;postcode;status;date\n");
        foreach (var house in houses.Where(h => h.Part == Part.Centre && h.Luck is > 0.02 and < 0.9))
        {
            // Every fiftieth house is connected for the provider and not for the city.
            var status = house.Luck < 0.35 ? "HA" : house.Luck < 0.62 ? "HC" : "HP";
            csv.Append(CultureInfo.InvariantCulture, $"{book.StreetName(book.StreetOf(house.Address))};{book.Label(house.Address)};{book.Postcode(house.Address)};{status};{Day(today.AddDays(-age))}\n");
        }

        return csv.ToString();
    }

    private static string Projects(City city, List<House> houses, DateOnly today, int age)
    {
        var day = Day(today.AddDays(-age));
        (string Id, string Name, string Provider, string Funding, string Stage, string Programme, string Contact, string Expected, string Reason, Part Part)[] projects =
        [
            ("MS-N", "Graue Flecken Nord", "MusterNetz", "gefördert", age > 300 ? "angekündigt" : age > 90 ? "in Planung" : "in Bau", "Gigabitförderung (Bund, Land, Stadt)", "Gigabitkoordination der Stadt",
                NorthDate(today, age), age <= 90 ? "Die erste Tiefbaufirma hat aufgegeben, eine zweite ist beauftragt" : "", Part.North),
            ("MS-Z", "Innenstadt", "MusterGlas", "eigenwirtschaftlich", "fertig", "", "MusterGlas, Kundendienst", "", "", Part.Centre),
            ("MS-S", "Süd", "StadtFaser", "eigenwirtschaftlich", "angekündigt", "", "StadtFaser, Bauauskunft", age > 300 ? "" : Month(today.AddMonths(-2)), "", Part.South),
        ];
        var features = projects.Where(p => p.Id != "MS-S" || age <= 300).Select(p =>
            $$"""{"type":"Feature","properties":{{JsonSerializer.Serialize(new Dictionary<string, string> { ["kennung"] = p.Id, ["name"] = p.Name, ["betreiber"] = p.Provider, ["mittel"] = p.Funding, ["stand"] = p.Stage, ["programm"] = p.Programme, ["kontakt"] = p.Contact, ["termin"] = p.Expected, ["grund"] = p.Reason, ["datum"] = day })}},"geometry":{{Area(city, houses.Where(h => h.Part == p.Part))}}}""");
        return $$"""{"type":"FeatureCollection","features":[{{string.Join(",\n", features)}}]}""";
    }

    // An outline around the houses, some metres away from them.
    private static string Area(City city, IEnumerable<House> houses)
    {
        var points = new MultiPoint([.. houses.Select(h => new Point(h.At.X, h.At.Y))]);
        var area = new ConcaveHull(points) { MaximumEdgeLength = 220 }.GetHull().Buffer(25, 2);
        area.Apply(new ToDegrees(city.Streets.Frame));
        area.GeometryChanged();
        return JsonSerializer.Serialize(area, GeoJson.Options);
    }

    private sealed class ToDegrees(CityFrame frame) : ICoordinateSequenceFilter
    {
        public bool Done => false;
        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence seq, int i)
        {
            var point = frame.ToGeo(new(seq.GetX(i), seq.GetY(i)));
            seq.SetX(i, Math.Round(point.Lon, 6));
            seq.SetY(i, Math.Round(point.Lat, 6));
        }
    }

    private sealed class DayClock(DateOnly day) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(day.ToDateTime(new(4, 30)), TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }

    private static string Day(DateOnly day) => AtlasStore.Text(day);

    private static string Month(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static string Quarter(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day.Year}-Q{((day.Month - 1) / 3) + 1}");
}
