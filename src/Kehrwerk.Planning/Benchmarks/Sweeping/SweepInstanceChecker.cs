using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>
/// Judges a solution of an instance by the instance's own data, with ways of its own (<see cref="CheckerWays"/>).
/// </summary>
public static class SweepInstanceChecker
{
    /// <param name="source">The solution's file as the person knows it.</param>
    /// <exception cref="InputException">The solution speaks of what the instance does not have.</exception>
    public static InstanceVerdict Check(SweepInstance instance, SweepSolution solution, string source)
    {
        if (solution.Instance != instance.Name)
        {
            throw new InputException($"{source}, $.instance", $"it is a solution of '{SweepFile.Shown(solution.Instance)}', not of {instance.Name}", "Give the solution that belongs to the instance");
        }

        var arcs = solution.ToArcs(instance, source);
        var verdict = ArcChecker.Check(instance.ToProblem(WaysDriven(instance, arcs)), arcs, instance.Names);
        return new(verdict.Cost, [.. verdict.Violations.Select(violation => $"{source}: {violation}")]);
    }

    // A table that knows the ways that the solution drives, and no others.
    private static CostTable WaysDriven(SweepInstance instance, ArcSolution solution)
    {
        var arcs = instance.Places();
        var firstStart = instance.Kerbs.Length + instance.Sites.Length;
        var ways = new CheckerWays(instance.Network);
        var table = new int[arcs.Length * arcs.Length];
        Array.Fill(table, CostTable.NoWay);
        foreach (var tour in solution.Tours)
        {
            var at = firstStart + tour.Vehicle;
            foreach (var stop in tour.Stops)
            {
                DriveTo(stop.IsSite ? instance.Kerbs.Length + stop.Index : stop.Index);
            }

            DriveTo(firstStart + instance.Vehicles.Length + tour.Vehicle);

            void DriveTo(int place)
            {
                table[(at * arcs.Length) + place] = ways.Between(arcs[at], arcs[place], toEnd: place >= instance.Kerbs.Length);
                at = place;
            }
        }

        return new(arcs.Length, table);
    }
}
