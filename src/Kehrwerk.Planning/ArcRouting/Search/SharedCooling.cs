namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// One cooling that several chains share: the tours are dealt out, near ones together, each chain works on its own for a while, then all are put together and
/// dealt out anew, with other borders. So each chain does a part of the rounds, where separate coolings would each do all of them.
/// </summary>
internal sealed class SharedCooling<TCosts>(SearchModel<TCosts> model, Annealing<TCosts>[] chains, Cooling cooling, Func<Annealing<TCosts>, double> usedUp)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private const int Pauses = 300;
    private const int FewestTours = 4;
    private const int NearTasks = 10;

    // The golden section spreads where the deals begin.
    private const double Turn = 0.618;

    private readonly StopLists<TCosts> present = new(model);
    private readonly StopLists<TCosts> best = new(model);
    private readonly StopLists<TCosts> candidate = new(model);
    private readonly StopLists<TCosts>[] parts = [.. chains.Select(_ => new StopLists<TCosts>(model))];
    private readonly SearchSolution<TCosts> whole = new(model);

    /// <summary>Whether tours can be changed without a look at each other, and everything is served.</summary>
    public static bool IsUseful(SearchModel<TCosts> model, int chains) =>
        chains > 1 && model.IsPlain && model.Problem.Sites.IsEmpty && model.Vehicles.All(v => v.MaxTours == int.MaxValue) && model.Problem.Tasks.All(task => task.Penalty is null);

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

    // Each part but the last grows from one tour, always by the tour that most near tasks join to it. Returns how many chains have got tours.
    private int Deal(double begin)
    {
        var used = Math.Clamp(present.Tours / FewestTours, 1, chains.Length);
        var links = Links();
        var isDealt = new bool[present.Tours];
        var left = model.Tasks;
        for (var c = 0; c < used; c++)
        {
            parts[c].Clear();
            var joined = new int[present.Tours];
            var most = c == used - 1 ? int.MaxValue : left / (used - c);
            var size = 0;
            for (var tour = First((int)(begin * present.Tours), isDealt); tour >= 0 && size < most; tour = Nearest(joined, isDealt))
            {
                isDealt[tour] = true;
                parts[c].Add(present.KindOf(tour), present[tour]);
                size += present[tour].Length;
                for (var other = 0; other < joined.Length; other++)
                {
                    joined[other] += links[tour, other];
                }
            }

            left -= size;
        }

        return used;
    }

    // How often a task of one tour has one of another tour among its nearest.
    private int[,] Links()
    {
        var tourOf = new int[model.Tasks];
        for (var t = 0; t < present.Tours; t++)
        {
            foreach (var task in present[t])
            {
                tourOf[task] = t;
            }
        }

        var links = new int[present.Tours, present.Tours];
        for (var task = 0; task < model.Tasks; task++)
        {
            foreach (var near in model.NearTo(task)[..Math.Min(NearTasks, model.Near)])
            {
                links[tourOf[task], tourOf[near]]++;
                links[tourOf[near], tourOf[task]]++;
            }
        }

        return links;
    }

    private static int First(int from, bool[] isDealt)
    {
        for (var i = 0; i < isDealt.Length; i++)
        {
            if (!isDealt[(from + i) % isDealt.Length])
            {
                return (from + i) % isDealt.Length;
            }
        }

        return -1;
    }

    private static int Nearest(int[] joined, bool[] isDealt)
    {
        var nearest = -1;
        for (var t = 0; t < joined.Length; t++)
        {
            if (!isDealt[t] && (nearest < 0 || joined[t] > joined[nearest]))
            {
                nearest = t;
            }
        }

        return nearest;
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
