using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper;

/// <summary>What reaches the program otherwise than over the link: its sensors, a person at the vehicle, and who stores its logs.</summary>
public sealed partial class SweeperProgram
{
    /// <summary>What the vehicle's sensors find on its line; null if the way is free.</summary>
    public Obstacle? Obstacle
    {
        get => vehicle.Pass.Found;
        set => vehicle.Pass.Found = value;
    }

    /// <summary>The program is to end: the vehicle has left the broker in good order.</summary>
    public bool IsShutDown => vehicle.Control.IsShutDown;

    /// <summary>A person at the vehicle chooses the operating mode (VDA 5050 3.0.0, 6.6.6); it is reported once the vehicle may.</summary>
    /// <param name="mode">The mode that is to be.</param>
    /// <param name="handSpeedMps">For <see cref="OperatingMode.Semiautomatic"/>: the speed that the person allows, m/s.</param>
    public void SwitchMode(OperatingMode mode, double handSpeedMps = 0)
    {
        vehicle.Journal.Add(errors.Now, $"mode {mode}");
        vehicle.Control.Switch(mode, handSpeedMps);
        ClearIfAvailable();
    }

    /// <summary>A person at the vehicle has moved it; only where the Centre is not in control.</summary>
    /// <exception cref="InvalidOperationException">The vehicle drives by itself now.</exception>
    /// <exception cref="ArgumentException">The map has no such street.</exception>
    public void MoveByHand(string arc, double offsetM)
    {
        if (vehicle.Control.IsAutomatic || !vehicle.IsIdle)
        {
            throw new InvalidOperationException("A vehicle that drives by itself is not moved by hand.");
        }

        vehicle.MoveByHand(vehicle.Map.FindArc(arc) ?? throw new ArgumentException($"The map has no street '{arc}'.", nameof(arc)), offsetM);
    }

    /// <summary>A log that the Centre asked for, to be stored by whoever can; null if none. The answer goes to <see cref="LogStored"/>.</summary>
    public LogFile? TakeLog() => vehicle.Journal.Take(errors.Now);

    /// <param name="name">As it was taken.</param>
    /// <param name="isStored">False where it could not be stored.</param>
    public void LogStored(string name, bool isStored) => vehicle.Journal.Stored(name, isStored);

    private void ClearIfAvailable()
    {
        if (vehicle.Standing.Unavailable is null && guard is not { IsHolding: true })
        {
            errors.Clear(ErrorLife.Available);
        }
    }
}
