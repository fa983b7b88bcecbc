using System.Text;
using System.Text.Json;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Masters.MasterRules;

namespace Kehrwerk.Conformance.Masters;

/// <summary>Looks at actions, zone sets, answers and leases of the master control (VDA 5050 3.0.0, 6.2, 6.4, 6.9; safety profile).</summary>
internal sealed class CommandWatch(MasterSession session)
{
    private static readonly TimeSpan Crossing = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaseSlack = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(0.9);
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);
    private static readonly string[] StampKeys = ["epoch", "leaseId", "validForS", "by"];

    private readonly Dictionary<string, string> actions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> zoneSets = new(StringComparer.Ordinal);
    private readonly List<(DateTimeOffset At, DateTimeOffset Sent)> leasesAt = [];
    private Supervision? last;
    private DateTimeOffset? unavailableSince;
    private DateTimeOffset? intervenedSince;
    private DateTimeOffset goneAt;

    public void See(Seen seen)
    {
        unavailableSince = session.Played.Mode is OperatingMode.Manual or OperatingMode.Service or OperatingMode.TeachIn ? unavailableSince ?? seen.At : null;
        intervenedSince = session.Played.Mode == OperatingMode.Intervened ? intervenedSince ?? seen.At : null;
        Lengths(seen.Content);
        switch (seen.Content)
        {
            case Order order:
                if (last is not null)
                {
                    session.Book.Check(EpochOrder, order.SupervisionEpoch == last.Epoch, $"order {order.OrderId} has supervisionEpoch {order.SupervisionEpoch}, leases are of epoch {last.Epoch}");
                }

                foreach (var (action, scope) in order.Nodes.SelectMany(node => node.Actions).Select(action => (action, ActionScope.Node)).Concat(order.Edges.SelectMany(edge => edge.Actions).Select(action => (action, ActionScope.Edge))))
                {
                    Declared(action, scope);
                }

                break;
            case InstantActions message:
                foreach (var action in message.Actions)
                {
                    Take(action);
                }

                break;
            case ZoneSet set:
                Take(set);
                break;
            case Responses answers:
                foreach (var answer in answers.Items)
                {
                    session.Book.Check(ResponseKnown, answer.RequestId == session.Played.Request?.RequestId, $"an answer to request {answer.RequestId}, which the vehicle does not have");
                    session.Book.Check(ResponseLease, answer.LeaseExpiry is null || answer.GrantType == GrantType.Granted, $"{answer.GrantType} with leaseExpiry");
                }

                break;
            case Supervision lease:
                Take(lease);
                break;
            case null when seen.Topic == LinkTopic.InstantActions:
                Raw(seen);
                break;
            default:
                break;
        }
    }

    /// <summary>Called each second: whether the states of the vehicle are answered.</summary>
    public void LookAtLeases()
    {
        goneAt = session.Played.IsGone ? session.Now : goneAt;
        if (leasesAt.Count > 0 && session.Now - goneAt > Crossing + LeaseSlack)
        {
            session.Book.Check(LeaseGiven, session.Now - leasesAt[^1].At <= LeaseSlack, $"{(session.Now - leasesAt[^1].At).TotalSeconds:F1} s without a lease, while states come each second");
        }
    }

    private static string Text(RobotAction action) => $"{action.ActionType} {action.BlockingType} "
        + string.Join(' ', action.ActionParameters.Where(parameter => !StampKeys.Contains(parameter.Key)).Select(parameter => $"{parameter.Key}={parameter.Value}"));

    private void Declared(RobotAction action, ActionScope scope)
    {
        var (book, text) = (session.Book, Text(action));
        var known = session.Played.Factsheet.ProtocolFeatures.MobileRobotActions.FirstOrDefault(one => one.ActionType == action.ActionType && one.ActionScopes.Contains(scope));
        if (book.Check(ActionDeclared, known is not null && (known.BlockingTypes.IsEmpty || known.BlockingTypes.Contains(action.BlockingType)), $"{action.ActionType} ({scope}, {action.BlockingType}) is not declared in the factsheet"))
        {
            var missing = known!.ActionParameters.FirstOrDefault(parameter => parameter.IsOptional != true && action[parameter.Key] is null);
            book.Check(ActionParameters, missing is null, $"{action.ActionType} {action.ActionId} has no parameter {missing?.Key}");
        }

        book.Check(ActionIds, !actions.TryGetValue(action.ActionId, out var before) || before == text, $"action {action.ActionId} came before with another content");
        actions[action.ActionId] = text;
    }

    private void Take(RobotAction action)
    {
        var book = session.Book;
        Declared(action, ActionScope.Instant);
        book.Check(InstantNone, action.BlockingType == BlockingType.None, $"{action.ActionType} has blockingType {action.BlockingType}");
        var holds = action.ActionType is SweeperActions.StartPause or SweeperActions.CancelOrder or SweeperActions.Deactivate;
        book.Check(InstantMode, holds || unavailableSince is null || session.Now - unavailableSince < Crossing, $"{action.ActionType} in {session.Played.Mode}");
        book.Check(InstantIntervened, holds || intervenedSince is null || session.Now - intervenedSince < Crossing, $"{action.ActionType} in INTERVENED");
        if (last is null)
        {
            return;
        }

        var isOpen = holds || action.ActionType is SweeperActions.StateRequest or SweeperActions.FactsheetRequest or SweeperActions.ClearInstantActions or SweeperActions.StopHibernation;
        book.Check(EpochCommand, isOpen || session.Played.ShownEpoch == last.Epoch, $"{action.ActionType} came before the vehicle showed epoch {last.Epoch}");
        if (!isOpen)
        {
            var stamp = CommandStamp.Of(action, out var fault);
            book.Check(Stamped, stamp?.Epoch == last.Epoch, $"{action.ActionType} {action.ActionId}: {fault ?? $"epoch {stamp?.Epoch}, leases are of {last.Epoch}"}");
        }

        book.Check(NoEnd, action.ActionType != SweeperActions.EndMrc, $"endMrc {action.ActionId} came, and the vehicle is in no MRC");
    }

    /// <summary>Our reader refuses another blocking type as a whole; it is looked for by itself.</summary>
    private void Raw(Seen seen)
    {
        if (seen.Raw("actions") is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (var action in list.EnumerateArray().Where(action => action.ValueKind == JsonValueKind.Object && action.TryGetProperty("blockingType", out _)))
            {
                session.Book.Check(InstantNone, action.GetProperty("blockingType").ValueEquals("NONE"), $"an instant action has blockingType {action.GetProperty("blockingType")}");
            }
        }
    }

    private void Take(ZoneSet set)
    {
        var text = Encoding.UTF8.GetString(LinkJson.Serialize(set with { HeaderId = 0, Timestamp = default }));
        session.Book.Check(ZoneIds, !zoneSets.TryGetValue(set.Content.ZoneSetId, out var before) || before == text, $"zone set {set.Content.ZoneSetId} came before with another content");
        zoneSets[set.Content.ZoneSetId] = text;
        var wrong = set.Content.Zones.FirstOrDefault(zone => !session.Played.Factsheet.TypeSpecification.SupportedZones.Contains(zone.ZoneType));
        foreach (var zone in set.Content.Zones)
        {
            session.Book.Check(ZonePolygon, Polygon.IsCounterClockwise(zone.Vertices) && Polygon.IsSimple(zone.Vertices), $"zone {zone.ZoneId} of {set.Content.ZoneSetId} goes round clockwise or crosses itself");
        }

        session.Book.Check(ZoneTypes, wrong is null, $"zone {wrong?.ZoneId} is {wrong?.ZoneType}, which is not in supportedZones");
    }

    /// <summary>A limit that is missing or 0 is none (7.10).</summary>
    private void Lengths(VdaMessage? content)
    {
        var (most, texts) = (session.Played.Factsheet.ProtocolLimits.MaximumArrayLengths, session.Played.Factsheet.ProtocolLimits.MaximumStringLengths);
        (string What, int Length, uint? Most)[] lengths = content switch
        {
            Order order =>
            [
                ("nodes", order.Nodes.Length, most.OrderNodes), ("edges", order.Edges.Length, most.OrderEdges),
                .. order.Nodes.Select(node => ("actions of a node", node.Actions.Length, most.NodeActions)),
                .. order.Edges.Select(edge => ("actions of an edge", edge.Actions.Length, most.EdgeActions)),
                .. order.Nodes.Select(node => node.NodeId).Concat(order.Edges.Select(edge => edge.EdgeId)).Append(order.OrderId)
                    .Concat(order.Nodes.SelectMany(node => node.Actions).Concat(order.Edges.SelectMany(edge => edge.Actions)).Select(action => action.ActionId))
                    .Select(id => ("characters of an id", id.Length, texts.MaximumIdLength)),
            ],
            InstantActions message =>
            [
                ("instant actions", message.Actions.Length, most.InstantActions), .. message.Actions.Select(action => ("characters of an id", action.ActionId.Length, texts.MaximumIdLength)),
            ],
            ZoneSet set => [("zones", set.Content.Zones.Length, most.ZoneSetZones), ("characters of an id", set.Content.ZoneSetId.Length, texts.MaximumIdLength)],
            _ => [],
        };
        foreach (var (what, length, limit) in lengths.Where(one => one.Most > 0))
        {
            session.Book.Check(Limits, length <= limit, $"{length} {what}, the factsheet allows {limit}");
        }
    }

    private void Take(Supervision lease)
    {
        var book = session.Book;
        // By both clocks: leases that were held up on their way arrive together.
        var isTooOften = leasesAt.Count >= 2 && session.Now - leasesAt[^2].At < Often && (lease.Timestamp - leasesAt[^2].Sent).Duration() < Often;
        book.Check(LeaseRate, !isTooOften, $"three leases within {(isTooOften ? (session.Now - leasesAt[^2].At).TotalSeconds : 0):F1} s");
        leasesAt.Add((session.Now, lease.Timestamp));
        if (last is not null && last.Epoch == lease.Epoch)
        {
            book.Check(LeaseRises, lease.LeaseId > last.LeaseId, $"leaseId {lease.LeaseId} after {last.LeaseId}");
        }

        book.Check(EpochFirst, lease.Epoch > 0 && lease.Epoch >= (last?.Epoch ?? 0), $"epoch {lease.Epoch} after {last?.Epoch}");
        book.Check(LeaseHeard, session.Played.Sent.Any(state => state.HeaderId == lease.Heard.HeaderId && state.At.ToUnixTimeMilliseconds() == lease.Heard.Timestamp.ToUnixTimeMilliseconds() && session.Now - state.At < Remembered), $"lease {lease.LeaseId} answers state {lease.Heard.HeaderId}, which was not sent lately");
        book.Check(LeaseMap, lease.Map.MapId == session.MapId, $"lease {lease.LeaseId} names map {lease.Map.MapId}, the vehicle has {session.MapId}");
        last = lease;
    }
}
