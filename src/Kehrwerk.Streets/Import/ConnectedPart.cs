using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Streets.Import;

/// <summary>What stays of a draft: the network, and for each of its segments the facts it came with.</summary>
internal sealed record ConnectedStreets(StreetNetwork Network, StreetFacts[] Facts);

/// <summary>
/// Keeps the part of the streets that a vehicle can enter and leave again: the largest strongly connected component of the
/// turn-expanded graph (Tarjan 1972), largest by metres driven. A street that can only be left by a forbidden turn is not in it.
/// </summary>
internal static class ConnectedPart
{
    public static ConnectedStreets Keep(DraftNetwork draft, IReadOnlyList<DraftRestriction> restrictions, ImportTally tally)
    {
        var all = Enumerable.Range(0, draft.Segments.Count).ToArray();
        var whole = Build(draft, all, Array.ConvertAll(all, s => draft.Segments[s].Input.Directions), restrictions);
        var stays = LargestComponent(new TurnGraph(whole, new TravelCosts()));
        var directions = new Directions[draft.Segments.Count];
        for (var arc = 0; arc < whole.ArcCount; arc++)
        {
            if (stays[arc])
            {
                directions[whole.ArcSegment[arc]] |= whole.ArcForward[arc] ? Directions.Forward : Directions.Backward;
            }
        }

        foreach (var segment in all)
        {
            if (directions[segment] == Directions.None)
            {
                tally.LeaveOut("street not connected (cannot be entered and left again)", lengthM: draft.LengthM(segment));
            }
            else if (directions[segment] != draft.Segments[segment].Input.Directions)
            {
                tally.LeaveOut("one direction not connected", lengthM: draft.LengthM(segment));
            }
        }

        var kept = Array.FindAll(all, s => directions[s] != Directions.None);
        return new(Build(draft, kept, directions, restrictions), Array.ConvertAll(kept, s => draft.Segments[s].Facts));
    }

    private static StreetNetwork Build(DraftNetwork draft, int[] kept, Directions[] directions, IReadOnlyList<DraftRestriction> restrictions)
    {
        var builder = new StreetNetworkBuilder(draft.Frame);
        var node = new int[draft.Nodes.Count];
        var segment = new int[draft.Segments.Count];
        Array.Fill(node, -1);
        Array.Fill(segment, -1);
        foreach (var s in kept)
        {
            var input = draft.Segments[s].Input;
            foreach (var end in new[] { input.From, input.To })
            {
                if (node[end] < 0)
                {
                    node[end] = builder.AddNode(draft.Nodes[end].OsmId, draft.Nodes[end].Point);
                }
            }

            segment[s] = builder.AddSegment(input with { From = node[input.From], To = node[input.To], Directions = directions[s] });
        }

        foreach (var restriction in restrictions)
        {
            if (Array.TrueForAll(restriction.Steps, step => segment[step.Segment] >= 0))
            {
                builder.AddRestriction(Array.ConvertAll(restriction.Steps, step => step with { Segment = segment[step.Segment] }), restriction.Only);
            }
        }

        return builder.Build();
    }

    // Tarjan's algorithm without recursion. An arc belongs to the component of any of its states.
    private static bool[] LargestComponent(TurnGraph graph)
    {
        var component = Components(graph, out var count);
        var lengthM = new double[count];
        for (var arc = 0; arc < graph.Network.ArcCount; arc++)
        {
            foreach (var of in ComponentsOf(graph, component, arc))
            {
                lengthM[of] += graph.Network.ArcLengthM[arc];
            }
        }

        var largest = Array.IndexOf(lengthM, lengthM.DefaultIfEmpty().Max());
        var stays = new bool[graph.Network.ArcCount];
        for (var arc = 0; arc < stays.Length; arc++)
        {
            stays[arc] = ComponentsOf(graph, component, arc).Contains(largest);
        }

        return stays;
    }

    private static HashSet<int> ComponentsOf(TurnGraph graph, int[] component, int arc)
    {
        var of = new HashSet<int>();
        foreach (var state in graph.StatesOf(arc))
        {
            of.Add(component[state]);
        }

        return of;
    }

    private static int[] Components(TurnGraph graph, out int count)
    {
        var (index, low, component) = (new int[graph.StateCount], new int[graph.StateCount], new int[graph.StateCount]);
        var nextTurn = graph.FirstTurn[..graph.StateCount].ToArray();
        Array.Fill(component, -1);
        var (open, path) = (new Stack<int>(), new Stack<int>());
        var visited = 0;
        count = 0;
        for (var root = 0; root < graph.StateCount; root++)
        {
            if (index[root] != 0)
            {
                continue;
            }

            Visit(root);
            while (path.TryPeek(out var state))
            {
                if (nextTurn[state] < graph.FirstTurn[state + 1])
                {
                    var next = graph.TurnTo[nextTurn[state]++];
                    if (index[next] == 0)
                    {
                        Visit(next);
                    }
                    else if (component[next] < 0)
                    {
                        low[state] = Math.Min(low[state], index[next]);
                    }

                    continue;
                }

                path.Pop();
                if (path.TryPeek(out var before))
                {
                    low[before] = Math.Min(low[before], low[state]);
                }

                if (low[state] == index[state])
                {
                    int member;
                    do
                    {
                        member = open.Pop();
                        component[member] = count;
                    }
                    while (member != state);
                    count++;
                }
            }
        }

        return component;

        void Visit(int state)
        {
            index[state] = low[state] = ++visited;
            open.Push(state);
            path.Push(state);
        }
    }
}
