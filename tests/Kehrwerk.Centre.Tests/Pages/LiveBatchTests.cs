using System.Text.Json;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Centre.Tests.Pages;

public sealed class LiveBatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 22, 0, 0, TimeSpan.Zero);

    private static VehicleChanged Report(string id, double second, double lat = 51.4, VehicleActivity activity = VehicleActivity.Sweeping) => new(new VehicleView
    {
        Id = id,
        Link = LinkState.Connected,
        Activity = activity,
        Position = new GeoPoint(lat, 6.7),
        ReportedAt = Start.AddSeconds(second),
    });

    [Fact]
    public void Only_the_newest_view_of_a_vehicle_is_sent_with_every_place_it_passed()
    {
        var batch = new LiveBatch();
        batch.Add(Report("k/KW-01", 0, 51.40));
        batch.Add(Report("k/KW-01", 1, 51.41));
        batch.Add(Report("k/KW-01", 2, 51.42, VehicleActivity.Paused));

        var message = batch.Take(Start.AddSeconds(2), speed: 20);

        var vehicle = Assert.Single(message.Vehicles);
        Assert.Equal(VehicleActivity.Paused, vehicle.Activity);
        Assert.Equal("KW-01", vehicle.Name);
        Assert.Equal([51.40, 51.41, 51.42], vehicle.Fixes.Select(f => f.Lat));
        Assert.Equal(Start.AddSeconds(2).ToUnixTimeMilliseconds(), vehicle.ReportedAt);
        Assert.Equal(20, message.Speed);
    }

    [Fact]
    public void A_taken_batch_is_empty_and_does_not_repeat_itself()
    {
        var batch = new LiveBatch();
        batch.Add(Report("k/1", 0));
        batch.Add(new KerbsChanged([(7, KerbState.Planned)]));
        batch.Take(Start, 1);

        Assert.True(batch.IsEmpty);
        var second = batch.Take(Start, 1);
        Assert.Empty(second.Vehicles);
        Assert.Empty(second.Kerbs.Planned);
    }

    [Fact]
    public void A_kerb_that_changed_twice_is_sent_once_as_it_is_now()
    {
        var batch = new LiveBatch();
        batch.Add(new KerbsChanged([(7, KerbState.Planned), (8, KerbState.Planned)]));
        batch.Add(new KerbsChanged([(7, KerbState.Swept), (9, KerbState.Missed), (3, KerbState.None)]));

        var kerbs = batch.Take(Start, 1).Kerbs;

        Assert.Equal([8], kerbs.Planned);
        Assert.Equal([7], kerbs.Swept);
        Assert.Equal([9], kerbs.Missed);
        Assert.Equal([3], kerbs.None);
    }

    [Fact]
    public void The_same_report_told_twice_is_one_place()
    {
        var batch = new LiveBatch();
        batch.Add(Report("k/1", 5));
        batch.Add(Report("k/1", 5));

        Assert.Single(batch.Take(Start, 1).Vehicles[0].Fixes);
    }

    [Fact]
    public void However_fast_a_vehicle_reports_a_message_stays_small_and_keeps_the_newest()
    {
        var batch = new LiveBatch();
        for (var i = 0; i < 1000; i++)
        {
            batch.Add(Report("k/1", i));
        }

        var fixes = batch.Take(Start, 1).Vehicles[0].Fixes;
        Assert.Equal(32, fixes.Length);
        Assert.Equal(Start.AddSeconds(999).ToUnixTimeMilliseconds(), fixes[^1].T);
    }

    [Fact]
    public void A_vehicle_that_was_never_seen_has_no_place_and_no_age()
    {
        var batch = new LiveBatch();
        batch.Add(new VehicleChanged(new VehicleView { Id = "k/1", Link = LinkState.NeverSeen, Activity = VehicleActivity.Idle }));

        var vehicle = batch.Take(Start, 1).Vehicles[0];
        Assert.Empty(vehicle.Fixes);
        Assert.Null(vehicle.ReportedAt);
    }

    [Fact]
    public void The_script_finds_the_names_it_reads()
    {
        var batch = new LiveBatch();
        batch.Add(Report("k/1", 0));

        var json = JsonSerializer.Serialize(batch.Take(Start, 1), LiveJson.Default.LiveMessage);

        using var parsed = JsonDocument.Parse(json);
        var vehicle = parsed.RootElement.GetProperty("vehicles")[0];
        Assert.Equal("Sweeping", vehicle.GetProperty("activity").GetString());
        Assert.Equal("None", vehicle.GetProperty("attention").GetString());
        Assert.Equal(6.7, vehicle.GetProperty("fixes")[0].GetProperty("lon").GetDouble());
        Assert.Equal(0, parsed.RootElement.GetProperty("kerbs").GetProperty("swept").GetArrayLength());
    }
}
