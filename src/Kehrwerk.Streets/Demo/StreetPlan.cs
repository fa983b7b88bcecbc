namespace Kehrwerk.Streets.Demo;

internal enum StreetKind { Boundary, Primary, Secondary, Tertiary, Unclassified, Residential, LivingStreet, Pedestrian, Service }

/// <summary>One line drawn into the plan: the edges of a course share kind, direction and name.</summary>
internal sealed class Course(int id, StreetKind kind)
{
    public int Id { get; } = id;
    public StreetKind Kind { get; set; } = kind;
    public string? Name { get; set; }
    public bool OneWay { get; set; }
    public bool Dual { get; set; }
    public bool Roundabout { get; set; }
    public bool Private { get; set; }
    public bool Depot { get; set; }
}

/// <summary>A straight piece of a course between two nodes, in the direction of the course.</summary>
internal sealed class Edge(int id, int from, int to, Course course)
{
    public int Id { get; } = id;
    public int From { get; } = from;
    public int To { get; set; } = to;
    public Course Course { get; } = course;
    public bool Removed { get; set; }

    public int Other(int node) => node == From ? To : From;
}

/// <summary>
/// The streets as a planar drawing: lines that meet share a node. Lines are added whole; where they cross what is
/// there, both are split, and an end or crossing within <see cref="SnapM"/> of a node becomes that node.
/// </summary>
internal sealed class StreetPlan
{
    private const double SnapM = 6;
    private const double CellM = 60;
    private readonly Dictionary<(int, int), List<int>> edgesByCell = [];

    public List<PlanPoint> Nodes { get; } = [];
    public List<Edge> Edges { get; } = [];
    public List<Course> Courses { get; } = [];
    public List<List<Edge>> EdgesAt { get; } = [];

    public IEnumerable<Edge> LiveEdges => Edges.Where(edge => !edge.Removed);

    public double LengthM(Edge edge) => Nodes[edge.From].DistanceTo(Nodes[edge.To]);

    public Course NewCourse(StreetKind kind)
    {
        Course course = new(Courses.Count, kind);
        Courses.Add(course);
        return course;
    }

    /// <summary>Draws a line, splitting it and all it crosses. Returns the nodes along it.</summary>
    public List<int> Draw(Course course, IReadOnlyList<PlanPoint> line)
    {
        List<int> nodes = [NodeAt(line[0])];
        for (var i = 1; i < line.Count; i++)
        {
            var target = NodeAt(line[i]);
            foreach (var node in Crossings(nodes[^1], target).Append(target))
                if (node != nodes[^1])
                {
                    Connect(nodes[^1], node, course);
                    nodes.Add(node);
                }
        }
        return nodes;
    }

    /// <summary>The node at a point: one that is near, or a new one, on the edge that runs there if one does.</summary>
    public int NodeAt(PlanPoint p, double snapM = SnapM)
    {
        Edge? nearest = null;
        var nearestM = snapM;
        foreach (var edge in EdgesNear(p, p, snapM))
        {
            foreach (var node in (ReadOnlySpan<int>)[edge.From, edge.To])
                if (Nodes[node].DistanceTo(p) < snapM)
                    return node;
            var distanceM = Shapes.DistanceToSegmentM(p, Nodes[edge.From], Nodes[edge.To]);
            if (distanceM < nearestM)
                (nearest, nearestM) = (edge, distanceM);
        }
        return nearest is null ? AddNode(p) : Split(nearest, p);
    }

    public int AddNode(PlanPoint p)
    {
        Nodes.Add(p);
        EdgesAt.Add([]);
        return Nodes.Count - 1;
    }

    public void Connect(int from, int to, Course course)
    {
        if (from != to && !EdgesAt[from].Exists(edge => edge.Other(from) == to))
            Add(from, to, course);
    }

    /// <summary>Puts a node on an edge, at the point of the edge that is nearest to <paramref name="p"/>.</summary>
    public int Split(Edge edge, PlanPoint p)
    {
        var (a, b) = (Nodes[edge.From], Nodes[edge.To]);
        var along = b - a;
        var node = AddNode(a + along * Math.Clamp((p - a).Dot(along) / along.Dot(along), 0, 1));
        var oldEnd = edge.To;
        EdgesAt[oldEnd].Remove(edge);
        edge.To = node;
        EdgesAt[node].Add(edge);
        Add(node, oldEnd, edge.Course);
        return node;
    }

    public void Remove(Edge edge)
    {
        edge.Removed = true;
        EdgesAt[edge.From].Remove(edge);
        EdgesAt[edge.To].Remove(edge);
    }

    /// <summary>Edges whose box comes within a distance of the box of a–b, each once, in order of their ids.</summary>
    public IEnumerable<Edge> EdgesNear(PlanPoint a, PlanPoint b, double withinM)
    {
        SortedSet<int> found = [];
        foreach (var cell in Cells(a, b, withinM))
            if (edgesByCell.TryGetValue(cell, out var ids))
                found.UnionWith(ids);
        return found.Select(id => Edges[id]).Where(edge => !edge.Removed);
    }

    /// <summary>The edge at a node that leaves it closest to a direction.</summary>
    public Edge EdgeTowards(int node, PlanPoint direction) =>
        EdgesAt[node].MaxBy(edge => (Nodes[edge.Other(node)] - Nodes[node]).Unit.Dot(direction.Unit))!;

    /// <summary>The nodes around the face that lies to the left of an edge when leaving <paramref name="start"/>.</summary>
    public List<int> FaceLeftOf(int start, Edge first)
    {
        List<int> ring = [];
        var (node, edge) = (start, first);
        do
        {
            ring.Add(node);
            node = edge.Other(node);
            edge = NextClockwise(node, edge);
        }
        while (node != start || edge != first);
        return ring;
    }

    /// <summary>A start node and direction for every face of the drawing.</summary>
    public List<(int Node, PlanPoint Direction)> Faces()
    {
        List<(int, PlanPoint)> faces = [];
        HashSet<(int, int)> seen = [];
        foreach (var edge in LiveEdges)
            foreach (var node in (int[])[edge.From, edge.To])
            {
                if (seen.Contains((node, edge.Other(node))))
                    continue;
                var ring = FaceLeftOf(node, edge);
                for (var i = 0; i < ring.Count; i++)
                    seen.Add((ring[i], ring[(i + 1) % ring.Count]));
                faces.Add((node, Nodes[edge.Other(node)] - Nodes[node]));
            }
        return faces;
    }

    private Edge NextClockwise(int node, Edge arrivedBy)
    {
        var back = (Nodes[arrivedBy.Other(node)] - Nodes[node]).Angle;
        Edge best = arrivedBy;
        var bestTurn = double.MaxValue;
        foreach (var edge in EdgesAt[node])
        {
            if (edge == arrivedBy)
                continue;
            var turn = back - (Nodes[edge.Other(node)] - Nodes[node]).Angle;
            turn = turn <= 0 ? turn + 2 * Math.PI : turn;
            if (turn < bestTurn)
                (best, bestTurn) = (edge, turn);
        }
        return best;
    }

    private List<int> Crossings(int from, int to)
    {
        var (a, b) = (Nodes[from], Nodes[to]);
        List<(double At, int Node)> found = [];
        foreach (var edge in EdgesNear(a, b, SnapM).ToList())
        {
            if (edge.From == from || edge.To == from || edge.From == to || edge.To == to)
                continue;
            var (c, d) = (Nodes[edge.From], Nodes[edge.To]);
            if (Shapes.Crossing(a, b, c, d) is not { } crossing)
                continue;
            var p = a + (b - a) * crossing.OnFirst;
            var node = p.DistanceTo(c) < SnapM ? edge.From
                : p.DistanceTo(d) < SnapM ? edge.To
                : Split(edge, p);
            found.Add((crossing.OnFirst, node));
        }
        return [.. found.OrderBy(crossing => crossing.At).Select(crossing => crossing.Node).Distinct()];
    }

    private void Add(int from, int to, Course course)
    {
        Edge edge = new(Edges.Count, from, to, course);
        Edges.Add(edge);
        EdgesAt[from].Add(edge);
        EdgesAt[to].Add(edge);
        foreach (var cell in Cells(Nodes[from], Nodes[to], 0))
        {
            if (!edgesByCell.TryGetValue(cell, out var ids))
                edgesByCell[cell] = ids = [];
            ids.Add(edge.Id);
        }
    }

    private static IEnumerable<(int, int)> Cells(PlanPoint a, PlanPoint b, double marginM)
    {
        var (left, right) = ((int)Math.Floor((Math.Min(a.X, b.X) - marginM) / CellM), (int)Math.Floor((Math.Max(a.X, b.X) + marginM) / CellM));
        var (bottom, top) = ((int)Math.Floor((Math.Min(a.Y, b.Y) - marginM) / CellM), (int)Math.Floor((Math.Max(a.Y, b.Y) + marginM) / CellM));
        for (var x = left; x <= right; x++)
            for (var y = bottom; y <= top; y++)
                yield return (x, y);
    }
}
