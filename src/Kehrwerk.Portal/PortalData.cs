using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Maps;
using Kehrwerk.Portal.Sweeping;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Tiles;

namespace Kehrwerk.Portal;

/// <summary>What the Portal's pages show.</summary>
/// <param name="Tiles">The map below everything.</param>
/// <param name="Time">The real clock: what is overdue counts from today.</param>
public sealed record PortalData(City City, CityTiles Tiles, AddressBook Book, AddressPaths Paths, AtlasStore Atlas, AtlasMap Map, SweepingDays Sweeping, TimeProvider Time)
{
    public static PortalData Of(City city, CityTiles tiles, AddressBook book, AtlasStore atlas, SweepingDays sweeping, TimeProvider time)
    {
        var paths = new AddressPaths(book);
        return new(city, tiles, book, paths, atlas, new(atlas, book, paths, city.Fingerprint), sweeping, time);
    }

    public string CityName => City.Name;

    /// <summary>City and atlas are invented, which every page says.</summary>
    public bool IsDemo => City.Source == MapSource.DemoCity;

    public DateOnly Today => DateOnly.FromDateTime(Time.GetLocalNow().DateTime);
}
