namespace Kehrwerk.Planning;

/// <summary>Whether the depot's bays and its grid carry all tours of a day at once. Part of the <see cref="PlanChecker"/>.</summary>
internal static class BayCheck
{
    private const double TimeToleranceS = 0.002;
    private const double PowerToleranceKw = 1e-6;

    public static IEnumerable<string> Run(SweepProblem problem, IReadOnlyList<(Tour Tour, SweeperSpec Vehicle)> tours)
    {
        var depot = problem.Depot;
        foreach (var day in tours.GroupBy(t => t.Tour.Day).OrderBy(g => g.Key))
        {
            Use[] uses = [.. day.SelectMany(t => t.Tour.Steps.Select((step, i) => new Use(t.Vehicle, i, step)))];
            string[] violations =
            [
                .. Overdrawn(day.Key, "tip", depot.Tips, double.PositiveInfinity, uses.Where(u => u.Step is TipStep)),
                .. Overdrawn(day.Key, "wash", depot.Washes, double.PositiveInfinity, uses.Where(u => u.Step is WashStep)),
                .. Overdrawn(day.Key, "water point", depot.WaterPoints, double.PositiveInfinity, uses.Where(u => u.Step is FillWaterStep)),
                .. Overdrawn(day.Key, "charger", depot.Chargers, depot.GridLimitKw, uses.Where(u => u.Step is ChargeStep)),
            ];
            foreach (var violation in violations)
            {
                yield return violation;
            }
        }
    }

    // Load only rises where a use starts: it is enough to count there.
    private static IEnumerable<string> Overdrawn(int day, string kind, int bays, double limitKw, IEnumerable<Use> uses)
    {
        Use[] inOrder = [.. uses.OrderBy(u => u.Step.StartS)];
        foreach (var use in inOrder)
        {
            Use[] atOnce = [.. inOrder.Where(u => u.Step.StartS <= use.Step.StartS && u.Step.EndS > use.Step.StartS + TimeToleranceS)];
            var who = $"Vehicle {use.Vehicle.Id}, day {day}, step {use.Index} ({kind})";
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

    private readonly record struct Use(SweeperSpec Vehicle, int Index, TourStep Step);
}
