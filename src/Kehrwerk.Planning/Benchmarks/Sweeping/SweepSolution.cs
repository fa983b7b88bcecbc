using System.Collections.Immutable;
using System.Text.Json;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>A solution of a <see cref="SweepInstance"/> in its terms: <c>docs/reference/sweep-instance-format.md</c>. Immutable.</summary>
public sealed record SweepSolution
{
    public const string FormatName = "kehrwerk-sweep-solution";

    public required string Format { get; init; }
    public required int Version { get; init; }

    /// <summary>Name of the instance.</summary>
    public required string Instance { get; init; }

    /// <summary>What the solution claims to cost.</summary>
    public required long CostMs { get; init; }

    public required ImmutableArray<TourPart> Tours { get; init; }

    /// <summary>Ids of the kerbs that are left out.</summary>
    public required ImmutableArray<string> Unserved { get; init; }

    /// <param name="solution">Of the instance's <see cref="SweepInstance.ToProblem()"/>.</param>
    public static SweepSolution From(SweepInstance instance, ArcSolution solution) => new()
    {
        Format = FormatName,
        Version = SweepInstance.FormatVersion,
        Instance = instance.Name,
        CostMs = solution.Cost,
        Tours = [.. solution.Tours.Select(tour => new TourPart(instance.Vehicles[tour.Vehicle].Id, [.. tour.Stops.Select((stop, i) => Stop(instance, tour, stop, i))]))],
        Unserved = [.. solution.Unserved.Select(task => instance.Kerbs[task].Id)],
    };

    /// <summary>The solution as the checker of arc routing takes it.</summary>
    /// <param name="source">The file as the person knows it, for messages.</param>
    /// <exception cref="InputException">It speaks of what the instance does not have; the message names the place in the file.</exception>
    internal ArcSolution ToArcs(SweepInstance instance, string source)
    {
        var kerbs = Numbers(instance.Kerbs.Select(kerb => kerb.Id));
        var sites = Numbers(instance.Sites.Select(site => site.Id));
        var vehicles = Numbers(instance.Vehicles.Select(vehicle => vehicle.Id));
        var services = Numbers(SweepInstance.Services.Select(service => service.Name));
        var tours = ImmutableArray.CreateBuilder<ArcTour>();
        foreach (var (t, tour) in Tours.Index())
        {
            var stops = ImmutableArray.CreateBuilder<ArcStop>();
            var done = ImmutableArray.CreateBuilder<SiteService>();
            foreach (var (s, stop) in tour.Stops.Index())
            {
                var path = $"$.tours[{t}].stops[{s}]";
                if ((stop.Kerb is null) == (stop.Site is null))
                {
                    throw new InputException($"{source}, {path}", "the stop is not either a kerb or a site", "Give one of the two, and null for the other");
                }

                stops.Add(stop.Kerb is { } kerb
                    ? ArcStop.Serve(Number(kerbs, kerb, "kerb", $"{path}.kerb"), 0, stop.StartMs)
                    : ArcStop.Visit(Number(sites, stop.Site!, "site", $"{path}.site"), stop.StartMs));
                foreach (var (i, service) in stop.Services.Index())
                {
                    done.Add(new(s, Number(services, service.Service, "service", $"{path}.services[{i}].service"), service.StartMs, service.DurationMs, service.EnergyUsedAfterJ));
                }
            }

            tours.Add(new(Number(vehicles, tour.Vehicle, "vehicle", $"$.tours[{t}].vehicle"), stops.ToImmutable(), done.ToImmutable()));
        }

        return new(CostMs, tours.ToImmutable(), [.. Unserved.Select((id, i) => Number(kerbs, id, "kerb", $"$.unserved[{i}]"))]);

        int Number(Dictionary<string, int> numbers, string id, string what, string path) => numbers.TryGetValue(id, out var number)
            ? number
            : throw new InputException($"{source}, {path}", $"the instance {instance.Name} has no {what} '{SweepFile.Shown(id)}'", "Give an id of the instance's file");
    }

    /// <exception cref="InputException">The file cannot be read or is no solution; the message names the place in it.</exception>
    public static SweepSolution Read(string path)
    {
        var solution = SweepFile.Read(path, SweepJson.Default.SweepSolution);
        return solution.Format == FormatName && solution.Version == SweepInstance.FormatVersion
            ? solution
            : throw new InputException(
                $"{path}, $.format", $"it is '{SweepFile.Shown(solution.Format)}', version {solution.Version}", $"Give a file of the format {FormatName}, version {SweepInstance.FormatVersion}");
    }

    public void Write(TextWriter text) => text.Write(JsonSerializer.Serialize(this, SweepJson.Default.SweepSolution) + "\n");

    private static StopPart Stop(SweepInstance instance, ArcTour tour, ArcStop stop, int index) => stop.IsSite
        ? new(
            null,
            instance.Sites[stop.Index].Id,
            stop.Start,
            [
                .. tour.Services.Where(service => service.Stop == index).Select(service =>
                    new ServicePart(SweepInstance.Services[service.Service].Name, service.Start, service.Duration, service.UsedAfter)),
            ])
        : new(instance.Kerbs[stop.Index].Id, null, stop.Start, []);

    private static Dictionary<string, int> Numbers(IEnumerable<string> ids) => ids.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
}

/// <summary>A tour of one vehicle of the kind that is named.</summary>
public sealed record TourPart(string Vehicle, ImmutableArray<StopPart> Stops);

/// <summary>A kerb that is swept, or a site; the other is null.</summary>
/// <param name="StartMs">When sweeping begins, or the site is reached.</param>
public sealed record StopPart(string? Kerb, string? Site, int StartMs, ImmutableArray<ServicePart> Services);

/// <param name="Service"><c>tip</c>, <c>fill</c> or <c>charge</c>.</param>
/// <param name="EnergyUsedAfterJ">Of a charge: how much of the full battery is used up after it; else 0.</param>
public sealed record ServicePart(string Service, int StartMs, int DurationMs, int EnergyUsedAfterJ);
