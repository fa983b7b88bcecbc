using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>
/// How the Centre stands to a vehicle by what it hears (docs/link/connection.md has the table): connected, silent, lost, and back. Whoever was lost
/// or never seen has to answer a question first: then both directions work, and what it reports is of now. Nothing else follows
/// from the link: what a vehicle does that cannot be heard is unknown, not failed, and its mission stays its own.
/// </summary>
internal static class LinkRules
{
    /// <summary>A report that is the newest has come.</summary>
    public static void Hear(Decision d)
    {
        var isLate = d.Now - d.Twin.Facts!.KnownAt > d.Rules.SilentAfter;
        if (d.Twin.Connection is ConnectionState.Offline or ConnectionState.ConnectionBroken && !isLate)
        {
            d.Twin = d.Twin with { Connection = ConnectionState.Online };
        }

        switch (d.Twin.Link)
        {
            case LinkState.Silent when !isLate:
                Set(d, LinkState.Connected);
                break;
            case LinkState.Lost or LinkState.NeverSeen when !isLate:
                Set(d, LinkState.Back);
                Ask(d);
                break;
            default:
                break;
        }
    }

    /// <summary>Time has passed.</summary>
    public static void Age(Decision d)
    {
        if (d.Twin.Facts is not { } facts)
        {
            return;
        }

        var age = d.Now - facts.KnownAt;
        if (d.Twin.Link is LinkState.Connected or LinkState.Silent or LinkState.Back && age > d.Rules.LostAfter)
        {
            Set(d, LinkState.Lost);
        }
        else if (d.Twin.Link == LinkState.Connected && age > d.Rules.SilentAfter)
        {
            Set(d, LinkState.Silent);
        }
    }

    /// <summary>The broker says something of the vehicle's connection. Only a report brings a vehicle back, not a greeting.</summary>
    public static void Take(Decision d, Connection connection)
    {
        d.Twin = d.Twin with { Connection = connection.ConnectionState };
        if (connection.ConnectionState is ConnectionState.Offline or ConnectionState.ConnectionBroken)
        {
            Set(d, LinkState.Lost);
        }
    }

    /// <summary>A report shows that the vehicle has taken an instant action.</summary>
    public static void Answered(Decision d, string actionId)
    {
        if (d.Twin.Link == LinkState.Back && d.Twin.Question == actionId)
        {
            d.Twin = d.Twin with { Question = null };
            Set(d, LinkState.Connected);
        }
    }

    private static void Ask(Decision d)
    {
        d.Twin = d.Twin with { Commands = d.Twin.Commands.RemoveAll(c => c.ActionType == SweeperActions.StateRequest) };
        d.Command(SweeperActions.StateRequest, TwinRules.Centre);
        d.Twin = d.Twin with { Question = d.Twin.Commands[^1].ActionId };
    }

    private static void Set(Decision d, LinkState link)
    {
        if (link != d.Twin.Link)
        {
            d.Note("link", $"{d.Twin.Link} -> {link}");
            d.Twin = d.Twin with { Link = link, LinkSince = d.Now };
            d.ShowChange();
        }
    }
}
