using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Tests.Conformance;

/// <summary>Ways to break a rule, put together from few: each call makes a new one with a memory of its own.</summary>
internal static class Break
{
    /// <summary>Changes each state; null drops it.</summary>
    public static Action<Bend> States(Func<Bend, State, State?> change) => bend => bend.Says = (topic, message) =>
        topic != LinkTopic.State ? message : change(bend, Bend.Read<State>(message)) is { } changed ? Bend.With(message, changed) : null;

    public static Action<Bend> States(Func<State, State?> change) => States((_, state) => change(state));

    /// <summary>Changes the text of every 50th state.</summary>
    public static Action<Bend> SomeStates(string from, string to)
    {
        var count = 0;
        return bend => bend.Says = (topic, message) => topic == LinkTopic.State && ++count % 50 == 0 ? Bend.Text(message, from, to) : message;
    }

    public static Action<Bend> Says<T>(LinkTopic which, Func<Bend, T, T?> change)
        where T : VdaMessage => bend => bend.Says = (topic, message) =>
        topic != which ? message : change(bend, Bend.Read<T>(message)) is { } changed ? Bend.With(message, changed) : null;

    public static Action<Bend> Sends(LinkTopic which, Func<LinkMessage, LinkMessage?> change) => bend => bend.Says = (topic, message) => topic == which ? change(message) : message;

    /// <summary>Changes each message that is heard on a topic; null: it is not heard. What cannot be read is left.</summary>
    public static Action<Bend> Hears<T>(LinkTopic which, Func<Bend, T, T?> change)
        where T : VdaMessage => bend => bend.Hears = (topic, message) =>
        topic != which || message.Payload.IsEmpty || !LinkJson.Read<T>(message.Payload.Span).IsOk ? message
        : change(bend, Bend.Read<T>(message)) is { } changed ? Bend.With(message, changed) : null;

    public static Action<Bend> Orders(Func<Order, Order?> change) => Hears<Order>(LinkTopic.Order, (_, order) => change(order));

    /// <summary>Gives errors of a type, perhaps only those whose description holds a text, another type.</summary>
    public static Action<Bend> Renames(string type, string? text = null) => States(state => state with
    {
        Errors = [.. state.Errors.Select(error => error.ErrorType == type && (text is null || error.ErrorDescription?.Contains(text, StringComparison.Ordinal) == true) ? error with { ErrorType = "ownWords" } : error)],
    });

    /// <summary>Changes the states of instant actions of a type.</summary>
    public static Action<Bend> Instants(string type, Func<State, ActionState, ActionState?> change) => States(state => state with
    {
        InstantActionStates = [.. state.InstantActionStates.Select(action => action.ActionType == type ? change(state, action) : action).OfType<ActionState>()],
    });

    public static Action<Bend> Ends(string type, ActionStatus from, ActionStatus to) => Instants(type, (_, action) => action.ActionStatus == from ? action with { ActionStatus = to } : action);

    /// <summary>Drops errors of a type a while after they were first reported.</summary>
    public static Action<Bend> Forgets(string type, double afterS)
    {
        double? since = null;
        return States((bend, state) =>
        {
            since = state.Errors.Any(error => error.ErrorType == type) ? since ?? bend.AtS : null;
            return bend.AtS - since > afterS ? state with { Errors = [.. state.Errors.Where(error => error.ErrorType != type)] } : state;
        });
    }

    /// <summary>Both.</summary>
    public static Action<Bend> Both(Action<Bend> says, Action<Bend> hears) => bend =>
    {
        says(bend);
        hears(bend);
    };
}
