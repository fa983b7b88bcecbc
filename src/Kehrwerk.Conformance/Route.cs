using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance;

/// <summary>A route file cannot be used; the message says what to change.</summary>
public sealed class RouteException(string problem, string advice, Exception? inner = null) : Exception(problem, inner)
{
    public string Advice => advice;
}

/// <param name="X">Metres.</param>
/// <param name="Y">Metres.</param>
public sealed record RouteNode(string NodeId, double X, double Y);

/// <param name="MaximumSpeed">m/s; null: as fast as the vehicle likes.</param>
public sealed record RouteEdge(string EdgeId, string From, string To, double? MaximumSpeed = null);

/// <summary>An action that may be done on the route.</summary>
/// <param name="At">The node or edge where.</param>
public sealed record RouteAction(string At, string ActionType, BlockingType BlockingType)
{
    public ImmutableArray<ActionParameter> Parameters { get; init => field = value.IsDefault ? [] : value; } = [];

    internal RobotAction ToAction(string actionId) => new(ActionType, actionId, BlockingType) { ActionParameters = Parameters };
}

/// <summary>
/// Where a vehicle may drive while it is checked (docs/reference/route-file.md): made by who knows the vehicle and the place. From every
/// node an edge leads on, so that the check can go round and round.
/// </summary>
/// <param name="MapId">As the vehicle knows its map.</param>
/// <param name="Start">The node on which the vehicle stands.</param>
public sealed record Route(string MapId, string Start, ImmutableArray<RouteNode> Nodes, ImmutableArray<RouteEdge> Edges)
{
    public const int MinNodes = 4;
    private const int MaxBytes = 1024 * 1024;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Actions that may be done at nodes; the first of each node is used.</summary>
    public ImmutableArray<RouteAction> NodeActions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Actions that may be done along edges.</summary>
    public ImmutableArray<RouteAction> EdgeActions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <exception cref="RouteException">The file is missing, is no route, or one that cannot be driven round.</exception>
    public static Route Load(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MaxBytes })
            {
                throw new RouteException("the file is longer than a route can be", "Give at most some hundred nodes");
            }

            return Read(File.ReadAllBytes(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RouteException(fault.Message, "Check the path and its permissions", fault);
        }
    }

    /// <inheritdoc cref="Load"/>
    public static Route Read(ReadOnlySpan<byte> json)
    {
        Route? route;
        try
        {
            route = JsonSerializer.Deserialize<Route>(json, Format);
        }
        catch (JsonException fault)
        {
            throw new RouteException(fault.Message, "See docs/reference/route-file.md for the fields", fault);
        }

        return route is null ? throw new RouteException("the file is empty", "See docs/reference/route-file.md for the fields")
            : route.Fault() is { } wrong ? throw new RouteException(wrong, "Correct the file; see docs/reference/route-file.md")
            : route;
    }

    public RouteNode Node(string id) => Nodes.First(node => node.NodeId == id);

    /// <summary>The next edges from a node, going round: of several the first that leads to a node not passed yet.</summary>
    internal ImmutableArray<RouteEdge> Way(string from, int edges)
    {
        var way = ImmutableArray.CreateBuilder<RouteEdge>();
        var at = from;
        var passed = new List<string> { from };
        while (way.Count < edges)
        {
            var next = Edges.Where(edge => edge.From == at).MinBy(edge => passed.LastIndexOf(edge.To))!;
            way.Add(next);
            passed.Add(at = next.To);
        }

        return way.ToImmutable();
    }

    /// <summary>What keeps the check from driving on it; null if nothing does.</summary>
    internal string? Fault()
    {
        if (Nodes.IsDefault || Edges.IsDefault || Nodes.Length < MinNodes)
        {
            return $"a route needs at least {MinNodes} nodes";
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (Nodes.FirstOrDefault(node => !ids.Add(node.NodeId)) is { } twice)
        {
            return $"node '{twice.NodeId}' occurs twice";
        }

        if (Nodes.FirstOrDefault(node => !double.IsFinite(node.X) || !double.IsFinite(node.Y)) is { } nowhere)
        {
            return $"node '{nowhere.NodeId}' has no finite x and y";
        }

        return Edges.FirstOrDefault(edge => !ids.Contains(edge.From) || !ids.Contains(edge.To)) is { } loose ? $"edge '{loose.EdgeId}' joins nodes that are not in the list"
            : Edges.FirstOrDefault(edge => edge.MaximumSpeed is <= 0) is { } slow ? $"edge '{slow.EdgeId}': maximumSpeed must be above 0"
            : Nodes.FirstOrDefault(node => Edges.All(edge => edge.From != node.NodeId)) is { } dead ? $"no edge leads on from node '{dead.NodeId}'"
            : !ids.Contains(Start) ? $"start '{Start}' is not in the list of nodes"
            : NodeActions.FirstOrDefault(action => !ids.Contains(action.At)) is { } away ? $"nodeActions: there is no node '{away.At}'"
            : EdgeActions.FirstOrDefault(action => Edges.All(edge => edge.EdgeId != action.At)) is { } off ? $"edgeActions: there is no edge '{off.At}'"
            : null;
    }
}
