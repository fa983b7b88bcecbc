namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>How many loads a set of demands takes at least, each resource looked at alone.</summary>
internal static class TripBound
{
    /// <summary>The sum divided by the capacity, rounded up; 1 for demands that are all 0, 0 for no demands.</summary>
    public static int BySum(ReadOnlySpan<long> sums, int[] capacity, int count)
    {
        var least = count == 0 ? 0L : 1;
        for (var resource = 0; resource < capacity.Length; resource++)
        {
            // Where nothing can be held, only tasks that take nothing can be served, and those need one load.
            if (capacity[resource] > 0)
            {
                least = Math.Max(least, (sums[resource] + capacity[resource] - 1) / capacity[resource]);
            }
        }

        return (int)Math.Min(int.MaxValue, least);
    }

    /// <summary>
    /// The bound L2 of Martello and Toth (1990, "Lower bounds and reduction procedures for the bin packing problem"): for a threshold k
    /// at most half the capacity, items over Q − k lie alone, items over Q/2 in different bins, and those from k to Q/2 fill up what the latter leave.
    /// </summary>
    /// <param name="demands">Of one resource, 0 to <paramref name="capacity"/>; sorted by this method, largest first.</param>
    public static int ByPacking(Span<int> demands, int capacity)
    {
        if (capacity <= 0 || demands.Length == 0)
        {
            return Math.Min(1, demands.Length);
        }

        demands.Sort(static (a, b) => b.CompareTo(a));
        var best = 1L;
        var half = 0;
        while (half < demands.Length && 2L * demands[half] > capacity)
        {
            half++;
        }

        // Thresholds that matter: 0, and each demand of at most half the capacity. Large ones fall out as the threshold grows.
        long small = 0;
        var firstSmall = half;
        // From the largest threshold down to the smallest: ever more small items count, ever fewer lie alone.
        var pairedFrom = half;
        long paired = 0;
        while (true)
        {
            var threshold = firstSmall < demands.Length ? demands[firstSmall] : 0;
            while (firstSmall < demands.Length && demands[firstSmall] == threshold)
            {
                small += demands[firstSmall++];
            }

            // Items over Q − k, sorted to the front, lie alone; as k falls there are fewer of them.
            var last = firstSmall >= demands.Length;
            while (pairedFrom > 0 && demands[pairedFrom - 1] <= capacity - threshold)
            {
                paired += demands[--pairedFrom];
            }

            var free = ((long)(half - pairedFrom) * capacity) - paired;
            var more = small - free;
            best = Math.Max(best, half + Math.Max(0, (more + capacity - 1) / capacity));
            if (last)
            {
                break;
            }
        }

        return (int)best;
    }
}
