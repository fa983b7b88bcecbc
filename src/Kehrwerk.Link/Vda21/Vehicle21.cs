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

    /// <summary>The version that it speaks, and in which it is answered.</summary>
    public required string Version { get; init; }

    public bool ChargesToLevel { get; init; }

    /// <summary>The Centre holds it by a pause.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The Centre holds it by a stop.</summary>
    public bool IsStopped { get; init; }

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

    public (Vehicle21 After, State Report) Hear(State21 old)
    {
        var report = StateTranslation.Of(old, Sent);
        var instants = Instants.ToBuilder();
        var ofOrder = ImmutableArray.CreateBuilder<ActionState>();
        var stray = new List<ActionState>();
        foreach (var action in report.ActionStates)
        {
            if (IndexOf(action.ActionId) is var i and >= 0)
            {
                instants[i] = Shown(instants[i], action, old.Paused);
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
                instants[i] = Shown(instants[i], new(id, ActionStatus.Failed, null, error.ErrorDescription ?? error.ErrorType), old.Paused);
            }
        }

        var after = this with
        {
            Version = old.Version,
            StateHeaderId = old.HeaderId,
            OrderId = old.OrderId,
            Instants = instants.ToImmutable(),
            // Whatever held it before this process began, a person lets it go.
            IsPaused = IsPaused || (OrderId is null && old.Paused == true),
        };
        return (after, report with
        {
            ActionStates = ofOrder.ToImmutable(),
            InstantActionStates = [.. after.Instants.Select(instant => instant.Shown).OfType<ActionState>(), .. stray],
            Errors = [.. report.Errors, .. new[] { Refusal, ActionRefusal }.OfType<RobotError>()],
        });
    }

    /// <summary>Null for the vehicle where it cannot be said: its next state refuses the order then.</summary>
    public (Vehicle21 After, Order21? Message) Say(Order order) =>
        OrderTranslation.Fault(order, Version, ChargesToLevel) is { } fault
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

        var after = known >= 0 ? this : Remember(new(action.ActionId, action.ActionType));
        switch (action.ActionType)
        {
            case SweeperActions.StartPause:
                return (after with { IsPaused = true }, Plain(SweeperActions.StartPause, action));
            case SweeperActions.Deactivate:
                return (after with { IsStopped = true }, Plain(SweeperActions.StartPause, action));
            case SweeperActions.StopPause:
                after = after with { IsPaused = false };
                return after.IsStopped ? (after.Answer(action, ActionStatus.Finished, "the stop holds the vehicle"), null) : (after, Plain(SweeperActions.StopPause, action));
            case SweeperActions.Activate:
                after = after with { IsStopped = false };
                return after.IsPaused ? (after.Answer(action, ActionStatus.Finished, "the pause holds the vehicle"), null) : (after, Plain(SweeperActions.StopPause, action));
            case SweeperActions.CancelOrder when action[SweeperActions.OrderIdParameter]?.AsText is { } order && order != OrderId && order != Sent?.OrderId:
                return (after.Refuse(action, ErrorTypes.NoOrderToCancel, "the vehicle has another order"), null);
            case SweeperActions.CancelOrder:
                return (after, Plain(SweeperActions.CancelOrder, action));
            case SweeperActions.ClearInstantActions:
                after = after with { Instants = after.Instants.RemoveAll(instant => instant.Shown is { IsEnded: true }) };
                return (after.Answer(action, ActionStatus.Finished, null), null);
            case var type when NotIn21.Contains(type):
                return (after.Refuse(action, ErrorTypes.InvalidInstantAction, $"VDA 5050 2 has no {type}"), null);
            default:
                return (after with { ActionRefusal = null }, OrderTranslation.Of(action));
        }
    }

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
            Shown = state with { ActionType = instant.ActionType, ActionStatus = holds && state.ActionStatus == ActionStatus.Failed ? ActionStatus.Finished : state.ActionStatus },
        };
    }

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
