using System.Text;
using System.Text.Json;
using Kehrwerk.Portal.Addresses.Import;
using NetTopologySuite.Geometries;

namespace Kehrwerk.Portal.Atlas.Import;

/// <summary>Reads the projects of a source.</summary>
internal sealed class ProjectChecks(string file, FibreMapping mapping, DateOnly fileDay, GeoBounds bounds) : FibreChecks(file, mapping, fileDay)
{
    private const int MaxAreaBytes = 2 << 20;

    private readonly Dictionary<string, FibreProject> projects = new(StringComparer.Ordinal);

    public IReadOnlyCollection<FibreProject> Projects => projects.Values;

    public override void Take(long line, Func<string, string> value, ReadOnlySpan<byte> geometry)
    {
        if (!Counts(line))
        {
            return;
        }

        var before = ProblemCount;
        var id = Field(line, "id", value);
        if (id.Length is 0 or > 60)
        {
            Wrong(line, ColumnOf("id"), id, "A project needs an id of 1–60 characters");
        }

        var name = Field(line, "name", value);
        if (name.Length == 0)
        {
            Wrong(line, ColumnOf("name"), name, "A project needs a name");
        }

        var project = new FibreProject(
            id,
            name,
            Field(line, "provider", value),
            FundingOf(line, value),
            Stage(line, value),
            Field(line, "programme", value),
            Field(line, "contact", value),
            Expected(line, value),
            Field(line, "reason", value),
            geometry.IsEmpty ? null : Area(line, geometry),
            AsOf(line, value));
        if (ProblemCount == before && !projects.TryAdd(id, project))
        {
            Wrong(line, ColumnOf("id"), id, "Another row has this id; a project has one row, with a MultiPolygon where it has several areas");
        }
    }

    private string? Area(long line, ReadOnlySpan<byte> geometry)
    {
        if (geometry.Length > MaxAreaBytes)
        {
            Wrong(line, "geometry", "", "The area has more than 2 MiB; simplify it");
            return null;
        }

        Geometry? area;
        try
        {
            area = JsonSerializer.Deserialize<Geometry>(geometry, GeoJson.Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            Wrong(line, "geometry", "", $"This is no GeoJSON geometry: {e.Message.TrimEnd('.')}");
            return null;
        }

        if (area is not (Polygon or MultiPolygon) || area.IsEmpty)
        {
            Wrong(line, "geometry", area?.GeometryType ?? "", "The area of a project is a Polygon or MultiPolygon");
        }
        else if (area.Coordinates.FirstOrDefault(c => !bounds.Contains(new(c.Y, c.X))) is { } outside)
        {
            var isSwapped = bounds.Contains(new(outside.X, outside.Y));
            Wrong(line, "geometry", FormattableString.Invariant($"{outside.X:0.######}, {outside.Y:0.######}"), isSwapped ? "The two coordinates are swapped; GeoJSON has the longitude first" : "The point lies outside the city");
        }
        else if (!area.IsValid)
        {
            Wrong(line, "geometry", area.GeometryType, "The outline crosses itself or its rings overlap; repair it");
        }

        return Encoding.UTF8.GetString(geometry);
    }
}
