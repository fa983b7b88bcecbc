using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

internal enum AgentKind : byte
{
    Sweeper, ParkedCar, Car, Van, Bus, Tram, Motorcycle, Emergency, Cyclist, Pedestrian, Child, Dog, Police, Barrier, Box, Branch, LeafPile,
}

/// <summary>What moves an agent.</summary>
internal enum Behaviour : byte { None, Parked, Lane, Footway, Scripted }

/// <summary>Everything that stands or moves in the world. Pose and size are of its box; metres, radians counter-clockwise from east.</summary>
internal struct Agent
{
    public double X, Y, HeadingRad;

    /// <summary>Along the heading, m/s; negative backwards.</summary>
    public double SpeedMps;

    public double AccelerationMps2;
    public double LengthM, WidthM, HeightM;
    public AgentKind Kind;
    public Behaviour Behaviour;
    public ObjectSigns Signs;

    /// <summary>Not in the world now: not yet there, or gone.</summary>
    public bool IsAway;

    /// <summary>Index of its path, or of its script; −1 without.</summary>
    public int Way;

    public readonly double Vx => SpeedMps * Math.Cos(HeadingRad);
    public readonly double Vy => SpeedMps * Math.Sin(HeadingRad);
    public readonly Box2 Box => new(X, Y, HeadingRad, LengthM / 2, WidthM / 2);

    public readonly bool IsPerson => Kind is AgentKind.Pedestrian or AgentKind.Child or AgentKind.Police;

    /// <summary>An agent of usual size: length, width, height of the kinds in docs/driving/world.md.</summary>
    public static Agent Of(AgentKind kind, double x, double y, double headingRad, Behaviour behaviour)
    {
        var (length, width, height) = kind switch
        {
            AgentKind.Sweeper => (4.5, 1.2, 2.0),
            AgentKind.ParkedCar or AgentKind.Car => (4.4, 1.8, 1.5),
            AgentKind.Van => (5.5, 1.9, 2.5),
            AgentKind.Emergency => (5.5, 1.9, 2.5),
            AgentKind.Bus => (9.5, 2.4, 3.0),
            AgentKind.Tram => (30.0, 2.4, 3.5),
            AgentKind.Motorcycle => (2.2, 0.8, 1.5),
            AgentKind.Cyclist => (1.8, 0.6, 1.75),
            AgentKind.Child => (0.35, 0.4, 1.1),
            AgentKind.Dog => (0.8, 0.3, 0.5),
            AgentKind.Barrier => (0.2, 2.0, 1.0),
            AgentKind.Box => (0.6, 0.6, 0.4),
            AgentKind.Branch => (1.5, 0.3, 0.2),
            AgentKind.LeafPile => (2.0, 0.8, 0.3),
            _ => (0.4, 0.55, 1.75),
        };
        return new()
        {
            X = x,
            Y = y,
            HeadingRad = headingRad,
            LengthM = length,
            WidthM = width,
            HeightM = height,
            Kind = kind,
            Behaviour = behaviour,
            Way = -1,
            Signs = UsualSigns(kind),
        };
    }

    public static ObjectSigns UsualSigns(AgentKind kind) => kind == AgentKind.Emergency ? ObjectSigns.Emergency : ObjectSigns.None;
}
