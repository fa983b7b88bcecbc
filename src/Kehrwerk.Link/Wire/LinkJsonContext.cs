using System.Text.Json.Serialization;
using Kehrwerk.Link.Messages;

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
internal sealed partial class LinkJsonContext : JsonSerializerContext;
