using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// Who has the vehicle in hand (VDA 5050 3.0.0, 6.6.6), and whether it hibernates or was shut down. A mode in which the order is cleared
/// is reported only when the vehicle stands and the order is cleared, in one state (6.6.7). Not thread-safe.
/// </summary>
internal sealed class ControlDesk(Vehicle vehicle, News news)
{
    private OperatingMode wanted = OperatingMode.Automatic;
    private ActionEntry? hibernation;
    private DateTimeOffset? wakesAt;

    public OperatingMode Mode { get; private set; } = OperatingMode.Automatic;

    /// <summary>The speed that a person at the vehicle allows in <see cref="OperatingMode.Semiautomatic"/>, m/s; else no limit.</summary>
    public double HandSpeedMps { get; private set; } = double.PositiveInfinity;

    /// <summary>The vehicle's own program drives.</summary>
    public bool IsAutomatic => Mode is OperatingMode.Automatic or OperatingMode.Semiautomatic && Drives(wanted);

    /// <summary>It must come to a stop, for another mode or to sleep.</summary>
    public bool HasToStand => !Drives(wanted) || !Drives(Mode) || hibernation is not null || IsHibernating || IsShutDown || HandSpeedMps <= 0;

    /// <summary>It hibernates as soon as it stands.</summary>
    public bool IsFallingAsleep => hibernation is not null;

    /// <summary>The vehicle sends no states and hears only <c>stopHibernation</c>.</summary>
    public bool IsHibernating { get; private set; }

    /// <summary>The vehicle leaves the broker; only a person starts it again.</summary>
    public bool IsShutDown { get; private set; }

    /// <summary>Why no order is taken; null if orders are.</summary>
    public string? Unavailable =>
        TakesOrders(wanted) && TakesOrders(Mode) ? hibernation is null ? null : "The vehicle is about to hibernate" : $"The operating mode is {(TakesOrders(Mode) ? wanted : Mode)}";

    /// <summary>A person at the vehicle chooses the mode.</summary>
    /// <param name="mode">The mode that is to be.</param>
    /// <param name="handSpeedMps">For <see cref="OperatingMode.Semiautomatic"/>: the speed that the person allows, m/s.</param>
    public void Switch(OperatingMode mode, double handSpeedMps)
    {
        wanted = mode;
        HandSpeedMps = mode == OperatingMode.Semiautomatic ? Math.Max(0, handSpeedMps) : double.PositiveInfinity;
        if (!Clears(mode))
        {
            Mode = mode;
        }

        vehicle.SetLimits();
        news.Note();
    }

    /// <summary>Begins to hibernate, once the vehicle stands.</summary>
    public void Hibernate(ActionEntry entry, DateTimeOffset? until)
    {
        (hibernation, wakesAt) = (entry, until);
        entry.Status = ActionStatus.Running;
    }

    /// <summary>Ends the hibernation; the action is known from then on. One that is known already is old, and wakes nothing.</summary>
    public void Wake(RobotAction action)
    {
        if (IsHibernating && !vehicle.Desk.Knows(action.ActionId))
        {
            IsHibernating = false;
            vehicle.Desk.Take(action, null, mayCharge: false, Mode);
        }
    }

    /// <summary>Ends the program in good order; false where the vehicle is not idle.</summary>
    public bool ShutDown() => IsShutDown = vehicle.IsIdle && vehicle.Drive.IsStanding;

    public void Step(DateTimeOffset now)
    {
        if (!vehicle.Drive.IsStanding)
        {
            return;
        }

        if (wanted != Mode && Clears(wanted))
        {
            vehicle.ClearOrder();
            Mode = wanted;
            if (Mode != OperatingMode.Manual)
            {
                vehicle.SetLastNode("");
            }

            news.Note();
        }

        if (hibernation is not null)
        {
            vehicle.ClearOrder();
            hibernation.End(ActionStatus.Finished);
            (hibernation, IsHibernating) = (null, true);
            news.Note();
        }
        else if (IsHibernating && (now >= wakesAt || vehicle.Levels.IsBatteryEmpty))
        {
            (IsHibernating, wakesAt) = (false, null);
            news.Note();
        }
    }

    private static bool Drives(OperatingMode mode) => mode is OperatingMode.Automatic or OperatingMode.Semiautomatic;

    private static bool TakesOrders(OperatingMode mode) => Drives(mode) || mode == OperatingMode.Intervened;

    /// <summary>Table 10: the order is cleared on entering.</summary>
    private static bool Clears(OperatingMode mode) => !TakesOrders(mode);
}
