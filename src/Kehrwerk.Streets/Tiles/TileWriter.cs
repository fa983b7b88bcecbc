using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Kehrwerk.Streets.Tiles;

/// <summary>
/// Writes the bytes of a Mapbox Vector Tile, version 2.1 of its specification. Written here because a feature's id must
/// always be in the tile, also when it is 0: the map ties the state of a kerb to it.
/// </summary>
internal sealed class TileWriter
{
    private readonly ArrayBufferWriter<byte> tile = new();

    /// <summary>The tile's bytes; none where no layer had a feature.</summary>
    public byte[] ToArray() => tile.WrittenSpan.ToArray();

    public void Add(LayerWriter layer)
    {
        if (layer.ToMessage() is { } message)
        {
            Protobuf.Message(tile, 3, message);
        }
    }
}

/// <summary>Writes one layer: features with their shape, id and attributes.</summary>
/// <param name="zoom">Zoom of the tile, by which attributes may be left out.</param>
internal sealed class LayerWriter(string name, int zoom)
{
    public int Zoom { get; } = zoom;

    private readonly ArrayBufferWriter<byte> features = new();
    private readonly Dictionary<string, uint> keys = new(StringComparer.Ordinal);
    private readonly List<string> keyOrder = [];
    private readonly Dictionary<Value, uint> values = [];
    private readonly List<Value> valueOrder = [];
    private readonly ArrayBufferWriter<byte> tags = new();
    private readonly ArrayBufferWriter<byte> shape = new();
    private readonly ArrayBufferWriter<byte> feature = new();

    /// <summary>An attribute of the feature that is written next; an empty text is left out.</summary>
    public void Attribute(string key, string text)
    {
        if (text.Length > 0)
        {
            Tag(key, new(text, null, false));
        }
    }

    public void Attribute(string key, double number) => Tag(key, new(null, number, false));

    public void Attribute(string key, bool flag) => Tag(key, new(null, null, flag));

    public void Feature(int id, ShapeKind kind, List<GridPoint[]> parts)
    {
        var at = new GridPoint(0, 0);
        foreach (var part in parts)
        {
            Command(1, 1);
            Step(part[0], ref at);
            if (kind == ShapeKind.Point)
            {
                continue;
            }

            Command(2, part.Length - 1);
            foreach (var point in part.AsSpan(1))
            {
                Step(point, ref at);
            }

            if (kind == ShapeKind.Area)
            {
                Command(7, 1);
            }
        }

        Protobuf.Number(feature, 1, (ulong)id);
        Protobuf.Message(feature, 2, tags);
        Protobuf.Number(feature, 3, (ulong)kind);
        Protobuf.Message(feature, 4, shape);
        Protobuf.Message(features, 2, feature);
        tags.ResetWrittenCount();
        shape.ResetWrittenCount();
        feature.ResetWrittenCount();
    }

    /// <summary>The finished layer, or null where it has no feature.</summary>
    public ArrayBufferWriter<byte>? ToMessage()
    {
        if (features.WrittenCount == 0)
        {
            return null;
        }

        var layer = new ArrayBufferWriter<byte>();
        Protobuf.Number(layer, 15, 2);
        Protobuf.Text(layer, 1, name);
        layer.Write(features.WrittenSpan);
        foreach (var key in keyOrder)
        {
            Protobuf.Text(layer, 3, key);
        }

        foreach (var value in valueOrder)
        {
            var message = new ArrayBufferWriter<byte>();
            value.WriteTo(message);
            Protobuf.Message(layer, 4, message);
        }

        Protobuf.Number(layer, 5, TileFrame.Extent);
        return layer;
    }

    private void Tag(string key, Value value)
    {
        Protobuf.Varint(tags, IndexOf(keys, keyOrder, key));
        Protobuf.Varint(tags, IndexOf(values, valueOrder, value));
    }

    private static uint IndexOf<T>(Dictionary<T, uint> indices, List<T> order, T item)
        where T : notnull
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(indices, item, out var known);
        if (!known)
        {
            index = (uint)order.Count;
            order.Add(item);
        }

        return index;
    }

    private void Command(int command, int count) => Protobuf.Varint(shape, (uint)((count << 3) | command));

    private void Step(GridPoint to, ref GridPoint at)
    {
        Protobuf.Varint(shape, ZigZag(to.X - at.X));
        Protobuf.Varint(shape, ZigZag(to.Y - at.Y));
        at = to;
    }

    private static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    private readonly record struct Value(string? Text, double? Number, bool Flag)
    {
        public void WriteTo(ArrayBufferWriter<byte> message)
        {
            if (Text is not null)
            {
                Protobuf.Text(message, 1, Text);
            }
            else if (Number is { } number)
            {
                Protobuf.Double(message, 3, number);
            }
            else
            {
                Protobuf.Number(message, 7, Flag ? 1UL : 0UL);
            }
        }
    }
}

/// <summary>The few kinds of Protocol Buffers fields that a tile is made of.</summary>
internal static class Protobuf
{
    public static void Varint(ArrayBufferWriter<byte> to, ulong value)
    {
        while (value >= 0x80)
        {
            to.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        to.Write([(byte)value]);
    }

    public static void Number(ArrayBufferWriter<byte> to, int field, ulong value)
    {
        Varint(to, (uint)field << 3);
        Varint(to, value);
    }

    public static void Double(ArrayBufferWriter<byte> to, int field, double value)
    {
        Varint(to, ((uint)field << 3) | 1);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        to.Write(bytes);
    }

    public static void Text(ArrayBufferWriter<byte> to, int field, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Varint(to, ((uint)field << 3) | 2);
        Varint(to, (uint)bytes.Length);
        to.Write(bytes);
    }

    public static void Message(ArrayBufferWriter<byte> to, int field, ArrayBufferWriter<byte> message)
    {
        Varint(to, ((uint)field << 3) | 2);
        Varint(to, (ulong)message.WrittenCount);
        to.Write(message.WrittenSpan);
    }
}
