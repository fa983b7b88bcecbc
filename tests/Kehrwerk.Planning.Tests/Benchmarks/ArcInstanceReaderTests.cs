using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests.Benchmarks;

public sealed class ArcInstanceReaderTests
{
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
}
