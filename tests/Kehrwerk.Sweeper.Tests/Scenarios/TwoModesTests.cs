using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Sweeper.Scenarios;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

/// <summary>The light mode moves by figures, the full one drives: of the same tour both say nearly the same, so that fleets can be simulated lightly.</summary>
public sealed class TwoModesTests
{
    [Theory]
    [InlineData("street", true)]
    [InlineData("street", false)]
    [InlineData("bend", true)]
    [InlineData("crossing", true)]
    public void A_tour_takes_as_long_and_as_much_energy_within_a_tenth(string kind, bool sweeps)
    {
        var scenario = ScenarioFile.Parse(Encoding.UTF8.GetBytes($$"""
            {
              "name": "tour", "title": { "de": "Tour", "en": "Tour" }, "shows": ["V1"], "notShown": { "de": "-", "en": "-" },
              "parameters": {}, "scene": { "kind": "{{kind}}", "speedKmh": 30 }, "start": { "sweeps": {{(sweeps ? "true" : "false")}} },
              "untilS": 400, "expect": [{ "kind": "arrives" }]
            }
            """), "tour.json");

        var (fullS, fullWh) = Drive(scenario, isFull: true);
        var (lightS, lightWh) = Drive(scenario, isFull: false);

        Assert.InRange(fullS / lightS, 0.9, 1.1);
        Assert.InRange(fullWh / lightWh, 0.9, 1.1);
    }

    /// <summary>Seconds from setting off to the end of the order, and the energy that it took.</summary>
    private static (double Seconds, double Wh) Drive(Scenario scenario, bool isFull)
    {
        var loop = new EventLoop(new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero), 1);
        var model = SweeperModel.Default;
        var world = new ScenarioWorld(scenario, [], 1, model);
        var map = world.Map.Streets;
        var settings = new SweeperSettings { DepotArc = world.Map.DepotArc, DirtSpread = 0 };
        var program = new SweeperProgram(new VehicleId("kehrwerk", "KW-01"), model, map, "tour", settings, world.Start(model), null, isFull ? world.Vehicle : null);
        var centre = new PlayedCentre(loop, scenario, [], program, new("tour", map.Frame.Name));
        centre.Carry(program.Greet(loop.Now));
        loop.Schedule(TimeSpan.FromSeconds(1.5), () => centre.Send(world.Order(program.Id, "tour")));
        var (setOffAt, setOffWh) = (DateTimeOffset.MinValue, 0.0);
        while (program.Activity is not { OrderId.Length: > 0, HasOrder: false })
        {
            Assert.True(loop.Now < new DateTimeOffset(2026, 6, 1, 10, 7, 0, TimeSpan.Zero), "not at its end");
            loop.RunFor(TimeSpan.FromSeconds(SweeperProgram.StepS));
            centre.Carry(program.Advance(loop.Now));
            if (setOffAt == DateTimeOffset.MinValue && program.Activity.SpeedMps > 0.1)
            {
                (setOffAt, setOffWh) = (loop.Now, program.Condition.EnergyWh);
            }
        }

        return ((loop.Now - setOffAt).TotalSeconds, setOffWh - program.Condition.EnergyWh);
    }
}
