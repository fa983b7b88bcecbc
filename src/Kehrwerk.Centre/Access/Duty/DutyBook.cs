using System.Collections.Immutable;

namespace Kehrwerk.Centre.Access.Duty;

/// <summary>Numbers of duty that the law leaves open.</summary>
public sealed record DutyRules
{
    /// <summary>With more vehicles than this a supervisor is warned, and it goes on record.</summary>
    public int VehiclesPerSupervisor { get; init; } = 3;

    /// <summary>No supervisor can take more than this: a vehicle beyond it has nobody, and its leases say so.</summary>
    public int MaxVehiclesPerSupervisor { get; init; } = 6;

    /// <summary>So long after its last sign a screen counts as cut off; three signs may be lost on the way.</summary>
    public TimeSpan ScreenHolds { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Something waits for the person so long, without any input: it is escalated.</summary>
    public TimeSpan InputWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>And so long: the person counts as absent, and vehicles as unsupervised.</summary>
    public TimeSpan AbsentAfter { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>How a supervisor on duty stands to what waits: reacts, does not react, counts as absent until the next input.</summary>
public enum DutyPresence { Present, NoInput, Absent }

/// <summary>A supervisor on duty.</summary>
/// <param name="ScreenAt">When a visible live page last said that it shows the newest picture.</param>
/// <param name="InputAt">The last key, click or order.</param>
/// <param name="Unqualified">What has expired since signing on; empty where nothing has.</param>
public sealed record OnDuty(
    string Person,
    DateTimeOffset Since,
    ImmutableSortedSet<string> Vehicles,
    DateTimeOffset? ScreenAt,
    DateTimeOffset InputAt,
    DutyPresence Presence = DutyPresence.Present,
    string Unqualified = "")
{
    public bool Watches(DateTimeOffset now, DutyRules rules) =>
        Presence != DutyPresence.Absent && Unqualified.Length == 0 && ScreenAt is { } at && now - at < rules.ScreenHolds;
}

/// <summary>Vehicles offered to a successor, who takes them by accepting.</summary>
/// <param name="Text">What the successor should know.</param>
public sealed record HandOver(string Id, string From, string To, ImmutableSortedSet<string> Vehicles, string Text, DateTimeOffset At);

/// <summary>Who is on duty with which vehicles, and what is being handed over. Each vehicle has one supervisor or none.</summary>
public sealed record DutyBook
{
    public static readonly DutyBook Empty = new();

    public ImmutableSortedDictionary<string, OnDuty> People { get; init; } = ImmutableSortedDictionary.Create<string, OnDuty>(StringComparer.Ordinal);
    public ImmutableArray<HandOver> Offers { get; init; } = [];

    public OnDuty? Of(string person) => People.GetValueOrDefault(person);

    /// <summary>The supervisor who has the vehicle.</summary>
    public OnDuty? HolderOf(string vehicle) => People.Values.FirstOrDefault(duty => duty.Vehicles.Contains(vehicle));

    /// <summary>A supervisor on duty has the vehicle, is qualified and there, and has the newest picture before them.</summary>
    public bool IsWatched(string vehicle, DateTimeOffset now, DutyRules rules) => HolderOf(vehicle)?.Watches(now, rules) == true;
}
