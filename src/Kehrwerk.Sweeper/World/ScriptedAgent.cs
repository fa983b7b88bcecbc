using System.Collections.Immutable;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>What starts a scripted agent. "The vehicle" is the one that is looked at, by default the first in the world.</summary>
internal abstract record Trigger
{
    private Trigger()
    {
    }

    /// <summary>At a time of the world, s.</summary>
    internal sealed record AtTime(double TimeS) : Trigger;

    /// <summary>When the vehicle's front is within some metres of a point.</summary>
    internal sealed record VehicleWithin(MapPoint Point, double DistanceM) : Trigger;

    /// <summary>When the vehicle, driving on at its speed towards it, reaches a point in so many seconds or less.</summary>
    internal sealed record VehicleGap(MapPoint Point, double Seconds) : Trigger;

    /// <summary>When the distance ahead of the vehicle's front to this agent's end, by the speed at which it shrinks, is so many seconds or less.</summary>
    internal sealed record Ttc(double Seconds) : Trigger;

    /// <summary>When the vehicle has stood for so long.</summary>
    internal sealed record VehicleStands(double Seconds) : Trigger;
}

/// <summary>Of what a scripted path's points are coordinates.</summary>
internal enum PathFrame : byte
{
    /// <summary>Metres in the city's frame.</summary>
    City,

    /// <summary>Ahead and left of the agent's pose at the moment of the trigger.</summary>
    Agent,

    /// <summary>Ahead and left of the vehicle's rear axle, all the time: what climbs on it, or hangs at its side.</summary>
    Vehicle,
}

internal enum AfterPath : byte { Stay, Vanish }

/// <summary>A point of a scripted path, and the speed wanted from it on, m/s.</summary>
internal readonly record struct ScriptPoint(double X, double Y, double SpeedMps);

/// <summary>Signs shown from some seconds after the trigger on.</summary>
internal readonly record struct Gesture(double AfterS, ObjectSigns Signs);

/// <summary>An agent that does what a scenario says, and minds nobody. Immutable; the world keeps its progress.</summary>
internal sealed record ScriptedAgent(AgentKind Kind, double X, double Y, double HeadingRad)
{
    public double? LengthM { get; init; }
    public double? WidthM { get; init; }
    public double? HeightM { get; init; }
    public ObjectSigns Signs { get; init; }

    /// <summary>Before the trigger it moves straight on by this, m/s.</summary>
    public double ApproachMps { get; init; }

    /// <summary>Null: at once.</summary>
    public Trigger? Trigger { get; init; }

    /// <summary>Empty: it stays where it is, or goes straight on by <see cref="ApproachMps"/>.</summary>
    public ImmutableArray<ScriptPoint> Path { get; init; } = [];

    public PathFrame Frame { get; init; }

    /// <summary>How fast it takes up another speed, m/s².</summary>
    public double AccelerationMps2 { get; init; } = 3;

    public ImmutableArray<Gesture> Gestures { get; init; } = [];

    public AfterPath Then { get; init; }

    /// <summary>Not in the world before the trigger.</summary>
    public bool IsHiddenBefore { get; init; }

    /// <summary>Which vehicle of the world the trigger looks at.</summary>
    public int Vehicle { get; init; }

    /// <summary>Points ahead and left for a change of lanes over some metres, in the frame of the agent: half a cosine, then straight on.</summary>
    public static ImmutableArray<ScriptPoint> LaneChange(double leftM, double overM, double speedMps, double thenM = 100) =>
        [.. Enumerable.Range(0, 13).Select(k => new ScriptPoint(overM * k / 12, leftM * (1 - Math.Cos(Math.PI * k / 12)) / 2, speedMps)), new(overM + thenM, leftM, speedMps)];
}
