using System.Collections.Immutable;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning;

/// <summary>One sweep of a kerb that is due.</summary>
/// <param name="Task">Index in <see cref="SweepProblem.Tasks"/>.</param>
/// <param name="Day">The day of the horizon on which it is due by zones.</param>
/// <param name="Days">The days on one of which it takes place, rising; those of two sweeps of one kerb are apart.</param>
public readonly record struct Visit(int Task, int Day, ImmutableArray<int> Days)
{
    public Visit(int task, int day)
        : this(task, day, [day])
    {
    }
}

/// <summary>
/// Which kerbs are due on which day. The rule, a function of the problem alone:
/// <list type="bullet">
/// <item>A kerb is swept at most once a day, so above seven times a week it is due every day.</item>
/// <item>In week w it is due n = ⌊f(w+p+1)⌋ − ⌊f(w+p)⌋ times, f its times per week and p its phase: with f = 0.5 every second week.</item>
/// <item>With n above <see cref="SweepProblem.WorkDaysPerWeek"/> it is due on the first n days from Monday;
/// otherwise on n evenly spaced work days, the first of which is the day of its zone.</item>
/// <item>Zones and phases: kerbs of the same frequency are put in order along a Hilbert curve and cut into pieces of equal length,
/// both sides of a street in the same. So each day's kerbs lie together and the days are balanced for each frequency by itself.</item>
/// </list>
/// One day's plan is therefore a slice of the week's, whatever else is planned with it.
/// <para>
/// With <see cref="SweepProblem.ChoosesDays"/> the same sweeps are due, but what is due once in a week may take place on any of its work days that lies
/// in the horizon; of two sweeps in a week with five work days or more, all of them in the horizon, the first on Monday or Tuesday and the second on
/// Thursday or Friday, so that two to four days lie between them, and three to five until the next. All others stay where they are.
/// </para>
/// </summary>
public sealed class Calendar
{
    private const int DaysPerWeek = 7;
    private const int LongestPeriodWeeks = 12;
    private const int HilbertBits = 16;
    private const int FewestForTwo = 5;

    private Calendar(SweepProblem problem, ImmutableArray<Visit> visits)
    {
        Visits = visits;
        Due = [.. Enumerable.Range(0, problem.Days).Select(day => visits.Where(visit => visit.Day == day).Select(visit => visit.Task).Order().ToImmutableArray())];
    }

    /// <summary>All that is due, whether or not days are chosen in the same order.</summary>
    public ImmutableArray<Visit> Visits { get; }

    /// <summary>For each day of the horizon the indices in <see cref="SweepProblem.Tasks"/> that are due by zones, rising.</summary>
    public ImmutableArray<ImmutableArray<int>> Due { get; }

    public static Calendar Of(SweepProblem problem)
    {
        var visits = ImmutableArray.CreateBuilder<Visit>();
        var weeks = ((problem.FirstDayOfWeek + problem.Days - 1) / DaysPerWeek) + 1;
        var place = HilbertPlaces(problem);
        foreach (var sameFrequency in Enumerable.Range(0, problem.Tasks.Length).GroupBy(t => problem.Tasks[t].TimesPerWeek))
        {
            var timesPerWeek = sameFrequency.Key;
            var periodWeeks = PeriodWeeks(timesPerWeek);
            var order = sameFrequency.OrderBy(t => place[t]).ThenBy(t => SegmentOf(problem, t)).ThenBy(t => t).ToArray();
            foreach (var (task, piece) in Pieces(problem, order, problem.WorkDaysPerWeek * periodWeeks))
            {
                var (zone, phase) = Math.DivRem(piece, periodWeeks);
                for (var week = 0; week < weeks; week++)
                {
                    int[] days = [.. DueDays(TimesInWeek(timesPerWeek, problem.Week + week + phase), zone, problem.WorkDaysPerWeek)];
                    visits.AddRange(days.Select((day, i) => new Visit(task, DayOf(problem, week, day), DaysOf(problem, week, days, i))).Where(visit => visit.Day >= 0 && visit.Day < problem.Days));
                }
            }
        }

        return new(problem, visits.ToImmutable());
    }

    // Of a day of the week its number in the horizon, which it may lie outside of.
    private static int DayOf(SweepProblem problem, int week, int dayOfWeek) => (week * DaysPerWeek) + dayOfWeek - problem.FirstDayOfWeek;

    // The days of the week, rising.
    private static IEnumerable<int> DueDays(int times, int zone, int workDays) => times > workDays
        ? Enumerable.Range(0, times)
        : Enumerable.Range(0, times).Select(i => (zone + (i * workDays / times)) % workDays).Order();

    private static ImmutableArray<int> DaysOf(SweepProblem problem, int week, int[] dueDays, int visit)
    {
        var workDays = problem.WorkDaysPerWeek;
        ImmutableArray<int> days = [.. DaysInWeek().Select(day => DayOf(problem, week, day)).Where(day => day >= 0 && day < problem.Days)];
        return days.IsEmpty ? [DayOf(problem, week, dueDays[visit])] : days;

        int[] DaysInWeek() => !problem.ChoosesDays ? [dueDays[visit]]
            : dueDays.Length == 1 ? [.. Enumerable.Range(0, workDays)]
            : dueDays.Length == 2 && workDays >= FewestForTwo && DayOf(problem, week, 0) >= 0 && DayOf(problem, week, FewestForTwo - 1) < problem.Days ? (visit == 0 ? [0, 1] : [3, 4])
            : [dueDays[visit]];
    }

    private static int TimesInWeek(double timesPerWeek, int week) =>
        Math.Min(DaysPerWeek, (int)(Math.Floor((timesPerWeek * (week + 1)) + 1e-9) - Math.Floor((timesPerWeek * week) + 1e-9)));

    // The number of weeks after which the pattern repeats.
    private static int PeriodWeeks(double timesPerWeek)
    {
        for (var weeks = 1; weeks < LongestPeriodWeeks; weeks++)
        {
            var times = timesPerWeek * weeks;
            if (Math.Abs(times - Math.Round(times)) < 1e-6)
            {
                return weeks;
            }
        }

        return LongestPeriodWeeks;
    }

    // Cuts the ordered tasks into pieces of about equal length; never within a segment.
    private static IEnumerable<(int Task, int Piece)> Pieces(SweepProblem problem, int[] order, int pieces)
    {
        var totalM = order.Sum(t => problem.Tasks[t].LengthM);
        var beforeM = 0.0;
        for (var i = 0; i < order.Length;)
        {
            var end = i;
            var lengthM = 0.0;
            while (end < order.Length && SegmentOf(problem, order[end]) == SegmentOf(problem, order[i]))
            {
                lengthM += problem.Tasks[order[end++]].LengthM;
            }

            // A segment belongs where its middle lies.
            var piece = totalM > 0 ? Math.Min(pieces - 1, (int)((beforeM + (lengthM / 2)) / totalM * pieces)) : 0;
            for (; i < end; i++)
            {
                yield return (order[i], piece);
            }

            beforeM += lengthM;
        }
    }

    private static int SegmentOf(SweepProblem problem, int task) => problem.Graph.Network.ArcSegment[problem.Tasks[task].Arc];

    // Place of the middle of each task's segment along a Hilbert curve over the tasks' square.
    private static long[] HilbertPlaces(SweepProblem problem)
    {
        var network = problem.Graph.Network;
        var middles = problem.Tasks.Select(task =>
        {
            var line = network.SegmentLine(network.ArcSegment[task.Arc]);
            return line[0].Towards(line[^1], 0.5);
        }).ToArray();
        if (middles.Length == 0)
        {
            return [];
        }

        var minX = middles.Min(m => m.X);
        var minY = middles.Min(m => m.Y);
        var sideM = Math.Max(1, Math.Max(middles.Max(m => m.X) - minX, middles.Max(m => m.Y) - minY));
        const int Cells = (1 << HilbertBits) - 1;
        return Array.ConvertAll(middles, m => HilbertPlace((int)((m.X - minX) / sideM * Cells), (int)((m.Y - minY) / sideM * Cells)));
    }

    // Quadrant by quadrant, turning the frame so that the curve hangs together (Hilbert 1891).
    private static long HilbertPlace(int x, int y)
    {
        var place = 0L;
        for (var side = 1 << (HilbertBits - 1); side > 0; side >>= 1)
        {
            var right = (x & side) != 0;
            var upper = (y & side) != 0;
            place += (long)side * side * (right ? (upper ? 2 : 3) : (upper ? 1 : 0));
            if (!upper)
            {
                if (right)
                {
                    x = ~x;
                    y = ~y;
                }

                (x, y) = (y, x);
            }
        }

        return place;
    }
}
