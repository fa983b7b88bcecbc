namespace Kehrwerk.Streets.Routing;

/// <summary>
/// The order in which the states of a turn graph are contracted. The nodes of the street network are cut in two again and
/// again; the states that drive across a cut separate those that stay on either side, since a turn joins arcs at a node.
/// So small cuts of streets are small separators of turns, and they come last (Buchhold, Wagner, Zeitz and Zündorf 2020).
/// </summary>
internal static class NestedDissection
{
    /// <summary>All states, the first to contract first. Both sides of a cut have their states in one stretch each.</summary>
    public static int[] Order(TurnGraph graph)
    {
        var network = graph.Network;
        var order = new int[graph.StateCount];
        var place = order.Length;
        var nodes = new int[network.NodeCount];
        for (var node = 0; node < nodes.Length; node++)
        {
            nodes[node] = node;
        }

        var cell = new int[network.NodeCount];
        var cells = 0;
        var flow = new InertialFlow(graph);
        var open = new Stack<(int Start, int End)>();
        open.Push((0, nodes.Length));
        while (open.TryPop(out var stretch))
        {
            var id = NewCell(stretch.Start, stretch.End);
            var start = stretch.Start;
            foreach (var length in flow.SplitIntoConnectedParts(nodes.AsSpan(stretch.Start, stretch.End - stretch.Start), cell, id))
            {
                var end = stretch.Start + length;
                if (start > stretch.Start || end < stretch.End)
                {
                    open.Push((start, end));
                }
                else if (end - start == 1)
                {
                    PlaceArcs(start, end, id);
                }
                else
                {
                    var middle = start + flow.Cut(nodes.AsSpan(start, end - start), cell, id);
                    var other = NewCell(middle, end);
                    PlaceArcs(start, middle, other);
                    PlaceArcs(middle, end, id);
                    open.Push((start, middle));
                    open.Push((middle, end));
                }

                start = end;
            }
        }

        return order;

        int NewCell(int start, int end)
        {
            cells++;
            foreach (var node in nodes.AsSpan(start, end - start))
            {
                cell[node] = cells;
            }

            return cells;
        }

        // The arcs from these nodes into a cell take the last places that are left.
        void PlaceArcs(int start, int end, int intoCell)
        {
            foreach (var node in nodes.AsSpan(start, end - start))
            {
                for (var arc = network.FirstOut[node]; arc < network.FirstOut[node + 1]; arc++)
                {
                    if (cell[network.ArcHead[arc]] == intoCell)
                    {
                        foreach (var state in graph.StatesOf(arc))
                        {
                            order[--place] = state;
                        }
                    }
                }
            }
        }
    }
}
