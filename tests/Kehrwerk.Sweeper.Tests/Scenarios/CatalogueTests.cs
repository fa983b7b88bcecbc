using Kehrwerk.Sweeper.Scenarios;
using Kehrwerk.Sweeper.Scenarios.Report;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

public sealed class CatalogueTests
{
    [Fact]
    public void The_catalogue_has_what_was_promised()
    {
        var catalogue = Catalogue.BuiltIn();

        Assert.InRange(catalogue.Count, 25, 100);
        Assert.Equal(catalogue.Count, catalogue.Select(scenario => scenario.Name).Distinct().Count());
        Assert.All(catalogue, scenario =>
        {
            Assert.InRange(scenario.Parameters.Count, 3, 20);
            Assert.All(scenario.Parameters, parameter => Assert.True(parameter.From < parameter.To, $"{scenario.Name}: {parameter.Name} is no range"));
            Assert.NotEmpty(scenario.Shows);
            Assert.All(scenario.Shows, id => Assert.Contains(id, Requirements.All));
        });
    }
}
