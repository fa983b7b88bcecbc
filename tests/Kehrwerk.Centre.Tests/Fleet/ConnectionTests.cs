using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>Every transition of the table in docs/link/connection.md, and what must not follow from any of them.</summary>
public sealed class ConnectionTests
{
    private readonly Twin connected;
    private readonly State state;
    private DateTimeOffset now;
    private uint header;

    public ConnectionTests()
    {
        var shift = new TestShift().Sweep([GridTown.KerbBetween(1, 2).Id, GridTown.KerbBetween(2, 3).Id]);
        shift.RunMinutes(1.4);
        (connected, state, now) = (shift.Twin, shift.LastState!, shift.Loop.Now);
        header = state.HeaderId;
    }

    public enum What { Report, Answer, Broken, Offline, Online, Wait4S, Wait31S }

    public static TheoryData<LinkState, What, LinkState> Table => new()
    {
        { LinkState.NeverSeen, What.Report, LinkState.Back },
        { LinkState.NeverSeen, What.Broken, LinkState.Lost },
        { LinkState.NeverSeen, What.Offline, LinkState.Lost },
        { LinkState.NeverSeen, What.Online, LinkState.NeverSeen },
        { LinkState.NeverSeen, What.Wait31S, LinkState.NeverSeen },
        { LinkState.Back, What.Report, LinkState.Back },
        { LinkState.Back, What.Answer, LinkState.Connected },
        { LinkState.Back, What.Broken, LinkState.Lost },
        { LinkState.Back, What.Offline, LinkState.Lost },
        { LinkState.Back, What.Online, LinkState.Back },
        { LinkState.Back, What.Wait4S, LinkState.Back },
        { LinkState.Back, What.Wait31S, LinkState.Lost },
        { LinkState.Connected, What.Report, LinkState.Connected },
        { LinkState.Connected, What.Broken, LinkState.Lost },
        { LinkState.Connected, What.Offline, LinkState.Lost },
        { LinkState.Connected, What.Online, LinkState.Connected },
        { LinkState.Connected, What.Wait4S, LinkState.Silent },
        { LinkState.Connected, What.Wait31S, LinkState.Lost },
        { LinkState.Silent, What.Report, LinkState.Connected },
        { LinkState.Silent, What.Broken, LinkState.Lost },
        { LinkState.Silent, What.Offline, LinkState.Lost },
        { LinkState.Silent, What.Online, LinkState.Silent },
        { LinkState.Silent, What.Wait31S, LinkState.Lost },
        { LinkState.Lost, What.Report, LinkState.Back },
        { LinkState.Lost, What.Answer, LinkState.Back },
        { LinkState.Lost, What.Broken, LinkState.Lost },
        { LinkState.Lost, What.Online, LinkState.Lost },
        { LinkState.Lost, What.Wait31S, LinkState.Lost },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void The_table_holds(LinkState from, What what, LinkState to)
    {
        var twin = In(from);
        var (after, effects) = Happens(twin, what);

        Assert.Equal(from, twin.Link);
        Assert.Equal(to, after.Link);
        Assert.Equal(from != to, effects.Any(e => e is TwinEffect.Note { Kind: "link" }));
        Assert.True(from == LinkState.Back || Questions(effects).Any() == (to == LinkState.Back), "whoever comes back is asked, and nobody else");

        // Unknown is not failed: whatever becomes of the link, the mission and its order stay where they are.
        Assert.Equal(twin.Mission, after.Mission);
        Assert.Equal(twin.Order?.OrderId, after.Order?.OrderId);
        Assert.Null(after.Fault);
    }

    [Theory]
    [InlineData(LinkState.NeverSeen)]
    [InlineData(LinkState.Silent)]
    [InlineData(LinkState.Lost)]
    [InlineData(LinkState.Back)]
    public void Only_a_connected_vehicle_is_sent_orders(LinkState link)
    {
        var order = connected.Order! with { IsShown = false, SentAt = DateTimeOffset.MinValue };
        var toConnected = Decide(connected with { Order = order }, new TwinEvent.Ticked()).Effects;
        var (_, effects) = Decide(In(link) with { Order = order }, new TwinEvent.Ticked());

        Assert.DoesNotContain(effects.OfType<TwinEffect.Send>(), s => s.Topic == LinkTopic.Order);
        Assert.Contains(toConnected.OfType<TwinEffect.Send>(), s => s.Topic == LinkTopic.Order);
    }

    [Fact]
    public void A_stop_goes_out_whatever_the_link()
    {
        foreach (var link in Enum.GetValues<LinkState>())
        {
            var (_, effects) = Decide(In(link), new TwinEvent.Commanded(VehicleCommandKind.Stop, "Ada"));
            Assert.Contains(effects.OfType<TwinEffect.Send>(), s => s.Message is InstantActions { Actions: [{ ActionType: SweeperActions.Deactivate }] });
        }
    }

    [Fact]
    public void A_vehicle_that_a_person_drives_is_asked_too_when_it_is_back()
    {
        var (after, effects) = Decide(In(LinkState.Lost), new TwinEvent.Reported(Next() with { OperatingMode = OperatingMode.Manual }));
        Assert.Equal(after.Question, Assert.Single(Questions(effects)).Actions[0].ActionId);
    }

    [Fact]
    public void The_answer_to_an_earlier_question_does_not_count()
    {
        var back = In(LinkState.Back);
        var old = back.Question!;
        var (lost, _) = Happens(back, What.Broken);
        var (again, _) = Happens(lost, What.Report);
        var (after, _) = Decide(again, new TwinEvent.Reported(Next() with { InstantActionStates = [new(old, ActionStatus.Finished)] }));

        Assert.NotEqual(old, again.Question);
        Assert.Equal(LinkState.Back, after.Link);
    }

    [Fact]
    public void A_report_that_is_minutes_late_does_not_make_a_silent_vehicle_look_connected()
    {
        var silent = In(LinkState.Silent);
        var late = Next();
        now += TimeSpan.FromSeconds(25);
        var (after, _) = Decide(silent, new TwinEvent.Reported(late));

        Assert.Equal(late.HeaderId, after.Facts!.HeaderId);
        Assert.Equal(LinkState.Silent, after.Link);
        Assert.InRange((now - after.Facts.KnownAt).TotalSeconds, 24.5, 25.5);
    }

    [Fact]
    public void A_vehicle_with_another_time_is_shown_and_treated_as_any_other()
    {
        var twin = connected with { Sender = null, Link = LinkState.NeverSeen };
        var ahead = Next() with { Timestamp = now.AddHours(3) };
        var (after, effects) = Decide(twin, new TwinEvent.Reported(ahead));

        Assert.Equal(LinkState.Back, after.Link);
        Assert.True(after.IsClockOff);
        Assert.Contains(effects.OfType<TwinEffect.Note>(), n => n.Kind == "clock" && n.Text.Contains("10800.0 s ahead", StringComparison.Ordinal));
        Assert.Equal(10800, TwinView.Of(after, GridTown.Context).ClockOffsetS!.Value, 1.0);
        Assert.Equal(now, TwinView.Of(after, GridTown.Context).ReportedAt);
    }

    private Twin In(LinkState link)
    {
        var fresh = connected with { Link = LinkState.NeverSeen, Facts = null, Sender = null, Question = null, Connection = null };
        return link switch
        {
            LinkState.NeverSeen => fresh,
            LinkState.Back => Happens(fresh, What.Report).Twin,
            LinkState.Connected => connected,
            LinkState.Silent => Happens(connected, What.Wait4S).Twin,
            LinkState.Lost => Happens(connected, What.Broken).Twin,
            _ => throw new ArgumentOutOfRangeException(nameof(link), link, "not a state of the table"),
        };
    }

    private (Twin Twin, IReadOnlyList<TwinEffect> Effects) Happens(Twin twin, What what)
    {
        switch (what)
        {
            case What.Report:
                return Decide(twin, new TwinEvent.Reported(Next()));
            case What.Answer:
                return Decide(twin, new TwinEvent.Reported(Next() with { InstantActionStates = [new(twin.Question ?? "c0", ActionStatus.Finished)] }));
            case What.Wait4S or What.Wait31S:
                now += TimeSpan.FromSeconds(what == What.Wait4S ? 4 : 31);
                return Decide(twin, new TwinEvent.Ticked());
            default:
                var said = what switch { What.Broken => ConnectionState.ConnectionBroken, What.Offline => ConnectionState.Offline, _ => ConnectionState.Online };
                return Decide(twin, new TwinEvent.ConnectionChanged(new() { HeaderId = 0, Timestamp = now, Vehicle = twin.Id, ConnectionState = said }));
        }
    }

    /// <summary>The next report, sent now.</summary>
    private State Next() => state with { HeaderId = ++header, Timestamp = now };

    private (Twin Twin, IReadOnlyList<TwinEffect> Effects) Decide(Twin from, TwinEvent happened) => TwinRules.Decide(from, happened, now, GridTown.Context);

    private static IEnumerable<InstantActions> Questions(IEnumerable<TwinEffect> effects) =>
        effects.OfType<TwinEffect.Send>().Select(s => s.Message).OfType<InstantActions>().Where(m => m.Actions.Any(a => a.ActionType == SweeperActions.StateRequest));
}
