using NetTopologySuite.Geometries;

namespace Kehrwerk.Streets.Tiles;

/// <summary>
/// The city's own map as Mapbox Vector Tiles (specification 2.1). Layers and their attributes:
/// <list type="bullet">
/// <item><c>areas</c>: <c>kind</c> (building, water, green, industry, depot, plaza), <c>name</c>; buildings from zoom 14.</item>
/// <item><c>streets</c>: <c>class</c> (as the OSM highway tag), <c>name</c>, <c>oneway</c> (drawn as driven), <c>bridge</c>, <c>tunnel</c>, <c>width</c> in metres, by the class where it is not known.</item>
/// <item><c>kerbs</c> from zoom 13: feature id = <see cref="Kerb.Id"/>; <c>side</c> (right or left of its arc), <c>class</c> (cleaning class), <c>street</c>, <c>key</c>.
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
    private const int KerbZoom = 13;
    private const int AddressZoom = 16;

    private readonly TileLayer[] layers;

    public CityTiles(City city)
    {
        var frame = city.Streets.Frame;
        var streets = StreetLine.Of(city.Streets);
        layers =
        [
            new(
                "areas",
                city.Map.Areas.Select(area => new TileShape(
                    ShapeKind.Area,
                    [.. area.Rings.Select(ring => ring.Select(WorldPoint.Of).ToArray())],
                    area.Kind == AreaKind.Building ? BuildingZoom : MinZoom)),
                (layer, i) =>
                {
                    layer.Attribute("kind", KindName(city.Map.Areas[i].Kind));
                    layer.Attribute("name", city.Map.Areas[i].Name);
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
        Info = InfoOf(city.Streets);
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
        layer.Attribute("width", Math.Round(2 * KerbLines.HalfWidthM(street.WidthM, street.Class), 1));
    }

    private static void WriteAttributes(LayerWriter layer, Kerb kerb)
    {
        layer.Attribute("side", kerb.Side == KerbSide.Right ? "right" : "left");
        layer.Attribute("class", kerb.Class.Id);
        layer.Attribute("street", kerb.Street);
        layer.Attribute("key", kerb.Key);
    }

    // The map opens on what the vehicles can reach; a river's area may run on for many kilometres.
    private static TileSetInfo InfoOf(StreetNetwork streets)
    {
        var bounds = new Envelope();
        for (var segment = 0; segment < streets.SegmentCount; segment++)
        {
            foreach (var point in streets.SegmentLine(segment))
            {
                bounds.ExpandToInclude(point.X, point.Y);
            }
        }

        if (bounds.IsNull)
        {
            return new(default, default, default, MinZoom, MaxZoom);
        }

        // The metric plane is turned a little against north, so all four corners count.
        GeoPoint[] corners =
        [
            streets.Frame.ToGeo(new(bounds.MinX, bounds.MinY)),
            streets.Frame.ToGeo(new(bounds.MinX, bounds.MaxY)),
            streets.Frame.ToGeo(new(bounds.MaxX, bounds.MinY)),
            streets.Frame.ToGeo(new(bounds.MaxX, bounds.MaxY)),
        ];
        var southWest = new GeoPoint(corners.Min(c => c.Lat), corners.Min(c => c.Lon));
        var northEast = new GeoPoint(corners.Max(c => c.Lat), corners.Max(c => c.Lon));
        var centre = new GeoPoint((southWest.Lat + northEast.Lat) / 2, (southWest.Lon + northEast.Lon) / 2);
        return new(southWest, northEast, centre, MinZoom, MaxZoom);
    }

    private static int FirstZoom(StreetClass street) => street switch
    {
        StreetClass.Motorway or StreetClass.Trunk or StreetClass.Primary => MinZoom,
        StreetClass.Secondary => 11,
        StreetClass.Tertiary => 12,
        StreetClass.Unclassified or StreetClass.Residential or StreetClass.LivingStreet or StreetClass.Pedestrian => 13,
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
