namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>The stops of every tour of a solution, one after the other, and its cost: a cheap copy to come back to.</summary>
internal sealed class StopLists<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private int[] stops = new int[2 * (model.Tasks + 1)];
    private int[] ends = new int[16];
    private int[] kinds = new int[16];

    public long Cost { get; private set; } = long.MaxValue;

    public int Tours { get; private set; }

    public ReadOnlySpan<int> this[int tour] => stops.AsSpan((tour == 0 ? 0 : ends[tour - 1])..ends[tour]);

    /// <summary>Kind of vehicle of a tour.</summary>
    public int KindOf(int tour) => kinds[tour];

    public void CopyFrom(SearchSolution<TCosts> solution)
    {
        Clear();
        for (var t = 0; t < solution.Tours; t++)
        {
            if (solution[t].IsDriven)
            {
                Add(solution[t].Kind, solution[t].Stops[1..^1]);
            }
        }

        Cost = solution.Cost;
    }

    public void CopyFrom(StopLists<TCosts> other)
    {
        Clear();
        AddAll(other);
        Cost = other.Cost;
    }

    public void AddAll(StopLists<TCosts> other)
    {
        for (var t = 0; t < other.Tours; t++)
        {
            Add(other.kinds[t], other[t]);
        }
    }

    public void Clear() => Tours = 0;

    public void Add(int kind, ReadOnlySpan<int> tour)
    {
        var start = Tours == 0 ? 0 : ends[Tours - 1];
        if (stops.Length < start + tour.Length)
        {
            Array.Resize(ref stops, 2 * (start + tour.Length));
        }

        if (ends.Length == Tours)
        {
            Array.Resize(ref ends, 2 * Tours);
            Array.Resize(ref kinds, 2 * Tours);
        }

        tour.CopyTo(stops.AsSpan(start));
        kinds[Tours] = kind;
        ends[Tours++] = start + tour.Length;
    }
}
