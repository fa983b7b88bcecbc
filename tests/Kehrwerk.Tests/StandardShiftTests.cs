using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Tests;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets.Routing;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Tests;

/// <summary>The Centre and the real vehicle program over the in-memory transport, with every message checked against the official schemas.</summary>
public sealed class StandardShiftTests
{
    [Fact]
    public async Task All_that_both_sides_publish_in_a_shift_with_closures_stops_and_modes_is_valid()
    {
        OfficialSchemas.Require();
        var world = await World.Start();
        var kerbs = new[] { (1, 2), (2, 6), (6, 7), (11, 15), (14, 13), (9, 8) }.Select(k => GridTown.KerbBetween(k.Item1, k.Item2).Id);
        world.Centre.StartShift(new([GridTown.Tour("S1", kerbs)], []));
        world.RunMinutes(1);
        var closed = GridTown.KerbBetween(14, 13).Arc;
        world.Centre.Close(Closures.None.Close(closed, GridTown.City.Streets.ArcReverse[closed]));
        world.RunMinutes(0.2);
        Assert.Equal(StoredStatus.Enabled, Assert.Single(world.State.ZoneSets).ZoneSetStatus);
        world.Centre.Command(World.Id, VehicleCommandKind.Stop, "Ada");
        world.RunMinutes(0.5);
        world.Centre.Command(World.Id, VehicleCommandKind.Release, "Ada", new("A person stopped it", "Nothing is on the road."));
        world.RunMinutes(0.5);
        world.Sweeper.Program.SwitchMode(OperatingMode.Manual);
        world.RunMinutes(1);
        Assert.Equal(OperatingMode.Manual, world.State.OperatingMode);
        world.Sweeper.Program.SwitchMode(OperatingMode.Automatic);
        world.RunMinutes(3);
        world.Centre.Close(Closures.None);
        for (var i = 0; i < 90 && !world.Centre.AllMissionsEnded; i++)
        {
            world.RunMinutes(1);
        }

        Assert.True(world.Centre.AllMissionsEnded);
        Assert.Empty(world.Centre.Violations);
        Assert.True(world.Centre.SweptKerbs.Count >= 5, string.Join("; ", world.Centre.Notes.Select(note => $"{note.Kind} {note.Text}")));
        Assert.Equal("closures-none", Assert.Single(world.State.ZoneSets).ZoneSetId);
        Assert.DoesNotContain(world.Sent, message => message.Topic.EndsWith("/state", StringComparison.Ordinal)
            && LinkJson.Read<State>(message.Payload.Span).Message!.Errors.Any(error => error.ErrorType == ErrorTypes.BlockedZoneViolation));

        LinkTopic[] seen = [LinkTopic.Order, LinkTopic.InstantActions, LinkTopic.ZoneSet, LinkTopic.State, LinkTopic.Connection, LinkTopic.Factsheet];
        Assert.Empty(seen.Except(world.Sent.Select(World.TopicOf)));
        LinkTopic[] ofProfile = [LinkTopic.Supervision, LinkTopic.Safety, LinkTopic.Events, LinkTopic.EventReceipts];
        foreach (var message in world.Sent.Where(message => !ofProfile.Contains(World.TopicOf(message))).DistinctBy(message => (message.Topic, message.Payload.Length / 8)))
        {
            var faults = OfficialSchemas.Faults(World.TopicOf(message), message.Payload.ToArray());
            Assert.True(faults.Count == 0, $"{message.Topic}: {string.Join("; ", faults)}");
        }
    }

    [Fact]
    public async Task A_vehicle_that_is_stuck_passes_only_after_a_person_granted_it_and_the_record_names_the_person()
    {
        var world = await World.Start();
        var kerb = GridTown.KerbBetween(1, 2);
        world.Sweeper.Program.Obstacle = new(kerb.Key, 60, 3, 1.2);
        world.Centre.StartShift(new([GridTown.Tour("S1", [kerb.Id])], []));
        world.RunMinutes(10);
        Assert.Equal((1, false), (world.State.EdgeRequests.Length, world.State.Driving));
        var asked = world.State.EdgeRequests[0];
        Assert.Equal((kerb.Key, RequestStatus.Requested), (asked.EdgeId, asked.RequestStatus));
        Assert.DoesNotContain(world.Sent, message => World.TopicOf(message) == LinkTopic.Responses);

        world.Centre.Answer(World.Id, asked.RequestId, GrantType.Granted, lease: null, "Ada");
        for (var i = 0; i < 30 && !world.Centre.AllMissionsEnded; i++)
        {
            world.RunMinutes(1);
        }

        Assert.Equal(kerb.Id, Assert.Single(world.Centre.SweptKerbs).Kerb);
        Assert.Equal("Ada", Assert.Single(world.Centre.Notes, note => note.Kind == "requestAnswered").Who);
        Assert.Empty(world.State.EdgeRequests);
        if (OfficialSchemas.AreHere)
        {
            Assert.Empty(OfficialSchemas.Faults(LinkTopic.Responses, world.Sent.First(message => World.TopicOf(message) == LinkTopic.Responses).Payload.ToArray()));
        }
    }

    private sealed class World
    {
        public static readonly VehicleId Id = new("kehrwerk", "S1");

        private World()
        {
            Loop = new(new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero), 1);
            Broker = new(Loop, LinkConditions.Good);
            Centre = new(Loop, Broker.Connect("centre"), new CityContext(GridTown.City), [new(Id, GridTown.Spec("S1"))]);
            var model = SweeperModel.Default;
            var program = new SweeperProgram(
                Id, model, GridTown.City.Streets, GridTown.City.Fingerprint, new SweeperSettings { DepotArc = GridTown.City.Depot.Arc }, SweeperCondition.Fresh(model, GridTown.City.Streets, GridTown.City.Depot.Arc));
            Sweeper = new(Loop, program, Broker.Connect("S1", SweeperProgram.LastWillOf(Id, Topics.Default, Loop.Now)), Topics.Default);
        }

        public EventLoop Loop { get; }
        public InMemoryBroker Broker { get; }
        public SimulatedCentre Centre { get; }
        public SweeperInLoop Sweeper { get; }
        public List<LinkMessage> Sent { get; } = [];
        public State State => LinkJson.Read<State>(Sent.Last(message => TopicOf(message) == LinkTopic.State).Payload.Span).Message!;

        public static async Task<World> Start()
        {
            var world = new World();
            await world.Broker.Connect("listener").SubscribeAsync("#", message =>
            {
                world.Sent.Add(message);
                return ValueTask.CompletedTask;
            }, TestContext.Current.CancellationToken);
            world.Centre.Start();
            world.Sweeper.Start();
            world.RunMinutes(0.1);
            return world;
        }

        public static LinkTopic TopicOf(LinkMessage message) => Topics.Default.TryParse(message.Topic, out _, out var topic) ? topic : throw new InvalidOperationException(message.Topic);

        public void RunMinutes(double minutes) => Loop.RunFor(TimeSpan.FromMinutes(minutes));
    }
}
