using System.Collections.Immutable;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Vda21;

/// <summary>The order that was sent last.</summary>
internal sealed record OrderSent(uint HeaderId, string OrderId, uint UpdateId);

/// <summary>An instant action of the Centre, by its name there, and how it was last shown; null before.</summary>
internal sealed record Instant21(string ActionId, string ActionType, ActionState? Shown = null);

/// <summary>
/// What has to be kept of one vehicle of 2.1 or 2.0 to speak 3.0.0 for it: the older standard mixes instant actions with those of the order
/// and drops them, and has one hold (<c>startPause</c>) where the Centre has two. Immutable; lives as long as the process.
/// </summary>
internal sealed record Vehicle21
{
    /// <summary>As in 3.0.0, where a vehicle shows an instant action until it is cleared: of more, the oldest go.</summary>
    private const int MaxInstants = 100;

    /// <summary>A vehicle may show what was cleared until its next order.</summary>
    private const int MaxCleared = 1000;

    /// <summary>The longest result or description of an action that is kept, in characters.</summary>
    private const int MaxText = 500;

    /// <summary>What came with 3.0.0, or is the safety profile's: there is nothing to say it with, and nothing that could keep it.</summary>
    private static readonly ImmutableHashSet<string> NotIn21 =
    [
        SweeperActions.EndMrc, SweeperActions.EnableZoneSet, SweeperActions.DeleteZoneSet, SweeperActions.Retry, SweeperActions.SkipRetry,
        SweeperActions.StartHibernation, SweeperActions.StopHibernation, SweeperActions.Shutdown,
        "downloadZoneSet", "clearZoneActions", "updateCertificate", "trigger",
    ];

    /// <summary>Instant and nothing else (2.1.0, 6.8.1): so they are told from actions of the order after a restart of the Centre too.</summary>
    private static readonly ImmutableHashSet<string> OnlyInstant =
    [
        SweeperActions.StartPause, SweeperActions.StopPause, SweeperActions.CancelOrder, SweeperActions.StateRequest, SweeperActions.FactsheetRequest,
        SweeperActions.LogReport, SweeperActions.DeleteMap, "downloadMap",
    ];

    /// <summary>The version that it speaks, and in which it is answered; empty before its first state.</summary>
    public string Version { get; init; } = "";

    public bool ChargesToLevel { get; init; }

    /// <summary>The Centre holds it by a pause, or somebody else did before the Centre held it: a person's resume ends either.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The Centre holds it by a stop, until the vehicle has shown that it carried the release out.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Id of the release said last, until its end is shown or it is stopped again.</summary>
    public string? Release { get; init; }

    /// <summary>Id of the newest command to halt, until it is told to go on.</summary>
    public string? Halt { get; init; }

    /// <summary>It has shown that it halted, and was not told to go on since.</summary>
    public bool IsHalted { get; init; }

    /// <summary>By its newest state, or by what it was told where it does not say.</summary>
    public bool? Paused { get; init; }

    public OrderSent? Sent { get; init; }

    /// <summary>Why the order wanted last was not sent; null if it was.</summary>
    public RobotError? Refusal { get; init; }

    /// <summary>Why an instant action was not sent, until the next one is.</summary>
    public RobotError? ActionRefusal { get; init; }

    /// <summary>Of the newest state.</summary>
    public uint StateHeaderId { get; init; }

    /// <summary>By the newest state; null before the first.</summary>
    public string? OrderId { get; init; }

    public ImmutableArray<Instant21> Instants { get; init; } = [];

    /// <summary>Ended instant actions of its newest state that are not among <see cref="Instants"/>.</summary>
    public ImmutableArray<string> Strays { get; init; } = [];

    /// <summary>Ids that were cleared and are not shown any more, though the vehicle still does; oldest first.</summary>
    public ImmutableArray<string> Cleared { get; init; } = [];

    public (Vehicle21 After, State Report) Hear(State21 old)
    {
        var report = StateTranslation.Of(old, Sent);
        var instants = Instants.ToBuilder();
        var ofOrder = ImmutableArray.CreateBuilder<ActionState>();
        var stray = new List<ActionState>();
        var cleared = Cleared.ToHashSet(StringComparer.Ordinal);
        var stillShown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var action in report.ActionStates)
        {
            if (IndexOf(action.ActionId) is var i and >= 0)
            {
                instants[i] = Shown(instants[i], action, PausedBy(old, IsHalted));
            }
            else if (cleared.Contains(action.ActionId))
            {
                stillShown.Add(action.ActionId);
            }
            else if (action.ActionType is { } type && OnlyInstant.Contains(type))
            {
                stray.Add(action);
            }
            else
            {
                ofOrder.Add(action);
            }
        }

        foreach (var error in report.Errors)
        {
            // One that it could not begin a vehicle may name in an error only.
            if (StateTranslation.Value(error.ErrorReferences, "actionId") is { } id && IndexOf(id) is var i and >= 0 && instants[i].Shown is null)
            {
                instants[i] = Shown(instants[i], new(id, ActionStatus.Failed, null, error.ErrorDescription ?? error.ErrorType), PausedBy(old, IsHalted));
            }
        }

        var after = (this with
        {
            Version = old.Version,
            StateHeaderId = old.HeaderId,
            OrderId = old.OrderId,
            Instants = instants.ToImmutable(),
            Strays = [.. stray.Where(action => action.IsEnded).Select(action => action.ActionId).Take(MaxCleared)],
            Cleared = Cleared.RemoveAll(id => !stillShown.Contains(id)),
            // Whatever held it before this process began, a person lets it go.
            IsPaused = IsPaused || (OrderId is null && old.Paused == true),
            IsHalted = IsHalted || instants.Any(instant => instant.ActionId == Halt && instant.Shown?.ActionStatus == ActionStatus.Finished),
        }).Settle(instants.Select(instant => instant.Shown).OfType<ActionState>());
        after = after with { Paused = PausedBy(old, after.IsHalted) };
        return (after, report with
        {
            Paused = after.Paused,
            ActionStates = ofOrder.ToImmutable(),
            InstantActionStates = [.. after.Instants.Select(instant => instant.Shown).OfType<ActionState>(), .. stray],
            Errors = [.. report.Errors, .. new[] { Refusal, ActionRefusal }.OfType<RobotError>()],
        });
    }

    /// <summary>What a vehicle shows of its instant actions, in whichever version: the end of a release ends the stop.</summary>
    public Vehicle21 Settle(IEnumerable<ActionState> shown) =>
        Release is { } release && shown.FirstOrDefault(action => action.ActionId == release) is { IsEnded: true } end
            ? this with { Release = null, IsStopped = IsStopped && end.ActionStatus != ActionStatus.Finished }
            : this;

    /// <summary>What was said to it before it spoke: of that only what holds it is kept.</summary>
    public Vehicle21 Keep(InstantActions message) => message.Actions.Aggregate(this, (vehicle, action) => vehicle.Hold(action));

    /// <summary>Null for the vehicle where it cannot be said: its next state refuses the order then.</summary>
    public (Vehicle21 After, Order21? Message) Say(Order order) =>
        OrderTranslation.Fault(order, ChargesToLevel) is { } fault
            ? (this with { Refusal = fault }, null)
            : (this with { Refusal = null, Sent = new(order.HeaderId, order.OrderId, order.OrderUpdateId) }, OrderTranslation.Of(order, Version));

    /// <summary>Null for the vehicle where nothing of it is to be sent.</summary>
    public (Vehicle21 After, InstantActions21? Message) Say(InstantActions message)
    {
        var after = this;
        var actions = ImmutableArray.CreateBuilder<Action21>();
        foreach (var action in message.Actions)
        {
            (after, var old) = after.Say(action);
            if (old is not null)
            {
                actions.Add(old);
            }
        }

        var is20 = Message21.Is20(Version);
        return (after, actions.Count == 0 ? null : new()
        {
            HeaderId = message.HeaderId,
            Timestamp = message.Timestamp,
            Version = Version,
            Vehicle = message.Vehicle,
            Actions = [.. actions.Select(action => is20 ? action with { ActionName = action.ActionType } : action)],
            InstantActions = is20 ? actions.ToImmutable() : [],
        });
    }

    private (Vehicle21 After, Action21? Action) Say(RobotAction action)
    {
        var known = IndexOf(action.ActionId);
        if (known >= 0 && Instants[known].Shown is not null)
        {
            // It has it, and may have forgotten it since: it would do it twice.
            return (this, null);
        }

        var after = (known >= 0 ? this : Remember(new(action.ActionId, action.ActionType))).Hold(action);
        switch (action.ActionType)
        {
            case SweeperActions.StartPause or SweeperActions.Deactivate:
                return (after with { Halt = action.ActionId }, Plain(SweeperActions.StartPause, action));
            case SweeperActions.StopPause when after.IsStopped:
                return (after.Answer(action, ActionStatus.Finished, "the stop holds the vehicle"), null);
            case SweeperActions.Activate when after.IsPaused:
                after = after.Answer(action, ActionStatus.Finished, "the pause holds the vehicle");
                return (after.Settle(after.Instants.Select(instant => instant.Shown).OfType<ActionState>()), null);
            case SweeperActions.StopPause or SweeperActions.Activate:
                return (after with { Halt = null, IsHalted = false }, Plain(SweeperActions.StopPause, action));
            case SweeperActions.CancelOrder when action[SweeperActions.OrderIdParameter]?.AsText is { } order && order != OrderId && order != Sent?.OrderId:
                // Before its first state nobody knows what it has: the Centre says it again.
                return OrderId is null ? (this, null) : (after.Refuse(action, ErrorTypes.NoOrderToCancel, "the vehicle has another order"), null);
            case SweeperActions.CancelOrder:
                return (after, Plain(SweeperActions.CancelOrder, action));
            case SweeperActions.ClearInstantActions:
                return (after.Clear().Answer(action, ActionStatus.Finished, null), null);
            case var type when NotIn21.Contains(type):
                return (after.Refuse(action, ErrorTypes.InvalidInstantAction, $"VDA 5050 2 has no {type}"), null);
            default:
                return (after with { ActionRefusal = null }, OrderTranslation.Of(action));
        }
    }

    /// <summary>What holds it after the action, by the Centre's will. That a release was carried out only the vehicle shows.</summary>
    private Vehicle21 Hold(RobotAction action) => action.ActionType switch
    {
        SweeperActions.StartPause => this with { IsPaused = true },
        SweeperActions.StopPause => this with { IsPaused = false },
        // Who paused it without the Centre goes on deciding: the release of the stop is not for that.
        SweeperActions.Deactivate => this with { IsPaused = IsPaused || (!IsStopped && Paused == true), IsStopped = true, Release = null },
        SweeperActions.Activate or SweeperActions.EndMrc => this with { Release = action.ActionId },
        _ => this,
    };

    private Vehicle21 Clear()
    {
        var ended = Instants.Where(instant => instant.Shown is { IsEnded: true }).Select(instant => instant.ActionId);
        ImmutableArray<string> cleared = [.. Cleared.Concat(Strays).Concat(ended).Distinct().TakeLast(MaxCleared)];
        return this with { Instants = Instants.RemoveAll(instant => instant.Shown is { IsEnded: true }), Cleared = cleared, Strays = [] };
    }

    /// <summary>Whether it is paused; where it does not say, whether it halted as it was told to. One that drives has gone on.</summary>
    private static bool? PausedBy(State21 old, bool isHalted) => old.Paused ?? (isHalted && !old.Driving ? true : null);

    /// <summary>The stamp of the safety profile and the parameters of 3.0.0 mean nothing to it.</summary>
    private static Action21 Plain(string actionType, RobotAction action) => new(actionType, action.ActionId, BlockingType.None, action.ActionDescriptor);

    private static Instant21 Shown(Instant21 instant, ActionState state, bool? isPaused)
    {
        if (instant.Shown is { IsEnded: true })
        {
            return instant;
        }

        // A vehicle may fail what holds already, and what is wanted holds.
        var holds = isPaused == true && instant.ActionType is SweeperActions.StartPause or SweeperActions.Deactivate
            || isPaused == false && instant.ActionType is SweeperActions.StopPause or SweeperActions.Activate;
        return instant with
        {
            Shown = state with
            {
                ActionType = instant.ActionType,
                ActionStatus = holds && state.ActionStatus == ActionStatus.Failed ? ActionStatus.Finished : state.ActionStatus,
                ActionResult = Cut(state.ActionResult),
                ActionDescriptor = Cut(state.ActionDescriptor),
            },
        };
    }

    private static string? Cut(string? text) =>
        text is { Length: > MaxText } ? text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)] : text;

    private Vehicle21 Answer(RobotAction action, ActionStatus status, string? result) => this with
    {
        Instants = Instants.SetItem(IndexOf(action.ActionId), new(action.ActionId, action.ActionType, new(action.ActionId, status, action.ActionType, result))),
    };

    private Vehicle21 Refuse(RobotAction action, string errorType, string why) => Answer(action, ActionStatus.Failed, $"{errorType}: {why}") with
    {
        ActionRefusal = new(errorType, ErrorLevel.Warning, why) { ErrorReferences = [new("actionId", action.ActionId)] },
    };

    private Vehicle21 Remember(Instant21 instant)
    {
        var room = Instants;
        if (room.Length >= MaxInstants)
        {
            var ended = room.FirstOrDefault(one => one.Shown is { IsEnded: true }) ?? room[0];
            room = room.Remove(ended);
        }

        return this with { Instants = room.Add(instant) };
    }

    private int IndexOf(string actionId)
    {
        for (var i = 0; i < Instants.Length; i++)
        {
            if (Instants[i].ActionId == actionId)
            {
                return i;
            }
        }

        return -1;
    }
}
