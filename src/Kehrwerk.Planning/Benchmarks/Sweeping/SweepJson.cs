using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>The JSON of instances and solutions: camel case, nothing missing, nothing unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(SweepInstance))]
[JsonSerializable(typeof(SweepSolution))]
internal sealed partial class SweepJson : JsonSerializerContext;
