using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Bench.Streets;

/// <summary>
/// The yardstick: Dijkstra's algorithm as quick as it plainly can be, on flat arrays of the turn-expanded graph with a
/// four-ary heap that knows where each state is and lowers its key in place. Only times, no paths, no closures.
/// </summary>
internal sealed class LeanDijkstra
{
    private readonly int[] firstOut;
    private readonly int[] head;
    private readonly int[] weightMs;
    private readonly int[] timeMs;
    private readonly int[] stamp;
    private readonly int[] heap;
    private readonly int[] placeInHeap;
    private int heapSize;
    private int now;

    public LeanDijkstra(TurnGraph graph)
    {
        firstOut = graph.FirstTurn.ToArray();
        head = graph.TurnTo.ToArray();
        weightMs = new int[head.Length];
        for (var turn = 0; turn < head.Length; turn++)
        {
            weightMs[turn] = graph.TurnMs[turn] + graph.ArcMs[graph.StateArc[head[turn]]];
        }

        timeMs = new int[graph.StateCount];
        stamp = new int[graph.StateCount];
        heap = new int[graph.StateCount];
        placeInHeap = new int[graph.StateCount];
    }

    /// <summary>
    /// Milliseconds from the end of the first arc to the end of the last (of a state without memory), -1 where there is no way.
    /// With -1 in place of the last, everything that can be reached is searched.
    /// </summary>
    public int TimeMs(int fromArc, int toArc)
    {
        now++;
        heapSize = 0;
        Relax(fromArc, 0);
        while (heapSize > 0)
        {
            var state = heap[0];
            if (state == toArc)
            {
                return timeMs[state];
            }

            var last = heap[--heapSize];
            if (heapSize > 0)
            {
                SinkFromTop(last);
            }

            placeInHeap[state] = -1;
            Relax(state, timeMs[state]);
        }

        return -1;
    }

    private void Relax(int state, int startMs)
    {
        for (var turn = firstOut[state]; turn < firstOut[state + 1]; turn++)
        {
            var next = head[turn];
            var ms = startMs + weightMs[turn];
            if (stamp[next] != now)
            {
                stamp[next] = now;
                timeMs[next] = ms;
                Rise(heapSize++, next);
            }
            else if (ms < timeMs[next])
            {
                timeMs[next] = ms;
                Rise(placeInHeap[next], next);
            }
        }
    }

    private void Rise(int place, int state)
    {
        var ms = timeMs[state];
        while (place > 0)
        {
            var parent = (place - 1) >> 2;
            if (timeMs[heap[parent]] <= ms)
            {
                break;
            }

            heap[place] = heap[parent];
            placeInHeap[heap[place]] = place;
            place = parent;
        }

        heap[place] = state;
        placeInHeap[state] = place;
    }

    private void SinkFromTop(int state)
    {
        var ms = timeMs[state];
        var place = 0;
        while (true)
        {
            var first = (place << 2) + 1;
            if (first >= heapSize)
            {
                break;
            }

            var least = first;
            var end = Math.Min(first + 4, heapSize);
            for (var child = first + 1; child < end; child++)
            {
                if (timeMs[heap[child]] < timeMs[heap[least]])
                {
                    least = child;
                }
            }

            if (timeMs[heap[least]] >= ms)
            {
                break;
            }

            heap[place] = heap[least];
            placeInHeap[heap[place]] = place;
            place = least;
        }

        heap[place] = state;
        placeInHeap[state] = place;
    }
}
