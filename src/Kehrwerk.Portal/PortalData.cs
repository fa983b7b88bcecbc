using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal;

/// <summary>What the Portal's pages show.</summary>
/// <param name="IsDemo">City and atlas are invented, which every page says.</param>
/// <param name="Time">The real clock: what is overdue counts from today.</param>
public sealed record PortalData(string CityName, bool IsDemo, AddressBook Book, AddressPaths Paths, AtlasStore Atlas, TimeProvider Time)
{
    public static PortalData Of(City city, AddressBook book, AtlasStore atlas, TimeProvider time) => new(city.Name, city.Source == MapSource.DemoCity, book, new(book), atlas, time);

    public DateOnly Today => DateOnly.FromDateTime(Time.GetLocalNow().DateTime);
}
