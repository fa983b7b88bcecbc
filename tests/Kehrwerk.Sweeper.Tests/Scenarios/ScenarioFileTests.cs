using System.Text;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Scenarios;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

/// <summary>Whatever is wrong with a scenario file is named with its line.</summary>
public sealed class ScenarioFileTests
{
    private const string Good = """
        {
          "name": "van",
          "title": { "de": "Lieferwagen", "en": "Van" },
          "shows": ["V2"],
          "notShown": { "de": "Nichts", "en": "Nothing" },
          "parameters": {
            "gapM": { "from": 10, "to": 40, "unit": "m" },
            "widthM": { "choose": [5.5, 6, 7] }
          },
          "scene": { "kind": "street", "widthM": "$widthM" },
          "agents": [
            { "id": "van", "kind": "van", "way": [ { "atM": { "of": "$gapM", "plus": 60 }, "asideM": -1.2 }, { "atM": 200, "asideM": -1.2 } ],
              "trigger": { "timeS": 3 } }
          ],
          "untilS": 120,
          "expect": [ { "kind": "noCollision" }, { "kind": "distance", "of": "van", "value": 0.5 } ]
        }
        """;

    [Fact]
    public void A_good_file_is_read_whole()
    {
        var scenario = Parse(Good);

        Assert.Equal(["gapM", "widthM"], scenario.Parameters.Select(parameter => parameter.Name));
        double[] drawn = [scenario.Parameters[0].At(0.5), scenario.Parameters[1].At(0.99)];
        Assert.Equal([25, 7], drawn);
        Assert.Equal(85, scenario.Agents[0].Way[0].AtM.In(drawn));
        Assert.Equal(7, scenario.Scene.WidthM.In(drawn));
        Assert.Equal(TriggerKind.TimeS, scenario.Agents[0].Trigger);
    }

    [Theory]
    [InlineData("\"untilS\": 120", "\"untilS\": 0", 15, "'untilS' is not a number from 1 to 3600")]
    [InlineData("\"kind\": \"street\"", "\"kind\": \"motorway\"", 10, "'scene.kind' is 'motorway'")]
    [InlineData("\"shows\"", "\"show\"", 1, "has no 'shows'")]
    [InlineData("\"timeS\": 3", "\"timeS\": 3, \"times\": 4", 13, "'agents[0].trigger' has no field 'times'")]
    [InlineData("\"untilS\": 120", "\"untilS\": 120, \"colour\": 1", 15, "The file has no field 'colour'")]
    [InlineData("\"plus\": 60", "\"plus\": 600", 12, "With gapM = 10 'agents[0].way[0].atM' becomes 610")]
    [InlineData("\"$widthM\"", "\"$width\"", 10, "'$width' is neither a number nor a parameter")]
    [InlineData("\"$widthM\"", "6", 8, "The parameter 'widthM' is not used")]
    [InlineData("\"from\": 10", "\"from\": 100", 7, "The range of 'gapM' runs from 100 down to 40")]
    [InlineData("\"of\": \"van\"", "\"of\": \"bus\"", 16, "A distance to 'bus' is expected")]
    [InlineData("[ { \"kind\": \"noCollision\" }, { \"kind\": \"distance\", \"of\": \"van\", \"value\": 0.5 } ]", "[]", 16, "Nothing is expected")]
    [InlineData("\"untilS\": 120,", "\"untilS\": 120,,", 15, "This is not valid JSON")]
    [InlineData("\"untilS\": 120,", "\"untilS\": 120,\n\"untilS\": 121,", 16, "'untilS' is given twice")]
    [InlineData("\"way\": [ { \"atM\": { \"of\": \"$gapM\", \"plus\": 60 }, \"asideM\": -1.2 }, { \"atM\": 200, \"asideM\": -1.2 } ]", "\"way\": []", 12, "A way of 0 points")]
    [InlineData(", { \"atM\": 200, \"asideM\": -1.2 } ]", " ]", 12, "needs no trigger")]
    [InlineData("\"V2\"", "\"V99\"", 4, "'V99' is no requirement")]
    [InlineData("\"kind\": \"van\",", "\"kind\": \"van\", \"street\": \"side\",", 11, "An agent is on 'side'")]
    [InlineData("\"kind\": \"noCollision\"", "\"kind\": \"withinArea\"", 16, "withinArea is expected where no border is")]
    public void A_mistake_is_named_with_its_line(string right, string wrong, int line, string problem)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);

        var fault = Assert.Throws<InputException>(() => Parse(Good.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains($"test.json, line {line}", fault.Message, StringComparison.Ordinal);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_a_bit_of_damage_makes_is_refused_or_read()
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var damage in "{]\"0x,"u8.ToArray())
            {
                var damaged = bytes.ToArray();
                damaged[i] = damage;
                try
                {
                    ScenarioFile.Parse(damaged, "test.json");
                }
                catch (InputException)
                {
                    // Named; anything else would be a defect.
                }
            }
        }
    }

    private static Scenario Parse(string text) => ScenarioFile.Parse(Encoding.UTF8.GetBytes(text), "test.json");
}
