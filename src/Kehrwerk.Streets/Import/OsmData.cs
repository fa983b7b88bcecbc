namespace Kehrwerk.Streets.Import;

/// <summary>A way; its nodes are indices into <see cref="OsmNodes"/>, -1 where the file has no such node.</summary>
internal sealed record OsmWay(long Id, int[] Nodes, Tags Tags)
{
    public bool IsClosed => Nodes.Length > 3 && Nodes[0] == Nodes[^1] && Nodes[0] >= 0;

    public bool IsWhole => Array.IndexOf(Nodes, -1) < 0;
}

internal enum MemberKind : byte { Node, Way, Relation }

internal readonly record struct OsmMember(MemberKind Kind, long Id, string Role);

internal sealed record OsmRelation(long Id, OsmMember[] Members, Tags Tags);

/// <summary>Every node of a file: id and place in flat arrays, sorted by id.</summary>
internal sealed class OsmNodes(long[] ids, int[] latE7, int[] lonE7)
{
    public int Count => ids.Length;

    public long Id(int node) => ids[node];

    public GeoPoint Position(int node) => new(latE7[node] / 1e7, lonE7[node] / 1e7);

    /// <summary>Index of the node with that id, or -1.</summary>
    public int IndexOf(long id)
    {
        var at = Array.BinarySearch(ids, id);
        return at < 0 ? -1 : at;
    }
}

/// <summary>An OSM file in memory, reduced to what the import reads.</summary>
internal sealed class OsmData(OsmNodes nodes, IReadOnlyList<(int Node, Tags Tags)> taggedNodes, IReadOnlyList<OsmWay> ways, IReadOnlyList<OsmRelation> relations)
{
    private readonly Dictionary<long, int> wayIndex = IndexWays(ways);

    public OsmNodes Nodes { get; } = nodes;
    public IReadOnlyList<(int Node, Tags Tags)> TaggedNodes { get; } = taggedNodes;
    public IReadOnlyList<OsmWay> Ways { get; } = ways;
    public IReadOnlyList<OsmRelation> Relations { get; } = relations;

    public OsmWay? FindWay(long id) => wayIndex.TryGetValue(id, out var index) ? Ways[index] : null;

    /// <summary>Length over ground of a way as far as its nodes are known, metres (local plane: true to 0.1 % within a city).</summary>
    public double LengthM(OsmWay way)
    {
        var lengthM = 0.0;
        for (var i = 1; i < way.Nodes.Length; i++)
        {
            if (way.Nodes[i - 1] >= 0 && way.Nodes[i] >= 0)
            {
                var a = Nodes.Position(way.Nodes[i - 1]);
                var b = Nodes.Position(way.Nodes[i]);
                const double metresPerDegree = 111_195;
                var north = (b.Lat - a.Lat) * metresPerDegree;
                var east = (b.Lon - a.Lon) * metresPerDegree * Math.Cos(a.Lat * Math.PI / 180);
                lengthM += Math.Sqrt((north * north) + (east * east));
            }
        }

        return lengthM;
    }

    private static Dictionary<long, int> IndexWays(IReadOnlyList<OsmWay> ways)
    {
        var index = new Dictionary<long, int>(ways.Count);
        for (var i = 0; i < ways.Count; i++)
        {
            index.TryAdd(ways[i].Id, i);
        }

        return index;
    }
}
