using Kehrwerk.Link;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

// What the planner is asked for.
internal sealed partial class Pilot
{
    private PlanRequest Request(SensorFrame frame, in PilotTask task, double mps)
    {
        ref readonly var at = ref line.Near(alongM);
        var leg = way!.Leg(Math.Max(0, State.Leg));
        var (measuredSlope, isTurning) = (line.Direction * Math.Tan(Math.Clamp(offRad, -0.8, 0.8)) * Math.Max(0.3, 1 - (at.Curvature * asideM)), way.IsTurning(alongM));
        var request = new PlanRequest
        {
            AlongM = alongM,
            D = asideM,
            Slope = measuredSlope,
            Bend = Math.Clamp((Math.Tan(frame.SteeringRad) / model.WheelbaseM) - at.Curvature, -0.3, 0.3),
            Mps = mps,

            // From standstill it begins with a start, else planning anew from nothing it would never leave.
            Mps2 = State.IsStanding ? 0.5 : Math.Clamp(lastAcceleration, -2, 1),
            TargetM = Target(leg, situation.KeepsRight || task.Mrm == MrmStrategy.PullOver),
            MostMps = Math.Min(situation.MostMps, BendsMps(isTurning, task.Mrm != MrmStrategy.None ? limitMps : 0)),
            StopM = Math.Min(StopM(task), situation.StopM),
            StandoffM = 6,
            MayCross = isCrossing,
            HoldsLine = isTurning || line.Direction < 0,
            ClearShare = 1,
        };
        if (situation.MostMps >= limitMps && !isTurning)
        {
            // The broom's pace holds it, nothing else.
            request.HasteMps = Math.Min(HasteMps, BendsMps(isTurning, HasteMps));
        }

        Continue(ref request, frame.TimeS);
        Mrm(ref request, task, mps);
        if (task.Released != 0 && State.Blocked != BlockReason.None && MayManoeuvre(task))
        {
            manoeuvres.Release(task.Released, request, line, obstacles, planner, frame);
        }

        manoeuvres.Apply(ref request);
        if (isRecalled)
        {
            request.StopM = Math.Min(request.StopM, alongM + Math.Max(0.1, mps * mps / (2 * RecalledMps2)));
        }

        return request;
    }

    private static bool MayManoeuvre(in PilotTask task) => task is { HaltMps2: null, Mrm: MrmStrategy.None, MaySetOff: true };

    /// <summary>A released manoeuvre ends with its release, with a halt and with a minimal risk manoeuvre: what is left of it is asked for anew (SP-MAN-6 and 7).</summary>
    private void Recall(in PilotTask task)
    {
        if (manoeuvres.Active is { } active && (active.Id != task.Released || !MayManoeuvre(task)))
        {
            // A minimal risk manoeuvre that goes on to a safer place leads out of it by itself.
            manoeuvres.Forget();
            isRecalled = task.Mrm is not (MrmStrategy.PullOver or MrmStrategy.ClearJunction);
        }

        isRecalled &= !State.IsStanding;
    }

    /// <summary>Where the vehicle follows its trajectory, the next begins on it, not on the noise of the position (Werling et al., IV).</summary>
    private void Continue(ref PlanRequest request, double nowS)
    {
        var (d, slope, bend) = trajectory.Across.At(alongM);
        if (!isNew && Math.Abs(d - request.D) < 0.3 && Math.Abs(slope - request.Slope) < 0.2)
        {
            (request.D, request.Slope, request.Bend) = (d, slope, bend);
        }

        var (_, mps, mps2) = trajectory.Along.At(nowS - trajectory.StartS);
        if (!isNew && !State.IsStanding && Math.Abs(mps - request.Mps) < 0.4 && Behaviours.Drives(State.Behaviour))
        {
            (request.Mps, request.Mps2) = (mps, mps2);
        }
    }

    /// <summary>The offset that the vehicle would have by itself: its line, the measured kerb while it sweeps, or the right edge.</summary>
    private double Target(in PilotLeg leg, bool isRight)
    {
        ref readonly var at = ref line.Near(alongM);
        return isRight ? Math.Min(0, -(at.RightM - (model.WidthM / 2) - 0.35))
            : leg.Sweep == SweepSide.Right && !at.IsTurn ? Math.Clamp(-kerbM, -0.4, 0.4)
            : 0;
    }

    /// <summary>The speed that bends and limits ahead allow here.</summary>
    /// <param name="leastMps">Limits of the way below this do not count.</param>
    private double BendsMps(bool isTurning, double leastMps)
    {
        var points = line.Points;
        var (most, turned) = (double.PositiveInfinity, 0.0);
        for (var i = line.IndexAt(alongM); i < points.Length; i++)
        {
            ref readonly var p = ref points[i];
            var aheadM = Math.Max(0, line.FromM + (i * ReferenceLine.StepM) - alongM - 0.5);

            // Across, and by how fast the wheels turn (half of what a chassis does).
            var change = Math.Abs(p.Curvature - turned) / ReferenceLine.StepM;
            turned = p.Curvature;
            var bend = Math.Min(Math.Sqrt(model.LateralMps2 / Math.Max(1e-3, Math.Abs(p.Curvature))), change > 0.05 ? Math.Max(1.2, 0.45 / change) : double.PositiveInfinity);
            var here = Math.Min(Math.Max(leastMps, aheadM < 12 ? Math.Max(limitMps, p.MostMps) : p.MostMps), isTurning || way!.IsTurning(alongM + aheadM) ? Math.Min(bend, TurnMps) : bend);
            most = Math.Min(most, Math.Sqrt((here * here) + (2 * 0.9 * aheadM)));
        }

        return most;
    }

    private double StopM(in PilotTask task)
    {
        var (_, gearToM) = way!.Gear(gear);
        var stopM = Math.Min(gearToM, way.NextStopM(stoodAtM));
        return task.Stop is { } at ? Math.Min(stopM, way.StopM(at)) : stopM;
    }

    private void Mrm(ref PlanRequest request, in PilotTask task, double mps)
    {
        if (task.Mrm == MrmStrategy.None)
        {
            (mrmFromM, mrmStopM) = (double.NaN, double.NaN);
            return;
        }

        mrmFromM = double.IsNaN(mrmFromM) ? alongM : mrmFromM;
        var stopM = mrmFromM + (mps > 0.1 ? Math.Max(0.3, mps * mps / (2 * 1.5)) : 0);
        if (task.Mrm == MrmStrategy.PullOver && double.IsNaN(mrmStopM) && Math.Abs(asideM - request.TargetM) > PulledOverM && alongM < mrmFromM + 40)
        {
            (stopM, request.MostMps) = (Math.Max(alongM + (mps * mps / 2) + (2 * mps) + 4, mrmFromM + 12), Math.Min(request.MostMps, 3));
        }
        else if (task.Mrm == MrmStrategy.ClearJunction)
        {
            foreach (var crossing in way!.Crossings)
            {
                if (alongM > crossing.LineM + 0.5 - (mps * mps / (2 * 2.5)) && alongM < crossing.EndM + 1)
                {
                    (stopM, request.MostMps) = (crossing.EndM + 2, Math.Min(request.MostMps, 3));
                    mrmFromM = crossing.EndM;
                }
            }
        }
        else
        {
            // Where it stands is settled once: a place that moves on with the vehicle is never reached.
            mrmStopM = double.IsNaN(mrmStopM) ? Math.Max(stopM, alongM + (mps * mps / (2 * 2.0))) : mrmStopM;
            stopM = mrmStopM;
        }

        request.StopM = Math.Min(request.StopM, stopM);
    }
}
