using Google.OrTools.Graph;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// A short closed route past tasks, whatever they load and however long it takes: each gets the successor that makes all ways together least
/// (an assignment, by flow over ways between near tasks and over the start), and the rings that come of that are joined one after the other
/// where that costs least (Karp 1979, "A patching algorithm for the nonsymmetric traveling-salesman problem").
/// </summary>
internal sealed class ClosedRoute<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private const int Successors = 16;

    private readonly SearchModel<TCosts> model;
    private readonly int[] tasks;
    private readonly bool[] isOnRoute;
    private readonly int[] next;
    private readonly int[] previous;
    private readonly int[] ring;

    private ClosedRoute(SearchModel<TCosts> model, int[] tasks)
    {
        this.model = model;
        this.tasks = tasks;
        isOnRoute = new bool[model.Tasks];
        next = new int[model.Tasks];
        previous = new int[model.Tasks];
        ring = new int[model.Tasks];
        foreach (var task in tasks)
        {
            isOnRoute[task] = true;
        }
    }

    /// <summary>The tasks in the order of such a route, begun where the start of the first vehicle fits best.</summary>
    public static int[] Past(SearchModel<TCosts> model, int[] tasks)
    {
        if (tasks.Length <= 2)
        {
            return tasks;
        }

        var route = new ClosedRoute<TCosts>(model, tasks);
        route.Assign();
        var rings = route.NumberRings();
        route.JoinNearRings(rings);
        return route.OpenAt(model.Vehicles[0].StartStop);
    }

    // Nodes of the flow: exits of the tasks, their entries, and the start, over which any way can lead.
    private void Assign()
    {
        var count = tasks.Length;
        var start = model.Vehicles[0].StartStop;
        var flow = new MinCostFlow(2 * count, (2 * Successors * count) + (2 * count));
        var number = new int[model.Tasks];
        for (var i = 0; i < count; i++)
        {
            number[tasks[i]] = i;
            flow.SetNodeSupply(i, 1);
            flow.SetNodeSupply(count + i, -1);
        }

        for (var i = 0; i < count; i++)
        {
            flow.AddArcWithCapacityAndUnitCost(i, 2 * count, 1, Way(tasks[i], start));
            flow.AddArcWithCapacityAndUnitCost(2 * count, count + i, 1, Way(start, tasks[i]));
            foreach (var near in NearOnRoute(tasks[i]))
            {
                flow.AddArcWithCapacityAndUnitCost(i, count + number[near], 1, Way(tasks[i], near));
                flow.AddArcWithCapacityAndUnitCost(number[near], count + i, 1, Way(near, tasks[i]));
            }
        }

        if (flow.Solve() != MinCostFlow.Status.OPTIMAL)
        {
            throw new InvalidOperationException("An assignment that always has a solution has none.");
        }

        var toStart = new Stack<int>();
        var fromStart = new Stack<int>();
        for (var arc = 0; arc < flow.NumArcs(); arc++)
        {
            if (flow.Flow(arc) == 0)
            {
                continue;
            }

            var (tail, head) = (flow.Tail(arc), flow.Head(arc));
            if (head == 2 * count)
            {
                toStart.Push(tasks[tail]);
            }
            else if (tail == 2 * count)
            {
                fromStart.Push(tasks[head - count]);
            }
            else
            {
                Follow(tasks[tail], tasks[head - count]);
            }
        }

        while (toStart.Count > 0)
        {
            Follow(toStart.Pop(), fromStart.Pop());
        }
    }

    private int NumberRings()
    {
        Array.Fill(ring, -1);
        var rings = 0;
        foreach (var task in tasks)
        {
            for (var at = task; ring[at] < 0; at = next[at])
            {
                ring[at] = rings;
            }

            rings = Math.Max(rings, ring[task] + 1);
        }

        return rings;
    }

    // Ways from a task to the first of another ring, with what comes before that one then following the task's own ring.
    private void JoinNearRings(int rings)
    {
        var root = Enumerable.Range(0, rings).ToArray();
        var queue = new PriorityQueue<(int From, int To, long Cost), long>();
        foreach (var task in tasks)
        {
            AddJoins(task);
        }

        for (var left = rings; left > 1;)
        {
            if (!queue.TryDequeue(out var join, out _))
            {
                join = FarJoin();
            }

            if (RootOf(ring[join.From]) == RootOf(ring[join.To]))
            {
                continue;
            }

            var cost = JoinCost(join.From, join.To);
            if (cost > join.Cost)
            {
                queue.Enqueue(join with { Cost = cost }, cost);
                continue;
            }

            var (before, after) = (previous[join.To], next[join.From]);
            Follow(join.From, join.To);
            Follow(before, after);
            root[RootOf(ring[join.To])] = RootOf(ring[join.From]);
            left--;
            AddJoins(join.From);
            AddJoins(before);
        }

        int RootOf(int number)
        {
            while (root[number] != number)
            {
                number = root[number] = root[root[number]];
            }

            return number;
        }

        void AddJoins(int task)
        {
            foreach (var near in NearOnRoute(task))
            {
                if (RootOf(ring[task]) != RootOf(ring[near]))
                {
                    var cost = JoinCost(task, near);
                    queue.Enqueue((task, near, cost), cost);
                    cost = JoinCost(near, task);
                    queue.Enqueue((near, task, cost), cost);
                }
            }
        }

        // Where no two rings are near each other: from the first task to wherever it costs least.
        (int From, int To, long Cost) FarJoin()
        {
            var to = tasks.Where(task => RootOf(ring[task]) != RootOf(ring[tasks[0]])).MinBy(task => JoinCost(tasks[0], task));
            return (tasks[0], to, JoinCost(tasks[0], to));
        }
    }

    private long JoinCost(int from, int to) =>
        (long)Way(from, to) + Way(previous[to], next[from]) - Way(from, next[from]) - Way(previous[to], to);

    private int[] OpenAt(int start)
    {
        var first = tasks.MinBy(task => (long)Way(start, task) + Way(previous[task], start) - Way(previous[task], task));
        var order = new int[tasks.Length];
        for (var (at, i) = (first, 0); i < order.Length; at = next[at], i++)
        {
            order[i] = at;
        }

        return order;
    }

    private IEnumerable<int> NearOnRoute(int task)
    {
        var count = 0;
        for (var i = 0; i < model.Near && count < Successors; i++)
        {
            var near = model.NearTo(task)[i];
            if (isOnRoute[near])
            {
                count++;
                yield return near;
            }
        }
    }

    private void Follow(int task, int successor)
    {
        next[task] = successor;
        previous[successor] = task;
    }

    // In the modes that suit best, service included.
    private int Way(int from, int to)
    {
        var link = model.Link(from, to);
        var least = int.MaxValue;
        for (var i = 0; i < TCosts.Modes; i++)
        {
            for (var j = 0; j < TCosts.Modes; j++)
            {
                least = Math.Min(least, TCosts.CostOf(link, i, j));
            }
        }

        return least;
    }
}
