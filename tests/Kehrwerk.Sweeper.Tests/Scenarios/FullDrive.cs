using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Safety;
using Kehrwerk.Sweeper.Scenarios;
using Kehrwerk.Sweeper.Sensing;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

/// <summary>The whole vehicle driving in full on a straight street under a played Centre, step by step, so that a test can look and act in between.</summary>
internal sealed class FullDrive : IPlatform
{
    private static readonly DateTimeOffset Begin = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly EventLoop loop = new(Begin, 1);
    private readonly PlayedCentre centre;
    private readonly ScenarioWorld world;
    private uint header = 10_000;

    /// <param name="parts">Further members of the scenario, as JSON, each followed by a comma.</param>
    public FullDrive(string parts = "", string kind = "street")
        : this(ScenarioFile.Parse(Encoding.UTF8.GetBytes($$"""
            {
              "name": "test", "title": { "de": "Probe", "en": "Test" }, "shows": ["V1"], "notShown": { "de": "-", "en": "-" },
              "parameters": {}, "scene": { "kind": "{{kind}}", "widthM": 7, "speedKmh": 30 }, "start": { "sweeps": false }, {{parts}}
              "untilS": 400, "expect": [{ "kind": "arrives" }]
            }
            """), "test.json"))
    {
    }

    /// <param name="scenario">With the middle of each of its parameters.</param>
    public FullDrive(Scenario scenario)
    {
        double[] drawn = [.. scenario.Parameters.Select(parameter => parameter.At(0.5))];
        var model = SweeperModel.Default;
        world = new(scenario, drawn, 1, model);
        var map = world.Map.Streets;
        Program = new(new VehicleId("kehrwerk", "KW-01"), model, map, "test", new() { DepotArc = world.Map.DepotArc, DirtSpread = 0 }, world.Start(model), null, this);
        centre = new(loop, scenario, drawn, Program, new("test", map.Frame.Name));
        centre.Carry(Program.Greet(loop.Now));
        loop.Schedule(TimeSpan.FromSeconds(1.5), Order);
    }

    public SweeperProgram Program { get; }
    public PlayedCentre Centre => centre;
    public ScenarioWorld World => world;
    public SelfDriving Self => Program.Vehicle.Self!;
    public SafetyStanding Standing => Program.Vehicle.Guard!.Standing;

    /// <summary>What the hardware was told last.</summary>
    public Actuation Given { get; private set; }

    /// <summary>What goes wrong with what the sensors say; null: nothing.</summary>
    public Action<SensorFrame>? Fault { get; set; }

    /// <summary>What the hardware makes of what it is told, where it is broken.</summary>
    public Func<Actuation, Actuation>? Broken { get; set; }

    public double NowS => (loop.Now - Begin).TotalSeconds;
    public double TrueMps => Math.Abs(world.Vehicle.Body.SpeedMps);

    /// <summary>Goes on in steps of the vehicle until something holds.</summary>
    /// <param name="withinS">It has to hold within that time.</param>
    public void Until(Func<bool> holds, double withinS, string what)
    {
        var untilS = NowS + withinS;
        while (!holds())
        {
            Assert.True(NowS < untilS, $"not within {withinS} s: {what}");
            Step();
        }
    }

    public void For(double seconds)
    {
        for (var untilS = NowS + seconds; NowS < untilS - 1e-6;)
        {
            Step();
        }
    }

    public void Order() => centre.Send(world.Order(Program.Id, "test"));

    public void Step()
    {
        loop.RunFor(TimeSpan.FromSeconds(SweeperProgram.StepS));
        centre.Carry(Program.Advance(loop.Now));
    }

    void IPlatform.Tick(in Actuation actuation, SensorFrame frame)
    {
        Given = actuation;
        world.Vehicle.Tick(Broken is null ? actuation : Broken(actuation), frame);
        Fault?.Invoke(frame);
    }

    void IPlatform.Serve(DepotService service, double amount, int bay) => world.Vehicle.Serve(service, amount, bay);

    BayState IPlatform.Bay(DepotService service, int bay) => world.Vehicle.Bay(service, bay);

    /// <summary>The next lease, answering the newest state.</summary>
    public Supervision Lease() => new()
    {
        HeaderId = header++,
        Timestamp = loop.Now,
        Vehicle = Program.Id,
        Epoch = Standing.Epoch,
        LeaseId = Standing.LeaseId!.Value + 1,
        ValidForS = 3,
        SupervisorOnDuty = true,
        Heard = new(centre.State!.HeaderId, centre.State.Timestamp),
        Map = new("test", world.Map.Streets.Frame.Name),
    };

    /// <summary>A supervisor ends the minimal risk condition.</summary>
    /// <returns>What the vehicle says to it.</returns>
    public ActionState EndMrc(string id = "release")
    {
        var stamp = new CommandStamp(Standing.Epoch, Standing.LeaseId!.Value, 10, "supervisor");
        Command(stamp.On(new MrcInvestigation(Standing.MrcId!, "looked into", "all is well").ToAction(id)));
        return Program.Vehicle.Desk.States.Single(state => state.ActionId == id);
    }

    public void Command(string actionType, string id) =>
        Command(new CommandStamp(Standing.Epoch, Standing.LeaseId!.Value, 10, "supervisor").On(SweeperActions.Instant(actionType, id)));

    private void Command(RobotAction action)
    {
        var message = new InstantActions { HeaderId = header++, Timestamp = loop.Now, Vehicle = Program.Id, Actions = [action] };
        centre.Carry(Program.Receive(new(Topics.Default.Of(Program.Id, LinkTopic.InstantActions), LinkJson.Serialize(message)), loop.Now));
    }
}
