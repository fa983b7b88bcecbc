using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Bench.Link;

/// <summary>
/// <c>link-parse [FILE ...]</c>: how fast states are read, in MB of JSON a second of processor time, beside what any reader has to do at
/// least: look at every token of the text. Of each file, and of a state in the middle of an order that the bench makes itself.
/// </summary>
internal static class ParseFigures
{
    private const int Rounds = 15;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);

    public static int Run(string[] files)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-dd} · .NET {Environment.Version}, one thread, median of {Rounds} rounds of {Slice.TotalMilliseconds} ms"));
        Console.WriteLine();
        Console.WriteLine("| state | bytes | tokens only, MB/s | read and checked, MB/s | ratio |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        Figures("in an order: 8 nodes, 8 edges, 6 actions", LinkJson.Serialize(InOrder()));
        foreach (var file in files)
        {
            Figures(Path.GetFileName(file), File.ReadAllBytes(file));
        }

        return 0;
    }

    private static void Figures(string name, byte[] json)
    {
        var read = LinkJson.Read<State>(json);
        if (!read.IsOk)
        {
            Console.Error.WriteLine($"{name} is not a state: {read.Error}");
            return;
        }

        var (tokens, checkedMbps) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            tokens.Add(Mbps(json, Tokens));
            checkedMbps.Add(Mbps(json, bytes => LinkJson.Read<State>(bytes).IsOk ? 1 : 0));
        }

        tokens.Sort();
        checkedMbps.Sort();
        var (limit, ours) = (tokens[Rounds / 2], checkedMbps[Rounds / 2]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {json.Length} | {limit:0} | {ours:0} | {ours / limit:0.00} |"));
    }

    private static State InOrder() => new()
    {
        HeaderId = 123_456,
        Timestamp = new(2026, 5, 4, 6, 30, 12, 345, TimeSpan.Zero),
        Vehicle = new("kehrwerk", "KW-01"),
        OrderId = "m17.o42",
        OrderUpdateId = 12,
        LastNodeId = "n2391822041",
        LastNodeSequenceId = 46,
        NodeStates = [.. Enumerable.Range(0, 8).Select(i => new NodeState($"n23918220{i}", 48 + (2 * (uint)i), i < 5))],
        EdgeStates = [.. Enumerable.Range(0, 8).Select(i => new EdgeState($"w2301442{i}.3f", 47 + (2 * (uint)i), i < 5))],
        MobileRobotPosition = new(332_716.482, 5_700_881.117, 1.2345, "musterstadt-7f3a", Localized: true),
        Velocity = new(1.389, 0, 0.012),
        Driving = true,
        DistanceSinceLastNode = 37.42,
        ActionStates = [.. Enumerable.Range(0, 6).Select(i => new ActionState($"m17.o42.sweep.{40 + i}", i < 3 ? ActionStatus.Finished : ActionStatus.Waiting, SweeperActions.Sweep, i < 3 ? "sweptM=113.40" : null))],
        InstantActionStates = [],
        PowerSupply = new(73.125, Charging: false),
        OperatingMode = OperatingMode.Automatic,
        Errors = [],
        SweeperStatus = new(0.31, 201.5, 388.2, 1_234_567.8, 345_678.9, 41_000),
        SafetyState = new(EmergencyStop.None, false),
        Loads = [],
    };

    private static int Tokens(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        var count = 0;
        while (reader.Read())
        {
            count++;
        }

        return count;
    }

    private static double Mbps(byte[] json, Func<byte[], int> read)
    {
        using var process = Process.GetCurrentProcess();
        var (began, times) = (process.TotalProcessorTime, 0);
        TimeSpan taken;
        do
        {
            for (var i = 0; i < 1_000; i++, times++)
            {
                if (read(json) == 0)
                {
                    throw new InvalidOperationException("The state was read before and cannot be read now.");
                }
            }

            process.Refresh();
            taken = process.TotalProcessorTime - began;
        }
        while (taken < Slice);
        return json.Length * (double)times / 1e6 / taken.TotalSeconds;
    }
}
