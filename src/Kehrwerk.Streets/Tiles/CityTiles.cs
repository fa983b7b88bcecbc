using NetTopologySuite.Geometries;

namespace Kehrwerk.Streets.Tiles;

/// <summary>
/// The city's own map as Mapbox Vector Tiles (specification 2.1). Layers and their attributes:
/// <list type="bullet">
/// <item><c>areas</c>: <c>kind</c> (building, water, green, industry, depot, plaza); buildings from zoom 14.</item>
/// <item><c>area-names</c>: the <c>name</c> and <c>kind</c> of an area, at one point inside it; the largest area first.</item>
/// <item><c>streets</c>: <c>class</c> (as the OSM highway tag), <c>name</c>, <c>oneway</c> (drawn as driven), <c>bridge</c>, <c>tunnel</c>, <c>width</c> in metres, by the class where it is not known.</item>
/// <item><c>kerbs</c> from zoom 11: feature id = <see cref="Kerb.Id"/>; <c>side</c> (right or left of its arc), <c>class</c> (cleaning class); from zoom 13 also <c>street</c> and <c>key</c>.
/// Drawn at the edge of the carriageway in the direction in which it is swept.</item>
/// <item><c>addresses</c> from zoom 16: <c>housenumber</c>, <c>street</c>.</item>
/// <item><c>places</c>: <c>name</c>, <c>kind</c>.</item>
/// </list>
/// Immutable and thread-safe.
/// </summary>
public sealed class CityTiles
{
    public const int MinZoom = 9;
    public const int MaxZoom = 16;
    private const int BuildingZoom = 14;
    // From here on a whole large city fits a screen; what is swept and what is left is the first thing to see of it.
    private const int KerbZoom = 11;
    private const int KerbNameZoom = 13;
    private const int AreaNameZoom = 13;
    private const int AddressZoom = 16;

    // Beyond the last street, so that a lake at the edge of the town has its name.
    private const double LabelMarginM = 1000;
    private const double ViewMarginM = 150;

    private readonly TileLayer[] layers;

    public CityTiles(City city)
    {
        var frame = city.Streets.Frame;
        var streets = StreetLine.Of(city.Streets);
        var extentM = ExtentM(city.Streets);
        var labelled = extentM.Copy();
        labelled.ExpandBy(LabelMarginM);
        var labels = AreaLabel.Of(city.Map.Areas, frame, labelled);
        layers =
        [
            new(
                "areas",
                city.Map.Areas.Select(area => new TileShape(
                    ShapeKind.Area,
                    [.. area.Rings.Select(ring => ring.Select(WorldPoint.Of).ToArray())],
                    area.Kind == AreaKind.Building ? BuildingZoom : MinZoom)),
                (layer, i) => layer.Attribute("kind", KindName(city.Map.Areas[i].Kind))),
            new(
                "area-names",
                labels.Select(label => new TileShape(ShapeKind.Point, [WorldPoint.Of(frame, [label.At])], AreaNameZoom)),
                (layer, i) =>
                {
                    layer.Attribute("kind", KindName(labels[i].Kind));
                    layer.Attribute("name", labels[i].Name);
                }),
            new(
                "streets",
                streets.Select(street => new TileShape(ShapeKind.Line, [WorldPoint.Of(frame, street.Line)], FirstZoom(street.Class))),
                (layer, i) => WriteAttributes(layer, streets[i])),
            new(
                "kerbs",
                city.Kerbs.Select(kerb => new TileShape(ShapeKind.Line, [WorldPoint.Of(frame, KerbLines.Of(city.Streets, kerb))], KerbZoom)),
                (layer, i) => WriteAttributes(layer, city.Kerbs[i])),
            new(
                "addresses",
                city.Addresses.Select(address => new TileShape(ShapeKind.Point, [[WorldPoint.Of(address.Position)]], AddressZoom)),
                (layer, i) =>
                {
                    layer.Attribute("housenumber", city.Addresses[i].HouseNumber);
                    layer.Attribute("street", city.Addresses[i].Street);
                }),
            new(
                "places",
                city.Map.Places.Select(place => new TileShape(ShapeKind.Point, [[WorldPoint.Of(place.Position)]], MinZoom)),
                (layer, i) =>
                {
                    layer.Attribute("name", city.Map.Places[i].Name);
                    layer.Attribute("kind", city.Map.Places[i].Kind);
                }),
        ];
        Info = InfoOf(city, extentM);
    }

    public TileSetInfo Info { get; }

    /// <summary>
    /// The tile at column <paramref name="x"/> and row <paramref name="y"/> of the usual web map grid, not compressed.
    /// Empty where there is nothing to show and for numbers that no tile has.
    /// </summary>
    public byte[] Tile(int z, int x, int y)
    {
        if (z is < MinZoom or > MaxZoom || x < 0 || y < 0 || x >= 1 << z || y >= 1 << z)
        {
            return [];
        }

        var tile = new TileWriter();
        foreach (var layer in layers)
        {
            tile.Add(layer.Write(new(z, x, y)));
        }

        return tile.ToArray();
    }

    private static void WriteAttributes(LayerWriter layer, StreetLine street)
    {
        layer.Attribute("class", ClassName(street.Class));
        layer.Attribute("name", street.Name);
        layer.Attribute("oneway", street.OneWay);
        layer.Attribute("bridge", street.Traits.HasFlag(SegmentTraits.Bridge));
        layer.Attribute("tunnel", street.Traits.HasFlag(SegmentTraits.Tunnel));
        layer.Attribute("width", Math.Round(2 * StreetNetwork.HalfWidthM(street.WidthM, street.Class), 1));
    }

    private static void WriteAttributes(LayerWriter layer, Kerb kerb)
    {
        layer.Attribute("side", kerb.Side == KerbSide.Right ? "right" : "left");
        layer.Attribute("class", kerb.Class.Id);
        if (layer.Zoom >= KerbNameZoom)
        {
            layer.Attribute("street", kerb.Street);
            layer.Attribute("key", kerb.Key);
        }
    }

    private static Envelope ExtentM(StreetNetwork streets)
    {
        var extentM = new Envelope();
        for (var segment = 0; segment < streets.SegmentCount; segment++)
        {
            foreach (var point in streets.SegmentLine(segment))
            {
                extentM.ExpandToInclude(point.X, point.Y);
            }
        }

        return extentM;
    }

    // The map opens on where the work is: a lone road may run on for many kilometres. Without kerbs, on all streets.
    private static TileSetInfo InfoOf(City city, Envelope extentM)
    {
        var view = extentM;
        if (city.Kerbs.Length > 0)
        {
            var places = city.Kerbs.Select(kerb => city.Streets.ArcLine(kerb.Arc)[0]).ToArray();
            var (left, right) = MostOf(places.Select(p => p.X));
            var (bottom, top) = MostOf(places.Select(p => p.Y));
            view = new(left, right, bottom, top);
            view.ExpandBy(ViewMarginM);
        }

        if (view.IsNull)
        {
            return new(default, default, MinZoom, MaxZoom);
        }

        // The metric plane is turned a little against north, so all four corners count.
        var frame = city.Streets.Frame;
        GeoPoint[] corners =
        [
            frame.ToGeo(new(view.MinX, view.MinY)),
            frame.ToGeo(new(view.MinX, view.MaxY)),
            frame.ToGeo(new(view.MaxX, view.MinY)),
            frame.ToGeo(new(view.MaxX, view.MaxY)),
        ];
        return new(
            new(corners.Min(c => c.Lat), corners.Min(c => c.Lon)), new(corners.Max(c => c.Lat), corners.Max(c => c.Lon)), MinZoom, MaxZoom);
    }

    // Between which bounds all lie but one in a hundred at each end.
    private static (double Low, double High) MostOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 100], sorted[^(1 + (sorted.Length / 100))]);
    }

    private static int FirstZoom(StreetClass street) => street switch
    {
        StreetClass.Motorway or StreetClass.Trunk or StreetClass.Primary => MinZoom,
        StreetClass.Secondary => 11,
        StreetClass.Tertiary => 12,
        StreetClass.Unclassified or StreetClass.Residential or StreetClass.LivingStreet or StreetClass.Pedestrian => 12,
        _ => 14,
    };

    private static string ClassName(StreetClass street) => street switch
    {
        StreetClass.Motorway => "motorway",
        StreetClass.Trunk => "trunk",
        StreetClass.Primary => "primary",
        StreetClass.Secondary => "secondary",
        StreetClass.Tertiary => "tertiary",
        StreetClass.Unclassified => "unclassified",
        StreetClass.Residential => "residential",
        StreetClass.LivingStreet => "living_street",
        StreetClass.Pedestrian => "pedestrian",
        StreetClass.Service => "service",
        StreetClass.Track => "track",
        StreetClass.Cycleway => "cycleway",
        StreetClass.Footway => "footway",
        _ => throw new ArgumentOutOfRangeException(nameof(street), street, null),
    };

    private static string KindName(AreaKind kind) => kind switch
    {
        AreaKind.Building => "building",
        AreaKind.Water => "water",
        AreaKind.Green => "green",
        AreaKind.Industry => "industry",
        AreaKind.Depot => "depot",
        AreaKind.Plaza => "plaza",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
