using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Masters.MasterRules;

namespace Kehrwerk.Conformance.Masters;

/// <content>What the played vehicle does. All but what a person must do it brings about by itself.</content>
internal sealed partial class MasterCheck
{
    private const string Nobody = "Nobody is at the master control who does what is asked for (--attended)";

    private async Task Drive()
    {
        var played = session.Played;
        if (!await session.Until(() => session.Orders.Exists(HasHorizon), options.WaitS))
        {
            session.Book.NotRun(UpdateExtends, "No order with a horizon came");
            return;
        }

        var order = session.Orders.First(HasHorizon);
        var baseEnd = order.Nodes.LastOrDefault(node => node.Released)?.SequenceId ?? 0;
        bool HasIt() => played.OrderId == order.OrderId;
        bool IsOn() => HasIt() && played.LastSequenceId > baseEnd;
        await session.Until(HasIt, options.WaitS);
        if (!await session.Until(() => !HasIt() || played.LastSequenceId >= baseEnd, options.WaitS))
        {
            session.Book.NotRun(UpdateExtends, $"The vehicle did not come to the end of its base within {options.WaitS:F0} s, it is at {played.LastSequenceId} of {baseEnd}");
            return;
        }

        var isOn = await session.Until(() => IsOn() || !HasIt(), options.WaitS);
        if (HasIt())
        {
            session.Book.Check(UpdateExtends, isOn, $"the vehicle stands at its decision point ({baseEnd}) of order {order.OrderId}, and no update comes");
        }
        else
        {
            session.Book.NotRun(UpdateExtends, $"Order {order.OrderId} was over before its base was extended");
        }

        static bool HasHorizon(Order order) => order.Nodes.Any(node => !node.Released);
    }

    private async Task Close()
    {
        await Asked(MasterWish.Closure, () => session.ZoneSets.Count > 0, "No zone set came", ZoneIds, ZoneTypes, ZonePolygon, ZoneEnabled);
        if (session.ZoneSets.Count > 0)
        {
            var isEnabled = await session.Until(() => session.Played.EnabledZones == Newest(), 30);
            session.Book.Check(ZoneEnabled, isEnabled, $"zone set {Newest()} came, and {session.Played.EnabledZones ?? "none"} is enabled");
        }

        string Newest() => session.ZoneSets[^1].Content.ZoneSetId;
    }

    private async Task Events()
    {
        if (session.Leases.Count == 0)
        {
            return;
        }

        var (whole, again, broken) = (await Receipt(Recorded("good"), isWhole: true), await Receipt(Recorded("good"), isWhole: true), await Receipt(Recorded("bad"), isWhole: false));
        session.Book.Check(MasterRules.Receipt, whole is { Kept: true }, $"an event that is whole: {Of(whole)}");
        session.Book.Check(ReceiptTwice, again is { Kept: true }, $"the same event again: {Of(again)}");
        session.Book.Check(ReceiptBad, broken is { Kept: false }, $"an event with a wrong hash: {Of(broken)}");

        static string Of(EventReceipt? receipt) => receipt is null ? "no receipt came" : $"receipt with kept {receipt.Kept}";
    }

    /// <summary>In MANUAL the order is given up, so that a new one must come: that one is refused.</summary>
    private async Task Manual()
    {
        var played = session.Played;
        WorkIfIdle();
        await session.Until(() => !played.IsIdle, options.WaitS);
        played.Clear();
        played.Mode = OperatingMode.Manual;
        played.Report();
        await Observe(20);
        played.RefusesNext = ErrorTypes.NoRouteToTarget;
        played.Mode = OperatingMode.Automatic;
        played.Report();
        await session.Pass(3);
        if (session.RefusedOrders.Count == 0)
        {
            WorkIfIdle();
        }

        var isRefused = await session.Until(() => session.RefusedOrders.Count > 0, options.WaitS);
        played.RefusesNext = null;
        if (!isRefused)
        {
            session.Book.NotRun(OrderRefused, "No new order came that could be refused");
            return;
        }

        await Observe(20);
        session.Book.Check(OrderRefused, true, $"");
    }

    private async Task Intervened()
    {
        session.Played.Mode = OperatingMode.Intervened;
        session.Played.Report();
        await Observe(20);
        session.Played.Mode = OperatingMode.Automatic;
        session.Played.Report();
        await session.Pass(3);
    }

    private Task Pause() => Asked(
        MasterWish.Pause, () => session.Commands.Exists(command => command.Action.ActionType == SweeperActions.StopPause), "No stopPause came", Stamped);

    /// <summary>Asks for the corridor of an edge of the horizon: no grant may come while it is one.</summary>
    private async Task AskAhead()
    {
        var (played, book) = (session.Played, session.Book);
        WorkIfIdle();
        await session.Until(() => played.EdgesAhead is [{ Released: true }, ..] && !played.EdgesAhead[^1].Released, options.WaitS);
        if (played.EdgesAhead.LastOrDefault(edge => !edge.Released) is not { } edge)
        {
            book.NotRun(ResponseBase, "No order had a horizon");
            return;
        }

        await Request("conform-r0", edge);
        var before = session.Answers.Count;
        if (options.IsAttended)
        {
            options.Ask(MasterWish.AnswerAhead);
        }

        await Observe(options.IsAttended ? 30 : 5, () => IsGranted() || !IsAhead());
        if (IsGranted() || (IsAhead() && (options.IsAttended || session.Answers.Count > before)))
        {
            book.Check(ResponseBase, !IsGranted(), $"the corridor of edge {edge.EdgeId} ({edge.SequenceId}) was granted, which is not released");
        }
        else
        {
            book.NotRun(ResponseBase, IsAhead() ? Nobody : $"Edge {edge.EdgeId} did not stay in the horizon");
        }

        await EndRequest();

        bool IsGranted() => session.Answers.Skip(before).Any(answer => answer.GrantType == GrantType.Granted);
        bool IsAhead() => played.EdgesAhead.Any(one => one.SequenceId == edge.SequenceId && !one.Released);
    }

    private async Task Ask()
    {
        WorkIfIdle();
        await session.Until(() => session.Played.EdgesAhead is [{ Released: true }, ..], options.WaitS);
        if (session.Played.EdgesAhead.FirstOrDefault(edge => edge.Released) is not { } edge)
        {
            foreach (var rule in (Rule[])[ResponseKnown, ResponseLease])
            {
                session.Book.NotRun(rule, "No order had a base ahead of the vehicle");
            }

            return;
        }

        await Request("conform-r1", edge);
        var before = session.Answers.Count;
        await Asked(MasterWish.Answer, () => session.Answers.Count > before, "No answer came", ResponseKnown, ResponseLease);
        await EndRequest();
    }

    /// <summary>Stands and asks for the corridor of an edge.</summary>
    private async Task Request(string id, OrderEdge edge)
    {
        session.Played.IsHeld = true;
        session.Played.Request = new(id, EdgeRequestType.Corridor, edge.EdgeId, edge.SequenceId, RequestStatus.Requested);
        session.Played.Report();
        await session.Pass(2);
    }

    private async Task EndRequest()
    {
        await session.Pass(3);
        session.Played.Request = null;
        session.Played.Report();
        await session.Pass(2);
        session.Played.IsHeld = false;
    }

    private async Task Vanish()
    {
        WorkIfIdle();
        var played = session.Played;
        played.Say(ConnectionState.ConnectionBroken);
        played.IsGone = true;
        await Observe(40);
        played.IsGone = false;
        played.HidesInstants = true;
        var before = session.Commands.Count;
        played.Greet();
        var isRepeated = await session.Until(IsRepeated, 15);
        var hidden = Hidden();
        played.HidesInstants = false;
        if (hidden.Count > 0)
        {
            session.Book.Check(Repeated, isRepeated, $"{string.Join(", ", hidden)} came once each in 15 s, and no state showed them");
        }

        await Observe(30);

        List<string> Hidden() => [.. session.Commands.Skip(before).Select(command => command.Action.ActionId)];
        bool IsRepeated() => Hidden() is var ids && ids.Distinct(StringComparer.Ordinal).Count() < ids.Count;
    }

    /// <summary>Lets time pass in which something must not come; ends early where all is seen.</summary>
    private Task<bool> Observe(double seconds, Func<bool>? isSeen = null) => session.Until(isSeen ?? (() => false), seconds * options.Patience);

    /// <summary>Asks the person at the master control and waits for what comes of it.</summary>
    private async Task Asked(MasterWish wish, Func<bool> isDone, string missing, params Rule[] rules)
    {
        var why = Nobody;
        if (options.IsAttended)
        {
            options.Ask(wish);
            await session.Until(isDone, options.WaitS);
            why = FormattableString.Invariant($"{missing} within {options.WaitS:F0} s");
        }

        foreach (var rule in rules.Where(_ => !isDone()))
        {
            session.Book.NotRun(rule, why);
        }
    }

    private void WorkIfIdle()
    {
        if (session.Played.IsIdle)
        {
            options.Ask(MasterWish.Work);
        }
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
}
