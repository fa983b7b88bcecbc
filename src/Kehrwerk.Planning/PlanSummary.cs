using System.Collections.Immutable;

namespace Kehrwerk.Planning;

/// <summary>A plan in a few figures.</summary>
/// <param name="ByVehicle">One entry for each vehicle of the fleet, in its order, over all days.</param>
public sealed record PlanSummary(TourFigures Total, ImmutableArray<VehicleFigures> ByVehicle, ImmutableArray<UnservedFigures> Unserved)
{
    public static PlanSummary Of(SweepProblem problem, Plan plan)
    {
        var taskOf = problem.Tasks.ToDictionary(task => task.Kerb);
        var byVehicle = problem.Vehicles
            .Select(v => new VehicleFigures(v.Id, plan.Tours.Where(t => t.Vehicle == v.Id).Aggregate(default(TourFigures), (sum, t) => sum + FiguresOf(t, v, taskOf))))
            .ToImmutableArray();
        var unserved = plan.Unserved
            .GroupBy(task => task.Reason)
            .OrderBy(group => group.Key)
            .Select(group => new UnservedFigures(group.Key, group.Count(), group.Sum(task => taskOf.GetValueOrDefault(task.Kerb)?.LengthM ?? 0) / 1000));
        return new(byVehicle.Aggregate(default(TourFigures), (sum, v) => sum + v.Figures), byVehicle, [.. unserved]);
    }

    private static TourFigures FiguresOf(Tour tour, SweeperSpec vehicle, Dictionary<int, SweepTask> taskOf)
    {
        var figures = new TourFigures { Tours = 1 };
        var nowS = tour.Steps.IsEmpty ? 0 : tour.Steps[0].StartS;
        var batteryWh = vehicle.BatteryWh;
        var worksUntil = tour.Steps.Select((step, i) => step is ChargeStep ? -1 : i).DefaultIfEmpty(-1).Max();
        for (var i = 0; i < tour.Steps.Length; i++)
        {
            var step = tour.Steps[i];
            if (i <= worksUntil)
            {
                figures += new TourFigures { Hours = (step.EndS - nowS) / 3600, WaitHours = (step.StartS - nowS) / 3600 };
            }

            figures += step switch
            {
                SweepStep sweep => FiguresOf(sweep, taskOf.GetValueOrDefault(sweep.Kerb)),
                DeadheadStep deadhead => new() { DeadheadKm = deadhead.LengthM / 1000, DeadheadHours = deadhead.DurationS / 3600 },
                TipStep => new() { Tips = 1 },
                WashStep => new() { Washes = 1 },
                FillWaterStep => new() { WaterFills = 1 },
                ChargeStep => new() { Charges = 1 },
                BreakStep pause => new() { BreakHours = pause.DurationS / 3600 },
                _ => default,
            };
            figures += new TourFigures { EnergyKwh = Math.Max(0, batteryWh - step.After.BatteryWh) / 1000 };
            batteryWh = step.After.BatteryWh;
            nowS = step.EndS;
        }

        return figures;
    }

    private static TourFigures FiguresOf(SweepStep sweep, SweepTask? task) => new()
    {
        Kerbs = 1,
        KerbKm = (task?.LengthM ?? 0) / 1000,
        OutsideHours = task is null || task.Windows.IsEmpty
            ? 0
            : (sweep.DurationS - task.Windows.Sum(window => Math.Max(0, Math.Min(sweep.EndS, window.UntilS) - Math.Max(sweep.StartS, window.FromS)))) / 3600,
    };
}

/// <summary>Figures of one vehicle.</summary>
public sealed record VehicleFigures(string Vehicle, TourFigures Figures);

/// <summary>Tasks left out for one reason.</summary>
public sealed record UnservedFigures(UnservedReason Reason, int Count, double KerbKm);

/// <summary>What tours do and take. Can be added up.</summary>
public readonly record struct TourFigures
{
    /// <summary>Number of tours: vehicles at work times days.</summary>
    public int Tours { get; init; }

    public int Kerbs { get; init; }
    public double KerbKm { get; init; }
    public double DeadheadKm { get; init; }
    public double DeadheadHours { get; init; }

    /// <summary>From leaving the depot to the end of the last wash; charging after it not included.</summary>
    public double Hours { get; init; }

    /// <summary>Part of <see cref="Hours"/> spent waiting for bays and windows.</summary>
    public double WaitHours { get; init; }

    /// <summary>Part of <see cref="Hours"/> spent in breaks.</summary>
    public double BreakHours { get; init; }

    /// <summary>Time of sweeping outside the windows of kerbs, where that is allowed.</summary>
    public double OutsideHours { get; init; }

    /// <summary>Energy used, charging losses not included.</summary>
    public double EnergyKwh { get; init; }

    public int Tips { get; init; }
    public int Washes { get; init; }
    public int WaterFills { get; init; }
    public int Charges { get; init; }

    public static TourFigures operator +(TourFigures a, TourFigures b) => new()
    {
        Tours = a.Tours + b.Tours,
        Kerbs = a.Kerbs + b.Kerbs,
        KerbKm = a.KerbKm + b.KerbKm,
        DeadheadKm = a.DeadheadKm + b.DeadheadKm,
        DeadheadHours = a.DeadheadHours + b.DeadheadHours,
        Hours = a.Hours + b.Hours,
        WaitHours = a.WaitHours + b.WaitHours,
        BreakHours = a.BreakHours + b.BreakHours,
        OutsideHours = a.OutsideHours + b.OutsideHours,
        EnergyKwh = a.EnergyKwh + b.EnergyKwh,
        Tips = a.Tips + b.Tips,
        Washes = a.Washes + b.Washes,
        WaterFills = a.WaterFills + b.WaterFills,
        Charges = a.Charges + b.Charges,
    };
}
