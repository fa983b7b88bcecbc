using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Missions;

/// <summary>Appends to an order's drive what the mission wants next: the way to a kerb and the kerb, or the way to the depot.</summary>
internal static class Legs
{
    /// <summary>Appends the legs to the next open steps until the horizon is long enough or the order has to end.</summary>
    public static OrderInFlight Append(Decision d, OrderInFlight order, int passed, Forecast? forecast)
    {
        var aheadM = WayAhead.LengthM(d.City, order.Path, passed, order.Path.Length);
        while (!order.IsFinal && d.Twin.Fault is null && aheadM < (WayAhead.Ahead * d.Rules.BaseM) + d.Rules.HorizonM)
        {
            if (order.ActionCount >= Math.Min(d.Rules.MaxActions, d.Twin.Limits.Actions) || d.Twin.Mission!.NextOpen() is not { } step)
            {
                return order with { IsFinal = true };
            }

            var length = order.Path.Length;
            order = step.Work switch
            {
                StepWork.Sweep sweep => AppendSweep(d, order, step, sweep, ref forecast),
                StepWork.Service service when !DepotVisits.IsNeeded(step, service, forecast?.Levels, d.Twin) => Leave(d, order, step),
                _ => AppendWayHome(d, order, step),
            };
            aheadM += WayAhead.LengthM(d.City, order.Path, length, order.Path.Length);
        }

        return order;
    }

    /// <summary>A step that the levels do not carry: the depot first, or, after too many visits, not at all.</summary>
    public static void VisitOrGiveUp(Decision d, MissionStep step, DepotService shortage)
    {
        if (step.Visits < d.Rules.MaxVisits)
        {
            DepotVisits.Insert(d, step, shortage);
        }
        else
        {
            d.Skip(step, shortage == DepotService.Charge ? SkipReasons.OutOfRange : SkipReasons.TooLarge);
        }
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
            var goesOn = step.Work is not StepWork.Sweep || order.Start.OffsetM <= step.SweptM + WayAhead.SweptGapM;
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
}
