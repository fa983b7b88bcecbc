using OsmSharp;
using OsmSharp.Tags;

namespace Kehrwerk.Streets.Demo;

/// <summary>Collects nodes, ways and relations of a plan with running ids, and turns metres into degrees.</summary>
internal sealed class OsmFile
{
    private const double Latitude = 51.4;
    private const double Longitude = 6.7;

    // Series for the length of a degree on the WGS84 ellipsoid, in metres.
    private static readonly double metresPerLatitude = 111132.954 - 559.822 * Math.Cos(2 * Radians) + 1.175 * Math.Cos(4 * Radians);
    private static readonly double metresPerLongitude = 111412.84 * Math.Cos(Radians) - 93.5 * Math.Cos(3 * Radians) + 0.118 * Math.Cos(5 * Radians);

    // One fixed instant, so that the same town is the same file.
    private static readonly DateTime writtenAt = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static double Radians => Latitude * Math.PI / 180;

    public List<Node> Nodes { get; } = [];
    public List<Way> Ways { get; } = [];
    public List<Relation> Relations { get; } = [];

    /// <summary>All objects in the order that OSM files have: nodes, ways, relations, each by id.</summary>
    public IEnumerable<OsmGeo> All => [.. Nodes, .. Ways, .. Relations];

    public Node Node(PlanPoint p, params (string Key, string Value)[] tags)
    {
        var node = Stamped(new Node
        {
            Latitude = Math.Round(Latitude + p.Y / metresPerLatitude, 7),
            Longitude = Math.Round(Longitude + p.X / metresPerLongitude, 7),
        }, Nodes.Count + 1, tags);
        Nodes.Add(node);
        return node;
    }

    public Way Way(IEnumerable<long> nodes, IEnumerable<(string Key, string Value)> tags)
    {
        var way = Stamped(new Way { Nodes = [.. nodes] }, Ways.Count + 1, tags);
        Ways.Add(way);
        return way;
    }

    public Way Line(IEnumerable<PlanPoint> line, params (string Key, string Value)[] tags) =>
        Way([.. line.Select(p => Node(p).Id!.Value)], tags);

    public Way Area(IEnumerable<PlanPoint> ring, params (string Key, string Value)[] tags)
    {
        List<long> ids = [.. ring.Select(p => Node(p).Id!.Value)];
        return Way([.. ids, ids[0]], tags);
    }

    public void Relation(IEnumerable<(OsmGeoType Type, long Id, string Role)> members, IEnumerable<(string Key, string Value)> tags) =>
        Relations.Add(Stamped(new Relation { Members = [.. members.Select(member => new RelationMember(member.Id, member.Role, member.Type))] }, Relations.Count + 1, tags));

    private static T Stamped<T>(T geo, long id, IEnumerable<(string Key, string Value)> tags) where T : OsmGeo
    {
        (geo.Id, geo.Version, geo.Visible, geo.TimeStamp) = (id, 1, true, writtenAt);
        (geo.ChangeSetId, geo.UserId, geo.UserName) = (1, 1, "kehrwerk");
        geo.Tags = new TagsCollection(tags.Select(tag => new Tag(tag.Key, tag.Value)));
        return geo;
    }
}
