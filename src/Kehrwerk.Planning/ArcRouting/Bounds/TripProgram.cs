using Google.OrTools.LinearSolver;
using GlopSolver = Google.OrTools.LinearSolver.Solver;

namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// The linear program over trips: every task is served, every cut is gone down often enough, by trips and by deadheading apart from them.
/// Flow is conserved at every node, where a trip leads from its start to its end. So no link ever has a negative price. Prices are kept near
/// to given ones by letting each row be missed or exceeded for a price (du Merle et al. 1999, "Stabilized column generation").
/// </summary>
internal sealed class TripProgram : IDisposable
{
    private readonly DeadheadNetwork network;
    private readonly GlopSolver solver;
    private readonly Variable[] use;
    private readonly Constraint[] serve;
    private readonly Constraint[] balance = [];
    private readonly List<Cut> cuts = [];
    private readonly List<(Variable Variable, Trip Trip)> trips = [];
    private readonly List<Box> boxes = [];

    public TripProgram(DeadheadNetwork network)
    {
        this.network = network;
        solver = GlopSolver.CreateSolver("GLOP");
        solver.Objective().SetMinimization();
        if (!network.IsSymmetric)
        {
            balance = new Constraint[network.NodeCount];
            for (var node = 0; node < balance.Length; node++)
            {
                balance[node] = solver.MakeConstraint(0, 0, "");
                AddBox(balance[node]);
            }
        }

        use = Array.ConvertAll(network.Links, link =>
        {
            var variable = AddVariable(link.Cost);
            Move(variable, link.From, link.To);
            return variable;
        });
        serve = Array.ConvertAll(network.Tasks, _ => solver.MakeConstraint(1, 1, ""));
        Array.ForEach(serve, AddBox);
    }

    public void AddCut(double[] height, double need)
    {
        var row = solver.MakeConstraint(need, double.PositiveInfinity, "");
        var linkFall = Array.ConvertAll(network.Links, link => network.Fall(link.From, link.To, height));
        var modeFall = new double[2 * network.Tasks.Length];
        for (var t = 0; t < network.Tasks.Length; t++)
        {
            var task = network.Tasks[t];
            modeFall[2 * t] = network.Fall(task.First.Entry, task.First.Exit, height);
            modeFall[(2 * t) + 1] = network.Fall(task.Second.Entry, task.Second.Exit, height);
        }

        var cut = new Cut(row, need, linkFall, modeFall);
        cuts.Add(cut);
        AddBox(row);
        for (var l = 0; l < use.Length; l++)
        {
            if (linkFall[l] > 0)
            {
                row.SetCoefficient(use[l], linkFall[l]);
            }
        }

        foreach (var (variable, trip) in trips)
        {
            cut.Set(variable, trip);
        }
    }

    public void AddTrip(Trip trip)
    {
        var variable = AddVariable(trip.Links.Sum(link => (double)network.Links[link].Cost) + trip.Modes.Sum(mode => (double)network.ModeAt(mode).Cost));
        Move(variable, trip.Start, trip.End);
        foreach (var group in trip.Modes.GroupBy(mode => mode / 2))
        {
            serve[group.Key].SetCoefficient(variable, group.Count());
        }

        foreach (var cut in cuts)
        {
            cut.Set(variable, trip);
        }

        trips.Add((variable, trip));
    }

    /// <summary>Lets no price be further than <paramref name="width"/> from what it was, so that few trips tell where it shall go.</summary>
    public void Confine(TripPrices centre, double width)
    {
        double[] prices = [.. balance.Length == 0 ? [] : centre.Potential, .. centre.Tasks, .. centre.Cuts];
        for (var b = 0; b < prices.Length; b++)
        {
            var least = prices[b] - width;
            solver.Objective().SetCoefficient(boxes[b].More, prices[b] + width);
            solver.Objective().SetCoefficient(boxes[b].Less, -(b < prices.Length - cuts.Count ? least : Math.Max(0, least)));
        }
    }

    /// <summary>Whether some price of the solution would like to leave the range it is confined to.</summary>
    public bool IsConfined => boxes.Exists(box => box.More.SolutionValue() > 1e-6 || (box.Less.SolutionValue() > 1e-6 && solver.Objective().GetCoefficient(box.Less) != 0));

    /// <returns>The value; null where the solver gives up.</returns>
    public double? Solve(bool afterRows, CancellationToken ct)
    {
        using var stop = ct.Register(() => solver.InterruptSolve());
        solver.SetSolverSpecificParametersAsString(afterRows ? CutProgram.AfterRows : CutProgram.AfterColumns);
        if (solver.Solve() is not GlopSolver.ResultStatus.OPTIMAL and var status)
        {
            // From its last basis GLOP sometimes gets stuck; it rarely does from the start.
            solver.Reset();
            status = ct.IsCancellationRequested ? status : solver.Solve();
            return status == GlopSolver.ResultStatus.OPTIMAL ? solver.Objective().Value() : null;
        }

        return solver.Objective().Value();
    }

    public TripPrices Prices() => new(
        Array.ConvertAll(serve, row => row.DualValue()),
        [.. cuts.Select(cut => Math.Max(0, cut.Row.DualValue()))],
        balance.Length == 0 ? new double[network.NodeCount] : Array.ConvertAll(balance, row => row.DualValue()));

    /// <summary>What the prices pay without any trip.</summary>
    public double ValueOf(TripPrices prices) => prices.Tasks.Sum() + cuts.Zip(prices.Cuts, (cut, price) => cut.Need * price).Sum();

    public double[] LinkPrices(TripPrices prices)
    {
        var price = new double[network.Links.Length];
        for (var l = 0; l < price.Length; l++)
        {
            var link = network.Links[l];
            price[l] = link.Cost - prices.Potential[link.From] + prices.Potential[link.To];
        }

        for (var k = 0; k < prices.Cuts.Length; k++)
        {
            if (prices.Cuts[k] > 0)
            {
                Subtract(price, cuts[k].LinkFall, prices.Cuts[k]);
            }
        }

        return price;
    }

    /// <summary>By task and mode, without the task's own price.</summary>
    public double[] ModeCosts(TripPrices prices)
    {
        var price = new double[2 * serve.Length];
        for (var m = 0; m < price.Length; m++)
        {
            var mode = network.ModeAt(m);
            price[m] = mode.Cost - prices.Potential[mode.Entry] + prices.Potential[mode.Exit];
        }

        for (var k = 0; k < prices.Cuts.Length; k++)
        {
            if (prices.Cuts[k] > 0)
            {
                Subtract(price, cuts[k].ModeFall, prices.Cuts[k]);
            }
        }

        return price;
    }

    public Usage Usage()
    {
        var flow = Array.ConvertAll(use, variable => variable.SolutionValue());
        var served = new double[serve.Length];
        var second = new double[serve.Length];
        foreach (var (variable, trip) in trips)
        {
            var share = variable.SolutionValue();
            if (share <= 0)
            {
                continue;
            }

            foreach (var link in trip.Links)
            {
                flow[link] += share;
            }

            foreach (var mode in trip.Modes)
            {
                served[mode / 2] += share;
                second[mode / 2] += mode % 2 * share;
            }
        }

        for (var t = 0; t < second.Length; t++)
        {
            second[t] = served[t] > 0 ? Math.Min(1, second[t] / served[t]) : 0;
        }

        return new(network.Links, flow, second);
    }

    public void Dispose() => solver.Dispose();

    private Variable AddVariable(double cost)
    {
        var variable = solver.MakeNumVar(0, double.PositiveInfinity, "");
        solver.Objective().SetCoefficient(variable, cost);
        return variable;
    }

    private void AddBox(Constraint row)
    {
        var box = new Box(AddVariable(0), AddVariable(0));
        row.SetCoefficient(box.More, 1);
        row.SetCoefficient(box.Less, -1);
        boxes.Add(box);
    }

    private void Move(Variable variable, int from, int to)
    {
        if (balance.Length > 0 && from != to)
        {
            balance[from].SetCoefficient(variable, 1);
            balance[to].SetCoefficient(variable, -1);
        }
    }

    private static void Subtract(double[] from, double[] fall, double price)
    {
        for (var i = 0; i < from.Length; i++)
        {
            from[i] -= fall[i] * price;
        }
    }

    // More and less than is asked for, at a price.
    private readonly record struct Box(Variable More, Variable Less);

    private sealed record Cut(Constraint Row, double Need, double[] LinkFall, double[] ModeFall)
    {
        public void Set(Variable variable, Trip trip)
        {
            var fall = 0.0;
            foreach (var link in trip.Links)
            {
                fall += LinkFall[link];
            }

            foreach (var mode in trip.Modes)
            {
                fall += ModeFall[mode];
            }

            if (fall > 0)
            {
                Row.SetCoefficient(variable, fall);
            }
        }
    }
}

/// <summary>What a linear program pays for serving each task and for each cut, and its potential at each node.</summary>
internal sealed record TripPrices(double[] Tasks, double[] Cuts, double[] Potential)
{
    /// <summary>So much of these prices, and the rest of others, which may know fewer cuts.</summary>
    public TripPrices MixedWith(TripPrices other, double share) => new(
        Mix(Tasks, other.Tasks, share), Mix(Cuts, other.Cuts, share), Mix(Potential, other.Potential, share));

    private static double[] Mix(double[] these, double[] others, double share)
    {
        var mixed = new double[these.Length];
        for (var i = 0; i < mixed.Length; i++)
        {
            mixed[i] = (share * these[i]) + ((1 - share) * (i < others.Length ? others[i] : 0));
        }

        return mixed;
    }
}
