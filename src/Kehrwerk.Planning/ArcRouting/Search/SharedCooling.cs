namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// One cooling that several chains share: the tours are dealt out by place, each chain works on its own for a while, then all are put together and
/// dealt out anew, with other borders. So each chain does a part of the rounds, where separate coolings would each do all of them.
/// </summary>
internal sealed class SharedCooling<TCosts>(SearchModel<TCosts> model, Annealing<TCosts>[] chains, Cooling cooling, Func<Annealing<TCosts>, double> usedUp)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private const int Pauses = 50;
    private const int FewestTours = 4;

    // The golden section spreads the borders of all deals evenly.
    private const double Turn = 0.618;

    private readonly StopLists<TCosts> present = new(model);
    private readonly StopLists<TCosts> best = new(model);
    private readonly StopLists<TCosts> candidate = new(model);
    private readonly StopLists<TCosts>[] parts = [.. chains.Select(_ => new StopLists<TCosts>(model))];
    private readonly SearchSolution<TCosts> whole = new(model);

    /// <summary>Whether tours can be changed without a look at each other, and everything is served.</summary>
    public static bool IsUseful(SearchModel<TCosts> model, int chains) =>
        chains > 1 && model.IsPlain && model.Vehicles.All(v => v.MaxTours == int.MaxValue) && model.Problem.Tasks.All(task => task.Penalty is null);

    /// <summary>Cools down from a solution; returns the best on the way.</summary>
    public StopLists<TCosts> Run(StopLists<TCosts> start, CoolingSpan span, bool collect)
    {
        present.CopyFrom(start);
        best.CopyFrom(start);
        for (var n = 1; n <= Pauses && usedUp(chains[0]) < span.Until; n++)
        {
            var pause = span.From + ((span.Until - span.From) * n / Pauses);
            var cost = present.Cost;
            var used = Deal(n * Turn % 1);
            Parallel.For(0, used, c =>
            {
                chains[c].StartFromPart(parts[c], cost);
                chains[c].Cool(cooling, _ => usedUp(chains[c]), span, pause, collect);
            });
            Join(candidate, used, (chain, lists) => lists.AddAll(chain.Best));
            Join(present, used, (chain, lists) => chain.AddTo(lists));
            if (candidate.Cost < best.Cost)
            {
                best.CopyFrom(candidate);
            }
        }

        return best;
    }

    // Numbers of tasks tell where they are, so their mean on a tour tells where it is. Returns how many chains have got tours.
    private int Deal(double border)
    {
        var tours = Enumerable.Range(0, present.Tours)
            .OrderBy(t => ((MeanTask(present[t]) / model.Tasks) + 1 - border) % 1)
            .ToArray();
        var used = Math.Clamp(tours.Length / FewestTours, 1, chains.Length);
        for (var c = 0; c < used; c++)
        {
            parts[c].Clear();
            foreach (var tour in tours[(tours.Length * c / used)..(tours.Length * (c + 1) / used)])
            {
                parts[c].Add(present.KindOf(tour), present[tour]);
            }
        }

        return used;
    }

    private double MeanTask(ReadOnlySpan<int> stops)
    {
        var (sum, count) = (0.0, 0);
        foreach (var stop in stops)
        {
            if (model.IsTask(stop))
            {
                sum += stop;
                count++;
            }
        }

        return sum / Math.Max(1, count);
    }

    private void Join(StopLists<TCosts> lists, int used, Action<Annealing<TCosts>, StopLists<TCosts>> add)
    {
        lists.Clear();
        for (var c = 0; c < used; c++)
        {
            add(chains[c], lists);
        }

        whole.Load(lists);
        lists.CopyFrom(whole);
    }
}
