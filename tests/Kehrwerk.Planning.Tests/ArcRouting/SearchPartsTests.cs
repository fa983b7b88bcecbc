using CsCheck;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.ArcRouting.Search;
using Xunit;

namespace Kehrwerk.Planning.Tests.ArcRouting;

public sealed class SearchPartsTests
{
    [Fact]
    public void Near_lists_are_what_sorting_all_other_tasks_gives() => SmallProblems.Any.Sample(problem =>
    {
        const int length = 2;
        var lists = new NearLists(problem, length);

        for (var task = 0; task < problem.Tasks.Length; task++)
        {
            var others = Enumerable.Range(0, problem.Tasks.Length).Where(other => other != task)
                .Select(other => (Way: Math.Min(Way(problem, task, other), Way(problem, other, task)), Other: other))
                .Order().Take(length).ToArray();
            Assert.Equal(others.Select(o => o.Other), lists.Of(task).ToArray());
            Assert.Equal(others.Select(o => o.Way), lists.WaysOf(task).ToArray());
        }
    });

    [Fact]
    public void Tasks_that_are_renumbered_come_back_with_their_own_numbers() => SmallProblems.Any.Sample(problem =>
    {
        var order = TaskOrder.Of(problem);
        var renumbered = order.Apply(problem);
        var solution = new ArcSolution(0, [.. renumbered.Tasks.Select((_, i) => new ArcTour(0, [ArcStop.Serve(i, 0)], []))], []);

        var restored = order.Restore(solution);

        Assert.Equal(Enumerable.Range(0, problem.Tasks.Length), restored.Tours.Select(tour => tour.Stops[0].Index).Order());
        Assert.All(restored.Tours, (tour, i) => Assert.Same(renumbered.Tasks[i], problem.Tasks[tour.Stops[0].Index]));
        Assert.Equal(
            solution.Tours.Select(tour => tour.Stops[0]),
            order.Apply(restored).Tours.Select(tour => tour.Stops[0]));
    });

    [Fact]
    public void Tasks_on_a_line_are_numbered_along_it()
    {
        int[] places = [3, 9, 1, 12, 6, 14, 4, 11, 0, 7, 15, 2, 10, 5, 13, 8];
        var problem = OnALine([.. places], capacity: 1);

        var renumbered = TaskOrder.Of(problem).Apply(problem);

        var numbers = renumbered.Tasks.Select(task => task.Modes[0].Entry).ToArray();
        Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 1, 3));
    }

    [Fact]
    public void A_closed_route_passes_every_task_once() => SmallProblems.Any.Sample(problem =>
    {
        var model = new SearchModel<TwoModes>(problem, 10);
        var tasks = Enumerable.Range(0, problem.Tasks.Length).Where(task => task % 3 != 1).ToArray();

        Assert.Equal(tasks, ClosedRoute<TwoModes>.Past(model, [.. tasks.Reverse()]).Order());
    });

    [Fact]
    public void A_closed_route_along_a_line_goes_out_and_comes_back_once()
    {
        int[] places = [3, 9, 1, 12, 6, 14, 4, 11, 7, 15, 2, 10, 5, 13, 8];
        var problem = OnALine([.. places], capacity: 1);

        // With few near tasks the rings that an assignment leaves have to be joined.
        var order = ClosedRoute<OneMode>.Past(new(problem, 3), [.. Enumerable.Range(0, places.Length)]).Select(task => places[task]).ToArray();

        Assert.Equal(2 * 15, order[0] + order.Zip(order.Skip(1), (a, b) => Math.Abs(a - b)).Sum() + order[^1]);
    }

    [Fact]
    public void A_fleet_is_reduced_to_what_the_loads_need()
    {
        // 4 + 4, 6 and 6 fill three tours of 10; 4 + 6 twice need two.
        var problem = OnALine([1, 2, 3, 4], capacity: 10, demands: [4, 4, 6, 6]);
        var model = new SearchModel<OneMode>(problem, 10);
        var random = new SeededRandom(1);
        var solution = new SearchSolution<OneMode>(model);
        foreach (int[] stops in new int[][] { [0, 1], [2], [3] })
        {
            solution.Set(solution.EmptyTour(0), stops);
            foreach (var task in stops)
            {
                solution.MarkServed(task);
            }
        }

        solution.Accept();
        var rounds = 0;
        new FleetReduction<OneMode>(model, random, new(model, random), new(model, random)).Apply(solution, 1, () => rounds++ < 1_000);

        var tours = solution.ToSolution().Tours;
        Assert.Equal(2, tours.Length);
        Assert.Equal([0, 1, 2, 3], tours.SelectMany(tour => tour.Stops).Select(stop => stop.Index).Order());
        Assert.Equal(tours.Sum(tour => 2 * tour.Stops.Max(stop => stop.Index + 1)), solution.Cost);
    }

    [Fact]
    public void A_fleet_that_cannot_be_reduced_stays_as_it_was()
    {
        var problem = OnALine([1, 2, 3], capacity: 10, demands: [7, 7, 4]);
        var model = new SearchModel<OneMode>(problem, 10);
        var random = new SeededRandom(1);
        var solution = new SearchSolution<OneMode>(model);
        foreach (int[] stops in new int[][] { [0], [1], [2] })
        {
            solution.Set(solution.EmptyTour(0), stops);
            foreach (var task in stops)
            {
                solution.MarkServed(task);
            }
        }

        solution.Accept();
        var rounds = 0;
        new FleetReduction<OneMode>(model, random, new(model, random), new(model, random)).Apply(solution, 1, () => rounds++ < 1_000);

        Assert.Equal(1_001, rounds);
        Assert.Equal(12, solution.Cost);
        Assert.Equal([0, 1, 2], solution.ToSolution().Tours.Select(tour => tour.Stops.Single().Index));
    }

    // Each place is as far from the depot at 0 as its number tells; a task is served on the spot at no cost.
    private static ArcProblem OnALine(int[] places, int capacity, int[]? demands = null)
    {
        var count = places.Max() + 1;
        return new()
        {
            Tasks = [.. places.Select((place, i) => new ArcTask([new(place, place, 0)], [demands?[i] ?? 0]))],
            Travel = new(count, [.. Enumerable.Range(0, count * count).Select(i => Math.Abs((i / count) - (i % count)))]),
            Vehicles = [new() { Start = 0, End = 0, Capacity = [capacity] }],
        };
    }

    private static int Way(ArcProblem problem, int from, int to) =>
        problem.Tasks[from].Modes.Min(leaving => problem.Tasks[to].Modes.Min(entering => problem.Travel[leaving.Exit, entering.Entry]));
}
