using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Driving;

/// <summary>
/// Moves the vehicle along its legs in fixed steps: it speeds up at the model's rate, keeps every limit, and brakes comfortably
/// for limits, bends and the end of the last leg, where it stands. Not thread-safe.
/// </summary>
internal sealed class Drive
{
    // Nearer than this the end of a leg counts as reached: below what any map or sensor resolves.
    private const double ReachedM = 1e-6;
    private const double RoundingMps = 1e-9;

    private readonly SweeperModel model;
    private readonly StreetNetwork network;
    private readonly List<Leg> legs = [];
    private int current;
    private Leg standing;
    private StopPoint? stop;

    public Drive(SweeperModel model, StreetNetwork network, int arc, double offsetM)
    {
        this.model = model;
        this.network = network;
        standing = new(network, model, arc, null, model.TransitSpeedMps, stopsAtEnd: true);
        OffsetM = Math.Min(offsetM, standing.LengthM);
    }

    public double SpeedMps { get; private set; }

    public bool IsStanding => SpeedMps == 0;

    /// <summary>The leg being driven; null when all are done.</summary>
    public Leg? Leg => current < legs.Count ? legs[current] : null;

    /// <summary>The arc on which the vehicle is.</summary>
    public int Arc => On.Arc;

    /// <summary>Metres from the start of that arc.</summary>
    public double OffsetM { get; private set; }

    public double ArcLengthM => On.LengthM;

    /// <summary>How far beside its line the vehicle is, metres to the left; not 0 only while it passes something.</summary>
    public double AsideM { get; set; }

    /// <summary>Where it truly is and which way it points, if that is measured; null: on its line.</summary>
    public (MapPoint At, double HeadingRad)? Measured { get; private set; }

    /// <summary>On its line of the map.</summary>
    public MapPoint Position
    {
        get
        {
            var onLine = On.PointAt(OffsetM);
            return AsideM == 0 ? onLine : new(onLine.X - (AsideM * Math.Sin(HeadingRad)), onLine.Y + (AsideM * Math.Cos(HeadingRad)));
        }
    }

    public double HeadingRad => On.HeadingRad(OffsetM);

    /// <summary>Metres to the end of the last leg.</summary>
    public double RemainingM
    {
        get
        {
            var restM = -OffsetM;
            for (var i = current; i < legs.Count; i++)
            {
                restM += legs[i].LengthM;
            }

            return current < legs.Count ? restM : 0;
        }
    }

    private Leg On => Leg ?? standing;

    public Leg NewLeg(int arc, uint? sequenceId, double limitMps, bool stopsAtEnd, bool docksAtEnd = false) =>
        new(network, model, arc, sequenceId, Math.Min(limitMps, Math.Min(model.TransitSpeedMps, network.ArcSpeedMps[arc])), stopsAtEnd) { DocksAtEnd = docksAtEnd };

    /// <summary>Takes up new legs. The vehicle keeps its speed, so the first must be where it drives.</summary>
    /// <param name="route">In driving order, each beginning where the one before ends.</param>
    /// <param name="offsetM">Where on the first leg the vehicle is.</param>
    public void Follow(IReadOnlyList<Leg> route, double offsetM)
    {
        if (route.Count == 0)
        {
            GiveUp();
            return;
        }

        legs.Clear();
        legs.AddRange(route);
        current = 0;
        OffsetM = Math.Min(offsetM, legs[0].LengthM);
        Plan();
    }

    /// <summary>Legs still to be driven, the present one first.</summary>
    public IEnumerable<Leg> Ahead => legs.Skip(current);

    /// <summary>The last leg that is still to be driven; null when all are done.</summary>
    public Leg? Last => Leg is null ? null : legs[^1];

    /// <summary>Where the vehicle must stand before its legs end; null if nowhere.</summary>
    public void StopAt(StopPoint? at)
    {
        if (at?.Leg != stop?.Leg || at?.AtM != stop?.AtM)
        {
            stop = at;
            Plan();
        }
    }

    /// <summary>Where the vehicle must stand before its legs end.</summary>
    public StopPoint? Stop => stop;

    /// <summary>The vehicle is at the place at which it must stand.</summary>
    public bool IsAtStop => stop is { } at && at.Leg == Leg && OffsetM >= at.AtM - ReachedM;

    /// <summary>The one of two places that comes first on the way ahead.</summary>
    public StopPoint? Nearer(StopPoint? one, StopPoint? other) =>
        one is not { } a ? other : other is not { } b ? one : OrderOf(a).CompareTo(OrderOf(b)) <= 0 ? one : other;

    private (int Leg, double AtM) OrderOf(StopPoint at) => (legs.IndexOf(at.Leg), at.AtM);

    /// <summary>Puts the standing vehicle elsewhere: somebody else moved it.</summary>
    public void Put(int arc, double offsetM)
    {
        GiveUp();
        AsideM = 0;
        standing = new(network, model, arc, null, model.TransitSpeedMps, stopsAtEnd: true);
        OffsetM = Math.Min(offsetM, standing.LengthM);
    }

    /// <summary>Forgets all legs; to be called when the vehicle stands.</summary>
    public void GiveUp()
    {
        standing = On;
        legs.Clear();
        current = 0;
        SpeedMps = 0;
    }

    /// <summary>Computes the speeds anew, after a limit changed.</summary>
    public void Plan()
    {
        var endMps = 0.0;
        for (var i = legs.Count - 1; i >= current; i--)
        {
            legs[i].TurnMps = i + 1 < legs.Count ? legs[i].TurnInto(model, legs[i + 1]) : double.PositiveInfinity;
            legs[i].PlanBackwards(endMps, model.BrakingMps2, stop is { } at && at.Leg == legs[i] ? at.AtM : null);
            endMps = legs[i].PeakMps[0];
        }
    }

    /// <summary>Decides the speed for the next step; returns how far the vehicle rolls in it, metres.</summary>
    /// <param name="stepS">Length of the step, seconds.</param>
    /// <param name="brakeMps2">Braking to a stop at this rate; null to drive on.</param>
    public double Step(double stepS, double? brakeMps2)
    {
        if (Leg is null)
        {
            SpeedMps = 0;
            return 0;
        }

        var before = SpeedMps;
        if (brakeMps2 is { } brake)
        {
            SpeedMps = Math.Max(0, before - (brake * stepS));
            return SpeedMps > 0 ? (before + SpeedMps) / 2 * stepS : before * before / (2 * brake);
        }

        if (IsAtStop)
        {
            return Step(stepS, model.DeactivationBrakingMps2);
        }

        // What came up at short notice is braked for as hard as the vehicle can.
        var hardestMps = before - (Math.Max(model.DeactivationBrakingMps2, model.BrakingMps2) * stepS);
        var (speedMps, rollsM) = SpeedUp(before, stepS);
        (SpeedMps, rollsM) = speedMps >= hardestMps - RoundingMps ? (speedMps, rollsM) : (hardestMps, (before + hardestMps) / 2 * stepS);
        return rollsM;
    }

    /// <summary>Takes what the driving program says of the vehicle's motion; returns how far it has come on its legs, metres.</summary>
    /// <param name="place">Leg and metres on it; null: nothing is known of them.</param>
    /// <param name="isAtStop">It stands where it was to stand: at a stop, or at the end of a leg that asks for one.</param>
    /// <param name="shortOfM">So far before the end of its last leg it may stand.</param>
    public double Follow(double speedMps, MapPoint at, double headingRad, (Leg Leg, double AtM)? place, bool isAtStop, double shortOfM)
    {
        // A measured place is never quite that of the map; so near it counts as reached.
        const double nearM = 1, beforeM = 0.05;
        var stopsWithinM = nearM + (current == legs.Count - 1 && stop is null ? shortOfM : 0);
        (SpeedMps, Measured) = (speedMps, (at, headingRad));
        var toStopM = ToStopM();
        if (isAtStop && toStopM <= stopsWithinM)
        {
            return toStopM;
        }

        if (place is not { } on || legs.IndexOf(on.Leg, current) is var index && index < 0)
        {
            return 0;
        }

        var restM = -OffsetM;
        for (var i = current; i < index; i++)
        {
            restM += legs[i].LengthM;
        }

        return Math.Clamp(restM + on.AtM, 0, Math.Max(0, toStopM - beforeM));
    }

    /// <summary>Metres to the next place at which it has to stand.</summary>
    private double ToStopM()
    {
        var restM = -OffsetM;
        for (var i = current; i < legs.Count; i++)
        {
            if (stop is { } at && at.Leg == legs[i])
            {
                return Math.Max(0, restM + at.AtM);
            }

            restM += legs[i].LengthM;
            if (legs[i].StopsAtEnd)
            {
                break;
            }
        }

        return Math.Max(0, restM);
    }

    /// <summary>Rolls on, at most to the end of the present leg.</summary>
    /// <param name="restM">How far to roll; what is left of it after this leg comes back.</param>
    /// <param name="rolledM">How far the vehicle rolled on this leg.</param>
    /// <returns>The leg if its end was reached, else null.</returns>
    public Leg? Roll(ref double restM, out double rolledM)
    {
        var leg = legs[current];
        var toEndM = leg.LengthM - OffsetM;
        if (restM < toEndM - ReachedM)
        {
            rolledM = restM;
            OffsetM += restM;
            restM = 0;
            return null;
        }

        rolledM = toEndM;
        restM = Math.Max(0, restM - toEndM);
        standing = leg;
        current++;
        OffsetM = Leg is null ? leg.LengthM : 0;
        if (Leg is null || leg.StopsAtEnd)
        {
            SpeedMps = 0;
            restM = 0;
        }

        return leg;
    }

    private (double SpeedMps, double RollsM) SpeedUp(double v, double stepS)
    {
        var gain = model.AccelerationMps2 * stepS;
        var next = Math.Min(v + gain, legs[current].LimitMps);
        var legStartM = -OffsetM;
        for (var i = current; i < legs.Count; i++)
        {
            var leg = legs[i];
            for (var j = i == current ? leg.VertexAfter(OffsetM) : 1; j < leg.AlongM.Length; j++)
            {
                var distanceM = legStartM + leg.AlongM[j];
                var peak = leg.PeakMps[j];
                if (stop is { } at && at.Leg == leg && at.AtM <= leg.AlongM[j])
                {
                    (distanceM, peak) = (legStartM + at.AtM, 0);
                }

                if (peak > 0 && (v + next) / 2 * stepS >= distanceM)
                {
                    // Passed within this step: what counts is the way from there on.
                    next = Math.Min(next, peak + gain);
                    continue;
                }

                if (SpeedBefore(v, distanceM, peak, stepS) is not { } speed)
                {
                    return (0, distanceM);
                }

                next = Math.Min(next, speed);
                return (next, (v + next) / 2 * stepS);
            }

            legStartM += leg.LengthM;
        }

        return (next, (v + next) / 2 * stepS);
    }

    /// <summary>
    /// The greatest speed at the end of a step from which braking still gives <paramref name="peak"/> at the given distance from its start:
    /// the root of w² = peak² + 2·b·(distance − (v + w)/2·t). Null if the vehicle comes to stand within the step.
    /// </summary>
    private double? SpeedBefore(double v, double distanceM, double peak, double stepS)
    {
        var half = model.BrakingMps2 * stepS / 2;
        var inner = (half * half) + (peak * peak) + (2 * model.BrakingMps2 * distanceM) - (2 * half * v);
        return inner > half * half ? Math.Sqrt(inner) - half : null;
    }
}
