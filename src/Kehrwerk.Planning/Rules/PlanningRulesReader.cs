using System.Collections.Immutable;
using Kehrwerk.Planning.Benchmarks.Sweeping;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Rules;

/// <summary>Reads planning rules and lays them on a city's problem; says what is wrong by its place in the file.</summary>
public static class PlanningRulesReader
{
    private const string Reference = "docs/reference/planning-rules.md";
    private const int MostDepots = 50;
    private const int MostDistricts = 500;
    private const int MostWindowRules = 5_000;
    private const int MostPoints = 100_000;

    /// <summary>The city's problem under the rules of a file.</summary>
    /// <param name="problem">The problem of the same city without rules.</param>
    /// <exception cref="InputException">The file cannot be read, breaks a bound, or names what city and fleet do not have.</exception>
    public static SweepProblem Apply(string path, City city, SweepProblem problem)
    {
        var rules = SweepFile.Read(path, PlanningRulesJson.Default.PlanningRules, Reference);
        Require(rules, new(path));
        return new CityRules(path, city, rules).Apply(problem);
    }

    private static void Require(PlanningRules rules, FileRules file)
    {
        file.Hold(rules.Format == PlanningRules.FormatName, "$.format", $"it is '{SweepFile.Shown(rules.Format)}'", $"Give a file of the format {PlanningRules.FormatName}");
        file.Hold(rules.Version == PlanningRules.FormatVersion, "$.version", $"it is {rules.Version}", $"This program reads version {PlanningRules.FormatVersion}");
        file.InRange("$.depots.length", rules.Depots.Length, 0, MostDepots);
        file.InRange("$.districts.length", rules.Districts.Length, 0, MostDistricts);
        file.InRange("$.windows.length", rules.Windows.Length, 0, MostWindowRules);
        file.Distinct("$.depots", rules.Depots.Select(depot => depot.Name), "name");
        file.Distinct("$.districts", rules.Districts.Select(district => district.Name), "name");
        foreach (var (i, depot) in rules.Depots.Index())
        {
            RequireDepot(depot, $"$.depots[{i}]", file);
        }

        var points = 0;
        foreach (var (i, district) in rules.Districts.Index())
        {
            RequirePolygon(district.Polygon, $"$.districts[{i}].polygon", file);
            points += district.Polygon.Sum(ring => ring.Length);
        }

        file.Hold(points <= MostPoints, "$.districts", $"the polygons have {points:N0} points", $"Simplify them to at most {MostPoints:N0}");
        foreach (var (i, window) in rules.Windows.Index())
        {
            file.Hold(!window.Times.IsDefaultOrEmpty, $"$.windows[{i}].times", "it is empty", "Give at least one period");
            file.InRange($"$.windows[{i}].times.length", window.Times.Length, 1, 24);
            file.InRange($"$.windows[{i}].outsideCost", window.OutsideCost ?? 0, 0.0, 1_000);
        }

        foreach (var (i, vehicle) in rules.Vehicles.Index())
        {
            file.InRange($"$.vehicles[{i}].breaks.length", vehicle.Breaks.Length, 0, 10);
            file.InRange($"$.vehicles[{i}].shift.hours", vehicle.Shift?.Hours ?? 1, 0.1, 24);
            foreach (var (b, one) in vehicle.Breaks.Index())
            {
                file.InRange($"$.vehicles[{i}].breaks[{b}].minutes", one.Minutes, 0, 1_440.0);
            }
        }
    }

    private static void RequireDepot(DepotRule depot, string path, FileRules file)
    {
        RequirePoint(depot.Position, $"{path}.position", file);
        file.InRange($"{path}.chargers", depot.Chargers, 0, 1_000);
        file.InRange($"{path}.tips", depot.Tips, 0, 1_000);
        file.InRange($"{path}.washes", depot.Washes, 0, 1_000);
        file.InRange($"{path}.waterPoints", depot.WaterPoints, 0, 1_000);
        file.InRange($"{path}.gridLimitKw", depot.GridLimitKw, depot.Chargers > 0 ? 0.1 : 0, 1e6);
    }

    private static void RequirePolygon(ImmutableArray<ImmutableArray<ImmutableArray<double>>> rings, string path, FileRules file)
    {
        file.Hold(!rings.IsDefaultOrEmpty, path, "it has no ring", "Give the coordinates of a GeoJSON polygon");
        foreach (var (r, ring) in rings.Index())
        {
            file.Hold(!ring.IsDefault && ring.Length >= 4, $"{path}[{r}]", "the ring has fewer than four points", "Give its corners, the first again at the end");
            foreach (var (p, point) in ring.Index())
            {
                RequirePoint(point, $"{path}[{r}][{p}]", file);
            }

            file.Hold(ring[0].SequenceEqual(ring[^1]), $"{path}[{r}]", "the ring is not closed", "Give the first point again at the end");
        }
    }

    private static void RequirePoint(ImmutableArray<double> point, string path, FileRules file)
    {
        file.Hold(!point.IsDefault && point.Length == 2, path, "it is no pair of numbers", "Give longitude and latitude in degrees, in this order");
        file.InRange($"{path}[0]", point[0], -180.0, 180);
        file.InRange($"{path}[1]", point[1], -85.0, 85);
    }
}
