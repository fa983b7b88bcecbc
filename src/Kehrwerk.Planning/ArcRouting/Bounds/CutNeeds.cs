namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>How often every solution leaves a set of nodes at least.</summary>
internal sealed class CutNeeds
{
    private readonly DeadheadNetwork network;
    private readonly int[] capacity;
    private readonly bool everyTaskJoinsSameNodes;
    private readonly int[][] tasksAt;
    private readonly int[] packing;

    public CutNeeds(DeadheadNetwork network, int[] capacity)
    {
        this.network = network;
        this.capacity = capacity;
        everyTaskJoinsSameNodes = network.Tasks.All(task => task.JoinsSameNodes);
        packing = new int[network.Tasks.Length];
        var at = new List<int>[network.NodeCount];
        for (var node = 0; node < at.Length; node++)
        {
            at[node] = [];
        }

        for (var t = 0; t < network.Tasks.Length; t++)
        {
            var task = network.Tasks[t];
            foreach (var node in new[] { task.First.Entry, task.First.Exit, task.Second.Entry, task.Second.Exit }.Distinct())
            {
                at[node].Add(t);
            }
        }

        tasksAt = Array.ConvertAll(at, list => list.ToArray());
    }

    public int[] Capacity => capacity;

    /// <summary>Tasks with an end at the node, in any mode.</summary>
    public int[] TasksAt(int node) => tasksAt[node];

    public bool CountsParity => everyTaskJoinsSameNodes;

    /// <summary>Whether serving the task means being at a node of the set, whatever the mode.</summary>
    public static bool Touches(NetworkTask task, ReadOnlySpan<bool> inside) =>
        (inside[task.First.Entry] || inside[task.First.Exit]) && (inside[task.Second.Entry] || inside[task.Second.Exit]);

    /// <param name="inside">A set without home.</param>
    public int Of(ReadOnlySpan<bool> inside)
    {
        var crossing = 0;
        var touching = 0;
        foreach (var task in network.Tasks)
        {
            crossing += inside[task.First.Entry] != inside[task.First.Exit] ? 1 : 0;
            touching += Touches(task, inside) ? 1 : 0;
        }

        // Whoever has work inside comes in and goes out again; and closed walks cross any border an even number of times.
        var need = touching > 0 ? 1 : 0;
        if (everyTaskJoinsSameNodes)
        {
            need = Math.Max(need, (crossing + 1) / 2);
        }

        return Math.Max(need, Loads(inside));
    }

    // Each load that holds something from inside is carried out, if it cannot be left inside. The same goes for the nodes outside.
    private int Loads(ReadOnlySpan<bool> inside)
    {
        var terminalInside = false;
        var terminalOutside = false;
        for (var node = 0; node < inside.Length; node++)
        {
            terminalInside |= network.IsTerminal[node] && inside[node];
            terminalOutside |= network.IsTerminal[node] && !inside[node];
        }

        return terminalInside == terminalOutside ? 0 : LoadsOn(inside, terminalOutside);
    }

    private int LoadsOn(ReadOnlySpan<bool> inside, bool side)
    {
        var least = 0;
        for (var resource = 0; resource < capacity.Length; resource++)
        {
            var count = 0;
            var sum = 0L;
            var isAnyLarge = false;
            foreach (var task in network.Tasks)
            {
                if ((inside[task.First.Entry] == side || inside[task.First.Exit] == side)
                    && (inside[task.Second.Entry] == side || inside[task.Second.Exit] == side))
                {
                    packing[count++] = task.Demand[resource];
                    sum += task.Demand[resource];
                    isAnyLarge |= 2L * task.Demand[resource] > capacity[resource];
                }
            }

            least = Math.Max(least, isAnyLarge ? TripBound.ByPacking(packing.AsSpan(0, count), capacity[resource]) : TripBound.BySum([sum], [capacity[resource]], count));
        }

        return least;
    }
}
