using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>
/// What the Centre decides for one vehicle: a pure function from what is known and what happened to what is known then and what
/// is to be done. The same calls give the same result; a grain hosts it in production, the event loop in simulation.
/// </summary>
public static class TwinRules
{
    /// <summary>Who acts where no person does, in the record.</summary>
    public const string Centre = CommandStamp.Centre;

    /// <summary>Who acts where the vehicle itself did, in the record.</summary>
    public const string Vehicle = "vehicle";

    private static readonly TimeSpan FactsheetDue = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(10);

    public static (Twin Twin, IReadOnlyList<TwinEffect> Effects) Decide(Twin twin, TwinEvent happened, DateTimeOffset now, CityContext city)
    {
        var decision = new Decision(twin, now, city);
        Supervising.Age(decision);
        switch (happened)
        {
            case TwinEvent.Reported reported:
                Reconciliation.Absorb(decision, reported.State);
                if (!ReferenceEquals(decision.Twin.Facts, twin.Facts))
                {
                    Supervising.Renew(decision);
                }

                break;
            case TwinEvent.SafetyReported reported:
                Supervising.Take(decision, reported.Report);
                break;
            case TwinEvent.EventCame came:
                Supervising.Take(decision, came.Message);
                break;
            case TwinEvent.Ticked ticked:
                decision.Twin = decision.Twin with { IsSupervisorOnDuty = ticked.IsSupervisorOnDuty, IsCleared = ticked.IsCleared };
                Tick(decision);
                break;
            case TwinEvent.ConnectionChanged changed:
                LinkRules.Take(decision, changed.Connection);
                break;
            case TwinEvent.Declared declared:
                TakeFactsheet(decision, declared.Factsheet);
                break;
            case TwinEvent.Commanded commanded:
                TakeCommand(decision, commanded);
                break;
            case TwinEvent.Answered answered:
                RequestAnswers.Take(decision, answered);
                break;
            case TwinEvent.MissionAssigned assigned:
                Assign(decision, assigned.Mission);
                break;
            case TwinEvent.BayGranted granted:
                TakeBay(decision, granted.Kind, granted.Number);
                break;
            case TwinEvent.RoadAnswered answered:
                Roads.Take(decision, answered);
                break;
            case TwinEvent.ClosuresChanged:
                Dispatch.AdaptToClosures(decision);
                break;
            case TwinEvent.Restarted:
                Resume(decision);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened, "Not an event that twins know.");
        }

        Dispatch.Next(decision);
        Roads.Keep(decision);
        return (decision.Twin, decision.Effects);
    }

    private static void Tick(Decision d)
    {
        LinkRules.Age(d);
        TellOfCheck(d);
        AskForFactsheet(d);
        d.SendDueCommands();
        if (d.Twin.Bay is { IsGranted: false } waiting && d.Now - waiting.AskedAt >= d.Rules.RepeatAfter)
        {
            d.Twin = d.Twin with { Bay = waiting with { AskedAt = d.Now } };
            d.Do(new TwinEffect.AskBay(waiting.Kind));
        }

        RequestAnswers.SendDue(d);
        ZoneDuty.Keep(d);
        Dispatch.RepeatOrder(d);
    }

    /// <summary>Once, when a mission begins to wait for the departure check, and once when it does not any more.</summary>
    private static void TellOfCheck(Decision d)
    {
        if (d.Twin.WaitsForCheck == d.Twin.IsHeldTold)
        {
            return;
        }

        d.Twin = d.Twin with { IsHeldTold = d.Twin.WaitsForCheck };
        d.Note(
            d.Twin.IsHeldTold ? "departureHeld" : "departureCleared",
            d.Twin.IsHeldTold ? $"{d.Twin.Mission!.Id} does not begin: there is no departure check of today without a defect" : $"{d.Twin.Mission?.Id ?? "no mission"}: it waits for no departure check any more");
        d.ShowChange();
    }

    /// <summary>Vehicles of 2.1 may say what they can only when they are asked. One without a factsheet that can be read is not asked on and on.</summary>
    private static void AskForFactsheet(Decision d)
    {
        d.Twin = d.Twin with { Commands = d.Twin.Commands.RemoveAll(c => c.ActionType == SweeperActions.FactsheetRequest && c.Sends >= d.Rules.UnansweredSends) };
        var twin = d.Twin;
        if (!twin.Awaits(SweeperActions.FactsheetRequest) && twin is { Series: "", Link: LinkState.Connected } && d.Now - twin.LinkSince >= FactsheetDue && d.Now >= twin.NotAskedBefore)
        {
            d.Twin = twin with { NotAskedBefore = d.Now + AskAgainAfter };
            d.Command(SweeperActions.FactsheetRequest, Centre);
        }
    }

    private static void TakeFactsheet(Decision d, Factsheet factsheet)
    {
        d.Twin = d.Twin with
        {
            KeepsZones = factsheet.TypeSpecification.SupportedZones.Contains(ZoneType.Blocked)
                && factsheet.ProtocolFeatures.MobileRobotActions.Any(a => a.ActionType == SweeperActions.EnableZoneSet),
            LengthM = factsheet.PhysicalParameters.Length is >= Twin.LeastLengthM and <= Twin.MostLengthM and var lengthM ? lengthM : Twin.UnknownLengthM,
            // It has said what it can, though its series may have no name.
            NotAskedBefore = DateTimeOffset.MaxValue,
            UsesBays = factsheet.ProtocolFeatures.MobileRobotActions.Any(a => a.ActionType == SweeperActions.Tip && a.ActionParameters.Any(p => p.Key == SweeperActions.BayParameter)),
            UsesCorridors = factsheet.ProtocolFeatures.OptionalParameters.Any(p => p.Parameter == "order.edges.corridor.releaseRequired"),
        };
        TakeLimits(d, VehicleLimits.Of(factsheet.ProtocolLimits));
        if (factsheet.TypeSpecification.SeriesName == d.Twin.Series)
        {
            return;
        }

        d.Twin = d.Twin with { Series = factsheet.TypeSpecification.SeriesName };
        d.Note("factsheet", $"series {d.Twin.Series}");
        if (factsheet.PhysicalParameters.Length is not (>= Twin.LeastLengthM and <= Twin.MostLengthM))
        {
            d.Note("factsheetGap", FormattableString.Invariant($"a length of {factsheet.PhysicalParameters.Length} m cannot be right ({Twin.LeastLengthM} to {Twin.MostLengthM} m): it counts as {Twin.UnknownLengthM} m long"));
        }

        string[] needed = [SweeperActions.Sweep, SweeperActions.Tip, SweeperActions.StartCharging, SweeperActions.Deactivate];
        var missing = needed.Except(factsheet.ProtocolFeatures.MobileRobotActions.Select(a => a.ActionType), StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            d.Note("factsheetGap", $"the vehicle does not declare {string.Join(", ", missing)}");
        }
    }

    private static void TakeLimits(Decision d, VehicleLimits limits)
    {
        if (limits == d.Twin.Limits)
        {
            return;
        }

        // Closures that were too many may fit now.
        d.Twin = d.Twin with { Limits = limits, ZoneCheck = null };
        foreach (var gap in limits.Gaps(d.Rules))
        {
            d.Note("factsheetGap", gap);
        }
    }

    private static void TakeCommand(Decision d, TwinEvent.Commanded commanded)
    {
        d.Note("command", commanded.Kind.ToString(), commanded.By);
        d.ShowChange();
        switch (commanded.Kind)
        {
            case VehicleCommandKind.Pause:
                d.Twin = d.Twin with { IsPaused = true };
                d.Command(SweeperActions.StartPause, commanded.By);
                break;
            case VehicleCommandKind.Resume:
                // Somebody has looked: try again what was given up.
                d.Twin = d.Twin with { IsPaused = false, Fault = null, Refusal = null, Refusals = 0, NotBefore = default };
                d.Command(SweeperActions.StopPause, commanded.By);
                break;
            case VehicleCommandKind.Stop:
                d.Twin = d.Twin with { IsStopped = true };
                d.Command(SweeperActions.Deactivate, commanded.By);
                break;
            case VehicleCommandKind.Release:
                Supervising.Release(d, commanded.By, commanded.Investigation);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(commanded), commanded.Kind, "Not a command.");
        }
    }

    private static void Assign(Decision d, Mission mission)
    {
        if (d.Twin.Mission is { IsRunning: true } running)
        {
            d.Note("missionRefused", $"{mission.Id}: {running.Id} is still running");
            return;
        }

        d.Twin = d.Twin with { Mission = mission };
        if (mission.City != d.City.City.Fingerprint)
        {
            // It was stored, and the city was imported anew before its vehicle heard of it.
            Dispatch.EndForAnotherCity(d, mission);
            return;
        }

        d.Note("missionAssigned", $"{mission.Id} with {mission.Steps.Count(s => s.IsPlannedSweep)} kerbs");
        d.ShowChange();
    }

    private static void TakeBay(Decision d, DepotService kind, int number)
    {
        if (d.Twin.Bay is { IsGranted: false } waiting && waiting.Kind == kind)
        {
            d.Twin = d.Twin with { Bay = waiting with { IsGranted = true, Number = number } };
            d.ShowChange();
        }
        else if (d.Twin.Bay is not { IsGranted: true } held || held.Kind != kind)
        {
            // It was asked for and is no longer wanted.
            d.Do(new TwinEffect.FreeBay(kind));
        }
    }

    /// <summary>
    /// After a restart of the Centre: a mission that ran goes on, a vehicle that was held stays so. What is on its way is sent anew.
    /// </summary>
    private static void Resume(Decision d)
    {
        d.Twin = d.Twin with { Commands = [.. d.Twin.Commands.Select(c => c with { SentAt = DateTimeOffset.MinValue })] };
        if (d.Twin.Order is { } order)
        {
            // When it was sent last is not kept: not sooner than the vehicle takes another.
            d.Twin = d.Twin with { Order = order with { SentAt = DateTimeOffset.MinValue }, OrderedAt = d.Now };
        }

        if (!d.Twin.IsSupervised)
        {
            DropReleases(d);
            HoldAgain(d);
        }

        if (d.Twin.Road is { } road && road.City != d.City.City.Fingerprint)
        {
            Roads.Free(d);
        }

        if (d.Twin.Bay is { } bay)
        {
            d.Twin = d.Twin with { Bay = bay with { AskedAt = d.Now } };
            d.Do(new TwinEffect.AskBay(bay.Kind));
        }

        if (d.Twin.Mission is { IsRunning: true } mission)
        {
            if (mission.City == d.City.City.Fingerprint)
            {
                d.Note("missionResumed", mission.Id);
            }
            else
            {
                Dispatch.EndForAnotherCity(d, mission);
            }
        }
    }

    /// <summary>What a person wanted to let go before the restart, they want anew: until then it must not overtake what holds the vehicle.</summary>
    private static void DropReleases(Decision d)
    {
        static bool LetsGo(PendingCommand command) => command.ActionType is SweeperActions.StopPause or SweeperActions.Activate;
        foreach (var command in d.Twin.Commands.Where(LetsGo))
        {
            d.Note("commandExpired", $"{command.ActionType}: the Centre started again before the vehicle showed it, it is not sent any more", command.By);
        }

        d.Twin = d.Twin with { Commands = d.Twin.Commands.RemoveAll(LetsGo), Release = null };
    }

    /// <summary>A vehicle without a lease may not know what holds it, nor an adapter before it: it is told before anything can let it go.</summary>
    private static void HoldAgain(Decision d)
    {
        if (d.Twin.IsStopped && !d.Twin.Awaits(SweeperActions.Deactivate))
        {
            d.Command(SweeperActions.Deactivate, Centre);
        }

        if (d.Twin.IsPaused && !d.Twin.Awaits(SweeperActions.StartPause))
        {
            d.Command(SweeperActions.StartPause, Centre);
        }
    }
}
