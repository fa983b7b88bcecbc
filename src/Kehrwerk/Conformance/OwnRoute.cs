using System.Collections.Immutable;
using Kehrwerk.Conformance;
using Kehrwerk.Faults;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Route = Kehrwerk.Conformance.Route;

namespace Kehrwerk;

/// <summary>Where our own sweeper drives while it is checked: once round the proving ground, from the depot at its corner.</summary>
internal static class OwnRoute
{
    // Crossings of the outer ring, in the order in which they are passed; the depot's arc leads from the last to the first.
    private static readonly int[] Ring = [0, 3, 6, 7, 8, 5, 2, 1];

    // The first is done twice by a vehicle under check; all are what our Centre may ask of a vehicle that it serves.
    private static readonly string[] Services = [SweeperActions.Tip, SweeperActions.WashHopper, SweeperActions.FillWater, SweeperActions.StartCharging];

    public static Route Instance { get; } = Build();

    private static Route Build()
    {
        var (city, map) = (ProvingGround.Instance.City, ProvingGround.Instance.City.Streets);
        var arcs = Ring.Select((from, i) => Enumerable.Range(0, map.ArcCount).First(arc => map.ArcTail[arc] == from && map.ArcHead[arc] == Ring[(i + 1) % Ring.Length])).ToList();
        return new(
            city.Fingerprint,
            map.NodeKey(Ring[0]),
            [.. Ring.Select(node => new RouteNode(map.NodeKey(node), map.NodePoint[node].X, map.NodePoint[node].Y))],
            [.. arcs.Select(arc => new RouteEdge(map.ArcKey(arc), map.NodeKey(map.ArcTail[arc]), map.NodeKey(map.ArcHead[arc])))])
        {
            NodeActions = [.. Services.Select(service => new RouteAction(map.NodeKey(Ring[0]), service, BlockingType.Hard))],
            EdgeActions = [.. arcs.Select(arc => new RouteAction(map.ArcKey(arc), SweeperActions.Sweep, BlockingType.None)
            {
                Parameters = SweeperActions.SweepKerb("any", map.ArcKey(arc), SweepSide.Right).ActionParameters,
            })],
        };
    }
}
