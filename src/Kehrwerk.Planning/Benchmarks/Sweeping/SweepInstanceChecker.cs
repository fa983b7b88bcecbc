using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>
/// Judges a solution of an instance by the instance's own data, with ways of its own (<see cref="CheckerWays"/>); the solver's are not used.
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
        var verdict = ArcChecker.Check(instance.ToProblem(new CheckerWays(instance.Network)), arcs, instance.Names);
        return new(verdict.Cost, [.. verdict.Violations.Select(violation => $"{source}: {violation}")]);
    }
}
