using System.Globalization;

namespace Kehrwerk.Portal.Atlas;

internal sealed record SourceRow(string Id, string Name, string Publisher, string Licence, string AsOf, string PublishedAt, long Rows);

internal sealed record ContradictionRow(string Address, string Provider, string Source1, long Stage1, string Source2, long Stage2);

internal sealed record StatementRow(
    string Address, string Source, string Project, string Provider, long Stage, long Technology, long Services, long Funding, string? Cost, string? Expected, string Reason, string AsOf)
{
    public const string Select =
        "SELECT address AS Address, source AS Source, project AS Project, provider AS Provider, stage AS Stage, technology AS Technology, services AS Services, funding AS Funding, "
        + "cost AS Cost, expected AS Expected, reason AS Reason, as_of AS AsOf FROM statement";

    public FibreStatement ToStatement() => new(
        Address,
        Project,
        Provider,
        (FibreStage)Stage,
        (AccessTechnology)Technology,
        (FibreServices)Services,
        (Funding)Funding,
        Cost is null ? null : decimal.Parse(Cost, CultureInfo.InvariantCulture),
        Expected is not null && RoughDate.TryParse(Expected, out var date) ? date : null,
        Reason,
        AtlasStore.Day(AsOf));
}

internal sealed record ProjectRow(
    string Source, string Id, string Name, string Provider, long Funding, long Stage, string Programme, string Contact, string? Expected, string Reason, string? Area, string AsOf)
{
    public const string Select =
        "SELECT source AS Source, id AS Id, name AS Name, provider AS Provider, funding AS Funding, stage AS Stage, programme AS Programme, contact AS Contact, "
        + "expected AS Expected, reason AS Reason, area AS Area, as_of AS AsOf FROM project";

    public FibreProject ToProject() => new(
        Id, Name, Provider, (Funding)Funding, (FibreStage)Stage, Programme, Contact, Expected is not null && RoughDate.TryParse(Expected, out var date) ? date : null, Reason, Area, AtlasStore.Day(AsOf));
}

internal sealed record ChangeRow(long No, string Day, string Source, string Address, string Project, string Field, string Before, string After, string Reason)
{
    public const string Select =
        "SELECT no AS No, day AS Day, source AS Source, address AS Address, project AS Project, field AS Field, before AS \"Before\", after AS \"After\", reason AS Reason FROM change";

    public FibreChange ToChange() => new(No, AtlasStore.Day(Day), Source, Address, Project, Field, Before, After, Reason);
}

internal sealed record UpdateRow(string Source, string At, string Outcome, long Rows, long Added, long Changed, long Gone, long Unmatched, string Report)
{
    public UpdateRun ToRun() => new(Source, DateTimeOffset.Parse(At, CultureInfo.InvariantCulture), Outcome, (int)Rows, (int)Added, (int)Changed, (int)Gone, (int)Unmatched, Report);
}
