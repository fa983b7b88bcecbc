using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Kehrwerk.Bench.Link;

/// <summary>
/// When each message was sent, shared by two processes of one machine through a mapped file: ticks of the machine's monotonic clock, by
/// vehicle and number of the message. Rows 0 to n − 1 are for reports, n to 2n − 1 for commands.
/// </summary>
internal sealed class SentTimes(string file, int vehicles) : IDisposable
{
    /// <summary>The most messages of a vehicle.</summary>
    public const int PerVehicle = 4_096;

    private readonly MemoryMappedFile map = MemoryMappedFile.CreateFromFile(file, FileMode.OpenOrCreate, null, 2L * vehicles * PerVehicle * sizeof(long));
    private MemoryMappedViewAccessor? view;

    private MemoryMappedViewAccessor View => view ??= map.CreateViewAccessor();

    public void Report(int vehicle, int number) => Set(vehicle, number);

    public void Command(int vehicle, int number) => Set(vehicles + vehicle, number);

    /// <summary>Milliseconds since that report was sent.</summary>
    public double SinceReportMs(int vehicle, int number) => Since(vehicle, number);

    public double SinceCommandMs(int vehicle, int number) => Since(vehicles + vehicle, number);

    public void Dispose()
    {
        view?.Dispose();
        map.Dispose();
    }

    private static long At(int row, int number) => ((long)row * PerVehicle + (number % PerVehicle)) * sizeof(long);

    private void Set(int row, int number) => View.Write(At(row, number), Stopwatch.GetTimestamp());

    private double Since(int row, int number) => Stopwatch.GetElapsedTime(View.ReadInt64(At(row, number))).TotalMilliseconds;
}

/// <summary>Latencies in milliseconds. Thread-safe.</summary>
internal sealed class Latencies
{
    private readonly Lock gate = new();
    private readonly List<double> values = [];

    public int Count
    {
        get
        {
            lock (gate)
            {
                return values.Count;
            }
        }
    }

    public void Add(double ms)
    {
        lock (gate)
        {
            values.Add(ms);
        }
    }

    /// <summary>Median, 99th percentile and greatest; zeros where there are none.</summary>
    public Percentiles Read()
    {
        lock (gate)
        {
            values.Sort();
            return values.Count == 0 ? default : new(values.Count, values[values.Count / 2], values[(int)(values.Count * 0.99)], values[^1]);
        }
    }
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Percentiles(int Count, double MedianMs, double P99Ms, double MaxMs);
