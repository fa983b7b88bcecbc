using System.Globalization;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper;

/// <summary>How orders name places on the map.</summary>
internal static class OrderNodes
{
    /// <summary>The free node at which an order begins when the vehicle stands within an arc.</summary>
    public const string Here = "here";

    /// <summary>The id of a network's node on the wire: <c>n</c> and its OSM id.</summary>
    public static string IdOf(StreetNetwork map, int node) => string.Create(CultureInfo.InvariantCulture, $"n{map.NodeOsmId[node]}");
}
