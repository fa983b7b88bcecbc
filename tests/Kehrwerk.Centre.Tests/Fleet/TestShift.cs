using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Planning;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>A shift in grid town: the simulated Centre and test vehicles in one event loop.</summary>
internal sealed class TestShift
{
    public static readonly DateTimeOffset Begin = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);

    public TestShift(int vehicles = 1, int seed = 1, LinkConditions? conditions = null, Func<SweeperSpec, SweeperSpec>? change = null, CityContext? city = null)
    {
        Loop = new(Begin, seed);
        Broker = new(Loop, conditions ?? LinkConditions.Good);
        Fleet = [.. Enumerable.Range(1, vehicles).Select(i => GridTown.Vehicle(i, change))];
        Centre = new(Loop, Broker.Connect("centre"), city ?? GridTown.Context, Fleet);
        Centre.Start();
        Broker.Connect("listener").SubscribeAsync(Topics.Default.OfAll(LinkTopic.State), message =>
        {
            LastState = LinkJson.Read<State>(message.Payload.Span).Message;
            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();
        Vehicles = [.. Fleet.Select(f => new TestVehicle(Loop, Broker, f.Id, f.Spec, city?.City ?? GridTown.City))];
        foreach (var vehicle in Vehicles)
        {
            vehicle.Start();
        }

        Loop.RunFor(TimeSpan.FromSeconds(2));
    }

    public EventLoop Loop { get; }
    public InMemoryBroker Broker { get; }
    public ImmutableArray<FleetVehicle> Fleet { get; }
    public SimulatedCentre Centre { get; }
    public ImmutableArray<TestVehicle> Vehicles { get; }
    public TestVehicle Vehicle => Vehicles[0];

    /// <summary>The state that was sent last, by whichever vehicle.</summary>
    public State? LastState { get; private set; }
    public Twin Twin => Centre.Twins.First();

    /// <summary>The kerbs that the first vehicle is to sweep, in order; further vehicles get theirs by more lists.</summary>
    public TestShift Sweep(params ImmutableArray<int>[] kerbs)
    {
        Centre.StartShift(new([.. kerbs.Select((list, i) => GridTown.Tour(Fleet[i].Spec.Id, list))], []));
        return this;
    }

    public void RunMinutes(double minutes) => Loop.RunFor(TimeSpan.FromMinutes(minutes));

    /// <summary>Runs until every mission has ended; fails the test if that takes longer than a shift with all its grace.</summary>
    public TestShift RunToEnd()
    {
        for (var minute = 0; !Centre.AllMissionsEnded; minute++)
        {
            Assert.True(minute < 12 * 60, $"Still running: {string.Join("; ", Centre.Twins.Where(t => t.Mission is { IsRunning: true }))}");
            RunMinutes(1);
        }

        Assert.Empty(Centre.Violations);
        return this;
    }

    public IEnumerable<int> SweptKerbs => Centre.SweptKerbs.Select(k => k.Kerb);

    public IEnumerable<SimulatedNote> Notes(string kind) => Centre.Notes.Where(n => n.Kind == kind);
}
