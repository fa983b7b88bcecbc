using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Faults;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Planning;

namespace Kehrwerk.Verbs;

/// <summary>The shapes that verbs write with <c>--json</c>: camel case, indented, invariant numbers.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<Kehrwerk.Sweeper.Scenarios.ScenarioFigures>))]
[JsonSerializable(typeof(AtlasFigures[]))]
[JsonSerializable(typeof(CityFigures))]
[JsonSerializable(typeof(ShiftResult))]
[JsonSerializable(typeof(FaultResult))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(RecordVerb.Verdict))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(SolveResult))]
[JsonSerializable(typeof(CheckResult))]
[JsonSerializable(typeof(IReadOnlyList<IssuedCertificate>))]
internal sealed partial class VerbJson : JsonSerializerContext;
