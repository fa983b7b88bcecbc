using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// The driving program: called once per tick with what the sensors say, it gives what the hardware is to do. It knows the map and nothing else of the world.
/// A tick is: where am I, who is around, what does the traffic ask, which state, which trajectory (every second tick), which steering and acceleration.
/// Does not allocate but when the way is given or a manoeuvre is proposed. Not thread-safe.
/// </summary>
internal sealed partial class Pilot
{
    // A trajectory is planned at every so many ticks.
    private const int PlanEvery = 2;

    // It says so long that it is about to set off, s.
    private const double AnnounceS = 2;

    // So long it stands before something before that counts as blocked, s; a person who halts it has longer.
    private const double BlockedAfterS = 3, GestureBlockedAfterS = 12;

    // Held so long from setting off by what is too near, it asks, s; it tries again when that has gone by as much, m, or after so long, s.
    private const double HeldAfterS = 12, GoneM = 0.2, TriesAgainS = 60;

    // Where it has refused what was released, it proposes again after so long, s.
    private const double ProposesAgainS = 10;

    // Before it moves from standstill it says so for so long, s (SP-OUT-1).
    private const double SaysSoS = 1;

    private const double StandingMps = 0.03, JerkMps3 = 2.5;

    // Braking where a manoeuvre's release ends while it is driven, m/s².
    private const double RecalledMps2 = 1.5;

    // As near to its place at the right edge it stops: the rest is made good meanwhile, m.
    private const double PulledOverM = 1;

    // Turning round in three moves, m/s.
    private const double TurnMps = 0.8;

    // The fastest with which the broom still sweeps, m/s: so it clears the way of who crosses.
    private const double HasteMps = 2.8;

    // Nearer than this to somebody beside its front half who stands, or goes, it does not set off, m.
    private const double StandsNearM = 0.5, GoesNearM = 0.9;

    // So long it stands at a stop at least: by then the mission knows it, and can take back the leave to set off, s.
    private const double ToldS = 0.12;

    // The line begins so far behind the vehicle, so that it is on it, m.
    private const double BackM = 8;

    // Without a position as sure as this it crawls, and does not set off, m.
    private const double DoubtfulStdM = 0.6, LostStdM = 2;

    private readonly SweeperModel model;
    private readonly StreetNetwork network;
    private readonly Tracking tracking = new();
    private readonly ReferenceLine line = new();
    private readonly Obstacles obstacles;
    private readonly TrafficRules rules;
    private readonly TrajectoryPlanner planner;
    private readonly SweepWork work;
    private readonly Docking docking;
    private readonly Manoeuvres manoeuvres;
    private Way? way, pending;
    private int tick, gear;
    private double saidS, alongM, asideM, offRad, kerbM, stoodAtM, hinderedSinceS, announcedS, mrmFromM, mrmStopM, lastAcceleration, stoodS, crossesToM, limitMps;
    private double heldS, heldGapM, heldAtS;
    private bool isNew, isCrossing, isDocking, isRecalled, waitsForSomebody;
    private Trajectory trajectory;
    private Situation situation;
    private PlanRequest ask;

    public Pilot(SweeperModel model, StreetNetwork network, LocalisationNoise? noise = null)
    {
        (this.model, this.network) = (model, network);
        (Where, obstacles, rules, planner) = (new(noise ?? new()), new(model), new(model), new(model));
        (work, docking, manoeuvres) = (new(model), new(model), new(model));
        hinderedSinceS = double.NaN;
    }

    public PilotState State { get; } = new();

    public Localisation Where { get; }

    /// <inheritdoc cref="Obstacles.Predicts"/>
    public bool Predicts
    {
        get => obstacles.Predicts;
        set => obstacles.Predicts = value;
    }

    public ReadOnlySpan<Track> Tracks => tracking.Tracks;

    /// <summary>What is being driven; for drawings and tests.</summary>
    public ref readonly Trajectory Trajectory => ref trajectory;

    public ReferenceLine Line => line;

    public Obstacles Obstacles => obstacles;

    /// <summary>It uses the others' half of the street.</summary>
    public bool IsCrossing => isCrossing;

    /// <summary>Stretches missed since the way was given.</summary>
    public IReadOnlyList<MissedStretch> Missed => work.Missed;

    /// <summary>Gives the way. It may drive meanwhile; the first leg is then the one on which it is. Without legs it gives up its way and stands.</summary>
    public void Follow(IReadOnlyList<PilotLeg> legs)
    {
        if (legs.Count == 0)
        {
            (way, pending) = (null, null);
            return;
        }

        var next = new Way(network, model, BackFrom(legs));
        if (way is not null && Where.IsKnown && way.Path.At(alongM).IsTurn && !State.IsStanding)
        {
            // Out of the bend first: the new line need not know it.
            pending = next;
            return;
        }

        TakeUp(next);
    }

    /// <summary>The way that was given last is not taken up yet: it drives the one before until it is out of a bend.</summary>
    public bool IsChangingWay => pending is not null;

    /// <summary>It is about there on the way that it drives, and not on another round over the same streets.</summary>
    public bool IsNear(int leg, double atM)
    {
        const double sameM = 15, besideM = 6;
        return way is not null && Where.IsKnown && Math.Abs(way.AlongOf(leg, atM) - alongM) < sameM && Math.Abs(asideM) < besideM;
    }

    /// <summary>
    /// Gives the present way with other limits, or with another end: what the vehicle is about stays as it is (a manoeuvre under way, what it has missed, what it
    /// stands before). False: the way is another from where the vehicle is on, and nothing was changed.
    /// </summary>
    /// <param name="legs">The whole way from where the present one began.</param>
    public bool Extend(IReadOnlyList<PilotLeg> legs)
    {
        // A stop that was asked for when it was already behind is none.
        const double behindM = 0.5;
        var extended = new Way(network, model, BackFrom(legs));
        if (way is null || !extended.IsSameTo(way, alongM))
        {
            return false;
        }

        (way, pending, stoodAtM) = (extended, null, Math.Max(stoodAtM, alongM - behindM));
        if (!isDocking)
        {
            docking.Begin();
        }

        return true;
    }

    public Actuation Step(SensorFrame frame, in PilotTask task)
    {
        Where.Step(frame);
        if (!Where.IsKnown)
        {
            return Stand(0);
        }

        tracking.Step(frame, Where);
        var mps = Math.Abs(Where.SpeedMps);
        State.IsStanding = mps < StandingMps && (double.IsNaN(frame.WheelMps) || Math.Abs(frame.WheelMps) < StandingMps);
        if (way is null)
        {
            State.Behaviour = Behaviours.Next(State.Behaviour, State.IsStanding ? Facts.IsStanding : Facts.None);
            Report(frame, task);
            return Stand(model.BrakingMps2);
        }

        Recall(task);
        Locate(frame, mps);
        var own = obstacles.Body(Where.PositionX, Where.PositionY, Math.Cos(Where.HeadingRad), Math.Sin(Where.HeadingRad));
        obstacles.Fill(tracking.Tracks, line, alongM, own);
        Judge(frame, task, mps);
        if (tick++ % PlanEvery == 0 || isNew || trajectory.IsFallback)
        {
            ask = Request(frame, task, mps);
            trajectory = planner.Plan(ask, line, obstacles, frame.TimeS);
            isNew = false;
        }

        Hindrance(frame, task);
        var before = State.Behaviour;
        State.Behaviour = Behaviours.Next(before, FactsNow(task, frame.TimeS));
        announcedS = State.Behaviour != Behaviour.Announce || before != Behaviour.Announce ? frame.TimeS : announcedS;
        Sweep(frame, task);
        Report(frame, task);
        return Act(frame, task, mps);
    }

    private static IReadOnlyList<PilotLeg> BackFrom(IReadOnlyList<PilotLeg> legs)
    {
        var first = legs[0];
        return [first with { FromM = Math.Max(0, first.FromM - BackM) }, .. legs.Skip(1)];
    }

    private void TakeUp(Way next)
    {
        (way, pending, gear, isNew, isDocking, isCrossing, kerbM) = (next, null, 0, true, false, false, 0);
        (stoodAtM, mrmFromM, mrmStopM) = (double.NegativeInfinity, double.NaN, double.NaN);
        var (_, toM) = way.Gear(0);
        alongM = Where.IsKnown ? way.Path.Project(new(Where.PositionX, Where.PositionY), 0, 1, Math.Min(30, toM - 1e-3)).AlongM : 0;
        var place = way.Path.At(alongM);
        (State.Leg, State.LegM) = (place.Leg, place.LegM);
        planner.Forget();
        manoeuvres.Forget();
        docking.Begin();
        work.Begin();
        hinderedSinceS = double.NaN;
        heldS = 0;
    }

    /// <summary>Finds the vehicle on its way, changes gear where that is due, and corrects the position by the kerb.</summary>
    private void Locate(SensorFrame frame, double mps)
    {
        if (pending is not null && !way!.Path.At(alongM).IsTurn)
        {
            TakeUp(pending);
        }

        var (fromM, toM) = way!.Gear(gear);
        if (toM - alongM < 0.25 && State.IsStanding && gear + 1 < way.GearCount)
        {
            (fromM, toM) = way.Gear(++gear);
            (alongM, isNew) = (fromM, true);
            planner.Forget();
        }

        var place = new MapPoint(Where.PositionX, Where.PositionY);
        (alongM, asideM) = way.Path.Project(place, alongM, Math.Min(3, alongM - fromM), Math.Min(8, toM - alongM - 1e-3));
        line.Fill(way.Path, alongM, fromM, toM, way.MostMps);
        var (x, y, heading, _) = line.Pose(alongM, 0, 0, 0);
        offRad = Math.IEEERemainder(Where.HeadingRad - heading, 2 * Math.PI);
        asideM = ((place.Y - y) * Math.Cos(heading)) - ((place.X - x) * Math.Sin(heading));

        ref readonly var at = ref line.Near(alongM);
        if (at.IsTurn || Math.Abs(offRad) > 0.3 || Math.Abs(at.Curvature) > 0.05 || line.Direction < 0)
        {
            return;
        }

        if (!double.IsNaN(frame.KerbRightM) && mps > 0.1)
        {
            // What the filter does not take up of it is the kerb's own: the map may be off.
            var innovation = frame.KerbRightM - (at.RightM + asideM);
            Where.Across(innovation, -at.Sin, at.Cos);
            kerbM += Math.Abs(innovation) < 1 ? 0.05 * (innovation - kerbM) : 0;
        }

        if (!double.IsNaN(frame.KerbLeftM) && mps > 0.1)
        {
            Where.Across(at.LeftM - asideM - frame.KerbLeftM, -at.Sin, at.Cos);
        }
    }

    private void Judge(SensorFrame frame, in PilotTask task, double mps)
    {
        ref readonly var at = ref line.Near(alongM);
        // Beside its line with the broom up, it need not go at the broom's pace.
        var leg = way!.Leg(Math.Max(0, State.Leg));
        limitMps = leg.Sweep is null || work.IsSweeping ? at.MostMps
            : task.Mrm != MrmStrategy.None ? HasteMps
            : State.Behaviour == Behaviour.Pass ? Math.Min(leg.MostMps, TrafficRules.ParkedMps)
            : at.MostMps;
        situation = rules.Judge(tracking.Tracks, obstacles, line, way.Crossings, frame, alongM, asideM, mps, limitMps);
        if (manoeuvres.Active?.Kind == ManoeuvreKind.PassGesture && situation.IsHaltedByHand)
        {
            (situation.StopM, situation.Reason, situation.IsHaltedByHand) = (double.PositiveInfinity, YieldReason.None, false);
        }

        if (Where.PositionStdM > DoubtfulStdM)
        {
            situation.MostMps = Math.Min(situation.MostMps, 1.5);
        }

        // The half of the others: begun, it is finished; else only with reason, and when free.
        var edgeM = at.OwnLeftM - (model.WidthM / 2);
        isCrossing &= asideM > edgeM - 0.2 || trajectory.Across.ToM > edgeM - 0.2;
        stoodS = State.IsStanding ? stoodS + IPlatform.TickS : 0;
        if (isCrossing && asideM < edgeM + 0.3 && !TrafficRules.IsFree(crossesToM, obstacles, frame, alongM, mps, 3, 0))
        {
            // Somebody comes, and it is not over yet: back behind.
            isCrossing = false;
        }

        if (!isCrossing && trajectory.Blocker == -1 && stoodS > 1 && !way.HasSolidLine(Math.Max(0, State.Leg)))
        {
            // Stood too far out to get back within its half.
            crossesToM = alongM + 15;
            isCrossing = TrafficRules.IsFree(crossesToM, obstacles, frame, alongM, mps, 3, 0);
        }

        if (!isCrossing && trajectory.Blocker >= 0 && trajectory.Blocker < obstacles.All.Length && !way.HasSolidLine(Math.Max(0, State.Leg)))
        {
            ref readonly var o = ref obstacles.All[trajectory.Blocker];
            var why = YieldReason.None;
            isCrossing = !o.IsMoving && TrafficRules.MayPass(o, tracking.Tracks[o.Track], line, obstacles, frame, alongM, mps, stoodS, out why);
            crossesToM = o.AlongM + o.HalfAlongM + 8;
            if (why != YieldReason.None && trajectory.Stops && situation.Reason == YieldReason.None)
            {
                (situation.Reason, situation.YieldsTo) = (why, o.Track);
            }
        }
    }

    private Actuation Act(SensorFrame frame, in PilotTask task, double mps)
    {
        var leg = way!.Leg(State.Leg);
        if (leg.DocksAtEnd && State.Leg == way.Path.Legs.Count - 1 && way.Path.LengthM - alongM < Docking.BeginsM + 8)
        {
            docking.Look(frame, Where.SpeedMps, Where.YawRateRadS);
        }

        var isReverse = line.Direction < 0;
        var steering = Controller.SteeringRad(model, line, trajectory.Across, alongM, asideM, offRad, mps);
        var drives = Behaviours.Drives(State.Behaviour) || !State.IsStanding;
        waitsForSomebody = false;
        Actuation wish;
        if (task.HaltMps2 is { } halt)
        {
            wish = new(-halt, steering, isReverse) { ParkingBrake = mps < 0.1 };
        }
        else if (!drives)
        {
            wish = Stand(model.BrakingMps2) with { SteeringRad = steering, IsReverse = isReverse };
        }
        else if (isDocking && State.Behaviour is Behaviour.Dock)
        {
            wish = docking.Drive(Where.SpeedMps, IsSomebodyNear(1.2, 1.2));
        }
        else
        {
            var wanted = Controller.AccelerationMps2(trajectory.Along, frame.TimeS - trajectory.StartS, mps);
            waitsForSomebody = State.IsStanding && wanted > 0 && IsSomebodyNear(StandsNearM, GoesNearM);
            if (waitsForSomebody || (State.IsStanding && ((trajectory.Stops && ask.StopM - alongM < 0.35) || Math.Abs(steering - frame.SteeringRad) > 0.12)))
            {
                // The wheels are turned before it rolls, and nobody is where it may roll.
                wanted = -1;
            }

            wanted = RollsInto(frame, mps) ? -model.EmergencyBrakingMps2 : wanted;

            lastAcceleration = Controller.Smooth(Math.Clamp(wanted, -model.EmergencyBrakingMps2, model.AccelerationMps2), lastAcceleration, JerkMps3, IPlatform.TickS);
            wish = new(lastAcceleration, steering, isReverse);
        }

        saidS = !State.IsStanding || wish.AccelerationMps2 > 0 || State.Behaviour == Behaviour.Announce ? saidS + IPlatform.TickS : 0;
        if (State.IsStanding && wish.AccelerationMps2 > 0 && saidS < SaysSoS && task.Mrm == MrmStrategy.None)
        {
            // Also where it only waited for somebody.
            wish = wish with { AccelerationMps2 = -1 };
            State.Announced |= 1u << (int)Announcement.SettingOff;
        }

        lastAcceleration = wish.AccelerationMps2;
        if (State.IsStanding && lastAcceleration < 0)
        {
            (lastAcceleration, wish) = (0, wish with { ParkingBrake = true });
        }

        return work.Set(wish, frame, leg.Sweep, mps) with { Announced = State.Announced };
    }

    /// <summary>
    /// As the wheels stand now, the vehicle would touch something before it stood, whatever its trajectory says: where it cannot follow that (corners that the
    /// map draws tighter than it steers) it has to stand.
    /// </summary>
    private bool RollsInto(SensorFrame frame, double mps)
    {
        var wayM = line.Direction * ((0.3 * mps) + (mps * mps / 6) + 0.25);
        var curvature = Math.Tan(double.IsNaN(frame.SteeringRad) ? 0 : frame.SteeringRad) / model.WheelbaseM;
        for (var k = 1; k <= 3; k++)
        {
            var s = wayM * k / 3;
            var (middle, heading) = (Where.HeadingRad + (curvature * s / 2), Where.HeadingRad + (curvature * s));
            var body = obstacles.Body(Where.PositionX + (s * Math.Cos(middle)), Where.PositionY + (s * Math.Sin(middle)), Math.Cos(heading), Math.Sin(heading));
            foreach (var i in obstacles.Standing)
            {
                ref readonly var o = ref obstacles.All[i];
                var gapM = Box.GapM(body, o.Now);
                if (gapM < 0.12 && gapM < o.GapM - 0.02)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>A person or an animal ahead of the rear axle is this near to the body.</summary>
    private bool IsSomebodyNear(double standingM, double goingM)
    {
        foreach (ref readonly var o in obstacles.All)
        {
            if (tracking.Tracks[o.Track].IsPerson && o.AlongM > alongM && o.GapM < (o.IsMoving ? goingM : standingM))
            {
                return true;
            }
        }

        return false;
    }

    private static Actuation Stand(double brakingMps2) => new(-brakingMps2, 0, false) { ParkingBrake = true };
}
