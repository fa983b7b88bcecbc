namespace Kehrwerk.Portal.Atlas;

/// <summary>How near fibre has come to an address, in the order in which it comes nearer.</summary>
public enum FibreStage
{
    /// <summary>Nobody plans to build here.</summary>
    NoPlan,

    /// <summary>A build-out has been announced.</summary>
    Announced,

    /// <summary>It is being planned in detail.</summary>
    InPlanning,

    /// <summary>It is being built.</summary>
    UnderConstruction,

    /// <summary>Fibre passes the house, but no connection of it is planned; the statement says why.</summary>
    PassedWithoutPlan,

    /// <summary>Fibre passes the house, which can be connected (homes passed).</summary>
    Passed,

    /// <summary>The house is connected (homes connected).</summary>
    Connected,

    /// <summary>Somebody in the house uses it (homes activated).</summary>
    Active,
}

/// <summary>By what means data come to an address.</summary>
public enum AccessTechnology
{
    Unknown,

    /// <summary>Fibre into the flat.</summary>
    Ftth,

    /// <summary>Fibre into the building.</summary>
    Fttb,

    /// <summary>Television cable.</summary>
    Cable,

    /// <summary>Fibre to the cabinet, copper from there.</summary>
    Vdsl,
}

/// <summary>What a provider offers over it.</summary>
[Flags]
public enum FibreServices
{
    None = 0,
    Gigabit = 1,
    Telephone = 2,
    Iptv = 4,
    Cloud = 8,
}

/// <summary>Who pays for a build-out.</summary>
public enum Funding
{
    Unknown,

    /// <summary>Public money, where no company builds by itself.</summary>
    Public,

    /// <summary>A company's own.</summary>
    OwnEconomy,
}

/// <summary>What one source says of one address.</summary>
/// <param name="Address">Path of the address (<see cref="AddressPaths"/>).</param>
/// <param name="Project">Id of the project by which fibre comes or came, or empty.</param>
/// <param name="CostEur">What the owner pays for the connection, euros; null where nothing is said.</param>
/// <param name="Expected">When the connection can be used; null where nothing is said.</param>
/// <param name="Reason">Why it is so, or why it is later than it was said; or empty.</param>
/// <param name="AsOf">Day for which the source says it.</param>
public sealed record FibreStatement(
    string Address,
    string Project,
    string Provider,
    FibreStage Stage,
    AccessTechnology Technology,
    FibreServices Services,
    Funding Funding,
    decimal? CostEur,
    RoughDate? Expected,
    string Reason,
    DateOnly AsOf);

/// <summary>A build-out as a whole.</summary>
/// <param name="Programme">Which public programme pays, or empty.</param>
/// <param name="Contact">Whom to ask, or empty.</param>
/// <param name="Area">GeoJSON geometry of where it builds, in degrees; null where none is told.</param>
public sealed record FibreProject(
    string Id,
    string Name,
    string Provider,
    Funding Funding,
    FibreStage Stage,
    string Programme,
    string Contact,
    RoughDate? Expected,
    string Reason,
    string? Area,
    DateOnly AsOf);

/// <summary>Something that a source said otherwise than before.</summary>
/// <param name="Address">Path of the address; empty where it is the project.</param>
/// <param name="Field">What changed: <c>stage</c>, <c>expected</c>, <c>provider</c>, <c>cost</c>, <c>new</c>, <c>gone</c>.</param>
/// <param name="Reason">What the source gives as reason, or empty.</param>
public sealed record FibreChange(long No, DateOnly Day, string Source, string Address, string Project, string Field, string Before, string After, string Reason);

/// <summary>A source as it was last published.</summary>
/// <param name="AsOf">The newest day for which it says something.</param>
/// <param name="PublishedAt">When it was taken over.</param>
public sealed record PublishedSource(string Id, string Name, string Publisher, string Licence, DateOnly AsOf, DateTimeOffset PublishedAt, int Rows);
