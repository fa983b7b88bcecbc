namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// For each task the nearest others, nearest first, whichever of the two comes first; of equally near ones that with the lower
/// number. The cost of serving a task does not make it far. Immutable.
/// </summary>
internal sealed class NearLists
{
    private readonly int[] near;
    private readonly int[] way;

    /// <param name="length">Of each list; less where there are fewer tasks.</param>
    public NearLists(ArcProblem problem, int length)
    {
        Tasks = problem.Tasks.Length;
        Length = Math.Clamp(length, 0, Math.Max(0, Tasks - 1));
        near = new int[Tasks * Length];
        way = new int[Tasks * Length];
        var (first, last) = EndsByMode(problem);
        var fromTask = new int[problem.Travel.Places];
        var toTask = new int[problem.Travel.Places];
        var nearest = new long[2 * Length];
        for (var task = 0; task < Tasks && Length > 0; task++)
        {
            WaysByPlace(problem, task, fromTask, toTask);
            var count = 0;
            var farthest = long.MaxValue;
            for (var other = 0; other < Tasks; other++)
            {
                if (other == task)
                {
                    continue;
                }

                var least = Math.Min(
                    Math.Min(fromTask[first[2 * other]], fromTask[first[(2 * other) + 1]]),
                    Math.Min(toTask[last[2 * other]], toTask[last[(2 * other) + 1]]));
                var key = ((long)least << 32) | (uint)other;
                if (key < farthest)
                {
                    nearest[count++] = key;
                    if (count == nearest.Length)
                    {
                        Array.Sort(nearest);
                        count = Length;
                        farthest = nearest[Length - 1];
                    }
                }
            }

            nearest.AsSpan(0, count).Sort();
            for (var i = 0; i < Length; i++)
            {
                near[(task * Length) + i] = (int)nearest[i];
                way[(task * Length) + i] = (int)(nearest[i] >> 32);
            }
        }
    }

    public int Tasks { get; }

    public int Length { get; }

    public ReadOnlySpan<int> Of(int task) => near.AsSpan(task * Length, Length);

    /// <summary>Least way between the task and each of <see cref="Of"/>.</summary>
    public ReadOnlySpan<int> WaysOf(int task) => way.AsSpan(task * Length, Length);

    private static (int[] First, int[] Last) EndsByMode(ArcProblem problem)
    {
        var first = new int[2 * problem.Tasks.Length];
        var last = new int[first.Length];
        for (var i = 0; i < first.Length; i++)
        {
            var modes = problem.Tasks[i / 2].Modes;
            var mode = modes[Math.Min(i % 2, modes.Length - 1)];
            (first[i], last[i]) = (mode.Entry, mode.Exit);
        }

        return (first, last);
    }

    private static void WaysByPlace(ArcProblem problem, int task, int[] fromTask, int[] toTask)
    {
        Array.Fill(fromTask, CostTable.NoWay);
        Array.Fill(toTask, CostTable.NoWay);
        foreach (var mode in problem.Tasks[task].Modes)
        {
            for (var place = 0; place < fromTask.Length; place++)
            {
                fromTask[place] = Math.Min(fromTask[place], problem.Travel[mode.Exit, place]);
                toTask[place] = Math.Min(toTask[place], problem.Travel[place, mode.Entry]);
            }
        }
    }
}
