using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>How far the Centre is with bringing the closures to a vehicle.</summary>
/// <param name="ZoneSetId">The set that is to be enabled.</param>
/// <param name="Since">Since when it is wanted and not enabled.</param>
/// <param name="NextTry">Not before this time anything is sent again.</param>
/// <param name="IsLate">It takes so long that a person is told.</param>
public sealed record ZonesUnderWay(string ZoneSetId, DateTimeOffset Since, DateTimeOffset NextTry, bool IsLate = false);

/// <summary>Whether the vehicle can take the closures.</summary>
/// <param name="Fault">Why not; the Centre then keeps it out by the ways it orders alone. Null if it can.</param>
public sealed record ZoneCheck(string ZoneSetId, string? Fault);

/// <summary>
/// Sees that every vehicle that keeps BLOCKED zones has the closures of the city stored and enabled (VDA 5050 3.0.0, 6.4.2), and that sets
/// that are out of use do not fill its memory. A vehicle within a street that was closed is first let out.
/// </summary>
internal static class ZoneDuty
{
    // A vehicle so near a zone could not halt before it: its length, and its way to a stop.
    private const double NearM = 25;

    public static void Keep(Decision d)
    {
        if (!d.Twin.KeepsZones || d.Twin.Link != LinkState.Connected || d.Twin.Facts is not { MayAct: true } facts)
        {
            return;
        }

        var wanted = Wanted(d);
        var isNone = wanted.Zones.IsEmpty;
        var enabled = facts.ZoneSets.FirstOrDefault(set => set.MapId == wanted.MapId && set.ZoneSetStatus == StoredStatus.Enabled);
        if (enabled?.ZoneSetId == wanted.ZoneSetId || (isNone && enabled?.ZoneSetId.StartsWith(ClosureZones.Prefix, StringComparison.Ordinal) != true))
        {
            Settle(d, facts, wanted.ZoneSetId);
            return;
        }

        var way = d.Twin.Zones?.ZoneSetId == wanted.ZoneSetId ? d.Twin.Zones : new(wanted.ZoneSetId, d.Now, d.Now);
        if (!way.IsLate && d.Now - way.Since >= d.Rules.UnansweredAfter)
        {
            way = way with { IsLate = true };
            d.Note("zonesNotEnabled", $"{wanted.ZoneSetId}: the vehicle does not show the closed streets as enabled");
            d.ShowChange();
        }

        d.Twin = d.Twin with { Zones = way };
        if (d.Now < way.NextTry || (facts.Position is { } place && ClosureZones.IsNear(wanted, place, NearM)))
        {
            return;
        }

        d.Twin = d.Twin with { Zones = way with { NextTry = d.Now + (way.IsLate ? d.Rules.UnansweredAfter : d.Rules.RepeatAfter) } };
        if (!facts.ZoneSets.Any(set => set.ZoneSetId == wanted.ZoneSetId))
        {
            d.Twin = d.Twin with { ZoneHeader = d.Twin.ZoneHeader + 1 };
            d.Do(new TwinEffect.Send(LinkTopic.ZoneSet, Message(d, wanted)));
        }
        else if (!d.Twin.Awaits(SweeperActions.EnableZoneSet))
        {
            d.Command(SweeperActions.EnableZoneSet, TwinRules.Centre, about: wanted.ZoneSetId);
        }
    }

    /// <summary>The closed streets, or none of them where they are more than the vehicle can take: what it holds of an older set could be open since.</summary>
    private static ZoneSetContent Wanted(Decision d)
    {
        var all = d.City.ClosureZones;
        if (d.Twin.ZoneCheck?.ZoneSetId != all.ZoneSetId)
        {
            var fault = d.Twin.Limits.Fault(all, () => LinkJson.Serialize(Message(d, all)).Length);
            d.Twin = d.Twin with { ZoneCheck = new(all.ZoneSetId, fault) };
            if (fault is not null)
            {
                d.Note("zonesNotSent", $"{all.ZoneSetId}: {fault}; the Centre keeps it out of closed streets by the ways it orders");
                d.ShowChange();
            }
        }

        return d.Twin.ZoneCheck!.Fault is null ? all : all with { ZoneSetId = ClosureZones.NoneId, Zones = [] };
    }

    private static ZoneSet Message(Decision d, ZoneSetContent content) => new() { HeaderId = d.Twin.ZoneHeader, Timestamp = d.Now, Vehicle = d.Twin.Id, Content = content };

    /// <summary>All is as it should be; old sets of ours go, one after the other.</summary>
    private static void Settle(Decision d, VehicleFacts facts, string wanted)
    {
        if (d.Twin.Zones is { } way)
        {
            d.Note("zonesEnabled", way.ZoneSetId);
            d.Twin = d.Twin with { Zones = null };
            d.ShowChange();
        }

        var old = facts.ZoneSets.FirstOrDefault(set => set.ZoneSetStatus == StoredStatus.Disabled && set.ZoneSetId != wanted
            && set.ZoneSetId.StartsWith(ClosureZones.Prefix, StringComparison.Ordinal));
        if (old is not null && !d.Twin.Awaits(SweeperActions.DeleteZoneSet))
        {
            d.Command(SweeperActions.DeleteZoneSet, TwinRules.Centre, about: old.ZoneSetId);
        }
    }
}
