using Kehrwerk.Centre.Record;
using Kehrwerk.Link.Broker;
using Xunit;

namespace Kehrwerk.Centre.Tests.Store;

public class LinkRefusalsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly LinkRefusals refusals = new();

    [Fact]
    public void A_refusal_is_told_with_who_where_and_why()
    {
        refusals.Tell(new(RefusalKind.Publish, "kehrwerk/KW-01", "10.0.0.7", "it sent a message on a\nb"), Noon);

        var draft = Assert.Single(Told());
        Assert.Equal(("linkRefused", "broker", "kehrwerk/KW-01"), (draft.Kind, draft.Who, draft.Vehicle));
        Assert.Equal("Publish kehrwerk/KW-01 at 10.0.0.7: it sent a message on a?b", draft.Text);
    }

    [Fact]
    public void A_flood_of_refusals_becomes_one_entry_and_a_sum()
    {
        for (var i = 0; i < 100_000; i++)
        {
            refusals.Tell(new(RefusalKind.TooFast, "kehrwerk/KW-01", "", "too fast"), Noon.AddMilliseconds(i / 10));
        }

        refusals.Turn(Noon.AddMinutes(1));

        Assert.Equal(["TooFast kehrwerk/KW-01: too fast", "since 2026-05-04 12:00:00Z also: TooFast 99999"], Told().Select(d => d.Text));
    }

    [Fact]
    public void A_flood_from_ever_new_addresses_is_bounded_too_and_every_refusal_is_counted()
    {
        const int many = 5_000;
        for (var i = 0; i < many; i++)
        {
            refusals.Tell(new(RefusalKind.Certificate, "", $"10.0.{i / 250}.{i % 250}", "foreign"), Noon);
        }

        refusals.Turn(Noon.AddMinutes(1));

        var told = Told();
        Assert.Equal(LinkRefusals.MaxTold + 1, told.Count);
        Assert.EndsWith($"Certificate {many - LinkRefusals.MaxTold}", told[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_minute_tells_again()
    {
        refusals.Tell(new(RefusalKind.Certificate, "", "10.0.0.7", "foreign"), Noon);
        refusals.Tell(new(RefusalKind.Certificate, "", "10.0.0.7", "foreign"), Noon.AddSeconds(59));
        refusals.Tell(new(RefusalKind.Certificate, "", "10.0.0.7", "foreign"), Noon.AddSeconds(61));
        Assert.Equal(3, Told().Count);
    }

    [Fact]
    public void While_nothing_can_be_stored_memory_is_bounded()
    {
        for (var minute = 0; minute < 1_000; minute++)
        {
            for (var i = 0; i < 30; i++)
            {
                refusals.Tell(new(RefusalKind.Handshake, "", $"10.0.0.{i}", "no TLS"), Noon.AddMinutes(minute));
            }
        }

        Assert.InRange(Told().Count, 1, 1_024);
    }

    private List<RecordDraft> Told()
    {
        var told = new List<RecordDraft>();
        while (refusals.Drafts.TryRead(out var draft))
        {
            told.Add(draft);
        }

        return told;
    }
}
