using System.Globalization;
using System.Text.Json;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Faults;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Sweeper;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>The deterministic world in which everything goes wrong by seed: it holds, it replays, and it would see what does not hold.</summary>
public sealed class FaultTests
{
    private static readonly FaultStage Stage = FaultStage.Small(2);

    [Theory]
    [InlineData("none", 5)]
    [InlineData("radio", 25)]
    [InlineData("harsh", 60)]
    public void Whatever_goes_wrong_every_invariant_holds_after_every_event(string profile, int seeds)
    {
        var result = FaultRun.Many(Stage, FaultProfile.Load(profile), 1, seeds, (_, _) => { }, TestContext.Current.CancellationToken);

        Assert.Equal([], result.Failures.Select(f => $"seed {f.Seed}: {f.Broken}"));
        Assert.Equal(8 * seeds, result.KerbsSwept + result.KerbsMissed);
        Assert.Equal(profile == "none", result.Lost == 0);
        Assert.Equal(profile == "none", result.Cases.Raised == 0);
        Assert.Equal(profile == "none", result.Cases.Decided == 0);
    }

    [Fact]
    public void Many_vehicles_never_meet_in_a_street_too_narrow_for_two_and_a_Centre_that_does_not_reserve_is_seen()
    {
        var stage = FaultStage.Small(5);
        var careless = stage with { Context = new(ProvingGround.Build(hasNarrowStreets: false), stage.Context.Graph.Costs) };

        var good = FaultRun.Many(stage, FaultProfile.Harsh, 1, 8, (_, _) => { }, TestContext.Current.CancellationToken);
        var bad = FaultRun.Many(careless, FaultProfile.None, 1, 8, (_, _) => { }, TestContext.Current.CancellationToken);

        Assert.Equal([], good.Failures.Select(f => $"seed {f.Seed}: {f.Broken}"));
        Assert.NotEmpty(bad.Failures);
        Assert.All(bad.Failures, f => Assert.Contains("which is too narrow for two", f.Broken, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_vehicles_at_a_crossing_of_narrow_streets_only_are_seen()
    {
        var streets = Stage.City.Streets;
        var ledger = new StreetLedger(streets, Stage.City.Depot.Arc, Stage.Model.LengthM);
        var vehicles = Stage.Fleet.Select(spec => new FaultVehicle(spec, SweeperCondition.Fresh(Stage.Model, streets, Stage.City.Depot.Arc))).ToList();

        Assert.Null(ledger.Moved(vehicles[0], (Arc(1, 4), 60, 60)));
        Assert.Contains("at crossing n104", ledger.Moved(vehicles[1], (Arc(3, 4), 60, 60)), StringComparison.Ordinal);

        // It is on until its rear has left the crossing, and then the other one has it.
        Assert.Contains("too narrow for two", ledger.Moved(vehicles[1], (Arc(4, 5), 1, 61)), StringComparison.Ordinal);
        Assert.Null(ledger.Moved(vehicles[1], (Arc(4, 5), 20, 80)));

        int Arc(int from, int to) => Enumerable.Range(0, streets.ArcCount).First(a => streets.ArcTail[a] == from && streets.ArcHead[a] == to);
    }

    /// <summary>Each of these found a fault that was mended since; see docs/link/faults.md.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(197)]
    [InlineData(375)]
    public void A_seed_that_failed_once_holds(int seed) => Assert.Null(Harsh(seed).Broken);

    [Fact]
    public void The_same_seed_replays_to_the_byte_and_another_does_not()
    {
        using var first = new StringWriter(CultureInfo.InvariantCulture);
        using var again = new StringWriter(CultureInfo.InvariantCulture);
        var one = Harsh(11, first);
        var two = Harsh(11, again);
        var untold = Harsh(11);

        Assert.Equal(first.ToString(), again.ToString());
        Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(two));
        Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(untold));
        Assert.NotEqual(one.Digest, Harsh(12).Digest);
    }

    [Fact]
    public async Task A_person_runs_seeds_from_the_command_line_and_with_a_profile_of_their_own()
    {
        using var folder = new TemporaryFolder();
        var profile = Path.Combine(folder.Path, "own.json");
        var trace = Path.Combine(folder.Path, "trace.txt");
        await File.WriteAllTextAsync(profile, """{ "name": "slow", "delayMinMs": 500, "delayMaxMs": 900, "loss": 0.1, "troubleForS": 60 }""", TestContext.Current.CancellationToken);

        var run = await Program.Run("simulate", "--faults", profile, "--seeds", "3", "--seed", "5", "--json");
        var again = await Program.Run("simulate", "--faults", profile, "--seeds", "3", "--seed", "5", "--json");
        var traced = await Program.Run("simulate", "--faults", profile, "--seed", "5", "--trace", trace);
        await File.WriteAllTextAsync(profile, """{ "loss": 2 }""", TestContext.Current.CancellationToken);
        var wrong = await Program.Run("simulate", "--faults", profile);
        var unknown = await Program.Run("simulate", "--faults", "mild");

        Assert.Equal((0, 0, 0), (run.ExitCode, again.ExitCode, traced.ExitCode));
        Assert.Equal(run.Output, again.Output);
        Assert.Equal("slow", JsonDocument.Parse(run.Output).RootElement.GetProperty("profile").GetString());
        Assert.Contains("hears order", await File.ReadAllTextAsync(trace, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal((2, 2), (wrong.ExitCode, unknown.ExitCode));
        Assert.Contains("loss is 2, and takes a number from 0 to 0.95", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("none, radio, harsh", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_books_see_a_vehicle_that_moves_without_a_lease_or_in_its_minimal_risk_condition_or_ends_that_by_itself()
    {
        var now = FaultWorld.Start;
        var moves = new SweeperActivity("", 0, 3, IsWorking: false, HasOrder: true, IsPaused: false, IsDeactivated: false);
        var vehicle = new FaultVehicle(Stage.Fleet[0], SweeperCondition.Fresh(Stage.Model, Stage.City.Streets, Stage.City.Depot.Arc));
        var ears = new VehicleLedger().Of(vehicle);
        Assert.Equal("it moves without a lease", ears.Check(moves, now, isSupervised: true));
        Assert.Null(ears.Check(moves, now, isSupervised: false));

        ears.SaysState(7, now);
        ears.Hears(Lease(heard: 6));
        Assert.Equal("it moves without a lease", ears.Check(moves, now, isSupervised: true));
        ears.Hears(Lease(heard: 7));
        Assert.Null(ears.Check(moves, now.AddSeconds(14), isSupervised: true));
        Assert.Equal("it moves without a lease", ears.Check(moves, now.AddSeconds(16), isSupervised: true));

        Assert.Null(ears.Says(Safety(SafetyMode.Mrc, "mrc-1")));
        Assert.Equal("it moves in mrc-1", ears.Check(moves, now, isSupervised: true));
        Assert.Equal("mrc-1 is over, and the vehicle heard of no investigation", ears.Says(Safety(SafetyMode.Supervised, null)));

        Supervision Lease(uint heard) => new()
        {
            HeaderId = heard,
            Timestamp = now,
            Vehicle = vehicle.Id,
            Epoch = 1,
            LeaseId = heard,
            ValidForS = 3,
            SupervisorOnDuty = true,
            Heard = new(heard, now),
            Map = new("m", "f"),
        };
        SafetyReport Safety(SafetyMode mode, string? mrcId) => new()
        {
            HeaderId = 1,
            Timestamp = now,
            Vehicle = vehicle.Id,
            Mode = mode,
            Epoch = 1,
            LeaseTimeoutS = 3,
            MrcId = mrcId,
            Announcements = [],
            Map = new("m", "f"),
            EventsWaiting = 0,
        };
    }

    [Fact]
    public void Two_vehicles_of_one_serial_number_are_both_stopped_and_get_no_order_until_a_person_decides()
    {
        using var world = new FaultWorld(Stage, FaultProfile.None, 1);
        world.Begin();
        world.RunFor(20);
        var name = world.Vehicles[0];
        var other = world.AddVehicle(name.Spec, "a-second-one");
        world.RunFor(60);

        var twin = world.Centre!.TwinOf(name.Id);
        Assert.StartsWith("twoVehicles", twin.Fault, StringComparison.Ordinal);
        Assert.True(twin.IsStopped);
        Assert.All([name, other], v => Assert.Equal((true, 0.0), (v.Shell!.Program.Activity.IsDeactivated, v.Shell.Program.Activity.SpeedMps)));
        Assert.Contains(world.Store.Notes, n => n.Kind == "fault" && n.Vehicle == name.Id);

        // The second one is switched off, and a person lets the first go on.
        other.SwitchOff();
        world.RunFor(70);
        Assert.True(world.Centre.TwinOf(name.Id).IsStopped);
        world.Person.Command(name.Id, VehicleCommandKind.Release);
        world.Person.Command(name.Id, VehicleCommandKind.Resume);
        world.RunFor(400);

        Assert.Null(world.Invariants.Broken);
        Assert.True(world.Centre.AllMissionsEnded);
        Assert.Equal(8, world.Store.SweptKerbs.Count);
    }

    [Theory]
    [InlineData(LinkDirection.Up, LinkState.Lost)]
    [InlineData(LinkDirection.Down, LinkState.Connected)]
    public void A_line_that_is_silent_in_one_direction_is_seen_and_the_mission_is_kept(LinkDirection direction, LinkState afterTenSeconds)
    {
        using var world = new FaultWorld(Stage, FaultProfile.None, 2);
        world.Begin();
        world.RunFor(15);
        var vehicle = world.Vehicles[0];
        var before = world.Centre!.TwinOf(vehicle.Id);

        vehicle.Wire!.Inner.Silence(direction);
        world.RunFor(10);
        var soon = world.Centre.TwinOf(vehicle.Id).Link;
        world.RunFor(15);
        var later = world.Centre.TwinOf(vehicle.Id);
        vehicle.Wire.Inner.Heal();
        world.RunFor(5);

        // Reports stop at once where it cannot be heard; where it cannot hear, its own keep-alive ends the connection.
        Assert.Equal(direction == LinkDirection.Up ? LinkState.Silent : afterTenSeconds, soon);
        Assert.Equal(LinkState.Lost, later.Link);
        Assert.Equal(before.Mission!.Id, later.Mission!.Id);
        Assert.True(later.Mission.IsRunning);
        Assert.Equal(LinkState.Connected, world.Centre.TwinOf(vehicle.Id).Link);
        world.RunFor(60);
        Assert.Equal((SafetyMode.Mrc, 0.0), (world.Centre.TwinOf(vehicle.Id).Safety!.Mode, vehicle.Shell!.Program.Activity.SpeedMps));

        world.Person.LookAfterAll();
        world.RunFor(400);
        Assert.Null(world.Invariants.Broken);
        Assert.Equal(8, world.Store.SweptKerbs.Count);
    }

    [Theory]
    [InlineData("vehicle")]
    [InlineData("centre")]
    [InlineData("broker")]
    [InlineData("broker that forgets")]
    public void Whoever_restarts_in_the_middle_of_an_order_the_shift_goes_on_and_every_kerb_counts_once(string who)
    {
        using var world = new FaultWorld(Stage, FaultProfile.None, 3);
        world.Begin();
        for (var i = 0; i < 4; i++)
        {
            world.RunFor(17);
            switch (who)
            {
                case "vehicle":
                    world.Vehicles[i % 2].Wire!.Die();
                    break;
                case "centre":
                    world.KillCentre();
                    break;
                default:
                    world.Broker.Restart(TimeSpan.FromSeconds(3), forgets: who != "broker");
                    break;
            }
        }

        world.Person.LookAfterAll();
        world.RunFor(500);
        Assert.Null(world.Invariants.Broken);
        Assert.True(world.Centre!.AllMissionsEnded);
        Assert.Equal(8, world.Store.SweptKerbs.Count);
        Assert.Equal(who == "centre", world.Store.Notes.Any(n => n.Kind == "missionResumed"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_vehicle_that_restarts_a_few_metres_behind_the_depot_goes_on(int seed)
    {
        using var world = new FaultWorld(Stage, FaultProfile.None, seed);
        world.Begin();
        var vehicle = world.Vehicles[0];
        for (var i = 0; i < 200 && vehicle.Shell!.Saved.OdometerM < 1; i++)
        {
            world.RunFor(0.2);
        }

        Assert.InRange(vehicle.Shell!.Saved.OdometerM, 0.1, 5);
        vehicle.Wire!.Die();
        world.RunFor(500);

        Assert.Null(world.Invariants.Broken);
        Assert.True(world.Centre!.AllMissionsEnded);
    }

    [Fact]
    public void An_order_that_nobody_sent_is_seen_when_a_vehicle_takes_it()
    {
        using var world = new FaultWorld(Stage, FaultProfile.None with { Supervised = false }, 4);
        world.Begin();
        world.RunFor(1);
        var (streets, vehicle) = (Stage.City.Streets, world.Vehicles[0].Id);
        var depot = streets.ArcHead[Stage.City.Depot.Arc];
        var arc = Enumerable.Range(0, streets.ArcCount).First(a => streets.ArcTail[a] == depot);
        Forge(world, LinkTopic.Order, LinkJson.Serialize(new Order
        {
            HeaderId = 1,
            Timestamp = world.Loop.Now,
            Vehicle = vehicle,
            OrderId = "forged",
            OrderUpdateId = 0,
            Nodes = [new(streets.NodeKey(depot), 0, true, []), new(streets.NodeKey(streets.ArcHead[arc]), 2, true, [])],
            Edges = [new(streets.ArcKey(arc), 1, true, [])],
        }));
        world.RunFor(0.5);

        Assert.Contains("it took order 'forged', which nobody sent", world.Invariants.Broken, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_vehicle_that_drives_without_a_persons_release_is_seen()
    {
        using var world = new FaultWorld(Stage, FaultProfile.None with { Supervised = false }, 4);
        world.Begin();
        world.RunFor(15);
        world.Person.Command(world.Vehicles[0].Id, VehicleCommandKind.Stop);
        world.RunFor(15);
        Assert.Null(world.Invariants.Broken);
        // Else the Centre sees it at once and stops the vehicle again before it has moved.
        world.CentreLine!.Cut(TimeSpan.FromSeconds(10));
        Forge(world, LinkTopic.InstantActions, LinkJson.Serialize(new InstantActions
        {
            HeaderId = 1000,
            Timestamp = world.Loop.Now,
            Vehicle = world.Vehicles[0].Id,
            Actions = [SweeperActions.Instant(SweeperActions.Activate, "forged")],
        }));
        world.RunFor(3);

        Assert.Contains("not released, and moves or works", world.Invariants.Broken, StringComparison.Ordinal);
    }

    private static void Forge(FaultWorld world, LinkTopic topic, byte[] payload) =>
        world.Broker.Connect("intruder").Publish(new(Topics.Default.Of(world.Vehicles[0].Id, topic), payload));

    private static SeedResult Harsh(int seed, TextWriter? text = null) => FaultRun.One(Stage, FaultProfile.Harsh, seed, text, TestContext.Current.CancellationToken);
}
