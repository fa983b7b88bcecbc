using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Centre.Tests.Fleet;
using Xunit;

namespace Kehrwerk.Centre.Tests.Traffic;

/// <summary>Two vehicles are planned against each other through the narrow street 1 - 2 of grid town: the first sweeps it to, the second fro.</summary>
public sealed class NarrowStreetTests
{
    private static readonly CityContext Town = GridTown.Narrow((from, to) => (from, to) == (1, 2));
    private static readonly int Street = GridTown.KerbBetween(1, 2).Arc;

    [Fact]
    public void The_second_waits_before_the_street_until_the_first_has_really_left_it()
    {
        var shift = Against();
        var hasWaited = false;
        while (!shift.Centre.AllMissionsEnded)
        {
            shift.Loop.RunFor(TimeSpan.FromSeconds(1));
            Assert.False(IsInStreet(shift.Vehicles[0]) && IsInStreet(shift.Vehicles[1]));
            hasWaited |= TwinView.Of(shift.Centre.Twins.Last(), Town) is { Activity: VehicleActivity.WaitingForVehicle, WaitsFor: { Vehicle: "test/T-1", Street: "Street 1-2", IsLong: false }, Errors: [] };
            Assert.True(shift.Loop.Now < TestShift.Begin.AddHours(1));
        }

        Assert.True(hasWaited);
        Assert.Equal(2, shift.SweptKerbs.Count());
        Assert.Empty(shift.Centre.Traffic.Claims);
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("silent")]
    [InlineData("stopped")]
    public void Who_stands_in_the_street_keeps_it_and_a_person_learns_who_waits_for_whom(string why)
    {
        var shift = Against();
        RunUntil(shift, () => IsInStreet(shift.Vehicles[0]));
        switch (why)
        {
            case "paused":
                shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Pause, "Ada");
                break;
            case "stopped":
                shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Stop, "Ada");
                break;
            default:
                shift.Vehicle.Kill();
                break;
        }

        shift.RunMinutes(10);
        Assert.False(IsInStreet(shift.Vehicles[1]));
        Assert.Equal("for test/T-1 in Street 1-2", Assert.Single(shift.Notes("waitsForVehicle")).Text.Split(',')[0]);
        var view = TwinView.Of(shift.Centre.Twins.Last(), Town);
        Assert.True(view.WaitsFor!.IsLong);
        Assert.StartsWith("waitsForVehicle: it waits for T-1 in Street 1-2", Assert.Single(view.Errors), StringComparison.Ordinal);

        switch (why)
        {
            case "paused":
                shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Resume, "Ada");
                break;
            case "stopped":
                shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Release, "Ada");
                break;
            default:
                shift.Vehicle.Start();
                break;
        }

        shift.RunToEnd();
        Assert.Equal(2, shift.SweptKerbs.Count());
        Assert.Empty(shift.Centre.Traffic.Claims);
    }

    [Fact]
    public void After_a_restart_of_the_Centre_the_street_is_still_the_firsts()
    {
        var shift = Against();
        RunUntil(shift, () => IsInStreet(shift.Vehicles[0]));
        shift.Vehicle.Kill();
        shift.Centre.Kill();
        var next = new SimulatedCentre(shift.Loop, shift.Broker.Connect("centre"), Town, shift.Fleet, store: shift.Centre.Store);

        Assert.Equal(shift.Vehicle.Id, Assert.Single(next.Traffic.Claims).Key);
        next.Start();
        shift.RunMinutes(5);
        Assert.False(IsInStreet(shift.Vehicles[1]));
        Assert.True(next.Traffic.Claims.ContainsKey(shift.Vehicle.Id));
    }

    [Fact]
    public void One_that_was_moved_by_hand_holds_both_the_street_it_had_and_the_one_where_it_is_found()
    {
        var shift = Against(GridTown.Narrow((from, to) => (from, to) is (1, 2) or (9, 10)));
        RunUntil(shift, () => IsInStreet(shift.Vehicles[0]));
        shift.Vehicle.Kill();
        shift.Vehicle.Move(GridTown.KerbBetween(9, 10).Arc, 50);
        shift.Vehicle.Start();
        RunUntil(shift, () => shift.Vehicle.Orders.Select(o => o.Order.OrderId).Distinct().Count() > 1);

        Assert.Superset(new HashSet<int> { Street, GridTown.KerbBetween(9, 10).Arc }, shift.Centre.Traffic.Claims[shift.Vehicle.Id].HeldArcs.ToHashSet());
        shift.RunToEnd();
        Assert.Empty(shift.Centre.Traffic.Claims);
    }

    [Fact]
    public void A_vehicle_of_another_make_holds_what_it_refused_until_it_shows_its_next_order()
    {
        var shift = new TestShift(city: GridTown.Narrow((_, _) => true));
        shift.Vehicle.IsForeign = true;
        shift.Vehicle.RefusalsLeft = 1;
        shift.Loop.RunFor(TimeSpan.FromSeconds(2));
        shift.Sweep([GridTown.KerbBetween(1, 2).Id]);
        RunUntil(shift, () => shift.Notes("orderRefused").Any());

        Assert.True(shift.Centre.Traffic.Claims.ContainsKey(shift.Vehicle.Id));
        shift.RunToEnd();
        Assert.Single(shift.SweptKerbs);
        Assert.DoesNotContain(shift.Centre.Notes, n => n.Text.Contains("cancelOrder", StringComparison.Ordinal));
        Assert.Empty(shift.Centre.Traffic.Claims);
    }

    [Fact]
    public void Where_a_street_is_closed_behind_the_next_crossing_the_new_way_is_asked_for_and_the_old_one_given_back()
    {
        var town = GridTown.Narrow((from, to) => true);
        var shift = new TestShift(vehicles: 1, city: town).Sweep([GridTown.KerbBetween(6, 7).Id]);
        RunUntil(shift, () => shift.Vehicle.Place.Arc != GridTown.City.Depot.Arc);
        shift.Centre.Close(new([GridTown.KerbBetween(1, 2).Arc, GridTown.KerbBetween(5, 6).Arc, GridTown.KerbBetween(2, 6).Arc]));
        shift.RunToEnd();

        Assert.Single(shift.SweptKerbs);
        Assert.Empty(shift.Centre.Traffic.Claims);
    }

    private static TestShift Against(CityContext? town = null) =>
        new TestShift(vehicles: 2, city: town ?? Town).Sweep([GridTown.KerbBetween(1, 2).Id], [GridTown.KerbBetween(2, 1).Id]);

    private static bool IsInStreet(TestVehicle vehicle) => vehicle.Place is var (arc, offsetM)
        && GridTown.City.Streets.ArcSegment[arc] == GridTown.City.Streets.ArcSegment[Street] && offsetM < GridTown.BlockM;

    private static void RunUntil(TestShift shift, Func<bool> isSo)
    {
        for (var i = 0; !isSo(); i++)
        {
            Assert.True(i < 3600);
            shift.Loop.RunFor(TimeSpan.FromSeconds(1));
        }
    }
}
