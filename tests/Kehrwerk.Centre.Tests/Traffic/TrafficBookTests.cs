using System.Collections.Immutable;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Xunit;

namespace Kehrwerk.Centre.Tests.Traffic;

/// <summary>In grid town, whose row 4 - 5 - 6 - 7 is narrow: crossings 5 and 6 lie on wide streets too, unless a test narrows those.</summary>
public sealed class TrafficBookTests
{
    private static readonly VehicleId A = new("test", "A");
    private static readonly VehicleId B = new("test", "B");
    private static readonly VehicleId C = new("test", "C");
    private static readonly CityContext Row = GridTown.Narrow((from, to) => from / 4 == 1 && to / 4 == 1);

    /// <summary>And the column 1 - 5 - 9 - 13 and 2 - 6 - 10 - 14 with it: at 5 and 6 nobody can be passed.</summary>
    private static readonly CityContext Cross = GridTown.Narrow((from, to) => (from / 4 == 1 && to / 4 == 1) || (from % 4 is 1 or 2 && to % 4 == from % 4));

    [Fact]
    public void Two_do_not_meet_in_a_narrow_street()
    {
        var (book, first) = TrafficBook.Of(Row.Narrow).Ask(A, Way(Row, 1, 5, 6, 2), 3);
        (book, var against) = book.Ask(B, Way(Row, 2, 6, 5, 1), 3);
        (book, var behind) = book.Ask(C, Way(Row, 9, 5, 6, 10), 3);

        Assert.Equal(new(true, 3, null), first);

        // Up to the crossing with a wide street, where it can be passed.
        Assert.Equal(new(true, 1, new(A, Arc(Row, 6, 5))), against);
        Assert.Equal(new(true, 1, new(A, Arc(Row, 5, 6))), behind);
        (_, var after) = book.Tell(A, null).Ask(B, Way(Row, 2, 6, 5, 1) with { Granted = 1 }, 3);
        Assert.Equal(new(true, 3, null), after);
    }

    [Fact]
    public void Two_that_would_face_each_other_in_a_row_of_narrow_streets_do_not_both_enter()
    {
        // 4 - 5 - 6 - 7 with narrow streets across: there is no place to pass between the ends.
        var (book, first) = TrafficBook.Of(Cross.Narrow).Ask(A, Way(Cross, 0, 4, 5, 6, 7, 3), 2);
        (book, var second) = book.Ask(B, Way(Cross, 3, 7, 6, 5, 4, 0), 2);

        Assert.Equal(new(true, 2, null), first);
        Assert.Equal((true, 1, A), (second.IsAccepted, second.Granted, second.WaitsFor!.Vehicle));
        Assert.Equal([A], book.Claims.Keys);

        // Without looking ahead, the street is free.
        (book, second) = (TrafficBook.Of(Cross.Narrow) with { IsBlind = true }).Tell(A, book.Claims[A]).Ask(B, Way(Cross, 3, 7, 6, 5, 4, 0), 2);
        Assert.Equal(new(true, 2, null), second);
        Assert.Empty(book.CanGetOut());
    }

    [Fact]
    public void A_new_way_that_would_lead_against_another_is_refused_and_the_announced_one_stays()
    {
        var (book, _) = TrafficBook.Of(Cross.Narrow).Ask(A, Way(Cross, 0, 4, 5, 9, 8), 2);
        (book, var other) = book.Ask(B, Way(Cross, 3, 7, 6, 2, 3), 2);
        Assert.Equal(2, other.Granted);

        // A is at 5 and would go on to 7 by the street that B came by; B would go to 4 by A's.
        (book, var first) = book.Ask(A, Way(Cross, 0, 4, 5, 6, 7, 3) with { Granted = 2 }, 2);
        (var after, var second) = book.Ask(B, Way(Cross, 3, 7, 6, 5, 4, 0) with { Granted = 2 }, 2);

        Assert.True(first.IsAccepted);
        Assert.Equal((false, A), (second.IsAccepted, second.WaitsFor!.Vehicle));
        Assert.Equal(book.Claims[B].Way, after.Claims[B].Way);
        Assert.Equal([A, B], after.CanGetOut().Order());
    }

    [Fact]
    public void Nobody_is_let_in_behind_one_that_stands_and_none_is_shut_in()
    {
        var (book, _) = TrafficBook.Of(Cross.Narrow).Ask(A, Way(Cross, 0, 4, 5, 6, 7, 3), 3);
        book = book.Tell(A, book.Claims[A] with { From = 2, Way = book.Claims[A].Way[2..], Granted = 1, Stands = true });

        // A stands on 5 - 6 and at 6. The street 4 - 5 is free, and who only goes around there gets it.
        (_, var into) = book.Ask(B, Way(Cross, 0, 4, 5, 6, 7, 3), 2);
        (book, var around) = book.Ask(B, Way(Cross, 0, 4, 5, 9, 8), 2);
        (_, var behind) = book.Ask(C, Way(Cross, 12, 13, 9, 10, 6, 2, 3), 4);

        Assert.Equal(new(true, 1, new(A, Arc(Cross, 5, 6))), into);
        Assert.Equal(new(true, 2, null), around);
        Assert.Equal(new(true, 3, new(A, Arc(Cross, 10, 6))), behind);
    }

    [Fact]
    public void One_that_was_found_in_a_street_stands_until_it_has_announced_its_way()
    {
        var found = new RoadClaim { City = "grid-1", OrderId = "", LengthM = 5, Residue = [Arc(Cross, 5, 6)] };
        var book = TrafficBook.Of(Cross.Narrow).Tell(A, found);

        // It may come out by 4 - 5: nobody is let in towards it.
        Assert.Empty(book.CanGetOut());
        (book, var behind) = book.Ask(B, Way(Cross, 0, 4, 5, 6, 7, 3), 2);
        Assert.Equal(new(true, 1, new(A, Arc(Cross, 5, 6))), behind);

        (book, var first) = book.Ask(A, Way(Cross, 6, 5, 4, 0) with { Residue = found.Residue }, 2);
        Assert.Equal(new(true, 2, null), first);
        Assert.Equal([A], book.CanGetOut());
    }

    [Fact]
    public void A_dead_end_is_one_street_in_and_out()
    {
        var town = GridTown.Narrow((from, to) => true);
        var (book, first) = TrafficBook.Of(town.Narrow).Ask(A, Way(town, 0, 1, 2, 1, 0), 3);

        Assert.Equal(new(true, 3, null), first);
        Assert.Equal(0, book.Ask(B, Way(town, 0, 1, 5, 4, 0), 3).Answer.Granted);
    }

    [Fact]
    public void What_is_stored_holds_after_a_restart_before_anything_is_granted()
    {
        var claim = Way(Row, 1, 5, 6, 2) with { Granted = 2 };
        var twin = new Centre.Fleet.Twin { Id = A, Spec = GridTown.Spec("A"), Road = claim };
        var book = TrafficBook.Of(Row.Narrow).Restore([twin], "grid-1");

        Assert.True(book.Claims[A].Stands);
        Assert.Equal(1, book.Ask(B, Way(Row, 2, 6, 5, 1), 3).Answer.Granted);
        Assert.Empty(TrafficBook.Of(Row.Narrow).Restore([twin], "another city").Claims);
    }

    private static int Arc(CityContext town, int from, int to) =>
        Enumerable.Range(0, town.Streets.ArcCount).First(a => town.Streets.ArcTail[a] == from && town.Streets.ArcHead[a] == to);

    private static RoadClaim Way(CityContext town, params ImmutableArray<int> crossings) => new()
    {
        City = "grid-1",
        OrderId = "o1",
        LengthM = 5,
        Way = [.. crossings.Zip(crossings.Skip(1), (from, to) => Arc(town, from, to))],
    };
}
