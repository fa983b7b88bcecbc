using Kehrwerk.Portal.Atlas;
using NetTopologySuite.Geometries;

namespace Kehrwerk.Portal.OpenData;

/// <summary>Every address, with the nearest stage of fibre that a source says and the class in which the kerb in front of it is swept.</summary>
internal sealed class AddressData(PortalData data) : DataLayer
{
    public override string Id => "addresses";
    public override (string De, string En) Title => ("Adressen", "Addresses");
    public override (string De, string En) Description => ("Adressen mit Stand des Glasfaserausbaus und Reinigungsklasse.", "Addresses with the stage of fibre and the cleaning class.");
    public override string Theme => "REGI";
    public override DateOnly AsOf => data.Atlas.Sources() is { Count: > 0 } sources ? sources.Max(s => s.AsOf) : data.Today;

    public override IReadOnlyList<DataLicence> Licences =>
        [data.IsDemo ? DataLicence.Zero : DataLicence.OpenStreetMap, .. data.Atlas.Sources().Select(s => DataLicence.Of(s.Licence)).Where(l => !data.IsDemo || l != DataLicence.Zero).Distinct()];

    public override IReadOnlyList<DataField> Fields { get; } =
    [
        new("street", "string", "", ("Straße", "Street")),
        new("houseNumber", "string", "", ("Hausnummer", "House number")),
        new("postcode", "string", "", ("Postleitzahl", "Postcode")),
        new("place", "string", "", ("Ort", "Town")),
        new("district", "string", "", ("Ortsteil", "Part of the town")),
        new("fibreStage", "string", "", ("Weitester Stand des Glasfaserausbaus, den eine Quelle nennt", "Nearest stage of fibre that a source says")),
        new("fibreProviders", "string", "", ("Betreiber, mit Komma getrennt", "Providers, with commas between them")),
        new("cleaningClass", "string", "", ("Reinigungsklasse des Bordsteins vor der Adresse", "Cleaning class of the kerb in front of it")),
        new("page", "string", "uri", ("Pfad der Seite dieser Adresse", "Path of the page of this address")),
    ];

    public override Envelope Extent
    {
        get
        {
            var extent = new Envelope();
            for (var a = 0; a < data.Book.Count; a++)
            {
                extent.ExpandToInclude(data.Book.Position(a).Lon, data.Book.Position(a).Lat);
            }

            return extent;
        }
    }

    public override FeaturePage Find(DataQuery query) => Page(
        Enumerable.Range(0, data.Book.Count).Where(a => query.Box is not { } box || box.Contains(data.Book.Position(a).Lon, data.Book.Position(a).Lat)), query, Features);

    public override DataFeature? Item(string id) => data.Paths.Find(id.Replace(':', '/')) is >= 0 and var address ? Features([address])[0] : null;

    private List<DataFeature> Features(IReadOnlyList<int> addresses)
    {
        var said = data.Atlas.StagesOf([.. addresses.Select(data.Paths.Of)]).ToLookup(s => s.Address);
        return [.. addresses.Select(a =>
        {
            var (street, path, at) = (data.Book.StreetOf(a), data.Paths.Of(a), data.Book.Position(a));
            var stages = said[path].ToList();
            var kerb = data.Sweeping.KerbOf(a);
            return new DataFeature(path.Replace('/', ':'), $$"""{"type":"Point","coordinates":[{{Number(at.Lon)}},{{Number(at.Lat)}}]}""",
            [
                data.Book.StreetName(street),
                data.Book.Label(a),
                Known(data.Book.Postcode(a)),
                Known(data.Book.Place(street)),
                Known(data.Book.District(a)),
                stages.Count > 0 ? DataNames.Of(stages.Max(s => s.Stage)) : null,
                Known(string.Join(", ", stages.Select(s => s.Provider).Where(p => p.Length > 0).Distinct())),
                kerb >= 0 ? data.City.Kerbs[kerb].Class.Id : null,
                $"/adresse/{path}",
            ]);
        })];
    }

    private static string? Known(string text) => text.Length > 0 ? text : null;
}

/// <summary>Names of stages and the like in data: as in the sources (docs/reference/fibre-atlas.md).</summary>
internal static class DataNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => char.ToLowerInvariant(value.ToString()[0]) + value.ToString()[1..];
}
