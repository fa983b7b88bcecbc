using System.Collections.Immutable;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>What lies on the kerbs (Kehrgut).</summary>
/// <param name="VolumeM3PerM">Cubic metres on each metre of kerb; 0.00003–0.0002 usual, up to 0.001 in autumn leaves; at most 0.1.</param>
/// <param name="DensityKgPerM3">Mass of a cubic metre, kg; wet sweepings up to about 700; at most 3,000.</param>
public sealed record KerbDirt(double VolumeM3PerM = 0.00008, double DensityKgPerM3 = 700);

public sealed partial record SweepProblem
{
    /// <summary>The problem of sweeping every kerb of a city whose cleaning class is due at all. Days and closures may be set on the result.</summary>
    /// <param name="graph">Turn graph over the city's streets, built for the slowest vehicle.</param>
    /// <param name="dirt">What lies on the kerbs; null for the default.</param>
    /// <exception cref="InputException">A figure is out of bounds; the message names it.</exception>
    public static SweepProblem ForCity(City city, TurnGraph graph, ImmutableArray<SweeperSpec> vehicles, KerbDirt? dirt = null)
    {
        if (!ReferenceEquals(graph.Network, city.Streets))
        {
            throw new ArgumentException("The turn graph belongs to other streets than the city.", nameof(graph));
        }

        dirt ??= new();
        ProblemRules.InRange("dirt", "volume per metre", dirt.VolumeM3PerM, 0, 0.1, "m³/m");
        ProblemRules.InRange("dirt", "density", dirt.DensityKgPerM3, 0, 3000, "kg/m³");
        var problem = new SweepProblem
        {
            Graph = graph,
            Depots = [city.Depot],
            Vehicles = vehicles,
            Tasks = [.. city.Kerbs.Where(k => k.Class.TimesPerWeek > 0).Select(k => TaskOf(k, city.Streets, dirt))],
        };
        ProblemRules.Require(problem);
        return problem;
    }

    private static SweepTask TaskOf(Kerb kerb, StreetNetwork streets, KerbDirt dirt)
    {
        var lengthM = streets.ArcLengthM[kerb.Arc];
        var volumeM3 = lengthM * dirt.VolumeM3PerM;
        return new(kerb.Id, kerb.Arc, lengthM, volumeM3, volumeM3 * dirt.DensityKgPerM3, kerb.Class.TimesPerWeek, kerb.Class.Priority);
    }
}
