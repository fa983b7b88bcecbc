using System.Globalization;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>A finished run of the solver on an instance: a row of the table in which a benchmark remembers what is done.</summary>
/// <param name="Set">The folder of the instance.</param>
/// <param name="Budget">What the run was allowed, such as <c>cpu 60</c>; runs with another budget are another benchmark.</param>
/// <param name="CpuSeconds">Processor time of all threads.</param>
public sealed record BenchRun(
    string Set, string Instance, int Seed, string Budget, int Threads, long Cost, double Seconds, double CpuSeconds, long Iterations, int Tours)
{
    /// <summary>The first line of the table.</summary>
    public const string Header = "set\tinstance\tseed\tbudget\tthreads\tcost\tseconds\tcpu\titerations\ttours";

    public string ToRow() => string.Create(
        CultureInfo.InvariantCulture, $"{Set}\t{Instance}\t{Seed}\t{Budget}\t{Threads}\t{Cost}\t{Seconds}\t{CpuSeconds}\t{Iterations}\t{Tours}");

    /// <param name="place">File and line, as the person knows them.</param>
    /// <exception cref="InputException">It is no row of such a table.</exception>
    public static BenchRun Parse(string row, string place)
    {
        var fields = row.Split('\t');
        return fields.Length == Header.Split('\t').Length
            && int.TryParse(fields[2], CultureInfo.InvariantCulture, out var seed)
            && int.TryParse(fields[4], CultureInfo.InvariantCulture, out var threads)
            && long.TryParse(fields[5], CultureInfo.InvariantCulture, out var cost)
            && double.TryParse(fields[6], CultureInfo.InvariantCulture, out var seconds)
            && double.TryParse(fields[7], CultureInfo.InvariantCulture, out var cpuSeconds)
            && long.TryParse(fields[8], CultureInfo.InvariantCulture, out var iterations)
            && int.TryParse(fields[9], CultureInfo.InvariantCulture, out var tours)
            ? new(fields[0], fields[1], seed, fields[3], threads, cost, seconds, cpuSeconds, iterations, tours)
            : throw new InputException(place, "this is not a finished run", "Remove the line, then the run is done again; or choose another folder with --out");
    }
}
