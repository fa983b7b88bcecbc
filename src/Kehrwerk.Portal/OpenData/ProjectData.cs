using System.Text.Json;
using Kehrwerk.Portal.Atlas;
using NetTopologySuite.Geometries;

namespace Kehrwerk.Portal.OpenData;

/// <summary>The areas in which fibre is built. Where ducts run is in no collection.</summary>
internal sealed class ProjectData(PortalData data) : DataLayer
{
    public override string Id => "projects";
    public override (string De, string En) Title => ("Glasfaserprojekte", "Fibre projects");
    public override (string De, string En) Description => ("Gebiete des Glasfaserausbaus, gefördert und eigenwirtschaftlich, mit Stand und Termin.", "Areas in which fibre is built, funded and by companies themselves, with stage and date.");
    public override string Theme => "TECH";
    public override DateOnly AsOf => data.Atlas.Projects() is { Count: > 0 } projects ? projects.Max(p => p.Project.AsOf) : data.Today;

    public override IReadOnlyList<DataLicence> Licences
    {
        get
        {
            var sources = data.Atlas.Projects().Select(p => p.Source).ToHashSet();
            return [.. data.Atlas.Sources().Where(s => sources.Contains(s.Id)).Select(s => DataLicence.Of(s.Licence)).Distinct()];
        }
    }

    public override IReadOnlyList<DataField> Fields { get; } =
    [
        new("project", "string", "", ("Kennung des Projekts", "Id of the project")),
        new("name", "string", "", ("Name", "Name")),
        new("provider", "string", "", ("Betreiber", "Provider")),
        new("funding", "string", "", ("Mittel: public, ownEconomy, unknown", "Funding: public, ownEconomy, unknown")),
        new("stage", "string", "", ("Stand des Ausbaus", "Stage of the build-out")),
        new("programme", "string", "", ("Förderprogramm", "Funding programme")),
        new("expected", "string", "", ("Termin: Jahr, Quartal, Monat oder Tag", "Date: year, quarter, month or day")),
        new("reason", "string", "", ("Grund", "Reason")),
        new("source", "string", "", ("Quelle", "Source")),
        new("licence", "string", "", ("Lizenz der Quelle", "Licence of the source")),
        new("asOf", "string", "date", ("Stand der Aussage", "Stated as of")),
    ];

    public override Envelope Extent
    {
        get
        {
            var extent = new Envelope();
            foreach (var (_, project) in data.Atlas.Projects())
            {
                extent.ExpandToInclude(Box(project));
            }

            return extent;
        }
    }

    public override FeaturePage Find(DataQuery query)
    {
        var projects = data.Atlas.Projects();
        return Page(
            Enumerable.Range(0, projects.Count).Where(i => (query.Box is not { } box || Meets(projects[i].Project, box)) && query.Time?.Holds(Day(projects[i].Project)) is not false),
            query,
            shown => Features(shown.Select(i => projects[i])));
    }

    public override DataFeature? Item(string id) => Features(data.Atlas.Projects().Where(p => IdOf(p.Source, p.Project) == id)).FirstOrDefault();

    private List<DataFeature> Features(IEnumerable<(string Source, FibreProject Project)> projects)
    {
        var sources = data.Atlas.Sources().ToDictionary(s => s.Id);
        return [.. projects.Select(p => new DataFeature(IdOf(p.Source, p.Project), p.Project.Area,
        [
            p.Project.Id,
            p.Project.Name,
            p.Project.Provider,
            DataNames.Of(p.Project.Funding),
            DataNames.Of(p.Project.Stage),
            p.Project.Programme.Length > 0 ? p.Project.Programme : null,
            p.Project.Expected?.ToString(),
            p.Project.Reason.Length > 0 ? p.Project.Reason : null,
            sources.GetValueOrDefault(p.Source)?.Publisher ?? p.Source,
            sources.GetValueOrDefault(p.Source)?.Licence,
            AtlasStore.Text(p.Project.AsOf),
        ]))];
    }

    // An id stands in addresses of the web: what a slash parts there is joined.
    private static string IdOf(string source, FibreProject project) => $"{source}:{project.Id.Replace('/', '_')}";

    private static DateTimeOffset Day(FibreProject project) => new(project.AsOf.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static Geometry? Area(FibreProject project) => project.Area is null ? null : JsonSerializer.Deserialize<Geometry>(project.Area, GeoJson.Options);

    private static Envelope Box(FibreProject project) => Area(project)?.EnvelopeInternal ?? new();

    private static bool Meets(FibreProject project, Envelope box) => Area(project)?.Intersects(GeometryFactory.Default.ToGeometry(box)) is true;
}
