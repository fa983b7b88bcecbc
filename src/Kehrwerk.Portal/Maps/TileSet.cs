using Microsoft.Extensions.Caching.Memory;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.IO.VectorTiles;
using NetTopologySuite.IO.VectorTiles.Mapbox;
using NetTopologySuite.Simplify;
using Tile = NetTopologySuite.IO.VectorTiles.Tiles.Tile;

namespace Kehrwerk.Portal.Maps;

/// <summary>Features of one layer, in degrees, from a zoom on.</summary>
internal sealed record TileLayer(string Name, int MinZoom, IReadOnlyList<IFeature> Features);

/// <summary>Mapbox Vector Tiles of some layers. Made when they are asked for; the last of them are kept. Immutable and thread-safe.</summary>
internal sealed class TileSet : IDisposable
{
    public const int MinZoom = 9;
    public const int MaxZoom = 16;

    private const int Extent = 4096;
    // Beyond a tile's border by a sixty-fourth, so that outlines meet without a seam.
    private const double Margin = 1.0 / 64;
    // Steps of the tile's grid by which an outline may be off, half a pixel.
    private const double Tolerance = 4.0 / Extent;
    private const long KeptBytes = 32 << 20;

    private readonly (string Name, int MinZoom, STRtree<IFeature> Index)[] layers;
    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = KeptBytes });

    public TileSet(IEnumerable<TileLayer> layers) => this.layers = [.. layers.Select(l => (l.Name, l.MinZoom, IndexOf(l.Features)))];

    /// <summary>The tile's bytes; empty where it shows nothing, and for numbers that no tile has.</summary>
    public byte[] Tile(int z, int x, int y)
    {
        if (z is < MinZoom or > MaxZoom || x < 0 || y < 0 || x >= 1 << z || y >= 1 << z)
        {
            return [];
        }

        // Two that ask at once make it twice, which harms nobody.
        return kept.GetOrCreate((z, x, y), entry =>
        {
            var bytes = Make(new(x, y, z));
            entry.Size = bytes.Length + 100;
            return bytes;
        })!;
    }

    public void Dispose() => kept.Dispose();

    private byte[] Make(Tile tile)
    {
        var bounds = new Envelope(tile.Left, tile.Right, tile.Bottom, tile.Top);
        var widthDeg = bounds.Width;
        bounds.ExpandBy(bounds.Width * Margin, bounds.Height * Margin);
        var frame = GeometryFactory.Default.ToGeometry(bounds);
        var made = new VectorTile { TileId = tile.Id };
        foreach (var (name, minZoom, index) in layers)
        {
            var layer = new Layer { Name = name };
            foreach (var feature in tile.Zoom >= minZoom ? index.Query(bounds) : [])
            {
                if (Cut(feature.Geometry, frame, tile.Zoom < MaxZoom ? widthDeg * Tolerance : 0) is { IsEmpty: false } shown)
                {
                    layer.Features.Add(new Feature(shown, feature.Attributes));
                }
            }

            if (layer.Features.Count > 0)
            {
                made.Layers.Add(layer);
            }
        }

        if (made.Layers.Count == 0)
        {
            return [];
        }

        using var bytes = new MemoryStream();
        made.Write(bytes, 1u, 1u);
        return bytes.ToArray();
    }

    private static Geometry? Cut(Geometry shape, Geometry frame, double toleranceDeg)
    {
        if (shape is IPuntal)
        {
            return shape;
        }

        if (toleranceDeg > 0)
        {
            shape = shape is IPolygonal ? TopologyPreservingSimplifier.Simplify(shape, toleranceDeg) : DouglasPeuckerSimplifier.Simplify(shape, toleranceDeg);
        }

        if (!frame.EnvelopeInternal.Contains(shape.EnvelopeInternal))
        {
            // What touches the frame leaves points and lines of an area behind, which are none.
            var cut = shape.Intersection(frame);
            shape = shape is IPolygonal ? cut.Factory.BuildGeometry(PolygonExtracter.GetPolygons(cut)) : cut.Factory.BuildGeometry(LinearComponentExtracter.GetLines(cut));
        }

        return shape;
    }

    private static STRtree<IFeature> IndexOf(IReadOnlyList<IFeature> features)
    {
        var index = new STRtree<IFeature>();
        foreach (var feature in features)
        {
            index.Insert(feature.Geometry.EnvelopeInternal, feature);
        }

        // Built now, since the first query would otherwise build it, and there may be several at once.
        index.Build();
        return index;
    }
}
