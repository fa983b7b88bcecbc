namespace Kehrwerk.Sweeper.World;

/// <summary>
/// Agents in square cells, hashed into a table, to find who is near. Filled anew at each step by counting sort, without allocation;
/// between two fillings an agent stays in the cell where it was.
/// </summary>
internal sealed class AgentGrid
{
    private const double CellM = 16;
    private const int Buckets = 1 << 12;

    private readonly int[] first = new int[Buckets + 1];
    private readonly int[] next = new int[Buckets + 1];
    private int[] items = new int[64];
    private (int X, int Y)[] cells = new (int, int)[64];

    public void Fill(ReadOnlySpan<Agent> agents, bool isParked)
    {
        if (items.Length < agents.Length)
        {
            items = new int[agents.Length * 2];
            cells = new (int, int)[agents.Length * 2];
        }

        Array.Clear(first);
        for (var i = 0; i < agents.Length; i++)
        {
            if (Holds(agents[i], isParked))
            {
                cells[i] = (Cell(agents[i].X), Cell(agents[i].Y));
                first[Bucket(cells[i].X, cells[i].Y) + 1]++;
            }
        }

        for (var b = 0; b < Buckets; b++)
        {
            first[b + 1] += first[b];
        }

        Array.Copy(first, next, first.Length);
        for (var i = 0; i < agents.Length; i++)
        {
            if (Holds(agents[i], isParked))
            {
                items[next[Bucket(cells[i].X, cells[i].Y)]++] = i;
            }
        }
    }

    /// <summary>Adds agents whose middle is within a square of <paramref name="radiusM"/> to <paramref name="into"/>, as many as fit.</summary>
    /// <returns>How many it holds now.</returns>
    public int Near(ReadOnlySpan<Agent> agents, double x, double y, double radiusM, Span<int> into, int count = 0)
    {
        for (var cx = Cell(x - radiusM); cx <= Cell(x + radiusM); cx++)
        {
            for (var cy = Cell(y - radiusM); cy <= Cell(y + radiusM); cy++)
            {
                var bucket = Bucket(cx, cy);
                for (var k = first[bucket]; k < first[bucket + 1] && count < into.Length; k++)
                {
                    var i = items[k];
                    if (cells[i] == (cx, cy) && Math.Abs(agents[i].X - x) <= radiusM && Math.Abs(agents[i].Y - y) <= radiusM)
                    {
                        into[count++] = i;
                    }
                }
            }
        }

        return count;
    }

    private static bool Holds(in Agent agent, bool isParked) => !agent.IsAway && agent.Behaviour == Behaviour.Parked == isParked;

    private static int Cell(double metres) => (int)Math.Floor(metres / CellM);

    private static int Bucket(int x, int y) => (int)(((uint)x * 73856093u) ^ ((uint)y * 19349663u)) & (Buckets - 1);
}
