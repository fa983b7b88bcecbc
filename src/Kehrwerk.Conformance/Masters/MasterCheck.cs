using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using static Kehrwerk.Conformance.Masters.MasterRules;

namespace Kehrwerk.Conformance.Masters;

/// <summary>What a person at the master control is asked to do while it is checked.</summary>
public enum MasterWish
{
    /// <summary>Give the vehicle work along its route, with further work after it.</summary>
    Work,

    /// <summary>Try to grant the vehicle's request for an edge of its horizon, which the master control should refuse.</summary>
    AnswerAhead,

    /// <summary>Answer the vehicle's request with a grant.</summary>
    Answer,

    /// <summary>Close a street, so that a zone set is sent.</summary>
    Closure,

    /// <summary>Pause the vehicle, and let it go on.</summary>
    Pause,
}

/// <summary>How a master control is checked.</summary>
/// <param name="Ask">Asks the person at the master control; returns at once.</param>
/// <param name="IsAttended">Somebody does what is asked for; else only work is waited for, which may come by itself.</param>
/// <param name="WaitS">How long to wait for work, and for each thing that is asked for, seconds.</param>
/// <param name="IsWanted">Which rules are asked for: scenes without one are not played.</param>
/// <param name="Progress">Told the name of each scene.</param>
/// <param name="Patience">By what part of the full times is watched whether something comes that must not. Below 1 only in tests: a master control that errs slowly passes.</param>
internal sealed record MasterCheckOptions(Action<MasterWish> Ask, bool IsAttended, double WaitS, Func<Rule, bool> IsWanted, Action<string> Progress, double Patience = 1);

/// <summary>
/// The check of a master control: the runner plays a vehicle that drives, works, refuses, is switched to MANUAL and INTERVENED, asks,
/// breaks off and comes back, and looks at what it is sent.
/// </summary>
internal sealed partial class MasterCheck
{
    private readonly MasterSession session;
    private readonly FormWatch form;
    private readonly CommandWatch commands;
    private readonly MasterCheckOptions options;

    public MasterCheck(EventLoop loop, ITransport line, Topics topics, VehicleId vehicle, Route route, MasterCheckOptions options)
    {
        this.options = options;
        session = new(loop, line, topics, vehicle, route) { MapId = route.MapId };
        form = new(session, new(Readable, HeaderNames, HeaderVersion, HeaderCounts, HeaderTime, Quality));
        commands = new(session);
        var orders = new OrderWatch(session);
        session.Watch(form.See);
        session.Watch(orders.See);
        session.Watch(commands.See);
        Every(TimeSpan.FromSeconds(1), () =>
        {
            orders.Look();
            commands.LookAtLeases();
        });
    }

    /// <summary>The last will of the connection that the runner needs as a vehicle.</summary>
    public static LastWill WillOf(VehicleId id, Topics topics, DateTimeOffset now) => new(
        topics.Of(id, LinkTopic.Connection),
        LinkJson.Serialize(new Connection { HeaderId = 0, Timestamp = now, Vehicle = id, ConnectionState = ConnectionState.ConnectionBroken }));

    /// <exception cref="CannotCheckException">The master control gives the vehicle nothing to do.</exception>
    public async Task<ImmutableArray<RuleResult>> Run()
    {
        var played = session.Played;
        await session.Listen();
        played.Begin();
        options.Progress("Waiting for an order");
        options.Ask(MasterWish.Work);
        if (!await session.Until(() => session.Orders.Count > 0, options.WaitS))
        {
            throw new CannotCheckException($"No order came for {session.Vehicle} within {options.WaitS:F0} s. Does the master control know the vehicle, and has it work for it?");
        }

        (string Name, ImmutableArray<Rule> Rules, Func<Task> Play)[] scenes =
        [
            ("Driving", [UpdateExtends], Drive),
            ("Closed streets", [ZoneIds, ZoneTypes, ZonePolygon, ZoneEnabled], Close),
            ("Recorded events", [MasterRules.Receipt, ReceiptTwice, ReceiptBad], Events),
            ("Switched to MANUAL, then refusing an order", [OrderMode, InstantMode, OrderRefused], Manual),
            ("Switched to INTERVENED", [InstantIntervened], Intervened),
            ("Paused by a person", [Stamped], Pause),
            ("Asking for a corridor of the horizon", [ResponseBase], AskAhead),
            ("Asking for a corridor of the base", [ResponseKnown, ResponseLease], Ask),
            ("The connection breaks", [OrderOffline, Repeated], Vanish),
        ];
        foreach (var scene in scenes.Where(scene => scene.Rules.Any(options.IsWanted)))
        {
            options.Progress(scene.Name);
            await scene.Play();
        }

        played.Say(ConnectionState.Offline);
        played.IsGone = true;
        options.Progress("Signed off");
        await Observe(10);
        form.Finish();
        if (session.Disturbance is { } disturbance)
        {
            throw new CannotCheckException(disturbance);
        }

        if (session.Leases.Count == 0)
        {
            foreach (var rule in MasterRules.All.Where(rule => rule.IsOfProfile))
            {
                session.Book.NotSupported(rule, "The master control gives no leases: it does not speak the safety profile");
            }
        }

        return session.Book.Results(Rules.OfMaster.Where(options.IsWanted));
    }

    private void Every(TimeSpan period, Action action)
    {
        action();
        session.Loop.Schedule(period, () => Every(period, action));
    }
}
