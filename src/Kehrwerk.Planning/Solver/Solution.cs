namespace Kehrwerk.Planning.Solver;

/// <summary>A run of tasks between two visits to the depot. Linked to its neighbours in the tour; slots are reused.</summary>
internal struct Trip
{
    public int Tour;
    public int First;
    public int Last;
    public int Before;
    public int After;
    public int Size;
    public TripLoad Load;
}

/// <summary>
/// Who serves what, in which order, on one day. A tour is a chain of trips, a trip a chain of tasks; both are linked lists
/// in flat arrays, so that a change costs the same anywhere and a whole solution is copied by copying arrays.
/// Task 0 is the depot: it stands before the first and after the last task of every trip.
/// </summary>
internal sealed class Solution
{
    public const int None = -1;

    private readonly DayModel day;
    private readonly int[] next;
    private readonly int[] previous;
    private readonly int[] tripOf;
    private readonly Trip[] trips;
    private readonly int[] firstTrip;
    private readonly int[] lastTrip;
    private readonly int[] absent;
    private readonly int[] absentPlace;
    private readonly int[] absentOfRank;
    private int tripSlots;

    /// <summary>The solution in which nothing is served.</summary>
    public Solution(DayModel day)
    {
        this.day = day;
        next = new int[day.TaskCount + 1];
        previous = new int[day.TaskCount + 1];
        tripOf = new int[day.TaskCount + 1];
        trips = new Trip[day.TaskCount + 1];
        firstTrip = new int[day.Vehicles.Length];
        lastTrip = new int[day.Vehicles.Length];
        absent = new int[day.TaskCount];
        absentPlace = new int[day.TaskCount + 1];
        absentOfRank = new int[day.RankCount];
        Array.Fill(tripOf, None);
        Array.Fill(firstTrip, None);
        Array.Fill(lastTrip, None);
        foreach (var task in day.Servable)
        {
            AddAbsent(task);
        }
    }

    /// <summary>The servable tasks that are not served, in no particular order.</summary>
    public ReadOnlySpan<int> Absent => absent.AsSpan(0, AbsentCount);

    public int AbsentCount { get; private set; }

    public int Next(int task) => next[task];

    public int Previous(int task) => previous[task];

    /// <summary>The trip that serves a task, or <see cref="None"/>.</summary>
    public int TripOf(int task) => tripOf[task];

    public ref readonly Trip Trip(int trip) => ref trips[trip];

    public int FirstTrip(int tour) => firstTrip[tour];

    /// <summary>Less than 0 where this leaves out less than the other: the most urgent class that differs decides.</summary>
    public int CompareAbsent(Solution other)
    {
        for (var rank = 0; rank < absentOfRank.Length; rank++)
        {
            if (absentOfRank[rank] != other.absentOfRank[rank])
            {
                return absentOfRank[rank] - other.absentOfRank[rank];
            }
        }

        return 0;
    }

    /// <summary>Copies the loads of a tour's trips; <paramref name="loads"/> is grown where needed.</summary>
    /// <returns>The number of trips.</returns>
    public int LoadsOf(int tour, ref TripLoad[] loads)
    {
        var count = 0;
        for (var trip = firstTrip[tour]; trip != None; trip = trips[trip].After)
        {
            // One place more than there are trips, for a trip that may be added.
            if (count + 1 >= loads.Length)
            {
                Array.Resize(ref loads, 2 * loads.Length);
            }

            loads[count++] = trips[trip].Load;
        }

        return count;
    }

    /// <summary>What the trip would take with <paramref name="task"/> between two neighbours in it.</summary>
    public TripLoad LoadWith(int trip, int left, int task, int right) =>
        trips[trip].Load + day.LoadOf(trips[trip].Tour, task, DetourMs(left, task, right));

    public int DetourMs(int left, int task, int right)
    {
        // Between depot and depot there is no way to save: that trip is empty.
        var savedMs = left == 0 && right == 0 ? 0 : day.TravelMs(left, right);
        return day.TravelMs(left, task) + day.TravelMs(task, right) - savedMs;
    }

    /// <summary>Adds an empty trip at the end of a tour.</summary>
    public int OpenTrip(int tour)
    {
        var trip = 0;
        while (trip < tripSlots && trips[trip].Size > 0)
        {
            trip++;
        }

        tripSlots = Math.Max(tripSlots, trip + 1);
        trips[trip] = new() { Tour = tour, Before = lastTrip[tour], After = None };
        if (lastTrip[tour] == None)
        {
            firstTrip[tour] = trip;
        }
        else
        {
            trips[lastTrip[tour]].After = trip;
        }

        lastTrip[tour] = trip;
        return trip;
    }

    /// <summary>Serves an absent task after <paramref name="left"/>, which is in the trip, or 0 for its start.</summary>
    public void Insert(int trip, int left, int task)
    {
        ref var t = ref trips[trip];
        var right = left == 0 ? t.First : next[left];
        t.Load = LoadWith(trip, left, task, right);
        t.Size++;
        Link(ref t, left, task);
        Link(ref t, task, right);
        tripOf[task] = trip;
        RemoveAbsent(task);
    }

    /// <summary>Serves a task no longer. A trip that becomes empty is gone.</summary>
    public void Remove(int task)
    {
        var trip = tripOf[task];
        ref var t = ref trips[trip];
        var left = previous[task];
        var right = next[task];
        t.Load -= day.LoadOf(t.Tour, task, DetourMs(left, task, right));
        t.Size--;
        if (t.Size == 0)
        {
            Unlink(trip);
        }
        else
        {
            Link(ref t, left, right);
        }

        tripOf[task] = None;
        AddAbsent(task);
    }

    /// <summary>Drives a trip and the one after it without the visit between them.</summary>
    public void JoinWithAfter(int trip)
    {
        ref var t = ref trips[trip];
        ref var after = ref trips[t.After];
        t.Load = JoinedLoad(trip);
        t.Size += after.Size;
        for (var task = after.First; task != 0; task = next[task])
        {
            tripOf[task] = trip;
        }

        var last = after.Last;
        Link(ref t, t.Last, after.First);
        t.Last = last;
        after.Size = 0;
        Unlink(t.After);
    }

    /// <summary>What a trip and the one after it would take as one.</summary>
    public TripLoad JoinedLoad(int trip)
    {
        ref readonly var t = ref trips[trip];
        ref readonly var after = ref trips[t.After];
        var detourMs = day.TravelMs(t.Last, 0) + day.TravelMs(0, after.First) - day.TravelMs(t.Last, after.First);
        return t.Load + after.Load - new TripLoad(0, detourMs, 0, 0);
    }

    /// <summary>Replaces the trip's travel time by the one that was found on the street.</summary>
    public void SetTravelMs(int trip, int travelMs) => trips[trip].Load = trips[trip].Load with { TravelMs = travelMs };

    public void CopyFrom(Solution other)
    {
        other.next.AsSpan().CopyTo(next);
        other.previous.AsSpan().CopyTo(previous);
        other.tripOf.AsSpan().CopyTo(tripOf);
        other.trips.AsSpan(0, other.tripSlots).CopyTo(trips);
        other.firstTrip.AsSpan().CopyTo(firstTrip);
        other.lastTrip.AsSpan().CopyTo(lastTrip);
        other.Absent.CopyTo(absent);
        other.absentPlace.AsSpan().CopyTo(absentPlace);
        other.absentOfRank.AsSpan().CopyTo(absentOfRank);
        tripSlots = other.tripSlots;
        AbsentCount = other.AbsentCount;
    }

    private void Link(ref Trip trip, int left, int right)
    {
        if (left == 0)
        {
            trip.First = right;
        }
        else
        {
            next[left] = right;
        }

        if (right == 0)
        {
            trip.Last = left;
        }
        else
        {
            previous[right] = left;
        }
    }

    private void Unlink(int trip)
    {
        ref readonly var t = ref trips[trip];
        if (t.Before == None)
        {
            firstTrip[t.Tour] = t.After;
        }
        else
        {
            trips[t.Before].After = t.After;
        }

        if (t.After == None)
        {
            lastTrip[t.Tour] = t.Before;
        }
        else
        {
            trips[t.After].Before = t.Before;
        }
    }

    private void AddAbsent(int task)
    {
        absentPlace[task] = AbsentCount;
        absent[AbsentCount++] = task;
        absentOfRank[day.Rank[task]]++;
    }

    private void RemoveAbsent(int task)
    {
        var last = absent[--AbsentCount];
        absent[absentPlace[task]] = last;
        absentPlace[last] = absentPlace[task];
        absentOfRank[day.Rank[task]]--;
    }
}
