using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;

namespace Kehrwerk.Centre.Traffic;

/// <summary>A twin's part in the traffic between our own vehicles: what it asks the book, what it makes of the answer, and what its vehicle has left.</summary>
internal static class Roads
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    /// <summary>So many arcs of the order's path are granted; at least what is released. Nothing while the book keeps to the way of an order before.</summary>
    public static int Granted(Decision d, OrderInFlight order)
    {
        if (d.Twin.Road is not { } claim)
        {
            return order.Base;
        }

        if (claim.OrderId != order.OrderId)
        {
            return 0;
        }

        var granted = claim.From;
        while (granted < Math.Min(claim.From + claim.Granted, order.Path.Length) && order.Path[granted].Arc == claim.Way[granted - claim.From])
        {
            granted++;
        }

        return Math.Max(order.Base, granted);
    }

    /// <summary>Whether the base may go on over an arc without the book's leave.</summary>
    public static bool IsOpen(Decision d, OrderInFlight order, int arc) =>
        (d.Twin.Road is null || d.Twin.Road.OrderId == order.OrderId) && d.City.Narrow.IsFree(arc);

    /// <summary>Announces the way of the order and asks for it, where the book does not know it or more of it is wanted.</summary>
    /// <param name="released">So far the base can go now.</param>
    /// <param name="wanted">And so far it should.</param>
    public static void Ask(Decision d, OrderInFlight order, int released, int wanted)
    {
        var old = d.Twin.Road;
        var isSame = old?.OrderId == order.OrderId;
        released = Math.Max(released, Granted(d, order));
        var isGrantedElsewhere = isSame && old!.From + old.Granted > released;
        if ((released >= wanted && (old is null || isSame) && !isGrantedElsewhere) || order.Path.IsEmpty)
        {
            d.Twin = d.Twin with { IsShutIn = false };
            return;
        }

        if (d.Now - d.Twin.RoadAskedAt < AskEvery)
        {
            return;
        }

        d.Twin = d.Twin with { RoadAskedAt = d.Now };
        var from = isSame ? old!.From : old is null ? released : 0;
        if (WayFrom(d, order, from, Math.Max(released, wanted), isSame ? old!.Way : []) is not { IsEmpty: false } way)
        {
            ShutIn(d, order);
            return;
        }

        d.Twin = d.Twin with { IsShutIn = false };

        if (isSame && way.SequenceEqual(old!.Way))
        {
            // The same array, so that the twin is not stored anew with every answer.
            way = old.Way;
        }

        d.Do(new TwinEffect.AskRoad(
            new()
            {
                City = d.City.City.Fingerprint,
                OrderId = order.OrderId,
                From = from,
                Way = way,
                Granted = released - from,
                Residue = isSame ? old!.Residue : old is null ? [] : [.. old.HeldArcs.Where(arc => !d.City.Narrow.IsFree(arc)).Distinct()],
                LengthM = d.Twin.LengthM,
            },
            Math.Max(released, wanted) - from));
    }

    /// <summary>No way out can be announced, so nothing is asked for: a person has to know why it stands.</summary>
    private static void ShutIn(Decision d, OrderInFlight order)
    {
        if (!d.Twin.IsShutIn)
        {
            d.Twin = d.Twin with { IsShutIn = true };
            d.Note("shutIn", $"{order.OrderId}: closed streets leave no way to the depot behind the narrow street ahead; it is not asked for");
            d.ShowChange();
        }
    }

    public static void Take(Decision d, TwinEvent.RoadAnswered answered)
    {
        var (claim, answer) = (answered.Claim, answered.Answer);
        if (d.Twin.Order?.OrderId != claim.OrderId)
        {
            // It is over since; what is stored is what holds.
            d.Do(new TwinEffect.TellRoad(d.Twin.Road));
            return;
        }

        if (answer.IsAccepted)
        {
            claim = claim with { Granted = answer.Granted };
            d.Twin = d.Twin with { Road = claim.HoldsNothing(d.City.Narrow) ? null : claim };
        }

        var before = d.Twin.RoadWait;
        d.Twin = d.Twin with
        {
            IsRoadRefused = !answer.IsAccepted,
            RoadWait = answer.WaitsFor is not { } block ? null
                : before is not null && d.Twin.Facts is { Driving: false } ? before with { Block = block }
                : new(block, d.Now, IsTold: false),
        };
        d.ShowChange();
    }

    /// <summary>
    /// The way it wants is not safe now: it takes the announced one, to where it can wait. From there every way is safe to announce.
    /// </summary>
    public static OrderInFlight KeepToAnnounced(Decision d, OrderInFlight order)
    {
        d.Twin = d.Twin with { IsRoadRefused = false };
        if (d.Twin.Road is not { } claim)
        {
            return order;
        }

        var at = order.Base;
        ImmutableArray<int> rest;
        if (claim.OrderId == order.OrderId)
        {
            while (at < order.Path.Length && at - claim.From < claim.Way.Length && order.Path[at].Arc == claim.Way[at - claim.From])
            {
                at++;
            }

            rest = [.. claim.Way.Skip(at - claim.From)];
        }
        else if (claim.Way.IndexOf(order.Start.Arc) is >= 0 and var here)
        {
            rest = claim.Way[(order.Start.AtEnd ? here + 1 : here)..];
        }
        else if (BeginsAt(d, claim, order.Start))
        {
            rest = claim.Way;
        }
        else
        {
            return order;
        }

        if ((rest.IsEmpty && at == order.Path.Length) || rest.Any(d.City.Closures.Contains))
        {
            return order;
        }

        order = WayAhead.Cut(d, order, at);
        var step = d.Twin.Mission!.NextOpen()?.No ?? d.Twin.Mission.Steps[^1].No;
        var added = rest.Select((arc, i) => new OrderArc(arc, at == 0 && i == 0 && !order.Start.AtEnd ? order.Start.OffsetM : 0, step));
        d.Note("wayKept", $"{order.OrderId}: the way on is not safe now, it takes the announced one");
        return order with { Path = [.. order.Path, .. added] };
    }

    /// <summary>Frees what the newest report shows to be left: the vehicle's whole length is beyond the node.</summary>
    public static void Leave(Decision d)
    {
        if (d.Twin.Road is not { } claim || d.Twin.Order is not { } order || d.Twin.Facts is not { } facts || facts.OrderId != order.OrderId)
        {
            return;
        }

        var narrow = d.City.Narrow;

        // Only what was released can have been driven, whatever the report says.
        var passed = Math.Min(WayAhead.Passed(order, facts), order.Base);
        var sinceNodeM = passed == order.Base ? 0 : Math.Min(facts.SinceNodeM, WayAhead.LengthM(d.City, order.Path, passed, passed + 1));
        if (claim.OrderId != order.OrderId)
        {
            // A newer order than the claim's is shown: the vehicle takes no older one any more. If it began in the depot's yard, it has left all;
            // nothing of the new one is released before the book has taken that over.
            if (order.Start.AtEnd && narrow.EndsAtDepot(order.Start.Arc))
            {
                Free(d);
            }

            return;
        }

        var left = claim.From;
        while (left < passed && left < claim.From + claim.Granted && HasLeft(left + 1))
        {
            left++;
        }

        var hasLeftResidue = claim.Residue.IsEmpty || (order.Start.AtEnd && narrow.EndsAtDepot(order.Start.Arc)) || HasLeft(0);
        if (left == claim.From && hasLeftResidue == claim.Residue.IsEmpty)
        {
            return;
        }

        claim = claim with
        {
            From = left,
            Way = claim.Way[(left - claim.From)..],
            Granted = claim.Granted - (left - claim.From),
            Residue = hasLeftResidue ? [] : claim.Residue,
        };
        d.Twin = d.Twin with { Road = claim.HoldsNothing(narrow) ? null : claim };
        d.Do(new TwinEffect.TellRoad(d.Twin.Road));

        // Of the drive from one of the order's nodes on. In the depot's yard it is only where nothing leads on; a street may lead past it.
        bool HasLeft(int node) =>
            (passed > 0 && passed == order.Base && narrow.EndsAtDepot(order.Path[passed - 1].Arc))
            || WayAhead.LengthM(d.City, order.Path, node, passed) + sinceNodeM >= claim.LengthM;
    }

    /// <summary>
    /// Whether the vehicle takes no order any more that it was told to cancel and did not have (docs/link/connection.md). Only of our sweepers, which
    /// tell their levels, is that known.
    /// </summary>
    public static bool Remembers(Decision d) => d.Twin.Facts?.Levels is not null;

    /// <summary>The vehicle has heard that an order is cancelled. If it stands in the depot's yard, nothing can move it into the streets of that any more.</summary>
    public static void Cancelled(Decision d, string? orderId)
    {
        if (d.Twin.Order is null && d.Twin.Road?.OrderId == orderId
            && Dispatch.PlaceOf(d) is { AtEnd: true } place && d.City.Narrow.EndsAtDepot(place.Arc))
        {
            Free(d);
        }
    }

    public static void Free(Decision d)
    {
        if (d.Twin.Road is not null)
        {
            d.Twin = d.Twin with { Road = null };
            d.Do(new TwinEffect.TellRoad(null));
        }
    }

    /// <summary>
    /// Where a vehicle begins an order within a narrow street that it was not granted, as one that was moved by hand, the place is its own: a fact, not a wish.
    /// </summary>
    public static void HoldPlace(Decision d, VehiclePlace place)
    {
        if (d.City.Narrow.IsFree(place.Arc) || (place.AtEnd && d.City.Narrow.EndsAtDepot(place.Arc)) || d.Twin.Road?.HeldArcs.Contains(place.Arc) == true)
        {
            return;
        }

        var claim = d.Twin.Road ?? new() { City = d.City.City.Fingerprint, OrderId = "", LengthM = d.Twin.LengthM };
        if (!claim.Way.Contains(place.Arc) && !BeginsAt(d, claim, place))
        {
            // It cannot take the way it announced.
            claim = claim with { Way = [], Granted = 0, Residue = [.. claim.HeldArcs] };
        }

        d.Twin = d.Twin with { Road = claim with { Residue = claim.Residue.Add(place.Arc) } };
        d.Do(new TwinEffect.TellRoad(d.Twin.Road));
    }

    /// <summary>Whether the announced way leads on from the node where the vehicle stands.</summary>
    private static bool BeginsAt(Decision d, RoadClaim claim, VehiclePlace place) =>
        place.AtEnd && claim.Way is [var next, ..] && d.City.Streets.ArcTail[next] == d.City.Streets.ArcHead[place.Arc];

    /// <summary>Lets the book know whether the vehicle drives on by itself, and a person when it has waited for long.</summary>
    public static void Keep(Decision d)
    {
        var stands = !d.Twin.IsReady || d.Twin.Mission is not { IsRunning: true };

        // What is stored, told after what is asked, would take back what the book grants for that. The decision on the answer tells it.
        if (d.Twin.Road is { } claim && claim.Stands != stands && !d.Effects.Any(effect => effect is TwinEffect.AskRoad))
        {
            d.Twin = d.Twin with { Road = claim with { Stands = stands } };
            d.Do(new TwinEffect.TellRoad(d.Twin.Road));
        }

        if (d.Twin.RoadWait is { IsTold: false } wait && d.Now - wait.Since >= d.Rules.RoadWaitTold && d.Twin.WaitsOnRoad)
        {
            d.Twin = d.Twin with { RoadWait = wait with { IsTold = true } };
            d.Note("waitsForVehicle", $"for {wait.Block.Vehicle} in {StreetOf(d.City, wait.Block)}, since {wait.Since:HH:mm:ss}");
            d.ShowChange();
        }
    }

    internal static string StreetOf(CityContext city, RoadBlock block) =>
        city.Streets.ArcName(block.Arc) is { Length: > 0 } name ? name : city.Streets.ArcKey(block.Arc);

    /// <summary>The path from an arc on to the first place to wait at that is not before <paramref name="atLeast"/>; beyond the path the way to the depot. Null where none leads there.</summary>
    private static ImmutableArray<int>? WayFrom(Decision d, OrderInFlight order, int from, int atLeast, ImmutableArray<int> announced)
    {
        var way = ImmutableArray.CreateBuilder<int>();
        for (var i = from; i < order.Path.Length; i++)
        {
            way.Add(order.Path[i].Arc);
            if (i + 1 >= atLeast && d.City.Narrow.CanWaitAt(order.Path[i].Arc, d.Twin.LengthM))
            {
                return way.ToImmutable();
            }
        }

        // What was announced beyond the path's end still leads out.
        if (announced.Length > way.Count && announced.Take(way.Count).SequenceEqual(way))
        {
            return announced;
        }

        if (order.LastArc == d.City.DepotArc)
        {
            return way.ToImmutable();
        }

        // The first is known without a search.
        if (d.City.HomeMs(order.LastArc) == CityContext.NoWay || d.City.FindWay(order.LastArc, d.City.DepotArc) is not { } home)
        {
            return null;
        }

        foreach (var arc in home.Arcs.Add(d.City.DepotArc))
        {
            way.Add(arc);
            if (d.City.Narrow.CanWaitAt(arc, d.Twin.LengthM))
            {
                break;
            }
        }

        return way.ToImmutable();
    }
}

/// <summary>A vehicle waits for another one.</summary>
/// <param name="Since">Since when it could not go on, or was first told so while it drove.</param>
/// <param name="IsTold">It has gone on record.</param>
public sealed record RoadWait(RoadBlock Block, DateTimeOffset Since, bool IsTold);
