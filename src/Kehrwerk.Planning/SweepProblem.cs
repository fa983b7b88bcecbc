using System.Collections.Immutable;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>
/// What is to be planned: which kerbs need sweeping, by which vehicles, from which depot, over which days. Immutable.
/// <see cref="ForCity"/> makes one from a city; whatever made it, <see cref="ProblemRules"/> says what is a usable one.
/// </summary>
public sealed partial record SweepProblem
{
    /// <summary>
    /// The streets with turn costs. All vehicles deadhead at its speeds, so it is built for the slowest of the fleet:
    /// its <see cref="TravelCosts.MaxSpeedMps"/> may not exceed any vehicle's <see cref="SweeperSpec.TransitSpeedMps"/>.
    /// </summary>
    public required TurnGraph Graph { get; init; }

    public Closures Closures { get; init; } = Closures.None;

    public required Depot Depot { get; init; }

    /// <summary>Kerbs that may come due; at most one task per kerb.</summary>
    public required ImmutableArray<SweepTask> Tasks { get; init; }

    public required ImmutableArray<SweeperSpec> Vehicles { get; init; }

    /// <summary>Number of days to plan, 1–7.</summary>
    public int Days { get; init; } = 1;

    /// <summary>Day of the week of the first day planned: 0 is Monday, 6 Sunday. See <see cref="Calendar"/>.</summary>
    public int FirstDayOfWeek { get; init; }

    /// <summary>Running number of the week of the first day, from 0; decides about what is due every second week.</summary>
    public int Week { get; init; }

    /// <summary>Days of the week, from Monday on, over which kerbs are spread that are due no more often than this; 1–7.</summary>
    public int WorkDaysPerWeek { get; init; } = 5;
}

/// <summary>One kerb to be swept and what lies on it.</summary>
/// <param name="Kerb">Id of the kerb in its city.</param>
/// <param name="Arc">The arc that is driven to sweep it.</param>
/// <param name="LengthM">Length of that arc, metres.</param>
/// <param name="VolumeM3">Sweepings expected, cubic metres.</param>
/// <param name="MassKg">Sweepings expected, kilograms.</param>
/// <param name="TimesPerWeek">How often it is due; see <see cref="CleaningClass.TimesPerWeek"/>.</param>
/// <param name="Priority">1 is served first when not everything can be.</param>
public sealed record SweepTask(int Kerb, int Arc, double LengthM, double VolumeM3, double MassKg, double TimesPerWeek, int Priority);

/// <summary>A vehicle as the planner sees it. Figures come from the file of its model.</summary>
public sealed record SweeperSpec
{
    /// <summary>Serial number, unique in the fleet.</summary>
    public required string Id { get; init; }

    public required double HopperM3 { get; init; }
    public required double HopperKg { get; init; }
    public required double WaterL { get; init; }
    public required double WaterLPerMin { get; init; }

    /// <summary>Energy between empty and full that may be used, watt-hours.</summary>
    public required double BatteryWh { get; init; }

    /// <summary>Share of <see cref="BatteryWh"/> (0–1) that must be left on return to the depot.</summary>
    public required double ReserveShare { get; init; }

    public required double SweepSpeedMps { get; init; }
    public required double TransitSpeedMps { get; init; }
    public required double SweepPowerW { get; init; }
    public required double TransitPowerW { get; init; }
    public required double IdlePowerW { get; init; }

    /// <summary>Seconds to charge from empty to each whole percent of <see cref="BatteryWh"/>: 101 rising values, the first 0.</summary>
    public required ImmutableArray<double> ChargeSeconds { get; init; }

    /// <summary>What one charger draws for this vehicle at most, kW; counts against the depot's grid limit.</summary>
    public required double ChargePowerKw { get; init; }

    public required double TipS { get; init; }
    public required double WashS { get; init; }
    public required double FillWaterS { get; init; }

    /// <summary>Longest time from leaving the depot to the end of the last tip and wash, seconds.</summary>
    public required double ShiftS { get; init; }
}
