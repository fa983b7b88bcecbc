using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// One object as it is followed over time, in the city's frame. Both axes have the same noise, so one covariance of place and speed serves both.
/// </summary>
internal struct Track
{
    /// <summary>Counts up from 1.</summary>
    public int Id;

    public double X, Y, Vx, Vy;

    /// <summary>Covariance of place, of place with speed, and of speed, per axis.</summary>
    public double Pp, Pv, Vv;

    public double HeadingRad, LengthM, WidthM;
    public ObjectClass Class;
    public ObjectSigns Signs;

    /// <summary>How sure the class is: readings for it less those against it.</summary>
    public int ClassVotes;

    /// <summary>Readings taken, and updates in turn without one.</summary>
    public int Hits, Misses;

    /// <summary>When it was first seen, and since when it stands (NaN while it moves), s.</summary>
    public double BornS, StandsSinceS;

    /// <summary>Seen often enough to be believed.</summary>
    public bool IsSure;

    public readonly double SpeedMps => Math.Sqrt((Vx * Vx) + (Vy * Vy));

    public readonly bool IsStanding => !double.IsNaN(StandsSinceS);

    public readonly bool IsVehicle => Class is ObjectClass.Car or ObjectClass.Truck or ObjectClass.Bus or ObjectClass.Tram or ObjectClass.Motorcycle;

    public readonly bool IsPerson => Class is ObjectClass.Pedestrian or ObjectClass.Child or ObjectClass.Animal;

    public readonly bool Has(ObjectSigns sign) => (Signs & sign) != 0;
}
