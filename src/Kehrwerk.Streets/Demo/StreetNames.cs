namespace Kehrwerk.Streets.Demo;

/// <summary>A pool of plausible German street names by quarter; hands out every name once.</summary>
internal sealed class StreetNames
{
    private static readonly string[] Trades = ["Gerber", "Schmiede", "Böttcher", "Seiler", "Weber", "Töpfer", "Bäcker", "Fischer", "Schiffer", "Sattler",
        "Küfer", "Färber", "Kupfer", "Salz", "Korn", "Fleischer", "Hut", "Kessler", "Wollen", "Drechsler", "Kloster", "Mönchs", "Nonnen", "Pfarr", "Küster",
        "Turm", "Brunnen", "Münz", "Rathaus", "Schul", "Hirsch", "Löwen", "Adler", "Rosen", "Krämer", "Schuster", "Schneider", "Müller", "Enge",
        "Lange", "Stein", "Mauer", "Zoll", "Wein", "Kohl", "Butter", "Gänse", "Tauben", "Glocken"];
    private static readonly string[] TradeEndings = ["gasse", "straße", "gang", "winkel"];
    private static readonly string[] Surnames = ["Goethe", "Schiller", "Lessing", "Heine", "Kleist", "Eichendorff", "Uhland", "Mörike", "Fontane", "Storm",
        "Beethoven", "Mozart", "Bach", "Händel", "Haydn", "Schumann", "Brahms", "Schubert", "Wagner", "Lortzing", "Humboldt", "Gauß", "Kepler", "Leibniz",
        "Kant", "Fichte", "Hegel", "Herder", "Wieland", "Klopstock", "Dürer", "Holbein", "Cranach", "Menzel", "Liebermann", "Siemens", "Borsig",
        "Röntgen", "Virchow", "Koch", "Liebig", "Bunsen", "Helmholtz", "Hertz", "Ohm", "Planck", "Mercator", "Gutenberg", "Körner", "Arndt", "Stein",
        "Scharnhorst", "Gneisenau", "Blücher", "Roon", "Moltke", "Bismarck", "Wilhelm", "Friedrich", "Luisen", "Augusta", "Viktoria"];
    private static readonly string[] Nature = ["Linden", "Buchen", "Eichen", "Ahorn", "Ulmen", "Birken", "Erlen", "Weiden", "Kastanien", "Platanen", "Tannen",
        "Fichten", "Kiefern", "Lärchen", "Eschen", "Pappel", "Kirsch", "Apfel", "Birn", "Pflaumen", "Holunder", "Flieder", "Ginster", "Hasel", "Schlehen",
        "Weißdorn", "Wacholder", "Mohn", "Kornblumen", "Nelken", "Tulpen", "Dahlien", "Astern", "Veilchen", "Primel", "Enzian", "Lerchen", "Amsel", "Drossel",
        "Finken", "Meisen", "Schwalben", "Storchen", "Reiher", "Kiebitz", "Falken", "Habicht", "Bussard", "Eulen", "Specht", "Kuckuck", "Zeisig", "Elster",
        "Fasanen", "Dachs", "Fuchs", "Igel", "Marder", "Hasen", "Reh", "Wiesen", "Feld", "Garten", "Heide", "Bruch", "Berg", "Tal", "Quellen", "Bach", "Sonnen"];
    private static readonly string[] NatureEndings = ["weg", "straße", "allee", "ring", "hof", "steig", "pfad", "kamp", "busch", "grund", "stieg", "bogen", "hang", "eck"];
    private static readonly string[] Places = ["Kölner", "Düsseldorfer", "Krefelder", "Weseler", "Emmericher", "Klever", "Xantener", "Aachener", "Bonner",
        "Koblenzer", "Mainzer", "Wormser", "Speyerer", "Essener", "Dortmunder", "Bochumer", "Münsteraner", "Venloer", "Arnheimer", "Nimweger", "Geldener",
        "Neusser", "Ratinger", "Mettmanner", "Solinger", "Hagener", "Siegener", "Trierer", "Frankfurter", "Kasseler", "Bremer", "Hamburger", "Lübecker",
        "Leipziger", "Dresdner", "Berliner", "Stettiner", "Danziger", "Königsberger", "Breslauer", "Magdeburger", "Erfurter", "Nürnberger", "Augsburger",
        "Ulmer", "Stuttgarter", "Karlsruher", "Freiburger", "Konstanzer", "Passauer", "Regensburger", "Würzburger", "Bamberger", "Fuldaer", "Marburger"];
    private static readonly string[] PlaceEndings = ["Straße", "Weg", "Platz", "Allee"];
    private static readonly string[] Works = ["Industrie", "Hafen", "Speicher", "Kran", "Lager", "Werft", "Kontor", "Reeder", "Anker", "Lotsen", "Kohlen",
        "Erz", "Eisen", "Stahl", "Walzwerk", "Hütten", "Zechen", "Gießerei", "Schlepper", "Frachter", "Container", "Gewerbe", "Silo", "Mühlen", "Docks",
        "Stapel", "Pegel", "Schleusen", "Kanal", "Nautilus", "Brücken", "Güter", "Waggon", "Kessel", "Turbinen", "Dynamo", "Ziegelei", "Draht"];
    private static readonly string[] WorkEndings = ["straße", "weg", "damm", "allee", "ring"];
    private static readonly string[] FirstNames = ["Anna", "Clara", "Käthe", "Sophie", "Bettina", "Rosa", "Emma", "Marie", "Hedwig", "Elisabeth", "Johanna",
        "Martha", "Helene", "Ida", "Karl", "Otto", "Paul", "Hans", "Georg", "Ernst", "August", "Heinrich", "Ludwig", "Max", "Robert", "Emil", "Felix",
        "Konrad", "Theodor", "Walter", "Jakob", "Peter", "Thomas", "Ferdinand", "Gustav", "Hugo", "Kurt", "Leo", "Oskar", "Rudolf"];
    private static readonly string[] FamilyNames = ["Ahlers", "Backhaus", "Claasen", "Deppe", "Ebers", "Feldmann", "Gerlach", "Hoffmann", "Imhoff", "Jansen",
        "Kemper", "Lennartz", "Mertens", "Niehaus", "Overbeck", "Pütz", "Quast", "Reiners", "Sander", "Terhorst", "Unger", "Vossen", "Wessels", "Zander",
        "Bongartz", "Dahmen", "Esser", "Franken", "Giesen", "Hermes", "Kamps", "Lohmann", "Münter", "Nellen", "Peters", "Rademacher", "Schmitz", "Theisen",
        "Verheyen", "Winkels", "Althoff", "Brinkmann", "Coenen", "Dressler", "Engels", "Fabry", "Grote", "Hüsken", "Kleinen", "Lambertz"];

    private readonly Dice dice;
    private readonly HashSet<string> taken;

    public StreetNames(Dice dice, IEnumerable<string> taken)
    {
        this.dice = dice;
        this.taken = [.. taken];
    }

    public string For(StreetKind kind, Zone zone, double lengthM)
    {
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var name = Draw(kind, zone, lengthM);
            if (taken.Add(name))
                return name;
        }
        // The small pools are used up: people of local renown, of whom there are thousands.
        while (true)
        {
            var name = $"{dice.Pick(FirstNames)}-{dice.Pick(FamilyNames)}-{dice.Pick(["Straße", "Weg", "Straße", "Allee", "Ring"])}";
            if (taken.Add(name))
                return name;
            var longer = $"{dice.Pick(FirstNames)}-{dice.Pick(FirstNames)}-{dice.Pick(FamilyNames)}-Straße";
            if (taken.Add(longer))
                return longer;
        }
    }

    private string Draw(StreetKind kind, Zone zone, double lengthM) => (kind, zone) switch
    {
        (StreetKind.Primary, _) => dice.Pick(Places) + " Straße",
        (StreetKind.Pedestrian, _) => dice.Pick(["Hauptstraße", "Königstraße", "Hochstraße", "Obermarkt", "Niederstraße", "Marktstraße"]),
        (StreetKind.Secondary or StreetKind.Tertiary, Zone.Suburb or Zone.Inner) => dice.Chance(0.4)
            ? dice.Pick(Places) + " " + dice.Pick(PlaceEndings)
            : dice.Pick(Surnames) + dice.Pick(["straße", "allee", "ring", "straße"]),
        (_, Zone.OldTown or Zone.WallGreen) => dice.Chance(0.12)
            ? dice.Pick(["Am Alten Tor", "An der Stadtmauer", "Hinter der Kirche", "Auf dem Graben", "Am Fischmarkt", "Alter Markt", "Kornmarkt", "Am Brink", "Im Sack", "Zur Alten Waage"])
            : dice.Pick(Trades) + (lengthM < 160 ? dice.Pick(TradeEndings) : dice.Pick(["straße", "gasse"])),
        (_, Zone.Inner) => dice.Chance(0.25)
            ? dice.Pick(Places) + " Straße"
            : dice.Pick(Surnames) + (lengthM < 110 && dice.Chance(0.3) ? "platz" : "straße"),
        (_, Zone.Industrial) => dice.Chance(0.12)
            ? dice.Pick(["Am Nordhafen", "Am Südhafen", "An der Mole", "Zum Containerhafen", "Am Parallelhafen", "Auf der Schanze", "Zum Rheinblick"])
            : dice.Pick(Works) + dice.Pick(WorkEndings),
        _ => dice.Chance(0.08)
            ? dice.Pick(["Am ", "Zum "]) + dice.Pick(["Waldrand", "Mühlenberg", "Hang", "Anger", "Sportplatz", "Wasserturm", "Friedhof", "Weiher", "Steinbruch",
                "Bauernhof", "Kreuz", "Schwanenteich", "Wildgehege", "Rottberg", "Hagelkreuz", "Feldrain", "Ziegelofen", "Tannenberg"])
            : dice.Pick(Nature) + dice.Pick(kind == StreetKind.LivingStreet ? ["weg", "hof", "pfad", "winkel", "eck"] : NatureEndings),
    };
}
