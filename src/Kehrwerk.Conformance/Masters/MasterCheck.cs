using System.Collections.Immutable;
using System.Text;
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

    /// <summary>Answer the vehicle's request with a grant.</summary>
    Answer,

    /// <summary>Close a street, so that a zone set is sent.</summary>
    Closure,
}

/// <summary>
/// The check of a master control: the runner plays a vehicle that drives, works, refuses, is switched to MANUAL, breaks off and comes
/// back, and looks at what it is sent.
/// </summary>
internal sealed class MasterCheck
{
    private readonly MasterSession session;
    private readonly FormWatch form;
    private readonly CommandWatch commands;
    private readonly Action<MasterWish> ask;
    private readonly Action<string> progress;
    private readonly double waitS;

    /// <param name="ask">Asks the person at the master control; returns at once.</param>
    /// <param name="waitS">How long to wait for work, seconds.</param>
    public MasterCheck(EventLoop loop, ITransport line, Topics topics, VehicleId vehicle, Route route, Action<MasterWish> ask, double waitS, Action<string> progress)
    {
        (this.ask, this.waitS, this.progress) = (ask, waitS, progress);
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
        progress("Waiting for an order");
        ask(MasterWish.Work);
        if (!await session.Until(() => session.Orders.Count > 0, waitS))
        {
            throw new CannotCheckException($"No order came for {session.Vehicle} within {waitS:F0} s. Does the master control know the vehicle, and has it work for it?");
        }

        await Drive();
        await Events();
        await Refuse();
        await Manual();
        await Intervened();
        await Ask();
        await Zones();
        await Vanish();
        played.Say(ConnectionState.Offline);
        played.IsGone = true;
        progress("Signed off");
        await session.Pass(10);
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

        return session.Book.Results(Rules.OfMaster);
    }

    private async Task Drive()
    {
        progress("Driving");
        var first = session.Orders[0];
        var baseEnd = first.Nodes.LastOrDefault(node => node.Released)?.SequenceId ?? 0;
        ask(MasterWish.Closure);
        await session.Until(() => session.Played.OrderId == first.OrderId, waitS);
        var isOn = await session.Until(() => session.Played.LastSequenceId > baseEnd || session.Played.OrderId != first.OrderId, waitS);
        if (first.Nodes.Any(node => !node.Released))
        {
            session.Book.Check(UpdateExtends, isOn, $"the vehicle stands at its decision point ({baseEnd}) of order {first.OrderId}, and no update comes");
        }
        else
        {
            session.Book.NotRun(UpdateExtends, "The first order had no horizon");
        }
    }

    private async Task Events()
    {
        if (session.Leases.Count == 0)
        {
            return;
        }

        progress("Recorded events");
        var (whole, again, broken) = (await Receipt(Recorded("good"), isWhole: true), await Receipt(Recorded("good"), isWhole: true), await Receipt(Recorded("bad"), isWhole: false));
        session.Book.Check(MasterRules.Receipt, whole is { Kept: true }, $"an event that is whole: {Of(whole)}");
        session.Book.Check(ReceiptTwice, again is { Kept: true }, $"the same event again: {Of(again)}");
        session.Book.Check(ReceiptBad, broken is { Kept: false }, $"an event with a wrong hash: {Of(broken)}");

        static string Of(EventReceipt? receipt) => receipt is null ? "no receipt came" : $"receipt with kept {receipt.Kept}";
    }

    private async Task<EventReceipt?> Receipt(VehicleEvent recorded, bool isWhole)
    {
        var content = Encoding.UTF8.GetString(LinkJson.Serialize(recorded));
        var before = session.Receipts.Count;
        session.Publish(LinkTopic.Events, new EventMessage
        {
            HeaderId = 0,
            Timestamp = session.Now,
            Vehicle = session.Vehicle,
            EventId = recorded.EventId,
            Sha256 = isWhole ? EventMessage.HashOf(content) : new string('0', 64),
            Content = content,
        });
        await session.Until(() => session.Receipts.Skip(before).Any(receipt => receipt.EventId == recorded.EventId), 15);
        return session.Receipts.Skip(before).FirstOrDefault(receipt => receipt.EventId == recorded.EventId);
    }

    private VehicleEvent Recorded(string name)
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new()
        {
            HeaderId = 0,
            Timestamp = at,
            Vehicle = session.Vehicle,
            EventId = $"conform-{name}",
            Vin = "CONF0RMANCECHECK0",
            SoftwareVersion = "conformance check",
            Complete = true,
            Occasions = [new(Occasion.Disturbance, at, "check", "Made up by the conformance check")],
            ReferenceSystem = "EPSG:4258",
            Drives = new(0),
            Activations = new(0),
            Deactivations = new(0),
            Releases = new(0),
            Series = new()
            {
                TimeS = [0],
                Latitude = [0],
                Longitude = [0],
                SpeedMps = [0],
                AccelerationMps2 = [0],
                LateralMps2 = [0],
                LatencyS = [0],
                ReceivedBytesPerS = [0],
            },
            Changes = [],
            Received = [],
            NotMeasured = ["all: made up"],
        };
    }

    private async Task Refuse()
    {
        progress("Refusing an order");
        WorkIfIdle();
        session.Played.RefusesNext = ErrorTypes.NoRouteToTarget;
        await session.Until(() => session.RefusedOrders.Count > 0, waitS);
        session.Played.RefusesNext = null;
        if (session.RefusedOrders.Count == 0)
        {
            session.Book.NotRun(OrderRefused, "No new order came that could be refused");
        }

        await session.Pass(20);
    }

    private async Task Manual()
    {
        progress("Switched to MANUAL");
        var played = session.Played;
        WorkIfIdle();
        await session.Until(() => !played.IsIdle, waitS);
        played.Clear();
        played.Mode = OperatingMode.Manual;
        played.Report();
        await session.Pass(20);
        played.Mode = OperatingMode.Automatic;
        played.Report();
        await session.Pass(20);
    }

    private async Task Intervened()
    {
        progress("Switched to INTERVENED");
        session.Played.Mode = OperatingMode.Intervened;
        session.Played.Report();
        await session.Pass(20);
        session.Played.Mode = OperatingMode.Automatic;
        session.Played.Report();
        await session.Pass(5);
    }

    /// <summary>Asks for the corridor of an edge of the horizon, which must not be granted, then for one of the base.</summary>
    private async Task Ask()
    {
        progress("Asking for a corridor");
        var played = session.Played;
        WorkIfIdle();
        await session.Until(() => played.EdgesAhead is [{ Released: true }, ..] && !played.EdgesAhead[^1].Released, waitS);
        played.IsHeld = true;
        if (played.EdgesAhead.LastOrDefault(edge => !edge.Released) is { } ahead)
        {
            await Ask(ahead);
        }
        else
        {
            session.Book.NotRun(ResponseBase, "No order had a base and a horizon");
        }

        if (played.EdgesAhead.FirstOrDefault(edge => edge.Released) is { } here)
        {
            await Ask(here);
        }

        played.IsHeld = false;
    }

    private async Task Ask(OrderEdge edge)
    {
        session.Played.Request = new(edge.Released ? "conform-r1" : "conform-r0", EdgeRequestType.Corridor, edge.EdgeId, edge.SequenceId, RequestStatus.Requested);
        session.Played.Report();
        await session.Pass(5);
        var answers = session.Granted.Count;
        ask(MasterWish.Answer);
        await session.Pass(15);
        if (!edge.Released)
        {
            session.Book.Check(ResponseBase, session.Granted.Count == answers, $"the corridor of edge {edge.EdgeId} ({edge.SequenceId}) was granted, which is not released");
        }

        session.Played.Request = null;
        session.Played.Report();
        await session.Pass(2);
    }

    private async Task Zones()
    {
        if (session.ZoneSets.Count == 0)
        {
            session.Book.NotRun(ZoneEnabled, "No zone set came");
            return;
        }

        progress("Zones in use");
        var newest = session.ZoneSets[^1].Content.ZoneSetId;
        await session.Until(() => session.Played.EnabledZones == newest, 30);
        session.Book.Check(ZoneEnabled, session.Played.EnabledZones == newest, $"zone set {newest} came, and {session.Played.EnabledZones ?? "none"} is enabled");
    }

    private async Task Vanish()
    {
        progress("The connection breaks");
        WorkIfIdle();
        var played = session.Played;
        played.Say(ConnectionState.ConnectionBroken);
        played.IsGone = true;
        await session.Pass(40);
        played.IsGone = false;
        played.HidesInstants = true;
        var before = session.Commands.Count;
        played.Greet();
        await session.Pass(15);
        var hidden = session.Commands.Skip(before).Select(command => command.Action.ActionId).ToList();
        played.HidesInstants = false;
        if (hidden.Count > 0)
        {
            session.Book.Check(Repeated, hidden.GroupBy(id => id).Any(same => same.Count() > 1), $"{string.Join(", ", hidden)} came once each in 15 s, and no state showed them");
        }

        await session.Pass(30);
    }

    private void WorkIfIdle()
    {
        if (session.Played.IsIdle)
        {
            ask(MasterWish.Work);
        }
    }

    private void Every(TimeSpan period, Action action)
    {
        action();
        session.Loop.Schedule(period, () => Every(period, action));
    }
}
