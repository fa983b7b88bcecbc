using Kehrwerk.Conformance;
using Kehrwerk.Faults;
using Kehrwerk.Streets;
using Route = Kehrwerk.Conformance.Route;

namespace Kehrwerk;

/// <summary>Where our own sweeper drives while it is checked: once round the proving ground, from the depot at its corner.</summary>
internal static class OwnRoute
{
    // Crossings of the outer ring, in the order in which they are passed; the depot's arc leads from the last to the first.
    private static readonly int[] Ring = [0, 3, 6, 7, 8, 5, 2, 1];

    public static Route Instance { get; } = Build();

    private static Route Build()
    {
        var (city, map) = (ProvingGround.Instance.City, ProvingGround.Instance.City.Streets);
        return CityRoute.Along(city, [.. Ring.Select((from, i) =>
            Enumerable.Range(0, map.ArcCount).First(arc => map.ArcTail[arc] == from && map.ArcHead[arc] == Ring[(i + 1) % Ring.Length]))]);
    }
}
