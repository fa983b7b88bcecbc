using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Faults;

/// <summary>
/// A town so small that a shift takes milliseconds: three by three crossings, every street in both directions, a kerb on each side, the
/// depot at the corner. Six of the twelve streets are too narrow for two vehicles, so that they are in each other's way. The vehicle is the usual one with short work, so that a seed holds many changes of what it does.
/// </summary>
internal sealed class ProvingGround
{
    private const int Size = 3;
    private const double BlockM = 60;
    private const int KerbsPerVehicle = 4;

    public static ProvingGround Instance { get; } = new();

    private ProvingGround()
    {
        City = Build(hasNarrowStreets: true);
        Context = new(City, new TravelCosts(MaxSpeedMps: Model.TransitSpeedMps));
    }

    public City City { get; }
    public CityContext Context { get; }
    public SweeperModel Model { get; } = SweeperModel.Default with { Name = "proving-ground", SweepSpeedMps = 4, TipS = 10 };

    /// <summary>Each vehicle sweeps some kerbs, by chance which, and tips.</summary>
    public Plan Shift(IReadOnlyList<FleetVehicle> fleet, Random chance)
    {
        var kerbs = Enumerable.Range(0, City.Kerbs.Length).ToArray();
        chance.Shuffle(kerbs);
        var each = Math.Min(KerbsPerVehicle, kerbs.Length / fleet.Count);
        return new([.. fleet.Select((vehicle, i) => Tour(vehicle.Spec, kerbs[(i * each)..((i + 1) * each)]))], []);
    }

    private static Tour Tour(SweeperSpec spec, int[] kerbs)
    {
        const double volumeM3 = 0.005;
        const double massKg = 3.5;
        var levels = new Levels(spec.BatteryWh, spec.WaterL, 0, 0);
        var steps = ImmutableArray.CreateBuilder<TourStep>();
        foreach (var kerb in kerbs)
        {
            levels = levels with { HopperM3 = levels.HopperM3 + volumeM3, HopperKg = levels.HopperKg + massKg };
            steps.Add(new SweepStep(kerb, 0, 60, levels));
        }

        steps.Add(new TipStep(0, spec.TipS, levels with { HopperM3 = 0, HopperKg = 0 }));
        return new(spec.Id, 0, steps.ToImmutable());
    }

    /// <param name="hasNarrowStreets">False: the same town as a Centre would see it that knows nothing of widths.</param>
    public static City Build(bool hasNarrowStreets)
    {
        var frame = CityFrame.Around(new(51.4, 6.8));
        var origin = frame.ToMap(new(51.4, 6.8));
        var builder = new StreetNetworkBuilder(frame);
        for (var n = 0; n < Size * Size; n++)
        {
            builder.AddNode(100 + n, Place(n));
        }

        for (var n = 0; n < Size * Size; n++)
        {
            if (n % Size < Size - 1)
            {
                Add(n, n + 1);
            }

            if (n / Size < Size - 1)
            {
                Add(n, n + Size);
            }
        }

        var streets = builder.Build();
        var depotArc = Enumerable.Range(0, streets.ArcCount).First(a => streets.ArcTail[a] == 1 && streets.ArcHead[a] == 0);
        var often = new CleaningClass("S1", "once a week", 1, 1);
        return new()
        {
            Name = "Proving ground",
            Fingerprint = "proving-ground-1",
            Streets = streets,
            Kerbs = [.. Enumerable.Range(0, streets.ArcCount).Select(a => new Kerb(a, streets.ArcKey(a), a, KerbSide.Right, streets.ArcLengthM[a], streets.ArcName(a), often))],
            Addresses = [],
            Depot = new("Depot", depotArc, Chargers: 1, Tips: 1, Washes: 1, WaterPoints: 1, GridLimitKw: 44),
            Map = new([], []),
            Report = new([], [], []),
        };

        MapPoint Place(int n) => new(origin.X + (n % Size * BlockM), origin.Y + (n / Size * BlockM));

        void Add(int from, int to) =>
            builder.AddSegment(new(
                from, to, [Place(from), Place(to)], (1000 * from) + to, 0, Directions.Both, $"Street {from}-{to}",
                Traits: hasNarrowStreets && (from == 4 || to is 4 or 8) ? SegmentTraits.Narrow : SegmentTraits.None));
    }
}
