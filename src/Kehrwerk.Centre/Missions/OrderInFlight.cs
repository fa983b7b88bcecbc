using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// The order that a vehicle has or is being sent: the whole drive as arcs, how much of it is released, and which actions
/// have not ended. What goes over the wire is written from it (<see cref="OrderWriter"/>). Immutable.
/// </summary>
public sealed record OrderInFlight
{
    public required string OrderId { get; init; }

    /// <summary>Counts the extensions.</summary>
    public uint UpdateId { get; init; }

    /// <summary>Where the vehicle stood when it got the order.</summary>
    public required VehiclePlace Start { get; init; }

    /// <summary>Reported position at the start; the order's first node where the vehicle stands within an arc.</summary>
    public required MapPoint StartPoint { get; init; }

    /// <summary>Every arc of the drive. Arc i is edge 2i+1 of the order, its end is node 2i+2.</summary>
    public ImmutableArray<OrderArc> Path { get; init; } = [];

    /// <summary>So many arcs of the path are released.</summary>
    public int Base { get; init; }

    /// <summary>So many arcs of the path were told with the last message; more of them than the vehicle can take (<see cref="Fleet.VehicleLimits"/>) are not.</summary>
    public int Told { get; init; } = int.MaxValue;

    /// <summary>The node from which the last message was written: 0 for a new order, else the end of the base before.</summary>
    public int StitchAt { get; init; }

    /// <summary>The service at the last node, done after arrival.</summary>
    public ServiceAction? Service { get; init; }

    /// <summary>Its edges have corridors, which the vehicle may use only after a person's grant.</summary>
    public bool HasCorridors { get; init; }

    /// <summary>The drive ends where the path does; nothing is appended any more.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Actions ordered so far, ended ones too.</summary>
    public int ActionCount { get; init; }

    /// <summary>Actions whose end no state has shown yet, with the number of their step.</summary>
    public ImmutableSortedDictionary<string, int> OpenActions { get; init; } = NoActions;

    /// <summary>When the message was last sent.</summary>
    public DateTimeOffset SentAt { get; init; }

    /// <summary>How often this message was sent.</summary>
    public int Sends { get; init; }

    /// <summary>A state has shown the order with this update.</summary>
    public bool IsShown { get; init; }

    /// <summary>It is being cancelled.</summary>
    public bool IsCancelled { get; init; }

    [JsonIgnore]
    public int LastArc => Path.IsEmpty ? Start.Arc : Path[^1].Arc;

    internal static ImmutableSortedDictionary<string, int> NoActions { get; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
}

/// <summary>An arc of an order's drive.</summary>
/// <param name="FromM">Where on the arc the drive begins; 0 but for the first arc of an order that begins within it.</param>
/// <param name="Step">The step of the mission that this arc belongs to or leads to.</param>
/// <param name="ActionId">The sweep action on it, or null where it is driven in transit.</param>
public sealed record OrderArc(int Arc, double FromM, int Step, string? ActionId = null);

/// <summary>A depot service within an order.</summary>
/// <param name="Bay">Number of the bay; 0: any, for vehicles that know no numbers.</param>
public sealed record ServiceAction(int Step, string ActionId, int Bay = 0);

/// <summary>Where a vehicle is on the network.</summary>
/// <param name="OffsetM">Metres from the start of the arc.</param>
/// <param name="AtEnd">It stands at the node where the arc ends.</param>
public readonly record struct VehiclePlace(int Arc, double OffsetM, bool AtEnd);
