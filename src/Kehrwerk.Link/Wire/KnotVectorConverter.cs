using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Link.Wire;

/// <summary>The knots of a NURBS: numbers from 0 to 1.</summary>
internal sealed class KnotVectorConverter : JsonConverter<ImmutableArray<double>>
{
    private static readonly UnitIntervalConverter Knot = new();

    public override ImmutableArray<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("expected an array of numbers");
        }

        var knots = ImmutableArray.CreateBuilder<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            knots.Add(Knot.Read(ref reader, typeof(double), options));
        }

        return knots.DrainToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<double> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var knot in value)
        {
            writer.WriteNumberValue(knot);
        }

        writer.WriteEndArray();
    }
}
