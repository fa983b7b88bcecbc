using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>The tours that a search works on. Changes since the last <see cref="Accept"/> can be taken back; reuses its buffers.</summary>
internal sealed class SearchSolution<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    public const int None = -1;

    /// <summary>Penalty of a task that may not be left out.</summary>
    public const int MustServe = ArcTask.MustServe;

    private readonly SearchModel<TCosts> model;
    private readonly TourSchedule<TCosts> schedule;
    private readonly SiteSchedule<TCosts> sites;
    private readonly List<SearchTour<TCosts>> tours = [];
    private readonly List<bool> isChanged = [];
    private readonly List<(int Tour, SearchTour<TCosts> Before)> changes = [];
    private readonly Stack<SearchTour<TCosts>> spare = [];
    private readonly int[] toursOfKind;
    private readonly int[] filled;
    private readonly int[] tourOf;
    private readonly int[] positionOf;
    private readonly List<int> wereAbsent = [];
    private readonly List<int> waits = [];
    private readonly List<int> newWaits = [];
    private long tourCost;
    private long waitCost;
    private long acceptedCost;
    private long acceptedPenalty;
    private long acceptedWaitCost;

    public SearchSolution(SearchModel<TCosts> model)
    {
        this.model = model;
        schedule = new(model);
        sites = new(model, schedule);
        tourOf = new int[model.Stops];
        positionOf = new int[model.Stops];
        toursOfKind = new int[model.Vehicles.Length];
        filled = new int[model.Vehicles.Length];
        Clear();
        Accept();
    }

    public long Cost => tourCost + Penalty + waitCost;

    /// <summary>What the tasks cost that are left out.</summary>
    public long Penalty { get; private set; }

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

    /// <summary>How long the tour had to wait at sites when solutions were last compared.</summary>
    public int WaitOf(int tour) => tour < waits.Count ? waits[tour] : 0;

    /// <summary>The tour that serves the task, or <see cref="None"/>.</summary>
    public int TourOf(int task) => tourOf[task];

    public int PositionOf(int task) => positionOf[task];

    /// <summary>Whether one more tour of the kind may be driven.</summary>
    public bool HasTourOf(int kind) => EmptyTourOf(kind) != None || toursOfKind[kind] < model.Vehicles[kind].MaxTours;

    /// <summary>The first empty tour of the kind; makes one where there is none.</summary>
    public int EmptyTour(int kind)
    {
        var empty = EmptyTourOf(kind);
        if (empty == None)
        {
            empty = tours.Count;
            tours.Add(new(model));
            tours[empty].Clear(kind);
            isChanged.Add(false);
            toursOfKind[kind]++;
        }

        return empty;
    }

    public void Insert(int tour, int gap, int stop)
    {
        var t = Change(tour);
        t.Insert(gap, stop);
        Finish(tour, t, gap + 1);
        if (model.IsTask(stop))
        {
            Penalty -= model.Penalty[stop];
        }
    }

    /// <summary>Replaces the stops of a tour. Tasks that come or go are to be told by <see cref="MarkServed"/> or <see cref="MarkRemoved"/>.</summary>
    public void Set(int tour, ReadOnlySpan<int> stops, bool keepsSites = false)
    {
        var t = Change(tour);
        t.Set(stops, keepsSites);
        Finish(tour, t, 1);
    }

    public void MarkServed(int task) => Penalty -= model.Penalty[task];

    /// <summary>The task is served by no tour. Its tour must be <see cref="Set"/> without it.</summary>
    public void MarkRemoved(int task)
    {
        tourOf[task] = None;
        Penalty += model.Penalty[task];
    }

    /// <summary>Tells that a task which is left out so far is about to be put somewhere, so that <see cref="Reject"/> can take that back.</summary>
    public void NoteAbsent(int task) => wereAbsent.Add(task);

    /// <summary>A tour with the same stops and one or two more, not part of the solution, with its cost and whether it may be driven.</summary>
    public void Try(SearchTour<TCosts> trial, int tour, int gap, int first, int second)
    {
        trial.CopyFrom(tours[tour]);
        trial.Insert(gap, first);
        if (second != None)
        {
            trial.Insert(gap + 1, second);
        }

        schedule.Run(trial);
    }

    /// <summary>What it would cost to put a task into a gap; <see cref="int.MaxValue"/> where it does not fit. See <see cref="TourSchedule{TCosts}.CostWith"/>.</summary>
    public int CostInGap(int tour, int gap, int task, int route) =>
        schedule.CostWith(tours[tour], tours[tour].TripAt(gap), task, route, WaitOf(tour));

    /// <summary>Whether <see cref="CostInGap"/> may be asked.</summary>
    public bool TellsCost => schedule.TellsCost;

    /// <summary>A tour that serves one task only, not part of the solution.</summary>
    public void TryAlone(SearchTour<TCosts> trial, int kind, int task)
    {
        trial.Clear(kind);
        if (model.EndsAtSite)
        {
            trial.Set([task, model.LastStopAfter(trial.Vehicle, task)]);
        }
        else
        {
            trial.Set([task]);
        }

        schedule.Run(trial);
    }

    /// <summary>Lets every changed tour choose its sites anew.</summary>
    public void ImproveSites(SiteChoice<TCosts> choice)
    {
        foreach (var (tour, _) in changes)
        {
            var t = tours[tour];
            var cost = t.Cost;
            if (choice.Apply(t, schedule))
            {
                tourCost += t.Cost - cost;
                Note(tour, 1);
            }
        }
    }

    /// <summary>Replaces all tours and keeps that.</summary>
    /// <returns>False where the tours wait so long for each other that one of them breaks a rule.</returns>
    public bool Load(StopLists<TCosts> lists)
    {
        Clear();
        for (var l = 0; l < lists.Tours; l++)
        {
            // Tours keep their order, by which they wait for each other; those of vehicles that are out stand first.
            Fill(lists.KindOf(l), lists[l], keepsSites: true);
        }

        var isGood = Settle();
        Accept();
        return isGood;
    }

    /// <summary>Fills the next tour of a kind that is still as <see cref="Clear"/> has left it.</summary>
    public void Fill(int kind, ReadOnlySpan<int> stops, bool keepsSites = false)
    {
        var isOut = model.Vehicles[kind].Vehicle.IsOut;
        Set(isOut ? tours.FindIndex(t => t.Kind == kind) + filled[kind]++ : EmptyTour(kind), stops, keepsSites);
        foreach (var stop in stops)
        {
            Penalty -= model.IsTask(stop) ? model.Penalty[stop] : 0;
        }
    }

    /// <summary>Begins anew with tours of vehicles that are out only.</summary>
    public void Clear()
    {
        changes.Clear();
        waits.Clear();
        tours.Clear();
        isChanged.Clear();
        Array.Clear(toursOfKind);
        Array.Clear(filled);
        Array.Fill(tourOf, None);
        tourCost = 0;
        Penalty = model.Penalty.Sum(p => (long)p);
        MakeToursOfVehiclesOut();
    }

    /// <summary>Number of trips of all tours.</summary>
    public int Trips
    {
        get
        {
            var trips = 0;
            foreach (var tour in tours)
            {
                trips += tour.Count > 0 ? tour.Trips : 0;
            }

            return trips;
        }
    }

    /// <summary>Adds the tours that were changed since the last <see cref="Accept"/> to a pool, as tours of a solution with that cost.</summary>
    public void AddChangedTo(TourPool<TCosts> pool, long cost)
    {
        foreach (var (tour, _) in changes)
        {
            pool.Add(tours[tour], cost);
        }
    }

    /// <summary>Plays all tours against each other where they can be in each other's way; false where a tour breaks a rule.</summary>
    public bool Settle()
    {
        foreach (var (tour, before) in changes)
        {
            // Who is out and cannot come home in order anyway is nobody's fault.
            if (!tours[tour].IsFeasible && (tours[tour].HasTasks || before.IsFeasible))
            {
                return false;
            }
        }

        if (!model.HasBays)
        {
            return true;
        }

        var isInTime = sites.Run(this, newWaits);
        waitCost = sites.WaitCost;
        return isInTime;
    }

    /// <summary>The tour to shorten where <see cref="Settle"/> finds that times are missed; <see cref="None"/> where no tour has a task.</summary>
    public int LatestTour()
    {
        sites.Run(this, newWaits);
        return sites.LatestTour;
    }

    /// <summary>Keeps all changes.</summary>
    public void Accept()
    {
        foreach (var (tour, before) in changes)
        {
            isChanged[tour] = false;
            spare.Push(before);
        }

        wereAbsent.Clear();
        changes.Clear();
        waits.Clear();
        waits.AddRange(newWaits);
        (acceptedCost, acceptedPenalty, acceptedWaitCost) = (tourCost, Penalty, waitCost);
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

        foreach (var task in wereAbsent)
        {
            tourOf[task] = None;
        }

        foreach (var (tour, _) in changes)
        {
            Note(tour, 1);
        }

        wereAbsent.Clear();
        changes.Clear();
        (tourCost, Penalty, waitCost) = (acceptedCost, acceptedPenalty, acceptedWaitCost);
    }

    /// <summary>The tours with the best mode of every stop, and when everything happens. Tours of plain problems have no schedule before.</summary>
    public ArcSolution ToSolution()
    {
        foreach (var tour in tours.Where(_ => model.IsPlain))
        {
            schedule.Run(tour);
        }

        var record = new SiteRecord(tours.Count);
        sites.Run(this, newWaits, record);
        return new(
            Cost,
            [.. Enumerable.Range(0, tours.Count).Where(t => tours[t].IsDriven).Select(t => TourOf(t, record))],
            [.. Enumerable.Range(0, model.Tasks).Where(task => tourOf[task] == None)]);
    }

    private ArcTour TourOf(int t, SiteRecord record)
    {
        var tour = tours[t];
        var starts = record.StartsOf(t, tour.Count);
        var stops = ImmutableArray.CreateBuilder<ArcStop>(tour.Count);
        for (var p = 1; p <= tour.Count; p++)
        {
            stops.Add(model.IsSite(tour[p]) ? ArcStop.Visit(tour[p] - model.FirstSite, starts[p]) : ArcStop.Serve(tour[p], tour.Modes[p], starts[p]));
        }

        return new(tour.Kind, stops.MoveToImmutable(), [.. record.Services[t]]);
    }

    private int EmptyTourOf(int kind)
    {
        for (var i = 0; i < tours.Count; i++)
        {
            if (!tours[i].IsDriven && tours[i].Kind == kind)
            {
                return i;
            }
        }

        return None;
    }

    private void MakeToursOfVehiclesOut()
    {
        for (var kind = 0; kind < model.Vehicles.Length; kind++)
        {
            for (var i = 0; model.Vehicles[kind].Vehicle.IsOut && i < model.Vehicles[kind].MaxTours; i++)
            {
                tours.Add(new(model));
                tours[^1].Clear(kind);
                isChanged.Add(false);
                toursOfKind[kind]++;
                schedule.Run(tours[^1]);
                tourCost += tours[^1].Cost;
            }
        }
    }

    private SearchTour<TCosts> Change(int tour)
    {
        if (!isChanged[tour])
        {
            var copy = spare.Count > 0 ? spare.Pop() : new(model);
            copy.CopyFrom(tours[tour]);
            changes.Add((tour, tours[tour]));
            isChanged[tour] = true;
            tours[tour] = copy;
        }

        tourCost -= tours[tour].Cost;
        return tours[tour];
    }

    private void Finish(int tour, SearchTour<TCosts> changed, int fromPosition)
    {
        if (!model.IsPlain)
        {
            schedule.Run(changed);
        }

        tourCost += changed.Cost;
        Note(tour, fromPosition);
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
}
