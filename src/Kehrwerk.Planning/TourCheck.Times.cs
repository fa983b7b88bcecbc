namespace Kehrwerk.Planning;

/// <summary>When steps may begin: after the step before, in the windows of kerbs, with the breaks that are due.</summary>
internal sealed partial class TourCheck
{
    // Of the vehicle's breaks those that are taken and those that there was time for at home, and when the last kerb or stop at a depot ended, after which a break may be due.
    private int breaks;
    private int rested;
    private double? stopEndS;

    private int Due => Math.Max(breaks, rested);

    private void CheckStart(TourStep s)
    {
        var gapS = s.StartS - nowS;
        Require(gapS >= -TimeToleranceS, $"it starts at {s.StartS:0.###} s, before the step before it ends at {nowS:0.###} s");
        var mayWait = s switch
        {
            DepotStep => true,

            // Who was home already can be sent out again.
            DeadheadStep => step > 0 && tour.Steps[step - 1] is DepotStep,
            SweepStep sweep => taskOfKerb.TryGetValue(sweep.Kerb, out var task) && task.HasHardWindows && task.Windows.Any(window => Is(s.StartS, window.FromS, TimeToleranceS)),
            BreakStep => vehicle.Breaks.Skip(breaks).Any(one => Is(s.StartS, one.EarliestS, TimeToleranceS)),
            _ => false,
        };
        Require(gapS <= TimeToleranceS || mayWait, $"it starts {gapS:0.###} s late without waiting for a bay or a window");
        if (s is DeadheadStep && mayWait)
        {
            RestAtHome(nowS, s.StartS);
        }

        CheckNoBreakIsDue(s);
    }

    // Who stands at home with nothing to do may have its breaks there.
    private void RestAtHome(double fromS, double untilS)
    {
        while (Due < vehicle.Breaks.Length && Math.Max(fromS, vehicle.Breaks[Due].EarliestS) + vehicle.Breaks[Due].DurationS <= untilS + TimeToleranceS)
        {
            rested = Due + 1;
        }
    }

    // The tour goes on after a kerb or a stop at a depot: where a break is due, that is the time for it.
    private void CheckNoBreakIsDue(TourStep next)
    {
        var goesOn = next is SweepStep or DeadheadStep && tour.Steps.Skip(step).Any(s => s is SweepStep or DepotStep);
        if (goesOn && stopEndS is { } endS && Due < vehicle.Breaks.Length && endS >= vehicle.Breaks[Due].EarliestS)
        {
            Note($"break {Due + 1} is due since {vehicle.Breaks[Due].EarliestS:0.###} s and is not taken");
            breaks = Due + 1;
        }

        stopEndS = next is DepotStep ? stopEndS : null;
    }

    private bool Break(BreakStep pause)
    {
        while (breaks < rested && !Is(pause.DurationS, vehicle.Breaks[breaks].DurationS, TimeToleranceS))
        {
            breaks++;
        }

        if (breaks == vehicle.Breaks.Length)
        {
            Note($"the vehicle has no {(vehicle.Breaks.IsEmpty ? "break" : "further break")}");
            return false;
        }

        var (earliestS, latestS, durationS) = vehicle.Breaks[breaks++];
        Require(
            pause.StartS >= earliestS - TimeToleranceS && pause.StartS <= latestS + TimeToleranceS,
            $"break {breaks} begins at {pause.StartS:0.###} s, and has to begin from {earliestS:0.###} to {latestS:0.###} s");
        RequireDuration(pause, durationS);
        return true;
    }

    private void CheckWindows(SweepStep sweep, SweepTask task) => Require(
        !task.HasHardWindows || task.Windows.Any(window => sweep.StartS >= window.FromS - TimeToleranceS && sweep.EndS <= window.UntilS + TimeToleranceS),
        $"it is swept from {sweep.StartS:0.###} to {sweep.EndS:0.###} s, which lies in none of its windows");
}
