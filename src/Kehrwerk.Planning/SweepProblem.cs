using System.Collections.Immutable;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>
/// What is to be planned: which kerbs need sweeping, by which vehicles, from which depots, over which days. Immutable.
/// Times of day are seconds of the plan's clock: each day of it begins at 0 and ends at 86,400, when all vehicles are charged again.
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

    /// <summary>
    /// Where vehicles start and end, and further places with bays that all may use; the first is the city's own. One at which no vehicle is
    /// at home need not have bays of every kind. No two lie at the end of the same arc.
    /// </summary>
    public required ImmutableArray<Depot> Depots { get; init; }

    /// <summary>Kerbs that may come due; at most one task per kerb.</summary>
    public required ImmutableArray<SweepTask> Tasks { get; init; }

    public required ImmutableArray<SweeperSpec> Vehicles { get; init; }

    /// <summary>Number of days to plan, 1–7.</summary>
    public int Days { get; init; } = 1;

    /// <summary>Day of the week of the first day planned: 0 is Monday, 6 Sunday. See <see cref="Calendar"/>.</summary>
    public int FirstDayOfWeek { get; init; }

    /// <summary>Running number of the week of the first day, from 0; decides about what is due every second week.</summary>
    public int Week { get; init; }

    /// <summary>Whether the days of sweeps are chosen with the tours, as far as <see cref="Calendar"/> leaves a choice.</summary>
    public bool ChoosesDays { get; init; }

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
public sealed record SweepTask(int Kerb, int Arc, double LengthM, double VolumeM3, double MassKg, double TimesPerWeek, int Priority)
{
    /// <summary>The periods of each day, rising and apart, in one of which the whole kerb is swept; empty for any time.</summary>
    public ImmutableArray<DayWindow> Windows { get; init; } = [];

    /// <summary>
    /// Null for windows that hold without exception: a vehicle waits for the next one. Else what sweeping outside them counts, seconds for each
    /// second, 0–1,000; nobody waits then.
    /// </summary>
    public double? OutsideCost { get; init; }

    /// <summary>Name of the district it lies in, or empty.</summary>
    public string District { get; init; } = "";

    /// <summary>Whether it has to be swept within its windows.</summary>
    internal bool HasHardWindows => !Windows.IsEmpty && OutsideCost is null;
}

/// <summary>A period of every day, seconds of the plan's clock; the end belongs to it.</summary>
public readonly record struct DayWindow(double FromS, double UntilS);

/// <summary>
/// A break of a vehicle, or of those who supervise it: after the first kerb or stop at a depot that ends at or after <paramref name="EarliestS"/>
/// and is not the tour's last, begun by <paramref name="LatestS"/>. After one stop there is at most one. Seconds of the plan's clock.
/// </summary>
public readonly record struct ShiftBreak(double EarliestS, double LatestS, double DurationS);

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

    /// <summary>What one charger draws for this vehicle at most, kW; counts against the grid limit of the depot.</summary>
    public required double ChargePowerKw { get; init; }

    public required double TipS { get; init; }
    public required double WashS { get; init; }
    public required double FillWaterS { get; init; }

    /// <summary>Longest time from leaving the depot to the end of the last tip and wash, seconds.</summary>
    public required double ShiftS { get; init; }

    /// <summary>When it may leave the depot, seconds of the plan's clock, 0–86,400.</summary>
    public double StartS { get; init; }

    /// <summary>In order of time.</summary>
    public ImmutableArray<ShiftBreak> Breaks { get; init; } = [];

    /// <summary>Names of the districts whose kerbs it sweeps, and no others; empty for all kerbs.</summary>
    public ImmutableArray<string> Districts { get; init; } = [];

    /// <summary>Where it starts and ends, index in <see cref="SweepProblem.Depots"/>.</summary>
    public int Depot { get; init; }

    /// <summary>Whether it may sweep a kerb, by its district.</summary>
    internal bool Serves(SweepTask task) => Districts.IsEmpty || Districts.Contains(task.District);
}
