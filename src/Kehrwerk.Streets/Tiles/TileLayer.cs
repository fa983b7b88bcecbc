using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace Kehrwerk.Streets.Tiles;

/// <summary>A layer of the map: shapes with an index over them. A feature's id is the shape's index. Immutable and thread-safe.</summary>
internal sealed class TileLayer
{
    private readonly string name;
    private readonly TileShape[] shapes;
    private readonly Action<LayerWriter, int> writeAttributes;
    private readonly STRtree<int> index = new();

    /// <param name="writeAttributes">Writes the attributes of the shape with that index.</param>
    public TileLayer(string name, IEnumerable<TileShape> shapes, Action<LayerWriter, int> writeAttributes)
    {
        this.name = name;
        this.shapes = [.. shapes];
        this.writeAttributes = writeAttributes;
        for (var i = 0; i < this.shapes.Length; i++)
        {
            var bounds = Bounds(this.shapes[i]);
            Extent.ExpandToInclude(bounds);
            index.Insert(bounds, i);
        }

        // Built now, since the first query would otherwise build it, and there may be several at once.
        index.Build();
    }

    /// <summary>The part of the world that the shapes cover.</summary>
    public Envelope Extent { get; } = new();

    public LayerWriter Write(TileFrame tile)
    {
        var layer = new LayerWriter(name, tile.Zoom);
        var found = index.Query(tile.Bounds);
        foreach (var i in found.Order())
        {
            var shape = shapes[i];
            if (tile.Zoom >= shape.MinZoom && shape.In(tile) is { Count: > 0 } parts)
            {
                writeAttributes(layer, i);
                layer.Feature(i, shape.Kind, parts);
            }
        }

        return layer;
    }

    private static Envelope Bounds(TileShape shape)
    {
        var bounds = new Envelope();
        foreach (var point in shape.Parts[0])
        {
            bounds.ExpandToInclude(point.X, point.Y);
        }

        return bounds;
    }
}
