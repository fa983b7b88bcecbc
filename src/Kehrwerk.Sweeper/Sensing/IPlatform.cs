namespace Kehrwerk.Sweeper.Sensing;

/// <summary>What a bay of the depot does to a vehicle.</summary>
internal enum DepotService : byte { Tip, FillWater, Charge }

/// <summary>
/// The vehicle's hardware: sensors, actuators, and the tick of its control loop. A vehicle maker puts the real one here; ours is the
/// virtual world. All that the driving program ever knows of its surroundings comes through it.
/// </summary>
internal interface IPlatform
{
    /// <summary>Length of a tick, seconds.</summary>
    public const double TickS = 0.05;

    /// <summary>Carries out <paramref name="actuation"/> for one tick, then fills <paramref name="frame"/> with what the sensors say.</summary>
    void Tick(in Actuation actuation, SensorFrame frame);

    /// <summary>The bay of the depot in which the vehicle stands has served it; what became of it, the sensors say.</summary>
    /// <param name="amount">Wh charged, or litres filled; nothing for the others.</param>
    void Serve(DepotService service, double amount);
}
