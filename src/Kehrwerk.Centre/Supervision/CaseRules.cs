using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using static Kehrwerk.Centre.Cases.CaseAction;
using static Kehrwerk.Centre.Cases.CaseClass;
using static Kehrwerk.Centre.Cases.CaseKind;
using static Kehrwerk.Centre.Cases.CasePriority;
using ConnectionState = Kehrwerk.Link.Messages.ConnectionState;
using MrcCause = Kehrwerk.Link.Messages.MrcCause;
using RequestStatus = Kehrwerk.Link.Messages.RequestStatus;

namespace Kehrwerk.Centre.Cases;

/// <summary>A condition that holds at a place.</summary>
/// <param name="Detail">See <see cref="Case.Detail"/>; must not change while the condition means the same.</param>
/// <param name="Culprit">Another vehicle that is the cause.</param>
public sealed record CaseSignal(CaseKind Kind, string Detail = "", string? Culprit = null);

/// <summary>One kind of case: when it is raised, what it means, who has to do what by when.</summary>
public sealed record CaseRule(CaseKind Kind, CaseClass Class, CasePriority Priority)
{
    /// <summary>The condition by a vehicle's twin; null for kinds that come from elsewhere.</summary>
    public Func<Twin, CityContext, CaseSignal?>? Condition { get; init; }

    /// <summary>The condition in words, for docs/centre/cases.md.</summary>
    public required string When { get; init; }

    /// <summary>Raised when the condition has held for so long, seconds.</summary>
    public double OnS { get; init; }

    /// <summary>The condition counts as gone when it has not held for so long, seconds; longer where it comes and goes.</summary>
    public double OffS { get; init; } = 5;

    /// <summary>Not raised while the condition of an open case of these kinds holds at the same place, at the Centre, or at the vehicle or bay that is the cause.</summary>
    public ImmutableArray<CaseKind> SuppressedBy { get; init; } = [];

    /// <summary>Escalates when nobody has taken it within so long, seconds; null: never.</summary>
    public double? TakeS { get; init; }

    /// <summary>Escalates when its owner has not decided within so long, seconds; null: never.</summary>
    public double? DecideS { get; init; }

    /// <summary>What is proposed, the likeliest first.</summary>
    public required ImmutableArray<CaseAction> Actions { get; init; }

    /// <summary>A person's command that brings the condition about: whoever gave it owns the case.</summary>
    public CaseAction? BroughtAboutBy { get; init; }

    /// <summary>It stays open until a person has decided it, also where its condition is gone.</summary>
    public bool NeedsPerson => Class <= C;

    /// <summary>A request waits and an emergency is now: neither can be put off.</summary>
    public bool MayBeShelved => Class > B;

    /// <summary>A person may close it while its condition holds; it is not raised again before the condition was gone.</summary>
    public bool MayBeDismissed => Class >= F;

    /// <summary>It has a condition that comes and goes; a report of a person has none.</summary>
    public bool HasCondition => Kind != Reported;
}

/// <summary>
/// The table of rules (docs/centre/cases.md shows it, and a test compares the two). The numbers are ours: the law gives none, EEMUA 191
/// and IEC 62682 give the load that they have to lead to.
/// </summary>
public static class CaseRules
{
    /// <summary>A case escalates so often at most.</summary>
    public const int MaxLevel = 3;

    /// <summary>So long after a decision a condition that still holds brings the case back to its owner, seconds.</summary>
    public const double ReminderS = 600;

    /// <summary>A condition that comes back sooner than this after its case closed by itself counts as coming and going, seconds.</summary>
    public const double FlutterS = 1800;

    /// <summary>The delay off doubles each time, up to this, seconds.</summary>
    public const double MostOffS = 600;

    private static readonly ImmutableArray<CaseKind> WithoutLink = [WireDown, LinkLost];

    public static ImmutableArray<CaseRule> All { get; } =
    [
        new(WireDown, D, High)
        {
            When = "the Centre has no connection to the broker", OnS = 3, OffS = 5, TakeS = 60, DecideS = 300,
            Actions = [CallEngineer, SecurePlace, Wait],
        },
        new(LinkLost, D, High)
        {
            When = "the link is lost while the vehicle has a mission or did not sign off; or it has a mission and was not heard since the Centre started",
            Condition = (t, _) => t.Link == LinkState.Lost && (t.Connection != ConnectionState.Offline || HasMission(t)) ? new(LinkLost, t.Connection == ConnectionState.Offline ? "SignedOff" : "Lost")
                : t.Link == LinkState.NeverSeen && HasMission(t) ? new(LinkLost, "NeverSeen") : null,
            OnS = 10, OffS = 10, SuppressedBy = [WireDown], TakeS = 120, DecideS = 600, Actions = [Wait, SendPerson, SecurePlace, CallEngineer, Tow],
        },
        new(EmergencyStop, B, High)
        {
            When = "an emergency stop is pressed at the vehicle; or a vehicle without the safety profile reports a remote one, and nobody deactivated it",
            Condition = (t, _) => t.Facts is { EmergencyStop: not Link.Messages.EmergencyStop.None and var stop } && (stop == Link.Messages.EmergencyStop.Manual || !(t.IsSupervised || IsDeactivated(t)))
                ? new(EmergencyStop, stop.ToString()) : null,
            OffS = 3, TakeS = 30, DecideS = 180, Actions = [SendPerson, SecurePlace, CallEngineer, Stop],
        },
        new(Deactivated, B, Medium)
        {
            When = "the vehicle is deactivated (StVG § 1d (3))",
            Condition = (t, _) => IsDeactivated(t) ? new(Deactivated) : null,
            OffS = 3, SuppressedBy = [EmergencyStop], TakeS = 60, DecideS = 600, Actions = [Release, SendPerson, SecurePlace, Tow], BroughtAboutBy = Stop,
        },
        new(MinimalRisk, C, High)
        {
            When = "the vehicle brakes into the minimal risk condition or stands in it, and nobody deactivated it",
            Condition = (t, _) => t.Safety is { IsAtRisk: true, Cause: not MrcCause.Deactivated } safety ? new(MinimalRisk, safety.Cause?.ToString() ?? "Unknown") : null,
            OnS = 1, OffS = 3, SuppressedBy = [EmergencyStop, Deactivated], TakeS = 60, DecideS = 600, Actions = [Release, SecurePlace, SendPerson, Tow],
        },
        new(CommandUnheard, D, High)
        {
            When = "a command was sent ten times and no report shows it",
            Condition = (t, city) => t.Commands.FirstOrDefault(c => c.Sends > city.Rules.UnansweredSends) is { } c ? new(CommandUnheard, c.ActionType) : null,
            SuppressedBy = WithoutLink, TakeS = 60, DecideS = 300, Actions = [SendPerson, SecurePlace, CallEngineer, Stop],
        },
        new(CaseKind.Request, A, Medium)
        {
            When = "the vehicle asks for a manoeuvre or a way that a person has to grant",
            Condition = (t, _) => t.Facts?.Requests.FirstOrDefault(r => r.Status == RequestStatus.Requested) is { } r ? new(CaseKind.Request, $"{r.RequestId}: {r.What}") : null,
            OffS = 2, SuppressedBy = [.. WithoutLink, EmergencyStop, Deactivated, MinimalRisk], TakeS = 60, DecideS = 120, Actions = [Grant, Reject, Stop],
        },
        new(VehicleFault, D, Medium)
        {
            When = "the Centre gave up on the vehicle: no order goes out until a person has looked",
            Condition = (t, _) => t.Fault is { } fault ? new(VehicleFault, fault) : null,
            SuppressedBy = WithoutLink, TakeS = 300, DecideS = 900, Actions = [Resume, SendPerson, CallEngineer, Stop],
        },
        new(OrderUnanswered, D, Medium)
        {
            When = "the vehicle neither takes nor refuses its order",
            Condition = (t, _) => t.IsOrderUnanswered ? new(OrderUnanswered) : null,
            SuppressedBy = [.. WithoutLink, EmergencyStop, Deactivated, MinimalRisk, CommandUnheard, VehicleFault], TakeS = 300, DecideS = 900, Actions = [Wait, SendPerson, CallEngineer, Stop],
        },
        new(OrderRefused, D, Low)
        {
            When = "the vehicle refused an order and has taken none since",
            Condition = (t, _) => t is { Refusal: { } refusal, Fault: null } ? new(OrderRefused, refusal) : null,
            OnS = 60, OffS = 10, SuppressedBy = [.. WithoutLink, EmergencyStop, Deactivated, MinimalRisk, VehicleFault], Actions = [Resume, Replan, CallEngineer, Wait],
        },
        new(SafetySilent, D, Medium)
        {
            When = "the vehicle kept to the safety profile and says nothing of it now",
            Condition = (t, city) => t is { IsSupervised: true, Link: LinkState.Connected, Facts: { } facts } && (t.IsSafetySilent || t.Safety is null)
                && facts.KnownAt - t.LinkSince > city.Rules.SafetySilentAfter ? new(SafetySilent) : null,
            OnS = 5, SuppressedBy = WithoutLink, TakeS = 300, DecideS = 900, Actions = [Stop, SendPerson, CallEngineer],
        },
        new(LinkSilent, D, Low)
        {
            When = "no report for three seconds, or back and without an answer yet",
            Condition = (t, _) => t.Link is LinkState.Silent or LinkState.Back ? new(LinkSilent, t.Link.ToString()) : null,
            OnS = 15, OffS = 15, SuppressedBy = WithoutLink, Actions = [Wait, CallEngineer, SendPerson],
        },
        new(ByHand, G, Low)
        {
            When = "somebody at the vehicle has it in hand",
            Condition = (t, _) => t.Facts is { MayAct: false } facts ? new(ByHand, facts.Mode.ToString()) : null,
            OnS = 30, OffS = 10, SuppressedBy = WithoutLink, Actions = [Inform, Wait],
        },
        new(ClockOff, D, Low)
        {
            When = "the vehicle's clock is off by more than five seconds",
            Condition = (t, _) => t.IsClockOff ? new(ClockOff) : null,
            OnS = 10, OffS = 30, SuppressedBy = WithoutLink, Actions = [CallEngineer, Wait],
        },
        new(VehicleErrors, D, Low)
        {
            When = "the vehicle reports errors",
            Condition = (t, _) => t.Facts is { Errors.IsEmpty: false } facts ? new(VehicleErrors, TypesOf(facts.Errors)) : null,
            OnS = 60, OffS = 20, SuppressedBy = [.. WithoutLink, EmergencyStop, Deactivated, MinimalRisk, VehicleFault, OrderUnanswered, OrderRefused],
            Actions = [Wait, SendPerson, CallEngineer, Stop],
        },
        new(ShutIn, D, Medium)
        {
            When = "it stands, and closed streets leave no way to the depot behind the narrow street ahead",
            Condition = (t, _) => t is { IsShutIn: true, Facts.Driving: false } ? new(ShutIn) : null,
            OnS = 10, OffS = 10, SuppressedBy = WithoutLink, TakeS = 600, DecideS = 1200, Actions = [Replan, SendPerson, Wait],
        },
        new(RoadWait, D, Low)
        {
            When = "it has waited for another vehicle at a narrow street for two minutes",
            Condition = (t, _) => t is { WaitsOnRoad: true, RoadWait: { IsTold: true } wait } ? new(RoadWait, wait.Block.Vehicle.Serial, wait.Block.Vehicle.ToString()) : null,
            OffS = 15, SuppressedBy = [.. WithoutLink, EmergencyStop, Deactivated, MinimalRisk, CommandUnheard, VehicleFault, OrderUnanswered, OrderRefused, ShutIn],
            Actions = [Wait, SendPerson, Replan],
        },
        new(ZonesLate, D, Low)
        {
            When = "the vehicle does not show the closed streets as enabled",
            Condition = (t, _) => t.Zones is { IsLate: true } ? new(ZonesLate) : null,
            OnS = 30, OffS = 10, SuppressedBy = [.. WithoutLink, CommandUnheard], Actions = [Pause, CallEngineer, Wait],
        },
        new(WeatherLimit, D, Medium)
        {
            When = "the weather leaves the vehicles' operating conditions",
            OnS = 120, OffS = 600, TakeS = 300, DecideS = 900, Actions = [Pause, Replan, Inform, Wait],
        },
        new(DepotQueue, E, Medium)
        {
            When = "two vehicles or more have waited for one kind of bay for ten minutes",
            OnS = 600, OffS = 60, Actions = [SendPerson, Replan, Wait],
        },
        new(BayWait, E, Low)
        {
            When = "it has waited for a bay for 20 minutes",
            Condition = (t, _) => t.Bay is { IsGranted: false } bay ? new(BayWait, bay.Kind.ToString(), CasePlace.Depot(bay.Kind.ToString())) : null,
            OnS = 1200, OffS = 10, SuppressedBy = [.. WithoutLink, EmergencyStop, Deactivated, MinimalRisk, DepotQueue], Actions = [SendPerson, Replan, Wait],
        },
        new(CheckMissing, E, Low)
        {
            When = "a mission has waited for the departure check for 15 minutes",
            Condition = (t, _) => t.WaitsForCheck ? new(CheckMissing) : null,
            OnS = 900, Actions = [SendPerson, Inform],
        },
        new(BatteryLow, E, Medium)
        {
            When = "less than 8 % in the battery, and it does not charge",
            Condition = (t, _) => t.Facts is { Charging: false, BatteryPercent: < 8 } ? new(BatteryLow) : null,
            OnS = 30, OffS = 60, SuppressedBy = WithoutLink, TakeS = 600, Actions = [SendPerson, Tow, Wait],
        },
        new(Paused, E, Low)
        {
            When = "paused for ten minutes",
            Condition = (t, _) => t.IsPaused || t.Facts is { Paused: true } ? new(Paused) : null,
            OnS = 600, OffS = 5, SuppressedBy = [.. WithoutLink, EmergencyStop, Deactivated, MinimalRisk], Actions = [Resume, Stop, Wait], BroughtAboutBy = Pause,
        },
        new(Reported, F, Medium)
        {
            When = "a person enters it: a call, a message, somebody at the vehicle",
            TakeS = 300, DecideS = 900, Actions = [CallBack, SendPerson, SecurePlace, Inform, Stop],
        },
        new(KerbsMissed, G, Low)
        {
            When = "a mission has ended with kerbs that were not swept",
            Condition = (t, _) => MissedKerbs(t) is > 0 and var missed ? new(KerbsMissed, FormattableString.Invariant($"{missed}")) : null,
            Actions = [Replan, Inform],
        },
    ];

    private static readonly ImmutableArray<CaseRule> ByKind = [.. All.OrderBy(rule => rule.Kind)];

    public static CaseRule Of(CaseKind kind) => ByKind[(int)kind];

    /// <summary>What holds at a vehicle by its twin, in the order of kinds.</summary>
    public static ImmutableArray<CaseSignal> SignalsOf(Twin twin, CityContext city)
    {
        var signals = ImmutableArray<CaseSignal>.Empty;
        foreach (var rule in ByKind)
        {
            if (rule.Condition?.Invoke(twin, city) is { } signal)
            {
                signals = signals.Add(signal);
            }
        }

        return signals;
    }

    private static bool IsDeactivated(Twin twin) => twin.IsStopped || twin.Facts is { Deactivated: true };

    private static bool HasMission(Twin twin) => twin.Mission is { IsRunning: true };

    private static int MissedKerbs(Twin twin)
    {
        if (twin.Mission is not { IsRunning: false } mission)
        {
            return 0;
        }

        var missed = 0;
        foreach (var step in mission.Steps)
        {
            missed += step is { Work: StepWork.Sweep, Status: StepStatus.Skipped } ? 1 : 0;
        }

        return missed;
    }

    /// <summary>Without their descriptions, which may hold figures that change.</summary>
    private static string TypesOf(ImmutableArray<string> errors) =>
        string.Join(", ", errors.Select(error => error.Split(':')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(4));
}
