using System.Collections.Immutable;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Closing;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Kehrwerk.Centre.Tests.Store;

public sealed class CentreStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = TestShift.Begin;
    private readonly TempFolder folder = new();

    private string File => folder.File("kehrwerk.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_mission_comes_back_as_it_was_stored_step_by_step()
    {
        var vehicle = GridTown.Vehicle(1);
        var (before, after, effects) = MidMission(vehicle);
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(Shift(before.Mission!));
            await store.Write(StoreBatch.Between(before, after, effects, Now, GridTown.Context));
        }

        await using var again = CentreStore.Open(File);
        var loaded = again.LoadTwin(vehicle);

        Assert.Equal(after.Mission!.Steps, loaded.Mission!.Steps);
        Assert.Equal(after.Order!.Path, loaded.Order!.Path);
        Assert.Equal(after.Order.OpenActions, loaded.Order.OpenActions);
        Assert.Equal(after.Order with { Path = [], OpenActions = OrderInFlight.NoActions }, loaded.Order with { Path = [], OpenActions = OrderInFlight.NoActions });
        Assert.Equal(after.NextNumber, loaded.NextNumber);
    }

    [Fact]
    public async Task A_kerb_is_covered_once_per_mission_however_often_it_is_stored()
    {
        await using var store = CentreStore.Open(File);
        await store.Write(Shift(MissionOf(GridTown.Vehicle(1))));
        var swept = new StoredCoverage("m1", 3, "1.0f", "test/T-1", Now);
        await store.Write(new() { Coverage = [swept] });
        await store.Write(new() { Coverage = [swept with { SweptAt = Now.AddHours(1) }] });

        Assert.Equal(Now, Assert.Single(store.Coverage()).SweptAt);
    }

    [Fact]
    public async Task What_cannot_be_stored_fails_alone_and_the_store_goes_on()
    {
        var patience = TimeSpan.FromSeconds(30);
        await using var store = CentreStore.Open(File);
        var notANumber = new Plan([new("T-1", 0, [new TipStep(double.NaN, 0, new(0, 0, 0, 0))])], []);
        Task first, withoutMission, unwritable, good;
        await using (var other = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            // Holds the writer up, so that what comes next is committed together.
            other.Open();
            await using var held = other.BeginTransaction(deferred: false);
            first = store.Write(Entry("first"));
            withoutMission = store.Write(new() { Coverage = [new("m99", 3, "1.0f", "test/T-1", Now)] });
            unwritable = store.Write(new() { Shift = (notANumber, GridTown.City.Fingerprint, Now, []) });
            good = store.Write(Entry("good"));
            held.Rollback();
        }

        await first.WaitAsync(patience, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<SqliteException>(() => withoutMission).WaitAsync(patience, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ArgumentException>(() => unwritable).WaitAsync(patience, TestContext.Current.CancellationToken);
        await good.WaitAsync(patience, TestContext.Current.CancellationToken);
        Assert.Equal(["first", "good"], store.Record().Select(e => e.Text));
        Assert.Null(store.VerifyRecord().Problem);

        static StoreBatch Entry(string text) => new() { Record = [new(Now, "test", "me", "", text)] };
    }

    [Fact]
    public async Task A_mission_of_an_older_plan_does_not_begin_after_a_restart()
    {
        var vehicle = GridTown.Vehicle(1);
        await using var store = CentreStore.Open(File);
        await store.Write(Shift(MissionOf(vehicle)));
        Assert.Equal("m1", store.FindUnassigned(vehicle.Id, null)?.Id);

        await store.Write(Shift(MissionOf(vehicle) with { Id = "m2" }));
        await store.Write(new() { Ended = ("m2", Now) });
        Assert.Null(store.FindUnassigned(vehicle.Id, "m2"));
    }

    [Fact]
    public void Sending_something_again_needs_no_store()
    {
        var (_, after, _) = MidMission(GridTown.Vehicle(1));
        var command = new PendingCommand("c1", "deactivate", "Ada", Now);
        var once = after with { Commands = [command] };
        var again = once with { Commands = [command with { SentAt = Now.AddSeconds(2) }], CommandHeader = 7, Order = once.Order! with { SentAt = Now.AddSeconds(2) } };

        Assert.True(StoreBatch.Between(once, again, [], Now, GridTown.Context).IsEmpty);
        Assert.False(StoreBatch.Between(after, again, [], Now, GridTown.Context).IsEmpty);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_kill()
    {
        var copy = folder.File("killed.db");
        await using (var store = CentreStore.Open(File))
        {
            for (var i = 0; i < 50; i++)
            {
                await store.Write(new() { Record = [new(Now, "test", "me", "", $"entry {i}")] });
            }

            // As kill -9 leaves it: database and log as they are on the disk, never closed.
            System.IO.File.Copy(File, copy);
            System.IO.File.Copy(File + "-wal", copy + "-wal");
        }

        await using var after = CentreStore.Open(copy);
        Assert.Equal(50, after.Record().Count());
        Assert.Null(after.VerifyRecord().Problem);
        await after.Write(new() { Record = [new(Now, "test", "me", "", "goes on")] });
        Assert.Equal(51, after.VerifyRecord().Entries);
    }

    [Fact]
    public async Task A_torn_log_loses_no_whole_commit_before_it()
    {
        var copy = folder.File("torn.db");
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Record = [new(Now, "test", "me", "", "first")] });
            var wholeBytes = new FileInfo(File + "-wal").Length;
            await store.Write(new() { Record = [new(Now, "test", "me", "", "second")] });
            System.IO.File.Copy(File, copy);
            var log = await System.IO.File.ReadAllBytesAsync(File + "-wal", TestContext.Current.CancellationToken);
            await System.IO.File.WriteAllBytesAsync(copy + "-wal", log[..(int)(wholeBytes + 100)], TestContext.Current.CancellationToken);
        }

        await using var after = CentreStore.Open(copy);
        Assert.Equal("first", Assert.Single(after.Record()).Text);
    }

    [Fact]
    public async Task Many_callers_at_once_are_all_stored_in_one_chain()
    {
        await using var store = CentreStore.Open(File);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.Write(new() { Record = [new(Now, "test", "me", "", $"{i}")] })));

        var verdict = store.VerifyRecord();
        Assert.Equal((500, null), (verdict.Entries, verdict.Problem));
    }

    [Fact]
    public async Task A_changed_entry_of_the_record_is_found()
    {
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Record = [new(Now, "command", "Ada", "test/T-1", "Stop"), new(Now, "command", "Ada", "test/T-1", "Release")] });
        }

        Execute("UPDATE record SET text = 'Pause' WHERE sequence = 1");
        await using var again = CentreStore.Open(File);
        var verdict = again.VerifyRecord();

        Assert.Equal(0, verdict.Entries);
        Assert.Contains("entry 1", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_entry_of_the_record_is_found()
    {
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Record = [.. Enumerable.Range(0, 3).Select(i => new Centre.Record.RecordDraft(Now, "test", "me", "", $"{i}"))] });
        }

        Execute("DELETE FROM record WHERE sequence = 2");
        await using var again = CentreStore.Open(File);

        Assert.Equal("entry 2 is missing, 3 follows", again.VerifyRecord().Problem);
    }

    [Fact]
    public async Task The_epoch_grows_with_each_start()
    {
        var epochs = new List<uint>();
        for (var i = 0; i < 3; i++)
        {
            await using var store = CentreStore.Open(File);
            epochs.Add(store.Epoch);
        }

        Assert.Equal([1, 2, 3], epochs);
    }

    [Fact]
    public async Task A_database_of_version_1_is_taken_over_with_all_that_it_holds()
    {
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Record = [new(Now, "test", "me", "", "kept")] });
        }

        Execute("DROP TABLE closures; DROP TABLE cases; DROP TABLE events; DELETE FROM meta WHERE key = 'epoch'; UPDATE meta SET value = '1' WHERE key = 'schema'");
        await using var again = CentreStore.Open(File);

        Assert.Equal(1u, again.Epoch);
        Assert.Empty(again.Events());
        Assert.Empty(again.StreetClosures());
        Assert.Equal("kept", Assert.Single(again.Record()).Text);
    }

    [Fact]
    public async Task An_event_that_comes_twice_is_kept_once_and_as_it_was_sent()
    {
        var content = "{\"eventId\":\"e1\",\"text\":\"Straße\"}";
        var kept = new StoredEvent("test/T-1", "e1", Now, Kehrwerk.Link.Messages.EventMessage.HashOf(content), content);
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Events = [kept] });
            await store.Write(new() { Events = [kept, kept with { Vehicle = "test/T-2" }] });
        }

        await using var again = CentreStore.Open(File);
        Assert.Equal([kept, kept with { Vehicle = "test/T-2" }], again.Events());
    }

    [Fact]
    public async Task An_event_that_came_incomplete_is_kept_whole_too()
    {
        var part = new StoredEvent("test/T-1", "e1", Now, Kehrwerk.Link.Messages.EventMessage.HashOf("part"), "part");
        var whole = part with { Sha256 = Kehrwerk.Link.Messages.EventMessage.HashOf("the whole"), Content = "the whole" };
        await using var store = CentreStore.Open(File);
        await store.Write(new() { Events = [part] });
        await store.Write(new() { Events = [whole] });
        Assert.Equal([part, whole], store.Events());
    }

    [Fact]
    public async Task A_closed_street_is_kept_until_it_is_opened_and_its_number_is_never_used_again()
    {
        var closed = new StreetClosure(1, "Marktplatz", ["4711.0", "4711.1"], "Wochenmarkt", "Ada", Now, Now.AddHours(6));
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Closed = closed });
            await store.Write(new() { Closed = closed with { Id = 2, Until = null } });
        }

        await using var again = CentreStore.Open(File);
        var kept = again.StreetClosures();
        Assert.Equal([closed.Stretches, closed.Stretches], kept.Select(one => one.Stretches));
        Assert.Equal([closed, closed with { Id = 2, Until = null }], kept.Select(one => one with { Stretches = closed.Stretches }));
        await again.Write(new() { Opened = 2 });
        Assert.Equal(1, Assert.Single(again.StreetClosures()).Id);
        Assert.Equal(2, again.HighestClosure());
    }

    [Fact]
    public async Task A_database_of_version_3_is_taken_over()
    {
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Record = [new(Now, "test", "me", "", "kept")] });
        }

        Execute("DROP TABLE closures; DROP TABLE cases; UPDATE meta SET value = '3' WHERE key = 'schema'");
        await using var again = CentreStore.Open(File);
        Assert.Empty(again.StreetClosures());
        Assert.Equal("kept", Assert.Single(again.Record()).Text);
    }

    [Fact]
    public async Task A_database_of_version_2_is_taken_over_with_its_events()
    {
        var part = new StoredEvent("test/T-1", "e1", Now, Kehrwerk.Link.Messages.EventMessage.HashOf("part"), "part");
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Events = [part] });
        }

        Execute("""
            ALTER TABLE events RENAME TO newer;
            CREATE TABLE events (vehicle TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, sha256 TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (vehicle, id)) WITHOUT ROWID;
            INSERT INTO events SELECT * FROM newer; DROP TABLE newer; DROP TABLE closures; DROP TABLE cases; UPDATE meta SET value = '2' WHERE key = 'schema'
            """);
        await using var again = CentreStore.Open(File);
        var whole = part with { Sha256 = Kehrwerk.Link.Messages.EventMessage.HashOf("the whole"), Content = "the whole" };
        await again.Write(new() { Events = [whole] });
        Assert.Equal(2u, again.Epoch);
        Assert.Equal([part, whole], again.Events());
    }

    [Fact]
    public async Task A_database_of_version_3_is_taken_over_and_keeps_cases_until_the_book_needs_them_no_more()
    {
        await CentreStore.Open(File).DisposeAsync();
        Execute("DROP TABLE closures; DROP TABLE cases; UPDATE meta SET value = '3' WHERE key = 'schema'");
        var open = new Case { Id = 1, Kind = CaseKind.LinkLost, Place = "test/T-1", Detail = "Lost", BegunAt = Now, RaisedAt = Now, LastSeenAt = Now, History = [new(Now, CaseStepKind.Raised, "centre", "Straße")] };
        var dismissed = open with { Id = 2, Kind = CaseKind.KerbsMissed, State = CaseState.Closed, ClosedAt = Now.AddHours(1) };
        var merged = open with { Id = 7, State = CaseState.Closed, ClosedAt = Now, MergedInto = 1 };
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Cases = [open with { Times = 9 }, dismissed, merged] });
            await store.Write(new() { Cases = [open] });
        }

        await using var again = CentreStore.Open(File);
        var (kept, nextId) = again.KeptCases();
        Assert.Equal([open with { History = [] }, dismissed with { History = [] }], kept.Select(one => one with { History = [] }));
        Assert.Equal(open.History, kept[0].History);
        Assert.Equal(8, nextId);
        Assert.Equal([7, 2], again.ClosedCases(5).Select(one => one.Id));
        Assert.Equal([1, 2], again.CasesBetween(Now.AddMinutes(30), Now.AddHours(2)).Select(one => one.Id));
        await again.Write(new() { Cases = [dismissed with { GoneAt = Now.AddHours(2) }] });
        Assert.Equal([1], again.KeptCases().Kept.Select(one => one.Id));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_stays_as_it_is()
    {
        await CentreStore.Open(File).DisposeAsync();
        Execute("UPDATE meta SET value = '99' WHERE key = 'schema'");
        var before = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);

        var refusal = Assert.Throws<InputException>(() => CentreStore.Open(File));

        Assert.Contains("version 99", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_with_its_name()
    {
        System.IO.File.WriteAllText(File, new string('x', 5000));

        Assert.Contains(File, Assert.Throws<InputException>(() => CentreStore.Open(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mission_that_was_stored_but_never_handed_over_is_found()
    {
        await using var store = CentreStore.Open(File);
        var vehicle = GridTown.Vehicle(1);
        await store.Write(Shift(MissionOf(vehicle)));

        Assert.Equal("m1", store.FindUnassigned(vehicle.Id, null)!.Id);
        Assert.Null(store.FindUnassigned(vehicle.Id, "m1"));
        await store.Write(new() { Ended = ("m1", Now) });
        Assert.Null(store.FindUnassigned(vehicle.Id, null));
    }

    private static Mission MissionOf(FleetVehicle vehicle) =>
        Mission.From("m1", vehicle.Id, GridTown.City.Fingerprint, GridTown.Tour(vehicle.Spec.Id, [5, 9, 17]), vehicle.Spec, Now);

    private static StoreBatch Shift(Mission mission) =>
        new() { Shift = (new Plan([GridTown.Tour("T-1", [5, 9, 17])], []), GridTown.City.Fingerprint, Now, [mission]) };

    /// <summary>A twin before and after the decision that orders the first drive.</summary>
    private static (Twin Before, Twin After, ImmutableArray<TwinEffect> Effects) MidMission(FleetVehicle vehicle)
    {
        var shift = new TestShift();
        var idle = shift.Twin;
        var mission = MissionOf(vehicle);
        var (after, effects) = TwinRules.Decide(idle, new TwinEvent.MissionAssigned(mission), shift.Loop.Now, GridTown.Context);
        return (idle with { Mission = mission }, after, [.. effects]);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
