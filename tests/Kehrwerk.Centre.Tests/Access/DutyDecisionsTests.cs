using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Centre.Access.Duty;
using Xunit;

namespace Kehrwerk.Centre.Tests.Access;

public sealed class DutyDecisionsTests
{
    private static readonly DutyRules Rules = new();
    private static readonly DateTimeOffset Start = new(2026, 4, 15, 6, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableDictionary<string, string> Qualified = ImmutableDictionary<string, string>.Empty;
    private DutyBook book = DutyBook.Empty;
    private DateTimeOffset now = Start;

    [Fact]
    public void A_vehicle_is_watched_while_its_supervisor_on_duty_has_the_newest_picture()
    {
        Do(new DutyEvent.SignOn("ada", Set("a", "b")));
        Assert.False(book.IsWatched("a", now, Rules));
        Do(new DutyEvent.Screen("ada"));
        Assert.True(book.IsWatched("a", now, Rules));
        Assert.False(book.IsWatched("c", now, Rules));
        now += Rules.ScreenHolds;
        Assert.False(book.IsWatched("a", now, Rules));
        Do(new DutyEvent.Screen("ada"));
        // The screen of somebody who is not on duty shows it in vain.
        Do(new DutyEvent.Screen("bert"));
        Do(new DutyEvent.SignOff("ada", Confirmed: true));
        Assert.False(book.IsWatched("a", now, Rules));
    }

    [Fact]
    public void Nobody_takes_what_another_has_or_more_than_the_most()
    {
        Do(new DutyEvent.SignOn("ada", Set("a", "b", "c")));
        Assert.Equal(DutyProblem.AlreadyOnDuty, Try(new DutyEvent.SignOn("ada", Set("d"))));
        Assert.Equal(DutyProblem.HeldByOther, Try(new DutyEvent.SignOn("bert", Set("c", "d"))));
        Assert.Equal(DutyProblem.TooMany, Try(new DutyEvent.Take("ada", Set("d", "e", "f", "g"))));
        var notes = Do(new DutyEvent.Take("ada", Set("d")));
        Assert.Contains(notes, note => note.Kind == "dutyRatioExceeded");
        Assert.DoesNotContain(Do(new DutyEvent.Take("ada", Set("e"))), note => note.Kind == "dutyRatioExceeded");
    }

    [Fact]
    public void A_hand_over_moves_the_vehicles_when_the_successor_accepts_and_not_before()
    {
        Do(new DutyEvent.SignOn("ada", Set("a", "b")));
        Do(new DutyEvent.Offer("h1", "ada", "bert", Set("a", "b"), "b brakes late"));
        Assert.Equal("ada", book.HolderOf("a")?.Person);
        Assert.Equal(DutyProblem.OfferGone, Try(new DutyEvent.Accept("h1", "ada")));
        Assert.Equal(DutyProblem.NotOnDuty, Try(new DutyEvent.Accept("h1", "bert")));
        Do(new DutyEvent.SignOn("bert", Set()));
        Assert.Equal(DutyProblem.NotConfirmed, Try(new DutyEvent.SignOff("ada", Confirmed: false)));

        var decision = DutyDecisions.Decide(book, new DutyEvent.Accept("h1", "bert"), now, Rules);
        book = decision.Book;

        Assert.Equal("b brakes late", decision.Accepted?.Text);
        Assert.Equal(("bert", "bert"), (book.HolderOf("a")?.Person, book.HolderOf("b")?.Person));
        Assert.Empty(book.Offers);
        Assert.Null(Try(new DutyEvent.SignOff("ada", Confirmed: false)));
        Assert.Equal(DutyProblem.OfferGone, Try(new DutyEvent.Accept("h1", "bert")));
    }

    [Fact]
    public void Whoever_does_not_react_to_what_waits_is_escalated_then_absent_until_an_input()
    {
        Do(new DutyEvent.SignOn("ada", Set("a")));
        now += Rules.AbsentAfter;
        // Nothing waits: nobody has to press anything.
        Assert.Empty(Tick());
        var since = now;
        now += Rules.InputWithin - TimeSpan.FromSeconds(1);
        Assert.Empty(Tick(("a", since)));
        now += TimeSpan.FromSeconds(1);
        Assert.Equal("dutyNoInput", Assert.Single(Tick(("a", since))).Kind);
        Assert.Empty(Tick(("a", since)));
        Do(new DutyEvent.Screen("ada"));
        Assert.True(book.IsWatched("a", now, Rules));
        now = since + Rules.AbsentAfter;
        Do(new DutyEvent.Screen("ada"));
        Assert.Equal("dutyAbsent", Assert.Single(Tick(("a", since))).Kind);
        Assert.False(book.IsWatched("a", now, Rules));
        // Somebody else may step in for the absent one.
        Assert.Null(DutyDecisions.Decide(book, new DutyEvent.SignOn("bert", Set("a")), now, Rules).Problem);
        // What waited is gone; absence stays until a sign of life.
        Assert.Empty(Tick());
        Assert.False(book.IsWatched("a", now, Rules));
        Assert.Equal("dutyBack", Assert.Single(Do(new DutyEvent.Input("ada"))).Kind);
        Assert.True(book.IsWatched("a", now, Rules));
    }

    [Fact]
    public void What_waits_for_another_supervisors_vehicle_makes_nobody_else_absent()
    {
        Do(new DutyEvent.SignOn("ada", Set("a")));
        Do(new DutyEvent.SignOn("bert", Set("b")));
        var since = now;
        now += Rules.AbsentAfter;
        Assert.Equal("ada", Assert.Single(Tick(("a", since))).Who);
        Assert.Equal(DutyPresence.Present, book.Of("bert")!.Presence);
    }

    [Fact]
    public void An_expired_qualification_suspends_duty_at_once()
    {
        Do(new DutyEvent.SignOn("ada", Set("a")));
        Do(new DutyEvent.Screen("ada"));
        var decision = DutyDecisions.Decide(
            book, new DutyEvent.Tick(ImmutableDictionary<string, DateTimeOffset>.Empty, Qualified.Add("ada", "DrivingLicence is not valid")), now, Rules);
        Assert.Equal("dutySuspended", Assert.Single(decision.Notes).Kind);
        Assert.False(decision.Book.IsWatched("a", now, Rules));
        book = decision.Book;
        Assert.Equal("dutyResumed", Assert.Single(Tick()).Kind);
        Assert.True(book.IsWatched("a", now, Rules));
    }

    [Fact]
    public void Whatever_happens_a_vehicle_has_one_supervisor_at_most_and_nobody_too_many()
    {
        string[] people = ["ada", "bert", "cleo"];
        string[] vehicles = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        var person = Gen.Int[0, 2].Select(i => people[i]);
        var some = Gen.Int[0, 1023].Select(bits => DutyDesk.Set(vehicles.Where((_, i) => (bits >> i & 1) == 1)));
        var id = Gen.Int[0, 5].Select(i => $"h{i}");
        Gen<DutyEvent> happened = Gen.OneOf(
            Gen.Select(person, some, (who, what) => (DutyEvent)new DutyEvent.SignOn(who, what)),
            Gen.Select(person, some, (who, what) => (DutyEvent)new DutyEvent.Take(who, what)),
            Gen.Select(person, some, Gen.Bool, (who, what, sure) => (DutyEvent)new DutyEvent.Leave(who, what, sure)),
            Gen.Select(person, Gen.Bool, (who, sure) => (DutyEvent)new DutyEvent.SignOff(who, sure)),
            Gen.Select(id, person, person, some, (n, from, to, what) => (DutyEvent)new DutyEvent.Offer(n, from, to, what, "")),
            Gen.Select(id, person, (n, by) => (DutyEvent)new DutyEvent.Accept(n, by)),
            Gen.Select(id, person, (n, by) => (DutyEvent)new DutyEvent.Decline(n, by)),
            person.Select(who => (DutyEvent)new DutyEvent.Screen(who)),
            person.Select(who => (DutyEvent)new DutyEvent.Input(who)),
            some.Select(waits => (DutyEvent)new DutyEvent.Tick(waits.ToImmutableDictionary(v => v, _ => Start), Qualified)));

        Gen.Select(happened, Gen.Int[0, 90]).Array[0, 40].Sample(
            events =>
            {
                var (state, time) = (DutyBook.Empty, Start);
                foreach (var (one, seconds) in events)
                {
                    time += TimeSpan.FromSeconds(seconds);
                    var decision = DutyDecisions.Decide(state, one, time, Rules);
                    Assert.True(decision.Problem is null || ReferenceEquals(decision.Book, state));
                    state = decision.Book;
                    var held = state.People.Values.SelectMany(duty => duty.Vehicles).ToList();
                    Assert.Equal(held.Distinct().Count(), held.Count);
                    Assert.All(state.People.Values, duty => Assert.True(duty.Vehicles.Count <= Rules.MaxVehiclesPerSupervisor));
                    Assert.All(state.Offers, offer => Assert.True(state.Of(offer.From)!.Vehicles.IsSupersetOf(offer.Vehicles)));
                }
            },
            iter: 300);
    }

    private ImmutableArray<DutyNote> Do(DutyEvent happened)
    {
        var decision = DutyDecisions.Decide(book, happened, now, Rules);
        Assert.Null(decision.Problem);
        book = decision.Book;
        return decision.Notes;
    }

    private DutyProblem? Try(DutyEvent happened) => DutyDecisions.Decide(book, happened, now, Rules).Problem;

    private ImmutableArray<DutyNote> Tick(params (string Vehicle, DateTimeOffset Since)[] waits) =>
        Do(new DutyEvent.Tick(waits.ToImmutableDictionary(wait => wait.Vehicle, wait => wait.Since), Qualified));

    private static ImmutableSortedSet<string> Set(params string[] vehicles) => DutyDesk.Set(vehicles);
}
