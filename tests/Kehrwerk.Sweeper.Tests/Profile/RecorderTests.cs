using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Tests;
using Kehrwerk.Sweeper.Recording;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kehrwerk.Sweeper.Tests.Profile;

public sealed class RecorderTests
{
    [Fact]
    public void A_lost_lease_is_recorded_from_ten_seconds_before_to_ten_after_with_the_data_of_the_law()
    {
        var world = new SupervisedWorld().Drive(sweep: _ => true);
        world.Run(20);
        world.GivesLeases = false;
        world.RunUntil(() => world.IsAtRisk);
        world.GivesLeases = true;
        world.RunUntil(() => world.Events.Count > 0, 30);

        var message = world.Events[0];
        Assert.True(message.IsWhole());
        Assert.Empty(OfficialSchemas.FaultsOfEvent(Encoding.UTF8.GetBytes(message.Content)));
        var recorded = Read(message);
        Assert.True(recorded.Complete);
        Assert.Equal((Occasion.Disturbance, "LeaseLost"), (recorded.Occasions[0].Occasion, recorded.Occasions[0].Code));
        var series = recorded.Series;
        Assert.Equal((-10, 10, 201), (series.TimeS[0], series.TimeS[^1], series.TimeS.Length));
        Assert.All(
            [series.Latitude, series.Longitude, series.SpeedMps, series.AccelerationMps2, series.LateralMps2, series.LatencyS, series.ReceivedBytesPerS],
            column => Assert.Equal(201, column.Length));
        var frame = Town.Instance.Map.Frame;
        var last = frame.ToMap(new(series.Latitude[^1], series.Longitude[^1]));
        Assert.InRange(last.DistanceTo(new(world.State.MobileRobotPosition!.X, world.State.MobileRobotPosition.Y)), 0, 0.05);
        // It drove before, brakes at the manoeuvre's rate, and stands after it.
        Assert.True(series.SpeedMps[0] > 1);
        Assert.Equal(0, series.SpeedMps[^1]);
        Assert.Equal(-SweeperModel.Default.BrakingMps2, series.AccelerationMps2.Min(), 0.01);
        Assert.Contains(recorded.Changes, change => change is { TimeS: 0, Kind: EventChangeKind.SafetySystem, Name: "supervision", State: "Mrm", Trigger: "LeaseLost" });
        Assert.Contains(recorded.Changes, change => change is { Kind: EventChangeKind.Lights, Name: "HazardLights", State: "on" });
        Assert.Contains(recorded.Received, received => received is { Topic: "supervision", Text: not null } && received.Sha256 == EventMessage.HashOf(received.Text));
        Assert.Equal(17, recorded.Vin.Length);
        Assert.Equal("EPSG:4258", recorded.ReferenceSystem);
        Assert.Equal((1u, 1u), (recorded.Drives.Number, recorded.Deactivations.Number));
    }

    [Fact]
    public void A_supervisors_intervention_is_an_occasion_and_what_follows_in_time_belongs_to_it()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(12);
        world.Command(SweeperActions.Deactivate);
        world.Run(6);
        world.EndMrc();
        world.RunUntil(() => world.Events.Count > 0, 40);
        var recorded = Read(Assert.Single(world.Events));
        Assert.Equal([(Occasion.Intervention, "deactivate"), (Occasion.Intervention, "endMrc")], recorded.Occasions.Select(o => (o.Occasion, o.Code)));
        Assert.Equal(recorded.Occasions[1].At.AddSeconds(10), recorded.Timestamp);
        Assert.Contains(recorded.Received, received => received.Topic == "instantActions" && received.Text!.Contains("endMrc", StringComparison.Ordinal));
    }

    [Fact]
    public void An_event_is_sent_until_its_receipt_comes_and_then_never_again()
    {
        var world = WithEvent(receipts: false);
        world.Run(35);
        Assert.InRange(world.Events.Count, 3, 5);
        Assert.Single(world.Events.DistinctBy(e => (e.EventId, e.Sha256)));
        Assert.Equal(1u, world.Report.EventsWaiting);
        world.GivesReceipts = true;
        world.Run(15);
        var sent = world.Events.Count;
        world.Run(40);
        Assert.Equal(sent, world.Events.Count);
        Assert.Equal(0u, world.Report.EventsWaiting);
    }

    [Fact]
    public void What_was_not_acknowledged_goes_over_a_restart_by_its_files_also_where_the_recording_was_cut_short()
    {
        using var folder = new TemporaryFolder();
        var files = new EventFiles(Path.Combine(folder.Path, "events"));
        var world = WithEvent(receipts: false);
        world.Run(15);
        // A second one begins, and the power fails.
        world.Command(SweeperActions.Deactivate);
        world.Run(2);
        foreach (var order in world.EventOrders)
        {
            files.Carry(order);
        }

        var unsent = files.Load();
        Assert.Equal(2, unsent.Count);
        var again = new SupervisedWorld(start: _ => world.Program.Condition, unsent: unsent);
        again.Run(5);
        Assert.Equal([true, false], again.Events.Select(e => Read(e).Complete));
        Assert.All(again.Events, e => Assert.True(e.IsWhole()));
        foreach (var order in again.EventOrders)
        {
            files.Carry(order);
        }

        Assert.Empty(files.Load());
        Assert.Equal(2, Directory.GetFiles(files.Folder, "*.acknowledged.json").Length);
    }

    [Fact]
    public void A_file_that_is_hurt_is_left_aside_and_the_others_are_sent()
    {
        using var folder = new TemporaryFolder();
        var files = new EventFiles(folder.Path);
        var world = WithEvent(receipts: false);
        foreach (var order in world.EventOrders)
        {
            files.Carry(order);
        }

        File.WriteAllText(Path.Combine(folder.Path, "S1-broken.json"), "{ \"eventId\": ");
        Assert.Single(files.Load());
        Assert.True(File.Exists(Path.Combine(folder.Path, "S1-broken.json.broken")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.GetFiles(folder.Path, "*Z.json").Single()));
        }
    }

    [Fact]
    public async Task A_full_folder_takes_the_next_event_as_soon_as_a_receipt_makes_room()
    {
        using var folder = new TemporaryFolder();
        var files = new EventFiles(folder.Path);
        for (var i = 0; i < EventFiles.MaxWaiting; i++)
        {
            File.WriteAllText(Path.Combine(folder.Path, $"S1-{i:0000}.json"), "{}");
        }

        var keeper = new EventKeeper(Rig.Id, files, NullLogger.Instance);
        var running = keeper.RunAsync();
        keeper.Put(new EventOrder.Store(new("S1-new", "{}")));
        await Until(() => !keeper.Keeps);
        keeper.Put(new EventOrder.Acknowledged("S1-0500"));
        await Until(() => keeper.Keeps && File.Exists(Path.Combine(folder.Path, "S1-new.json")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "S1-0500.acknowledged.json")));
        await keeper.End(running);

        static async Task Until(Func<bool> isSo)
        {
            for (var i = 0; i < 1_000 && !isSo(); i++)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            Assert.True(isSo());
        }
    }

    [Fact]
    public void Acknowledged_files_are_bounded()
    {
        using var folder = new TemporaryFolder();
        var files = new EventFiles(folder.Path);
        for (var i = 0; i < EventFiles.MaxAcknowledged + 5; i++)
        {
            files.Carry(new EventOrder.Store(new($"S1-{i:0000}", "{}")));
            files.Carry(new EventOrder.Acknowledged($"S1-{i:0000}"));
        }

        var kept = Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(EventFiles.MaxAcknowledged, kept.Count);
        Assert.Equal("S1-0005.acknowledged.json", kept[0]);
    }

    [Fact]
    public void The_longest_event_fits_into_a_message()
    {
        // Quotation marks, which JSON has to escape, and again where the content becomes text of the message.
        var payload = Encoding.UTF8.GetBytes(new string('"', 3_000));
        var writer = new EventWriter(SupervisedWorld.Id, "KEHRWERK0000000S1", Town.Instance.Map.Frame);
        var recorder = new EventRecorder(writer);
        var longest = 0;
        UseCounts counts = new(new(9), new(9), new(9), new(9));
        for (var i = 0; i < 600; i++)
        {
            var now = Rig.Begin.AddSeconds(i / 10.0);
            recorder.Receive(new("vda5050/v3/a/b/instantActions", payload), now);
            var sample = new EventSample(
                now, new(345_678.123 + i, 5_700_123.456 - i), 10.123, -1.234, 1.234, 0.123, 123_456, (SafetyMode)(i % 4), MrcCause.LeaseLost, i % 128, (Monitored)(i % 64));
            var ended = recorder.Step(sample, counts);
            var begun = recorder.Note(Occasion.Intervention, "startPause", $"by {new string('"', CommandStamp.MaxByLength)}", counts);
            foreach (var recorded in new[] { ended, begun }.OfType<RecordedEvent>())
            {
                longest = Math.Max(longest, LinkJson.Serialize(EventShelf.ToMessage(recorded, SupervisedWorld.Id, now)).Length);
            }
        }

        Assert.InRange(longest, 100_000, LinkJson.MaxBytes);
    }

    private static VehicleEvent Read(EventMessage message)
    {
        var read = LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(message.Content));
        Assert.True(read.IsOk, read.Error);
        return read.Message;
    }

    /// <summary>Recorded a lost lease; leases come again.</summary>
    private static SupervisedWorld WithEvent(bool receipts)
    {
        var world = new SupervisedWorld { GivesReceipts = receipts }.Drive();
        world.Run(8);
        world.GivesLeases = false;
        world.RunUntil(() => world.IsAtRisk);
        world.GivesLeases = true;
        world.RunUntil(() => world.Events.Count > 0, 30);
        return world;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kehrwerk-events");

        public string Path => folder.FullName;

        public void Dispose() => folder.Delete(recursive: true);
    }
}
