using System.Globalization;
using System.Text.Json;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Atlas;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;

namespace Kehrwerk.Portal.Maps;

/// <summary>
/// The published atlas as a map. Layers and their attributes:
/// <list type="bullet">
/// <item><c>projects</c>: areas with <c>project</c> (id), <c>name</c>, <c>provider</c>, <c>stage</c> (0–7, <see cref="FibreStage"/>), <c>funding</c>
/// (<see cref="Funding"/>); <c>project-names</c>: a point inside each, with the same.</item>
/// <item><c>fibre</c> from zoom 14: a point for each address and provider with <c>path</c>, <c>provider</c>, <c>stage</c>, <c>funding</c>; the stage is the nearest that a source says.</item>
/// </list>
/// Where ducts run is in none of them. Thread-safe.
/// </summary>
public sealed class AtlasMap(AtlasStore atlas, AddressBook book, AddressPaths paths, string addressesVersion)
{
    /// <summary>From here on a tile holds some thousands of addresses at most.</summary>
    public const int AddressZoom = 14;

    private readonly Lock door = new();
    private Edition? current;
    private Task? making;

    /// <summary>The tiles of the last publication. While those of a new one are made, the old ones.</summary>
    public (string Version, Func<int, int, int, byte[]> Tile) Tiles()
    {
        var version = atlas.Version();
        Task task;
        lock (door)
        {
            if (current is { } made && (made.Number == version || making is { IsCompleted: false }))
            {
                return (made.Version, made.Tiles.Tile);
            }

            if (making is not { IsCompleted: false })
            {
                making = Task.Run(() => Make(version));
            }

            task = making;
            if (current is { } old)
            {
                return (old.Version, old.Tiles.Tile);
            }
        }

        task.GetAwaiter().GetResult();
        lock (door)
        {
            return (current!.Version, current.Tiles.Tile);
        }
    }

    /// <summary>West, south, east and north of a project's area, degrees; null where none is told.</summary>
    internal static string? BoundsOf(FibreProject project)
    {
        if (project.Area is null)
        {
            return null;
        }

        var box = JsonSerializer.Deserialize<Geometry>(project.Area, GeoJson.Options)!.EnvelopeInternal;
        return string.Create(CultureInfo.InvariantCulture, $"{box.MinX},{box.MinY},{box.MaxX},{box.MaxY}");
    }

    private void Make(long version)
    {
        var projects = atlas.Projects().Where(p => p.Project.Area is not null).Select(p => (p.Project, Area: JsonSerializer.Deserialize<Geometry>(p.Project.Area!, GeoJson.Options)!)).ToList();
        var areas = projects.Select((p, i) => new Feature(p.Area, Said(p.Project, i + 1))).ToList<IFeature>();
        var names = projects.Select((p, i) => new Feature(p.Area.InteriorPoint, Said(p.Project, i + 1))).ToList<IFeature>();
        var tiles = new TileSet([new("projects", TileSet.MinZoom, areas), new("project-names", TileSet.MinZoom, names), new("fibre", AddressZoom, Addresses())]);
        lock (door)
        {
            current = new(version, $"{addressesVersion}.{version.ToString(CultureInfo.InvariantCulture)}", tiles);
        }
    }

    private static AttributesTable Said(FibreProject project, int id) => new()
    {
        { "id", id },
        { "project", project.Id },
        { "name", project.Name },
        { "provider", project.Provider },
        { "stage", (int)project.Stage },
        { "funding", (int)project.Funding },
    };

    private List<IFeature> Addresses()
    {
        var points = new List<IFeature>();
        foreach (var (path, provider, stage, funding) in atlas.StagesOnMap())
        {
            // A list of addresses that was read anew may lack one of which a source still speaks.
            if (paths.Find(path) is >= 0 and var address)
            {
                var at = book.Position(address);
                points.Add(new Feature(new Point(at.Lon, at.Lat), new AttributesTable
                {
                    { "id", points.Count + 1 },
                    { "path", path },
                    { "provider", provider },
                    { "stage", (int)stage },
                    { "funding", (int)funding },
                }));
            }
        }

        return points;
    }

    private sealed record Edition(long Number, string Version, TileSet Tiles);
}
