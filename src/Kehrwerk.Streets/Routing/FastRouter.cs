using System.Collections.Immutable;

namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Shortest ways by a customisable contraction hierarchy: the same questions and times as <see cref="PlainRouter"/>, in
/// microseconds. Where several ways are equally quick it may choose another one. It answers by the times as they are when it is
/// asked. A state may be given in place of the first arc there as well. Reuses its buffers: one instance per thread.
/// </summary>
public sealed class FastRouter
{
    private const int None = -1;

    private readonly HierarchyTimes times;
    private readonly StreetHierarchy hierarchy;
    private readonly Climb forward;
    private readonly Climb backward;
    private readonly List<int> summits = [];
    private readonly List<int> arcs = [];

    public FastRouter(HierarchyTimes times)
    {
        this.times = times;
        hierarchy = times.Hierarchy;
        forward = new(hierarchy, times.Up);
        backward = new(hierarchy, times.Down);
    }

    public FastRouter(TurnGraph graph, Closures closures)
        : this(new HierarchyTimes(graph.Hierarchy, closures))
    {
    }

    /// <summary>Milliseconds from the end of one arc to the start of another, or <see cref="TravelTable.Unreachable"/>.</summary>
    public int TimeMs(int fromArc, int toArc)
    {
        var (_, ms) = Search(fromArc, toArc);
        Forget();
        return ms == HierarchyTimes.Infinity ? TravelTable.Unreachable : ms - times.ArcMs(toArc);
    }

    /// <summary>The quickest way, or null where there is none.</summary>
    public Route? Find(int fromArc, int toArc)
    {
        var (meeting, ms) = Search(fromArc, toArc);
        if (meeting == None)
        {
            Forget();
            return null;
        }

        // The edges from the start up to the meeting, then those down to the target, each with all that lies below it.
        summits.Clear();
        arcs.Clear();
        var start = meeting;
        for (var edge = forward.Via[start]; edge != None; edge = forward.Via[start])
        {
            summits.Add(edge);
            start = times.Up.Side.Lower[edge];
        }

        Add(start);
        for (var i = summits.Count - 1; i >= 0; i--)
        {
            Unpack(times.Up, times.Down, summits[i], leadsUp: true);
        }

        var last = meeting;
        for (var edge = backward.Via[last]; edge != None; edge = backward.Via[last])
        {
            Unpack(times.Down, times.Up, edge, leadsUp: false);
            last = times.Down.Side.Lower[edge];
        }

        // The last state drives the arc that was asked for.
        arcs.RemoveAt(arcs.Count - 1);
        Forget();
        return new([.. arcs], ms - times.ArcMs(toArc));
    }

    // The search starts behind the turns out of the first arc, so that the way round to that arc itself is found as any other.
    private (int Meeting, int Ms) Search(int fromArc, int toArc)
    {
        var graph = hierarchy.Graph;
        for (var turn = graph.FirstTurn[fromArc]; turn < graph.FirstTurn[fromArc + 1]; turn++)
        {
            forward.Start(hierarchy.RankOf[graph.TurnTo[turn]], times.TurnMs(turn));
        }

        forward.Run();
        foreach (var state in graph.StatesOf(toArc))
        {
            backward.Start(hierarchy.RankOf[state], 0);
        }

        backward.Run();
        var (meeting, best) = (None, HierarchyTimes.Infinity);
        foreach (var rank in backward.Reached)
        {
            // Labels that were never set are infinite, and the sum of two is still an int.
            var ms = forward.Ms[rank] + backward.Ms[rank];
            if (ms < best)
            {
                (meeting, best) = (rank, ms);
            }
        }

        return (meeting, best);
    }

    private void Forget()
    {
        forward.Forget();
        backward.Forget();
    }

    // Adds the arcs of the way along an edge, without that of its first state.
    private void Unpack(EdgeTimes edges, EdgeTimes others, int edge, bool leadsUp)
    {
        var (toLower, toUpper) = edges.Parts[edge];
        if (toLower == None)
        {
            Add(leadsUp ? edges.Side.Upper[edge] : edges.Side.Lower[edge]);
        }
        else if (leadsUp)
        {
            Unpack(others, edges, toLower, leadsUp: false);
            Unpack(edges, others, toUpper, leadsUp: true);
        }
        else
        {
            Unpack(edges, others, toUpper, leadsUp: false);
            Unpack(others, edges, toLower, leadsUp: true);
        }
    }

    private void Add(int rank) => arcs.Add(hierarchy.ArcAt[rank]);
}
