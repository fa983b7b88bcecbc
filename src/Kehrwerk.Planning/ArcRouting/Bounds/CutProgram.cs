using Google.OrTools.LinearSolver;
using GlopSolver = Google.OrTools.LinearSolver.Solver;

namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// The linear program over deadheading: how often each link is used, and which share of each task is served in its second mode. Flow is
/// conserved at every node, and each cut that has been added is crossed often enough. In a symmetric network flow needs no rows.
/// </summary>
internal sealed class CutProgram : IDisposable
{
    // GLOP works to about 1e-7; what it returns is judged by SafeValue, not believed.
    public const string AfterRows = "use_dual_simplex:true use_preprocessing:false";
    public const string AfterColumns = "use_dual_simplex:false use_preprocessing:false";
    private const double Negligible = 1e-6;
    private const int ColumnsPerExit = 4;

    private readonly DeadheadNetwork network;
    private readonly GlopSolver solver;
    private readonly List<DeadheadLink> links;
    private readonly List<Variable> use = [];
    private readonly Variable?[] second;
    private readonly Constraint[] balance = [];
    private readonly List<Cut> cuts = [];
    private readonly double constant;
    private readonly HashSet<long> direct = [];

    public CutProgram(DeadheadNetwork network)
    {
        this.network = network;
        solver = GlopSolver.CreateSolver("GLOP");
        links = new(network.Links.Length);
        second = new Variable?[network.Tasks.Length];
        Usage = new([], [], new double[second.Length]);
        Prices = new([], [], [], new double[network.NodeCount]);
        solver.Objective().SetMinimization();
        if (!network.IsSymmetric)
        {
            balance = new Constraint[network.NodeCount];
            for (var node = 0; node < balance.Length; node++)
            {
                balance[node] = solver.MakeConstraint(0, 0, "");
            }
        }

        for (var t = 0; t < second.Length; t++)
        {
            constant += network.Tasks[t].First.Cost;
            if (!network.IsSymmetric)
            {
                AddTask(t);
            }
        }

        foreach (var link in network.Links)
        {
            AddLink(link);
        }
    }

    /// <summary>What the solution uses.</summary>
    public Usage Usage { get; private set; }

    /// <summary>The prices of the last solution.</summary>
    public CutPrices Prices { get; private set; }

    /// <summary>One row: all that is done goes down by <paramref name="need"/> at least, the rises not counted. For a set of nodes at height 1
    /// and all others at 0, that is how often the set is left.</summary>
    /// <returns>Its number.</returns>
    public int AddCut(double[] height, double need)
    {
        var least = network.CrossingsOf(need);
        var row = solver.MakeConstraint(0, double.PositiveInfinity, "");
        for (var l = 0; l < links.Count; l++)
        {
            var fall = network.Fall(links[l].From, links[l].To, height);
            if (fall > 0)
            {
                row.SetCoefficient(use[l], fall);
            }
        }

        for (var t = 0; t < second.Length; t++)
        {
            var task = network.Tasks[t];
            var first = network.Fall(task.First.Entry, task.First.Exit, height);
            var other = network.Fall(task.Second.Entry, task.Second.Exit, height);
            least -= first;
            if (second[t] is { } share && first != other)
            {
                row.SetCoefficient(share, other - first);
            }
        }

        row.SetLb(least);
        cuts.Add(new(row, height, network.CrossingsOf(need)));
        return cuts.Count - 1;
    }

    public void Raise(int cut, int need)
    {
        var (row, height, before) = cuts[cut];
        row.SetLb(row.Lb() + network.CrossingsOf(need));
        cuts[cut] = new(row, height, before + network.CrossingsOf(need));
    }

    /// <summary>Solves after rows were added, and again after each lot of columns that are wanted.</summary>
    /// <returns>A value that no solution goes below, least service included; null where the solver gives up.</returns>
    public double? Solve(int columnRounds, CancellationToken ct)
    {
        using var stop = ct.Register(() => solver.InterruptSolve());
        double? best = null;
        solver.SetSolverSpecificParametersAsString(AfterRows);
        for (var round = 0; ; round++)
        {
            if (solver.Solve() != GlopSolver.ResultStatus.OPTIMAL)
            {
                return best;
            }

            Usage = new([.. links], [.. use.Select(variable => variable.SolutionValue())], [.. second.Select(share => share?.SolutionValue() ?? 0)]);

            var before = links.Count;
            var value = SafeValue(round < columnRounds);
            best = best > value ? best : value;
            if (links.Count == before || ct.IsCancellationRequested)
            {
                return best;
            }

            solver.SetSolverSpecificParametersAsString(AfterColumns);
        }
    }

    public void Dispose() => solver.Dispose();

    private void AddLink(DeadheadLink link)
    {
        var variable = solver.MakeNumVar(0, double.PositiveInfinity, "");
        solver.Objective().SetCoefficient(variable, link.Cost);
        if (!network.IsSymmetric && link.From != link.To)
        {
            balance[link.From].SetCoefficient(variable, 1);
            balance[link.To].SetCoefficient(variable, -1);
        }

        foreach (var (row, height, _) in cuts)
        {
            var fall = network.Fall(link.From, link.To, height);
            if (fall > 0)
            {
                row.SetCoefficient(variable, fall);
            }
        }

        links.Add(link);
        use.Add(variable);
    }

    // A task's first mode takes one unit from its entry to its exit; what is served in the second mode turns that round.
    private void AddTask(int t)
    {
        var task = network.Tasks[t];
        Shift(balance[task.First.Entry], -1);
        Shift(balance[task.First.Exit], 1);
        if (task.HasTwoModes)
        {
            second[t] = solver.MakeNumVar(0, 1, "");
            solver.Objective().SetCoefficient(second[t]!, task.Second.Cost - task.First.Cost);
            foreach (var (node, coefficient) in new[] { (task.First.Entry, -1), (task.First.Exit, 1), (task.Second.Entry, 1), (task.Second.Exit, -1) })
            {
                balance[node].SetCoefficient(second[t]!, balance[node].GetCoefficient(second[t]!) + coefficient);
            }
        }

        static void Shift(Constraint row, int by) => row.SetBounds(row.Lb() + by, row.Lb() + by);
    }

    // Any multipliers of the rows, none negative at a cut, give a bound (weak duality), however inexact the solver was. What they pay
    // too much for a link is taken back for as many uses of it as a solution can have.
    private double SafeValue(bool addColumns)
    {
        var paid = cuts.Select(cut => (Cut: cut, Price: cut.Row.DualValue())).Where(cut => cut.Price > 0).ToArray();
        var potential = balance.Length == 0 ? new double[network.NodeCount] : Array.ConvertAll(balance, row => row.DualValue());
        Prices = new([.. paid.Select(p => p.Cut.Height)], [.. paid.Select(p => p.Cut.Need)], [.. paid.Select(p => p.Price)], potential);
        var active = Array.ConvertAll(paid, p => (p.Cut.Height, p.Price, Least: p.Cut.Row.Lb()));
        var value = constant + active.Sum(cut => cut.Price * cut.Least);
        for (var node = 0; node < balance.Length; node++)
        {
            value += potential[node] * balance[node].Lb();
        }

        var uses = 4.0 * (network.Tasks.Length + 1);
        foreach (var link in links)
        {
            var cost = link.Cost - Drop(link.From, link.To);
            foreach (var cut in active)
            {
                cost -= network.Fall(link.From, link.To, cut.Height) * cut.Price;
            }

            value += Math.Min(0, cost) * uses;
        }

        for (var t = 0; t < second.Length; t++)
        {
            if (second[t] is null)
            {
                continue;
            }

            var (first, other) = (network.Tasks[t].First, network.Tasks[t].Second);
            var cost = other.Cost - first.Cost - Drop(other.Entry, other.Exit) + Drop(first.Entry, first.Exit);
            foreach (var cut in active)
            {
                cost -= Math.Max(0, cut.Height[other.Entry] - cut.Height[other.Exit]) * cut.Price;
                cost += Math.Max(0, cut.Height[first.Entry] - cut.Height[first.Exit]) * cut.Price;
            }

            value += Math.Min(0, cost);
        }

        return network.Direct is { } table ? value + Price(table, potential, active, addColumns) : value;

        double Drop(int from, int to) => potential[from] - potential[to];
    }

    // What the prices pay too much at most for the links that are not in the program; the worst of them come in.
    private double Price(DirectLinks table, double[] potential, (double[] Height, double Price, double Least)[] active, bool addColumns)
    {
        var total = 0.0;
        var wanted = new List<(double Cost, int Entry)>();
        var fresh = new List<DeadheadLink>();
        var around = new List<(double[] Height, double At, double Price)>();
        for (var exit = 0; exit < table.Rows.Length; exit++)
        {
            var node = table.ExitNodes[exit];
            var row = table.Rows[exit];
            around.Clear();
            var most = potential[node];
            foreach (var cut in active)
            {
                if (cut.Height[node] > 0)
                {
                    around.Add((cut.Height, cut.Height[node], cut.Price));
                    most += cut.Price * cut.Height[node];
                }
            }

            wanted.Clear();
            for (var entry = 0; entry < row.Length; entry++)
            {
                var to = table.EntryNodes[entry];
                var cost = row[entry] + potential[to] - most;
                if (cost >= -Negligible)
                {
                    continue;
                }

                foreach (var (height, at, price) in around)
                {
                    cost += Math.Min(at, height[to]) * price;
                }

                if (cost < -Negligible)
                {
                    wanted.Add((cost, entry));
                }
            }

            if (wanted.Count == 0)
            {
                continue;
            }

            wanted.Sort();
            total += wanted[0].Cost * table.MostLeft[node];
            fresh.AddRange(wanted.Take(ColumnsPerExit).Select(w => new DeadheadLink(node, table.EntryNodes[w.Entry], row[w.Entry])));
        }

        if (addColumns)
        {
            foreach (var link in fresh)
            {
                if (direct.Add(((long)link.From << 32) | (uint)link.To))
                {
                    AddLink(link);
                }
            }
        }

        return total;
    }

    /// <param name="Need">What goes down in all at least, tasks included.</param>
    private readonly record struct Cut(Constraint Row, double[] Height, double Need);
}
