using System.Collections.Immutable;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.World;

/// <summary>What kind of world it is. The same settings give the same world, to the byte.</summary>
internal sealed record WorldSettings
{
    public int Seed { get; init; } = 1;

    /// <summary>Hour of the day when the world begins, 0–24; it does not go on, as weather and light do not.</summary>
    public double Hour { get; init; } = 10;

    public Weather Weather { get; init; } = Weather.Clear;

    /// <summary>Factor on the parked cars of <see cref="Density"/>; 0 is none.</summary>
    public double ParkedFactor { get; init; } = 1;

    public double CarFactor { get; init; } = 1;
    public double CyclistFactor { get; init; } = 1;
    public double PedestrianFactor { get; init; } = 1;

    /// <summary>Of a hundred cars so many are buses; so many are on an emergency call.</summary>
    public double BusPercent { get; init; } = 4;

    public double EmergencyPercent { get; init; } = 0.5;

    /// <summary>How often a person walking along a street crosses it between junctions, times a minute.</summary>
    public double CrossingsPerMin { get; init; } = 0.3;

    /// <summary>How often a child or a dog runs into the street without looking, times a minute.</summary>
    public double RunOutsPerMin { get; init; } = 0.05;

    /// <summary>Openings of a door of one parked car, times an hour.</summary>
    public double DoorsPerHour { get; init; } = 0.5;

    /// <summary>
    /// Where vehicles are, metres: traffic is made within <see cref="AreaM"/> of these, and moves with the vehicles. Empty: everywhere.
    /// </summary>
    public ImmutableArray<MapPoint> Around { get; init; } = [];

    public double AreaM { get; init; } = 300;

    /// <summary>Walls that hide what is behind them: closed rings, metres.</summary>
    public ImmutableArray<ImmutableArray<MapPoint>> Buildings { get; init; } = [];

    /// <summary>Bays of the depot that carry a marker.</summary>
    public ImmutableArray<BayPose> Bays { get; init; } = [];

    /// <summary>The outer rings of a city's buildings, in its frame.</summary>
    public static ImmutableArray<ImmutableArray<MapPoint>> BuildingsOf(City city) =>
        [.. city.Map.Areas.Where(area => area.Kind == AreaKind.Building).Select(area => area.Rings[0].Select(city.Streets.Frame.ToMap).ToImmutableArray())];
}

/// <summary>Where the rear axle is to stand in a bay, and which way the vehicle points.</summary>
internal readonly record struct BayPose(double X, double Y, double HeadingRad);

/// <summary>How many there are of each by the class of the street; our assumptions, to be replaced by a city's counts.</summary>
/// <param name="ParkedNight">Share of kerb spaces taken at night; <paramref name="ParkedDay"/> by day.</param>
/// <param name="CarsPerKm">Moving cars per km of street by day, both directions together.</param>
internal readonly record struct Density(double ParkedNight, double ParkedDay, double CarsPerKm, double CyclistsPerKm, double PedestriansPerKm)
{
    public static Density Of(StreetClass street) => street switch
    {
        StreetClass.Motorway or StreetClass.Trunk => new(0, 0, 15, 0, 0),
        StreetClass.Primary => new(0, 0, 12, 1, 6),
        StreetClass.Secondary => new(0.3, 0.5, 8, 2, 8),
        StreetClass.Tertiary => new(0.5, 0.6, 5, 2, 8),
        StreetClass.Unclassified or StreetClass.Residential => new(0.85, 0.55, 1.5, 1, 4),
        StreetClass.LivingStreet => new(0.7, 0.5, 0.5, 1, 6),
        StreetClass.Pedestrian => new(0, 0, 0, 2, 20),
        _ => new(0, 0, 0, 0, 1),
    };

    /// <summary>Share of a day's traffic at an hour: 0.1 at night, 1.5 at the peaks, else 1.</summary>
    public static double HourFactor(double hour) => hour is < 5.5 or > 22 ? 0.1 : hour is (> 7 and < 9) or (> 16 and < 18.5) ? 1.5 : 1;

    public double Parked(double hour) => hour is < 7 or > 18 ? ParkedNight : ParkedDay;
}
