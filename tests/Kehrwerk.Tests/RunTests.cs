using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>The running installation: real broker, real database, real processes.</summary>
public sealed class RunTests
{
    internal static readonly string[] Shift = ["--vehicles", "2", "--hours", "0.7", "--iterations", "300", "--seed", "1"];

    [Fact]
    public async Task A_shift_over_the_real_broker_sweeps_the_kerbs_that_the_simulation_sweeps()
    {
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);
        var simulated = await Program.Run(["simulate", "--data", folder.Path, "--json", .. Shift]);

        var run = await Program.Run([.. RunVerb(folder.Path, speed: 60), .. Shift]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(SweptIn(simulated.Output), SweptIn(run.Output));
    }

    [Fact]
    public async Task An_occupied_port_is_named_and_the_process_ends()
    {
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var broker = await Program.Run("run", "--data", folder.Path, "--broker-port", $"{port}", "--port", $"{Ports.FirstOfThree()}");
        var pages = await Program.Run("run", "--data", folder.Path, "--broker-port", $"{Ports.FirstOfThree()}", "--port", $"{port}");
        var portal = await Program.Run("run", "--data", folder.Path, "--broker-port", $"{Ports.FirstOfThree()}", "--port", $"{port - 1}");

        Assert.Equal(2, broker.ExitCode);
        Assert.Contains($"--broker-port {port}", broker.Errors, StringComparison.Ordinal);
        Assert.Equal(2, pages.ExitCode);
        Assert.Contains($"--port {port}", pages.Errors, StringComparison.Ordinal);
        Assert.Equal(2, portal.ExitCode);
        Assert.Contains($"port {port} for the portal", portal.Errors, StringComparison.Ordinal);
        Assert.All([broker, pages, portal], run => Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_portal_finds_the_addresses_of_the_map()
    {
        using var folder = new TemporaryFolder();
        var port = Ports.FirstOfThree();
        using var run = Program.Start("run", "--data", folder.Path, "--port", $"{port}", "--broker-port", $"{port + 2}", "--vehicles", "1", "--no-sweepers", "--iterations", "1");
        try
        {
            await Says(run, "Portal");
            using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port + 1}") };
            var some = await Properties(client, "/api?q=a&limit=1");
            var street = some.GetProperty("name").GetString()!;

            var found = await Properties(client, $"/api?q={Uri.EscapeDataString(street.ToUpperInvariant() + " 1, " + new string('x', 10_000))}");

            Assert.Equal(("asTyped", "Musterstadt"), (found.GetProperty("spelling").GetString(), found.GetProperty("city").GetString()));
            Assert.Equal(street, found.GetProperty(found.TryGetProperty("street", out _) ? "street" : "name").GetString());
        }
        finally
        {
            run.Kill();
            await run.WaitForExitAsync(CancellationToken.None);
        }

        static async Task<JsonElement> Properties(HttpClient client, string path) =>
            JsonDocument.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken))
                .RootElement.GetProperty("features")[0].GetProperty("properties");
    }

    [Fact]
    public async Task Vehicles_of_2_1_are_heard_where_they_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        var port = Ports.FirstOfThree();
        using var run = Program.Start("run", "--data", folder.Path, "--port", $"{port}", "--broker-port", $"{port + 2}", "--vehicles", "1", "--no-sweepers", "--iterations", "1", "--vda21");
        try
        {
            await using var vehicle = MqttTransport.Start(new("127.0.0.1", port + 2, "vehicle"), NullLogger<MqttTransport>.Instance);
            await Says(run, "Vehicles of VDA 5050 2.1 and 2.0 know no lease");
            await vehicle.PublishAsync(
                new("uagv/v2/kehrwerk/KW-01/state", """
                    {"headerId":1,"timestamp":"2026-03-01T04:05:06.789Z","version":"2.1.0","manufacturer":"kehrwerk","serialNumber":"KW-01",
                    "orderId":"","orderUpdateId":0,"lastNodeId":"","lastNodeSequenceId":0,"nodeStates":[],"edgeStates":[],"driving":false,"actionStates":[],
                    "batteryState":{"batteryCharge":80,"charging":false},"operatingMode":"AUTOMATIC","errors":[],"safetyState":{"eStop":"NONE","fieldViolation":false}}
                    """u8.ToArray(), Qos.AtLeastOnce),
                TestContext.Current.CancellationToken);
            await Says(run, "kehrwerk/KW-01 speaks VDA 5050 2.1.0");
        }
        finally
        {
            run.Kill();
            await run.WaitForExitAsync(CancellationToken.None);
        }
    }

    internal static string[] RunVerb(string data, int speed)
    {
        var port = Ports.FirstOfThree();
        return ["run", "--data", data, "--speed", $"{speed}", "--port", $"{port}", "--broker-port", $"{port + 2}", "--lease-timeout", "60", "--until-done"];
    }

    internal static async Task Says(Process process, string text)
    {
        var heard = new List<string>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            heard.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The program ended without saying '{text}': {string.Join('\n', heard)}");
    }

    internal static List<string> SweptIn(string json) =>
        [.. JsonDocument.Parse(json).RootElement.GetProperty("swept").EnumerateArray().Select(k => k.GetString()!)];
}
