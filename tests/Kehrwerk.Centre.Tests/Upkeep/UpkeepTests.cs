using System.Collections.Immutable;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Centre.Tests.Store;
using Kehrwerk.Centre.Upkeep;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Upkeep;

/// <summary>No departure without the daily check; reports that are signed, proven and deleted in time.</summary>
public sealed class UpkeepTests : IDisposable
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<CheckedItem> Good = [.. Enum.GetValues<CheckItem>().Select(item => new CheckedItem(item, true))];
    private static readonly string Vehicle = GridTown.Vehicle(1).Id.ToString();
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(Morning);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_mission_does_not_begin_before_the_check_and_begins_with_it()
    {
        var shift = new TestShift();
        shift.Centre.IsCleared = false;
        shift.RunMinutes(0.1);
        shift.Sweep([GridTown.KerbBetween(1, 2).Id, GridTown.KerbBetween(2, 6).Id]);
        shift.RunMinutes(20);

        Assert.True(shift.Twin.WaitsForCheck);
        Assert.Null(shift.Twin.Order);
        Assert.Equal("", shift.LastState!.OrderId);
        Assert.Single(shift.Notes("departureHeld"));
        Assert.Equal(CaseKind.CheckMissing, Assert.Single(CaseRules.SignalsOf(shift.Twin, GridTown.Context)).Kind);

        shift.Centre.IsCleared = true;
        shift.RunToEnd();
        Assert.Equal(2, shift.SweptKerbs.Count());
        Assert.Single(shift.Notes("departureCleared"));
    }

    [Fact]
    public void What_is_under_way_at_midnight_comes_home()
    {
        var shift = new TestShift().Sweep([GridTown.KerbBetween(1, 2).Id, GridTown.KerbBetween(2, 6).Id, GridTown.KerbBetween(6, 7).Id]);
        shift.RunMinutes(2);
        Assert.NotNull(shift.Twin.Order);
        shift.Centre.IsCleared = false;

        Assert.Equal(3, shift.RunToEnd().SweptKerbs.Count());
        Assert.Empty(shift.Notes("departureHeld"));
    }

    [Fact]
    public async Task A_check_counts_for_its_day_until_a_defect_is_found()
    {
        await using var store = CentreStore.Open(folder.File("kehrwerk.db"));
        using var desk = Desk(store);
        Assert.False(desk.IsCleared(Vehicle));

        Assert.Null(await desk.Sign(Departure(desk.Today)));
        Assert.True(desk.IsCleared(Vehicle));
        Assert.False(desk.IsCleared(GridTown.Vehicle(2).Id.ToString()));

        Assert.Null(await desk.Sign(Departure(desk.Today) with { Items = Good.SetItem(1, new(CheckItem.Brakes, false, "squeals")), IsPassed = false }));
        Assert.False(desk.IsCleared(Vehicle));
        Assert.Null(await desk.Sign(Departure(desk.Today)));
        Assert.True(desk.IsCleared(Vehicle));
        time.Advance(TimeSpan.FromDays(1));
        Assert.False(desk.IsCleared(Vehicle));

        // A restart knows the same.
        using var again = Desk(store);
        Assert.Equal(3, again.Newest(Vehicle, CheckKind.Departure)!.Id);
        Assert.False(again.IsCleared(Vehicle));
    }

    [Fact]
    public async Task A_report_with_a_gap_is_not_signed()
    {
        await using var store = CentreStore.Open(folder.File("kehrwerk.db"));
        using var desk = Desk(store);

        Assert.Equal("Problem.Items", await desk.Sign(Departure(desk.Today) with { Items = Good.RemoveAt(3) }));
        Assert.Equal("Problem.Defect", await desk.Sign(Departure(desk.Today) with { Items = Good.SetItem(0, new(CheckItem.TestDrive, false)), IsPassed = false }));
        Assert.Equal("Problem.Items", await desk.Sign(Departure(desk.Today) with { Items = Good.SetItem(0, new(CheckItem.TestDrive, false, "pulls")) }));
        Assert.Equal("Problem.Day", await desk.Sign(Departure(desk.Today.AddDays(-1))));
        Assert.Equal("Problem.Text", await desk.Sign(Departure(desk.Today) with { Remark = new('x', UpkeepRules.MaxTextLength + 1) }));
        Assert.Equal("Problem.DoneBy", await desk.Sign(Inspection(desk.Today) with { DoneBy = "" }));
        Assert.Equal("Problem.Day", await desk.Sign(Inspection(desk.Today.AddDays(1))));
        Assert.Empty(store.Reports(10));
        Assert.Empty(store.Record());
    }

    [Fact]
    public async Task A_report_is_on_record_with_its_hash_and_gone_after_six_months_while_the_record_stays_whole()
    {
        await using var store = CentreStore.Open(folder.File("kehrwerk.db"));
        using var desk = Desk(store);
        await desk.Sign(Departure(desk.Today));
        await desk.Sign(Inspection(desk.Today.AddDays(-3)));
        var signed = store.FindReport(1)!;

        Assert.Equal(signed.Sha256, UpkeepDesk.Seal(signed.Report).Sha256);
        Assert.Equal(["departureChecked", "vehicleInspected"], store.Record().Select(entry => entry.Kind));
        Assert.EndsWith($"report 1, Departure of 2026-03-02: passed, SHA-256 {signed.Sha256}", store.Record().First().Text, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2026, 8, 27), UpkeepRules.DueOn(CheckKind.MainInspection, desk.Newest(Vehicle, CheckKind.MainInspection)!.Day));

        time.Advance(new DateTimeOffset(2026, 9, 2, 5, 0, 0, TimeSpan.Zero) - Morning);
        await desk.Keep();
        Assert.Equal(2, store.Reports(10).Length);
        time.Advance(TimeSpan.FromSeconds(1));
        await desk.Keep();
        Assert.Empty(store.Reports(10));
        Assert.Null(desk.Newest(Vehicle, CheckKind.MainInspection));
        Assert.StartsWith("2 reports of checks", store.Record().Last().Text, StringComparison.Ordinal);
        Assert.Null(store.VerifyRecord().Problem);
        // A number is never given twice: the record names reports by it.
        await desk.Sign(Departure(desk.Today));
        Assert.Equal(3, Assert.Single(store.Reports(10)).Id);
    }

    [Fact]
    public async Task Simulated_vehicles_get_a_check_that_says_so_once_a_day()
    {
        await using var store = CentreStore.Open(folder.File("kehrwerk.db"));
        using var desk = Desk(store, DepartureChecks.Simulated);
        await desk.Keep();
        await desk.Keep();
        time.Advance(TimeSpan.FromDays(1));
        await desk.Keep();

        Assert.True(desk.IsCleared(Vehicle));
        Assert.Equal(4, store.Reports(10).Length);
        Assert.All(store.Reports(10), report => Assert.True(report is { IsSimulated: true, By: UpkeepDesk.Simulation }));
        Assert.All(store.Record(), entry => Assert.Contains("simulated, passed", entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_90_days_and_every_6_months()
    {
        Assert.Equal(new DateOnly(2026, 5, 31), UpkeepRules.DueOn(CheckKind.Full, new(2026, 3, 2)));
        Assert.Equal(new DateOnly(2026, 2, 28), UpkeepRules.DueOn(CheckKind.MainInspection, new(2025, 8, 31)));
    }

    private UpkeepDesk Desk(CentreStore store, DepartureChecks mode = DepartureChecks.Required) => new(
        store, new() { City = GridTown.City, Vehicles = [GridTown.Vehicle(1), GridTown.Vehicle(2)], DatabaseFile = "", Time = time, DepartureChecks = mode });

    private static UpkeepReport Departure(DateOnly day) => new() { Id = 0, SignedAt = default, Vehicle = Vehicle, Kind = CheckKind.Departure, Day = day, By = "p-7kq3xd", Items = Good, IsPassed = true };

    private static UpkeepReport Inspection(DateOnly day) => new() { Id = 0, SignedAt = default, Vehicle = Vehicle, Kind = CheckKind.MainInspection, Day = day, By = "p-7kq3xd", DoneBy = "TÜV 4711", IsPassed = true };
}
