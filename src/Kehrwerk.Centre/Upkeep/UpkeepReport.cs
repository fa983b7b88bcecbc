using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kehrwerk.Centre.Upkeep;

/// <summary>The checks of a vehicle that its keeper owes (AFGBV § 13).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckKind>))]
public enum CheckKind
{
    /// <summary>The daily extended departure check; no departure without it (LAW: H1).</summary>
    Departure,

    /// <summary>The full check every 90 days (LAW: H2).</summary>
    Full,

    /// <summary>The main inspection every 6 months (LAW: H4).</summary>
    MainInspection,
}

/// <summary>What the departure check looks at, in the order in which it is done: the test drive comes first (AFGBV § 13 (7); LAW: H1).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckItem>))]
public enum CheckItem
{
    TestDrive,
    Brakes,
    Steering,
    Lights,
    Tyres,
    Chassis,
    ElectronicsAndSensors,
    MechanicalSafety,
}

/// <param name="IsGood">False: a defect, which the remark names.</param>
public sealed record CheckedItem(CheckItem Item, bool IsGood, string Remark = "");

/// <summary>A signed report of one check (LAW: H3). It never changes; its hash is on record.</summary>
public sealed record UpkeepReport
{
    public required long Id { get; init; }
    public required string Vehicle { get; init; }
    public required CheckKind Kind { get; init; }

    /// <summary>The day on which it was done, by the clock on the wall of the Centre.</summary>
    public required DateOnly Day { get; init; }

    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>Handle of the person who signs; <c>kehrwerk run</c> where it is simulated.</summary>
    public required string By { get; init; }

    /// <summary>Every item of the departure check; empty for the others.</summary>
    public ImmutableArray<CheckedItem> Items { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Who did it, where that is somebody outside: a workshop, an inspection body.</summary>
    public string DoneBy { get; init; } = "";

    public string Remark { get; init; } = "";

    /// <summary>Whether the vehicle may drive by it.</summary>
    public required bool IsPassed { get; init; }

    /// <summary>Nobody looked: the vehicle is a simulated one.</summary>
    public bool IsSimulated { get; init; }
}

/// <summary>A report with what proves it.</summary>
/// <param name="Content">JSON of the report, as it was signed.</param>
/// <param name="Sha256">Over the UTF-8 bytes of the content, 64 lower-case hexadecimal digits; the same stands in the record.</param>
public sealed record SignedReport(UpkeepReport Report, string Content, string Sha256);
