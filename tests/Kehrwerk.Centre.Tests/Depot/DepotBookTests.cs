using Kehrwerk.Centre.Depots;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Centre.Tests.Depots;

public sealed class DepotBookTests
{
    private static readonly VehicleId A = new("test", "A");
    private static readonly VehicleId B = new("test", "B");
    private static readonly VehicleId C = new("test", "C");
    private static readonly DepotBook Empty = DepotBook.Of(new Depot("Depot", 0, Chargers: 3, Tips: 1, Washes: 1, WaterPoints: 1, GridLimitKw: 50));

    [Fact]
    public void Who_comes_first_is_served_first()
    {
        var (book, first) = Empty.Ask(A, DepotService.Tip, 22);
        (book, var second) = book.Ask(B, DepotService.Tip, 22);
        (book, var third) = book.Ask(C, DepotService.Tip, 22);
        book = book.Free(A);

        Assert.Equal((true, false, false), (first, second, third));
        Assert.True(book.Find(B)!.IsGranted);
        Assert.False(book.Find(C)!.IsGranted);
    }

    [Fact]
    public void Asking_again_keeps_the_place_in_the_queue()
    {
        var book = Empty.Ask(A, DepotService.Tip, 22).Book.Ask(B, DepotService.Tip, 22).Book.Ask(C, DepotService.Tip, 22).Book;
        var (again, granted) = book.Ask(B, DepotService.Tip, 22);

        Assert.False(granted);
        Assert.Equal(book.Entries, again.Entries);
    }

    [Fact]
    public void Kinds_do_not_wait_for_each_other()
    {
        var book = Empty.Ask(A, DepotService.Tip, 22).Book;

        Assert.True(book.Ask(B, DepotService.Wash, 22).IsGranted);
    }

    [Fact]
    public void Chargers_share_the_grid_and_nobody_overtakes()
    {
        var book = Empty.Ask(A, DepotService.Charge, 40).Book;
        (book, var large) = book.Ask(B, DepotService.Charge, 22);
        (book, var small) = book.Ask(C, DepotService.Charge, 5);

        Assert.False(large);
        Assert.False(small);
        book = book.Free(A);
        Assert.True(book.Find(B)!.IsGranted && book.Find(C)!.IsGranted);
    }

    [Fact]
    public void After_a_restart_who_held_a_bay_keeps_it()
    {
        var book = Empty.Restore(B, DepotService.Tip, 22);
        (book, var other) = book.Ask(A, DepotService.Tip, 22);
        (book, var holder) = book.Ask(B, DepotService.Tip, 22);

        Assert.False(other);
        Assert.True(holder);
        Assert.True(book.Free(B).Find(A)!.IsGranted);
    }

    [Fact]
    public void To_a_bay_that_failed_nobody_is_sent_until_its_time_is_over()
    {
        var now = new DateTimeOffset(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);
        var book = Empty.Ask(A, DepotService.Charge, 10, now).Book.Break(A, now.AddMinutes(5));

        book = book.Ask(A, DepotService.Charge, 10, now).Book.Ask(B, DepotService.Charge, 10, now).Book.Ask(C, DepotService.Charge, 10, now).Book;

        Assert.Equal([2, 3, 0], new[] { A, B, C }.Select(vehicle => book.Find(vehicle)!.Number));
        Assert.False(book.Ask(C, DepotService.Charge, 10, now.AddMinutes(4)).IsGranted);
        (book, var later) = book.Ask(C, DepotService.Charge, 10, now.AddMinutes(5));
        Assert.True(later);
        Assert.Equal(1, book.Find(C)!.Number);
    }

    [Fact]
    public void Asking_for_another_kind_gives_the_first_up()
    {
        var book = Empty.Ask(A, DepotService.Tip, 22).Book.Ask(B, DepotService.Tip, 22).Book;
        (book, _) = book.Ask(A, DepotService.Charge, 22);

        Assert.True(book.Find(B)!.IsGranted);
    }
}
