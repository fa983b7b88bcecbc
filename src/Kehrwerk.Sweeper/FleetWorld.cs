using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Recording;
using Kehrwerk.Sweeper.Safety.Odd;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper;

/// <summary>What the virtual world of a fleet is like.</summary>
/// <param name="Seed">The same seed gives the same world, and the same course where the vehicles' programs take their turns in the same order.</param>
/// <param name="Traffic">Factor on moving traffic and parked cars; 1 is the usual of each class of street, 0 an empty city.</param>
/// <param name="Hour">Hour of the day, 0–24; it does not go on.</param>
public sealed record FleetWorldSettings(int Seed = 1, double Traffic = 1, double Hour = 10)
{
    /// <summary>Bays that fail, e.g. <c>charge:dead</c> or <c>tip2:occupied@600+900</c>.</summary>
    public ImmutableArray<string> DepotFaults { get; init; } = [];
}

/// <summary>What truly happened to one vehicle in the world.</summary>
/// <param name="Contacts">With anything; <paramref name="OwnContacts"/> those in which the vehicle itself moved within the second before.</param>
public sealed record WorldFigures(double DrivenKm, double SweptKm, double? MeanGapM, int Contacts, int OwnContacts);

/// <summary>
/// One virtual world in which a whole fleet drives in full, through the same traffic and past each other. Programs may run on threads of their own: the world
/// lets in one at a time.
/// </summary>
public sealed partial class FleetWorld
{
    private readonly City city;
    private readonly SweeperModel model;
    private readonly FleetWorldSettings settings;
    private readonly VirtualWorld world;
    private readonly Lock gate = new();
    private readonly Dictionary<VehicleId, VirtualPlatform> vehicles = [];

    public FleetWorld(City city, SweeperModel model, FleetWorldSettings settings)
    {
        (this.city, this.model, this.settings) = (city, model, settings);
        var (arc, streets) = (city.Depot.Arc, city.Streets);
        var at = PoseOf(arc, BayAtM);
        world = new(streets, new()
        {
            Seed = settings.Seed,
            Hour = settings.Hour,
            CarFactor = settings.Traffic,
            CyclistFactor = settings.Traffic,
            PedestrianFactor = settings.Traffic,
            ParkedFactor = Math.Min(1.5, settings.Traffic),
            Buildings = WorldSettings.BuildingsOf(city),
            Bays = [at],
        });
        foreach (var fault in settings.DepotFaults)
        {
            Fail(fault);
        }
    }

    /// <summary>Where the depot's marker stands on its arc: short of the node, so that there is room to turn off behind it.</summary>
    private double BayAtM => city.Streets.ArcLengthM[city.Depot.Arc] - Driving.SelfDriving.ShortOfM(city.Streets.ArcLengthM[city.Depot.Arc]);

    /// <summary>All that moves or stands in the world now, vehicles included.</summary>
    public int Agents => world.Agents.Length;

    /// <summary>
    /// Streets that lie outside of the operating conditions of a vehicle that drives in full: it would stop there and not go on. Whoever plans and orders has to
    /// leave them out.
    /// </summary>
    public static IEnumerable<int> ExcludedArcs(StreetNetwork streets)
    {
        var conditions = new OddMonitor(OddModel.Default);
        return Enumerable.Range(0, streets.ArcCount).Where(arc => conditions.Excludes(StreetNow.Of(streets, arc)));
    }

    /// <summary>The program of a vehicle that is put into the world where its condition says that it is.</summary>
    /// <param name="told">Its settings; that the depot has markers is added.</param>
    public SweeperProgram Vehicle(VehicleId id, SweeperSettings told, SweeperCondition start, IEnumerable<RecordedEvent>? unsent = null)
    {
        lock (gate)
        {
            var arc = city.Streets.FindArc(start.Arc) ?? throw new ArgumentException($"The map has no street '{start.Arc}'.", nameof(start));
            var isInYard = arc == city.Depot.Arc && start.OffsetM > city.Streets.ArcLengthM[arc] - 0.5;
            var pose = PoseOf(arc, isInYard ? BayAtM : start.OffsetM);
            var platform = new VirtualPlatform(world, model, pose.X, pose.Y, pose.HeadingRad, (settings.Seed * 100) + vehicles.Count)
            {
                IsInYard = isInYard,
                HasLeft = false,
            };
            (platform.Gear.BatteryWh, platform.Gear.WaterL, platform.Gear.HopperM3) = (start.EnergyWh, start.WaterL, start.HopperM3);
            platform.Gear.HopperKg = start.HopperM3 * model.SweepingsKgPerM3;
            vehicles.Add(id, platform);
            return new(id, model, city.Streets, city.Fingerprint, told with { DepotHasMarkers = true }, start, unsent, new Shared(this, platform));
        }
    }

    /// <summary>Lets bays of the depot fail for a time.</summary>
    /// <param name="fault">E.g. <c>charge:dead</c>, <c>tip2:occupied@600+900</c>: service (tip, wash, fillWater, charge) with the number of the bay or none for all, what
    /// (dead, occupied, outOfOrder), from when and for how long, s; without: always.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    private void Fail(string fault)
    {
        var parts = FaultForm().Match(fault);
        if (!parts.Success || !Enum.TryParse<DepotService>(parts.Groups["service"].Value, true, out var service) || !Enum.TryParse<DepotFaultKind>(parts.Groups["kind"].Value, true, out var kind))
        {
            throw new InputException(
                $"--depot-fault {fault}", "it is no fault of the depot", "Give service and what is wrong, such as charge:dead, tip1:occupied or fillWater:outOfOrder@600+900 (from second 600 for 900 s)");
        }

        double Number(string group, double otherwise) => parts.Groups[group].Success ? double.Parse(parts.Groups[group].Value, CultureInfo.InvariantCulture) : otherwise;
        var fromS = Number("from", 0);
        lock (gate)
        {
            world.Yard.Inject(new(service, kind, (int)Number("bay", 0), fromS, fromS + Number("for", double.PositiveInfinity)));
        }
    }

    [GeneratedRegex(@"^(?<service>[a-zA-Z]{1,20})(?<bay>[1-9]\d{0,2})?:(?<kind>[a-zA-Z]{1,20})(@(?<from>\d{1,6})\+(?<for>\d{1,6}))?$")]
    private static partial Regex FaultForm();

    public WorldFigures FiguresOf(VehicleId id)
    {
        lock (gate)
        {
            var truth = vehicles[id].Truth;
            return new(
                truth.DrivenM / 1000, truth.SweptM / 1000, double.IsNaN(truth.MeanGapM) ? null : truth.MeanGapM,
                truth.CollisionCount, truth.Collisions.ToArray().Count(hit => hit.WasMoving));
        }
    }

    /// <summary>Where a vehicle drives on an arc: in its lane.</summary>
    private BayPose PoseOf(int arc, double offsetM)
    {
        var path = new Way(city.Streets, model, [new(arc, 0, null, model.TransitSpeedMps)]).Path;
        var place = path.At(Math.Clamp(offsetM, 0, path.LengthM));
        return new(place.At.X, place.At.Y, place.HeadingRad);
    }

    /// <summary>A vehicle's hardware, one at a time.</summary>
    private sealed class Shared(FleetWorld fleet, VirtualPlatform platform) : IPlatform
    {
        public void Tick(in Actuation actuation, SensorFrame frame)
        {
            lock (fleet.gate)
            {
                platform.Tick(actuation, frame);
            }
        }

        public void Serve(DepotService service, double amount, int bay = 0)
        {
            lock (fleet.gate)
            {
                platform.Serve(service, amount, bay);
            }
        }

        public BayState Bay(DepotService service, int bay)
        {
            lock (fleet.gate)
            {
                return platform.Bay(service, bay);
            }
        }
    }
}
