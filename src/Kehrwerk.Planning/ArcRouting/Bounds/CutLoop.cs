namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Solves the linear program over deadheading, adds the cuts that its solution violates, and so on until none is.</summary>
internal sealed class CutLoop : IDisposable
{
    private const int SlopesEachWay = 40;
    private const int MostNewCuts = 200;
    private const int EnoughCuts = 20;
    private const int RingCount = 200;
    private const int SeedsPerRound = 100;
    private const int ColumnRounds = 20;

    private readonly BoundProblem problem;
    private readonly DeadheadNetwork network;
    private readonly BoundRun run;
    private readonly CutNeeds needs;
    private readonly CutFinder finder;
    private readonly CutProgram program;
    private readonly int home;
    private int homeNeed;

    public CutLoop(BoundProblem problem, DeadheadNetwork network, BoundRun run)
    {
        this.problem = problem;
        this.network = network;
        this.run = run;
        needs = new(network, [.. problem.Capacity]);
        finder = new(network, needs, run.Stop);
        program = new(network);

        // As many tours as are needed leave home.
        var awayFromHome = Enumerable.Range(0, network.NodeCount).Select(node => node != network.Home).ToArray();
        homeNeed = needs.Of(awayFromHome);
        home = program.AddCut(Array.ConvertAll(awayFromHome, away => away ? 1.0 : 0), homeNeed);
    }

    /// <summary>What the cuts are worth.</summary>
    public CutPrices Prices => program.Prices;

    /// <summary>Until no more cuts are found or the run ends. May be called again after <see cref="BoundRun"/> has learned of more tours.</summary>
    public void Run()
    {
        var knowsLoads = !needs.CountsParity;
        if (knowsLoads)
        {
            AddRings();
        }

        for (var round = 0; run.GoesOn() && program.Solve(ColumnRounds, run.Stop) is { } value; round++)
        {
            if (knowsLoads)
            {
                run.TakeCuts(value);
            }
            else
            {
                run.TakeDeadhead(value);
            }

            var cuts = finder.OddCuts(program.Usage);
            if (cuts.Count == 0 && !knowsLoads)
            {
                knowsLoads = true;
                AddRings();
                continue;
            }

            if (knowsLoads && cuts.Count < EnoughCuts)
            {
                cuts.AddRange(finder.LoadCuts(program.Usage, SeedsPerRound, round));
            }

            if (cuts.Count == 0 && !RaiseTours())
            {
                break;
            }

            Add(cuts);
        }
    }

    /// <summary>Cuts that a solution violates which uses links and modes like that.</summary>
    public List<(double[] Height, double Need)> Violated(Usage usage, int round)
    {
        var cuts = finder.OddCuts(usage);
        if (cuts.Count < EnoughCuts)
        {
            cuts.AddRange(finder.LoadCuts(usage, SeedsPerRound, round));
        }

        return cuts.ConvertAll(cut => (HeightsOf(cut), network.CrossingsOf(cut.Need)));
    }

    public void Dispose() => program.Dispose();

    private void AddRings()
    {
        Add(finder.Rings(NodeDistances.FromHome(network), RingCount));
        foreach (var back in new[] { true, false })
        {
            Heights.AddSlopes(network, needs, program, NodeDistances.FromTerminals(network, back), SlopesEachWay);
        }
    }

    private void Add(List<CutFinder.Cut> cuts)
    {
        var worstFirst = cuts.OrderByDescending(cut => cut.Missed).ToList();
        foreach (var cut in worstFirst.Take(MostNewCuts))
        {
            program.AddCut(HeightsOf(cut), cut.Need);
        }

        foreach (var cut in worstFirst.Skip(MostNewCuts))
        {
            finder.Forget(cut);
        }
    }

    private double[] HeightsOf(CutFinder.Cut cut)
    {
        var height = new double[network.NodeCount];
        foreach (var node in cut.Nodes)
        {
            height[node] = 1;
        }

        return height;
    }

    // A tour that is spent at home alone would not leave it.
    private bool RaiseTours()
    {
        var isAnyTaskAtHome = network.Tasks.Any(task => new[] { task.First, task.Second }.Any(mode => mode.Entry == network.Home && mode.Exit == network.Home));
        if (problem.MaxTime is null || isAnyTaskAtHome || !run.TakeTourLimit() || run.Result.Tours <= homeNeed)
        {
            return false;
        }

        program.Raise(home, run.Result.Tours - homeNeed);
        homeNeed = run.Result.Tours;
        return true;
    }
}
