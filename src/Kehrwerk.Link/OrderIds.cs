using System.Globalization;
using System.Text.Json;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link;

/// <summary>
/// The ids of an order that cannot be read otherwise: an error of it is to name them where that is possible (VDA 5050 3.0.0, 6.6.5.4).
/// Null where they are missing, of another kind, or the JSON is broken before them.
/// </summary>
public readonly record struct OrderIds(string? OrderId, uint? OrderUpdateId)
{
    /// <summary>Reads only the outermost object, as far as it can be read; never throws.</summary>
    public static OrderIds Find(ReadOnlySpan<byte> json)
    {
        var found = default(OrderIds);
        if (json.Length > LinkJson.MaxBytes)
        {
            return found;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = LinkJson.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    var name = reader.GetString();
                    reader.Read();
                    found = name switch
                    {
                        "orderId" when reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: <= TextBound.MaxName } id => found with { OrderId = id },
                        "orderUpdateId" when reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out var number) => found with { OrderUpdateId = number },
                        _ => found,
                    };
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // What stands before the fault is good.
        }

        return found;
    }

    public string? UpdateText => OrderUpdateId?.ToString(CultureInfo.InvariantCulture);
}
