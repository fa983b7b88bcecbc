using System.Text.Json.Serialization;

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
public sealed record VehicleCommand(string Vehicle, VehicleCommandKind Kind, string By);

/// <summary>Takes a command: it is on record and on its way when the task completes. An unknown vehicle is an <see cref="ArgumentException"/>.</summary>
public delegate Task SendVehicleCommand(VehicleCommand command, CancellationToken cancellation);
