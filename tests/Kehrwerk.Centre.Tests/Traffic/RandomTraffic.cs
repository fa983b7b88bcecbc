using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Traffic;

/// <summary>A shift of the real twins on a random network of mostly narrow streets, by seed: random ways, speeds, and what goes wrong.</summary>
internal sealed class RandomTraffic
{
    private readonly Random chance;
    private readonly CityContext town;
    private readonly TestShift shift;
    private readonly int kerbs;
    private readonly Dictionary<TestVehicle, (int Arc, int Before)> lastArc = [];

    public RandomTraffic(int seed, bool isBlind = false)
    {
        chance = new(seed);

        // With a short look ahead ways change in the middle of narrow streets.
        town = new(Town(chance), rules: seed % 2 == 0 ? new() { BaseM = 60, BaseEdges = 1, HorizonM = 30, NarrowM = 60 } : new());
        var vehicles = chance.Next(3, 6);
        shift = new(vehicles, seed, change: s => s with
        {
            TransitSpeedMps = 4 + (8 * chance.NextDouble()),
            SweepSpeedMps = 1.5 + (2.5 * chance.NextDouble()),
            TipS = 10,
        }, city: town);
        shift.Centre.Traffic = shift.Centre.Traffic with { IsBlind = isBlind };
        ImmutableArray<int>[] tours = [.. shift.Vehicles.Select(_ => Tour())];
        kerbs = tours.Sum(t => t.Length);
        shift.Sweep(tours);
    }

    /// <summary>So many vehicles were told that the way they want is not safe and took the announced one.</summary>
    public int WaysKept => shift.Notes("wayKept").Count();

    /// <summary>Drives on with nobody disturbed.</summary>
    /// <returns>Null if every mission came to its end, else how things stand.</returns>
    public string? Arrives(double withinMinutes = 60)
    {
        for (var s = 0; s < 60 * withinMinutes && !shift.Centre.AllMissionsEnded; s++)
        {
            Second();
        }

        return shift.Centre.AllMissionsEnded ? null : Tell();
    }

    /// <summary>Ten minutes of trouble, then it heals: everybody has to arrive.</summary>
    public void ArrivesAfterTrouble()
    {
        for (var s = 0; s < 600; s++)
        {
            Second();
            if (chance.NextDouble() < 0.03)
            {
                Disturb(shift.Vehicles[chance.Next(shift.Vehicles.Length)]);
            }
        }

        shift.Centre.Close(Closures.None);
        for (var minute = 0; minute < 120 && !shift.Centre.AllMissionsEnded; minute++)
        {
            LookAfterAll();
            Arrives(1);
        }

        Assert.True(shift.Centre.AllMissionsEnded, Tell());
        Assert.Equal(kerbs, shift.Centre.SweptKerbs.Count + shift.Centre.MissedKerbs.Count);
        Assert.Empty(shift.Centre.Traffic.Claims);
    }

    /// <summary>One is stopped for good: whoever does not arrive waits for it, or for one who does.</summary>
    /// <returns>How many do not arrive.</returns>
    public int ArrivesButBehindTheBroken()
    {
        Arrives(chance.NextDouble() * 4);
        var broken = shift.Vehicles[chance.Next(shift.Vehicles.Length)].Id;
        shift.Centre.Command(broken, VehicleCommandKind.Stop, "chance");
        Arrives(15);
        var waiting = shift.Centre.Twins.Where(t => t.Mission is { IsRunning: true } && t.Id != broken).ToList();
        foreach (var twin in waiting)
        {
            var seen = new HashSet<VehicleId>();
            for (var at = twin; at.Id != broken; at = shift.Centre.TwinOf(at.RoadWait.Block.Vehicle))
            {
                Assert.True(at.RoadWait is not null && seen.Add(at.Id), Tell());
            }
        }

        return waiting.Count;
    }

    /// <summary>What must hold at every moment: one vehicle in a narrow street and at a tight crossing, a book that knows what each may drive, and a way out for all if all drive.</summary>
    private void Second()
    {
        shift.Loop.RunFor(TimeSpan.FromSeconds(1));
        var inside = shift.Vehicles.SelectMany(PlacesOf).ToList();
        Assert.Equal(inside.Distinct(), inside);
        Assert.Empty(shift.Centre.Violations);
        var book = shift.Centre.Traffic;
        if (!book.IsBlind)
        {
            var driving = book.Claims.Aggregate(book, (all, c) => all.Tell(c.Key, c.Value with { Stands = false }));
            Assert.Equal(book.Claims.Keys, driving.CanGetOut().Order());
        }
    }

    /// <summary>Numbers as of <see cref="Centre.Traffic.NarrowStreets.AddPlaces"/>, from the vehicle's middle to its rear. Every street is longer than a vehicle, or than a second's drive.</summary>
    private HashSet<int> PlacesOf(TestVehicle vehicle)
    {
        const double rearM = Twin.UnknownLengthM / 2;
        var (arc, offsetM) = vehicle.Place;
        var (last, before) = lastArc.GetValueOrDefault(vehicle, (arc, -1));
        before = last == arc ? before : last;
        lastArc[vehicle] = (arc, before);
        var places = new HashSet<int>();
        var isAtEnd = offsetM >= town.Streets.ArcLengthM[arc] - 1e-9;
        if (isAtEnd && town.Narrow.EndsAtDepot(arc))
        {
            return places;
        }

        town.Narrow.AddPlaces(arc, places);
        if (!isAtEnd)
        {
            places.Remove(town.Streets.SegmentCount + town.Streets.ArcHead[arc]);
        }

        // From the depot's yard it comes with its whole length.
        if (offsetM < rearM && before >= 0 && town.Streets.ArcHead[before] == town.Streets.ArcTail[arc] && !town.Narrow.EndsAtDepot(before))
        {
            town.Narrow.AddPlaces(before, places);
        }

        return places;
    }

    private void Disturb(TestVehicle vehicle)
    {
        var later = TimeSpan.FromSeconds(chance.Next(60));
        switch (chance.Next(5))
        {
            case 0:
                vehicle.Client.Disconnect();
                shift.Loop.Schedule(later, vehicle.Client.Reconnect);
                break;
            case 1:
                vehicle.Kill();
                vehicle.Start();
                break;
            case 2:
                shift.Centre.Command(vehicle.Id, VehicleCommandKind.Pause, "chance");
                shift.Loop.Schedule(later, () => shift.Centre.Command(vehicle.Id, VehicleCommandKind.Resume, "chance"));
                break;
            default:
                shift.Centre.Close(new([chance.Next(town.Streets.ArcCount)]));
                shift.Loop.Schedule(later, () => shift.Centre.Close(Closures.None));
                break;
        }
    }

    private void LookAfterAll()
    {
        foreach (var twin in shift.Centre.Twins.Where(t => t.Fault is not null || t.IsPaused || t.Facts is { Paused: true }).ToList())
        {
            shift.Centre.Command(twin.Id, VehicleCommandKind.Resume, "chance");
        }
    }

    private string Tell() => string.Join("; ", shift.Centre.Twins.Where(t => t.Mission is { IsRunning: true })
        .Select(t => $"{t.Id.Serial} {t.Link} fault {t.Fault} order {t.Order?.OrderId} base {t.Order?.Base} of {t.Order?.Path.Length} held {Say(t.Road?.HeldArcs)} way {Say(t.Road?.Way)} refused {t.IsRoadRefused} path {Say(t.Order?.Path.Select(a => a.Arc))} waits {t.RoadWait}"));

    private string Say(IEnumerable<int>? arcs) =>
        string.Join(' ', arcs?.Select(a => $"{town.Streets.ArcTail[a]}-{town.Streets.ArcHead[a]}{(town.Narrow.IsFree(a) ? "" : "!")}") ?? ["none"]);

    private ImmutableArray<int> Tour() => [.. Enumerable.Range(0, chance.Next(2, 5)).Select(_ => chance.Next(2, town.City.Kerbs.Length)).Distinct()];

    /// <summary>A random tree with some streets more; the depot is a leaf, so that a vehicle can turn round somewhere.</summary>
    private static City Town(Random chance)
    {
        var frame = CityFrame.Around(new(51.4, 6.8));
        var origin = frame.ToMap(new(51.4, 6.8));
        var builder = new StreetNetworkBuilder(frame);
        var nodes = chance.Next(5, 10);
        var points = Enumerable.Range(0, nodes).Select(n => new MapPoint(origin.X + (70 * n) + (20 * chance.NextDouble()), origin.Y + (200 * chance.NextDouble()))).ToList();
        points.ForEach(point => builder.AddNode(100 + builder.NodeCount, point));
        var narrow = 0.6 + (0.5 * chance.NextDouble());
        var joined = new HashSet<(int, int)>();
        for (var n = 1; n < nodes; n++)
        {
            Add(n == 1 ? 0 : chance.Next(1, n), n);
        }

        for (var more = chance.Next(nodes); more > 0; more--)
        {
            var (from, to) = (chance.Next(1, nodes), chance.Next(1, nodes));
            if (from < to)
            {
                Add(from, to);
            }
        }

        var streets = builder.Build();
        var often = new CleaningClass("S1", "once a week", 1, 1);
        return new()
        {
            Name = "Random town",
            Fingerprint = "random",
            Streets = streets,
            Kerbs = [.. Enumerable.Range(0, streets.ArcCount).Select(a => new Kerb(a, streets.ArcKey(a), a, KerbSide.Right, streets.ArcLengthM[a], streets.ArcName(a), often))],
            Addresses = [],
            Depot = new("Depot", Enumerable.Range(0, streets.ArcCount).First(a => streets.ArcHead[a] == 0), Chargers: 1, Tips: 1, Washes: 1, WaterPoints: 1, GridLimitKw: 44),
            Map = new([], []),
            Report = new([], [], []),
        };

        void Add(int from, int to)
        {
            if (joined.Add((from, to)))
            {
                builder.AddSegment(new(
                    from, to, [points[from], points[to]], (1000 * from) + to, 0, Directions.Both, $"Street {from}-{to}",
                    Traits: chance.NextDouble() < narrow ? SegmentTraits.Narrow : SegmentTraits.None));
            }
        }
    }
}
