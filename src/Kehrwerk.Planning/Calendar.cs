using System.Collections.Immutable;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning;

/// <summary>One sweep of a kerb that is due.</summary>
/// <param name="Task">Index in <see cref="SweepProblem.Tasks"/>.</param>
/// <param name="Days">The days of the horizon on one of which it takes place, rising.</param>
public readonly record struct Visit(int Task, ImmutableArray<int> Days);

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
/// </summary>
public sealed class Calendar
{
    private const int DaysPerWeek = 7;
    private const int LongestPeriodWeeks = 12;
    private const int HilbertBits = 16;

    private Calendar(ImmutableArray<ImmutableArray<int>> due) => Due = due;

    /// <summary>What is due on a day.</summary>
    internal ImmutableArray<Visit> VisitsOn(int day) => [.. Due[day].Select(task => new Visit(task, [day]))];

    /// <summary>For each day of the horizon the indices in <see cref="SweepProblem.Tasks"/> that are due, rising.</summary>
    public ImmutableArray<ImmutableArray<int>> Due { get; }

    public static Calendar Of(SweepProblem problem)
    {
        var dueOnDay = new List<int>[problem.Days];
        for (var day = 0; day < problem.Days; day++)
        {
            dueOnDay[day] = [];
        }

        var place = HilbertPlaces(problem);
        foreach (var sameFrequency in Enumerable.Range(0, problem.Tasks.Length).GroupBy(t => problem.Tasks[t].TimesPerWeek))
        {
            var timesPerWeek = sameFrequency.Key;
            var periodWeeks = PeriodWeeks(timesPerWeek);
            var order = sameFrequency.OrderBy(t => place[t]).ThenBy(t => SegmentOf(problem, t)).ThenBy(t => t).ToArray();
            foreach (var (task, piece) in Pieces(problem, order, problem.WorkDaysPerWeek * periodWeeks))
            {
                var (zone, phase) = Math.DivRem(piece, periodWeeks);
                for (var day = 0; day < problem.Days; day++)
                {
                    var (weeksOn, dayOfWeek) = Math.DivRem(problem.FirstDayOfWeek + day, DaysPerWeek);
                    var times = TimesInWeek(timesPerWeek, problem.Week + weeksOn + phase);
                    if (IsDue(times, zone, dayOfWeek, problem.WorkDaysPerWeek))
                    {
                        dueOnDay[day].Add(task);
                    }
                }
            }
        }

        return new([.. dueOnDay.Select(tasks => tasks.Order().ToImmutableArray())]);
    }

    private static bool IsDue(int times, int zone, int dayOfWeek, int workDays)
    {
        if (times > workDays)
        {
            return dayOfWeek < times;
        }

        for (var i = 0; i < times; i++)
        {
            if ((zone + (i * workDays / times)) % workDays == dayOfWeek)
            {
                return true;
            }
        }

        return false;
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
