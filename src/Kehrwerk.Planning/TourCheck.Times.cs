namespace Kehrwerk.Planning;

/// <summary>When steps may begin: after the step before, in the windows of kerbs, with the breaks that are due.</summary>
internal sealed partial class TourCheck
{
    // Of the vehicle's breaks those that are taken, and when the last kerb or stop at a depot ended, after which a break may be due.
    private int breaks;
    private double? stopEndS;

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
            BreakStep => breaks < vehicle.Breaks.Length && Is(s.StartS, vehicle.Breaks[breaks].EarliestS, TimeToleranceS),
            _ => false,
        };
        Require(gapS <= TimeToleranceS || mayWait, $"it starts {gapS:0.###} s late without waiting for a bay or a window");
        CheckNoBreakIsDue(s);
    }

    // The tour goes on after a kerb or a stop at a depot: where a break is due, that is the time for it.
    private void CheckNoBreakIsDue(TourStep next)
    {
        var goesOn = next is SweepStep or DeadheadStep && tour.Steps.Skip(step).Any(s => s is SweepStep or DepotStep);
        if (goesOn && stopEndS is { } endS && breaks < vehicle.Breaks.Length && endS >= vehicle.Breaks[breaks].EarliestS)
        {
            Note($"break {breaks + 1} is due since {vehicle.Breaks[breaks].EarliestS:0.###} s and is not taken");
            breaks++;
        }

        stopEndS = next is DepotStep ? stopEndS : null;
    }

    private bool Break(BreakStep pause)
    {
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
