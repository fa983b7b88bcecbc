using System.Collections.Immutable;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper.Zones;

/// <summary>
/// The zone sets that the vehicle holds, and which of them is enabled for each map (VDA 5050 3.0.0, 6.4.2). They are held in memory: after
/// a restart the vehicle has none and says so. Not thread-safe.
/// </summary>
internal sealed class ZoneShelf(ErrorLog errors, News news)
{
    /// <summary>The most sets, zones of a set, vertices of a zone and of all zones of a set; the second is declared in the factsheet.</summary>
    public const int MaxSets = 8;
    public const int MaxZones = 1000;
    public const int MaxVertices = 200;
    public const int MaxVerticesOfSet = 4000;

    /// <summary>The types that the vehicle keeps; declared in the factsheet.</summary>
    public static ImmutableArray<ZoneType> Supported { get; } =
    [
        ZoneType.Blocked, ZoneType.LineGuided, ZoneType.Release, ZoneType.CoordinatedReplanning, ZoneType.SpeedLimit,
        ZoneType.Directed, ZoneType.Bidirected,
    ];

    private readonly List<Stored> sets = [];

    /// <summary>Counts what was enabled and deleted, so that others notice.</summary>
    public int Version { get; private set; }

    public IEnumerable<StoredZoneSet> States => sets.Select(set => new StoredZoneSet(set.Content.ZoneSetId, set.Content.MapId, set.Status));

    /// <summary>Takes a set in, disabled; or reports why not.</summary>
    public void Take(ZoneSetContent content)
    {
        news.Note();
        if (Fault(content) is var (error, life))
        {
            errors.Add(error, life);
            return;
        }

        sets.Add(new(content));
    }

    /// <summary>Uses a set, and no other of its map.</summary>
    /// <returns>False: there is no such set.</returns>
    public bool Enable(string zoneSetId)
    {
        if (sets.Find(set => set.Content.ZoneSetId == zoneSetId) is not { } enabled)
        {
            return false;
        }

        foreach (var set in sets.Where(set => set.Content.MapId == enabled.Content.MapId))
        {
            set.Status = ReferenceEquals(set, enabled) ? StoredStatus.Enabled : StoredStatus.Disabled;
        }

        Version++;
        news.Note();
        return true;
    }

    /// <summary>Drops a set; false if there is none of that id, or it is enabled.</summary>
    public bool Delete(string zoneSetId)
    {
        news.Note();
        return sets.RemoveAll(set => set.Content.ZoneSetId == zoneSetId && set.Status == StoredStatus.Disabled) > 0;
    }

    /// <summary>The zones that hold on a map now.</summary>
    public ImmutableArray<ZoneShape> Of(string mapId) =>
        sets.Find(set => set.Content.MapId == mapId && set.Status == StoredStatus.Enabled) is { } set
            ? [.. set.Content.Zones.Select(zone => new ZoneShape(zone, set.Content.ZoneSetId))]
            : [];

    private (RobotError Error, ErrorLife Life)? Fault(ZoneSetContent content)
    {
        var id = new Reference("zoneSetId", content.ZoneSetId);
        if (sets.Exists(set => set.Content.ZoneSetId == content.ZoneSetId))
        {
            return (Error(ErrorTypes.DuplicateZoneSet, ErrorLevel.Warning, "The vehicle already has a zone set of this id", id), ErrorLife.AWhile);
        }

        if (sets.Count >= MaxSets || content.Zones.Length > MaxZones || content.Zones.Any(zone => zone.Vertices.Length > MaxVertices)
            || content.Zones.Sum(zone => zone.Vertices.Length) > MaxVerticesOfSet)
        {
            return (Error(ErrorTypes.InsufficientMemory, ErrorLevel.Urgent, $"No room: at most {MaxSets} zone sets with {MaxZones} zones of {MaxVertices} vertices, {MaxVerticesOfSet} vertices in a set", id), ErrorLife.NextOrder);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var zone in content.Zones)
        {
            var about = new Reference("zoneId", zone.ZoneId);
            if (!Supported.Contains(zone.ZoneType))
            {
                return (Error(ErrorTypes.UnsupportedParameter, ErrorLevel.Critical, $"Zones of type {zone.ZoneType} are not supported", id, about, new("parameter", "zoneSet.zones.zoneType")), ErrorLife.NextOrder);
            }

            var fault = content.ZoneSetId.Length == 0 ? "its set has no zoneSetId"
                : !names.Add(zone.ZoneId) ? "its zoneId occurs twice"
                : zone.MaximumSpeed is <= 0 ? "maximumSpeed must be above 0"
                : ZoneShape.Fault(zone);
            if (fault is not null)
            {
                return (Error(ErrorTypes.ValidationFailure, ErrorLevel.Warning, $"Zone {zone.ZoneId}: {fault}", id, about), ErrorLife.NextOrder);
            }
        }

        return null;
    }

    private static RobotError Error(string type, ErrorLevel level, string text, params ImmutableArray<Reference> about) =>
        new(type, level, text) { ErrorReferences = about };

    private sealed class Stored(ZoneSetContent content)
    {
        public ZoneSetContent Content { get; } = content;

        public StoredStatus Status { get; set; } = StoredStatus.Disabled;
    }
}
