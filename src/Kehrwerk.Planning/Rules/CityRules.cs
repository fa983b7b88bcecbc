using System.Collections.Immutable;
using Kehrwerk.Planning.Benchmarks.Sweeping;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Rules;

/// <summary>Planning rules for one city: finds the streets, places and vehicles that they name.</summary>
/// <param name="source">The file as the person knows it.</param>
internal sealed class CityRules(string source, City city, PlanningRules rules)
{
    private const double MostDistanceM = 1_000;

    private readonly FileRules file = new(source);
    private readonly DayClock clock = new(source, rules.DayStarts);
    private readonly StreetNetwork streets = city.Streets;

    public SweepProblem Apply(SweepProblem problem)
    {
        ImmutableArray<Depot> depots = Depots(problem.Depots);
        return problem with
        {
            Depots = depots,
            Tasks = Tasks(problem.Tasks),
            Vehicles = Vehicles(problem.Vehicles, depots),
        };
    }

    // Each at the street end that is nearest to its place and not taken by another.
    private ImmutableArray<Depot> Depots(ImmutableArray<Depot> own)
    {
        var depots = own.ToList();
        foreach (var (i, rule) in rules.Depots.Index())
        {
            var path = $"$.depots[{i}]";
            file.Hold(depots.All(depot => depot.Name != rule.Name), $"{path}.name", $"'{SweepFile.Shown(rule.Name)}' is a depot of the city already", "Give every depot its own name");
            var place = streets.Frame.ToMap(new(rule.Position[1], rule.Position[0]));
            var (arc, distanceM) = Enumerable.Range(0, streets.ArcCount).Where(arc => depots.All(depot => depot.Arc != arc))
                .Select(arc => (arc, streets.NodePoint[streets.ArcHead[arc]].DistanceTo(place))).DefaultIfEmpty((0, double.PositiveInfinity)).MinBy(end => end.Item2);
            file.Hold(distanceM <= MostDistanceM, $"{path}.position", $"it is {distanceM:F0} m from the nearest street of the map", "Give longitude and latitude, in this order, of a place inside the city");
            depots.Add(new(rule.Name, arc, rule.Chargers, rule.Tips, rule.Washes, rule.WaterPoints, rule.GridLimitKw));
        }

        return [.. depots];
    }

    private ImmutableArray<SweepTask> Tasks(ImmutableArray<SweepTask> tasks)
    {
        var districts = Districts(tasks);
        RequireNames();
        var windows = rules.Windows.Select((rule, i) => (Rule: rule, Windows: clock.Windows($"$.windows[{i}].times", rule.Times))).ToArray();
        return
        [
            .. tasks.Zip(districts, (task, district) =>
            {
                var (rule, times) = windows.FirstOrDefault(window => Means(window.Rule, city.Kerbs[task.Kerb], district));
                return rule is null ? task with { District = district } : task with { District = district, Windows = times, OutsideCost = rule.OutsideCost };
            }),
        ];
    }

    // Of each kerb the first district that its middle lies in, or an empty name.
    private string[] Districts(ImmutableArray<SweepTask> tasks)
    {
        ImmutableArray<ImmutableArray<GeoPoint>>[] polygons =
            [.. rules.Districts.Select(district => district.Polygon.Select(ring => ring.Select(point => new GeoPoint(point[1], point[0])).ToImmutableArray()).ToImmutableArray())];
        string[] names = [.. tasks.Select(task => DistrictOf(task.Arc))];
        foreach (var (i, district) in rules.Districts.Index())
        {
            file.Hold(names.Contains(district.Name), $"$.districts[{i}].polygon", $"no kerb lies in '{SweepFile.Shown(district.Name)}'", "Give longitude before latitude, and a place inside the city");
        }

        return names;

        string DistrictOf(int arc)
        {
            var line = streets.SegmentLine(streets.ArcSegment[arc]);
            var middle = streets.Frame.ToGeo(line[0].Towards(line[^1], 0.5));
            var number = Array.FindIndex(polygons, polygon => AreaRings.Contain(polygon, middle));
            return number < 0 ? "" : rules.Districts[number].Name;
        }
    }

    // A word that means nothing would silently leave a rule without effect.
    private void RequireNames()
    {
        var streetNames = city.Kerbs.Select(kerb => kerb.Street).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var classes = city.Kerbs.Select(kerb => kerb.Class.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (i, rule) in rules.Windows.Index())
        {
            var path = $"$.windows[{i}]";
            Known(rule.Streets, streetNames.Contains, $"{path}.streets", "no street with kerbs has this name on the map", "Give names as they stand on the map");
            Known(rule.Highways, Highways.ContainsKey, $"{path}.highways", "it is no kind of street", $"Give one of {string.Join(", ", Highways.Keys)}");
            Known(rule.Classes, classes.Contains, $"{path}.classes", "no kerb has this cleaning class", $"The map has {string.Join(", ", classes.Order(StringComparer.Ordinal))}");
            KnownDistricts(rule.Districts, $"{path}.districts");
        }
    }

    private void KnownDistricts(ImmutableArray<string> names, string path) =>
        Known(names, name => rules.Districts.Any(district => district.Name == name), path, "there is no such district", "Name one of $.districts");

    private void Known(ImmutableArray<string> words, Func<string, bool> isKnown, string path, string problem, string remedy)
    {
        foreach (var (i, word) in words.Index())
        {
            file.Hold(isKnown(word), $"{path}[{i}]", $"'{SweepFile.Shown(word)}': {problem}", remedy);
        }
    }

    private bool Means(WindowRule rule, Kerb kerb, string district) =>
        (rule.Streets.IsEmpty || rule.Streets.Contains(kerb.Street, StringComparer.OrdinalIgnoreCase))
        && (rule.Highways.IsEmpty || rule.Highways.Any(highway => Highways[highway] == streets.SegmentClass[streets.ArcSegment[kerb.Arc]]))
        && (rule.Classes.IsEmpty || rule.Classes.Contains(kerb.Class.Id))
        && (rule.Districts.IsEmpty || rule.Districts.Contains(district));

    private ImmutableArray<SweeperSpec> Vehicles(ImmutableArray<SweeperSpec> fleet, ImmutableArray<Depot> depots)
    {
        var ruleOf = new Dictionary<string, (VehicleRule Rule, string Path)>();
        (VehicleRule Rule, string Path)? others = null;
        foreach (var (i, rule) in rules.Vehicles.Index())
        {
            var path = $"$.vehicles[{i}]";
            Known(rule.Ids, id => fleet.Any(v => v.Id == id), $"{path}.ids", "the fleet has no such vehicle", $"It has {fleet[0].Id} to {fleet[^1].Id}");
            file.Hold(rule.Depot is null || depots.Any(depot => depot.Name == rule.Depot), $"{path}.depot", $"there is no depot '{SweepFile.Shown(rule.Depot ?? "")}'", $"The city has {depots[0].Name}; name others in $.depots");
            KnownDistricts(rule.Districts, $"{path}.districts");
            foreach (var id in rule.Ids)
            {
                file.Hold(ruleOf.TryAdd(id, (rule, path)), $"{path}.ids", $"{id} is named twice", "Put all that holds for it into one rule");
            }

            file.Hold(!rule.Ids.IsEmpty || others is null, path, "a second rule names no vehicles", "Only one may hold for all the others");
            others = rule.Ids.IsEmpty ? (rule, path) : others;
        }

        return [.. fleet.Select(v => ruleOf.TryGetValue(v.Id, out var own) ? With(v, own.Rule, own.Path, depots) : others is { } rest ? With(v, rest.Rule, rest.Path, depots) : v)];
    }

    private SweeperSpec With(SweeperSpec vehicle, VehicleRule rule, string path, ImmutableArray<Depot> depots) => vehicle with
    {
        Depot = rule.Depot is null ? 0 : depots.Index().First(depot => depot.Item.Name == rule.Depot).Index,
        StartS = rule.Shift is { } shift ? clock.Seconds($"{path}.shift.from", shift.From) : vehicle.StartS,
        ShiftS = (rule.Shift?.Hours * 3_600) ?? vehicle.ShiftS,
        Breaks = [.. rule.Breaks.Select((one, i) => BreakOf(one, $"{path}.breaks[{i}]")).OrderBy(one => one.EarliestS)],
        Districts = rule.Districts,
    };

    private ShiftBreak BreakOf(BreakRule rule, string path)
    {
        var (earliestS, latestS) = (clock.Seconds($"{path}.earliest", rule.Earliest), clock.Seconds($"{path}.latest", rule.Latest));
        file.Hold(latestS >= earliestS, $"{path}.latest", $"it comes before the earliest begin, on a day that starts at {rules.DayStarts}", "Give a later time");
        return new(earliestS, latestS, rule.Minutes * 60);
    }

    private static Dictionary<string, StreetClass> Highways { get; } = new(StringComparer.Ordinal)
    {
        ["trunk"] = StreetClass.Trunk,
        ["primary"] = StreetClass.Primary,
        ["secondary"] = StreetClass.Secondary,
        ["tertiary"] = StreetClass.Tertiary,
        ["unclassified"] = StreetClass.Unclassified,
        ["residential"] = StreetClass.Residential,
        ["living_street"] = StreetClass.LivingStreet,
        ["pedestrian"] = StreetClass.Pedestrian,
        ["service"] = StreetClass.Service,
    };
}
