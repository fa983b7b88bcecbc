namespace Kehrwerk.Sweeper.Sensing;

/// <summary>What the vehicle's program wants of its hardware in the next tick.</summary>
/// <param name="AccelerationMps2">Along the direction of travel; braking is negative and ends at standstill. The hardware limits rate and amount.</param>
/// <param name="SteeringRad">Angle of the front wheels, left positive.</param>
/// <param name="IsReverse">Gear; taken up at standstill only.</param>
internal readonly record struct Actuation(double AccelerationMps2, double SteeringRad, bool IsReverse)
{
    public bool BroomRight { get; init; }
    public bool BroomLeft { get; init; }

    /// <summary>Power of the suction fan, 0–1.</summary>
    public double SuctionShare { get; init; }

    public bool Water { get; init; }

    /// <summary>Holds the vehicle at standstill.</summary>
    public bool ParkingBrake { get; init; }

    /// <summary>What the vehicle says to those around it, one bit per <see cref="Kehrwerk.Link.Messages.Announcement"/>.</summary>
    public uint Announced { get; init; }
}
