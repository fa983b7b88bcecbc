using System.Text.Json.Serialization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Vda21;

namespace Kehrwerk.Link.Wire;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(TimestampConverter), typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(InstantActions))]
[JsonSerializable(typeof(State))]
[JsonSerializable(typeof(Visualization))]
[JsonSerializable(typeof(Connection))]
[JsonSerializable(typeof(Factsheet))]
[JsonSerializable(typeof(Responses))]
[JsonSerializable(typeof(ZoneSet))]
[JsonSerializable(typeof(Supervision))]
[JsonSerializable(typeof(SafetyReport))]
[JsonSerializable(typeof(EventMessage))]
[JsonSerializable(typeof(EventReceipts))]
[JsonSerializable(typeof(VehicleEvent))]
[JsonSerializable(typeof(Order21))]
[JsonSerializable(typeof(InstantActions21))]
[JsonSerializable(typeof(State21))]
[JsonSerializable(typeof(Visualization21))]
[JsonSerializable(typeof(Connection21))]
[JsonSerializable(typeof(Factsheet21))]
internal sealed partial class LinkJsonContext : JsonSerializerContext;
