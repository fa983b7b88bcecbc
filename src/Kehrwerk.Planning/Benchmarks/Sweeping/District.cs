using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>The part of a city around its depot that holds so many kerbs, with enough streets around them to come and go.</summary>
/// <param name="Kerbs">The nearest kerbs by travel time from the depot, in the order of the city.</param>
/// <param name="Arcs">Arcs of the city that belong to it, rising.</param>
internal sealed record District(Kerb[] Kerbs, int[] Arcs)
{
    /// <exception cref="InputException">The city has too few kerbs that can be reached.</exception>
    public static District Around(City city, TurnGraph graph, int kerbs)
    {
        // Restrictions over several arcs are no part of the format, so the ways of the city are never shorter than those of the instance.
        var outMs = new int[city.Streets.ArcCount];
        Array.Fill(outMs, int.MaxValue);
        new PlainRouter(graph).FindAll(city.Depot.Arc, (arc, ms) => outMs[arc] = ms);
        var candidates = city.Kerbs.Where(kerb => kerb.Class.TimesPerWeek > 0 && outMs[kerb.Arc] < int.MaxValue).OrderBy(kerb => outMs[kerb.Arc]).ThenBy(kerb => kerb.Id).ToArray();
        var home = TravelTable.Build(graph, Closures.None, [.. candidates.Select(kerb => kerb.Arc)], [city.Depot.Arc]);
        int[] nearest = [.. Enumerable.Range(0, candidates.Length).Where(i => home.TimeMs(i, 0) < TravelTable.Unreachable).Take(kerbs)];
        if (nearest.Length < kerbs)
        {
            throw new InputException("--kerbs", $"only {nearest.Length:N0} kerbs can be reached from the depot of {city.Name}", $"Ask for at most {nearest.Length}");
        }

        // Whatever lies on a way out or home is nearer to the depot than this.
        var mostMs = nearest.Max(i => outMs[candidates[i].Arc] + (long)graph.ArcMs[candidates[i].Arc] + home.TimeMs(i, 0) + graph.ArcMs[city.Depot.Arc]);
        return new(
            [.. nearest.Select(i => candidates[i]).OrderBy(kerb => kerb.Id)],
            [.. Enumerable.Range(0, outMs.Length).Where(arc => arc == city.Depot.Arc || outMs[arc] <= mostMs)]);
    }
}
