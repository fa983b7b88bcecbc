using System.Collections.Immutable;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Closing;

/// <summary>A street or a part of it that a person closed for our vehicles, in both directions. Kept over restarts until it is opened.</summary>
/// <param name="Stretches">Keys of its segments, way id and piece as in <see cref="StreetNetwork.ArcKey"/>: they outlive a new import of the same ways.</param>
/// <param name="By">Who closed it.</param>
/// <param name="Until">When it opens by itself; null: when a person opens it.</param>
public sealed record StreetClosure(
    long Id, string Street, ImmutableArray<string> Stretches, string Reason, string By, DateTimeOffset At, DateTimeOffset? Until)
{
    /// <summary>The arcs of this city that several closures close; what they name and the city has not any more closes nothing.</summary>
    internal static Closures Arcs(IEnumerable<StreetClosure> closures, StreetNetwork streets) =>
        Closures.None.Close(closures.SelectMany(closure => closure.Stretches).SelectMany(key => ArcsOf(streets, key)));

    /// <summary>The arcs of a segment, one or two; none where the city has no such segment.</summary>
    internal static IEnumerable<int> ArcsOf(StreetNetwork streets, string key) =>
        new[] { streets.FindArc(key + "f"), streets.FindArc(key + "b") }.OfType<int>();
}

/// <summary>A piece of a street between two crossings.</summary>
/// <param name="From">Name of a street that crosses at one end; empty where none has a name.</param>
/// <param name="To">The same at the other end.</param>
/// <param name="IsClosed">No vehicle is led through it now.</param>
public sealed record StreetStretch(string Key, string From, string To, double LengthM, bool IsClosed);
