using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link;
using Kehrwerk.Planning;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// What one vehicle has to do on one day, and how far it is. Made from a plan's tour without its ways: those are found when
/// they are driven, so that closures and detours need no new plan. Immutable.
/// </summary>
public sealed record Mission
{
    /// <summary>Unique in the data folder, e.g. <c>m17</c>; action ids begin with it.</summary>
    public required string Id { get; init; }

    public required VehicleId Vehicle { get; init; }

    /// <summary>Fingerprint of the city whose kerbs the steps name.</summary>
    public required string City { get; init; }

    /// <summary>Day of the plan, 0 is its first.</summary>
    public required int Day { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>In the order in which they are to be done.</summary>
    public required ImmutableArray<MissionStep> Steps { get; init; }

    /// <summary>When every step was done or skipped; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    [JsonIgnore]
    public bool IsRunning => EndedAt is null;

    /// <summary>The mission of a tour. What a kerb is expected to yield is the difference of the tour's levels before and after it.</summary>
    public static Mission From(string id, VehicleId vehicle, string city, Tour tour, SweeperSpec spec, DateTimeOffset startedAt)
    {
        var steps = ImmutableArray.CreateBuilder<MissionStep>();
        var before = new Levels(spec.BatteryWh, spec.WaterL, 0, 0);
        foreach (var step in tour.Steps)
        {
            StepWork? work = step switch
            {
                SweepStep sweep => new StepWork.Sweep(
                    sweep.Kerb, Math.Max(0, step.After.HopperM3 - before.HopperM3), Math.Max(0, step.After.HopperKg - before.HopperKg)),
                TipStep => new StepWork.Service(DepotService.Tip),
                WashStep => new StepWork.Service(DepotService.Wash),
                FillWaterStep => new StepWork.Service(DepotService.FillWater),
                ChargeStep => new StepWork.Service(DepotService.Charge, Math.Clamp(100 * step.After.BatteryWh / spec.BatteryWh, 1, 100)),
                _ => null,
            };
            if (work is not null)
            {
                steps.Add(new(steps.Count, work));
            }

            before = step.After;
        }

        steps.Add(new(steps.Count, new StepWork.ReturnToDepot()));
        return new() { Id = id, Vehicle = vehicle, City = city, Day = tour.Day, StartedAt = startedAt, Steps = steps.ToImmutable() };
    }

    /// <summary>The step that is to be done next and is not ordered yet, or null.</summary>
    public MissionStep? NextOpen()
    {
        foreach (var step in Steps)
        {
            if (step.Status is StepStatus.Open)
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>What was ordered and not done is open again.</summary>
    public Mission Reopened() => Steps.Any(step => step.Status is StepStatus.Ordered)
        ? this with { Steps = [.. Steps.Select(step => step.Status is StepStatus.Ordered ? step with { Status = new StepStatus.Open() } : step)] }
        : this;

    public MissionStep Step(int no) => Steps[IndexOf(no)];

    public Mission With(MissionStep step) => this with { Steps = Steps.SetItem(IndexOf(step.No), step) };

    /// <summary>Puts new depot services before a step; kinds that already stand open before it are not doubled.</summary>
    public Mission InsertBefore(int no, IEnumerable<StepWork.Service> services)
    {
        var at = IndexOf(no);
        var nextNo = Steps.Max(s => s.No) + 1;
        var waiting = Steps.Take(at).Where(s => !s.IsClosed).Select(s => s.Work).OfType<StepWork.Service>().Select(s => s.Kind).ToHashSet();
        var inserted = services.Where(s => !waiting.Contains(s.Kind)).Select((s, i) => new MissionStep(nextNo + i, s));
        return this with { Steps = Steps.InsertRange(at, inserted) };
    }

    /// <summary>
    /// Puts a second visit for missed stretches behind the last kerb, before what is to be done at the depot then. The same mission where that has been ordered already,
    /// or where the kerb has its second visit.
    /// </summary>
    /// <param name="share">How much of the kerb is to be swept again, 0–1.</param>
    public Mission SweepAgain(StepWork.Sweep sweep, double share)
    {
        var last = Steps.Length - 1;
        while (last >= 0 && Steps[last].Work is not StepWork.Sweep)
        {
            last--;
        }

        if (last + 1 >= Steps.Length || Steps[last + 1].Status is not StepStatus.Open || Steps.Any(s => s.Work is StepWork.Sweep { IsAgain: true } again && again.Kerb == sweep.Kerb))
        {
            return this;
        }

        var again = sweep with { IsAgain = true, VolumeM3 = sweep.VolumeM3 * share, MassKg = sweep.MassKg * share };
        return this with { Steps = Steps.Insert(last + 1, new(Steps.Max(s => s.No) + 1, again)) };
    }

    private int IndexOf(int no)
    {
        // Steps stand at their number until a depot visit is put in before them.
        if (no < Steps.Length && Steps[no].No == no)
        {
            return no;
        }

        for (var i = 0; i < Steps.Length; i++)
        {
            if (Steps[i].No == no)
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(no), no, $"Mission {Id} has no such step.");
    }
}

/// <summary>One piece of a mission.</summary>
/// <param name="No">Names the step within its mission; it never changes, also when steps are put in before it.</param>
/// <param name="Attempts">How often it was begun and failed.</param>
/// <param name="Visits">How many visits to the depot were put in for it.</param>
/// <param name="SweptM">How far from its start the kerb was swept by attempts that did not reach its end, metres.</param>
public sealed record MissionStep(int No, StepWork Work, int Attempts = 0, int Visits = 0, double SweptM = 0)
{
    public StepStatus Status { get; init; } = new StepStatus.Open();

    /// <summary>Stretches of the kerb that the vehicle could not reach, from its last sweep; default: none. They stay on record, swept or not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<MissedPiece> Missed { get; init; }

    /// <summary>A kerb of the plan; a second visit for missed stretches is none.</summary>
    [JsonIgnore]
    public bool IsPlannedSweep => Work is StepWork.Sweep { IsAgain: false };

    [JsonIgnore]
    public bool IsClosed => Status is StepStatus.Done or StepStatus.Skipped;
}

/// <summary>What the depot does for a vehicle; each kind has its own bays.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DepotService>))]
public enum DepotService { Tip, Wash, FillWater, Charge }

[JsonPolymorphic(TypeDiscriminatorPropertyName = "work")]
[JsonDerivedType(typeof(Sweep), "sweep")]
[JsonDerivedType(typeof(Service), "service")]
[JsonDerivedType(typeof(ReturnToDepot), "return")]
public abstract record StepWork
{
    /// <summary>Sweep a kerb.</summary>
    /// <param name="VolumeM3">Sweepings expected, cubic metres.</param>
    /// <param name="MassKg">The same in kilograms.</param>
    /// <param name="IsAgain">It was swept before in this mission; what was missed then is tried once more, and the kerb counts no second time.</param>
    public sealed record Sweep(int Kerb, double VolumeM3, double MassKg, bool IsAgain = false) : StepWork;

    /// <summary>Be served at the depot.</summary>
    /// <param name="UntilPercent">For charging: the state of charge at which it ends.</param>
    public sealed record Service(DepotService Kind, double UntilPercent = 0) : StepWork;

    /// <summary>Drive to the depot.</summary>
    public sealed record ReturnToDepot : StepWork;
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "status")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Ordered), "ordered")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(Skipped), "skipped")]
public abstract record StepStatus
{
    public sealed record Open : StepStatus;

    /// <summary>Part of the order in flight, in its base or its horizon.</summary>
    public sealed record Ordered(string ActionId) : StepStatus;

    public sealed record Done(DateTimeOffset At) : StepStatus;

    public sealed record Skipped(string Reason, DateTimeOffset At) : StepStatus;
}

/// <summary>Why a step was skipped, as it is stored and reported.</summary>
public static class SkipReasons
{
    public const string NotReachable = "notReachable";
    public const string Closed = "closed";
    public const string ShiftOver = "shiftOver";
    public const string TooLarge = "tooLarge";
    public const string OutOfRange = "outOfRange";
    public const string NotNeeded = "notNeeded";
    public const string CityChanged = "cityChanged";

    /// <summary>It was tried as often as allowed; the vehicle's last reason stands behind the colon.</summary>
    public static string Failed(string? result) => $"failed: {OrNone(result)}";

    /// <summary>The vehicle's reason, or that it gave none.</summary>
    internal static string OrNone(string? reason) => reason ?? "no reason given";
}
