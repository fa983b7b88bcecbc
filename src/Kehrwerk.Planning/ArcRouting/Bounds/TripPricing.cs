namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Finds the cheapest trips at given prices: one for each load, and one through each task.</summary>
internal sealed class TripPricing
{
    private const int FewTrips = 10;

    private readonly DeadheadNetwork network;
    private readonly TripLoads loads;
    private readonly TripLabels ahead;
    private readonly TripLabels behind;
    private readonly (double Price, int Label)[] restWithin;

    public TripPricing(DeadheadNetwork network, TripLoads loads)
    {
        this.network = network;
        this.loads = loads;
        ahead = new(network, loads, back: false);

        // Where everything goes both ways, the end of a trip is the beginning of one.
        behind = network.IsSymmetric ? ahead : new(network, loads, back: true);
        restWithin = new (double, int)[loads.Capacity + 1];
    }

    /// <summary>Time and memory grow with it.</summary>
    public static long SizeOf(DeadheadNetwork network, TripLoads loads) =>
        ((long)loads.Capacity + 1) * (network.NodeCount + network.Links.Length + (2L * network.Tasks.Length)) * (network.IsSymmetric ? 1 : 2);

    /// <summary>Prices all trips.</summary>
    /// <param name="linkPrice">By link, not negative.</param>
    /// <param name="modePrice">By task and mode, 2 · task + mode.</param>
    /// <returns>Of all trips, the least price for each unit of load; 0 where no trip has a price below 0.</returns>
    public double Run(double[] linkPrice, double[] modePrice, CancellationToken ct)
    {
        ahead.Run(linkPrice, modePrice, ct);
        if (behind != ahead)
        {
            behind.Run(linkPrice, modePrice, ct);
        }

        var perUnit = 0.0;
        for (var node = 0; node < network.NodeCount; node++)
        {
            for (var level = 1; network.IsTerminal[node] && level <= loads.Capacity; level++)
            {
                perUnit = Math.Min(perUnit, ahead.CostOf(ahead.LabelOf(level, node)) / level);
            }
        }

        return perUnit;
    }

    /// <summary>Trips that are cheaper than 0 by more than some amount: for each task the cheapest that serves it, unless cheaper ones serve it or most of what that serves.</summary>
    public List<Trip> Best(double[] modePrice, double negligible)
    {
        var found = new List<(double Price, int Mode, int Ahead, int Behind)>();
        for (var task = 0; task < network.Tasks.Length; task++)
        {
            var first = Through(2 * task, modePrice);
            var other = network.Tasks[task].HasTwoModes ? Through((2 * task) + 1, modePrice) : first;
            found.Add(other.Price < first.Price ? other : first);
        }

        var isServed = new bool[network.Tasks.Length];
        var trips = new List<Trip>();
        foreach (var (_, mode, from, to) in found.Where(trip => trip.Price < -negligible).OrderBy(trip => trip.Price))
        {
            if (!isServed[mode / 2])
            {
                var trip = Join(mode, from, to);
                if (trips.Count > FewTrips && 2 * trip.Modes.Count(served => isServed[served / 2]) > trip.Modes.Length)
                {
                    continue;
                }

                trips.Add(trip);
                foreach (var done in trip.Modes)
                {
                    isServed[done / 2] = true;
                }
            }
        }

        return trips;
    }

    private (double Price, int Mode, int Ahead, int Behind) Through(int mode, double[] modePrice)
    {
        var (entry, exit, task) = (network.ModeAt(mode).Entry, network.ModeAt(mode).Exit, mode / 2);
        var least = (Price: double.PositiveInfinity, Label: -1);
        for (var level = 0; level < restWithin.Length; level++)
        {
            var label = Beside(behind, level, exit, task);
            if (behind.CostOf(label) < least.Price)
            {
                least = (behind.CostOf(label), label);
            }

            restWithin[level] = least;
        }

        var best = (Price: double.PositiveInfinity, Mode: mode, Ahead: -1, Behind: -1);
        for (var level = 0; level + loads.Load[task] < restWithin.Length; level++)
        {
            var label = Beside(ahead, level, entry, task);
            var (rest, end) = restWithin[loads.Capacity - loads.Load[task] - level];
            var price = ahead.CostOf(label) + rest + modePrice[mode];
            if (price < best.Price)
            {
                best = (price, mode, label, end);
            }
        }

        return best;
    }

    private static int Beside(TripLabels labels, int level, int node, int task)
    {
        var label = labels.LabelOf(level, node);
        return labels.LastOf(label) == task ? label + 1 : label;
    }

    private Trip Join(int mode, int from, int to)
    {
        var links = new List<int>();
        var modes = new List<int> { mode };
        var start = ahead.Trace(from, links, modes);
        var end = behind.Trace(to, links, modes);
        return new([.. modes], [.. links], start, end);
    }
}

/// <summary>A trip from where it is empty to where its load is left. In a symmetric network what comes behind a task may be named the wrong way round.</summary>
/// <param name="Modes">Served, 2 · task + mode, in no order; a task may come more than once.</param>
/// <param name="Links">Deadheads, by number of the link, in no order.</param>
internal sealed record Trip(int[] Modes, int[] Links, int Start, int End);
