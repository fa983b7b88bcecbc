using Kehrwerk.Centre.Missions;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Fleet;

/// <summary>The city with the closures that hold now. Thread-safe: readers take the newest, the fleet's desk sets it.</summary>
internal sealed class CurrentCity(CityContext initial)
{
    private volatile CityContext value = initial;

    public CityContext Value => value;

    public void Close(Closures closures) => value = value.With(closures);
}
