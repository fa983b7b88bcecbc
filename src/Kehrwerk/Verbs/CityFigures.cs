using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary>The counts of a city, for scripts.</summary>
internal sealed record CityFigures
{
    public required string Name { get; init; }
    public required string Fingerprint { get; init; }
    public required int Nodes { get; init; }
    public required int Arcs { get; init; }
    public required double StreetKm { get; init; }
    public required int BannedTurns { get; init; }
    public required int Kerbs { get; init; }
    public required double KerbKm { get; init; }
    public required int Addresses { get; init; }
    public required int AddressesWithKerb { get; init; }
    public required IReadOnlyList<ImportCount> Taken { get; init; }
    public required IReadOnlyList<ImportCount> LeftOut { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }

    public static CityFigures Of(City city)
    {
        var streets = city.Streets;
        var streetM = 0.0;
        for (var arc = 0; arc < streets.ArcCount; arc++)
        {
            // A segment counts once, with its first arc.
            streetM += streets.ArcReverse[arc] is var reverse && (reverse < 0 || reverse > arc) ? streets.ArcLengthM[arc] : 0;
        }

        return new()
        {
            Name = city.Name,
            Fingerprint = city.Fingerprint,
            Nodes = streets.NodeCount,
            Arcs = streets.ArcCount,
            StreetKm = Math.Round(streetM / 1000, 3),
            BannedTurns = streets.BannedTurns.Count,
            Kerbs = city.Kerbs.Length,
            KerbKm = Math.Round(city.Kerbs.Sum(k => k.LengthM) / 1000, 3),
            Addresses = city.Addresses.Length,
            AddressesWithKerb = city.Addresses.Count(a => a.Kerb >= 0),
            Taken = city.Report.Taken,
            LeftOut = city.Report.LeftOut,
            Warnings = city.Report.Warnings,
        };
    }
}
