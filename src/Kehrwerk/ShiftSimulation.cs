using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Link;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Kehrwerk.Sweeper;

namespace Kehrwerk;

/// <summary>What is to be simulated.</summary>
/// <param name="Hours">Length of the shift, hours.</param>
/// <param name="World">The vehicles drive in full, in one virtual world; null: they move by their model's figures alone.</param>
/// <param name="SweepsMissedAgain">What was missed because something stood there is tried once more.</param>
internal sealed record ShiftSettings(int Vehicles, double Hours, int Seed, int Iterations, FleetWorldSettings? World = null, bool SweepsMissedAgain = false);

/// <summary>
/// A whole shift, headless: the Centre's twins, the link and the vehicle programs in one seeded event loop over the in-memory transport.
/// </summary>
internal static class ShiftSimulation
{
    // A Monday; the date decides nothing but the timestamps.
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);

    // After the shift vehicles come home and charge; whatever is not done by then never will be.
    private static readonly TimeSpan Aftermath = TimeSpan.FromHours(6);

    /// <summary>The problem of one day, as <c>plan</c>, <c>run</c> and <c>simulate</c> all pose it.</summary>
    public static SweepProblem Problem(City city, SweeperModel model, int vehicles, double hours) =>
        SweepProblem.ForCity(
            city,
            Fleet.TravelGraph(city.Streets, model),
            Fleet.Specs(model, vehicles, hours),
            new KerbDirt(model.SweepingsM3PerKm / 1000, model.SweepingsKgPerM3));

    public static ShiftResult Run(
        City city, SweeperModel model, ShiftSettings settings, Action<string, double> progress, CancellationToken cancellation)
    {
        // What lies outside of the operating conditions of vehicles that drive in full is closed to them.
        var closures = settings.World is null ? Closures.None : Closures.None.Close(FleetWorld.ExcludedArcs(city.Streets));
        var problem = Problem(city, model, settings.Vehicles, settings.Hours) with { Closures = closures };
        var plan = Planner.Solve(
            problem,
            new PlannerOptions { Seed = (ulong)settings.Seed, MaxIterations = settings.Iterations },
            progress.For<PlannerProgress>(p => ("Planning", 0.5 * p.Share)),
            cancellation);

        var loop = new EventLoop(Start, settings.Seed);
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var context = new CityContext(city, new TravelCosts(MaxSpeedMps: model.TransitSpeedMps), new CentreRules { SweepsMissedAgain = settings.SweepsMissedAgain }).With(closures);
        var world = settings.World is null ? null : new FleetWorld(city, model, settings.World);
        var sweepers = problem.Vehicles.Select((_, index) => Sweeper(loop, broker, city, model, Fleet.Id(index + 1), settings.Seed, world)).ToList();
        var fleet = problem.Vehicles.Select((spec, index) => new FleetVehicle(Fleet.Id(index + 1), spec));
        var centre = new SimulatedCentre(loop, broker.Connect("centre"), context, fleet);
        centre.Start();
        new CaseOperator(loop, () => centre, "Bea").Begin();
        sweepers.ForEach(s => s.Start());
        loop.RunFor(TimeSpan.FromSeconds(5));
        centre.StartShift(plan);
        var supervisor = world is null ? null : new PlayedSupervisor(loop, centre);

        var last = TimeSpan.FromHours(settings.Hours) + Aftermath;
        while (!centre.AllMissionsEnded && loop.Now - Start < last)
        {
            cancellation.ThrowIfCancellationRequested();
            // What is played out in full takes longer, and so it tells more often how far it is.
            loop.RunFor(TimeSpan.FromMinutes(world is null ? 5 : 1));
            progress("Sweeping", 0.5 + (0.5 * Math.Min(1, (loop.Now - Start) / last)));
        }

        return Result(city, settings, problem, plan, loop, broker, centre, sweepers) with
        {
            World = world is null ? null : new(
                [.. sweepers.Select(s => WorldResult.Of(s.Program.Id, world.FiguresOf(s.Program.Id)))], supervisor!.Released, supervisor.Ended, supervisor.Resumed, supervisor.Causes),
        };
    }

    private static SweeperInLoop Sweeper(EventLoop loop, InMemoryBroker broker, City city, SweeperModel model, VehicleId id, int seed, FleetWorld? world)
    {
        var told = new SweeperSettings { DepotArc = city.Depot.Arc, DirtSeed = seed };
        var start = SweeperCondition.Fresh(model, city.Streets, city.Depot.Arc);
        var program = world?.Vehicle(id, told, start) ?? new SweeperProgram(id, model, city.Streets, city.Fingerprint, told, start);
        var will = SweeperProgram.LastWillOf(id, Topics.Default, loop.Now);
        return new(loop, program, broker.Connect(id.ToString(), will), Topics.Default, world is null ? null : TimeSpan.FromSeconds(SweeperProgram.StepS));
    }

    private static ShiftResult Result(
        City city,
        ShiftSettings settings,
        SweepProblem problem,
        Plan plan,
        EventLoop loop,
        InMemoryBroker broker,
        SimulatedCentre centre,
        List<SweeperInLoop> sweepers)
    {
        var planned = plan.Tours.ToDictionary(t => t.Vehicle, t => t.Steps.OfType<SweepStep>().Select(s => s.Kerb).ToList());
        var swept = centre.SweptKerbs.Select(k => k.Kerb).ToHashSet();
        var missed = centre.MissedKerbs.ToDictionary(k => k.Kerb);
        var unaccounted =
            from tour in planned.OrderBy(t => t.Key, StringComparer.Ordinal)
            from kerb in tour.Value
            where !swept.Contains(kerb) && !missed.ContainsKey(kerb)
            select $"{tour.Key}: kerb {city.Kerbs[kerb].Key} was planned and is neither swept nor reported";
        return new()
        {
            City = city.Name,
            Fingerprint = city.Fingerprint,
            Vehicles = settings.Vehicles,
            Hours = settings.Hours,
            Seed = settings.Seed,
            SimulatedS = ((centre.EndedMissions.Count > 0 ? centre.EndedMissions.Max(m => m.At) : loop.Now) - Start).TotalSeconds,
            KerbsDue = planned.Sum(t => t.Value.Count) + plan.Unserved.Length,
            KerbsPlanned = planned.Sum(t => t.Value.Count),
            KerbsSwept = swept.Count,
            SweptKerbKm = Math.Round(swept.Order().Sum(k => city.Kerbs[k].LengthM) / 1000, 3),
            Unplanned =
            [
                .. plan.Unserved.GroupBy(u => u.Reason).OrderBy(g => g.Key)
                    .Select(g => new UnplannedResult(g.Key.ToString(), g.Count(), Math.Round(g.Sum(u => city.Kerbs[u.Kerb].LengthM) / 1000, 3))),
            ],
            Missed =
            [
                .. centre.MissedKerbs.OrderBy(k => city.Kerbs[k.Kerb].Key, StringComparer.Ordinal)
                    .Select(k => new MissedResult(city.Kerbs[k.Kerb].Key, city.Kerbs[k.Kerb].Street, k.Vehicle.ToString(), k.Reason)),
            ],
            MissedM = centre.Twins.SelectMany(t => t.Mission?.Steps ?? []).SelectMany(s => s.Missed.IsDefault ? [] : s.Missed)
                .GroupBy(piece => piece.Reason).ToImmutableSortedDictionary(g => g.Key, g => Math.Round(g.Sum(piece => piece.LengthM), 1), StringComparer.Ordinal),
            ByVehicle = [.. sweepers.Select(VehicleResultOf)],
            Notes = centre.Notes.GroupBy(n => n.Kind).ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            Messages = broker.Published,
            Cases = CaseLoad.Of(centre.Store, Start, loop.Now),
            Violations = [.. PlanChecker.Check(problem, plan), .. centre.Violations, .. unaccounted],
            Swept = [.. swept.Select(k => city.Kerbs[k].Key).Order(StringComparer.Ordinal)],
        };

        VehicleResult VehicleResultOf(SweeperInLoop sweeper)
        {
            var id = sweeper.Program.Id;
            var condition = sweeper.Program.Condition;
            return new(
                id.ToString(),
                planned.TryGetValue(id.Serial, out var kerbs) ? kerbs.Count : 0,
                centre.SweptKerbs.Count(k => k.Vehicle == id),
                centre.MissedKerbs.Count(k => k.Vehicle == id),
                Math.Round(condition.OdometerM / 1000, 3),
                Math.Round(condition.SweptM / 1000, 3),
                Math.Round(100 * condition.EnergyWh / problem.Vehicles[0].BatteryWh, 1),
                centre.EndedMissions.FirstOrDefault(m => m.Vehicle == id)?.At);
        }
    }
}
