using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests.Benchmarks;

public sealed class ArcInstanceReaderTests
{
    [Fact]
    public void A_mixed_instance_is_read_with_its_links_in_the_order_of_the_file()
    {
        var instance = TinyInstance.Read(TinyInstance.WithSite);

        Assert.Equal((5, 1, 4, 1, 10, (int?)28), (instance.NodeCount, instance.Vehicles, instance.Capacity, instance.Depot, instance.DumpingCost, instance.MaxTrip));
        Assert.Equal([3], instance.DumpingSites);
        Assert.Equal(
            [new ArcLink(1, 2, false, 1, 12), new(2, 3, false, 1, 13), new(4, 1, false, 1, 14), new(3, 4, false, 1, 16), new(1, 3, false, 5, 17), new(2, 5, true, 1, 19), new(5, 3, true, 2, 21)],
            instance.Links);
        Assert.Equal([(1, 3, 2), (2, 3, 2), (4, 3, 3), (2, 3, 1)], instance.Required.Select(r => (r.Link.From, r.ServiceCost, r.Demand)));
    }

    [Fact]
    public void A_classic_instance_costs_the_same_with_and_without_service()
    {
        var instance = TinyInstance.Read(TinyInstance.Classic);

        Assert.Equal((4, 5, 3), (instance.NodeCount, instance.Links.Length, instance.Required.Length));
        Assert.All(instance.Required, required => Assert.Equal(required.Link.TraversalCost, required.ServiceCost));
        Assert.Null(instance.TourLimit);
    }

    [Fact]
    public void A_problem_has_a_place_for_each_node_that_matters_and_the_least_costs_between_them()
    {
        var problem = TinyInstance.Read(TinyInstance.WithSite).ToProblem();

        // Places: 0 the depot at node 1, 1 the site at node 3, 2 node 2, 3 node 4, 4 node 5.
        Assert.Equal((0, 5, (int?)28, 0), (problem.Vehicles[0].Start, problem.Travel.Places, problem.Vehicles[0].MaxTime, problem.Vehicles[0].TourCost));
        Assert.Equal([(1, 10)], problem.Sites.Select(site => (site.Place, site.Cost)));
        Assert.Equal([new TaskMode(0, 2, 3), new(2, 0, 3)], problem.Tasks[0].Modes);
        Assert.Equal([new TaskMode(2, 4, 3)], problem.Tasks[3].Modes);
        Assert.Equal((2, 2, 4), (problem.Travel[0, 1], problem.Travel[4, 1], problem.Travel[4, 0]));
    }

    // With pairs to join, by the hierarchy; without, by searches.
    [Theory]
    [InlineData(1_000)]
    [InlineData(0)]
    public void Least_costs_agree_with_all_pairs_by_Floyd_and_Warshall(long maxPairs)
    {
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[0, 20], Gen.Bool).Array[1, 25].Sample(drawn =>
        {
            ImmutableArray<ArcLink> links = [.. drawn.Select((link, line) => new ArcLink(link.Item1, link.Item2, link.Item4, link.Item3, line))];
            ImmutableArray<int> places = [.. links.SelectMany(link => (int[])[link.To, link.From]).Distinct().Where(node => node % 3 > 0)];
            var least = new long[10, 10];
            foreach (var (i, j) in Pairs)
            {
                least[i, j] = i == j ? 0 : links.Where(l => (l.From == i && l.To == j) || (!l.IsOneWay && l.From == j && l.To == i)).Min(l => (long?)l.TraversalCost) ?? CostTable.NoWay;
            }

            for (var over = 1; over <= 9; over++)
            {
                foreach (var (i, j) in Pairs)
                {
                    least[i, j] = Math.Min(least[i, j], least[i, over] + least[over, j]);
                }
            }

            var table = LinkPaths.Between(places, links, maxPairs);

            return places.Index().All(from => places.Index().All(to => table[from.Index, to.Index] == least[from.Item, to.Item]));
        });
    }

    [Fact]
    public void Blanks_line_ends_order_and_case_do_not_matter()
    {
        var lines = TinyInstance.Plain.Split('\n');
        var shuffled = string.Join("\r\n\r\n", lines.Where(line => line.StartsWith("DEPOT", StringComparison.Ordinal) || line.StartsWith("CAP", StringComparison.Ordinal))
            .Concat(lines.Where(line => !line.StartsWith("DEPOT", StringComparison.Ordinal) && !line.StartsWith("CAP", StringComparison.Ordinal)))
            .Select(line => "\t " + line.ToLowerInvariant().Replace("(", "( ", StringComparison.Ordinal) + "  "));

        var instance = TinyInstance.Read(shuffled);

        Assert.Equal(TinyInstance.Read(TinyInstance.Plain).Links.Select(link => link with { Line = 0 }), instance.Links.Select(link => link with { Line = 0 }));
        Assert.Equal(4, instance.Capacity);
    }

    // What is changed in the plain instance, and what the person reads.
    [Theory]
    [InlineData("REQ_EDGES : 3", "REQ_EDGES : 4", "tiny.txt, line 3: REQ_EDGES states 4 links, 3 are listed")]
    [InlineData("NOREQ_ARCS : 1", "", "tiny.txt, line 19: NOREQ_ARCS states 0 links, 1 are listed")]
    [InlineData("NODES : 5", "NODES : 6", "tiny.txt, line 2: NODES states 6 nodes, the links join 5")]
    [InlineData("serv_cost 3  trav_cost 1  demand 2", "serv_cost -3  trav_cost 1  demand 2", "tiny.txt, line 11: serv_cost is -3, it must lie between 0")]
    [InlineData("trav_cost 1  demand 2", "trav_cost -1  demand 2", "tiny.txt, line 11: trav_cost is -1, it must lie between 0")]
    [InlineData("demand 1", "demand -1", "tiny.txt, line 18: demand is -1, it must lie between 0")]
    [InlineData("demand 3", "demand 5", "tiny.txt, line 13: the demand 5 is more than a vehicle holds (4)")]
    [InlineData("CAPACITY : 4", "CAPACITY : 4\nCAPACITY : 5", "tiny.txt, line 9: CAPACITY stands in line 8 already")]
    [InlineData("CAPACITY : 4", "CAPACITY : many", "tiny.txt, line 8: CAPACITY 'many' is not a whole number")]
    [InlineData("CAPACITY : 4", "CAPACITY : 99999999999999999999", "tiny.txt, line 8: CAPACITY '99999999999999999999' is not a whole number")]
    [InlineData("CAPACITY : 4", "", "tiny.txt: the line CAPACITY is missing")]
    [InlineData("DEPOT : 1", "", "tiny.txt: the line DEPOT is missing")]
    [InlineData("DEPOT : 1", "DEPOT : 17", "tiny.txt, line 21: DEPOT is node 17, which no link touches")]
    [InlineData("DEPOT : 1", "DEPOT : 1\nDUMPING_SITES : 3,17", "tiny.txt, line 22: DUMPING_SITES is node 17, which no link touches")]
    [InlineData("DEPOT : 1", "DEPOT : 1\nDUMPING_SITES : 3,3", "tiny.txt, line 22: a dumping site is listed twice")]
    [InlineData("DEPOT : 1", "DEPOT : 1\nhello", "tiny.txt, line 22: 'hello' is neither a header nor a link of this format")]
    [InlineData("DEPOT : 1", "DEPOT : 1\n(1,2) cost 3", "tiny.txt, line 22: a link stands outside every list")]
    [InlineData("(3,4)  cost 1", "(3,4)  cost 1 cost 1", "tiny.txt, line 15: '(3,4)  cost 1 cost 1' is not a link as this list has it")]
    [InlineData("(3,4)  cost 1", "(3,4)  cost 1  demand 1", "tiny.txt, line 15: '(3,4)  cost 1  demand 1' is not a link as this list has it")]
    [InlineData("(2,5)  serv_cost 3  trav_cost 1  demand 1", "(2,5)  cost 3", "tiny.txt, line 18: '(2,5)  cost 3' is not a link as this list has it")]
    [InlineData("(3,4)  cost 1", "(3,4)  cost 999999999", "tiny.txt, line 15: up to here the costs or demands sum to more than")]
    [InlineData("NAME : tiny", "COST_TYPE : EUCLIDEAN", "tiny.txt, line 1: 'EUCLIDEAN' is a kind of costs that is not known here")]
    [InlineData("NAME : tiny", "<html>", "tiny.txt, line 1: this is not an arc routing instance")]
    public void What_contradicts_itself_is_refused_with_its_line(string from, string to, string message)
    {
        var at = TinyInstance.Plain.IndexOf(from, StringComparison.Ordinal);
        var text = TinyInstance.Plain[..at] + to + TinyInstance.Plain[(at + from.Length)..];

        var refusal = Assert.Throws<InputException>(() => TinyInstance.Read(text));

        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused_or_lacks_only_what_may_be_absent()
    {
        var whole = TinyInstance.WithSite;
        for (var length = 0; length < whole.LastIndexOf("DUMPING_SITES", StringComparison.Ordinal) - 1; length++)
        {
            Assert.Throws<InputException>(() => TinyInstance.Read(whole[..length]));
        }
    }

    [Theory]
    [InlineData("(5,3)", "(5,6)", "line 18: the required link (2, 5) cannot be reached from the depot and left for it again.")]
    [InlineData("(2,5)  serv_cost", "(6,5)  serv_cost", "line 18: the required link (6, 5) cannot be reached from the depot and left for it again.")]
    public void A_required_link_that_cannot_be_served_is_refused_with_its_line(string from, string to, string problem)
    {
        var text = TinyInstance.Plain.Replace(from, to, StringComparison.Ordinal).Replace("NODES : 5", "NODES : 6", StringComparison.Ordinal);

        var refusal = Assert.Throws<InputException>(() => TinyInstance.Read(text).ToProblem());

        Assert.Equal($"tiny.txt, {problem} Add the links that are missing, or remove this one.", refusal.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var refusal = Assert.Throws<InputException>(() => ArcInstanceReader.Read("no-such-instance.dat"));

        Assert.StartsWith("no-such-instance.dat: the file cannot be read", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n  NOMBRE : gdb1\n", true)]
    [InlineData("NAME : Lpr-a-01.dat", true)]
    [InlineData("set\tinstance\tBKS", false)]
    [InlineData("", false)]
    public void An_instance_is_recognised_by_its_first_line(string text, bool isInstance) =>
        Assert.Equal(isInstance, ArcInstanceReader.Recognises(new StringReader(text)));

    [Fact]
    public void Every_published_instance_is_read_with_the_number_of_tasks_that_the_table_states()
    {
        var stated = PublishedInstances.RequiredCounts();

        var read = PublishedInstances.Files().Select(ArcInstanceReader.Read).ToDictionary(instance => instance.Name, instance => instance.Required.Length);

        Assert.All(stated, row => Assert.Equal(row.Value, read[row.Key]));
    }

    // As published, MAX_TRIP of the mval files with dumping sites is too short for 30 of the 34; their authors use three times as much.
    [Fact]
    public void A_published_instance_without_any_solution_is_refused_and_all_others_become_problems()
    {
        var refused = new List<InputException>();
        foreach (var file in PublishedInstances.Files())
        {
            var instance = ArcInstanceReader.Read(file);
            try
            {
                Assert.Equal(instance.Required.Length, instance.ToProblem().Tasks.Length);
            }
            catch (InputException e)
            {
                refused.Add(e);
            }
        }

        Assert.Equal(30, refused.Count);
        Assert.All(refused, e => Assert.Matches("mcarptif-mval.*, line [0-9]+: .* MAX_TRIP", e.Message));
    }

    private static IEnumerable<(int From, int To)> Pairs =>
        from i in Enumerable.Range(1, 9)
        from j in Enumerable.Range(1, 9)
        select (i, j);
}
