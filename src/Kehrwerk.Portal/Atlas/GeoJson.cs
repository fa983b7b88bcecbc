using System.Text.Json;
using NetTopologySuite.IO.Converters;

namespace Kehrwerk.Portal.Atlas;

/// <summary>How geometries are read from GeoJSON.</summary>
internal static class GeoJson
{
    public static JsonSerializerOptions Options { get; } = new() { Converters = { new GeoJsonConverterFactory() }, MaxDepth = 32 };
}
