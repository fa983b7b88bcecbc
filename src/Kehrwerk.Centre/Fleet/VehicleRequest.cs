using System.Collections.Immutable;
using Kehrwerk.Centre.Record;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>For what a vehicle asks leave.</summary>
public enum RequestKind
{
    /// <summary>To leave the line of an edge.</summary>
    Corridor,

    /// <summary>To enter a zone.</summary>
    Access,

    /// <summary>To take its way through a zone.</summary>
    Replanning,
}

/// <summary>Something for which a vehicle asks leave, as its last report shows it.</summary>
/// <param name="Place">The edge, or the zone and its set.</param>
/// <param name="IsAhead">False: it asks for the corridor of an edge that is not of the base ahead, which must not be granted (6.6.10).</param>
public sealed record VehicleRequest(string RequestId, RequestKind Kind, string Place, RequestStatus Status, bool IsAhead = true)
{
    private const int MostTold = 8;

    /// <summary>What the vehicle says of it in <c>information</c>, for the person who judges: nothing is decided by it.</summary>
    public ImmutableArray<string> Told { get; init; } = [];

    public bool IsEdge => Kind == RequestKind.Corridor;

    /// <summary>For the record: what it asks for, and where.</summary>
    public string What => Kind switch
    {
        RequestKind.Corridor => $"corridor of {Place}",
        RequestKind.Access => $"entry into zone {Place}",
        _ => $"way through zone {Place}",
    };

    internal static IEnumerable<VehicleRequest> Of(State state) =>
        state.EdgeRequests.Select(r => new VehicleRequest(
            r.RequestId, RequestKind.Corridor, r.EdgeId, r.RequestStatus, state.EdgeStates.Any(edge => edge.Released && edge.EdgeId == r.EdgeId && edge.SequenceId == r.SequenceId)))
            .Concat(state.ZoneRequests.Select(r => new VehicleRequest(
                r.RequestId, r.RequestType == ZoneRequestType.Access ? RequestKind.Access : RequestKind.Replanning, $"{r.ZoneId} of {r.ZoneSetId}", r.RequestStatus)))
            .Select(request => request with { Told = [.. TellsOf(state, request.RequestId).Take(MostTold)] });

    private static IEnumerable<string> TellsOf(State state, string requestId) => state.Information
        .Where(info => info.InfoReferences.Any(reference => reference.ReferenceKey == "requestId" && reference.ReferenceValue == requestId))
        .Select(info => ForeignText.Of(string.Join("; ", info.InfoReferences
            .Where(reference => reference.ReferenceKey is not ("requestId" or "edgeId"))
            .Select(reference => $"{reference.ReferenceKey} {reference.ReferenceValue}")
            .Prepend(info.InfoDescriptor ?? info.InfoType))));
}
