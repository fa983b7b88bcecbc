using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Link.Wire;

/// <summary>Reads a number within the bounds that the schema gives. NaN and infinity do not exist on the wire (VDA 5050 3.0.0, 7.1.4).</summary>
internal abstract class BoundedNumberConverter(double minimum, double maximum) : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var value) || !double.IsFinite(value))
        {
            throw new JsonException("expected a finite number");
        }

        return value >= minimum && value <= maximum
            ? value
            : throw new JsonException(string.Create(
                CultureInfo.InvariantCulture, $"{value} is outside {minimum} to {maximum}"));
    }

    /// <exception cref="ArgumentException">The value is NaN or infinite: a bug of the sender that must not reach the wire.</exception>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

internal sealed class FiniteNumberConverter() : BoundedNumberConverter(double.MinValue, double.MaxValue);

internal sealed class NonNegativeConverter() : BoundedNumberConverter(0, double.MaxValue);

/// <summary>A quantity of a vehicle, far beyond what one can hold: 0 to 1e9.</summary>
internal sealed class QuantityConverter() : BoundedNumberConverter(0, 1e9);

/// <summary>0 to 100.</summary>
internal sealed class PercentConverter() : BoundedNumberConverter(0, 100);

/// <summary>0 to 1.</summary>
internal sealed class UnitIntervalConverter() : BoundedNumberConverter(0, 1);

/// <summary>Radians, -π to π with the digits that the schema uses.</summary>
internal sealed class AngleConverter() : BoundedNumberConverter(-3.14159265359, 3.14159265359);

/// <summary>Radians, 0 to π.</summary>
internal sealed class HalfTurnConverter() : BoundedNumberConverter(0, 3.141592654);

/// <summary>Radians, -π/2 to π/2.</summary>
internal sealed class QuarterTurnConverter() : BoundedNumberConverter(-1.570796327, 1.570796327);

/// <summary>The weight of a control point: above 0.</summary>
internal sealed class WeightConverter() : BoundedNumberConverter(double.Epsilon, double.MaxValue);
