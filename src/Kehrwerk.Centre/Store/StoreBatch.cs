using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Closing;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Centre.Upkeep;
using Kehrwerk.Planning;

namespace Kehrwerk.Centre.Store;

/// <summary>What of a twin outlives the process; all else is learnt anew from the vehicle's reports.</summary>
public sealed record TwinMemory
{
    public string? Mission { get; init; }
    public OrderInFlight? Order { get; init; }
    public ImmutableArray<PendingCommand> Commands { get; init; } = [];
    public bool IsSupervised { get; init; }
    public bool IsPaused { get; init; }
    public bool IsStopped { get; init; }
    public string? Release { get; init; }
    public string? Fault { get; init; }
    public BayClaim? Bay { get; init; }
    public RoadClaim? Road { get; init; }
    public long NextNumber { get; init; } = 1;
    public uint OrderHeader { get; init; }
    public uint CommandHeader { get; init; }
    public VehicleLimits? Limits { get; init; }

    public static TwinMemory Of(Twin twin) => new()
    {
        Mission = twin.Mission?.Id,
        Order = twin.Order,
        Commands = twin.Commands,
        IsSupervised = twin.IsSupervised,
        IsPaused = twin.IsPaused,
        IsStopped = twin.IsStopped,
        Release = twin.Release,
        Fault = twin.Fault,
        Bay = twin.Bay,
        Road = twin.Road,
        NextNumber = twin.NextNumber,
        OrderHeader = twin.OrderHeader,
        CommandHeader = twin.CommandHeader,
        Limits = twin.Limits == VehicleLimits.None ? null : twin.Limits,
    };

    /// <summary>
    /// Whether a restart would do the same with either. When and how often something was sent does not count: it is sent anew then.
    /// </summary>
    public bool TellsAs(TwinMemory other) => WithoutSending() == other.WithoutSending() && Commands.Select(Unsent).SequenceEqual(other.Commands.Select(Unsent));

    public Twin Recall(FleetVehicle vehicle, Mission? mission) => new()
    {
        Id = vehicle.Id,
        Spec = vehicle.Spec,
        Mission = mission,
        // What names a step cannot be carried on without its mission.
        Order = mission is null || Order is null ? null : Order with { OpenActions = Order.OpenActions.WithComparers(StringComparer.Ordinal) },
        Commands = Commands,
        IsSupervised = IsSupervised,
        IsPaused = IsPaused,
        IsStopped = IsStopped,
        Release = Release,
        Fault = Fault,
        Bay = Bay,
        Road = Road,
        NextNumber = NextNumber,
        OrderHeader = OrderHeader,
        CommandHeader = CommandHeader,
        Limits = Limits ?? VehicleLimits.None,
    };

    private static PendingCommand Unsent(PendingCommand command) =>
        (command.IsTimeless ? command with { Stamp = null, GivenAt = null } : command) with { SentAt = default, Sends = 0 };

    private TwinMemory WithoutSending() =>
        this with { Order = Order is null ? null : Order with { SentAt = default, Sends = 0 }, Commands = [], OrderHeader = 0, CommandHeader = 0 };
}

/// <summary>A step and its place in the mission's order.</summary>
public sealed record StoredStep(string Mission, int Position, MissionStep Step);

/// <summary>A kerb that was swept.</summary>
public sealed record StoredCoverage(string Mission, int Kerb, string KerbKey, string Vehicle, DateTimeOffset SweptAt);

/// <summary>An event that a vehicle recorded.</summary>
/// <param name="At">When it happened, by the vehicle's clock.</param>
/// <param name="Content">As the vehicle stored it; the hash is over these bytes.</param>
public sealed record StoredEvent(string Vehicle, string EventId, DateTimeOffset At, string Sha256, string Content);

/// <summary>What is stored together or not at all.</summary>
public sealed record StoreBatch
{
    public (string Vehicle, TwinMemory Memory)? Twin { get; init; }
    public ImmutableArray<StoredStep> Steps { get; init; } = [];
    public ImmutableArray<StoredCoverage> Coverage { get; init; } = [];
    public ImmutableArray<StoredEvent> Events { get; init; } = [];
    public (string Mission, DateTimeOffset At)? Ended { get; init; }

    /// <summary>A street that a person closed.</summary>
    public StreetClosure? Closed { get; init; }

    /// <summary>Id of a closure that is over.</summary>
    public long? Opened { get; init; }
    public ImmutableArray<RecordDraft> Record { get; init; } = [];

    /// <summary>A report of a check that a person signed.</summary>
    public SignedReport? Report { get; init; }

    /// <summary>Reports of checks that were signed before then are deleted.</summary>
    public DateTimeOffset? ReportsKeptSince { get; init; }

    /// <summary>Cases as they are now.</summary>
    public ImmutableArray<Case> Cases { get; init; } = [];

    /// <summary>A new plan with its missions.</summary>
    public (Plan Plan, string City, DateTimeOffset At, ImmutableArray<Mission> Missions)? Shift { get; init; }

    public bool IsEmpty => Twin is null && Steps.IsEmpty && Coverage.IsEmpty && Events.IsEmpty && Ended is null && Closed is null && Opened is null && Report is null && ReportsKeptSince is null && Record.IsEmpty && Cases.IsEmpty && Shift is null;

    /// <summary>This batch with what an earlier one of the same writer holds and could not be stored.</summary>
    public StoreBatch After(StoreBatch? earlier) => earlier is null ? this : this with
    {
        Twin = Twin ?? earlier.Twin,
        Steps = [.. earlier.Steps, .. Steps],
        Coverage = [.. earlier.Coverage, .. Coverage],
        Events = [.. earlier.Events, .. Events],
        Ended = Ended ?? earlier.Ended,
        Record = [.. earlier.Record, .. Record],
        Cases = [.. earlier.Cases, .. Cases],
    };

    /// <summary>What a decision changed, so that it is stored before anything that depends on it leaves the house.</summary>
    public static StoreBatch Between(Twin before, Twin after, IReadOnlyList<TwinEffect> effects, DateTimeOffset now, CityContext city)
    {
        var vehicle = after.Id.ToString();
        var mission = after.Mission;
        return new()
        {
            Twin = TwinMemory.Of(before).TellsAs(TwinMemory.Of(after)) ? null : (vehicle, TwinMemory.Of(after)),
            Steps = mission is null || ReferenceEquals(mission, before.Mission) ? [] : ChangedSteps(before.Mission, mission),
            Coverage =
            [
                .. effects.OfType<TwinEffect.KerbSwept>()
                    .Select(k => new StoredCoverage(k.Mission, k.Kerb, city.City.Kerbs[k.Kerb].Key, vehicle, k.At)),
            ],
            Events = [.. effects.OfType<TwinEffect.KeepEvent>().Select(e => new StoredEvent(vehicle, e.EventId, e.At, e.Sha256, e.Content))],
            Ended = effects.OfType<TwinEffect.MissionEnded>().Select(e => ((string, DateTimeOffset)?)(e.Mission, e.At)).FirstOrDefault(),
            Record = [.. effects.OfType<TwinEffect.Note>().Select(n => new RecordDraft(now, n.Kind, n.Who, vehicle, n.Text))],
        };
    }

    private static ImmutableArray<StoredStep> ChangedSteps(Mission? before, Mission after)
    {
        var changed = ImmutableArray.CreateBuilder<StoredStep>();
        var isSame = before?.Id == after.Id;
        for (var i = 0; i < after.Steps.Length; i++)
        {
            if (!isSame || i >= before!.Steps.Length || !ReferenceEquals(before.Steps[i], after.Steps[i]))
            {
                changed.Add(new(after.Id, i, after.Steps[i]));
            }
        }

        return changed.ToImmutable();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TwinMemory))]
[JsonSerializable(typeof(MissionStep))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(RoadClaim))]
[JsonSerializable(typeof(Case))]
[JsonSerializable(typeof(CaseOrder))]
[JsonSerializable(typeof(CaseAnswer))]
[JsonSerializable(typeof(CaseSighting))]
[JsonSerializable(typeof(UpkeepReport))]
internal sealed partial class StoreJson : JsonSerializerContext;
