using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>The tours that a search works on. Changes since the last <see cref="Accept"/> can be taken back; reuses its buffers.</summary>
internal sealed class SearchSolution<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    public const int None = -1;

    private readonly SearchModel<TCosts> model;
    private readonly List<SearchTour<TCosts>> tours = [];
    private readonly List<bool> isChanged = [];
    private readonly List<(int Tour, SearchTour<TCosts> Before)> changes = [];
    private readonly Stack<SearchTour<TCosts>> spare = [];
    private readonly int[] tourOf;
    private readonly int[] positionOf;
    private long acceptedCost;

    public SearchSolution(SearchModel<TCosts> model)
    {
        this.model = model;
        tourOf = new int[model.Stops];
        positionOf = new int[model.Stops];
        Array.Fill(tourOf, None);
    }

    public long Cost { get; private set; }

    /// <summary>Number of places for tours, some of them empty.</summary>
    public int Tours => tours.Count;

    /// <summary>Number of tours that are not empty.</summary>
    public int UsedTours
    {
        get
        {
            var used = 0;
            foreach (var tour in tours)
            {
                used += tour.Count > 0 ? 1 : 0;
            }

            return used;
        }
    }

    public SearchTour<TCosts> this[int tour] => tours[tour];

    /// <summary>The tour that serves the task, or <see cref="None"/>.</summary>
    public int TourOf(int task) => tourOf[task];

    public int PositionOf(int task) => positionOf[task];

    /// <summary>The first empty tour; makes one where there is none.</summary>
    public int EmptyTour()
    {
        for (var i = 0; i < tours.Count; i++)
        {
            if (tours[i].Count == 0)
            {
                return i;
            }
        }

        tours.Add(new(model));
        isChanged.Add(false);
        return tours.Count - 1;
    }

    public void Insert(int tour, int gap, int stop)
    {
        var t = Change(tour);
        Cost -= t.Cost;
        t.Insert(gap, stop);
        Cost += t.Cost;
        Note(tour, gap + 1);
    }

    public void Set(int tour, ReadOnlySpan<int> stops)
    {
        var t = Change(tour);
        Cost -= t.Cost;
        t.Set(stops);
        Cost += t.Cost;
        Note(tour, 1);
    }

    /// <summary>The task is served by no tour. Its tour must be <see cref="Set"/> without it.</summary>
    public void MarkRemoved(int task) => tourOf[task] = None;

    /// <summary>Lets every changed tour choose its tips anew.</summary>
    public void ImproveTips()
    {
        foreach (var (tour, _) in changes)
        {
            var t = tours[tour];
            Cost -= t.Cost;
            t.ImproveTips();
            Cost += t.Cost;
            Note(tour, 1);
        }
    }

    /// <summary>Replaces all tours and keeps that.</summary>
    public void Load(StopLists<TCosts> lists)
    {
        for (var t = 0; t < Math.Max(tours.Count, lists.Tours); t++)
        {
            Set(t < tours.Count ? t : EmptyTour(), t < lists.Tours ? lists[t] : []);
        }

        Accept();
    }

    /// <summary>Mean number of tasks on a trip.</summary>
    public double AverageTrip
    {
        get
        {
            var trips = 0;
            foreach (var tour in tours)
            {
                trips += tour.Count > 0 ? tour.Trips : 0;
            }

            return (double)model.Tasks / Math.Max(1, trips);
        }
    }

    /// <summary>Adds the tours that were changed since the last <see cref="Accept"/> to a pool.</summary>
    public void AddChangedTo(TourPool<TCosts> pool)
    {
        foreach (var (tour, _) in changes)
        {
            pool.Add(tours[tour], Cost);
        }
    }

    /// <summary>Keeps all changes.</summary>
    public void Accept()
    {
        foreach (var (tour, before) in changes)
        {
            isChanged[tour] = false;
            spare.Push(before);
        }

        changes.Clear();
        acceptedCost = Cost;
    }

    /// <summary>Takes all changes back.</summary>
    public void Reject()
    {
        foreach (var (tour, before) in changes)
        {
            isChanged[tour] = false;
            spare.Push(tours[tour]);
            tours[tour] = before;
        }

        foreach (var (tour, _) in changes)
        {
            Note(tour, 1);
        }

        changes.Clear();
        Cost = acceptedCost;
    }

    private SearchTour<TCosts> Change(int tour)
    {
        if (isChanged[tour])
        {
            return tours[tour];
        }

        var copy = spare.Count > 0 ? spare.Pop() : new(model);
        copy.CopyFrom(tours[tour]);
        changes.Add((tour, tours[tour]));
        isChanged[tour] = true;
        return tours[tour] = copy;
    }

    private void Note(int tour, int fromPosition)
    {
        var stops = tours[tour].Stops;
        for (var p = fromPosition; p < stops.Length - 1; p++)
        {
            tourOf[stops[p]] = tour;
            positionOf[stops[p]] = p;
        }
    }

    /// <summary>The tours with the best mode of every stop.</summary>
    public ArcSolution ToSolution() => new(Cost, [.. tours.Where(t => t.Count > 0).Select(TourOf)]);

    private ArcTour TourOf(SearchTour<TCosts> tour)
    {
        var stops = ImmutableArray.CreateBuilder<ArcStop>(tour.Count);
        var ahead = TCosts.AtDepot;
        for (var p = 1; p <= tour.Count; p++)
        {
            ahead = TCosts.Ahead(ahead, tour.Links[p]);
            var mode = TCosts.BestMode(ahead, tour.Behind[p]);
            ahead = TCosts.Only(ahead, mode);
            stops.Add(model.IsTip(tour[p]) ? ArcStop.Tip(tour[p] - model.Depot - 1) : ArcStop.Serve(tour[p], mode));
        }

        return new(stops.MoveToImmutable());
    }
}
