using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Monitor;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Fleet;

/// <summary>What a vehicle is doing, as people see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VehicleActivity>))]
public enum VehicleActivity { Idle, Driving, Sweeping, Tipping, Washing, FillingWater, Charging, WaitingForBay, WaitingForVehicle, Paused, Deactivated, Fault }

/// <summary>
/// State of the link to a vehicle. Silent: connected, but its last report is too old. Lost: it is gone; what it does is not known.
/// Back: it reports again, and has not answered yet (docs/link/connection.md).
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<LinkState>))]
public enum LinkState { NeverSeen, Connected, Silent, Lost, Back }

/// <summary>One vehicle as it is shown: the newest facts, each no older than <see cref="ReportedAt"/>. Percentages run from 0 to 100.</summary>
public sealed record VehicleView
{
    /// <summary>Manufacturer and serial, e.g. <c>kehrwerk/KW-01</c>.</summary>
    public required string Id { get; init; }
    public required LinkState Link { get; init; }
    public required VehicleActivity Activity { get; init; }

    /// <summary>Last reported place, or null before the first report.</summary>
    public GeoPoint? Position { get; init; }

    /// <summary>Degrees clockwise from north.</summary>
    public double HeadingDeg { get; init; }
    public double SpeedMps { get; init; }

    /// <summary>The street it is on; empty where that has no name.</summary>
    public string Street { get; init; } = "";
    public double BatteryPercent { get; init; }
    public double HopperPercent { get; init; }
    public double WaterPercent { get; init; }

    /// <summary>When the vehicle made its last report, in the Centre's time; null before the first.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Since when <see cref="Link"/> is what it is; null before the first change.</summary>
    public DateTimeOffset? LinkSince { get; init; }

    /// <summary>The vehicle said farewell before it was lost.</summary>
    public bool HasSignedOff { get; init; }

    /// <summary>How far the vehicle's clock is ahead of the Centre's, seconds; null where that is too little to matter.</summary>
    public double? ClockOffsetS { get; init; }

    /// <summary>The vehicle for whose sake it stands before a narrow street, and which street; null where it does not.</summary>
    public WaitingView? WaitsFor { get; init; }

    public int KerbsSwept { get; init; }
    public int KerbsPlanned { get; init; }

    /// <summary>Metres along swept kerbs that it could not reach because something stood or moved there.</summary>
    public double MissedM { get; init; }

    /// <summary>The way it has been released to drive and means to drive on, nearest first.</summary>
    public IReadOnlyList<GeoPoint> Path { get; init; } = [];

    /// <summary>The minimal risk condition in which it stands; only an investigation ends it.</summary>
    public string? MrcId { get; init; }

    /// <summary>What it shows and lets hear to those around it; null where it does not say.</summary>
    public Shown? Shown { get; init; }

    /// <summary>What it says to those around it by light, sound and text.</summary>
    public ImmutableArray<Announcement> Said { get; init; } = [];

    /// <summary>How good its link is; null where that is not measured.</summary>
    public LinkFigures? Quality { get; init; }

    /// <summary>What it asks leave for; a person answers.</summary>
    public IReadOnlyList<VehicleRequest> Requests { get; init; } = [];

    /// <summary>What the Centre finds wrong with it, then errors that the vehicle reports, in its words.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}

/// <param name="Vehicle">As in <see cref="VehicleView.Id"/>.</param>
/// <param name="Street">Its name, or the key of the arc where it has none.</param>
/// <param name="IsLong">So long that a person should look.</param>
public sealed record WaitingView(string Vehicle, string Street, bool IsLong);

/// <summary>Where a kerb stands today.</summary>
public enum KerbState : byte { None, Planned, Swept, Missed }
