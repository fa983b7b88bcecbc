using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Driving;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>
/// One run of a scenario: draws its parameters, builds its world, lets the whole vehicle (program, pilot, motion guard) drive in it under a played Centre, and
/// judges. The same scenario and seed give the same record. Used once.
/// </summary>
internal sealed class ScenarioRun
{
    private const string MapId = "scenario";

    // After the order is done the run goes on for so long: what comes late shows.
    private const double AfterS = 3;

    private static readonly DateTimeOffset Begin = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);
    private static readonly VehicleId Id = new("kehrwerk", "KW-01");
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(SweeperProgram.StepS);

    private readonly Scenario scenario;
    private readonly long seed;
    private readonly double[] drawn;
    private readonly EventLoop loop;
    private readonly ScenarioWorld world;
    private readonly SweeperProgram program;
    private readonly PlayedCentre centre;
    private readonly RunWatch watch;
    private readonly bool traces;

    private ScenarioRun(Scenario scenario, long seed, Flaws? flaws, bool traces)
    {
        (this.scenario, this.seed, this.traces) = (scenario, seed, traces);
        var dice = new Dice(Mixed(scenario.Name, "parameters", seed));
        var worldSeed = (int)(Mixed(scenario.Name, "world", seed) & int.MaxValue);
        drawn = [.. scenario.Parameters.Select(parameter => parameter.At(dice.Between(0, 1)))];
        loop = new(Begin, worldSeed);
        var model = SweeperModel.Default;
        world = new(scenario, drawn, worldSeed, model);
        var settings = new SweeperSettings { DepotArc = world.Map.DepotArc, DepotHasMarkers = scenario.Start.Service is not null };
        program = new(Id, model, world.Map.Streets, MapId, settings, world.Start(model), null, world.Vehicle);
        var self = program.Vehicle.Self!;
        self.Flaws = flaws;
        if (scenario.BorderAtM.In(drawn) is > 0 and var borderAtM)
        {
            self.Area = (x, _) => x < borderAtM;
        }

        centre = new(loop, scenario, drawn, program, new(MapId, world.Map.Streets.Frame.Name));
        watch = new(world, program, centre, traces);
    }

    /// <param name="traces">Keep what happened, to draw it.</param>
    public static RunRecord Of(Scenario scenario, long seed, Flaws? flaws = null, bool traces = false) => new ScenarioRun(scenario, seed, flaws, traces).Run();

    /// <summary>Neighbouring seeds, other scenarios and other purposes have nothing to do with each other: FNV-1a over all of them, then mixed (splitmix64).</summary>
    private static long Mixed(string name, string purpose, long seed)
    {
        var hash = 14695981039346656037UL ^ (ulong)seed;
        foreach (var letter in name + "/" + purpose)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return (long)(hash ^ (hash >> 31));
    }

    private RunRecord Run()
    {
        centre.Carry(program.Greet(loop.Now));
        loop.Schedule(TimeSpan.FromSeconds(1.5), () => centre.Send(world.Order(Id, MapId)));
        var lastedS = 0.0;
        var doneS = double.PositiveInfinity;
        while (lastedS < scenario.UntilS && lastedS < doneS + AfterS)
        {
            loop.RunFor(Step);
            lastedS = (loop.Now - Begin).TotalSeconds;
            centre.Carry(program.Advance(loop.Now));
            program.TakeEventOrders();
            watch.Look(lastedS);
            doneS = watch.HasArrived && double.IsInfinity(doneS) ? lastedS : doneS;
        }

        var (failures, unavoidable) = new Judge(scenario, drawn, watch, centre, world).Decide(lastedS);
        return new(scenario.Name, seed, drawn, failures, unavoidable, watch.LeastDistanceM, watch.LeastTtcS, lastedS, watch.Trace(centre.Story)) { HasMet = watch.HasMet, Events = traces ? centre.EventTexts.Values : [] };
    }
}
