namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// Solves the linear program over trips by column generation, from the cuts that the one over deadheads ended with. Its prices are kept near to
/// those of the best bound so far; each time trips are priced, a bound follows that is valid at once.
/// </summary>
internal sealed class TripLoop : IDisposable
{
    private const int MostUnits = 1_000;
    private const long MostWork = 3_000_000;
    private const double Negligible = 1e-6;

    // How far prices may go from where they are, as a share of a task's mean price, and how that grows; and which share of the way they keep.
    private const double FirstWidth = 0.02;
    private const double Growth = 1.5;
    private const double Freedom = 4;
    private const double Smoothing = 0.3;

    private readonly DeadheadNetwork network;
    private readonly BoundRun run;
    private readonly TripLoads loads;
    private readonly TripPricing pricing;
    private readonly TripProgram program;
    private TripPrices best;
    private double bestValue;

    private TripLoop(DeadheadNetwork network, TripLoads loads, CutPrices start, BoundRun run)
    {
        this.network = network;
        this.run = run;
        this.loads = loads;
        pricing = new(network, loads);
        program = new(network);
        new FirstTrips(network, loads).Build().ForEach(program.AddTrip);
        for (var k = 0; k < start.Heights.Length; k++)
        {
            program.AddCut(start.Heights[k], start.Needs[k]);
        }

        // At the prices of the cuts, with what is left for each task, no trip is worth while: the same bound again.
        best = new(new double[network.Tasks.Length], start.Prices, start.Potential);
        var modes = program.ModeCosts(best);
        for (var t = 0; t < network.Tasks.Length; t++)
        {
            best.Tasks[t] = Math.Min(modes[2 * t], modes[(2 * t) + 1]);
        }

        bestValue = double.NegativeInfinity;
    }

    /// <returns>Null where the problem is too large for it, or not all of its links are in the network.</returns>
    public static TripLoop? For(BoundProblem problem, DeadheadNetwork network, CutPrices start, BoundRun run)
    {
        if (network.Tasks.Length == 0 || network.Direct is not null)
        {
            return null;
        }

        var loads = TripLoads.Of(problem, MostUnits);
        return TripPricing.SizeOf(network, loads) > MostWork ? null : new(network, loads, start, run);
    }

    /// <param name="separate">Cuts, as heights and needs, that what is used violates.</param>
    public void Run(Func<Usage, int, List<(double[] Height, double Need)>> separate)
    {
        Price(best);
        var rounds = 0;
        var width = Math.Max(FirstWidth, FirstWidth * bestValue / network.Tasks.Length);
        var afterRows = false;
        while (run.GoesOn())
        {
            program.Confine(best, width);
            if (program.Solve(afterRows, run.Stop) is not { } value)
            {
                return;
            }

            afterRows = false;
            if (run.BoundOf(value) > run.BoundOf(bestValue))
            {
                width *= Price(best.MixedWith(program.Prices(), Smoothing)) ? Growth : 1;
                continue;
            }

            if (program.IsConfined)
            {
                width *= Freedom;
                continue;
            }

            var cuts = separate(program.Usage(), rounds++);
            if (cuts.Count == 0)
            {
                return;
            }

            cuts.ForEach(cut => program.AddCut(cut.Height, cut.Need));
            best = best with { Cuts = [.. best.Cuts, .. new double[cuts.Count]] };
            afterRows = true;
        }
    }

    public void Dispose() => program.Dispose();

    // Looks for trips at some prices, takes the bound that follows, and takes in the trips that are worth while.
    private bool Price(TripPrices prices)
    {
        var links = program.LinkPrices(prices);
        var modes = WithTasks(program.ModeCosts(prices), prices.Tasks);
        var value = program.ValueOf(prices);
        var uses = 4.0 * (network.Tasks.Length + 1);
        for (var l = 0; l < links.Length; l++)
        {
            value += Math.Min(0, links[l]) * uses;
            links[l] = Math.Max(0, links[l]);
        }

        var perUnit = pricing.Run(links, modes, run.Stop);

        // All trips together carry all that there is, at best at the least price for each unit.
        value += perUnit * loads.Total;
        pricing.Best(modes, Negligible).ForEach(program.AddTrip);
        if (value <= bestValue)
        {
            return false;
        }

        (best, bestValue) = (prices, value);
        run.TakeTrips(value);
        return true;
    }

    private static double[] WithTasks(double[] modes, double[] tasks)
    {
        for (var m = 0; m < modes.Length; m++)
        {
            modes[m] -= tasks[m / 2];
        }

        return modes;
    }
}
