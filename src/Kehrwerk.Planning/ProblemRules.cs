using System.Globalization;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>What a usable <see cref="SweepProblem"/> looks like. Everything that a file or a person can get wrong is named.</summary>
internal static class ProblemRules
{
    /// <summary>The greatest number of kerbs due on a day; with the depot they just fit a <see cref="TravelTable"/>.</summary>
    public const int MostTasksPerDay = 5_999;

    private const int MostVehicles = 1_000;
    private const double LengthToleranceM = 0.5;

    /// <exception cref="InputException">The problem breaks a rule; the message names vehicle, kerb or field.</exception>
    public static void Require(SweepProblem problem)
    {
        InRange("problem", "number of days", problem.Days, 1, 7, "days");
        InRange("problem", "first day of the week", problem.FirstDayOfWeek, 0, 6, "(0 is Monday)");
        InRange("problem", "week", problem.Week, 0, 1_000_000, "weeks");
        InRange("problem", "work days per week", problem.WorkDaysPerWeek, 1, 7, "days");
        InRange("fleet", "number of vehicles", problem.Vehicles.Length, 1, MostVehicles, "vehicles");
        RequireDepot(problem);
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

    private static void RequireDepot(SweepProblem problem)
    {
        var depot = problem.Depot;
        var place = $"depot {depot.Name}";
        InRange(place, "arc", depot.Arc, 0, problem.Graph.Network.ArcCount - 1, "");
        InRange(place, "number of chargers", depot.Chargers, 1, 1000, "bays");
        InRange(place, "number of tips", depot.Tips, 1, 1000, "bays");
        InRange(place, "number of washes", depot.Washes, 1, 1000, "bays");
        InRange(place, "number of water points", depot.WaterPoints, 1, 1000, "bays");
        InRange(place, "grid limit", depot.GridLimitKw, 0.1, 1e6, "kW");
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
        InRange(place, "charging power", v.ChargePowerKw, 0, problem.Depot.GridLimitKw, "kW, the depot's grid limit");
        InRange(place, "time to tip", v.TipS, 0, 86_400, "s");
        InRange(place, "time to wash", v.WashS, 0, 86_400, "s");
        InRange(place, "time to fill water", v.FillWaterS, 0, 86_400, "s");
        InRange(place, "shift", v.ShiftS, 60, 86_400, "s");
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

    private static void RequireTask(SweepTask task, SweepProblem problem)
    {
        var place = $"kerb {task.Kerb}";
        var network = problem.Graph.Network;
        InRange(place, "arc", task.Arc, 0, network.ArcCount - 1, "");
        InRange(place, "volume", task.VolumeM3, 0, 1e4, "m³");
        InRange(place, "mass", task.MassKg, 0, 1e7, "kg");
        InRange(place, "frequency", task.TimesPerWeek, 0.01, 100, "times per week");
        var arcLengthM = network.ArcLengthM[task.Arc];
        InRange(place, "length", task.LengthM, Math.Max(0, arcLengthM - LengthToleranceM), arcLengthM + LengthToleranceM, "m, the length of its arc");
    }
}
