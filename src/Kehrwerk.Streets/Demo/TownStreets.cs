namespace Kehrwerk.Streets.Demo;

/// <summary>A street as people know it: a line of edges that runs on as straight as it can, with one name.</summary>
internal sealed class TownStreet(StreetKind kind, IReadOnlyList<(Edge Edge, bool Forward)> pieces, StreetPlan plan)
{
    public StreetKind Kind { get; } = kind;
    public IReadOnlyList<(Edge Edge, bool Forward)> Pieces { get; } = pieces;
    public IReadOnlyList<int> Nodes { get; } = [.. pieces.Select(piece => piece.Forward ? piece.Edge.From : piece.Edge.To),
        pieces[^1].Forward ? pieces[^1].Edge.To : pieces[^1].Edge.From];

    public IReadOnlyList<PlanPoint> Line => [.. Nodes.Select(node => plan.Nodes[node])];
    public Course Course => Pieces[0].Edge.Course;
    public string? Name { get; set; }
    public bool OneWay { get; set; }
    public double LengthM => Pieces.Sum(piece => plan.LengthM(piece.Edge));
}

/// <summary>Joins the edges of a plan to streets and names them.</summary>
internal static class TownStreets
{
    private const double StraightOn = 0.87;

    public static List<TownStreet> Join(StreetPlan plan)
    {
        Dictionary<(int Edge, int Node), Edge> onward = [];
        for (var node = 0; node < plan.Nodes.Count; node++)
            Pair(plan, node, onward);

        List<TownStreet> streets = [];
        HashSet<int> used = [];
        foreach (var edge in plan.LiveEdges)
        {
            if (used.Contains(edge.Id))
                continue;
            // Back to where the street begins, or once around where it is a ring.
            var (start, node) = (edge, edge.From);
            while (onward.TryGetValue((start.Id, node), out var before) && before != edge)
                (start, node) = (before, before.Other(node));
            // A one-way street is told in its direction of travel, so that ways need not be turned.
            List<(Edge, bool)> pieces = [];
            for (Edge? next = start; next is not null && used.Add(next.Id);)
            {
                pieces.Add((next, next.From == node));
                node = next.Other(node);
                next = onward.GetValueOrDefault((next.Id, node));
            }
            streets.Add(new(edge.Course.Kind, pieces, plan) { Name = edge.Course.Name, OneWay = edge.Course.OneWay });
        }
        return streets;
    }

    public static void Name(IEnumerable<TownStreet> streets, TownShape shape, Dice dice)
    {
        var all = streets.ToList();
        StreetNames names = new(dice, all.Select(street => street.Name).OfType<string>());
        // The inner town chooses first, so that it gets the short old names.
        foreach (var street in all.Where(street => street.Name is null && street.Kind != StreetKind.Service && !street.Course.Roundabout)
            .OrderBy(street => street.Line[street.Line.Count / 2].LengthM))
        {
            var zone = shape.ZoneOf(street.Line[street.Line.Count / 2]);
            street.Name = names.For(street.Kind, zone, street.LengthM);
        }
    }

    /// <summary>At one node, pairs the edges that are the same street: the same course, or the same kind straight on.</summary>
    private static void Pair(StreetPlan plan, int node, Dictionary<(int, int), Edge> onward)
    {
        var at = plan.Nodes[node];
        var edges = plan.EdgesAt[node];
        List<(double Rank, Edge First, Edge Second)> pairs = [];
        for (var i = 0; i < edges.Count; i++)
            for (var k = i + 1; k < edges.Count; k++)
            {
                var (a, b) = (edges[i], edges[k]);
                var straight = -(plan.Nodes[a.Other(node)] - at).Unit.Dot((plan.Nodes[b.Other(node)] - at).Unit);
                var same = a.Course == b.Course && (!a.Course.OneWay || a.To == node != (b.To == node));
                var alike = a.Course.Kind == b.Course.Kind && a.Course.Name == b.Course.Name && !a.Course.OneWay && !b.Course.OneWay
                    && a.Course.Private == b.Course.Private && a.Course.Depot == b.Course.Depot && straight > StraightOn;
                if (same || alike)
                    pairs.Add((same ? 2 + straight : straight, a, b));
            }
        foreach (var (_, a, b) in pairs.OrderByDescending(pair => pair.Rank))
        {
            if (onward.ContainsKey((a.Id, node)) || onward.ContainsKey((b.Id, node)))
                continue;
            onward[(a.Id, node)] = b;
            onward[(b.Id, node)] = a;
        }
    }
}
