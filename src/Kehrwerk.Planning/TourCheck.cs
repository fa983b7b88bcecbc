using System.Collections.Immutable;

namespace Kehrwerk.Planning;

/// <summary>Walks through one tour as the vehicle would, and notes what does not fit. Part of the <see cref="PlanChecker"/>.</summary>
internal sealed partial class TourCheck
{
    // Plans give times in whole milliseconds.
    private const double TimeToleranceS = 0.002;
    private const double LevelTolerance = 1e-6;
    private const double LengthToleranceM = 0.01;
    private const double DayS = 86_400;

    private readonly SweepProblem problem;
    private readonly StreetRules streets;
    private readonly SweeperSpec vehicle;
    private readonly Tour tour;
    private readonly Dictionary<int, SweepTask> taskOfKerb;
    private readonly ImmutableArray<string>.Builder violations = ImmutableArray.CreateBuilder<string>();

    // Arcs driven since a depot was left, the depot's own first.
    private readonly List<int> driven;
    private Levels levels;
    private double nowS;
    private int step;
    private int kerb = -1;
    private bool isTipped = true;
    private bool isWashed = true;
    private double unpaidTurnS;

    public TourCheck(SweepProblem problem, StreetRules streets, SweeperSpec vehicle, Tour tour)
    {
        this.problem = problem;
        this.streets = streets;
        this.vehicle = vehicle;
        this.tour = tour;
        driven = [problem.Depots[vehicle.Depot].Arc];
        levels = new(vehicle.BatteryWh, vehicle.WaterL, 0, 0);
        taskOfKerb = problem.Tasks.ToDictionary(task => task.Kerb);
    }

    private bool IsAtDepot => problem.Depots.Any(depot => depot.Arc == driven[^1]);

    public ImmutableArray<string> Run()
    {
        if (tour.Steps.IsDefaultOrEmpty)
        {
            Note($"the tour is empty; a vehicle that stays in the depot has none");
            return violations.ToImmutable();
        }

        nowS = tour.Steps[0].StartS;
        Require(nowS >= vehicle.StartS - TimeToleranceS, $"it starts at {nowS:0.###} s, before the shift at {vehicle.StartS:0.###} s");
        RestAtHome(vehicle.StartS, nowS);
        for (step = 0; step < tour.Steps.Length; step++)
        {
            kerb = (tour.Steps[step] as SweepStep)?.Kerb ?? -1;
            CheckStart(tour.Steps[step]);
            var goOn = tour.Steps[step] switch
            {
                SweepStep sweep => Sweep(sweep),
                DeadheadStep deadhead => Deadhead(deadhead),
                TipStep tip => Tip(tip),
                WashStep wash => Wash(wash),
                FillWaterStep fill => FillWater(fill),
                ChargeStep charge => Charge(charge),
                BreakStep pause => Break(pause),
                var other => throw new InvalidOperationException($"A step of type {other.GetType().Name} is not known to the checker."),
            };
            if (!goOn)
            {
                // From an impossible place on, everything would be wrong: one sentence says it.
                return violations.ToImmutable();
            }

            CheckLevels(tour.Steps[step].After);
            nowS = tour.Steps[step].EndS;
            stopEndS = tour.Steps[step] is SweepStep or DepotStep ? nowS : stopEndS;
        }

        step--;
        kerb = -1;
        CheckEnd();
        return violations.ToImmutable();
    }

    private bool Sweep(SweepStep sweep)
    {
        if (!taskOfKerb.TryGetValue(sweep.Kerb, out var task))
        {
            Note($"no such kerb is to be swept");
            return false;
        }

        var turnS = streets.TurnS(driven[^1], task.Arc);
        if (!Enter(task.Arc))
        {
            return false;
        }

        Require(vehicle.Serves(task), $"the kerb lies in the district '{task.District}', which the vehicle does not serve");
        CheckWindows(sweep, task);

        // The turn into a kerb is driven in the deadhead before it.
        Require(Is(unpaidTurnS, turnS, TimeToleranceS), $"the turn into the kerb takes {turnS:0.###} s and the deadhead before it has {unpaidTurnS:0.###} s for it");
        unpaidTurnS = 0;
        RequireDuration(sweep, streets.LengthM(task.Arc) / vehicle.SweepSpeedMps);
        levels = new(
            levels.BatteryWh - EnergyWh(vehicle.SweepPowerW, sweep),
            levels.WaterL - (vehicle.WaterLPerMin / 60 * sweep.DurationS),
            levels.HopperM3 + task.VolumeM3,
            levels.HopperKg + task.MassKg);
        isTipped = isWashed = false;
        return true;
    }

    private bool Deadhead(DeadheadStep deadhead)
    {
        var (driveS, lengthM) = (0.0, 0.0);
        foreach (var arc in deadhead.Arcs)
        {
            var from = driven[^1];
            if (!Enter(arc))
            {
                return false;
            }

            driveS += streets.TurnS(from, arc) + streets.DriveS(arc);
            lengthM += streets.LengthM(arc);
        }

        unpaidTurnS = 0;
        var next = step + 1 < tour.Steps.Length ? tour.Steps[step + 1] : null;
        if (next is SweepStep sweep && taskOfKerb.TryGetValue(sweep.Kerb, out var task))
        {
            unpaidTurnS = streets.TurnS(driven[^1], task.Arc);
            driveS += unpaidTurnS;
        }

        Require(Is(deadhead.LengthM, lengthM, LengthToleranceM), $"its length is given as {deadhead.LengthM:0.##} m, but is {lengthM:0.##} m");
        RequireDuration(deadhead, driveS);
        levels = levels with { BatteryWh = levels.BatteryWh - EnergyWh(vehicle.TransitPowerW, deadhead) };
        if (IsAtDepot && next is not SweepStep)
        {
            ArriveAtDepot();
        }

        return true;
    }

    private bool Tip(TipStep tip)
    {
        if (!Serve(tip, vehicle.TipS))
        {
            return false;
        }

        levels = levels with { HopperM3 = 0, HopperKg = 0 };
        isTipped = true;
        isWashed = false;
        return true;
    }

    private bool Wash(WashStep wash)
    {
        isWashed = true;
        return Serve(wash, vehicle.WashS);
    }

    private bool FillWater(FillWaterStep fill)
    {
        if (!Serve(fill, vehicle.FillWaterS))
        {
            return false;
        }

        levels = levels with { WaterL = vehicle.WaterL };
        return true;
    }

    private bool Charge(ChargeStep charge)
    {
        if (!IsInDepot(charge))
        {
            return false;
        }

        var toWh = charge.After.BatteryWh;
        if (!(toWh >= levels.BatteryWh - (LevelTolerance * vehicle.BatteryWh) && toWh <= vehicle.BatteryWh * (1 + LevelTolerance)))
        {
            Note($"it charges from {levels.BatteryWh:0.##} Wh to {toWh:0.##} Wh of {vehicle.BatteryWh:0.##} Wh");
            return false;
        }

        RequireDuration(charge, ChargeS(toWh) - ChargeS(levels.BatteryWh));
        Require(charge.EndS <= DayS + TimeToleranceS, $"the charge ends at {charge.EndS:0} s, after the day");
        levels = levels with { BatteryWh = toWh };
        return true;
    }

    private bool Serve(DepotStep service, double durationS)
    {
        if (!IsInDepot(service))
        {
            return false;
        }

        RequireDuration(service, durationS);
        levels = levels with { BatteryWh = levels.BatteryWh - EnergyWh(vehicle.IdlePowerW, service) };
        return true;
    }

    private bool IsInDepot(DepotStep service)
    {
        if (service.Depot < 0 || service.Depot >= problem.Depots.Length)
        {
            Note($"there is no depot {service.Depot}");
            return false;
        }

        var depot = problem.Depots[service.Depot];
        if (driven[^1] != depot.Arc)
        {
            Note($"the vehicle is at the end of arc {driven[^1]} and not in the depot {depot.Name}");
            return false;
        }

        // A kerb that ends at the depot needs no drive to it.
        if (driven.Count > 1)
        {
            ArriveAtDepot();
        }

        return true;
    }

    private void ArriveAtDepot()
    {
        var reserveWh = vehicle.ReserveShare * vehicle.BatteryWh;
        Require(
            levels.BatteryWh >= reserveWh - (LevelTolerance * vehicle.BatteryWh),
            $"it comes back with {levels.BatteryWh:0.##} Wh, less than the reserve of {reserveWh:0.##} Wh");
        driven.RemoveRange(0, driven.Count - 1);
    }

    private bool Enter(int arc)
    {
        if (!streets.IsArc(arc))
        {
            Note($"there is no arc {arc}");
            return false;
        }

        if (streets.WhyNot(driven, arc) is { } reason)
        {
            Note($"{reason}");
            return false;
        }

        driven.Add(arc);
        return true;
    }

    private void CheckLevels(Levels after)
    {
        RequireLevel("battery", after.BatteryWh, levels.BatteryWh, vehicle.BatteryWh, "Wh");
        RequireLevel("water", after.WaterL, levels.WaterL, vehicle.WaterL, "l");
        RequireLevel("hopper", after.HopperM3, levels.HopperM3, vehicle.HopperM3, "m³");
        RequireLevel("hopper", after.HopperKg, levels.HopperKg, vehicle.HopperKg, "kg");
    }

    private void RequireLevel(string what, double given, double actual, double capacity, string unit)
    {
        var tolerance = LevelTolerance * Math.Max(1, capacity);
        Require(Is(given, actual, tolerance), $"the {what} is given as {given:0.####} {unit} after it, but is {actual:0.####} {unit}");
        Require(actual <= capacity + tolerance, $"the {what} would hold {actual:0.####} {unit}, and can hold {capacity:0.####} {unit}");
        Require(actual >= -tolerance, $"the {what} would run out: {actual:0.####} {unit}");
    }

    private void CheckEnd()
    {
        var home = problem.Depots[vehicle.Depot];
        Require(driven[^1] == home.Arc, $"the tour does not end in the depot {home.Name}");
        Require(isTipped, $"the tour ends with an untipped hopper");
        Require(isWashed, $"the tour ends with an unwashed hopper");
        Require(levels.BatteryWh >= vehicle.BatteryWh * (1 - LevelTolerance), $"the tour ends with {levels.BatteryWh:0.##} Wh and not fully charged");
        var shiftEndS = tour.Steps.LastOrDefault(s => s is not ChargeStep)?.EndS ?? nowS;
        var shiftS = shiftEndS - tour.Steps[0].StartS;
        Require(shiftS <= vehicle.ShiftS + TimeToleranceS, $"the shift lasts {shiftS:0.###} s, and may last {vehicle.ShiftS:0.###} s");
    }

    private void RequireDuration(TourStep s, double durationS) =>
        Require(Is(s.DurationS, durationS, TimeToleranceS), $"it is given {s.DurationS:0.###} s, but takes {durationS:0.###} s");

    private double ChargeS(double levelWh)
    {
        var share = Math.Clamp(levelWh / vehicle.BatteryWh, 0, 1);
        var below = (int)Math.Floor(share * 100);
        var above = Math.Min(100, below + 1);
        var part = (share * 100) - below;
        return ((1 - part) * vehicle.ChargeSeconds[below]) + (part * vehicle.ChargeSeconds[above]);
    }

    private static double EnergyWh(double powerW, TourStep s) => powerW * s.DurationS / 3600;

    // False for anything that is not a number.
    private static bool Is(double given, double actual, double tolerance) => Math.Abs(given - actual) <= tolerance;

    private void Require(bool holds, FormattableString otherwise)
    {
        if (!holds)
        {
            Note(otherwise);
        }
    }

    private void Note(FormattableString what)
    {
        var where = kerb >= 0 ? $", kerb {kerb}" : "";
        var kind = step < tour.Steps.Length ? tour.Steps[step].GetType().Name.Replace("Step", "", StringComparison.Ordinal) : "end";
        violations.Add(PlanChecker.Sentence($"Vehicle {tour.Vehicle}, day {tour.Day}, step {step} ({kind}{where}): {PlanChecker.Sentence(what)}."));
    }
}
