using System.Collections.Immutable;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning.Solver;

/// <summary>
/// One day's tasks, times and vehicles in flat arrays of whole numbers. Tasks are numbered 1 to <see cref="TaskCount"/>;
/// 0 is the depot. Immutable.
/// </summary>
internal sealed class DayModel
{
    /// <summary>How many near tasks each task knows in every direction.</summary>
    public const int MostNear = 32;

    // Great enough never to be chosen, small enough that a few can be added.
    private const int NeverMs = int.MaxValue / 8;

    private readonly int[] travelMs;
    private readonly long[] volumeCm3;
    private readonly long[] massG;
    private readonly int[] nearBefore;
    private readonly int[] nearAfter;

    public DayModel(SweepProblem problem, int day, ImmutableArray<int> due, int threads)
    {
        if (due.Length > ProblemRules.MostTasksPerDay)
        {
            throw new InputException(
                $"day {day}", $"{due.Length:N0} kerbs are due", $"Plan at most {ProblemRules.MostTasksPerDay:N0} at once; divide the city into districts");
        }

        Problem = problem;
        Day = day;
        Due = due;
        Rank = new int[TaskCount + 1];
        volumeCm3 = new long[TaskCount + 1];
        massG = new long[TaskCount + 1];
        int[] priorities = [.. due.Select(t => problem.Tasks[t].Priority).Distinct().Order()];
        RankCount = priorities.Length;
        for (var task = 1; task <= TaskCount; task++)
        {
            Rank[task] = Array.BinarySearch(priorities, TaskOf(task).Priority);
            volumeCm3[task] = (long)Math.Ceiling(TaskOf(task).VolumeM3 * 1e6);
            massG[task] = (long)Math.Ceiling(TaskOf(task).MassKg * 1e3);
        }

        Vehicles = VehicleModels();
        travelMs = TravelTimes.Between(problem, [.. due.Select(t => problem.Tasks[t].Arc)], NeverMs, threads);
        (Servable, Unservable) = Sift();
        NearCount = Math.Clamp(Servable.Length - 1, 0, MostNear);
        nearBefore = Nearest((task, other) => TravelMs(other, task));
        nearAfter = Nearest(TravelMs);
    }

    public SweepProblem Problem { get; }
    public int Day { get; }

    /// <summary>Indices in <see cref="SweepProblem.Tasks"/>: that of task i stands at i − 1.</summary>
    public ImmutableArray<int> Due { get; }

    public int TaskCount => Due.Length;
    public VehicleModel[] Vehicles { get; }

    /// <summary>Urgency of each task: 0 for the most urgent priority of the day, without gaps.</summary>
    public int[] Rank { get; }

    public int RankCount { get; }

    /// <summary>Tasks that some vehicle can serve when it has nothing else to do.</summary>
    public ImmutableArray<int> Servable { get; }

    public ImmutableArray<UnservedTask> Unservable { get; }

    public int NearCount { get; }

    /// <summary>The tasks from whose end this one is reached soonest, soonest first.</summary>
    public ReadOnlySpan<int> NearBefore(int task) => nearBefore.AsSpan(task * NearCount, NearCount);

    /// <summary>The tasks that are reached soonest from the end of this one, soonest first.</summary>
    public ReadOnlySpan<int> NearAfter(int task) => nearAfter.AsSpan(task * NearCount, NearCount);

    public SweepTask TaskOf(int task) => Problem.Tasks[Due[task - 1]];

    /// <summary>Milliseconds from the end of one task to the start of the other; to 0 the arc of the depot is included.</summary>
    public int TravelMs(int from, int to) => travelMs[(from * (TaskCount + 1)) + to];

    /// <summary>What one task adds to a trip of a vehicle with that detour.</summary>
    public TripLoad LoadOf(int vehicle, int task, int detourMs) =>
        new(Vehicles[vehicle].SweepMs[task], detourMs, volumeCm3[task], massG[task]);

    private VehicleModel[] VehicleModels()
    {
        var sweepMsAtSpeed = new Dictionary<double, int[]>();
        return [.. Problem.Vehicles.Select(spec =>
        {
            if (!sweepMsAtSpeed.TryGetValue(spec.SweepSpeedMps, out var sweepMs))
            {
                sweepMs = [0, .. Due.Select(t => (int)Math.Ceiling(LengthM(t) / spec.SweepSpeedMps * 1000))];
                sweepMsAtSpeed.Add(spec.SweepSpeedMps, sweepMs);
            }

            return new VehicleModel(spec, sweepMs);
        })];
    }

    private double LengthM(int problemTask) => Problem.Graph.Network.ArcLengthM[Problem.Tasks[problemTask].Arc];

    private (ImmutableArray<int> Servable, ImmutableArray<UnservedTask> Unservable) Sift()
    {
        var servable = ImmutableArray.CreateBuilder<int>();
        var unservable = ImmutableArray.CreateBuilder<UnservedTask>();
        for (var task = 1; task <= TaskCount; task++)
        {
            if (TravelMs(0, task) >= NeverMs || TravelMs(task, 0) >= NeverMs)
            {
                unservable.Add(new(TaskOf(task).Kerb, Day, UnservedReason.NotReachable));
            }
            else if (!Enumerable.Range(0, Vehicles.Length).Any(v => CanServeAlone(v, task)))
            {
                unservable.Add(new(TaskOf(task).Kerb, Day, UnservedReason.TooLarge));
            }
            else
            {
                servable.Add(task);
            }
        }

        return (servable.ToImmutable(), unservable.ToImmutable());
    }

    private bool CanServeAlone(int vehicle, int task)
    {
        var load = LoadOf(vehicle, task, TravelMs(0, task) + TravelMs(task, 0));
        return Vehicles[vehicle].CanDrive(load) && TourClock.TourMs(Vehicles[vehicle], [load]) <= Vehicles[vehicle].ShiftMs;
    }

    // Servable is in rising order and only a smaller time goes before: ties are in order of number.
    private int[] Nearest(Func<int, int, int> distanceMs)
    {
        var nearest = new int[(TaskCount + 1) * NearCount];
        var nearestMs = new int[NearCount];
        foreach (var task in Servable)
        {
            var near = nearest.AsSpan(task * NearCount, NearCount);
            var count = 0;
            foreach (var other in Servable)
            {
                var ms = distanceMs(task, other);
                if (other == task || (count == NearCount && ms >= nearestMs[^1]))
                {
                    continue;
                }

                var place = count < NearCount ? count++ : count - 1;
                for (; place > 0 && nearestMs[place - 1] > ms; place--)
                {
                    nearestMs[place] = nearestMs[place - 1];
                    near[place] = near[place - 1];
                }

                nearestMs[place] = ms;
                near[place] = other;
            }
        }

        return nearest;
    }
}
