using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests;

public sealed class CalendarTests
{
    private static readonly SweepProblem Week = Towns.Grid(12, 12) with { Days = 7 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(5, 5)]
    [InlineData(6, 6)]
    [InlineData(7, 7)]
    [InlineData(14, 7)]
    public void A_kerb_is_due_as_often_as_its_class_says_and_at_most_daily(double timesPerWeek, int days)
    {
        var due = DueDays(Every(timesPerWeek));
        Assert.All(due, dueDays => Assert.Equal(days, dueDays.Length));
    }

    [Fact]
    public void Twice_a_week_is_never_on_neighbouring_days() =>
        Assert.All(DueDays(Every(2)), days => Assert.InRange(days[1] - days[0], 2, 4));

    [Fact]
    public void Up_to_five_times_a_week_the_weekend_is_free() =>
        Assert.All(DueDays(Every(5)), days => Assert.Equal([0, 1, 2, 3, 4], days));

    [Fact]
    public void Every_second_week_is_one_week_or_the_other()
    {
        var even = DueDays(Every(0.5) with { Week = 0 });
        var odd = DueDays(Every(0.5) with { Week = 1 });
        Assert.All(even.Zip(odd), pair => Assert.Equal(1, pair.First.Length + pair.Second.Length));
        Assert.InRange(even.Count(days => days.Length == 1), (int)(0.45 * even.Length), (int)(0.55 * even.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0.5)]
    public void Work_days_are_balanced(double timesPerWeek)
    {
        var problem = Every(timesPerWeek);
        var lengthsM = Calendar.Of(problem).Due.Take(5).Select(due => due.Sum(t => problem.Tasks[t].LengthM)).ToArray();
        Assert.True(lengthsM.Max() <= (1.05 * lengthsM.Min()) + 400, string.Join(" ", lengthsM));
    }

    [Fact]
    public void The_kerbs_of_a_day_lie_together()
    {
        var problem = Every(1);
        var network = problem.Graph.Network;
        MapPoint Middle(int task) => network.NodePoint[network.ArcTail[problem.Tasks[task].Arc]].Towards(network.NodePoint[network.ArcHead[problem.Tasks[task].Arc]], 0.5);
        double SpreadM(IReadOnlyCollection<int> tasks)
        {
            var centre = new MapPoint(tasks.Average(t => Middle(t).X), tasks.Average(t => Middle(t).Y));
            return tasks.Average(t => Middle(t).DistanceTo(centre));
        }

        var townM = SpreadM([.. Enumerable.Range(0, problem.Tasks.Length)]);
        Assert.All(Calendar.Of(problem).Due.Take(5), due => Assert.True(SpreadM(due) < 0.7 * townM));
    }

    [Fact]
    public void Both_sides_of_a_street_are_due_on_the_same_day()
    {
        var problem = Every(1);
        var days = DueDays(problem);
        var reverse = problem.Graph.Network.ArcReverse.ToArray();
        Assert.All(Enumerable.Range(0, days.Length), task => Assert.Equal(days[task], days[reverse[task]]));
    }

    [Fact]
    public void One_day_is_a_slice_of_the_week()
    {
        var week = Calendar.Of(Every(2)).Due;
        for (var day = 0; day < 7; day++)
        {
            Assert.Equal(week[day], Calendar.Of(Every(2) with { Days = 1, FirstDayOfWeek = day }).Due[0]);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Where_days_are_chosen_the_same_is_due(double timesPerWeek)
    {
        var byZones = Calendar.Of(Every(timesPerWeek));
        var chosen = Calendar.Of(Every(timesPerWeek) with { ChoosesDays = true });
        Assert.Equal(byZones.Visits.Select(visit => (visit.Task, visit.Day)), chosen.Visits.Select(visit => (visit.Task, visit.Day)));
        Assert.All(byZones.Visits, visit => Assert.Equal([visit.Day], visit.Days));
    }

    [Fact]
    public void Once_a_week_is_any_work_day_of_that_week_in_the_horizon()
    {
        Assert.All(Calendar.Of(Every(1) with { ChoosesDays = true }).Visits, visit => Assert.Equal([0, 1, 2, 3, 4], visit.Days));
        var fromThursday = Calendar.Of(Every(1) with { ChoosesDays = true, FirstDayOfWeek = 3 });
        Assert.All(fromThursday.Visits, visit => Assert.Equal(visit.Day < 2 ? [0, 1] : [4, 5, 6], visit.Days));
    }

    [Fact]
    public void Twice_a_week_leaves_two_days_between_whichever_are_chosen()
    {
        var visits = Calendar.Of(Every(2) with { ChoosesDays = true }).Visits.GroupBy(visit => visit.Task).ToArray();
        Assert.All(visits, two => Assert.Equal(["0 1", "3 4"], two.Select(visit => string.Join(' ', visit.Days))));
        Assert.All(Calendar.Of(Every(2) with { ChoosesDays = true, Days = 4 }).Visits, visit => Assert.Equal([visit.Day], visit.Days));
    }

    [Fact]
    public void More_often_than_twice_a_week_there_is_no_choice() =>
        Assert.All(Calendar.Of(Every(3) with { ChoosesDays = true }).Visits, visit => Assert.Equal([visit.Day], visit.Days));

    private static SweepProblem Every(double timesPerWeek) => Week with { Tasks = [.. Week.Tasks.Select(t => t with { TimesPerWeek = timesPerWeek })] };

    private static int[][] DueDays(SweepProblem problem)
    {
        var due = Calendar.Of(problem).Due;
        return [.. Enumerable.Range(0, problem.Tasks.Length).Select(task => Enumerable.Range(0, problem.Days).Where(day => due[day].Contains(task)).ToArray())];
    }
}
