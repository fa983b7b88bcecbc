using System.Globalization;
using Kehrwerk.Portal.Sweeping;
using Kehrwerk.Streets;
using NetTopologySuite.Geometries;

namespace Kehrwerk.Portal.OpenData;

/// <summary>Every kerb that a cleaning class has, with its sweeping days and its last sweep.</summary>
internal sealed class SweepingData : DataLayer
{
    private readonly PortalData data;
    private readonly Envelope[] boxes;
    private readonly Dictionary<string, int> byKey;

    public SweepingData(PortalData data)
    {
        this.data = data;
        boxes = [.. data.City.Kerbs.Select(BoxOf)];
        byKey = data.City.Kerbs.ToDictionary(k => k.Key, k => k.Id, StringComparer.Ordinal);
        Extent = new();
        foreach (var box in boxes)
        {
            Extent.ExpandToInclude(box);
        }
    }

    public override string Id => "sweeping";
    public override (string De, string En) Title => ("Straßen mit Kehrtagen", "Streets with sweeping days");
    public override (string De, string En) Description => ("Jede Straßenseite mit Reinigungsklasse, nächstem Kehrtag und letzter Kehrung.", "Each side of a street with its cleaning class, next sweeping day and last sweep.");
    public override string Theme => "TRAN";
    public override DateOnly AsOf => data.Sweeping.Today;
    public override Envelope Extent { get; }
    public override IReadOnlyList<DataLicence> Licences => [data.IsDemo ? DataLicence.Zero : DataLicence.OpenStreetMap];

    public override IReadOnlyList<DataField> Fields { get; } =
    [
        new("street", "string", "", ("Straße", "Street")),
        new("side", "string", "", ("Seite in Richtung der Linie: right, left", "Side in the direction of the line: right, left")),
        new("cleaningClass", "string", "", ("Reinigungsklasse", "Cleaning class")),
        new("timesPerWeek", "number", "", ("Kehrungen in der Woche", "Sweeps a week")),
        new("lengthM", "number", "", ("Länge, Meter", "Length, metres")),
        new("nextSweep", "string", "date", ("Nächster Kehrtag", "Next sweeping day")),
        new("lastSwept", "string", "date-time", ("Letzte Kehrung", "Last sweep")),
        new("vehicle", "string", "", ("Fahrzeug der letzten Kehrung", "Vehicle of the last sweep")),
        new("notSweptBecause", "string", "", ("Warum zuletzt nicht gekehrt wurde", "Why it was not swept the last time")),
        new("closed", "boolean", "", ("Straße zurzeit gesperrt", "Street is closed now")),
    ];

    public override FeaturePage Find(DataQuery query)
    {
        var swept = data.Sweeping.Facts.Swept;
        return Page(
            Enumerable.Range(0, boxes.Length).Where(k => (query.Box is not { } box || Meets(k, box)) && query.Time?.Holds(swept.GetValueOrDefault(k)?.At) is not false),
            query,
            shown => [.. shown.Select(Feature)]);
    }

    public override DataFeature? Item(string id) => byKey.TryGetValue(id, out var kerb) ? Feature(kerb) : null;

    private DataFeature Feature(int id)
    {
        var known = data.Sweeping.Of(id);
        var kerb = known.Kerb;
        return new(kerb.Key, $$"""{"type":"LineString","coordinates":[{{string.Join(',', Line(kerb).Select(p => $"[{Number(p.Lon)},{Number(p.Lat)}]"))}}]}""",
        [
            kerb.Street.Length > 0 ? kerb.Street : null,
            DataNames.Of(kerb.Side),
            kerb.Class.Id,
            kerb.Class.TimesPerWeek,
            Math.Round(kerb.LengthM, 1),
            known.Next is [var next, ..] ? next.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            known.Last?.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            known.Last?.Vehicle,
            known.Unswept is { } unswept ? DataNames.Of(unswept.Reason) : null,
            known.IsClosed,
        ]);
    }

    private IEnumerable<GeoPoint> Line(Kerb kerb) => data.City.Streets.ArcLine(kerb.Arc).Select(data.City.Streets.Frame.ToGeo);

    private Envelope BoxOf(Kerb kerb)
    {
        var box = new Envelope();
        foreach (var point in Line(kerb))
        {
            box.ExpandToInclude(point.Lon, point.Lat);
        }

        return box;
    }

    private bool Meets(int kerb, Envelope box)
    {
        if (!box.Intersects(boxes[kerb]))
        {
            return false;
        }

        return box.Contains(boxes[kerb]) || new LineString([.. Line(data.City.Kerbs[kerb]).Select(p => new Coordinate(p.Lon, p.Lat))]).Intersects(GeometryFactory.Default.ToGeometry(box));
    }
}
