using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>
/// Writes the solution of a day, or of several, out as tours: the ways as they are driven, times, and levels after each step. A way may take less time
/// than the table promised, never more: what is done at a depot then keeps its time, and a charge takes no longer than planned.
/// </summary>
internal sealed class PlanWriter(SweepProblem problem, DayProblem day)
{
    private readonly TurnGraph graph = problem.Graph;
    private readonly PlainRouter router = new(problem.Graph, problem.Closures);

    public ImmutableArray<Tour> Write(ArcSolution solution)
    {
        var free = day.Kinds.Select(kind => new Queue<int>(kind.Vehicles)).ToArray();
        return
        [
            .. solution.Tours.Select(tour => (Vehicle: free[tour.Vehicle].Dequeue(), day.Kinds[tour.Vehicle].Day, Tour: tour))
                .OrderBy(t => (t.Day, t.Vehicle)).Select(t => Write(problem.Vehicles[t.Vehicle], t.Tour)),
        ];
    }

    private Tour Write(SweeperSpec vehicle, ArcTour tour)
    {
        var kind = day.Kinds[tour.Vehicle];
        var pen = new Pen(vehicle, day.ClockMs(kind.Day), day.Arcs.Vehicles[tour.Vehicle].StartTime, kind.State?.Levels ?? new(vehicle.BatteryWh, vehicle.WaterL, 0, 0));
        var state = kind.State?.StateIn(problem) ?? problem.Depots[vehicle.Depot].Arc;
        var breaks = BreaksByStop(tour);
        var isPassing = false;
        for (var i = 0; i < tour.Stops.Length; i++)
        {
            if (tour.Stops[i].IsSite)
            {
                SiteService[] services = [.. tour.Services.Where(s => s.Stop == i)];
                var depot = tour.Stops[i].Index;
                GoTo(problem.Depots[depot].Arc, pen, state, isWritten: services.Length == 0);
                foreach (var service in services)
                {
                    pen.Serve(service, depot);
                }

                state = problem.Depots[depot].Arc;
                isPassing = services.Length == 0;
            }
            else
            {
                var kerb = day.KerbOf(tour.Stops[i].Index);
                var way = WayTo(state, kerb.Arc);
                pen.Deadhead(way, LengthM(way), isPassing);
                isPassing = false;
                pen.Sweep(kerb, day.SweepMs(kerb, vehicle));
                state = Follow(state, [.. way.Arcs, kerb.Arc]);
            }

            if (breaks.TryGetValue(i, out var pause))
            {
                pen.TakeBreak(pause);
            }
        }

        return new(vehicle.Id, kind.Day, pen.Steps());
    }

    // The breaks that the schedule takes, by the stop after which it does.
    private Dictionary<int, ArcBreak> BreaksByStop(ArcTour tour)
    {
        var breaks = day.Arcs.Vehicles[tour.Vehicle].Breaks;
        var taken = new Dictionary<int, ArcBreak>();
        for (var i = 0; i < tour.Stops.Length - 1 && taken.Count < breaks.Length; i++)
        {
            var stop = tour.Stops[i];
            var end = stop.IsSite
                ? tour.Services.Where(s => s.Stop == i).Select(s => s.Start + s.Duration).DefaultIfEmpty(stop.Start).Max()
                : stop.Start + day.SweepMs(day.KerbOf(stop.Index), problem.Vehicles[day.Kinds[tour.Vehicle].Vehicles[0]]);
            if (end >= breaks[taken.Count].Earliest)
            {
                taken.Add(i, breaks[taken.Count]);
            }
        }

        return taken;
    }

    // What the vehicle has driven before a kerb is remembered, because a turn restriction may span several arcs; at a depot it starts anew. A
    // stop there for nothing else shows in the plan as two deadheads one after the other.
    private void GoTo(int depotArc, Pen pen, int state, bool isWritten)
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
    private sealed class Pen(SweeperSpec vehicle, long clockMs, long startMs, Levels start)
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
            steps.Add(new DeadheadStep(way.Arcs, lengthM, Seconds(nowMs), InSeconds(way.TimeMs), levels));
            nowMs += way.TimeMs;
        }

        public void Sweep(SweepTask task, int sweepMs)
        {
            nowMs = clockMs + (DayProblem.SweepStartMs(task, nowMs - clockMs, sweepMs) ?? throw new InvalidOperationException($"Kerb {task.Kerb} is reached after its windows."));
            levels = new(
                levels.BatteryWh - EnergyWh(vehicle.SweepPowerW, sweepMs),
                levels.WaterL - (vehicle.WaterLPerMin * sweepMs / 60_000),
                levels.HopperM3 + task.VolumeM3,
                levels.HopperKg + task.MassKg);
            steps.Add(new SweepStep(task.Kerb, Seconds(nowMs), InSeconds(sweepMs), levels));
            nowMs += sweepMs;
        }

        public void TakeBreak(ArcBreak pause)
        {
            nowMs = Math.Max(nowMs, pause.Earliest);
            steps.Add(new BreakStep(Seconds(nowMs), InSeconds(pause.Duration), levels));
            nowMs += pause.Duration;
        }

        public void Serve(SiteService service, int depot)
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
                steps.Add(new ChargeStep(Seconds(startMs), InSeconds(durationMs), levels) { Depot = depot });
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
                    DayProblem.Tip => new TipStep(Seconds(startMs), InSeconds(durationMs), levels) { Depot = depot },
                    DayProblem.Fill => new FillWaterStep(Seconds(startMs), InSeconds(durationMs), levels) { Depot = depot },
                    _ => new WashStep(Seconds(startMs), InSeconds(durationMs), levels) { Depot = depot },
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

        // Of the day's clock.
        private double Seconds(long ms) => (ms - clockMs) / 1000.0;

        private static double InSeconds(int ms) => ms / 1000.0;

        private static double EnergyWh(double powerW, int ms) => powerW * ms / 3_600_000;
    }
}
