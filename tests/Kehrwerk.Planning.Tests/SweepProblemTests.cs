using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests;

public sealed class SweepProblemTests
{
    private static readonly SweepProblem Grid = Towns.Grid(3, 3);

    [Fact]
    public void A_city_gives_a_task_for_each_kerb_that_is_ever_due()
    {
        var problem = SweepProblem.ForCity(CityWith(new("S1", "once", 1, 2), new("S0", "never", 0, 9)), Grid.Graph, Towns.Fleet(2));
        Assert.Equal(Grid.Tasks.Length / 2, problem.Tasks.Length);
        Assert.All(problem.Tasks, task =>
        {
            Assert.Equal(100, task.LengthM, 6);
            Assert.Equal(0.008, task.VolumeM3, 9);
            Assert.Equal(5.6, task.MassKg, 6);
            Assert.Equal((1.0, 2), (task.TimesPerWeek, task.Priority));
        });
    }

    [Theory]
    [InlineData(-1, 700, "volume per metre")]
    [InlineData(double.NaN, 700, "volume per metre")]
    [InlineData(0.0001, 4000, "density")]
    public void Dirt_out_of_bounds_is_named(double volume, double density, string what)
    {
        var city = CityWith(new CleaningClass("S1", "once", 1, 1));
        var error = Assert.Throws<InputException>(() => SweepProblem.ForCity(city, Grid.Graph, Towns.Fleet(1), new(volume, density)));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_a_problem_unusable_is_named()
    {
        var vehicle = Grid.Vehicles[0];
        Refused("number of vehicles is 0", Grid with { Vehicles = [] });
        Refused("vehicle V1: the serial number is used twice", Grid with { Vehicles = [vehicle, vehicle] });
        Refused("vehicle V1: shift is NaN", WithVehicle(vehicle with { ShiftS = double.NaN }));
        Refused("vehicle V1: it is slower in transit", WithVehicle(vehicle with { TransitSpeedMps = 3 }));
        Refused("vehicle V1: the charge table is not one of 101 values", WithVehicle(vehicle with { ChargeSeconds = [0, 1] }));
        Refused("does not rise at 50 %", WithVehicle(vehicle with { ChargeSeconds = vehicle.ChargeSeconds.SetItem(50, 1) }));
        Refused("vehicle V1: charging power is 22", Grid with { Depots = [Grid.Depots[0] with { GridLimitKw = 11 }] });
        Refused("depot Betriebshof: number of washes is 0", Grid with { Depots = [Grid.Depots[0] with { Washes = 0 }] });
        Refused("number of days is 8", Grid with { Days = 8 });
        Refused("kerb 0: it has two tasks", Grid with { Tasks = Grid.Tasks.Add(Grid.Tasks[0]) });
        Refused("kerb 0: length is 50", Grid with { Tasks = Grid.Tasks.SetItem(0, Grid.Tasks[0] with { LengthM = 50 }) });
        Refused("kerb 0: arc is 999", Grid with { Tasks = Grid.Tasks.SetItem(0, Grid.Tasks[0] with { Arc = 999 }) });
    }

    private static void Refused(string message, SweepProblem problem) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Planner.Solve(problem)).Message, StringComparison.Ordinal);

    private static SweepProblem WithVehicle(SweeperSpec vehicle) => Grid with { Vehicles = [vehicle] };

    private static City CityWith(params CleaningClass[] classes)
    {
        var network = Grid.Graph.Network;
        return new()
        {
            Name = "Grid",
            Fingerprint = "",
            Streets = network,
            Kerbs = [.. Enumerable.Range(0, network.ArcCount).Select(arc => new Kerb(arc, network.ArcKey(arc), arc, KerbSide.Right, 100, "", classes[arc % classes.Length]))],
            Addresses = [],
            Depot = Grid.Depots[0],
            Map = new([], []),
            Report = new([], [], []),
        };
    }
}
