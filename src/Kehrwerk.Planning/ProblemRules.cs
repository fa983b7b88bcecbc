using System.Globalization;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>What a usable <see cref="SweepProblem"/> looks like. Everything that a file or a person can get wrong is named.</summary>
internal static class ProblemRules
{
    /// <summary>The greatest number of kerbs due on a day; with one depot they just fit a <see cref="TravelTable"/>.</summary>
    public const int MostTasksPerDay = 5_999;

    private const int MostVehicles = 1_000;
    private const int MostDepots = 100;
    private const double LengthToleranceM = 0.5;

    /// <exception cref="InputException">The problem breaks a rule; the message names vehicle, kerb or field.</exception>
    public static void Require(SweepProblem problem)
    {
        InRange("problem", "number of days", problem.Days, 1, 7, "days");
        InRange("problem", "first day of the week", problem.FirstDayOfWeek, 0, 6, "(0 is Monday)");
        InRange("problem", "week", problem.Week, 0, 1_000_000, "weeks");
        InRange("problem", "work days per week", problem.WorkDaysPerWeek, 1, 7, "days");
        InRange("fleet", "number of vehicles", problem.Vehicles.Length, 1, MostVehicles, "vehicles");
        RequireDepots(problem);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var vehicle in problem.Vehicles)
        {
            if (!ids.Add(vehicle.Id))
            {
                throw new InputException($"vehicle {vehicle.Id}", "the serial number is used twice in the fleet", "Give every vehicle its own");
            }

            RequireVehicle(vehicle, problem);
        }

        var kerbs = new HashSet<int>();
        foreach (var task in problem.Tasks)
        {
            if (!kerbs.Add(task.Kerb))
            {
                throw new InputException($"kerb {task.Kerb}", "it has two tasks", "List every kerb once; how often it is due is its frequency");
            }

            RequireTask(task, problem);
        }
    }

    public static void InRange(string place, string what, double value, double least, double most, string unit)
    {
        if (!(value >= least && value <= most))
        {
            throw new InputException(
                place,
                string.Create(CultureInfo.InvariantCulture, $"{what} is {value}"),
                string.Create(CultureInfo.InvariantCulture, $"Give a value from {least} to {most} {unit}"));
        }
    }

    private static void RequireDepots(SweepProblem problem)
    {
        InRange("problem", "number of depots", problem.Depots.Length, 1, MostDepots, "depots");
        var arcs = new HashSet<int>();
        foreach (var (d, depot) in problem.Depots.Index())
        {
            // Whoever begins or ends a tour here needs the bays for that; at others there may be none of a kind.
            var least = problem.Vehicles.Any(v => v.Depot == d) || d == 0 ? 1 : 0;
            var place = $"depot {depot.Name}";
            InRange(place, "arc", depot.Arc, 0, problem.Graph.Network.ArcCount - 1, "");
            InRange(place, "number of chargers", depot.Chargers, least, 1000, "bays");
            InRange(place, "number of tips", depot.Tips, least, 1000, "bays");
            InRange(place, "number of washes", depot.Washes, least, 1000, "bays");
            InRange(place, "number of water points", depot.WaterPoints, d == 0 ? 1 : 0, 1000, "bays");
            InRange(place, "grid limit", depot.GridLimitKw, depot.Chargers > 0 ? 0.1 : 0, 1e6, "kW");
            if (!arcs.Add(depot.Arc))
            {
                throw new InputException(place, "another depot lies at the end of the same arc", "Give each a place of its own");
            }
        }
    }

    private static void RequireVehicle(SweeperSpec v, SweepProblem problem)
    {
        var place = $"vehicle {v.Id}";
        InRange(place, "hopper volume", v.HopperM3, 0.01, 100, "m³");
        InRange(place, "hopper mass", v.HopperKg, 1, 1e5, "kg");
        InRange(place, "water tank", v.WaterL, 0, 1e5, "l");
        InRange(place, "water use", v.WaterLPerMin, 0, 1000, "l/min");
        InRange(place, "battery", v.BatteryWh, 1, 1e7, "Wh");
        InRange(place, "reserve", v.ReserveShare, 0, 0.95, "(a share)");
        InRange(place, "sweeping speed", v.SweepSpeedMps, 0.1, 20, "m/s");
        InRange(place, "transit speed", v.TransitSpeedMps, 0.1, 50, "m/s");
        InRange(place, "sweeping power", v.SweepPowerW, 0, 1e6, "W");
        InRange(place, "transit power", v.TransitPowerW, 0, 1e6, "W");
        InRange(place, "idle power", v.IdlePowerW, 0, 1e6, "W");
        InRange(place, "depot", v.Depot, 0, problem.Depots.Length - 1, "");
        foreach (var depot in problem.Depots.Where(depot => depot.Chargers > 0))
        {
            InRange(place, "charging power", v.ChargePowerKw, 0, depot.GridLimitKw, $"kW, the grid limit of {depot.Name}");
        }

        InRange(place, "time to tip", v.TipS, 0, 86_400, "s");
        InRange(place, "time to wash", v.WashS, 0, 86_400, "s");
        InRange(place, "time to fill water", v.FillWaterS, 0, 86_400, "s");
        InRange(place, "shift", v.ShiftS, 60, 86_400, "s");
        InRange(place, "start of the shift", v.StartS, 0, 86_400, "s");
        RequireBreaks(v, place);
        if (v.TransitSpeedMps < problem.Graph.Costs.MaxSpeedMps - 1e-9)
        {
            throw new InputException(place, "it is slower in transit than the turn graph assumes", "Build the graph for the slowest vehicle of the fleet");
        }

        if (v.ChargeSeconds.Length != 101 || v.ChargeSeconds[0] != 0)
        {
            throw new InputException(place, "the charge table is not one of 101 values from 0", "Give the seconds from empty to each whole percent, the first 0");
        }

        for (var percent = 1; percent <= 100; percent++)
        {
            if (!(v.ChargeSeconds[percent] > v.ChargeSeconds[percent - 1] && v.ChargeSeconds[percent] <= 7 * 86_400))
            {
                throw new InputException(place, $"the charge table does not rise at {percent} %, or exceeds a week", "Give rising seconds");
            }
        }
    }

    private static void RequireBreaks(SweeperSpec v, string place)
    {
        var before = 0.0;
        foreach (var one in v.Breaks)
        {
            InRange(place, "earliest begin of a break", one.EarliestS, before, 86_400, "s, in order of time");
            InRange(place, "latest begin of a break", one.LatestS, one.EarliestS, 86_400, "s, after its earliest");
            InRange(place, "length of a break", one.DurationS, 0, 86_400, "s");
            before = one.EarliestS;
        }
    }

    private static void RequireTask(SweepTask task, SweepProblem problem)
    {
        var place = $"kerb {task.Kerb}";
        var network = problem.Graph.Network;
        InRange(place, "arc", task.Arc, 0, network.ArcCount - 1, "");
        InRange(place, "volume", task.VolumeM3, 0, 1e4, "m³");
        InRange(place, "mass", task.MassKg, 0, 1e7, "kg");
        InRange(place, "frequency", task.TimesPerWeek, 0.01, 100, "times per week");
        var arcLengthM = network.ArcLengthM[task.Arc];
        InRange(place, "cost of sweeping outside its windows", task.OutsideCost ?? 0, 0, 1_000, "(seconds for each second)");
        var before = 0.0;
        foreach (var window in task.Windows)
        {
            InRange(place, "begin of a window", window.FromS, before, 86_400, "s, in order of time");
            InRange(place, "end of a window", window.UntilS, window.FromS, 86_400, "s, after its begin");
            before = window.UntilS;
        }

        InRange(place, "length", task.LengthM, Math.Max(0, arcLengthM - LengthToleranceM), arcLengthM + LengthToleranceM, "m, the length of its arc");
    }
}
