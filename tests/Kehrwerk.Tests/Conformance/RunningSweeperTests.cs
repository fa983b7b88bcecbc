using System.Text.Json;

namespace Kehrwerk.Tests.Conformance;

/// <summary>
/// The sweeper as it is run, checked as a stranger's is, by the command over Mosquitto: what the broker keeps and how messages come, what the vehicle
/// says of itself, instant actions, an order that is cancelled under way, an update to it that is refused, and an order driven to its end. Left out are updates
/// that are taken, orders of wrong form, pauses, work, zones, leases that end, MRM, sleep, modes and a connection that breaks: driving takes
/// real time, all of it half an hour. That is checked in memory (<see cref="OwnVehicleTests"/>) and by hand (docs/how-to/check-a-vehicle.md).
/// </summary>
public sealed class RunningSweeperTests(ITestOutputHelper output)
{
    // header.counts beside factsheet: where the runner subscribes twice, Mosquitto delivers a factsheet twice.
    // Of the cancellation those rules that only its one scene checks; it does not go on where another fails.
    private const string Some = "message,header,topic.qos,connection.retained,connection.online,factsheet,instant,cancel.nothing,cancel.other-order,cancel.no-update,cancel.temporary-node,"
        + "state.last-node,state.traversal,state.nodes-in-order,state.nodes-and-edges,state.base-first,action.ended-stays,error.levels";

    [Fact]
    public async Task A_running_sweeper_keeps_the_rules_of_a_vehicle_over_mosquitto()
    {
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);
        using var mosquitto = Mosquitto.Start(folder.Path);
        var broker = $"127.0.0.1:{mosquitto.Port}";
        var report = Path.Combine(folder.Path, "report.json");
        using var sweeper = Program.Start("sweeper", "--data", folder.Path, "--broker", broker, "--serial", "KW-01");
        try
        {
            var check = await Program.Run("conform", "--yes-it-moves", "--vehicle", "kehrwerk/KW-01", "--broker", broker, "--data", folder.Path, "--json", report, "--rules", Some);
            output.WriteLine(check.Output + check.Errors);
            Assert.Equal(0, check.ExitCode);
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
            var others = json.RootElement.GetProperty("rules").EnumerateArray().Where(rule => rule.GetProperty("outcome").GetString() != "pass").Select(rule => rule.ToString()).ToList();
            Assert.True(others.Count == 0, string.Join('\n', others));
            Assert.Equal(30, json.RootElement.GetProperty("pass").GetInt32());
        }
        finally
        {
            sweeper.Kill();
            await sweeper.WaitForExitAsync(CancellationToken.None);
        }
    }
}
