using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>
/// Writes the solution of a day out as tours: the ways as they are driven, times, and levels after each step. A way may take less time
/// than the table promised, never more: what is done at the depot then keeps its time, and a charge takes no longer than planned.
/// </summary>
internal sealed class PlanWriter(SweepProblem problem, DayProblem day)
{
    private readonly TurnGraph graph = problem.Graph;
    private readonly PlainRouter router = new(problem.Graph, problem.Closures);
    private readonly int depotArc = problem.Depot.Arc;

    public ImmutableArray<Tour> Write(ArcSolution solution)
    {
        var free = day.VehiclesOfKind.Select(kind => new Queue<int>(kind)).ToArray();
        return [.. solution.Tours.Select(tour => (Vehicle: free[tour.Vehicle].Dequeue(), Tour: tour)).OrderBy(t => t.Vehicle).Select(t => Write(problem.Vehicles[t.Vehicle], t.Tour))];
    }

    private Tour Write(SweeperSpec vehicle, ArcTour tour)
    {
        var start = day.StateOf(tour.Vehicle);
        var pen = start is null ? new Pen(vehicle, 0, new(vehicle.BatteryWh, vehicle.WaterL, 0, 0)) : new(vehicle, (long)Math.Ceiling(start.ReadyS * 1000), start.Levels);
        var state = start?.StateIn(problem) ?? depotArc;
        var isPassing = false;
        for (var i = 0; i < tour.Stops.Length; i++)
        {
            if (tour.Stops[i].IsSite)
            {
                SiteService[] services = [.. tour.Services.Where(s => s.Stop == i)];
                GoHome(pen, state, isWritten: services.Length == 0);
                foreach (var service in services)
                {
                    pen.Serve(service);
                }

                state = depotArc;
                isPassing = services.Length == 0;
                continue;
            }

            var kerb = day.Kerbs[tour.Stops[i].Index];
            var way = WayTo(state, kerb.Arc);
            pen.Deadhead(way, LengthM(way), isPassing);
            isPassing = false;
            pen.Sweep(kerb, day.SweepMs(kerb, vehicle));
            state = Follow(state, [.. way.Arcs, kerb.Arc]);
        }

        return new(vehicle.Id, day.Day, pen.Steps());
    }

    // What the vehicle has driven before a kerb is remembered, because a turn restriction may span several arcs; at the depot it starts anew. A
    // stop there for nothing else shows in the plan as two deadheads one after the other.
    private void GoHome(Pen pen, int state, bool isWritten)
    {
        Route way = new([], 0);
        if (graph.StateArc[state] != depotArc)
        {
            way = WayTo(state, depotArc);
            way = new([.. way.Arcs, depotArc], way.TimeMs + graph.ArcMs[depotArc]);
        }

        pen.Deadhead(way, LengthM(way), isWritten);
    }

    private Route WayTo(int state, int arc) =>
        router.Find(state, arc) ?? throw new InvalidOperationException($"No way to arc {arc}, although the table of times has one.");

    private int Follow(int state, ReadOnlySpan<int> arcs)
    {
        foreach (var arc in arcs)
        {
            state = graph.StateAfter(state, arc) ?? throw new InvalidOperationException($"No turn into arc {arc}, although the router found a way over it.");
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
    private sealed class Pen(SweeperSpec vehicle, long startMs, Levels start)
    {
        private readonly List<TourStep> steps = [];
        private long nowMs = startMs;
        private Levels levels = start;

        public ImmutableArray<TourStep> Steps() => [.. steps];

        public void Deadhead(Route way, double lengthM, bool isWritten)
        {
            // Straight on from kerb to kerb there is mostly nothing to write.
            if (way.Arcs.IsEmpty && way.TimeMs == 0 && !isWritten)
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

        public void Serve(SiteService service)
        {
            var startMs = Math.Max(nowMs, service.Start);
            var durationMs = service.Duration;
            var standing = levels with { BatteryWh = levels.BatteryWh - EnergyWh(vehicle.IdlePowerW, durationMs) };
            if (service.Service == DayProblem.Charge)
            {
                var toWh = vehicle.BatteryWh - (service.UsedAfter / 3_600.0);
                if (toWh <= levels.BatteryWh)
                {
                    return;
                }

                durationMs = (int)Math.Ceiling(1000 * (SecondsFromEmpty(toWh) - SecondsFromEmpty(levels.BatteryWh)));
                levels = levels with { BatteryWh = toWh };
                steps.Add(new ChargeStep(Seconds(startMs), Seconds(durationMs), levels));
            }
            else
            {
                levels = service.Service switch
                {
                    DayProblem.Tip => standing with { HopperM3 = 0, HopperKg = 0 },
                    DayProblem.Fill => standing with { WaterL = vehicle.WaterL },
                    _ => standing,
                };
                steps.Add(service.Service switch
                {
                    DayProblem.Tip => new TipStep(Seconds(startMs), Seconds(durationMs), levels),
                    DayProblem.Fill => new FillWaterStep(Seconds(startMs), Seconds(durationMs), levels),
                    _ => new WashStep(Seconds(startMs), Seconds(durationMs), levels),
                });
            }

            nowMs = startMs + durationMs;
        }

        private double SecondsFromEmpty(double levelWh)
        {
            var percent = Math.Clamp(100 * levelWh / vehicle.BatteryWh, 0, 100);
            var whole = Math.Min(99, (int)percent);
            return vehicle.ChargeSeconds[whole] + ((percent - whole) * (vehicle.ChargeSeconds[whole + 1] - vehicle.ChargeSeconds[whole]));
        }

        private static double Seconds(long ms) => ms / 1000.0;

        private static double EnergyWh(double powerW, int ms) => powerW * ms / 3_600_000;
    }
}
