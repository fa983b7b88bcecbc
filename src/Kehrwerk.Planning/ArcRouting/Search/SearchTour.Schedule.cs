namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>What a <see cref="TourSchedule{TCosts}"/> finds out about a tour.</summary>
internal sealed partial class SearchTour<TCosts>
{
    private byte[] mode = new byte[4];
    private int[] tripTime = new int[2];
    private int[] tripUse = new int[2 * model.Resources];
    private int[] sharedUse = new int[2 * model.Resources];
    private VisitPlan[] visit = new VisitPlan[2 * model.Problem.Services.Length];

    /// <summary>Whether it breaks no rule by itself, apart from other tours.</summary>
    public bool IsFeasible { get; private set; } = true;

    /// <summary>Time from start to end without waiting for others.</summary>
    public int Time { get; private set; }

    /// <summary>Time that it stands, without waiting for others.</summary>
    public int Standing { get; private set; }

    /// <summary>How its clock stands at the end.</summary>
    public TourClock Clock { get; private set; }

    /// <summary>What is used of its battery at the end.</summary>
    public int BatteryUsed { get; set; }

    public Span<byte> Modes => mode.AsSpan(0, Count + 2);

    /// <summary>Time from the end of the stop before the trip to its last stop, as far as no time of day matters.</summary>
    public Span<int> TripTimes => tripTime.AsSpan(0, Trips);

    /// <summary>What is used of each resource by the trip alone, its way included.</summary>
    public Span<int> TripUses => tripUse.AsSpan(0, Trips * model.Resources);

    /// <summary>The same of the trip and of all those around it between which nothing can reset the resource.</summary>
    public Span<int> SharedUses => sharedUse.AsSpan(0, Trips * model.Resources);

    /// <summary>What is done at the end of every trip, by trip and service.</summary>
    public Span<VisitPlan> Visits => visit.AsSpan(0, Trips * model.Problem.Services.Length);

    /// <summary>What is done at the end of a trip, by service.</summary>
    public Span<VisitPlan> VisitAfter(int trip) => visit.AsSpan(trip * model.Problem.Services.Length, model.Problem.Services.Length);

    /// <summary>Room for the schedule of the present stops.</summary>
    public void MakeRoomForSchedule()
    {
        if (mode.Length < stop.Length)
        {
            mode = new byte[stop.Length];
        }

        if (tripTime.Length < Trips)
        {
            tripTime = new int[2 * Trips];
            tripUse = new int[2 * Trips * model.Resources];
            sharedUse = new int[2 * Trips * model.Resources];
            visit = new VisitPlan[2 * Trips * model.Problem.Services.Length];
        }
    }

    public void SetSchedule(int cost, TourClock clock, int time, int standing, bool isFeasible)
    {
        Standing = standing;
        Cost = cost;
        Clock = clock;
        Time = time;
        IsFeasible = isFeasible;
    }

    private void CopyScheduleFrom(SearchTour<TCosts> other)
    {
        MakeRoomForSchedule();
        IsFeasible = other.IsFeasible;
        Time = other.Time;
        Standing = other.Standing;
        Clock = other.Clock;
        BatteryUsed = other.BatteryUsed;
        other.Modes.CopyTo(mode);
        other.TripTimes.CopyTo(tripTime);
        other.TripUses.CopyTo(tripUse);
        other.SharedUses.CopyTo(sharedUse);
        other.visit.AsSpan(0, Trips * model.Problem.Services.Length).CopyTo(visit);
    }
}

/// <summary>One service at a site as planned.</summary>
/// <param name="UsedAfter">Of a charge: what is used up of the full battery after it.</param>
internal readonly record struct VisitPlan(bool IsDone, int Duration, int UsedAfter);
