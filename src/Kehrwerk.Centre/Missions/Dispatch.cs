using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// Decides what a vehicle is ordered next. The phases of a mission are: drive and sweep as far as the forecast carries, go to the
/// depot, wait for a bay, be served, and so on until every step is closed.
/// </summary>
internal static class Dispatch
{
    /// <summary>Sends the next order, or extends the one in flight, if anything is to be done now.</summary>
    public static void Next(Decision d)
    {
        var twin = d.Twin;
        if (twin.Mission is not { IsRunning: true } || !twin.IsReady || d.Now < twin.NotBefore || twin.IsCancelling || !twin.Limits.MayOrder(twin.OrderedAt, d.Now) || twin.WaitsForCheck)
        {
            return;
        }

        if (twin.Order is { } order)
        {
            if (order is { IsShown: true, IsCancelled: false })
            {
                WayAhead.Extend(d, order);
            }
        }
        else if (twin.Facts!.IsIdle)
        {
            Begin(d);
        }
    }

    /// <summary>
    /// Sends the order again while no state shows it; never to a vehicle that is held. One that neither shows nor refuses it for long is
    /// shown to a person, and then asked less often.
    /// </summary>
    public static void RepeatOrder(Decision d)
    {
        if (d.Twin.Order is not { IsShown: false, IsCancelled: false } order || !d.Twin.IsReady || !d.Twin.Limits.MayOrder(d.Twin.OrderedAt, d.Now))
        {
            return;
        }

        var isUnanswered = order.Sends >= d.Rules.UnansweredSends;
        if (isUnanswered && !d.Twin.IsOrderUnanswered && d.Now - order.SentAt >= d.Rules.RepeatAfter)
        {
            d.Twin = d.Twin with { IsOrderUnanswered = true };
            d.Note("orderUnanswered", $"{order.OrderId}/{order.UpdateId}: sent {order.Sends} times, neither shown nor refused");
            d.ShowChange();
        }

        if (d.Now - order.SentAt >= (isUnanswered ? d.Rules.UnansweredAfter : d.Rules.RepeatAfter))
        {
            Send(d, order);
        }
    }

    public static void Send(Decision d, OrderInFlight order)
    {
        var message = Write(d, order, d.Twin.OrderHeader + 1);
        if ((order.Told == 0 && !order.Path.IsEmpty ? "no edge fits into its orders" : d.Twin.Limits.Fault(message)) is { } fault)
        {
            CannotTake(d, fault);
            return;
        }

        d.Twin = d.Twin with { Order = order with { SentAt = d.Now, Sends = order.Sends + 1 }, OrderHeader = message.HeaderId, OrderedAt = d.Now };
        d.Do(new TwinEffect.Send(LinkTopic.Order, message));
    }

    internal static Order Write(Decision d, OrderInFlight order, uint headerId) => OrderWriter.Write(order, d.Twin.Mission!, d.Twin.Id, headerId, d.Now, d.City) with
    {
        SupervisionEpoch = d.Twin.Epoch == 0 ? null : d.Twin.Epoch,
    };

    /// <summary>No order, however short, is what the vehicle can take: a person has to know, and what was meant for it is open again.</summary>
    private static void CannotTake(Decision d, string fault)
    {
        d.Fail($"By its factsheet (protocolLimits) the vehicle cannot take an order: {fault}. Ask its maker, then resume it");
        if (d.Twin.Order is null)
        {
            d.Twin = d.Twin with { Mission = d.Twin.Mission!.Reopened() };
        }
    }

    public static void CancelOrder(Decision d)
    {
        if (d.Twin.Order is { IsCancelled: false } order)
        {
            d.Twin = d.Twin with { Order = order with { IsCancelled = true } };
            d.Command(SweeperActions.CancelOrder, TwinRules.Centre, order.OrderId);
        }
    }

    public static void LeaveBay(Decision d)
    {
        if (d.Twin.Bay is { } bay)
        {
            d.Twin = d.Twin with { Bay = null };
            d.Do(new TwinEffect.FreeBay(bay.Kind));
        }
    }

    /// <summary>A released arc ahead is closed now: the order is given up. The horizon is looked at when it is released.</summary>
    public static void AdaptToClosures(Decision d)
    {
        if (d.Twin.Order is not { IsCancelled: false } order)
        {
            return;
        }

        var next = WayAhead.Passed(order, d.Twin.Facts) + 1;
        if (order.Path.Take(order.Base).Skip(next).Any(arc => d.City.Closures.Contains(arc.Arc)))
        {
            d.Note("closure", $"{order.OrderId} led into a closed street: cancelled");
            CancelOrder(d);
        }
    }

    /// <summary>The mission's kerbs are those of another city than this one: nothing of it can be ordered.</summary>
    public static void EndForAnotherCity(Decision d, Mission mission)
    {
        var ended = mission.Steps.Select(s => s.IsClosed ? s : s with { Status = new StepStatus.Skipped(SkipReasons.CityChanged, d.Now) });
        LeaveBay(d);
        d.Twin = d.Twin with { Mission = mission with { Steps = [.. ended], EndedAt = d.Now }, Order = null };
        d.Note("missionEnded", $"{mission.Id}: the city was imported anew since, its kerbs are others");
        d.Do(new TwinEffect.MissionEnded(mission.Id, d.Now));
    }

    private static void Begin(Decision d)
    {
        if (PlaceOf(d) is not { } place)
        {
            if (d.Twin.Facts!.Position is { } off)
            {
                d.Fail(FormattableString.Invariant($"The vehicle stands off every street, at {off.X:0.0} {off.Y:0.0}"));
            }

            return;
        }

        var isAtDepot = place.AtEnd && d.City.Streets.ArcHead[place.Arc] == d.City.DepotNode;
        if (isAtDepot)
        {
            place = place with { Arc = d.City.DepotArc, OffsetM = d.City.Streets.ArcLengthM[d.City.DepotArc] };
            if (d.Twin.Road is { } road && Roads.Remembers(d))
            {
                // An order that the vehicle lost may still reach it. When it has heard that it is cancelled, it takes it no more, and the streets are free.
                // With any other vehicle they are free when it shows its next order.
                d.Command(SweeperActions.CancelOrder, TwinRules.Centre, road.OrderId);
                return;
            }
        }
        else
        {
            LeaveBay(d);
        }

        ShiftEnd.GiveUpIfDue(d, place.Arc);
        while (d.Twin.Mission!.NextOpen() is { } step)
        {
            if (isAtDepot && step.Work is StepWork.ReturnToDepot)
            {
                d.SetStep(step with { Status = new StepStatus.Done(d.Now) });
            }
            else if (isAtDepot && step.Work is StepWork.Service service)
            {
                if (DepotVisits.IsNeeded(step, service, d.Twin.Facts!.Levels, d.Twin))
                {
                    Serve(d, step, service, place);
                    return;
                }

                d.Skip(step, SkipReasons.NotNeeded);
            }
            else if (WayAhead.Begin(d, place) || d.Twin.Fault is not null)
            {
                return;
            }
        }

        End(d);
    }

    /// <summary>Where its last order left it, unless it has been moved since; else by its report.</summary>
    internal static VehiclePlace? PlaceOf(Decision d)
    {
        const double sameNodeM = 5;
        var facts = d.Twin.Facts!;
        var isThere = d.Twin.Place is { } left
            && (!left.AtEnd || facts.Position is not { } position
                || d.City.Streets.NodePoint[d.City.Streets.ArcHead[left.Arc]].DistanceTo(position) <= sameNodeM);
        return isThere ? d.Twin.Place : d.City.Locate(facts);
    }

    private static void Serve(Decision d, MissionStep step, StepWork.Service service, VehiclePlace place)
    {
        if (d.Twin.Bay is { } bay && bay.Kind != service.Kind)
        {
            LeaveBay(d);
        }

        if (d.Twin.Bay is not { IsGranted: true })
        {
            if (d.Twin.Bay is null)
            {
                d.Twin = d.Twin with { Bay = new(service.Kind, false, d.Now) };
                d.Do(new TwinEffect.AskBay(service.Kind));
                d.ShowChange();
            }

            return;
        }

        var number = d.Twin.NextNumber;
        var orderId = d.NewId('o');
        var actionId = OrderWriter.ActionId(d.Twin.Mission!, step, number, d.City);
        d.SetStep(step with { Status = new StepStatus.Ordered(actionId) });
        Send(d, new()
        {
            OrderId = $"{d.Twin.Mission!.Id}.{orderId}",
            Start = place,
            StartPoint = d.City.Streets.NodePoint[d.City.DepotNode],
            Service = new(step.No, actionId, d.Twin.UsesBays ? d.Twin.Bay.Number : 0),
            OpenActions = OrderInFlight.NoActions.Add(actionId, step.No),
            ActionCount = 1,
            IsFinal = true,
        });
    }

    private static void End(Decision d)
    {
        LeaveBay(d);
        var mission = d.Twin.Mission! with { EndedAt = d.Now };
        d.Twin = d.Twin with { Mission = mission };
        var swept = mission.Steps.Count(s => s is { IsPlannedSweep: true, Status: StepStatus.Done });
        var missed = mission.Steps.Count(s => s is { IsPlannedSweep: true, Status: StepStatus.Skipped });
        d.Note("missionEnded", $"{mission.Id}: {swept} kerbs swept, {missed} missed");
        d.Do(new TwinEffect.MissionEnded(mission.Id, d.Now));
        d.ShowChange();
    }
}
