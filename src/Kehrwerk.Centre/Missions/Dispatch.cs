using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Planning;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// Decides what a vehicle is ordered next. The phases of a mission are: drive and sweep as far as the forecast carries, go to the
/// depot, wait for a bay, be served, and so on until every step is closed.
/// </summary>
internal static class Dispatch
{
    /// <summary>With a tank or hopper beyond this share a visit to the depot takes care of it too.</summary>
    private const double WorthIt = 0.5;

    /// <summary>A service that would change less than this share is left out.</summary>
    private const double NotWorthIt = 0.05;

    /// <summary>A hopper with less than this share counts as empty.</summary>
    private const double EmptyShare = 0.001;

    /// <summary>Deadheading between the kerbs that are left, as a share of the energy for sweeping them.</summary>
    private const double DeadheadShare = 0.2;

    /// <summary>Sends the next order, or extends the one in flight, if anything is to be done now.</summary>
    public static void Next(Decision d)
    {
        var twin = d.Twin;
        if (twin.Mission is not { IsRunning: true } || !twin.IsReady || d.Now < twin.NotBefore || twin.IsCancelling)
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

    /// <summary>Sends the order again while no state shows it; never to a vehicle that is held.</summary>
    public static void RepeatOrder(Decision d)
    {
        if (d.Twin.Order is { IsShown: false, IsCancelled: false } order && d.Twin.IsReady && d.Now - order.SentAt >= d.Rules.RepeatAfter)
        {
            Send(d, order);
        }
    }

    public static void Send(Decision d, OrderInFlight order)
    {
        d.Twin = d.Twin with { Order = order with { SentAt = d.Now }, OrderHeader = d.Twin.OrderHeader + 1 };
        d.Do(new TwinEffect.Send(LinkTopic.Order, OrderWriter.Write(order, d.Twin.Mission!, d.Twin.Id, d.Twin.OrderHeader, d.Now, d.City)));
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

    /// <summary>Puts a visit to the depot before a step: the service that is short, and what is worth doing at the same time.</summary>
    public static void VisitDepotFor(Decision d, MissionStep step, DepotService needed)
    {
        var spec = d.Twin.Spec;
        var levels = d.Twin.Facts?.Levels ?? new Levels(spec.BatteryWh, spec.WaterL, 0, 0);
        var (needWh, needsCharge) = EnergyToComeWh(d, step, levels);
        var services = new List<StepWork.Service>();
        if (needed == DepotService.Tip || HopperShare(levels, spec) >= WorthIt)
        {
            services.Add(new(DepotService.Tip));
        }

        if (needed == DepotService.FillWater || levels.WaterL <= WorthIt * spec.WaterL)
        {
            services.Add(new(DepotService.FillWater));
        }

        if (needed == DepotService.Charge || needsCharge)
        {
            // A second visit for the same step means that the estimate was too low: fill up then.
            var percent = step.Visits > 0 ? 100 : Math.Clamp(100 * needWh / spec.BatteryWh, WorthIt * 100, 100);
            services.Add(new(DepotService.Charge, Math.Ceiling(percent)));
        }

        d.SetStep(step with { Visits = step.Visits + 1 });
        d.Twin = d.Twin with { Mission = d.Twin.Mission!.InsertBefore(step.No, services) };
        d.Note("depotVisit", $"before step {step.No}: {string.Join(", ", services.Select(s => s.Kind))} for {needed}");
    }

    /// <summary>Whether a service changes enough at these levels to be worth its time.</summary>
    public static bool IsNeeded(MissionStep step, StepWork.Service service, Levels? levels, Twin twin)
    {
        if (levels is not { } l)
        {
            return true;
        }

        var spec = twin.Spec;
        return service.Kind switch
        {
            DepotService.Tip => HopperShare(l, spec) >= EmptyShare,
            DepotService.FillWater => l.WaterL < (1 - NotWorthIt) * spec.WaterL,
            DepotService.Charge => l.BatteryWh < (service.UntilPercent - 1) / 100 * spec.BatteryWh,
            DepotService.Wash => !IsAfterSkippedTip(twin.Mission!, step),
            _ => true,
        };
    }

    /// <summary>When the time left only just brings the vehicle home, what is left to sweep is given up.</summary>
    public static void EndShiftIfDue(Decision d, int fromArc)
    {
        var twin = d.Twin;
        var homeMs = d.City.HomeMs(fromArc);
        var homeS = homeMs == CityContext.NoWay ? 0 : homeMs / 1000.0;
        var lastS = twin.Spec.ShiftS + d.Rules.ShiftGrace.TotalSeconds - homeS - twin.Spec.TipS - twin.Spec.WashS;
        if (d.Now - twin.Mission!.StartedAt <= TimeSpan.FromSeconds(lastS))
        {
            return;
        }

        foreach (var step in twin.Mission.Steps)
        {
            if (step is { Status: StepStatus.Open, Work: StepWork.Sweep or StepWork.Service { Kind: DepotService.Charge or DepotService.FillWater } })
            {
                d.Skip(step, SkipReasons.ShiftOver);
            }
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
        }
        else
        {
            LeaveBay(d);
        }

        EndShiftIfDue(d, place.Arc);
        while (d.Twin.Mission!.NextOpen() is { } step)
        {
            if (isAtDepot && step.Work is StepWork.ReturnToDepot)
            {
                d.SetStep(step with { Status = new StepStatus.Done(d.Now) });
            }
            else if (isAtDepot && step.Work is StepWork.Service service)
            {
                if (IsNeeded(step, service, d.Twin.Facts!.Levels, d.Twin))
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
    private static VehiclePlace? PlaceOf(Decision d)
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
            Service = new(step.No, actionId),
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
        var swept = mission.Steps.Count(s => s is { Work: StepWork.Sweep, Status: StepStatus.Done });
        var missed = mission.Steps.Count(s => s is { Work: StepWork.Sweep, Status: StepStatus.Skipped });
        d.Note("missionEnded", $"{mission.Id}: {swept} kerbs swept, {missed} missed");
        d.Do(new TwinEffect.MissionEnded(mission.Id, d.Now));
        d.ShowChange();
    }

    /// <summary>Energy for the kerbs from a step on to the next planned charge, and whether what is there falls short of it.</summary>
    private static (double NeedWh, bool IsShort) EnergyToComeWh(Decision d, MissionStep from, Levels levels)
    {
        var spec = d.Twin.Spec;
        var needWh = 0.0;
        var last = d.City.DepotArc;
        foreach (var step in d.Twin.Mission!.Steps.SkipWhile(s => s.No != from.No))
        {
            if (step.Work is StepWork.Service { Kind: DepotService.Charge })
            {
                break;
            }

            if (step.Work is StepWork.Sweep sweep && !step.IsClosed)
            {
                last = d.City.City.Kerbs[sweep.Kerb].Arc;
                needWh += d.City.Streets.ArcLengthM[last] / spec.SweepSpeedMps * spec.SweepPowerW / 3600 * (1 + DeadheadShare);
            }
        }

        var homeWh = Forecast.HomeWh(last, spec, d.City);
        needWh = (needWh * d.Rules.EnergyMargin) + (double.IsFinite(homeWh) ? 2 * homeWh : 0);
        return (needWh, levels.BatteryWh < Math.Min(needWh, spec.BatteryWh * (1 - NotWorthIt)));
    }

    private static double HopperShare(Levels levels, SweeperSpec spec) =>
        Math.Max(levels.HopperM3 / spec.HopperM3, levels.HopperKg / spec.HopperKg);

    private static bool IsAfterSkippedTip(Mission mission, MissionStep wash)
    {
        var at = mission.Steps.IndexOf(wash);
        return at > 0 && mission.Steps[at - 1] is { Work: StepWork.Service { Kind: DepotService.Tip }, Status: StepStatus.Skipped };
    }
}
