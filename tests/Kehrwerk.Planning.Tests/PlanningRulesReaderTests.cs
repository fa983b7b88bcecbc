using Kehrwerk.Planning.Rules;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests;

/// <summary>Rules files for a small town: what they make of its problem, and the message where they cannot be used.</summary>
public sealed class PlanningRulesReaderTests : IDisposable
{
    private static readonly SweepProblem Grid = Towns.Grid(4, 4);
    private static readonly StreetNetwork Network = Grid.Graph.Network;
    private static readonly City Town = new()
    {
        Name = "Grid",
        Fingerprint = "",
        Streets = Network,
        Kerbs =
        [
            .. Enumerable.Range(0, Network.ArcCount).Select(arc => new Kerb(
                arc, Network.ArcKey(arc), arc, KerbSide.Right, 100, $"Street {Network.ArcSegment[arc]}", new(arc % 2 == 0 ? "S1" : "S2", "", 7, 1))),
        ],
        Addresses = [],
        Depot = Grid.Depots[0],
        Map = new([], []),
        Report = new([], [], []),
    };

    private readonly string path = Path.Combine(Path.GetTempPath(), $"kehrwerk-rules-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Windows_are_laid_on_the_plans_clock_and_the_first_rule_that_fits_counts()
    {
        var problem = Apply("""
            "windows": [
              { "streets": ["street 0"], "times": [{ "from": "22:00", "until": "07:00" }] },
              { "classes": ["S2"], "times": [{ "from": "06:00", "until": "08:00" }, { "from": "07:00", "until": "09:30" }], "outsideCost": 2.5 }
            ]
            """);

        Assert.All(problem.Tasks.Where(task => Town.Kerbs[task.Kerb].Street == "Street 0"), task => Assert.Equal([new(0, 7_200), new(61_200, 86_400)], task.Windows));
        Assert.Equal([new(3_600, 16_200)], problem.Tasks[3].Windows);
        Assert.Equal(2.5, problem.Tasks[3].OutsideCost);
        Assert.All(problem.Tasks.Where(task => Town.Kerbs[task.Kerb] is { Street: not "Street 0", Class.Id: "S1" }), task => Assert.Empty(task.Windows));
        ProblemRules.Require(problem);
    }

    [Fact]
    public void Depots_lie_at_the_nearest_free_end_of_a_street_and_vehicles_belong_to_them()
    {
        var problem = Apply($$"""
            "depots": [
              { "name": "Nord", "position": {{Position(15)}}, "chargers": 2, "tips": 1, "washes": 1, "gridLimitKw": 44 },
              { "name": "Tip", "position": {{Position(15)}}, "tips": 1 }
            ],
            "vehicles": [{ "ids": ["V2"], "depot": "Nord", "shift": { "from": "04:00", "hours": 4 }, "breaks": [{ "earliest": "04:30", "latest": "04:59", "minutes": 15 }] }]
            """);

        Assert.Equal(["Betriebshof", "Nord", "Tip"], problem.Depots.Select(depot => depot.Name));
        Assert.Equal([15, 15], problem.Depots.Skip(1).Select(depot => Network.ArcHead[depot.Arc]));
        Assert.Equal(3, problem.Depots.Select(depot => depot.Arc).Distinct().Count());
        var vehicle = problem.Vehicles[1];
        Assert.Equal((1, 82_800.0, 14_400.0), (vehicle.Depot, vehicle.StartS, vehicle.ShiftS));
        Assert.Equal([new(84_600, 86_340, 900)], vehicle.Breaks);
        Assert.Equal(Grid.Vehicles[0], problem.Vehicles[0]);
        ProblemRules.Require(problem);
    }

    [Fact]
    public void Kerbs_lie_in_the_first_district_around_their_middle()
    {
        var problem = Apply($$"""
            "districts": [{ "name": "Mitte", "polygon": {{Square(5)}} }],
            "vehicles": [{ "districts": ["Mitte"] }],
            "windows": [{ "districts": ["Mitte"], "times": [{ "from": "06:00", "until": "08:00" }] }]
            """);

        var inside = problem.Tasks.Where(task => task.District == "Mitte").ToArray();
        Assert.Equal(8, inside.Length);
        Assert.All(inside, task => Assert.True(Network.ArcHead[task.Arc] == 5 || Network.ArcTail[task.Arc] == 5));
        Assert.All(problem.Vehicles, vehicle => Assert.Equal(["Mitte"], vehicle.Districts));
        Assert.Equal(8, problem.Tasks.Count(task => task.Windows.Length == 1));
    }

    [Theory]
    [InlineData("""{ "format": "x", "version": 1, "dayStarts": "05:00" }""", "$.format: it is 'x'")]
    [InlineData("""{ "format": "kehrwerk-planning-rules", "version": 2, "dayStarts": "05:00" }""", "$.version: it is 2")]
    [InlineData("""{ "format": "kehrwerk-planning-rules", "version": 1, "dayStarts": "5 am" }""", "$.dayStarts: '5 am' is no time of day")]
    [InlineData("""{ "format": "kehrwerk-planning-rules", "version": 1 }""", "line 1, $: the JSON cannot be used")]
    public void A_wrong_head_is_named(string json, string message) => RefusesFile(json, message);

    [Theory]
    [InlineData("\"wind\": []", "$.wind: the JSON cannot be used")]
    [InlineData("\"windows\": [{ \"street\": [\"x\"], \"times\": [] }]", "$.windows[0].street: the JSON cannot be used")]
    [InlineData("\"windows\": [{ \"times\": [] }]", "$.windows[0].times: it is empty")]
    [InlineData("\"windows\": [{ \"times\": [{ \"from\": \"25:00\", \"until\": \"08:00\" }] }]", "$.windows[0].times[0].from: '25:00' is no time of day")]
    [InlineData("\"windows\": [{ \"times\": [{ \"from\": \"08:00\", \"until\": \"08:00\" }] }]", "$.windows[0].times[0]: it ends when it begins")]
    [InlineData("\"windows\": [{ \"times\": [{ \"from\": \"08:00\", \"until\": \"09:00\" }], \"outsideCost\": -1 }]", "$.windows[0].outsideCost: it is -1")]
    [InlineData("\"windows\": [{ \"streets\": [\"Nowhere\"], \"times\": [{ \"from\": \"08:00\", \"until\": \"09:00\" }] }]", "$.windows[0].streets[0]: 'Nowhere'")]
    [InlineData("\"windows\": [{ \"highways\": [\"motorway\"], \"times\": [{ \"from\": \"08:00\", \"until\": \"09:00\" }] }]", "$.windows[0].highways[0]: 'motorway'")]
    [InlineData("\"windows\": [{ \"classes\": [\"Z9\"], \"times\": [{ \"from\": \"08:00\", \"until\": \"09:00\" }] }]", "$.windows[0].classes[0]: 'Z9'")]
    [InlineData("\"windows\": [{ \"districts\": [\"Nord\"], \"times\": [{ \"from\": \"08:00\", \"until\": \"09:00\" }] }]", "$.windows[0].districts[0]: 'Nord'")]
    [InlineData("\"depots\": [{ \"name\": \"Far\", \"position\": [0, 0] }]", "m from the nearest street")]
    [InlineData("\"depots\": [{ \"name\": \"\", \"position\": [0, 0] }]", "$.depots[0].name: it is empty")]
    [InlineData("\"depots\": [{ \"name\": \"A\", \"position\": [0] }]", "$.depots[0].position: it is no pair")]
    [InlineData("\"depots\": [{ \"name\": \"A\", \"position\": [6, 99] }]", "$.depots[0].position[1]: it is 99")]
    [InlineData("\"depots\": [{ \"name\": \"A\", \"position\": [6, 51], \"tips\": -1 }]", "$.depots[0].tips: it is -1")]
    [InlineData("\"depots\": [{ \"name\": \"A\", \"position\": [6, 51], \"chargers\": 1 }]", "$.depots[0].gridLimitKw: it is 0")]
    [InlineData("\"districts\": [{ \"name\": \"A\", \"polygon\": [] }]", "$.districts[0].polygon: it has no ring")]
    [InlineData("\"districts\": [{ \"name\": \"A\", \"polygon\": [[[0, 0], [1, 0], [1, 1], [0, 1]]] }]", "$.districts[0].polygon[0]: the ring is not closed")]
    [InlineData("\"districts\": [{ \"name\": \"A\", \"polygon\": [[[0, 0], [1, 0], [1, 1], [0, 0]]] }]", "$.districts[0].polygon: no kerb lies in 'A'")]
    [InlineData("\"vehicles\": [{ \"ids\": [\"V9\"] }]", "$.vehicles[0].ids[0]: 'V9'")]
    [InlineData("\"vehicles\": [{ \"ids\": [\"V1\"] }, { \"ids\": [\"V1\"] }]", "$.vehicles[1].ids: V1 is named twice")]
    [InlineData("\"vehicles\": [{}, {}]", "$.vehicles[1]: a second rule names no vehicles")]
    [InlineData("\"vehicles\": [{ \"depot\": \"Nord\" }]", "$.vehicles[0].depot: there is no depot 'Nord'")]
    [InlineData("\"vehicles\": [{ \"districts\": [\"Nord\"] }]", "$.vehicles[0].districts[0]: 'Nord'")]
    [InlineData("\"vehicles\": [{ \"shift\": { \"from\": \"05:00\", \"hours\": 99 } }]", "$.vehicles[0].shift.hours: it is 99")]
    [InlineData("\"vehicles\": [{ \"breaks\": [{ \"earliest\": \"04:00\", \"latest\": \"06:00\", \"minutes\": 5 }] }]", "$.vehicles[0].breaks[0].latest: it comes before")]
    public void What_cannot_be_used_is_named_with_its_place(string part, string message) => RefusesFile(Whole(part), message);

    private SweepProblem Apply(string part)
    {
        File.WriteAllText(path, Whole(part));
        return PlanningRulesReader.Apply(path, Town, Grid);
    }

    private void RefusesFile(string json, string message)
    {
        File.WriteAllText(path, json);
        var error = Assert.Throws<InputException>(() => PlanningRulesReader.Apply(path, Town, Grid));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string Whole(string part) => $$"""{ "format": "kehrwerk-planning-rules", "version": 1, "dayStarts": "05:00", {{part}} }""";

    private static string Position(int node) => Position(Network.NodePoint[node]);

    private static string Position(MapPoint point) =>
        Network.Frame.ToGeo(point) is var geo ? FormattableString.Invariant($"[{geo.Lon:R}, {geo.Lat:R}]") : "";

    // 120 m wide, around a crossing.
    private static string Square(int node)
    {
        var (x, y) = (Network.NodePoint[node].X, Network.NodePoint[node].Y);
        MapPoint[] corners = [new(x - 60, y - 60), new(x + 60, y - 60), new(x + 60, y + 60), new(x - 60, y + 60), new(x - 60, y - 60)];
        return $"[[{string.Join(", ", corners.Select(Position))}]]";
    }
}
