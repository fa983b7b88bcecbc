using Kehrwerk.Centre.Closing;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Planning;
using Xunit;

namespace Kehrwerk.Centre.Tests.Store;

public sealed class PublishedFactsTests : IDisposable
{
    private static readonly DateTimeOffset Now = TestShift.Begin.AddHours(2);
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_public_learns_what_was_swept_what_is_under_way_and_what_was_not_swept_and_why()
    {
        var vehicle = GridTown.Vehicle(1);
        var tour = GridTown.Tour(vehicle.Spec.Id, [5, 9, 17, 21]);
        var mission = Mission.From("m1", vehicle.Id, GridTown.City.Fingerprint, tour, vehicle.Spec, TestShift.Begin);
        var sweeps = mission.Steps.Index().Where(s => s.Item.Work is StepWork.Sweep).ToList();
        await using var store = CentreStore.Open(folder.File("kehrwerk.db"));
        await store.Write(new() { Shift = (new Plan([tour], []), GridTown.City.Fingerprint, TestShift.Begin, [mission]) });
        await store.Write(new()
        {
            Steps =
            [
                new("m1", sweeps[0].Index, sweeps[0].Item with { Status = new StepStatus.Done(TestShift.Begin.AddMinutes(5)), Missed = [new(3, 5, MissedReasons.Corner), new(10, 30, MissedReasons.ParkedVehicle)] }),
                new("m1", sweeps[1].Index, sweeps[1].Item with { Status = new StepStatus.Skipped(SkipReasons.Closed, TestShift.Begin.AddMinutes(9)) }),
                new("m1", sweeps[2].Index, sweeps[2].Item with { Status = new StepStatus.Ordered("m1-2") }),
            ],
            Coverage = [new("m1", 5, GridTown.City.Kerbs[5].Key, vehicle.Id.ToString(), TestShift.Begin.AddMinutes(5))],
            Closed = new StreetClosure(1, "A", ["7.0", "7.1"], "a private reason", "somebody", TestShift.Begin, Now.AddHours(1)),
        });

        var facts = PublishedFacts.Read(folder.File("kehrwerk.db"), GridTown.City.Fingerprint, Now)!;

        Assert.Equal([(GridTown.City.Kerbs[5].Key, vehicle.Id, TestShift.Begin.AddMinutes(5))], facts.Swept);
        Assert.Equal([17, 21], facts.UnderWay.Select(u => u.Kerb).Order());
        Assert.Equal([(5, MissedReasons.ParkedVehicle, 22.0), (9, SkipReasons.Closed, -1.0)], facts.Unswept.Select(u => (u.Kerb, u.Reason, u.MissedM ?? -1)));
        Assert.Equal(["7.0", "7.1"], facts.ClosedStretches);

        // What lies long back is not told, and what is open again is open.
        var later = PublishedFacts.Read(folder.File("kehrwerk.db"), GridTown.City.Fingerprint, Now.AddDays(20))!;
        Assert.Equal((1, 0, 0, 0), (later.Swept.Length, later.UnderWay.Length, later.Unswept.Length, later.ClosedStretches.Length));
        // Kerbs of another map have other numbers.
        Assert.Empty(PublishedFacts.Read(folder.File("kehrwerk.db"), "another", Now)!.UnderWay);
    }

    [Fact]
    public void Without_a_database_nothing_is_known() => Assert.Null(PublishedFacts.Read(folder.File("none.db"), "x", Now));
}
