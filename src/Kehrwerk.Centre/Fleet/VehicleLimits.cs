using System.Collections.Immutable;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>
/// What a vehicle can take by its factsheet (VDA 5050 3.0.0, 7.10 protocolLimits), as far as it binds what the Centre sends. A limit that is
/// missing or 0 is none. Kept with the twin, so that it holds after a restart before the factsheet comes again.
/// </summary>
public sealed record VehicleLimits
{
    /// <summary>The largest instant action is an investigation of a minimal risk condition; larger messages are no limit to commands, bytes.</summary>
    private const int CommandBytes = 16_384;

    /// <summary>The stamp and the end of a minimal risk condition (docs/link/safety-profile.md).</summary>
    private const int CommandParameters = 8;

    // What the message has beside what is measured: the epoch, longer numbers.
    private const int SpareBytes = 64;

    /// <summary>An interval between orders that may let a vehicle come to the end of its base, s.</summary>
    private const double RareOrdersS = 10;

    public static VehicleLimits None { get; } = new();

    /// <summary>Nodes of an order, and of what lies ahead of the vehicle.</summary>
    public int Nodes { get; init; } = int.MaxValue;
    public int Edges { get; init; } = int.MaxValue;

    /// <summary>Nodes that lie ahead, by <c>state.nodeStates</c>.</summary>
    public int NodesAhead { get; init; } = int.MaxValue;
    public int EdgesAhead { get; init; } = int.MaxValue;

    /// <summary>Actions of an order, ended ones too.</summary>
    public int Actions { get; init; } = int.MaxValue;

    /// <summary>Instant actions that the vehicle shows until they are cleared.</summary>
    public int InstantActions { get; init; } = int.MaxValue;

    /// <summary>Parameters of an action.</summary>
    public int Parameters { get; init; } = int.MaxValue;

    /// <summary>Zones of a set.</summary>
    public int Zones { get; init; } = int.MaxValue;

    /// <summary>Characters of an id.</summary>
    public int IdLength { get; init; } = int.MaxValue;

    /// <summary>Ids may have digits only.</summary>
    public bool IsDigitsOnly { get; init; }

    /// <summary>Bytes of a message.</summary>
    public int MessageBytes { get; init; } = int.MaxValue;

    /// <summary>At least so long between two messages on <c>order</c>, s.</summary>
    public double OrderEveryS { get; init; }

    /// <summary>At least so long between two states, s.</summary>
    public double StateEveryS { get; init; }

    public static VehicleLimits Of(ProtocolLimits limits)
    {
        var (texts, arrays, timing) = (limits.MaximumStringLengths, limits.MaximumArrayLengths, limits.Timing);
        return new()
        {
            Nodes = Limit(arrays.OrderNodes),
            Edges = Limit(arrays.OrderEdges),
            NodesAhead = Limit(arrays.StateNodeStates),
            EdgesAhead = Limit(arrays.StateEdgeStates),
            Actions = Limit(arrays.StateActionStates),
            InstantActions = Limit(arrays.StateInstantActionStates),
            Parameters = Limit(arrays.ActionParameters),
            Zones = Limit(arrays.ZoneSetZones),
            IdLength = Limit(texts.MaximumIdLength),
            IsDigitsOnly = texts.IdNumericalOnly ?? false,
            MessageBytes = Limit(texts.MaximumMessageLength),
            OrderEveryS = timing.MinimumOrderInterval,
            StateEveryS = Math.Max(timing.MinimumStateInterval, timing.DefaultStateInterval ?? 0),
        };
    }

    /// <summary>Whether there has been time enough since the last message on <c>order</c>.</summary>
    public bool MayOrder(DateTimeOffset last, DateTimeOffset now) => (now - last).TotalSeconds >= OrderEveryS;

    /// <summary>So far along the order's path the next message may tell; no further than its start where the vehicle can take no edge.</summary>
    /// <param name="from">The node from which it is written.</param>
    /// <param name="passed">Arcs that the vehicle has passed.</param>
    /// <param name="length">Bytes of the message that tells so far.</param>
    public int Reach(int pathLength, int from, int passed, Func<int, int> length)
    {
        var message = from + Math.Min(Nodes - 1L, Edges);
        var ahead = passed + (long)Math.Min(Math.Min(Nodes, NodesAhead), Math.Min(Edges, EdgesAhead));
        var reach = (int)Math.Min(pathLength, Math.Min(message, ahead));
        if (MessageBytes == int.MaxValue || reach <= from || Fits(reach))
        {
            return Math.Max(reach, from);
        }

        var (fits, not) = (from, reach);
        while (not - fits > 1)
        {
            var middle = fits + ((not - fits) / 2);
            (fits, not) = Fits(middle) ? (middle, not) : (fits, middle);
        }

        return fits;

        bool Fits(int to) => length(to) + SpareBytes <= MessageBytes;
    }

    /// <summary>Why the vehicle cannot take an order however short, for a person; null if it can.</summary>
    public string? Fault(Order order)
    {
        var actions = order.Nodes.SelectMany(node => node.Actions).Concat(order.Edges.SelectMany(edge => edge.Actions)).ToImmutableArray();
        return IdFault(
            [
                order.OrderId, .. order.Nodes.Select(node => node.NodeId), .. order.Nodes.Select(node => node.NodePosition?.MapId ?? ""), .. order.Edges.Select(edge => edge.EdgeId),
                .. actions.Select(action => action.ActionId),
            ])
            ?? (actions.FirstOrDefault(action => action.ActionParameters.Length > Parameters) is { } action
                ? Text($"action {action.ActionType} has {action.ActionParameters.Length} parameters, the vehicle takes {Parameters} (actions.actionsParameters)")
                : null);
    }

    /// <summary>Why the vehicle cannot take a zone set, for a person; null if it can.</summary>
    public string? Fault(ZoneSetContent set, Func<int> length) =>
        set.Zones.Length > Zones ? Text($"the closed streets are {set.Zones.Length} zones, the vehicle takes {Zones} (zoneSet.zones)")
        : IdFault([set.MapId, set.ZoneSetId, .. set.Zones.Select(zone => zone.ZoneId)])
            ?? (MessageBytes < int.MaxValue && length() is var bytes && bytes + SpareBytes > MessageBytes
                ? Text($"the closed streets are a message of {bytes} bytes, the vehicle takes {MessageBytes} (maximumMessageLength)")
                : null);

    /// <summary>What the Centre does not keep to, for the record: it holds a vehicle, or asks what it must know.</summary>
    public IEnumerable<string> Gaps(CentreRules rules)
    {
        if (Parameters < CommandParameters)
        {
            yield return Text($"it takes {Parameters} parameters of an action (actions.actionsParameters): commands have up to {CommandParameters} and are sent all the same");
        }

        if (MessageBytes < CommandBytes)
        {
            yield return Text($"it takes messages of {MessageBytes} bytes (maximumMessageLength): orders and zone sets keep to that, commands are sent all the same");
        }

        if (StateEveryS > rules.SilentAfter.TotalSeconds)
        {
            yield return Text($"it reports every {StateEveryS} s only (minimumStateInterval, defaultStateInterval): it counts as silent between");
        }

        if (OrderEveryS > RareOrdersS)
        {
            yield return Text($"it takes an order every {OrderEveryS} s only (minimumOrderInterval): it may have to wait at the end of its base");
        }
    }

    private string? IdFault(ImmutableArray<string> ids) =>
        ids.FirstOrDefault(id => id.Length > IdLength) is { } id ? Text($"the id '{id}' has {id.Length} characters, the vehicle takes {IdLength} (maximumIdLength)")
        : IsDigitsOnly && ids.FirstOrDefault(one => one.Any(letter => !char.IsAsciiDigit(letter))) is { } word ? $"the id '{word}' is no number, the vehicle takes only such (idNumericalOnly)"
        : null;

    private static int Limit(uint? declared) => declared is null or 0 ? int.MaxValue : (int)Math.Min(declared.Value, int.MaxValue);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
