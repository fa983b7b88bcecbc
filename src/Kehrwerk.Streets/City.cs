using System.Collections.Immutable;

namespace Kehrwerk.Streets;

/// <summary>A city as it was imported: its streets, what is to be swept, addresses, depot and what the map shows besides. Immutable.</summary>
public sealed record City
{
    public required string Name { get; init; }

    /// <summary>Hash over the imported files and the import's version; plans made for another fingerprint do not fit this city.</summary>
    public required string Fingerprint { get; init; }

    public required StreetNetwork Streets { get; init; }

    /// <summary>Every kerb; its <see cref="Kerb.Id"/> is its index here.</summary>
    public required ImmutableArray<Kerb> Kerbs { get; init; }

    public required ImmutableArray<Address> Addresses { get; init; }
    public required Depot Depot { get; init; }
    public required MapLayers Map { get; init; }

    /// <summary>Whose map it is, to be named wherever the map is shown.</summary>
    public MapSource Source { get; init; }

    public required ImportReport Report { get; init; }
}

/// <summary>Where a map comes from.</summary>
public enum MapSource : byte
{
    /// <summary>Made by the contributors of OpenStreetMap (ODbL: they are to be named).</summary>
    OpenStreetMap,

    /// <summary>Invented by <see cref="Demo.DemoCity"/>.</summary>
    DemoCity,
}

/// <summary>Which edge of the carriageway a kerb is, seen in the direction of its arc.</summary>
public enum KerbSide : byte { Right, Left }

/// <summary>
/// One side of a street that is swept: its arc is driven in its direction with the brush on <paramref name="Side"/>.
/// </summary>
/// <param name="Id">Index in <see cref="City.Kerbs"/>.</param>
/// <param name="Key">Stable name: the arc's key, with <c>l</c> behind it for the left side, e.g. <c>4711.3f</c> or <c>4711.3fl</c>.</param>
/// <param name="Arc">The arc that is driven to sweep it.</param>
/// <param name="LengthM">Length, metres.</param>
/// <param name="Street">Street name, or empty.</param>
public sealed record Kerb(int Id, string Key, int Arc, KerbSide Side, double LengthM, string Street, CleaningClass Class);

/// <summary>A Reinigungsklasse: how often a kerb is swept and how it ranks when not everything can be.</summary>
/// <param name="Id">Short name as in the city's statute, e.g. <c>S2</c>.</param>
/// <param name="TimesPerWeek">Sweeps per week; 0 is never, 0.5 every second week.</param>
/// <param name="Priority">1 is served first.</param>
public sealed record CleaningClass(string Id, string Name, double TimesPerWeek, int Priority);

/// <summary>An address, tied to the kerb in front of it.</summary>
/// <param name="Kerb">Index of the nearest kerb of its street, or -1.</param>
public sealed record Address(string Street, string HouseNumber, string Postcode, string Place, GeoPoint Position, int Kerb);

/// <summary>The Betriebshof, where vehicles start, empty, wash, fill, charge and end. Each bay serves one vehicle at a time.</summary>
/// <param name="Arc">The arc at whose end the depot lies: vehicles arrive over it and depart from its end.</param>
/// <param name="GridLimitKw">What all chargers together may draw, kW.</param>
public sealed record Depot(string Name, int Arc, int Chargers, int Tips, int Washes, int WaterPoints, double GridLimitKw);

/// <summary>What the map shows besides streets and kerbs.</summary>
public sealed record MapLayers(ImmutableArray<MapArea> Areas, ImmutableArray<MapPlace> Places);

public enum AreaKind : byte { Building, Water, Green, Industry, Depot, Plaza }

/// <summary>An area with its outer ring first, then holes; each ring closed.</summary>
public sealed record MapArea(AreaKind Kind, string Name, ImmutableArray<ImmutableArray<GeoPoint>> Rings);

/// <summary>Something with an outer ring first, then holes; each ring closed.</summary>
public static class AreaRings
{
    /// <summary>Whether a point lies inside (even–odd rule over all rings).</summary>
    public static bool Contain(ImmutableArray<ImmutableArray<GeoPoint>> rings, GeoPoint point) => rings.Count(ring => Import.Rings.Contains(ring.AsSpan(), point)) % 2 == 1;
}

/// <summary>A named place to label: a quarter, a station, a square.</summary>
public sealed record MapPlace(string Name, string Kind, GeoPoint Position);

/// <summary>What the import took and what it left out, for people.</summary>
public sealed record ImportReport(ImmutableArray<ImportCount> Taken, ImmutableArray<ImportCount> LeftOut, ImmutableArray<string> Warnings);

/// <summary>So many of a thing, with their length where they have one.</summary>
public sealed record ImportCount(string What, int Count, double LengthM);
