using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>A text in both languages.</summary>
internal readonly record struct Words(string De, string En)
{
    public string In(bool german) => german ? De : En;
}

/// <summary>A short piece of the world, made for a scenario.</summary>
internal enum SceneKind : byte
{
    /// <summary>A straight street, 300 m.</summary>
    Street,

    /// <summary>A crossing of two streets, arms of 150 m; <em>main</em> leads west to east.</summary>
    Crossing,

    /// <summary>A street with a bend of 90° without another street.</summary>
    Bend,

    /// <summary>A street that leads below a broad bridge half way.</summary>
    Underpass,

    /// <summary>A dead end at which the vehicle has to turn round.</summary>
    DeadEnd,
}

/// <summary>The scene's measures.</summary>
internal sealed record Scene(SceneKind Kind, Quantity WidthM, Quantity SpeedKmh, bool IsOneWay, bool IsMainRoad);

/// <summary>What the vehicle is to do there, and how it begins.</summary>
/// <param name="Turn">At the crossing: −1 right, 0 straight on, 1 left.</param>
/// <param name="Service">After its way it is to be served at the depot so; null: not.</param>
internal sealed record StartOf(bool Sweeps, Quantity Turn, Quantity ChargeShare, Quantity HopperShare, Quantity WaterShare, DepotService? Service = null);

/// <summary>How many of them are about, per 100 m of street and side.</summary>
internal sealed record Traffic(Quantity Cars, Quantity ParkedCars, Quantity Pedestrians, Quantity Cyclists);

/// <param name="RainShare">0 dry, 1 cloudburst.</param>
/// <param name="FogM">Visibility, metres.</param>
internal sealed record WeatherOf(Quantity RainShare, Quantity FogM, Quantity TemperatureC, Quantity Lux, Quantity LowSunDeg);

internal enum TriggerKind : byte { TimeS, DistanceM, TtcS, StandsS }

/// <summary>One point of an agent's way, on the main street: metres along it, metres to the left of its line.</summary>
internal readonly record struct WayPoint(Quantity AtM, Quantity AsideM, Quantity SpeedKmh);

/// <summary>Somebody or something that the scenario puts there.</summary>
/// <param name="Street">Name of the street on which it is: <c>main</c> or <c>side</c>.</param>
/// <param name="Way">Where it is, and where it goes once its trigger fires; one point: it stays.</param>
/// <param name="Trigger">When it begins to move: at a time, when the vehicle is so near, would be there in so many seconds, or has stood for so many.</param>
/// <param name="IsOnVehicle">The points after the first are metres ahead of and to the left of the vehicle's rear axle, wherever that is.</param>
internal sealed record AgentOf(string Id, AgentKind Kind, string Street, IReadOnlyList<WayPoint> Way, TriggerKind? Trigger, Quantity TriggerAt, ObjectSigns Signs, bool IsOnVehicle);

/// <param name="IsTold">The device knows it and says so.</param>
internal sealed record FaultOf(Device Device, FaultKind Kind, Quantity AtS, Quantity ForS, Quantity Amount, bool IsTold);

/// <summary>Something that is wrong with the bays of the depot.</summary>
internal sealed record DepotFaultOf(DepotService Service, DepotFaultKind Kind, Quantity AtS, Quantity ForS);

/// <param name="CutAtS">The line is cut then; negative: never.</param>
/// <param name="DelayMs">Each message takes so long.</param>
/// <param name="DelayGrowsMsPerS">And so much longer with each second.</param>
internal sealed record LinkOf(Quantity CutAtS, Quantity CutForS, Quantity DelayMs, Quantity DelayGrowsMsPerS);

/// <param name="AnswersAfterS">So long she takes to answer a proposal.</param>
/// <param name="LeavesAtS">Nobody is on duty from then on; negative: always somebody.</param>
internal sealed record SupervisorOf(Quantity AnswersAfterS, bool Grants, Quantity LeavesAtS);

internal enum CommandKind : byte { Pause, Deactivate, SpoofedActivate, SpoofedRelease, OldEpochLease }

internal sealed record CommandOf(CommandKind Kind, Quantity AtS);

internal enum ExpectKind : byte
{
    /// <summary>No collision that could have been avoided.</summary>
    NoCollision,

    /// <summary>Never nearer than so many metres to an agent while it moves.</summary>
    Distance,

    /// <summary>Comes to stand within so many seconds after the event of the scenario.</summary>
    Stands,

    /// <summary>Goes to the minimal risk condition within so many seconds.</summary>
    Mrc,

    /// <summary>Never goes to the minimal risk condition.</summary>
    NoMrc,

    /// <summary>Asks the Centre with at least so many proposals.</summary>
    Asks,

    /// <summary>Gets to the end of its way.</summary>
    Arrives,

    /// <summary>Sweeps at least so great a share of its kerb.</summary>
    Sweeps,

    /// <summary>Reports an error of that type.</summary>
    Reports,

    /// <summary>Announces that to its surroundings.</summary>
    Announces,

    /// <summary>Never drives faster than so many km/h.</summary>
    Speed,

    /// <summary>Least time to collision with traffic that has priority, s.</summary>
    Ttc,

    /// <summary>Records an event in its event recorder.</summary>
    Records,

    /// <summary>Where the least time to collision fell below the value, s, its event recorder recorded that.</summary>
    RecordsNearMiss,

    /// <summary>Its front never passes the border of the operating area.</summary>
    WithinArea,

    /// <summary>No corner of the body is ever farther beyond a kerb, m.</summary>
    OnRoad,

    /// <summary>Does not obey: the command is refused.</summary>
    Refuses,

    /// <summary>An action ends FAILED with that result.</summary>
    Fails,

    /// <summary>Stands in the bay at the end, within 0.1 m and 2°.</summary>
    Docks,

    /// <summary>The share of its outer broom's way with a gap of 0.1–0.3 m to the kerb.</summary>
    KerbGap,
}

/// <param name="Value">The figure that the kind needs.</param>
/// <param name="Of">Id of the agent, type of the error, or what is announced.</param>
internal sealed record Expectation(ExpectKind Kind, Quantity Value, string? Of, int Line)
{
    public Announcement? Announcement => Enum.TryParse<Announcement>(Of, true, out var said) ? said : null;
}

/// <summary>
/// One entry of the catalogue: a situation with ranges from which each run takes its figures, and what has to hold (docs/reference/scenario-file.md).
/// Immutable; everything is in range.
/// </summary>
internal sealed record Scenario
{
    public required string Name { get; init; }
    public required Words Title { get; init; }

    /// <summary>Ids of the requirements (V1 …) to which its runs are evidence.</summary>
    public required IReadOnlyList<string> Shows { get; init; }

    /// <summary>What its runs do not show, said plainly.</summary>
    public required Words NotShown { get; init; }

    public required IReadOnlyList<Parameter> Parameters { get; init; }
    public required Scene Scene { get; init; }
    public required StartOf Start { get; init; }
    public required Traffic Traffic { get; init; }
    public required WeatherOf Weather { get; init; }
    public required IReadOnlyList<AgentOf> Agents { get; init; }
    public required IReadOnlyList<FaultOf> Faults { get; init; }
    public required IReadOnlyList<DepotFaultOf> DepotFaults { get; init; }
    public required LinkOf Link { get; init; }
    public required SupervisorOf Supervisor { get; init; }
    public required IReadOnlyList<CommandOf> Commands { get; init; }
    /// <summary>The operating area ends there on <c>main</c>, metres; negative: nowhere.</summary>
    public required Quantity BorderAtM { get; init; }

    public required double UntilS { get; init; }
    public required IReadOnlyList<Expectation> Expects { get; init; }
}
