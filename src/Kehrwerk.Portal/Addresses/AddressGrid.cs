using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses;

/// <summary>Addresses by where they lie: a grid over all of them, about four to a cell. Immutable.</summary>
internal sealed class AddressGrid
{
    private const int PerCell = 4;
    private const double MetresPerUnit = 1e-7 * 111_195;

    private readonly int[] lat;
    private readonly int[] lon;
    private readonly int minLat;
    private readonly int minLon;
    private readonly long cellUnits;
    private readonly int columns;
    private readonly int rows;
    private readonly int[] firstOfCell;
    private readonly int[] byCell;

    /// <param name="lat">Latitudes in 1e-7 degrees.</param>
    /// <param name="lon">Longitudes, likewise.</param>
    public AddressGrid(int[] lat, int[] lon)
    {
        (this.lat, this.lon) = (lat, lon);
        if (lat.Length == 0)
        {
            (firstOfCell, byCell, cellUnits) = ([0], [], 1);
            return;
        }

        (minLat, minLon) = (lat.Min(), lon.Min());
        var (height, width) = ((long)lat.Max() - minLat + 1, (long)lon.Max() - minLon + 1);
        cellUnits = Math.Max(1, (long)Math.Ceiling(Math.Sqrt((double)height * width / Math.Max(1, lat.Length / PerCell))));
        // One long line of houses would have a cell for each of its steps.
        cellUnits = Math.Max(cellUnits, Math.Max(height, width) / 20_000 + 1);
        (rows, columns) = ((int)(height / cellUnits) + 1, (int)(width / cellUnits) + 1);
        firstOfCell = new int[(rows * columns) + 1];
        for (var a = 0; a < lat.Length; a++)
        {
            firstOfCell[Cell(a) + 1]++;
        }

        for (var c = 1; c < firstOfCell.Length; c++)
        {
            firstOfCell[c] += firstOfCell[c - 1];
        }

        byCell = new int[lat.Length];
        var next = firstOfCell[..^1];
        for (var a = 0; a < lat.Length; a++)
        {
            byCell[next[Cell(a)]++] = a;
        }
    }

    public long Bytes => 4L * (firstOfCell.Length + byCell.Length);

    private int Cell(int address) => (int)((lat[address] - (long)minLat) / cellUnits * columns) + (int)((lon[address] - (long)minLon) / cellUnits);

    /// <summary>The nearest addresses within a distance, metres; nearest first, equally near ones by number.</summary>
    public List<(int Address, double DistanceM)> Nearest(GeoPoint point, int count, double maxM)
    {
        var shrink = Math.Cos(point.Lat * Math.PI / 180);
        var (atLat, atLon) = (point.Lat * 1e7, point.Lon * 1e7);
        var (row, column) = ((long)Math.Floor((atLat - minLat) / cellUnits), (long)Math.Floor((atLon - minLon) / cellUnits));
        var found = new PriorityQueue<int, (double, int)>(Comparer<(double M, int A)>.Create((x, y) => x.M != y.M ? y.M.CompareTo(x.M) : y.A.CompareTo(x.A)));
        // Rings of cells outwards; the first that can touch the grid, and the last that can hold anything near enough.
        var start = Math.Max(Math.Max(Math.Max(-row, row - rows + 1), Math.Max(-column, column - columns + 1)), 0);
        var end = Math.Max(Math.Max(row, rows - 1 - row), Math.Max(column, columns - 1 - column));
        for (var ring = start; ring <= end && byCell.Length > 0 && count > 0; ring++)
        {
            // Whatever lies in this ring is at least so far away.
            var leastM = Math.Max(0, ring - 1) * cellUnits * MetresPerUnit * shrink;
            if (leastM > maxM || (found.Count == count && found.TryPeek(out _, out var worst) && leastM > worst.Item1))
            {
                break;
            }

            for (var r = Math.Max(0, row - ring); r <= Math.Min(rows - 1, row + ring); r++)
            {
                var edge = r == row - ring || r == row + ring;
                for (var c = column - ring; c <= column + ring; c += edge || ring == 0 ? 1 : 2 * ring)
                {
                    if (c < 0 && edge)
                    {
                        c = -1;
                    }
                    else if (c >= columns)
                    {
                        break;
                    }
                    else if (c >= 0)
                    {
                        Look((int)((r * columns) + c));
                    }
                }
            }
        }

        var nearest = new (int, double)[found.Count];
        for (var i = nearest.Length - 1; i >= 0; i--)
        {
            found.TryDequeue(out var address, out var distance);
            nearest[i] = (address, distance.Item1);
        }

        return [.. nearest];

        void Look(int cell)
        {
            for (var i = firstOfCell[cell]; i < firstOfCell[cell + 1]; i++)
            {
                var a = byCell[i];
                var distanceM = MetresPerUnit * Math.Sqrt(Math.Pow(lat[a] - atLat, 2) + Math.Pow((lon[a] - atLon) * shrink, 2));
                if (distanceM <= maxM)
                {
                    found.Enqueue(a, (distanceM, a));
                    if (found.Count > count)
                    {
                        found.Dequeue();
                    }
                }
            }
        }
    }
}
