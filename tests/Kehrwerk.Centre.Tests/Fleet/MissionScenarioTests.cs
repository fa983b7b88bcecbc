using System.Collections.Immutable;
using System.Text;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Planning;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>A mission from its start to its end, with what can go wrong between.</summary>
public sealed class MissionScenarioTests
{
    private static readonly int[] Round =
    [
        GridTown.KerbBetween(1, 2).Id, GridTown.KerbBetween(2, 6).Id, GridTown.KerbBetween(6, 7).Id, GridTown.KerbBetween(11, 15).Id,
        GridTown.KerbBetween(14, 13).Id, GridTown.KerbBetween(9, 8).Id, GridTown.KerbBetween(8, 4).Id,
    ];

    [Fact]
    public void A_mission_is_swept_in_its_order_and_ends_at_the_depot_after_the_tip()
    {
        var shift = new TestShift().Sweep([.. Round]).RunToEnd();

        Assert.Equal(Round, shift.SweptKerbs);
        Assert.Empty(shift.Centre.MissedKerbs);
        Assert.Equal(0, shift.Vehicle.Levels.HopperM3);
        Assert.Null(shift.Twin.Order);
        Assert.Null(shift.Twin.Bay);
    }

    [Fact]
    public void Losing_the_link_neither_fails_nor_finishes_a_mission()
    {
        var shift = new TestShift().Sweep([.. Round]);
        shift.RunMinutes(2);
        shift.Vehicle.Client.Disconnect();
        shift.RunMinutes(1);
        var lost = shift.Twin;

        Assert.Equal(LinkState.Lost, lost.Link);
        Assert.True(lost.Mission!.IsRunning);
        Assert.Null(lost.Fault);

        shift.Vehicle.Client.Reconnect();
        Assert.Equal(Round, shift.RunToEnd().SweptKerbs);
    }

    [Fact]
    public void A_vehicle_that_forgot_its_order_is_ordered_anew_from_its_place()
    {
        var shift = new TestShift().Sweep([.. Round]);
        shift.RunMinutes(2.3);
        shift.Vehicle.Kill();
        shift.RunMinutes(1);
        shift.Vehicle.Start();
        shift.RunToEnd();

        Assert.Equal(Round.Order(), shift.SweptKerbs.Order());
        Assert.Contains(shift.Notes("orderLost"), n => n.Text.Contains("reports order ''", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_hopper_sends_the_vehicle_to_tip_and_back_to_the_same_kerb()
    {
        var shift = new TestShift();
        // Far more than the plan expects: half a hopper a kerb.
        shift.Vehicle.DirtM3PerM = 0.9 / GridTown.BlockM;
        shift.Sweep([.. Round]).RunToEnd();

        Assert.Equal(Round.Order(), shift.SweptKerbs.Order());
        Assert.True(shift.Notes("served").Count(n => n.Text == "Tip") >= 3);
        Assert.Contains(shift.Notes("sweepFailed"), n => n.Text.Contains("hopperFull", StringComparison.Ordinal));
    }

    [Fact]
    public void A_short_battery_is_charged_before_the_next_kerb_is_released()
    {
        var shift = new TestShift(change: s => s with { BatteryWh = 1200 });
        shift.Vehicle.Levels = shift.Vehicle.Levels with { BatteryWh = 600 };
        var least = double.MaxValue;
        shift.RunMinutes(0.1);
        shift.Sweep([.. Round]);
        while (!shift.Centre.AllMissionsEnded && shift.Loop.Now < TestShift.Begin.AddHours(12))
        {
            shift.RunMinutes(0.1);
            least = Math.Min(least, shift.Vehicle.Levels.BatteryWh);
        }

        Assert.Equal(Round.Order(), shift.SweptKerbs.Order());
        Assert.Contains(shift.Notes("served"), n => n.Text == "Charge");
        Assert.InRange(least, 0.2 * 1200, 1200);
    }

    [Fact]
    public void A_missed_stretch_is_kept_and_nobody_drives_there_again_without_an_order()
    {
        var shift = new TestShift();
        MissesOnce(shift.Vehicle);
        shift.Sweep([.. Round]).RunToEnd();

        Assert.Equal(Round, shift.SweptKerbs);
        var kept = Assert.Single(shift.Twin.Mission!.Steps, step => !step.Missed.IsDefault);
        Assert.Equal(new MissedPiece(12, 18.5, MissedReasons.ParkedVehicle), Assert.Single(kept.Missed));
        Assert.Contains("12.0 to 18.5 m (parkedVehicle)", Assert.Single(shift.Notes("stretchMissed")).Text, StringComparison.Ordinal);
        Assert.Equal(6.5, TwinView.Of(shift.Twin, GridTown.Context).MissedM);
    }

    [Fact]
    public void By_order_a_missed_stretch_is_tried_once_more_before_the_tip_and_its_kerb_counts_once()
    {
        var city = new CityContext(GridTown.City, rules: new CentreRules { SweepsMissedAgain = true });
        var shift = new TestShift(city: city);
        MissesOnce(shift.Vehicle);
        shift.Sweep([.. Round]).RunToEnd();

        Assert.Equal(Round, shift.SweptKerbs);
        Assert.Contains("nothing is missed any more", Assert.Single(shift.Notes("sweptAgain")).Text, StringComparison.Ordinal);
        Assert.All(shift.Twin.Mission!.Steps, step => Assert.True(step.Missed.IsDefault));
        var kinds = shift.Twin.Mission.Steps.Select(step => step.Work).ToList();
        Assert.True(kinds.FindIndex(work => work is StepWork.Sweep { IsAgain: true }) < kinds.FindIndex(work => work is StepWork.Service { Kind: DepotService.Tip }));
        Assert.Equal(0, shift.Vehicle.Levels.HopperM3);
        Assert.Equal(Round.Length, TwinView.Of(shift.Twin, city).KerbsPlanned);
    }

    [Fact]
    public void A_bay_that_fails_rests_and_the_vehicle_is_served_without_a_person()
    {
        var shift = new TestShift().Sweep([.. Round]);
        shift.Vehicle.ServiceFailures.Enqueue(DepotFailures.TipOccupied);
        shift.RunToEnd();

        var failed = Assert.Single(shift.Notes("bayFailed"));
        Assert.Contains("Tip 1: tipOccupied", failed.Text, StringComparison.Ordinal);
        // Grid town has one tip: it waits until that may be tried again.
        Assert.True(shift.Notes("served").First(note => note.Text == "Tip").At - failed.At >= GridTown.Context.Rules.BayRestsFor);
        Assert.Null(shift.Twin.Fault);
        Assert.Equal(0, shift.Vehicle.Levels.HopperM3);
    }

    [Fact]
    public void A_bay_that_fails_again_and_again_is_shown_to_a_person()
    {
        var shift = new TestShift().Sweep([.. Round]);
        for (var i = 0; i < GridTown.Context.Rules.MaxAttempts; i++)
        {
            shift.Vehicle.ServiceFailures.Enqueue(DepotFailures.TipFailed);
        }

        shift.RunMinutes(120);

        Assert.Contains("tipFailed", shift.Twin.Fault, StringComparison.Ordinal);
        Assert.True(shift.Twin.Mission!.IsRunning);
    }

    /// <summary>The first sweep of one kerb misses a stretch; another visit reaches it.</summary>
    private static void MissesOnce(TestVehicle vehicle)
    {
        var isFirst = true;
        vehicle.TellsOfSweep = _ =>
        {
            var told = isFirst ? "sweptM=90.00;missed=12.0-18.5:parkedVehicle" : "sweptM=100.00";
            isFirst = false;
            return told;
        };
    }

    [Fact]
    public void A_refused_order_is_tried_again()
    {
        var shift = new TestShift();
        shift.Vehicle.RefusalsLeft = 2;
        shift.Sweep([.. Round]).RunToEnd();

        Assert.Equal(Round, shift.SweptKerbs);
        Assert.Equal(2, shift.Notes("orderRefused").Count());
    }

    [Fact]
    public void A_vehicle_that_refuses_every_order_waits_for_a_person()
    {
        var shift = new TestShift();
        shift.Vehicle.RefusalsLeft = 1000;
        shift.Sweep([.. Round]);
        shift.RunMinutes(10);

        Assert.NotNull(shift.Twin.Fault);
        Assert.Equal(shift.Centre.Twins.First().Id, shift.Twin.Id);
        Assert.Equal(GridTown.Context.Rules.MaxRefusals, shift.Vehicle.Orders.Count);

        shift.Vehicle.RefusalsLeft = 0;
        shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Resume, "Ada");
        Assert.Equal(Round, shift.RunToEnd().SweptKerbs);
    }

    [Fact]
    public void A_stopped_vehicle_gets_no_order_until_it_is_released()
    {
        var shift = new TestShift().Sweep([.. Round]);
        shift.RunMinutes(2);
        shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Stop, "Ada");
        shift.RunMinutes(0.1);
        var before = shift.Vehicle.Orders.Count;
        shift.RunMinutes(20);

        Assert.True(shift.Vehicle.IsDeactivated);
        Assert.Equal(before, shift.Vehicle.Orders.Count);
        Assert.Contains(shift.Notes("command"), n => n is { Text: "Stop", Who: "Ada" });

        shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Release, "Ada");
        Assert.Equal(Round, shift.RunToEnd().SweptKerbs);
    }

    [Fact]
    public void A_paused_vehicle_that_forgot_its_pause_is_paused_again()
    {
        var shift = new TestShift().Sweep([.. Round]);
        shift.RunMinutes(2);
        shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Pause, "Ada");
        shift.RunMinutes(0.2);
        shift.Vehicle.Kill();
        shift.RunMinutes(1);
        var orders = shift.Vehicle.Orders.Count;
        shift.Vehicle.Start();
        shift.RunMinutes(5);

        Assert.True(shift.Vehicle.IsPaused);
        Assert.Equal(orders, shift.Vehicle.Orders.Count);
        shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Resume, "Ada");
        Assert.Equal(Round.Order(), shift.RunToEnd().SweptKerbs.Order());
    }

    [Fact]
    public void Two_vehicles_never_share_a_bay()
    {
        var shift = new TestShift(vehicles: 3);
        // All three come home to the one tip at about the same time.
        shift.Sweep([GridTown.KerbBetween(1, 2).Id], [GridTown.KerbBetween(4, 8).Id], [GridTown.KerbBetween(2, 1).Id]);
        var mostAtOnce = 0;
        var waited = false;
        while (!shift.Centre.AllMissionsEnded && shift.Loop.Now < TestShift.Begin.AddHours(3))
        {
            shift.RunMinutes(0.05);
            mostAtOnce = Math.Max(mostAtOnce, shift.Centre.Twins.Count(t => t.Facts!.RunningAction == "tip"));
            waited |= shift.Centre.Twins.Any(t => t.Bay is { IsGranted: false });
        }

        Assert.True(shift.Centre.AllMissionsEnded);
        Assert.Equal(1, mostAtOnce);
        Assert.True(waited);
    }

    [Fact]
    public void A_closed_street_is_never_entered_and_its_kerb_is_reported()
    {
        var shift = new TestShift().Sweep([.. Round]);
        shift.RunMinutes(0.5);
        var closed = GridTown.KerbBetween(14, 13);
        shift.Centre.Close(Closures.None.Close(closed.Arc));
        var since = shift.Loop.Now;
        shift.RunToEnd();

        Assert.Equal(SkipReasons.Closed, Assert.Single(shift.Centre.MissedKerbs).Reason);
        Assert.Equal(Round.Where(k => k != closed.Id), shift.SweptKerbs);
        Assert.DoesNotContain(
            shift.Vehicle.Orders.Where(o => o.At > since.AddSeconds(1)).SelectMany(o => o.Order.Edges), e => e.Released && e.EdgeId == closed.Key);
    }

    [Fact]
    public void When_the_shift_is_over_what_is_left_is_reported_and_the_vehicle_comes_home()
    {
        var shift = new TestShift(change: s => s with { ShiftS = 20 * 60 }, city: new(GridTown.City, rules: new() { ShiftGrace = TimeSpan.Zero }));
        shift.Sweep([.. Round]).RunToEnd();

        Assert.NotEmpty(shift.Centre.SweptKerbs);
        Assert.All(shift.Centre.MissedKerbs, m => Assert.Equal(SkipReasons.ShiftOver, m.Reason));
        Assert.Equal(Round.Length, shift.Centre.SweptKerbs.Count + shift.Centre.MissedKerbs.Count);
        Assert.InRange((shift.Loop.Now - TestShift.Begin).TotalMinutes, 10, 21);
    }

    [Fact]
    public void When_the_shift_is_over_a_vehicle_that_waits_for_a_charger_is_still_charged()
    {
        var shift = new TestShift(
            vehicles: 2,
            change: s => s with { ShiftS = 30 * 60, ChargeSeconds = [.. Enumerable.Range(0, 101).Select(p => p * 200.0)] },
            city: new(GridTown.City, rules: new() { ShiftGrace = TimeSpan.Zero }));
        foreach (var vehicle in shift.Vehicles)
        {
            vehicle.Levels = vehicle.Levels with { BatteryWh = 0.4 * 56_000 };
        }

        shift.Centre.StartShift(new([.. shift.Fleet.Select((f, i) => ChargedAtEnd(GridTown.Tour(f.Spec.Id, [Round[i]])))], []));
        shift.RunToEnd();

        Assert.Equal(2, shift.Centre.SweptKerbs.Count);
        Assert.All(shift.Vehicles, vehicle => Assert.Equal(56_000, vehicle.Levels.BatteryWh));
        Assert.True(shift.Loop.Now - TestShift.Begin > TimeSpan.FromHours(1));

        static Tour ChargedAtEnd(Tour tour) => tour with { Steps = tour.Steps.Add(new ChargeStep(0, 3600, new(56_000, 425, 0, 0))) };
    }

    [Fact]
    public void The_same_seed_gives_the_same_shift_over_a_bad_network()
    {
        static List<string> Run()
        {
            var shift = new TestShift(vehicles: 2, seed: 7, LinkConditions.Rough).Sweep([.. Round[..3]], [.. Round[3..]]).RunToEnd();
            return [.. shift.Centre.SweptKerbs.Select(k => $"{k}"), .. shift.Centre.Notes.Select(n => $"{n}")];
        }

        Assert.Equal(Run(), Run());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_vehicle_says_in_information_changes_nothing(bool isForeign)
    {
        List<string> Run(ImmutableArray<RobotInfo> information)
        {
            var shift = new TestShift();
            (shift.Vehicle.IsForeign, shift.Vehicle.Information) = (isForeign, information);
            shift.Sweep([Round[0], Round[1]]).RunToEnd();
            return [.. shift.Vehicle.Orders.Select(o => Encoding.UTF8.GetString(LinkJson.Serialize(o.Order))), .. shift.Centre.SweptKerbs.Select(k => $"{k}"), .. shift.Centre.Notes.Select(n => $"{n}")];
        }

        var honest = Run([]);
        Assert.NotEmpty(honest);
        Assert.Equal(honest, Run(
        [
            new("sweeper", InfoLevel.Info)
            {
                InfoReferences = [new("hopperM3", "2"), new("hopperKg", "900"), new("waterL", "0"), new("odometerM", "1"), new("sweptM", "1"), new("energyWh", "10"), new("deactivated", "true"), new("edgeId", "1.0f"), new("offsetM", "3")],
            },
            new("mrc", InfoLevel.Info, "Minimal risk condition: stands, hazard lights on") { InfoReferences = [new("hazardLights", "on")] },
        ]));
    }
}
