using System.Text.Json.Serialization;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>What a person can order a vehicle to do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VehicleCommandKind>))]
public enum VehicleCommandKind
{
    /// <summary>Halt smoothly and wait; the mission stays.</summary>
    Pause,
    /// <summary>Go on after a pause.</summary>
    Resume,
    /// <summary>Deactivate (StVG § 1d (3)): halt at once and stay in the minimal risk condition.</summary>
    Stop,
    /// <summary>End a stop; the mission goes on. Pages ask for confirmation first.</summary>
    Release,
}

/// <summary>An order of a person to one vehicle.</summary>
/// <param name="By">Who gave it, for the record.</param>
/// <param name="Investigation">With a release from the minimal risk condition.</param>
public sealed record VehicleCommand(string Vehicle, VehicleCommandKind Kind, string By, Investigation? Investigation = null);

/// <summary>Whether a supervisor on duty watches over the vehicle now. Its leases say so; without, the vehicle goes into the minimal risk condition.</summary>
public delegate bool HasSupervisor(string vehicle);

/// <summary>A person's answer to a request of a vehicle (VDA 5050 3.0.0, 6.9).</summary>
/// <param name="RequestId">As the vehicle's state shows it.</param>
/// <param name="Lease">How long a grant is to hold; null: as long as is usual. Without meaning for other answers.</param>
/// <param name="By">Who answers, for the record.</param>
/// <param name="Reason">Why, for the record; may be empty.</param>
public sealed record VehicleAnswer(string Vehicle, string RequestId, GrantType Grant, TimeSpan? Lease, string By, string Reason = "")
{
    public const int MaxReason = 300;

    /// <summary>The longest time that entry into a zone may be granted for: who grants keeps an eye on it.</summary>
    public static readonly TimeSpan MaxLease = TimeSpan.FromMinutes(10);

    /// <summary>The longest time that leaving the line of an edge may be granted for, and usually is (safety profile, SP-MAN-3).</summary>
    public static readonly TimeSpan MaxManoeuvre = TimeSpan.FromSeconds(30);

    /// <summary>How long entry into a zone is granted for where nothing else is said.</summary>
    public static readonly TimeSpan UsualLease = TimeSpan.FromSeconds(60);
}

/// <summary>
/// Takes an answer: it is on record and on its way when the task completes with null. A text says why nothing was sent: the vehicle does
/// not ask for it, or a grant would reach it in a condition in which none is given.
/// An unknown vehicle or kind of answer, or a lease that is not above 0 and up to <see cref="VehicleAnswer.MaxLease"/> is an <see cref="ArgumentException"/>.
/// </summary>
public delegate Task<string?> AnswerVehicleRequest(VehicleAnswer answer, CancellationToken cancellation);

/// <summary>Takes a command: it is on record and on its way when the task completes. An unknown vehicle is an <see cref="ArgumentException"/>.</summary>
public delegate Task SendVehicleCommand(VehicleCommand command, CancellationToken cancellation);
