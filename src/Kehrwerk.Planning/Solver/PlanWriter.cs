using System.Collections.Immutable;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning.Solver;

/// <summary>Writes a solution out as tours: the ways as they are driven, times, and levels after each step.</summary>
internal sealed class PlanWriter(DayModel day)
{
    private readonly TurnGraph graph = day.Problem.Graph;
    private readonly PlainRouter router = new(day.Problem.Graph, day.Problem.Closures);
    private readonly int depotArc = day.Problem.Depot.Arc;

    /// <summary>Sets the travel time of each trip to what its ways take; it may be less than the table promises, never more.</summary>
    public void TakeRealWays(Solution solution)
    {
        for (var tour = 0; tour < day.Vehicles.Length; tour++)
        {
            for (var trip = solution.FirstTrip(tour); trip != Solution.None; trip = solution.Trip(trip).After)
            {
                solution.SetTravelMs(trip, Ways(solution, trip).Sum(way => way.TimeMs));
            }
        }
    }

    public ImmutableArray<Tour> Write(Solution solution, List<ServiceTime> services)
    {
        var servicesOfLeg = services.ToLookup(s => (s.Tour, s.Leg));
        return
        [
            .. Enumerable.Range(0, day.Vehicles.Length)
                .Where(tour => solution.FirstTrip(tour) != Solution.None)
                .Select(tour => WriteTour(solution, tour, servicesOfLeg)),
        ];
    }

    private Tour WriteTour(Solution solution, int tour, ILookup<(int Tour, int Leg), ServiceTime> servicesOfLeg)
    {
        var pen = new Pen(day.Problem.Vehicles[tour]);
        var leg = 0;
        for (var trip = solution.FirstTrip(tour); trip != Solution.None; trip = solution.Trip(trip).After, leg++)
        {
            var task = solution.Trip(trip).First;
            foreach (var way in Ways(solution, trip))
            {
                pen.Deadhead(way, LengthM(way));
                if (task != 0)
                {
                    pen.Sweep(day.TaskOf(task), day.Vehicles[tour].SweepMs[task]);
                    task = solution.Next(task);
                }
            }

            foreach (var service in servicesOfLeg[(tour, leg)])
            {
                pen.Serve(service);
            }
        }

        return new(day.Vehicles[tour].Id, day.Day, pen.Steps());
    }

    // The ways of a trip: before each task, and back to the depot, its arc included. What the vehicle has driven before
    // a kerb is remembered, because a turn restriction may span several arcs; at the depot it starts anew.
    private List<Route> Ways(Solution solution, int trip)
    {
        var ways = new List<Route>();
        var state = depotArc;
        for (var task = solution.Trip(trip).First; task != 0; task = solution.Next(task))
        {
            var arc = day.TaskOf(task).Arc;
            var way = WayTo(state, arc);
            state = Follow(state, [.. way.Arcs, arc]);
            ways.Add(way);
        }

        if (graph.StateArc[state] == depotArc)
        {
            ways.Add(new([], 0));
        }
        else
        {
            var way = WayTo(state, depotArc);
            ways.Add(new([.. way.Arcs, depotArc], way.TimeMs + graph.ArcMs[depotArc]));
        }

        return ways;
    }

    private Route WayTo(int state, int arc) =>
        router.Find(state, arc) ?? throw new InvalidOperationException($"No way to arc {arc}, although the table of times has one.");

    private int Follow(int state, ReadOnlySpan<int> arcs)
    {
        foreach (var arc in arcs)
        {
            var turn = graph.FirstTurn[state];
            while (graph.StateArc[graph.TurnTo[turn]] != arc)
            {
                turn++;
            }

            state = graph.TurnTo[turn];
        }

        return state;
    }

    private double LengthM(Route way)
    {
        var lengthM = 0.0;
        foreach (var arc in way.Arcs)
        {
            lengthM += graph.Network.ArcLengthM[arc];
        }

        return lengthM;
    }

    /// <summary>Keeps clock and levels while the steps of one tour are written.</summary>
    private sealed class Pen(SweeperSpec vehicle)
    {
        private readonly List<TourStep> steps = [];
        private long nowMs;
        private Levels levels = new(vehicle.BatteryWh, vehicle.WaterL, 0, 0);

        public ImmutableArray<TourStep> Steps() => [.. steps];

        public void Deadhead(Route way, double lengthM)
        {
            // Straight on from kerb to kerb there is nothing to write.
            if (way.Arcs.IsEmpty && way.TimeMs == 0)
            {
                return;
            }

            levels = levels with { BatteryWh = levels.BatteryWh - EnergyWh(vehicle.TransitPowerW, way.TimeMs) };
            steps.Add(new DeadheadStep(way.Arcs, lengthM, Seconds(nowMs), Seconds(way.TimeMs), levels));
            nowMs += way.TimeMs;
        }

        public void Sweep(SweepTask task, int sweepMs)
        {
            levels = new(
                levels.BatteryWh - EnergyWh(vehicle.SweepPowerW, sweepMs),
                levels.WaterL - (vehicle.WaterLPerMin * sweepMs / 60_000),
                levels.HopperM3 + task.VolumeM3,
                levels.HopperKg + task.MassKg);
            steps.Add(new SweepStep(task.Kerb, Seconds(nowMs), Seconds(sweepMs), levels));
            nowMs += sweepMs;
        }

        public void Serve(ServiceTime service)
        {
            var (startS, durationS) = (Seconds(service.StartMs), Seconds(service.DurationMs));
            var standing = levels with { BatteryWh = levels.BatteryWh - EnergyWh(vehicle.IdlePowerW, service.DurationMs) };
            levels = service.Service switch
            {
                Service.Tip => standing with { HopperM3 = 0, HopperKg = 0 },
                Service.Fill => standing with { WaterL = vehicle.WaterL },
                Service.Wash => standing,
                _ => levels with { BatteryWh = service.ToWh },
            };
            steps.Add(service.Service switch
            {
                Service.Tip => new TipStep(startS, durationS, levels),
                Service.Fill => new FillWaterStep(startS, durationS, levels),
                Service.Wash => new WashStep(startS, durationS, levels),
                _ => new ChargeStep(startS, durationS, levels),
            });
            nowMs = service.StartMs + service.DurationMs;
        }

        private static double Seconds(long ms) => ms / 1000.0;

        private static double EnergyWh(double powerW, int ms) => powerW * ms / 3_600_000;
    }
}
