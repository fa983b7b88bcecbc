using System.Collections.Immutable;
using Kehrwerk.Centre.Cases;
using Xunit;

namespace Kehrwerk.Centre.Tests.Cases;

public sealed class CaseFiguresTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_rate_is_per_person_and_ten_minutes_of_what_has_passed()
    {
        var cases = Enumerable.Range(0, 12).Select(i => One(i, i * 20, by: i % 2 == 0 ? "Ada" : "Bea")).ToList();

        var whole = CaseFigures.Of(cases, Begin, Begin.AddHours(8), Begin.AddHours(24));
        var half = CaseFigures.Of(cases, Begin, Begin.AddHours(8), Begin.AddHours(4));

        Assert.Equal((12, 2, 12 / 96.0), (whole.Cases, whole.People, whole.PerPerson));
        Assert.Equal((12, 12 / 48.0), (half.Cases, half.PerPerson));
        Assert.Equal((1, 0), (whole.Peak, whole.Floods));
    }

    [Fact]
    public void A_flood_begins_with_ten_in_ten_minutes_and_ends_below_five()
    {
        // Ten in nine minutes, then one a minute for a while, then quiet, then ten at once.
        var times = Enumerable.Range(0, 20).Select(i => (double)i).Concat(Enumerable.Repeat(120.0, 10)).ToList();
        var cases = times.Select((minute, i) => One(i, minute)).ToList();

        var figures = CaseFigures.Of(cases, Begin, Begin.AddHours(8), Begin.AddHours(8));

        Assert.Equal((10, 2), (figures.Peak, figures.Floods));
        Assert.Equal(0, CaseFigures.Of(cases.Where((_, i) => i % 2 == 0), Begin, Begin.AddHours(8), Begin.AddHours(8)).Floods);
    }

    [Fact]
    public void Three_of_one_kind_at_one_place_in_ten_minutes_chatter_and_calls_do_not()
    {
        ImmutableArray<Case> cases =
        [
            One(1, 0), One(2, 4), One(3, 9.9),
            One(4, 0, place: "test/T-2"), One(5, 5, place: "test/T-2"), One(6, 10, place: "test/T-2"),
            .. Enumerable.Range(7, 5).Select(i => One(i, 0, CaseKind.Reported, CasePlace.Outside)),
        ];

        Assert.Equal(1, CaseFigures.Of(cases, Begin, Begin.AddHours(8), Begin.AddHours(8)).Chattering);
    }

    [Fact]
    public void What_is_open_for_more_than_a_day_is_stale_in_each_span_that_sees_it()
    {
        var cases = new[] { One(1, 0) with { ClosedAt = Begin.AddHours(30) }, One(2, 60) with { ClosedAt = Begin.AddHours(24) }, One(3, 60) };

        Assert.Equal([0, 2, 1], new[] { 0, 24, 32 }.Select(hour => CaseFigures.Of(cases, Begin.AddHours(hour), Begin.AddHours(hour + 8), Begin.AddHours(48)).Stale));
    }

    [Fact]
    public void Times_and_priorities_are_of_those_that_were_raised_in_the_span()
    {
        var cases = new[]
        {
            One(1, -5) with { AcknowledgedAt = Begin },
            One(2, 1, CaseKind.LinkLost) with { AcknowledgedAt = Begin.AddMinutes(2), DecidedAt = Begin.AddMinutes(4) },
            One(3, 1, CaseKind.Deactivated) with { AcknowledgedAt = Begin.AddMinutes(4) },
            One(4, 1),
        };

        var figures = CaseFigures.Of(cases, Begin, Begin.AddHours(8), Begin.AddHours(8));

        Assert.Equal([TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3)], figures.ToAcknowledge);
        Assert.Equal(TimeSpan.FromMinutes(3), CaseFigures.Quantile(figures.ToDecide, 0.5));
        Assert.Equal((1, 1, 1), (figures.High, figures.Medium, figures.Low));
    }

    private static Case One(int id, double minute, CaseKind kind = CaseKind.ClockOff, string place = "test/T-1", string by = "Ada") => new()
    {
        Id = id,
        Kind = kind,
        Place = place,
        Detail = "",
        BegunAt = Begin.AddMinutes(minute),
        RaisedAt = Begin.AddMinutes(minute),
        LastSeenAt = Begin.AddMinutes(minute),
        History = [new(Begin.AddMinutes(minute), CaseStepKind.Raised, "centre"), new(Begin.AddMinutes(minute + 1), CaseStepKind.Taken, by)],
    };
}
