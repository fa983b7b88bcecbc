using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>Why data are stored: the four occasions of StVG § 1g (2), in its order.</summary>
[JsonConverter(typeof(WireEnumConverter<Occasion>))]
public enum Occasion
{
    /// <summary>No. 1: the Technische Aufsicht intervened.</summary>
    Intervention,

    /// <summary>No. 2: an accident or nearly one.</summary>
    Conflict,

    /// <summary>No. 3: an unplanned change of lane, or evasion.</summary>
    Evasion,

    /// <summary>No. 4: a disturbance of operation.</summary>
    Disturbance,
}

/// <summary>
/// What a vehicle recorded around an occasion: the data of StVG § 1g (1), numbered D1 to D13, in the formats of AFGBV Anlage 2, from
/// 10 s before to 10 s after. It is stored as JSON; <see cref="EventMessage"/> carries it.
/// </summary>
public sealed record VehicleEvent : ProfileMessage
{
    /// <summary>Unique for the vehicle for ever.</summary>
    public required string EventId { get; init; }

    /// <summary>D1: 17 characters A–Z and 0–9.</summary>
    public required string Vin { get; init; }

    /// <summary>D5.</summary>
    public required string SoftwareVersion { get; init; }

    /// <summary>False: the recording ended before its time, for example with the power.</summary>
    public required bool Complete { get; init; }

    /// <summary>What happened, in the order of time; the first gives second 0 of the series.</summary>
    public required ImmutableArray<EventOccasion> Occasions { get; init; }

    /// <summary>D2: reference system of latitude and longitude.</summary>
    public required string ReferenceSystem { get; init; }

    /// <summary>D3: drives taken up.</summary>
    public required UseCount Drives { get; init; }

    /// <summary>D3: the function became active: a valid lease began.</summary>
    public required UseCount Activations { get; init; }

    /// <summary>D3: the function ended: no lease, or the minimal risk manoeuvre began.</summary>
    public required UseCount Deactivations { get; init; }

    /// <summary>D4: manoeuvres released by the supervisor.</summary>
    public required UseCount Releases { get; init; }

    public required EventSeries Series { get; init; }

    /// <summary>D5, D8, D11: the state at the beginning, then each change.</summary>
    public required ImmutableArray<EventChange> Changes { get; init; }

    /// <summary>D13: what came from outside.</summary>
    public required ImmutableArray<ReceivedMessage> Received { get; init; }

    /// <summary>Data of the list for which this vehicle has no sensor.</summary>
    public ImmutableArray<string> NotMeasured { get; init => field = value.IsDefault ? [] : value; } = [];

    internal override string? Fault() => EventIds.Fault(EventId) is { } id ? $"eventId: {id}"
        : Vin.Length != 17 || !Vin.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)) ? "vin: must have 17 characters of A-Z 0-9"
        : Occasions.IsEmpty ? "occasions: must not be empty"
        : Received.FirstOrDefault(received => EventIds.HashFault(received.Sha256) is not null) is not null ? "received: a sha256 is not 64 digits of 0-9 a-f"
        : base.Fault();
}

/// <param name="Code">One word, for programs.</param>
/// <param name="Text">For people.</param>
public sealed record EventOccasion(Occasion Occasion, DateTimeOffset At, string Code, string Text);

/// <param name="Number">How often since the vehicle was built.</param>
/// <param name="Last">When last; null: never.</param>
public sealed record UseCount(uint Number, DateTimeOffset? Last = null)
{
    public UseCount Again(DateTimeOffset at) => new(Number + 1, at);
}

/// <summary>Values over time, ten a second: all arrays that are there have the same length.</summary>
public sealed record EventSeries
{
    /// <summary>Seconds from the first occasion; negative before it.</summary>
    public required ImmutableArray<double> TimeS { get; init; }

    /// <summary>D2: degrees.</summary>
    public required ImmutableArray<double> Latitude { get; init; }

    /// <summary>D2: degrees.</summary>
    public required ImmutableArray<double> Longitude { get; init; }

    /// <summary>D2: metres.</summary>
    public ImmutableArray<double> HeightM { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>D10: m/s.</summary>
    public required ImmutableArray<double> SpeedMps { get; init; }

    /// <summary>D9: m/s², positive ahead.</summary>
    public required ImmutableArray<double> AccelerationMps2 { get; init; }

    /// <summary>D9: m/s², positive to the left.</summary>
    public required ImmutableArray<double> LateralMps2 { get; init; }

    /// <summary>D7: seconds from the vehicle's report to the lease that answered it.</summary>
    public required ImmutableArray<double> LatencyS { get; init; }

    /// <summary>D7: bytes received in the second before.</summary>
    public required ImmutableArray<double> ReceivedBytesPerS { get; init; }

    /// <summary>D12: volts.</summary>
    public ImmutableArray<double> VoltageV { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>D6: °C.</summary>
    public ImmutableArray<double> TemperatureC { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>D6: lux.</summary>
    public ImmutableArray<double> IlluminanceLux { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>D6: 0 off, 1 on.</summary>
    public ImmutableArray<double> Wiper { get; init => field = value.IsDefault ? [] : value; } = [];
}

[JsonConverter(typeof(WireEnumConverter<EventChangeKind>))]
public enum EventChangeKind
{
    /// <summary>D5: system monitoring, code and text.</summary>
    Monitoring,

    /// <summary>D8: a safety system, its state and what triggered it.</summary>
    SafetySystem,

    /// <summary>D11.</summary>
    Lights,
}

/// <param name="TimeS">Seconds from the first occasion.</param>
/// <param name="Name">The code, the system or the light.</param>
/// <param name="Trigger">D8: who or what triggered it.</param>
public sealed record EventChange(double TimeS, EventChangeKind Kind, string Name, string State, string? Trigger = null);

/// <param name="TimeS">Seconds from the first occasion.</param>
/// <param name="Topic">The last level of its topic; it came over the broker to this vehicle.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Over its bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Text">As sent; left out where the event would grow too long.</param>
public sealed record ReceivedMessage(double TimeS, string Topic, string Source, uint Bytes, string Format, string Sha256, string? Text = null);
