using System.Collections.Immutable;

namespace Kehrwerk.Streets.Routing;

/// <summary>The arcs that may not be entered now. Immutable: closing and lifting give a new set. The empty set is <see cref="None"/>.</summary>
public sealed record Closures(ImmutableSortedSet<int> Arcs)
{
    public static Closures None { get; } = new(ImmutableSortedSet<int>.Empty);

    public bool Contains(int arc) => Arcs.Contains(arc);

    public Closures Close(params IEnumerable<int> arcs) => new(Arcs.Union(arcs));

    public Closures Lift(params IEnumerable<int> arcs) => new(Arcs.Except(arcs));
}
