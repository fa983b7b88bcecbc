using System.Text;
using System.Text.Json;

namespace Kehrwerk.Portal.Tables;

/// <summary>The features of a GeoJSON FeatureCollection, read token by token; no tree of the document is made.</summary>
internal static class GeoJsonTable
{
    private const long MaxBytes = 1L << 30;

    public static void Read(Stream file, TableChecks checks)
    {
        checks.IsGeoJson = true;
        if (file.Length > MaxBytes)
        {
            checks.Wrong(0, "", "", "The file is larger than 1 GiB; give the list of one city");
            return;
        }

        var content = new byte[file.Length];
        file.ReadExactly(content);
        var lines = new LineCount(content);
        var isMark = content.AsSpan().StartsWith(Encoding.UTF8.Preamble);
        var reader = new Utf8JsonReader(content.AsSpan(isMark ? 3 : 0), new JsonReaderOptions { MaxDepth = 32 });
        var offset = isMark ? 3 : 0;
        try
        {
            if (!Find(ref reader, "features"))
            {
                checks.Wrong(0, "features", "", "The file holds no FeatureCollection");
            }
            else
            {
                while (!checks.IsHopeless && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    Feature(ref reader, checks, content.AsSpan(offset), lines.At(offset + (int)reader.TokenStartIndex));
                }
            }
        }
        catch (JsonException e)
        {
            checks.Wrong(lines.At(offset + (int)reader.BytesConsumed), "", "", $"This is no JSON that can be read: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Goes to the array of this name in the outermost object.</summary>
    private static bool Find(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIt = reader.ValueTextEquals(name);
                reader.Read();
                if (isIt && reader.TokenType == JsonTokenType.StartArray)
                {
                    return true;
                }

                reader.Skip();
            }
        }

        return false;
    }

    private static void Feature(ref Utf8JsonReader reader, TableChecks checks, ReadOnlySpan<byte> content, long line)
    {
        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        ReadOnlySpan<byte> geometry = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isProperties = reader.ValueTextEquals("properties");
            var isGeometry = reader.ValueTextEquals("geometry");
            reader.Read();
            if (isProperties && reader.TokenType == JsonTokenType.StartObject)
            {
                values = Properties(ref reader);
            }
            else if (isGeometry && reader.TokenType == JsonTokenType.StartObject)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                geometry = content[start..(int)reader.BytesConsumed];
            }
            else
            {
                reader.Skip();
            }
        }

        string Value(string property) => values.GetValueOrDefault(property, "");
        if (checks.IsRead(Value))
        {
            checks.Take(line, Value, geometry);
        }
    }

    private static Dictionary<string, string> Properties(ref Utf8JsonReader reader)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    values[name] = Text(ref reader);
                    break;
                case JsonTokenType.Number:
                    values[name] = Encoding.UTF8.GetString(reader.ValueSpan);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return values;
    }

    // Bytes that are no UTF-8 become U+FFFD, which is told as a problem of its field.
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan) + "\uFFFD";
        }
    }

    /// <summary>The coordinates of a GeoJSON geometry that is a point; null where it is none.</summary>
    public static (double X, double Y)? Point(ReadOnlySpan<byte> geometry)
    {
        var reader = new Utf8JsonReader(geometry);
        if (geometry.IsEmpty || !reader.Read())
        {
            return null;
        }

        var isPoint = false;
        double? x = null, y = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type");
            var isCoordinates = reader.ValueTextEquals("coordinates");
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                isPoint = reader.ValueTextEquals("Point");
            }
            else if (isCoordinates && reader.TokenType == JsonTokenType.StartArray)
            {
                var depth = reader.CurrentDepth;
                while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
                {
                    if (reader.TokenType == JsonTokenType.Number && reader.CurrentDepth == depth + 1 && reader.TryGetDouble(out var number))
                    {
                        if (x is null)
                        {
                            x = number;
                        }
                        else
                        {
                            y ??= number;
                        }
                    }
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return isPoint && x is { } east && y is { } north ? (east, north) : null;
    }

    /// <summary>Lines of a text, asked for in growing order.</summary>
    private sealed class LineCount(byte[] content)
    {
        private int position;
        private long line = 1;

        public long At(int offset)
        {
            offset = Math.Clamp(offset, position, content.Length);
            line += content.AsSpan(position, offset - position).Count((byte)'\n');
            position = offset;
            return line;
        }
    }
}
