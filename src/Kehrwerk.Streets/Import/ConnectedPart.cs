using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Streets.Import;

/// <summary>What stays of a draft: the network, and for each of its segments the facts it came with.</summary>
internal sealed record ConnectedStreets(StreetNetwork Network, StreetFacts[] Facts);

/// <summary>
/// Keeps the part of the streets that a vehicle can enter and leave again: the largest strongly connected component of the
/// turn-expanded graph, largest by metres driven. Before that, streets that lead out of the file for good are taken away
/// (arcs between components of the plain graph): what they led on from is a dead end then, where a vehicle may turn back.
/// </summary>
internal static class ConnectedPart
{
    public static ConnectedStreets Keep(DraftNetwork draft, IReadOnlyList<DraftRestriction> restrictions, ImportTally tally)
    {
        var whole = Build(draft, restrictions);
        var (returning, ofWhole) = Reduce(whole, ArcsInsideComponents(whole));
        var (kept, ofReturning) = Reduce(returning, LargestComponent(new TurnGraph(returning, new TravelCosts())));
        var segments = Array.ConvertAll(ofReturning, s => ofWhole[s]);
        Report(draft, kept, segments, tally);
        return new(kept, Array.ConvertAll(segments, s => draft.Segments[s].Facts));
    }

    private static void Report(DraftNetwork draft, StreetNetwork kept, int[] segments, ImportTally tally)
    {
        var directions = new Directions[draft.Segments.Count];
        for (var arc = 0; arc < kept.ArcCount; arc++)
        {
            directions[segments[kept.ArcSegment[arc]]] |= kept.ArcForward[arc] ? Directions.Forward : Directions.Backward;
        }

        for (var s = 0; s < directions.Length; s++)
        {
            if (directions[s] == Directions.None)
            {
                tally.LeaveOut("street not connected (cannot be entered and left again)", lengthM: draft.LengthM(s));
            }
            else if (directions[s] != draft.Segments[s].Input.Directions)
            {
                tally.LeaveOut("one direction not connected", lengthM: draft.LengthM(s));
            }
        }
    }

    private static StreetNetwork Build(DraftNetwork draft, IReadOnlyList<DraftRestriction> restrictions)
    {
        var builder = new StreetNetworkBuilder(draft.Frame);
        foreach (var (osmId, point) in draft.Nodes)
        {
            builder.AddNode(osmId, point);
        }

        foreach (var segment in draft.Segments)
        {
            builder.AddSegment(segment.Input);
        }

        foreach (var restriction in restrictions)
        {
            builder.AddRestriction(restriction.Steps, restriction.Only);
        }

        return builder.Build();
    }

    // The network of the arcs that stay, and for each of its segments the segment it was. Bans are taken over as bans, also
    // those that an "only" restriction gave rise to: it binds even where the one way allowed is gone.
    private static (StreetNetwork Network, int[] Segments) Reduce(StreetNetwork whole, bool[] stays)
    {
        var directions = new Directions[whole.SegmentCount];
        var speedMps = new double[whole.SegmentCount];
        for (var arc = 0; arc < whole.ArcCount; arc++)
        {
            speedMps[whole.ArcSegment[arc]] = whole.ArcSpeedMps[arc];
            directions[whole.ArcSegment[arc]] |= !stays[arc] ? Directions.None : whole.ArcForward[arc] ? Directions.Forward : Directions.Backward;
        }

        var builder = new StreetNetworkBuilder(whole.Frame);
        var kept = new List<int>();
        var (node, segment) = (new int[whole.NodeCount], new int[whole.SegmentCount]);
        Array.Fill(node, -1);
        for (var s = 0; s < whole.SegmentCount; s++)
        {
            if (directions[s] != Directions.None)
            {
                segment[s] = builder.AddSegment(new(
                    NodeOf(whole.SegmentFrom[s]), NodeOf(whole.SegmentTo[s]), whole.SegmentLine(s).ToArray(), whole.SegmentWayId[s], whole.SegmentPiece[s],
                    directions[s], whole.SegmentName(s), whole.SegmentClass[s], speedMps[s], whole.SegmentWidthM[s], whole.SegmentSurface[s], whole.SegmentTraits[s], whole.SegmentLanes[s]));
                kept.Add(s);
            }
        }

        foreach (var banned in whole.BannedTurns)
        {
            if (banned.Arcs.All(arc => stays[arc]))
            {
                builder.AddRestriction([.. banned.Arcs.Select(arc => new RestrictionStep(segment[whole.ArcSegment[arc]], whole.ArcForward[arc]))], only: false);
            }
        }

        return (builder.Build(), [.. kept]);

        int NodeOf(int n) => node[n] >= 0 ? node[n] : node[n] = builder.AddNode(whole.NodeOsmId[n], whole.NodePoint[n]);
    }

    private static bool[] ArcsInsideComponents(StreetNetwork network)
    {
        var component = StrongComponents.Of(network.FirstOut, network.ArcHead, out _);
        var inside = new bool[network.ArcCount];
        for (var arc = 0; arc < inside.Length; arc++)
        {
            inside[arc] = component[network.ArcTail[arc]] == component[network.ArcHead[arc]];
        }

        return inside;
    }

    // An arc belongs to the component of any of its states.
    private static bool[] LargestComponent(TurnGraph graph)
    {
        var component = StrongComponents.Of(graph.FirstTurn, graph.TurnTo, out var count);
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
}
