using CsCheck;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests.Benchmarks;

public sealed class ArcSolutionFileTests
{
    private static readonly Gen<ListedStop> Stop = Gen.OneOf(
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Bool, ListedStop.Serve),
        Gen.Int.Select(ListedStop.Tip));

    [Fact]
    public void What_is_written_is_read_again() => Gen.Select(Gen.Long[0, long.MaxValue], Stop.Array[1, 9].Array[0, 5]).Sample((cost, tours) =>
    {
        var written = new ArcSolutionFile
        {
            Source = "plan.txt",
            Cost = cost,
            CostLine = 1,
            Tours = [.. tours.Select((stops, index) => new ListedTour(index + 2, [.. stops]))],
        };
        using var text = new StringWriter();
        written.Write(text);

        var read = ArcSolutionFile.Read(new StringReader(text.ToString()), "plan.txt");

        return read.Cost == cost && read.CostLine == 1
            && read.Tours.Select(tour => (tour.Line, string.Join(' ', tour.Stops))).SequenceEqual(written.Tours.Select(tour => (tour.Line, string.Join(' ', tour.Stops))))
            && read.Tours.SelectMany(tour => tour.Stops).SequenceEqual(written.Tours.SelectMany(tour => tour.Stops));
    });

    [Fact]
    public void A_solution_of_the_problem_is_told_in_the_terms_of_the_file()
    {
        var instance = TinyInstance.Read(TinyInstance.WithSite);
        var solution = new ArcSolution(38, [new(0, [ArcStop.Serve(0, 0), ArcStop.Serve(2, 1), ArcStop.Visit(0)], [])], []);
        using var text = new StringWriter();

        ArcSolutionFile.From(instance, solution, "plan.txt").Write(text);

        Assert.Equal("cost 38\ntour 1 -3 tip:3\n", text.ToString());
    }

    [Fact]
    public void Comments_blanks_and_order_are_free()
    {
        var read = ArcSolutionFile.Read(new StringReader("# by hand\r\n\r\n  tour\t1 -2   # the north\r\ncost  12#?\r\ntour tip:-7\r\n"), "plan.txt");

        Assert.Equal((12, 4), (read.Cost, read.CostLine));
        Assert.Equal([(3, "1 -2"), (5, "tip:-7")], read.Tours.Select(tour => (tour.Line, string.Join(' ', tour.Stops))));
    }

    [Theory]
    [InlineData("tour 1", "plan.txt: the line with the cost is missing")]
    [InlineData("cost 1\ncost 1", "plan.txt, line 2: the cost stands in line 1 already")]
    [InlineData("cost 1.5", "plan.txt, line 1: the cost '1.5' is not a whole number")]
    [InlineData("cost -1", "plan.txt, line 1: the cost '-1' is not a whole number")]
    [InlineData("cost 1\ntour", "plan.txt, line 2: the tour has no stop")]
    [InlineData("cost 1\ntour 0", "plan.txt, line 2: '0' is not a stop")]
    [InlineData("cost 1\ntour 1 x", "plan.txt, line 2: 'x' is not a stop")]
    [InlineData("cost 1\ntour tip:", "plan.txt, line 2: 'tip:' is not a stop")]
    [InlineData("cost 1\ntour 99999999999", "plan.txt, line 2: '99999999999' is not a stop")]
    [InlineData("cost 1\n1 2 3", "plan.txt, line 2: '1 2 3' is neither a tour nor the cost")]
    public void What_is_no_solution_is_refused_with_its_line(string text, string message)
    {
        var refusal = Assert.Throws<InputException>(() => ArcSolutionFile.Read(new StringReader(text), "plan.txt"));

        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }
}
