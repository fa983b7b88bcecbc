using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// Builds an order's drive step by step and releases it as the vehicle moves. Nothing is released that the forecast, made anew
/// from the vehicle's levels each time, does not carry to its end and home; where it would not, a visit to the depot comes first.
/// </summary>
internal static class WayAhead
{
    /// <summary>The base is extended beyond its least length by this factor, so that not every edge needs a message.</summary>
    private const double Ahead = 1.5;

    /// <summary>An attempt may go on from where the one before ended, within this distance, metres.</summary>
    private const double SweptGapM = 10;

    /// <summary>Starts an order from the vehicle's place; false where no step led to a drive.</summary>
    public static bool Begin(Decision d, VehiclePlace place)
    {
        var orderId = d.NewId('o');
        return Continue(d, new()
        {
            OrderId = $"{d.Twin.Mission!.Id}.{orderId}",
            Start = place,
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
        var order = before;
        var passed = Passed(order, d.Twin.Facts);
        var forecast = ToEndOfBase(d, order, passed);
        EndShiftFor(d, ref order);
        order = KeepWhatCarries(d, order, ref forecast);
        var isMoving = order.Base > 0;
        order = Append(d, order, passed, forecast);
        order = Release(d, order, passed);
        var dropsHorizon = before.Path.Length > before.Base && order.Path.Length == order.Base;
        if (order.Base > before.Base || (isMoving && dropsHorizon))
        {
            Dispatch.Send(d, order with
            {
                UpdateId = isMoving ? before.UpdateId + 1 : 0,
                StitchAt = before.Base,
                IsShown = false,
            });
            return true;
        }

        if (isMoving)
        {
            d.Twin = d.Twin with { Order = order };
        }

        return false;
    }

    private static void EndShiftFor(Decision d, ref OrderInFlight order)
    {
        var mission = d.Twin.Mission!;
        Dispatch.EndShiftIfDue(d, order.Base == 0 ? order.Start.Arc : order.Path[order.Base - 1].Arc);
        if (!ReferenceEquals(mission, d.Twin.Mission))
        {
            order = Cut(d, order, order.Base);
            Dispatch.EndShiftIfDue(d, order.LastArc);
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
                VisitOrGiveUp(d, d.Twin.Mission!.Step(arc.Step), shortage);
                return order;
            }
        }

        forecast = f;
        return order;
    }

    /// <summary>Appends the legs to the next open steps until the horizon is long enough or the order has to end.</summary>
    private static OrderInFlight Append(Decision d, OrderInFlight order, int passed, Forecast? forecast)
    {
        var aheadM = LengthM(d.City, order.Path, passed, order.Path.Length);
        while (!order.IsFinal && d.Twin.Fault is null && aheadM < (Ahead * d.Rules.BaseM) + d.Rules.HorizonM)
        {
            if (order.ActionCount >= d.Rules.MaxActions || d.Twin.Mission!.NextOpen() is not { } step)
            {
                return order with { IsFinal = true };
            }

            var length = order.Path.Length;
            order = step.Work switch
            {
                StepWork.Sweep sweep => AppendSweep(d, order, step, sweep, ref forecast),
                StepWork.Service service when !Dispatch.IsNeeded(step, service, forecast?.Levels, d.Twin) => Leave(d, order, step),
                _ => AppendWayHome(d, order, step),
            };
            aheadM += LengthM(d.City, order.Path, length, order.Path.Length);
        }

        return order;
    }

    private static OrderInFlight Leave(Decision d, OrderInFlight order, MissionStep step)
    {
        d.Skip(step, SkipReasons.NotNeeded);
        return order;
    }

    private static OrderInFlight AppendSweep(
        Decision d, OrderInFlight order, MissionStep step, StepWork.Sweep sweep, ref Forecast? forecast)
    {
        var arc = d.City.City.Kerbs[sweep.Kerb].Arc;
        if (d.City.Closures.Contains(arc))
        {
            d.Skip(step, SkipReasons.Closed);
            return order;
        }

        if (d.City.HomeMs(arc) == CityContext.NoWay || Leg(d, order, step, arc) is not { } leg)
        {
            d.Skip(step, SkipReasons.NotReachable);
            return order;
        }

        if (forecast is { } f)
        {
            foreach (var part in leg)
            {
                f = f.Drive(part.Arc, part.FromM, part == leg[^1] ? sweep : null, d.Twin.Spec, d.City);
            }

            if (f.Shortage(arc, d.Twin.Spec, d.City) is { } shortage)
            {
                VisitOrGiveUp(d, step, shortage);
                return order;
            }

            forecast = f;
        }

        var actionId = OrderWriter.ActionId(d.Twin.Mission!, step, d.Twin.NextNumber, d.City);
        d.Twin = d.Twin with { NextNumber = d.Twin.NextNumber + 1 };
        d.SetStep(step with { Status = new StepStatus.Ordered(actionId) });
        return order with
        {
            Path = [.. order.Path, .. leg[..^1], leg[^1] with { ActionId = actionId }],
            OpenActions = order.OpenActions.Add(actionId, step.No),
            ActionCount = order.ActionCount + 1,
        };
    }

    private static OrderInFlight AppendWayHome(Decision d, OrderInFlight order, MissionStep step)
    {
        if (order.LastArc == d.City.DepotArc && (!order.Path.IsEmpty || order.Start.AtEnd))
        {
            return order with { IsFinal = true };
        }

        if (Leg(d, order, step, d.City.DepotArc) is not { } leg)
        {
            d.Fail("There is no way to the depot from where the vehicle is; lift a closure or fetch it");
            return order;
        }

        return order with { Path = [.. order.Path, .. leg], IsFinal = true };
    }

    /// <summary>The arcs from the end of the path to the end of <paramref name="toArc"/>, or null where no way leads there.</summary>
    private static ImmutableArray<OrderArc>? Leg(Decision d, OrderInFlight order, MissionStep step, int toArc)
    {
        var leg = ImmutableArray.CreateBuilder<OrderArc>();
        if (order.Path.IsEmpty && !order.Start.AtEnd)
        {
            leg.Add(new(order.Start.Arc, order.Start.OffsetM, step.No));
            var goesOn = step.Work is not StepWork.Sweep || order.Start.OffsetM <= step.SweptM + SweptGapM;
            if (order.Start.Arc == toArc && goesOn)
            {
                return leg.ToImmutable();
            }
        }

        if (d.City.FindWay(order.LastArc, toArc) is not { } way)
        {
            return null;
        }

        foreach (var arc in way.Arcs)
        {
            leg.Add(new(arc, 0, step.No));
        }

        leg.Add(new(toArc, 0, step.No));
        return leg.ToImmutable();
    }

    private static void VisitOrGiveUp(Decision d, MissionStep step, DepotService shortage)
    {
        if (step.Visits < d.Rules.MaxVisits)
        {
            Dispatch.VisitDepotFor(d, step, shortage);
        }
        else
        {
            d.Skip(step, shortage == DepotService.Charge ? SkipReasons.OutOfRange : SkipReasons.TooLarge);
        }
    }

    private static OrderInFlight Release(Decision d, OrderInFlight order, int passed)
    {
        var released = order.Base;
        var releasedM = LengthM(d.City, order.Path, passed, released) - (released > passed ? d.Twin.Facts!.SinceNodeM : 0);
        while (released < order.Path.Length
            && (releasedM < Ahead * d.Rules.BaseM || released - passed < Ahead * d.Rules.BaseEdges))
        {
            releasedM += d.City.Streets.ArcLengthM[order.Path[released].Arc];
            released++;
        }

        return order with { Base = released };
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

    private static double LengthM(CityContext city, ImmutableArray<OrderArc> path, int from, int to)
    {
        var lengthM = 0.0;
        for (var i = from; i < to; i++)
        {
            lengthM += city.Streets.ArcLengthM[path[i].Arc] - path[i].FromM;
        }

        return lengthM;
    }
}
