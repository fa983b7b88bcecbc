using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// Builds an order's drive step by step and releases it as the vehicle moves. Nothing is released that the forecast, made anew
/// from the vehicle's levels each time, does not carry to its end and home; where it would not, a visit to the depot comes first.
/// Nothing leads into a narrow street that the vehicle was not granted (<see cref="Roads"/>): there it waits at the end of its base.
/// </summary>
internal static class WayAhead
{
    /// <summary>The base is extended beyond its least length by this factor, so that not every edge needs a message.</summary>
    public const double Ahead = 1.5;

    /// <summary>An attempt may go on from where the one before ended, within this distance, metres.</summary>
    public const double SweptGapM = 10;

    /// <summary>Starts an order from the vehicle's place; false where no step led to a drive.</summary>
    public static bool Begin(Decision d, VehiclePlace place)
    {
        var orderId = d.NewId('o');
        Roads.HoldPlace(d, place);
        return Continue(d, new()
        {
            OrderId = $"{d.Twin.Mission!.Id}.{orderId}",
            Start = place,
            HasCorridors = d.Twin.UsesCorridors,
            StartPoint = d.Twin.Facts!.Position ?? d.City.Streets.NodePoint[d.City.Streets.ArcHead[place.Arc]],
        });
    }

    /// <summary>Extends the order in flight if the end of its base is near.</summary>
    public static void Extend(Decision d, OrderInFlight order)
    {
        if (order.IsFinal && order.Base == order.Path.Length)
        {
            return;
        }

        var passed = Passed(order, d.Twin.Facts);
        var leftM = LengthM(d.City, order.Path, passed, order.Base) - d.Twin.Facts!.SinceNodeM;
        if (leftM < d.Rules.BaseM || order.Base - passed < d.Rules.BaseEdges)
        {
            Continue(d, order);
        }
    }

    /// <summary>How many arcs of the order the vehicle has passed.</summary>
    public static int Passed(OrderInFlight order, VehicleFacts? facts) =>
        facts?.OrderId == order.OrderId ? (int)Math.Min(facts.LastNodeSequenceId / 2, (uint)order.Path.Length) : 0;

    /// <summary>Drops the drive from an arc on; the steps in it are open again.</summary>
    public static OrderInFlight Cut(Decision d, OrderInFlight order, int at)
    {
        var open = order.OpenActions;
        foreach (var arc in order.Path.AsSpan()[at..])
        {
            if (arc.ActionId is { } actionId)
            {
                open = open.Remove(actionId);
                d.SetStep(d.Twin.Mission!.Step(arc.Step) with { Status = new StepStatus.Open() });
            }
        }

        return order with { Path = order.Path[..at], OpenActions = open, IsFinal = false };
    }

    private static bool Continue(Decision d, OrderInFlight before)
    {
        var isNew = d.Twin.Order is null;
        var order = d.Twin.IsRoadRefused ? Roads.KeepToAnnounced(d, before) : before;
        var passed = Passed(order, d.Twin.Facts);
        var forecast = ToEndOfBase(d, order, passed);
        EndShiftFor(d, ref order);
        order = KeepWhatCarries(d, order, ref forecast);
        order = Legs.Append(d, order, passed, forecast);
        order = order with { Told = Reach(d, order, passed) };
        (order, var open, var wanted) = Release(d, order, passed);
        Roads.Ask(d, order, open, wanted);
        var dropsHorizon = Math.Min(before.Path.Length, before.Told) > before.Base && order.Path.Length == order.Base;
        if (isNew ? order.Path.Length > 0 : order.Base > before.Base || dropsHorizon)
        {
            // A new order whose base is only the node where the vehicle stands: it waits there for what it asked.
            Dispatch.Send(d, order with
            {
                UpdateId = isNew ? 0 : before.UpdateId + 1,
                StitchAt = before.Base,
                IsShown = false,
                Sends = 0,
            });
            return true;
        }

        if (!isNew)
        {
            d.Twin = d.Twin with { Order = order };
        }

        return false;
    }

    private static void EndShiftFor(Decision d, ref OrderInFlight order)
    {
        var mission = d.Twin.Mission!;
        ShiftEnd.GiveUpIfDue(d, order.Base == 0 ? order.Start.Arc : order.Path[order.Base - 1].Arc);
        if (!ReferenceEquals(mission, d.Twin.Mission))
        {
            order = Cut(d, order, order.Base);
            ShiftEnd.GiveUpIfDue(d, order.LastArc);
        }
    }

    /// <summary>The levels at the end of the base, from what the vehicle reports now; null where it reports none.</summary>
    private static Forecast? ToEndOfBase(Decision d, OrderInFlight order, int passed)
    {
        if (d.Twin.Facts!.Levels is not { } levels)
        {
            return null;
        }

        var forecast = new Forecast(levels, 0);
        for (var i = passed; i < order.Base; i++)
        {
            var arc = order.Path[i];
            var fromM = i == passed ? arc.FromM + d.Twin.Facts.SinceNodeM : arc.FromM;
            forecast = forecast.Drive(arc.Arc, fromM, SweepOf(d, arc), d.Twin.Spec, d.City);
        }

        return forecast;
    }

    /// <summary>Checks the horizon against closures and the fresh forecast; drops it from the first leg that is no longer carried.</summary>
    private static OrderInFlight KeepWhatCarries(Decision d, OrderInFlight order, ref Forecast? forecast)
    {
        if (order.Path.AsSpan()[order.Base..].ContainsAny(d.City.Closures))
        {
            return Cut(d, order, order.Base);
        }

        if (forecast is not { } f)
        {
            return order;
        }

        var legStart = order.Base;
        var atLegStart = f;
        for (var i = order.Base; i < order.Path.Length; i++)
        {
            var arc = order.Path[i];
            if (i > legStart && arc.Step != order.Path[i - 1].Step)
            {
                (legStart, atLegStart) = (i, f);
            }

            f = f.Drive(arc.Arc, arc.FromM, SweepOf(d, arc), d.Twin.Spec, d.City);
            if (arc.ActionId is not null && f.Shortage(arc.Arc, d.Twin.Spec, d.City) is { } shortage)
            {
                order = Cut(d, order, legStart);
                forecast = atLegStart;
                Legs.VisitOrGiveUp(d, d.Twin.Mission!.Step(arc.Step), shortage);
                return order;
            }
        }

        forecast = f;
        return order;
    }

    /// <summary>How far the next message may tell of the path, so that the vehicle can take it.</summary>
    private static int Reach(Decision d, OrderInFlight order, int passed) => d.Twin.Limits.Reach(
        order.Path.Length, order.Base, passed,
        to => LinkJson.Serialize(Dispatch.Write(d, order with { StitchAt = order.Base, Told = to }, headerId: uint.MaxValue)).Length);

    /// <returns>The order with as much released as is granted and told, up to which arc it could be, and up to which it should.</returns>
    private static (OrderInFlight Order, int Open, int Wanted) Release(Decision d, OrderInFlight order, int passed)
    {
        var granted = Roads.Granted(d, order);
        var wanted = order.Base;
        var released = order.Base;
        var releasedM = LengthM(d.City, order.Path, passed, wanted) - (wanted > passed ? d.Twin.Facts!.SinceNodeM : 0);
        while (wanted < order.Path.Length
            && (releasedM < Ahead * d.Rules.BaseM || wanted - passed < Ahead * d.Rules.BaseEdges))
        {
            var arc = order.Path[wanted].Arc;
            if (wanted >= granted && releasedM >= d.Rules.NarrowM && !d.City.Narrow.IsFree(arc))
            {
                break;
            }

            released += released == wanted && (wanted < granted || Roads.IsOpen(d, order, arc)) ? 1 : 0;
            releasedM += d.City.Streets.ArcLengthM[arc];
            wanted++;
        }

        return (order with { Base = Math.Min(released, order.Told) }, released, wanted);
    }

    private static bool ContainsAny(this ReadOnlySpan<OrderArc> arcs, Closures closures)
    {
        foreach (var arc in arcs)
        {
            if (closures.Contains(arc.Arc))
            {
                return true;
            }
        }

        return false;
    }

    private static StepWork.Sweep? SweepOf(Decision d, OrderArc arc) =>
        arc.ActionId is null ? null : d.Twin.Mission!.Step(arc.Step).Work as StepWork.Sweep;

    public static double LengthM(CityContext city, ImmutableArray<OrderArc> path, int from, int to)
    {
        var lengthM = 0.0;
        for (var i = from; i < to; i++)
        {
            lengthM += city.Streets.ArcLengthM[path[i].Arc] - path[i].FromM;
        }

        return lengthM;
    }
}
