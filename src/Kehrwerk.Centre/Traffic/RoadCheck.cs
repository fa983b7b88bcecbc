using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;

namespace Kehrwerk.Centre.Traffic;

/// <summary>What must hold between a twin and the book whenever neither is at work; simulations look after every event.</summary>
internal static class RoadCheck
{
    /// <summary>A place that the twin counts as its own, or that its vehicle may still drive by its order, and that the book does not hold for it; else null.</summary>
    public static string? Problem(Twin twin, TrafficBook book, CityContext city)
    {
        var (narrow, order) = (city.Narrow, twin.Order);
        var ahead = order is null || order.OrderId != twin.Facts?.OrderId ? [] : order.Path.Take(order.Base).Skip(WayAhead.Passed(order, twin.Facts)).Select(arc => arc.Arc);
        var places = twin.Road?.Held(narrow) ?? [];
        foreach (var arc in ahead)
        {
            narrow.AddPlaces(arc, places);
        }

        places.ExceptWith(book.Claims.GetValueOrDefault(twin.Id)?.Held(narrow) ?? []);
        return places.Count == 0 ? null : $"{twin.Id}: the book does not hold places {string.Join(' ', places.Order())} for it, of order {order?.OrderId}";
    }
}
