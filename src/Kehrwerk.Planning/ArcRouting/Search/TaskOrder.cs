using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Numbers tasks so that near ones have near numbers: the search looks at near tasks one after the other, and then finds them in
/// the same lines of the processor's cache. Tasks are halved again and again, by which of two far ones they are nearer to. Immutable.
/// </summary>
internal sealed class TaskOrder
{
    private readonly int[] taskAt;

    private TaskOrder(int[] taskAt) => this.taskAt = taskAt;

    public static TaskOrder Of(ArcProblem problem)
    {
        int[] order = [.. Enumerable.Range(0, problem.Tasks.Length)];
        Halve(problem, order, new int[order.Length]);
        return new(order);
    }

    /// <summary>The same problem with the tasks in this order.</summary>
    public ArcProblem Apply(ArcProblem problem) => problem with
    {
        Tasks = [.. taskAt.Select(task => problem.Tasks[task])],
        Vehicles = [.. problem.Vehicles.Select(v => v with
        {
            TaskTime = Row(v.TaskTime, 1),
            TaskCost = Row(v.TaskCost, 1),
            TaskDemand = Row(v.TaskDemand, problem.Resources),
        })],
    };

    private ImmutableArray<int> Row(ImmutableArray<int> values, int width) =>
        values.IsEmpty ? values : [.. taskAt.SelectMany(task => Enumerable.Range(task * width, width), (_, i) => values[i])];

    /// <summary>A solution of the problem in this order, with the numbers of the problem itself.</summary>
    public ArcSolution Restore(ArcSolution solution) => Renumber(solution, taskAt);

    /// <summary>A solution of the problem itself, with the numbers of this order.</summary>
    public ArcSolution Apply(ArcSolution solution)
    {
        var positionOf = new int[taskAt.Length];
        for (var i = 0; i < taskAt.Length; i++)
        {
            positionOf[taskAt[i]] = i;
        }

        return Renumber(solution, positionOf);
    }

    private static ArcSolution Renumber(ArcSolution solution, int[] number) => solution with
    {
        Tours = [.. solution.Tours.Select(tour => tour with { Stops = [.. tour.Stops.Select(stop => stop.IsSite ? stop : stop with { Index = number[stop.Index] })] })],
        Unserved = [.. solution.Unserved.Select(task => number[task]).Order()],
    };

    private static void Halve(ArcProblem problem, Span<int> tasks, Span<int> keys)
    {
        if (tasks.Length <= 2)
        {
            return;
        }

        var first = Farthest(problem, tasks, Farthest(problem, tasks, tasks[0]));
        var second = Farthest(problem, tasks, first);
        for (var i = 0; i < tasks.Length; i++)
        {
            keys[i] = Way(problem, first, tasks[i]) - Way(problem, second, tasks[i]);
        }

        keys.Sort(tasks);
        var middle = tasks.Length / 2;
        Halve(problem, tasks[..middle], keys[..middle]);
        Halve(problem, tasks[middle..], keys[middle..]);
    }

    private static int Farthest(ArcProblem problem, ReadOnlySpan<int> tasks, int from)
    {
        var farthest = from;
        var most = -1;
        foreach (var task in tasks)
        {
            if (Way(problem, from, task) is var way && way > most)
            {
                (farthest, most) = (task, way);
            }
        }

        return farthest;
    }

    private static int Way(ArcProblem problem, int from, int to) =>
        from == to ? 0 : problem.Travel[problem.Tasks[from].Modes[0].Exit, problem.Tasks[to].Modes[0].Entry];
}
