using Kehrwerk.Streets;

namespace Kehrwerk.Planning;

/// <summary>Whether the bays and the grid of each depot carry all tours of a day at once. Part of the <see cref="PlanChecker"/>.</summary>
internal static class BayCheck
{
    private const double TimeToleranceS = 0.002;
    private const double PowerToleranceKw = 1e-6;

    public static IEnumerable<string> Run(SweepProblem problem, IReadOnlyList<(Tour Tour, SweeperSpec Vehicle)> tours)
    {
        var uses = tours
            .SelectMany(t => t.Tour.Steps.Index().Where(s => s.Item is DepotStep).Select(s => (t.Tour.Day, Use: new Use(t.Vehicle, s.Index, (DepotStep)s.Item))))
            .Where(use => use.Use.Step.Depot >= 0 && use.Use.Step.Depot < problem.Depots.Length);
        return uses.GroupBy(use => (use.Day, use.Use.Step.Depot)).OrderBy(group => group.Key)
            .SelectMany(group => Overdrawn(group.Key.Day, problem.Depots[group.Key.Depot], [.. group.Select(use => use.Use)]));
    }

    private static IEnumerable<string> Overdrawn(int day, Depot depot, Use[] uses) =>
    [
        .. Overdrawn(day, "tip", depot, depot.Tips, double.PositiveInfinity, uses.Where(u => u.Step is TipStep)),
        .. Overdrawn(day, "wash", depot, depot.Washes, double.PositiveInfinity, uses.Where(u => u.Step is WashStep)),
        .. Overdrawn(day, "water point", depot, depot.WaterPoints, double.PositiveInfinity, uses.Where(u => u.Step is FillWaterStep)),
        .. Overdrawn(day, "charger", depot, depot.Chargers, depot.GridLimitKw, uses.Where(u => u.Step is ChargeStep)),
    ];

    // Load only rises where a use starts: it is enough to count there.
    private static IEnumerable<string> Overdrawn(int day, string kind, Depot depot, int bays, double limitKw, IEnumerable<Use> uses)
    {
        Use[] inOrder = [.. uses.OrderBy(u => u.Step.StartS)];
        foreach (var use in inOrder)
        {
            Use[] atOnce = [.. inOrder.Where(u => u.Step.StartS <= use.Step.StartS && u.Step.EndS > use.Step.StartS + TimeToleranceS)];
            var who = $"Vehicle {use.Vehicle.Id}, day {day}, step {use.Index} ({kind} of {depot.Name})";
            if (atOnce.Length > bays)
            {
                yield return PlanChecker.Sentence(
                    $"{who}: at {use.Step.StartS:0.###} s {atOnce.Length} vehicles ({Names(atOnce)}) use the {kind}, of which there is {bays}.");
            }

            var loadKw = kind == "charger" ? atOnce.Sum(u => u.Vehicle.ChargePowerKw) : 0;
            if (loadKw > limitKw + PowerToleranceKw)
            {
                yield return PlanChecker.Sentence(
                    $"{who}: at {use.Step.StartS:0.###} s {Names(atOnce)} draw {loadKw:0.##} kW together, and the grid gives {limitKw:0.##} kW.");
            }
        }
    }

    private static string Names(IEnumerable<Use> uses) => string.Join(", ", uses.Select(u => u.Vehicle.Id));

    private readonly record struct Use(SweeperSpec Vehicle, int Index, DepotStep Step);
}
