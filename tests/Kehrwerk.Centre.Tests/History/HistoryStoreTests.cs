using CsCheck;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.History;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Tests.Store;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Centre.Tests.History;

public sealed class HistoryStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 22, 0, 0, TimeSpan.Zero);
    private readonly TempFolder folder = new();

    private string File => folder.File("history.db");

    public void Dispose() => folder.Dispose();

    private static HistorySample At(double second, VehicleActivity activity = VehicleActivity.Sweeping, double lat = 51.4) => new(
        Start.AddSeconds(second), new GeoPoint(lat, 6.7), 90, 2, activity, LinkState.Connected, Attention.None, 80, 20, 50, 0.2, 7);

    [Fact]
    public void What_is_packed_comes_back_as_it_was_within_its_resolution() =>
        Gen.Select(Gen.Double[-85, 85], Gen.Double[-179, 179], Gen.Double[0, 360], Gen.Double[0, 30], Gen.Enum<VehicleActivity>(), Gen.Enum<LinkState>(), Gen.Enum<Attention>(), Gen.Int[0, 59_999])
            .Select((lat, lon, heading, mps, activity, link, attention, ms) => new HistorySample(
                Start.AddMilliseconds(ms), ms % 7 == 0 ? null : new GeoPoint(lat, lon), heading, mps, activity, link, attention, heading / 4, mps, 33.5, ms % 5 == 0 ? double.PositiveInfinity : mps, ms % 500))
            .List[1, 70]
            .Sample(
                samples =>
                {
                    var minute = Start.ToUnixTimeSeconds() / 60;
                    var back = HistoryBytes.Unpack(minute, HistoryBytes.Pack(minute, samples));
                    Assert.Equal(samples.Count, back.Length);
                    foreach (var (was, now) in samples.Zip(back))
                    {
                        Assert.Equal((was.At, was.Activity, was.Link, was.Attention, was.KerbsSwept), (now.At, now.Activity, now.Link, now.Attention, now.KerbsSwept));
                        Assert.Equal(was.Position is null, now.Position is null);
                        Assert.True(was.Position is not { } a || (Math.Abs(a.Lat - now.Position!.Value.Lat) < 1e-7 && Math.Abs(a.Lon - now.Position!.Value.Lon) < 1e-7));
                        Assert.Equal(was.HeadingDeg, now.HeadingDeg, 0.01);
                        Assert.Equal(was.SpeedMps, now.SpeedMps, 0.01);
                        Assert.Equal(was.Battery, now.Battery, 0.26);
                        Assert.Equal(double.IsFinite(was.AgeS), double.IsFinite(now.AgeS));
                    }
                },
                iter: 200);

    [Fact]
    public void A_second_is_kept_once_and_a_change_of_state_at_once()
    {
        using var store = HistoryStore.Open(File);
        store.Note("k/1", At(0));
        store.Note("k/1", At(0.3));
        store.Note("k/1", At(0.5, VehicleActivity.Paused));
        store.Note("k/1", At(1.6, VehicleActivity.Paused));
        store.Note("k/2", At(1));

        var kept = store.Between(Start, Start.AddMinutes(1));

        Assert.Equal(["k/1", "k/2"], kept.Keys);
        Assert.Equal([0, 0.5, 1.6], kept["k/1"].Select(sample => (sample.At - Start).TotalSeconds));
        Assert.Equal([VehicleActivity.Sweeping, VehicleActivity.Paused, VehicleActivity.Paused], kept["k/1"].Select(sample => sample.Activity));
        Assert.Single(store.Between(Start, Start.AddMinutes(1), "k/2"));
    }

    [Fact]
    public void A_minute_goes_on_over_a_restart_and_a_span_begins_with_what_was_before_it()
    {
        using (var store = HistoryStore.Open(File))
        {
            store.Note("k/1", At(10));
        }

        using var again = HistoryStore.Open(File);
        again.Note("k/1", At(20, lat: 51.5));
        again.Flush();
        again.Note("k/1", At(70));

        Assert.Equal([10, 20, 70], again.Between(Start, Start.AddMinutes(2))["k/1"].Select(sample => (sample.At - Start).TotalSeconds));
        Assert.Equal([20, 70], again.Between(Start.AddSeconds(30), Start.AddMinutes(2))["k/1"].Select(sample => (sample.At - Start).TotalSeconds));
        Assert.Equal((Start.AddSeconds(10), Start.AddSeconds(70)), again.Span());
    }

    [Fact]
    public void What_is_older_than_it_is_kept_is_gone()
    {
        using var store = HistoryStore.Open(File);
        store.Note("k/1", At(0));
        store.Note("k/1", At(600));
        store.Flush();

        store.Forget(Start.AddMinutes(5));

        Assert.Equal([600], store.Between(Start, Start.AddHours(1))["k/1"].Select(sample => (sample.At - Start).TotalSeconds));
    }

    [Fact]
    public void A_file_that_is_no_history_is_named_and_left_as_it_is()
    {
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE notes (text TEXT)";
            command.ExecuteNonQuery();
        }

        Assert.Contains("history.db", Assert.Throws<InputException>(() => HistoryStore.Open(File)).Message, StringComparison.Ordinal);
    }
}
