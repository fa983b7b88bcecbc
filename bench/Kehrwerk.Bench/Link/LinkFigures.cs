using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Kehrwerk.Bench.Link;

/// <summary>
/// <c>link [VEHICLES] [SECONDS]</c>: so many vehicles, each on a connection of its own, report once a second by QoS 1 and hear commands.
/// First the Centre's twins take the reports, then the broker alone passes ones of that length to an idle subscriber, which is the limit. Vehicles
/// and server are two processes; latencies come from the machine's one monotonic clock.
/// </summary>
internal static class LinkFigures
{
    // Of a vehicle without an order, with the frame of the padding.
    private const int ShortestReport = 1_190;

    // The broker alone is the reference only: it need not run for as long.
    private const int LongestBare = 60;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int vehicles, int seconds)
    {
        if (vehicles is < 1 or > 1_024 || seconds is < 1 or > 3_600)
        {
            Console.Error.WriteLine("link [VEHICLES 1-1024] [SECONDS 1-3600]");
            return 1;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.Now:yyyy-MM-dd} · {Environment.ProcessorCount} processors, .NET {Environment.Version}; {vehicles} vehicles, a report a second each, {seconds} s after {WarmUp.TotalSeconds} s to warm up"));
        Console.WriteLine();
        var centre = await MeasureAsync("centre", vehicles, seconds, 0);
        var bare = await MeasureAsync("bare", vehicles, Math.Min(seconds, LongestBare), (int)centre.Bytes - ShortestReport);
        Print(bare, centre);
        return centre.Sent == centre.Server.Reports.Count ? 0 : 3;
    }

    private static async Task<Figures> MeasureAsync(string kind, int vehicles, int seconds, int paddingBytes)
    {
        var table = Path.GetTempFileName();
        try
        {
            using var times = new SentTimes(table, vehicles);
            using var server = Start(kind, vehicles, table);
            var port = int.Parse((await server.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            var city = LinkServer.LoadCity();
            var commands = new Latencies();
            var fleet = Enumerable.Range(0, vehicles).Select(i => new LightVehicle(i, city, port, times, commands, paddingBytes)).ToArray();
            await Task.WhenAll(fleet.Select(vehicle => vehicle.ConnectAsync()));
            await ReportAsync(fleet, WarmUp);
            // What is under way belongs to the warm-up.
            await Task.Delay(TimeSpan.FromSeconds(1));
            await server.StandardInput.WriteLineAsync("begin");
            await Task.Delay(TimeSpan.FromSeconds(1));
            var before = fleet.Sum(vehicle => vehicle.Reports);
            await ReportAsync(fleet, TimeSpan.FromSeconds(seconds));
            await Task.Delay(TimeSpan.FromSeconds(2));
            var sent = fleet.Sum(vehicle => vehicle.Reports) - before;
            await server.StandardInput.WriteLineAsync("end");
            var figures = JsonSerializer.Deserialize<ServerFigures>((await server.StandardOutput.ReadLineAsync())!)!;
            await server.StandardInput.WriteLineAsync("leave");
            var bytes = fleet.Average(vehicle => vehicle.Bytes);
            foreach (var vehicle in fleet)
            {
                await vehicle.DisposeAsync();
            }

            await server.WaitForExitAsync();
            return new(figures, commands.Read(), sent, bytes);
        }
        finally
        {
            File.Delete(table);
        }
    }

    private static Process Start(string kind, int vehicles, string table) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
    {
        ArgumentList = { typeof(LinkFigures).Assembly.Location, "link-server", kind, vehicles.ToString(CultureInfo.InvariantCulture), table },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>Each vehicle once a second, spread over the second.</summary>
    private static async Task ReportAsync(LightVehicle[] fleet, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var all = (long)(fleet.Length * time.TotalSeconds);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (long sent = 0; sent < all && await timer.WaitForNextTickAsync();)
        {
            for (var due = Math.Min(all, (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * fleet.Length)); sent < due; sent++)
            {
                await fleet[sent % fleet.Length].ReportAsync();
            }
        }
    }

    private static void Print(Figures bare, Figures centre)
    {
        Line("", "broker alone", "Centre", "ratio");
        Line("---", "---:", "---:", "---:");
        Line("length of a report, bytes", Text(bare.Bytes, "0"), Text(centre.Bytes, "0"), "");
        Line("reports sent", Text(bare.Sent, "N0"), Text(centre.Sent, "N0"), "");
        Line("reports that came", Text(bare.Server.Reports.Count, "N0"), Text(centre.Server.Reports.Count, "N0"), "");
        Row("publish to subscriber or twin, median, ms", figures => figures.Server.Reports.MedianMs);
        Row("99 %, ms", figures => figures.Server.Reports.P99Ms);
        Row("greatest, ms", figures => figures.Server.Reports.MaxMs);
        Line("commands heard", Text(bare.Commands.Count, "N0"), Text(centre.Commands.Count, "N0"), "");
        Row("command to vehicle, median, ms", figures => figures.Commands.MedianMs);
        Row("99 %, ms", figures => figures.Commands.P99Ms);
        Row("processor time for 1,000 reports, ms", figures => 1e6 * figures.Server.CpuS / figures.Sent);
        Row("processors busy", figures => figures.Server.CpuS / figures.Server.WallS);
        Row("live memory at the beginning, MB", figures => figures.Server.HeapMb[0]);
        Row("live memory at the end, MB", figures => figures.Server.HeapMb[1]);
        Row("peak working set, MB", figures => figures.Server.PeakMb);

        void Row(string what, Func<Figures, double> of) =>
            Line(what, Text(of(bare), "0.00"), Text(of(centre), "0.00"), Text(of(centre) / of(bare), "0.0"));

        static void Line(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

        static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <param name="Bytes">Mean length of a report at the end.</param>
    private sealed record Figures(ServerFigures Server, Percentiles Commands, long Sent, double Bytes);
}
