namespace Kehrwerk.Streets.Demo;

/// <summary>A turn that is forbidden or required: from one edge over a node or edge to another.</summary>
internal sealed record TurnRule(string Kind, Edge From, int? ViaNode, Edge? ViaEdge, Edge To, string? Except);

/// <summary>Rules of the road: one-way streets and turn restrictions, neither of which may cut anything off.</summary>
internal sealed class Traffic(StreetPlan plan, TownShape shape, Dice dice)
{
    public List<TurnRule> TurnRules { get; } = [];

    /// <summary>Makes about half of the old town's lanes and a few streets of the inner town one-way, as long as every place can be reached and left.</summary>
    public void ChooseOneWays(IReadOnlyList<TownStreet> streets)
    {
        Dictionary<Edge, bool> direction = [];
        foreach (var street in streets.Where(street => street.OneWay))
            foreach (var (edge, _) in street.Pieces)
                direction[edge] = true;
        var tries = 240;
        foreach (var street in streets)
        {
            var share = street.Kind != StreetKind.Residential ? 0 : shape.ZoneOf(street.Line[street.Line.Count / 2]) switch
            {
                Zone.OldTown => 0.6,
                Zone.Inner => 0.12,
                _ => 0,
            };
            if (tries == 0 || street.OneWay || !dice.Chance(share))
                continue;
            tries--;
            foreach (var (edge, forward) in street.Pieces)
                direction[edge] = forward;
            street.OneWay = StronglyConnected(direction);
            if (!street.OneWay)
                foreach (var (edge, _) in street.Pieces)
                    direction.Remove(edge);
        }
    }

    /// <summary>Restrictions at main junctions, about one for every 4 km of kerb, and at both ends of the dual carriageway's median.</summary>
    public void ChooseTurnRules(IReadOnlyList<TownStreet> streets, double kerbKm)
    {
        var streetOf = streets.SelectMany(street => street.Pieces.Select(piece => (piece.Edge, street))).ToDictionary(pair => pair.Edge, pair => pair.street);
        MedianUTurns(streetOf);
        var wanted = Math.Max(4, (int)(kerbKm / 4));
        var junctions = Enumerable.Range(0, plan.Nodes.Count).Where(IsMainJunction).ToList();
        for (var i = 0; i < wanted && junctions.Count > 0; i++)
        {
            var node = dice.Pick(junctions);
            junctions.Remove(node);
            var from = plan.EdgesAt[node].OrderBy(edge => edge.Course.Kind).First();
            var heading = (plan.Nodes[node] - plan.Nodes[from.Other(node)]).Unit;
            var exits = plan.EdgesAt[node].Where(edge => edge != from)
                .Select(edge => (Edge: edge, Way: (plan.Nodes[edge.Other(node)] - plan.Nodes[node]).Unit)).ToList();
            var left = exits.MaxBy(exit => heading.Cross(exit.Way));
            var ahead = exits.MaxBy(exit => heading.Dot(exit.Way));
            TurnRules.Add((i % 4) switch
            {
                1 => new("no_u_turn", from, node, null, from, null),
                2 => new("no_left_turn", from, node, null, left.Edge, "bus"),
                3 => new("only_straight_on", from, node, null, ahead.Edge, null),
                _ => new("no_left_turn", from, node, null, left.Edge, null),
            });
        }
    }

    private bool IsMainJunction(int node)
    {
        var edges = plan.EdgesAt[node];
        return edges.Count == 4 && edges.TrueForAll(edge => !edge.Course.OneWay && edge.Course.Kind is not (StreetKind.Service or StreetKind.Pedestrian))
            && edges.Count(edge => edge.Course.Kind is StreetKind.Primary or StreetKind.Secondary or StreetKind.Tertiary) >= 2;
    }

    /// <summary>No U-turn from one carriageway over the short piece of a crossing street in the median to the other.</summary>
    private void MedianUTurns(Dictionary<Edge, TownStreet> streetOf)
    {
        foreach (var median in plan.LiveEdges.Where(edge => !edge.Course.OneWay && plan.LengthM(edge) < 30))
            foreach (var (near, far) in new[] { (median.From, median.To), (median.To, median.From) })
            {
                var arriving = plan.EdgesAt[near].Find(edge => edge.Course.Dual && edge.To == near);
                var leaving = plan.EdgesAt[far].Find(edge => edge.Course.Dual && edge.From == far);
                if (arriving is not null && leaving is not null && streetOf[arriving] != streetOf[leaving])
                    TurnRules.Add(new("no_u_turn", arriving, null, median, leaving, null));
            }
    }

    private bool StronglyConnected(Dictionary<Edge, bool> direction)
    {
        var nodes = Enumerable.Range(0, plan.Nodes.Count).Count(node => plan.EdgesAt[node].Count > 0);
        return Reached(direction, with: true) == nodes && Reached(direction, with: false) == nodes;
    }

    private int Reached(Dictionary<Edge, bool> direction, bool with)
    {
        var start = plan.LiveEdges.First().From;
        var seen = new bool[plan.Nodes.Count];
        seen[start] = true;
        Stack<int> open = new([start]);
        var count = 0;
        while (open.TryPop(out var node))
        {
            count++;
            foreach (var edge in plan.EdgesAt[node])
            {
                var next = edge.Other(node);
                if (seen[next] || direction.TryGetValue(edge, out var forward) && (edge.From == node == forward) != with)
                    continue;
                seen[next] = true;
                open.Push(next);
            }
        }
        return count;
    }
}
