using System.Text;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Kehrwerk.Sweeper;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>The real Centre's twins and the real vehicle programs under the safety profile, in one event loop.</summary>
public sealed class SupervisedShiftTests
{
    [Theory]
    [InlineData(0.1, 10, 1)]
    [InlineData(1, 10, 1)]
    [InlineData(11, 60, 11)]
    [InlineData(100, 60, 20)]
    public void However_fast_the_clock_runs_a_command_outlives_the_lease_that_it_counts_from(double speed, double commandS, double leaseEveryS)
    {
        var rules = Installation.Rules(3, speed);
        Assert.Equal((commandS, leaseEveryS), (rules.CommandValidFor.TotalSeconds, rules.LeaseEvery.TotalSeconds));
        // And a vehicle is not silent that says how it stands to the profile as often as it has to.
        Assert.Equal(3 * VehicleRunner.Supervision(3, speed).ReportEvery, rules.SafetySilentAfter);
        Assert.InRange(rules.CommandValidFor.TotalSeconds, 2 * rules.LeaseEvery.TotalSeconds, CommandStamp.MaxValidForS);
    }

    [Fact]
    public void A_vehicle_that_lost_the_link_is_let_go_on_by_an_investigation_and_its_mission_ends_well()
    {
        var shift = new Shift();
        var (cut, other) = (Shift.Vehicle(1), Shift.Vehicle(2));
        shift.RunUntil(() => shift.Twin(cut).Facts is { SpeedMps: > 1 });
        shift.Client(cut).Disconnect();
        shift.Loop.RunFor(TimeSpan.FromSeconds(12));
        shift.Client(cut).Reconnect();
        shift.Loop.RunFor(TimeSpan.FromSeconds(40));

        var risk = shift.Twin(cut).Safety!;
        Assert.Equal((SafetyMode.Mrc, MrcCause.LeaseLost), (risk.Mode, risk.Cause));
        Assert.False(shift.Twin(cut).IsReady);
        Assert.Equal(SafetyMode.Supervised, shift.Twin(other).Safety!.Mode);
        Assert.Single(shift.Notes(cut, "minimalRisk"));
        // What it recorded came over the mended link, whole.
        var recorded = LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(Assert.Single(shift.Centre.Events).Value)).Message!;
        Assert.Equal(("LeaseLost", true), (recorded.Occasions[0].Code, recorded.Complete));
        Assert.Single(shift.Notes(cut, "eventRecorded"));

        // Nobody lets it go on unseen.
        shift.Centre.Command(cut, VehicleCommandKind.Release, "Ada");
        shift.Loop.RunFor(TimeSpan.FromSeconds(10));
        Assert.Single(shift.Notes(cut, "releaseRefused"));
        Assert.Equal(SafetyMode.Mrc, shift.Twin(cut).Safety!.Mode);

        shift.Centre.Command(cut, VehicleCommandKind.Release, "Ada", new("Radio link lost; the stop was needed", "Camera looked at, nobody near."));
        shift.Loop.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(SafetyMode.Supervised, shift.Twin(cut).Safety!.Mode);
        Assert.Equal("Ada", Assert.Single(shift.Notes(cut, "mrcInvestigated")).Who);
        shift.RunToEnd();
    }

    [Fact]
    public void A_stopped_vehicle_goes_on_with_a_new_order_where_the_investigation_gives_the_old_one_up()
    {
        var shift = new Shift();
        var stopped = Shift.Vehicle(1);
        shift.RunUntil(() => shift.Twin(stopped).Facts is { SpeedMps: > 1 });
        var order = shift.Twin(stopped).Order!.OrderId;
        shift.Centre.Command(stopped, VehicleCommandKind.Stop, "Ada");
        shift.Loop.RunFor(TimeSpan.FromSeconds(15));
        Assert.Equal((SafetyMode.Mrc, MrcCause.Deactivated), (shift.Twin(stopped).Safety!.Mode, shift.Twin(stopped).Safety!.Cause));

        shift.Centre.Command(stopped, VehicleCommandKind.Release, "Ada", new("A child near the broom", "The child is gone.", CancelsOrder: true));
        shift.Loop.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(SafetyMode.Supervised, shift.Twin(stopped).Safety!.Mode);
        Assert.Null(shift.Twin(stopped).Order);
        shift.Centre.Command(stopped, VehicleCommandKind.Resume, "Ada");
        shift.Loop.RunFor(TimeSpan.FromSeconds(10));
        Assert.NotEqual(order, shift.Twin(stopped).Order!.OrderId);
        shift.RunToEnd();
    }

    [Fact]
    public void Without_a_supervisor_on_duty_every_vehicle_with_work_stops()
    {
        var shift = new Shift();
        shift.RunUntil(() => shift.Centre.Twins.Any(twin => twin.Facts is { SpeedMps: > 1 }));
        var atWork = shift.Centre.Twins.Where(twin => twin.Facts is { IsIdle: false }).Select(twin => twin.Id).ToList();
        shift.Centre.IsSupervisorOnDuty = false;
        shift.Loop.RunFor(TimeSpan.FromSeconds(20));
        Assert.NotEmpty(atWork);
        foreach (var twin in shift.Centre.Twins)
        {
            var expected = atWork.Contains(twin.Id) ? (SafetyMode.Mrc, MrcCause.NobodyOnDuty) : (SafetyMode.Waiting, (MrcCause?)null);
            Assert.Equal(expected, (twin.Safety!.Mode, twin.Safety.Cause));
            Assert.Equal(0, twin.Facts!.SpeedMps);
        }
    }

    /// <summary>Two vehicles sweep a small demo town for an hour.</summary>
    private sealed class Shift
    {
        private static readonly City City = Town();
        private readonly Dictionary<VehicleId, InMemoryClient> clients = [];

        public Shift()
        {
            var model = SweeperModel.Default;
            var problem = ShiftSimulation.Problem(City, model, vehicles: 2, hours: 1);
            var plan = Planner.Solve(problem, new PlannerOptions { Seed = 1, MaxIterations = 100 }, null, TestContext.Current.CancellationToken);
            Loop = new(new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero), 1);
            var broker = new InMemoryBroker(Loop, LinkConditions.Good);
            Centre = new(
                Loop,
                broker.Connect("centre"),
                new CityContext(City, new(MaxSpeedMps: model.TransitSpeedMps)),
                problem.Vehicles.Select((spec, index) => new FleetVehicle(Vehicle(index + 1), spec)));
            Centre.Start();
            foreach (var id in Centre.Twins.Select(twin => twin.Id))
            {
                clients[id] = broker.Connect(id.ToString());
                var program = new SweeperProgram(
                    id, model, City.Streets, City.Fingerprint, new SweeperSettings { DepotArc = City.Depot.Arc }, SweeperCondition.Fresh(model, City.Streets, City.Depot.Arc));
                new SweeperInLoop(Loop, program, clients[id], Topics.Default).Start();
            }

            Loop.RunFor(TimeSpan.FromSeconds(5));
            Centre.StartShift(plan);
        }

        public EventLoop Loop { get; }
        public SimulatedCentre Centre { get; }

        public static VehicleId Vehicle(int number) => Fleet.Id(number);

        public InMemoryClient Client(VehicleId id) => clients[id];

        public Twin Twin(VehicleId id) => Centre.Twins.Single(twin => twin.Id == id);

        public IEnumerable<SimulatedNote> Notes(VehicleId id, string kind) => Centre.Notes.Where(note => note.Vehicle == id && note.Kind == kind);

        public void RunUntil(Func<bool> isDone)
        {
            for (var end = Loop.Now.AddMinutes(10); !isDone();)
            {
                Assert.True(Loop.Now < end, "Not reached within 10 minutes");
                Loop.RunFor(TimeSpan.FromSeconds(1));
            }
        }

        public void RunToEnd()
        {
            for (var end = Loop.Now.AddHours(6); !Centre.AllMissionsEnded;)
            {
                Assert.True(Loop.Now < end, "The missions do not end");
                Loop.RunFor(TimeSpan.FromMinutes(1));
            }

            Assert.Empty(Centre.Violations);
            Assert.DoesNotContain(Centre.Notes, note => note.Kind is "fault" or "commandFailed" or "orderRefused");
            Assert.True(Centre.SweptKerbs.Count > 9 * Centre.MissedKerbs.Count, $"{Centre.MissedKerbs.Count} kerbs missed");
        }

        private static City Town()
        {
            using var folder = new TemporaryFolder();
            var file = Path.Combine(folder.Path, "town.osm");
            DemoCity.Write(file, new DemoCityOptions(KerbKm: 5, Addresses: 100));
            return CityImporter.Import(file, new ImportOptions { Name = "Dorf" });
        }
    }
}
