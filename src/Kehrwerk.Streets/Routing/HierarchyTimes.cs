namespace Kehrwerk.Streets.Routing;

/// <summary>
/// The part of a customisable contraction hierarchy that depends on times: for every edge of the <see cref="StreetHierarchy"/>
/// the milliseconds upwards and downwards along it, each the shortest over all ways through lower states. Closing, opening or
/// slowing down arcs changes it in place, exactly, and touches only what changes. Many threads may read it at once; while it
/// changes nobody else may use it.
/// </summary>
public sealed class HierarchyTimes
{
    /// <summary>No way. Half of the greatest int, so that the sum of two is still an int and not less than it.</summary>
    internal const int Infinity = int.MaxValue / 2;

    /// <summary>The longest time of an arc, milliseconds (about a day): ways of several hundred such arcs are still exact.</summary>
    public const int MaxArcMs = 100_000_000;

    private readonly StreetHierarchy hierarchy;
    private readonly int[] arcMs;
    private readonly bool[] isClosed;

    // By turns alone, and shortest.
    private readonly int[] ownUpMs;
    private readonly int[] ownDownMs;
    private readonly int[] upMs;
    private readonly int[] downMs;

    private readonly TimesUpdate update;

    public HierarchyTimes(StreetHierarchy hierarchy, Closures closures)
    {
        this.hierarchy = hierarchy;
        arcMs = hierarchy.Graph.ArcMs.ToArray();
        isClosed = new bool[arcMs.Length];
        foreach (var arc in closures.Arcs)
        {
            isClosed[arc] = true;
        }

        ownUpMs = new int[hierarchy.EdgeCount];
        ownDownMs = new int[hierarchy.EdgeCount];
        upMs = new int[hierarchy.EdgeCount];
        downMs = new int[hierarchy.EdgeCount];
        update = new(this, upMs, downMs);
        Customise();
    }

    public StreetHierarchy Hierarchy => hierarchy;

    /// <summary>Milliseconds from the lower to the higher end of each edge.</summary>
    internal ReadOnlySpan<int> UpMs => upMs;
    /// <summary>Milliseconds from the higher to the lower end of each edge.</summary>
    internal ReadOnlySpan<int> DownMs => downMs;

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

    /// <summary>From now on driving an arc takes so many milliseconds, 0 to <see cref="MaxArcMs"/>; a closed arc stays closed.</summary>
    public void SetArcMs(int arc, int ms)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ms);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ms, MaxArcMs);
        Change(arc, ms, isClosed[arc]);
        update.Finish();
    }

    /// <summary>Milliseconds of a turn and of the arc that it leads into; <see cref="Infinity"/> where that arc is closed.</summary>
    internal int TurnMs(int turn)
    {
        var graph = hierarchy.Graph;
        var arc = graph.StateArc[graph.TurnTo[turn]];
        return isClosed[arc] ? Infinity : graph.TurnMs[turn] + arcMs[arc];
    }

    /// <summary>
    /// The shortest way along an edge over a lower state, and that state; (own time, -1) where no such way is shorter than
    /// the turn itself. Nothing shorter than <paramref name="floorMs"/> is looked for.
    /// </summary>
    internal (int Ms, int Via) Shortest(int edge, bool upwards, int floorMs)
    {
        var (best, via) = ((upwards ? ownUpMs : ownDownMs)[edge], -1);
        if (best <= floorMs)
        {
            return (best, via);
        }

        var (toLowerMs, onMs) = upwards ? (downMs, upMs) : (upMs, downMs);
        var (x, y) = (hierarchy.UpTail[edge], hierarchy.UpHead[edge]);
        var upTail = hierarchy.UpTail;
        var upHead = hierarchy.UpHead;
        var firstUp = hierarchy.FirstUp;
        var below = hierarchy.DownEdge[hierarchy.FirstDown[x]..hierarchy.FirstDown[x + 1]];

        // From the highest lower state on: the highest one on the shortest way is always joined to both ends.
        for (var i = below.Length - 1; i >= 0; i--)
        {
            var toX = below[i];
            var legMs = toLowerMs[toX];
            if (legMs >= best)
            {
                continue;
            }

            var start = toX + 1;
            var found = upHead[start..firstUp[upTail[toX] + 1]].IndexOf(y);
            if (found >= 0 && legMs + onMs[start + found] < best)
            {
                (best, via) = (legMs + onMs[start + found], upTail[toX]);
                if (best <= floorMs)
                {
                    break;
                }
            }
        }

        return (best, via);
    }

    /// <summary>
    /// The lower state over which the way along an edge is shortest, or -1 where the edge is a turn itself.
    /// </summary>
    internal int Via(int edge, bool upwards) => Shortest(edge, upwards, (upwards ? upMs : downMs)[edge]).Via;

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
                    var upwards = hierarchy.UpHead[edge] == hierarchy.RankOf[state];
                    ref var ownMs = ref (upwards ? ownUpMs : ownDownMs)[edge];
                    var before = ownMs;
                    ownMs = TurnMs(turn);
                    update.Replace(edge, upwards, before, ownMs);
                }
            }
        }
    }

    private void Customise()
    {
        Array.Fill(ownUpMs, Infinity);
        Array.Fill(ownDownMs, Infinity);
        var graph = hierarchy.Graph;
        for (var state = 0; state < graph.StateCount; state++)
        {
            for (var turn = graph.FirstTurn[state]; turn < graph.FirstTurn[state + 1]; turn++)
            {
                var edge = hierarchy.TurnEdge[turn];
                if (edge >= 0)
                {
                    // No two turns join the same states the same way.
                    (hierarchy.UpTail[edge] == hierarchy.RankOf[state] ? ownUpMs : ownDownMs)[edge] = TurnMs(turn);
                }
            }
        }

        RelaxLowerTriangles();
    }

    // Every edge is final before it serves as a side of a triangle below a higher edge: by the rank of the lower end.
    private void RelaxLowerTriangles()
    {
        // The edges of one rank, by the rank of their upper end.
        var rowUpMs = new int[hierarchy.StateCount];
        var rowDownMs = new int[hierarchy.StateCount];
        var firstUp = hierarchy.FirstUp;
        var upHead = hierarchy.UpHead;
        var upTail = hierarchy.UpTail;
        for (var x = 0; x < hierarchy.StateCount; x++)
        {
            for (var edge = firstUp[x]; edge < firstUp[x + 1]; edge++)
            {
                rowUpMs[upHead[edge]] = ownUpMs[edge];
                rowDownMs[upHead[edge]] = ownDownMs[edge];
            }

            foreach (var toX in hierarchy.DownEdge[hierarchy.FirstDown[x]..hierarchy.FirstDown[x + 1]])
            {
                var start = toX + 1;
                var heads = upHead[start..firstUp[upTail[toX] + 1]];
                if (downMs[toX] < Infinity)
                {
                    Lower(rowUpMs, heads, downMs[toX], upMs.AsSpan(start, heads.Length));
                }

                if (upMs[toX] < Infinity)
                {
                    Lower(rowDownMs, heads, upMs[toX], downMs.AsSpan(start, heads.Length));
                }
            }

            for (var edge = firstUp[x]; edge < firstUp[x + 1]; edge++)
            {
                upMs[edge] = rowUpMs[upHead[edge]];
                downMs[edge] = rowDownMs[upHead[edge]];
            }
        }

        static void Lower(int[] rowMs, ReadOnlySpan<int> heads, int legMs, ReadOnlySpan<int> onMs)
        {
            for (var i = 0; i < heads.Length; i++)
            {
                ref var ms = ref rowMs[heads[i]];
                ms = Math.Min(ms, legMs + onMs[i]);
            }
        }
    }
}
