namespace Kehrwerk.Streets.Routing;

/// <summary>
/// The part of a customisable contraction hierarchy that depends on times: for every edge of the <see cref="StreetHierarchy"/>
/// the milliseconds along it, the shortest over all ways through lower states. Closing, opening or slowing down arcs changes
/// it in place, exactly, and touches only what changes. Many threads may read it at once; while it changes nobody else may
/// use it.
/// </summary>
public sealed class HierarchyTimes
{
    /// <summary>The longest time of an arc, milliseconds: more than a day.</summary>
    public const int MaxArcMs = 100_000_000;

    /// <summary>No way. Half of the greatest int, so that the sum of two is still an int and not less than it.</summary>
    internal const int Infinity = int.MaxValue / 2;

    private readonly StreetHierarchy hierarchy;
    private readonly int[] arcMs;
    private readonly bool[] isClosed;
    private readonly TimesUpdate update;

    // The edges of one rank, by the rank of their upper end.
    private readonly int[] rowMs;
    private readonly (int, int)[] rowParts;

    public HierarchyTimes(StreetHierarchy hierarchy, Closures closures)
    {
        this.hierarchy = hierarchy;
        arcMs = hierarchy.Graph.ArcMs.ToArray();
        isClosed = new bool[arcMs.Length];
        foreach (var arc in closures.Arcs)
        {
            isClosed[arc] = true;
        }

        Up = new(hierarchy.Up);
        Down = new(hierarchy.Down);
        rowMs = new int[hierarchy.StateCount];
        rowParts = new (int, int)[hierarchy.StateCount];
        update = new(Up, Down, hierarchy.StateCount);
        Customise();
    }

    public StreetHierarchy Hierarchy => hierarchy;

    /// <summary>The edges from lower to higher ranks.</summary>
    internal EdgeTimes Up { get; }
    /// <summary>The edges from higher to lower ranks.</summary>
    internal EdgeTimes Down { get; }

    /// <summary>Milliseconds to drive an arc, closed or not.</summary>
    public int ArcMs(int arc) => arcMs[arc];

    public bool IsClosed(int arc) => isClosed[arc];

    /// <summary>From now on none of these arcs may be entered.</summary>
    public void Close(params ReadOnlySpan<int> arcs)
    {
        foreach (var arc in arcs)
        {
            Change(arc, arcMs[arc], closed: true);
        }

        update.Finish();
    }

    /// <summary>From now on all of these arcs may be entered.</summary>
    public void Open(params ReadOnlySpan<int> arcs)
    {
        foreach (var arc in arcs)
        {
            Change(arc, arcMs[arc], closed: false);
        }

        update.Finish();
    }

    /// <summary>From now on exactly these arcs may not be entered.</summary>
    public void Set(Closures closures)
    {
        for (var arc = 0; arc < isClosed.Length; arc++)
        {
            if (isClosed[arc] && !closures.Contains(arc))
            {
                Change(arc, arcMs[arc], closed: false);
            }
        }

        foreach (var arc in closures.Arcs)
        {
            Change(arc, arcMs[arc], closed: true);
        }

        update.Finish();
    }

    /// <summary>From now on driving this arc takes so many milliseconds, 0 to <see cref="MaxArcMs"/>; a closed arc stays closed.</summary>
    public void SetArcMs(int arc, int ms)
    {
        CheckMs(ms);
        Change(arc, ms, isClosed[arc]);
        update.Finish();
    }

    /// <summary>From now on driving each arc takes its time of this list: quicker than one by one where most of them change.</summary>
    public void SetAllArcMs(ReadOnlySpan<int> ms)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ms.Length, arcMs.Length);
        foreach (var one in ms)
        {
            CheckMs(one);
        }

        ms.CopyTo(arcMs);
        Customise();
    }

    /// <summary>Milliseconds of a turn and of the arc that it leads into; <see cref="Infinity"/> where that arc is closed.</summary>
    internal int TurnMs(int turn)
    {
        var graph = hierarchy.Graph;
        var arc = graph.StateArc[graph.TurnTo[turn]];
        return isClosed[arc] ? Infinity : graph.TurnMs[turn] + arcMs[arc];
    }

    private static void CheckMs(int ms)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ms);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ms, MaxArcMs);
    }

    private void Change(int arc, int ms, bool closed)
    {
        if (arcMs[arc] == ms && isClosed[arc] == closed)
        {
            return;
        }

        arcMs[arc] = ms;
        isClosed[arc] = closed;
        foreach (var state in hierarchy.Graph.StatesOf(arc))
        {
            foreach (var turn in hierarchy.TurnsInto(state))
            {
                var edge = hierarchy.TurnEdge[turn];
                if (edge >= 0)
                {
                    update.ReplaceOwn(hierarchy.TurnLeadsUp[turn] ? Up : Down, edge, TurnMs(turn));
                }
            }
        }
    }

    private void Customise()
    {
        var graph = hierarchy.Graph;
        for (var turn = 0; turn < graph.TurnTo.Length; turn++)
        {
            var edge = hierarchy.TurnEdge[turn];
            if (edge >= 0)
            {
                // No two turns join the same states the same way.
                (hierarchy.TurnLeadsUp[turn] ? Up : Down).OwnMs[edge] = TurnMs(turn);
            }
        }

        // Every edge is final before it serves as a side of a triangle below a higher edge: by the rank of the lower end.
        for (var rank = 0; rank < hierarchy.StateCount; rank++)
        {
            Up.Customise(rank, Down, rowMs, rowParts);
            Down.Customise(rank, Up, rowMs, rowParts);
        }
    }
}
