namespace Kehrwerk.Sweeper.Sensing;

/// <summary>What a bay of the depot does to a vehicle.</summary>
internal enum DepotService : byte { Tip, Wash, FillWater, Charge }

/// <summary>What a bay says before it serves.</summary>
internal enum BayState : byte { Ready, NotDocked, Occupied, OutOfOrder }

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
    /// <param name="bay">Number of the bay; 0: any.</param>
    void Serve(DepotService service, double amount, int bay = 0);

    /// <summary>What the bay says by its signal.</summary>
    BayState Bay(DepotService service, int bay) => BayState.Ready;
}
