namespace Kehrwerk.Streets.Import;

/// <summary>What a person may say about an import besides the file itself.</summary>
public sealed record ImportOptions
{
    /// <summary>Name of the city; the file's name without its endings where null.</summary>
    public string? Name { get; init; }

    /// <summary>CSV of cleaning classes (<c>id;name;timesPerWeek;priority;highways</c>); the built-in set where null.</summary>
    public string? ClassesCsv { get; init; }

    /// <summary>CSV of streets and their class (<c>street;from;to;side;class</c>); only the defaults by highway type where null.</summary>
    public string? StreetsCsv { get; init; }

    /// <summary>Where the depot lies; overrides what the file says.</summary>
    public GeoPoint? DepotPosition { get; init; }

    /// <summary>Streets too narrow, low or weak for this vehicle are left out.</summary>
    public VehicleLimits Vehicle { get; init; } = new();
}

/// <summary>The room that a sweeper needs. The defaults are a compact sweeper of the 2 m³ class.</summary>
/// <param name="MassT">Greatest mass allowed, tonnes; 3.5 t is what a car licence drives.</param>
public sealed record VehicleLimits(double WidthM = 1.8, double HeightM = 2.3, double MassT = 3.5);

/// <summary>How far an import is.</summary>
/// <param name="Step">What is done now, for people.</param>
/// <param name="Share">Share of the whole import that is done, 0–1.</param>
public readonly record struct ImportProgress(string Step, double Share);
