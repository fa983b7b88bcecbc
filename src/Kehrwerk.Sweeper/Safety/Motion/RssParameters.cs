using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Safety.Motion;

/// <summary>
/// What responsibility-sensitive safety assumes (Shalev-Shwartz, Shammah, Shashua 2017, arXiv:1708.06374; IEEE 2846-2022 names what has to be stated).
/// docs/driving/safety.md gives the source of each value. Immutable.
/// </summary>
internal sealed record RssParameters
{
    /// <summary>From the measurement of a danger to full braking: tick, build-up of the brake, s.</summary>
    public double ResponseS { get; init; } = 0.3;

    /// <summary>Share of the emergency braking of the model on which the guard counts.</summary>
    public double BrakingShare { get; init; } = 0.8;

    /// <summary>Braking on wet and on frozen ground, as a share of that on dry.</summary>
    public double WetGrip { get; init; } = 0.6;

    public double FrostGrip { get; init; } = 0.2;

    /// <summary>The hardest that a vehicle ahead brakes, m/s².</summary>
    public double OtherMostBrakingMps2 { get; init; } = 8;

    /// <summary>What an oncoming vehicle brakes at least, after its response time in which it still speeds up, m/s², s, m/s².</summary>
    public double OtherBrakingMps2 { get; init; } = 3;

    public double OtherResponseS { get; init; } = 1;
    public double OtherAccelerationMps2 { get; init; } = 1.5;

    /// <summary>Across its direction a vehicle speeds up and brakes so, m/s².</summary>
    public double OtherLateralMps2 { get; init; } = 0.2;

    public double OtherLateralBrakingMps2 { get; init; } = 0.8;

    /// <summary>How fast people set off or turn towards the way, m/s²: grown-ups and cyclists, children and animals.</summary>
    public double PersonOnsetMps2 { get; init; } = 0.5;

    public double ChildOnsetMps2 { get; init; } = 1;

    /// <summary>What people reach at most from standing beside the way, m/s: 7 km/h (V15); children and animals running.</summary>
    public double PersonMps { get; init; } = 7 / 3.6;

    public double ChildMps { get; init; } = 4;

    /// <summary>Kept round things and vehicles, and round people, m; with the share of the distance that an object list errs by.</summary>
    public double MarginM { get; init; } = 0.25;

    public double PersonMarginM { get; init; } = 0.4;
    public double RangeNoiseShare { get; init; } = 0.01;

    /// <summary>Within the margin of a standing thing (never of a person) the vehicle may still creep, m/s, where its bare body comes free by this, m.</summary>
    public double CreepMps { get; init; } = 0.5;

    public double CreepMarginM { get; init; } = 0.1;

    /// <summary>An open door stands out by this, m.</summary>
    public double DoorM { get; init; } = 0.9;

    /// <summary>Beyond it the vehicle could tip, m/s² across.</summary>
    public double LateralMps2 { get; init; } = 3;

    /// <summary>A distance kept too short with less time to collision than this is a near miss, s.</summary>
    public double NearMissS { get; init; } = 1;

    public static bool IsPerson(ObjectClass seen) => seen is ObjectClass.Pedestrian or ObjectClass.Child or ObjectClass.Animal or ObjectClass.Cyclist;

    /// <summary>How far an object may come from the line on which it moves within <paramref name="timeS"/>, m: the lateral distance of RSS.</summary>
    public double AsideM(ObjectClass seen, bool isMoving, double timeS)
    {
        if (IsPerson(seen))
        {
            var (onset, most) = seen is ObjectClass.Child or ObjectClass.Animal ? (ChildOnsetMps2, ChildMps) : (PersonOnsetMps2, PersonMps);
            var untilS = Math.Min(timeS, most / onset);
            return (onset * untilS * untilS / 2) + (most * (timeS - untilS));
        }

        if (!isMoving)
        {
            return 0;
        }

        var respondS = Math.Min(timeS, OtherResponseS);
        var gained = OtherLateralMps2 * respondS;
        return (gained * respondS / 2) + (gained * gained / (2 * OtherLateralBrakingMps2));
    }

    /// <summary>How far a vehicle comes beyond what its speed says, because it speeds up before it responds, m.</summary>
    public double GainedM(double timeS)
    {
        var untilS = Math.Min(timeS, OtherResponseS);
        return OtherAccelerationMps2 * untilS * (timeS - (untilS / 2));
    }

    /// <summary>How far an oncoming vehicle still comes, m.</summary>
    public double OncomingM(double speedMps)
    {
        var gained = OtherAccelerationMps2 * OtherResponseS;
        return (speedMps * OtherResponseS) + (gained * OtherResponseS / 2) + ((speedMps + gained) * (speedMps + gained) / (2 * OtherBrakingMps2));
    }
}

/// <summary>
/// The vehicle's own stop: for <see cref="RssParameters.ResponseS"/> it still speeds up as hard as it can, then it brakes. Everything here is
/// turned round to the question of the guard: how fast may it be?
/// </summary>
/// <param name="ResponseS">ρ.</param>
/// <param name="AccelerationMps2">Greatest acceleration within ρ.</param>
/// <param name="BrakingMps2">What it brakes at least on the present ground.</param>
internal readonly record struct OwnStop(double ResponseS, double AccelerationMps2, double BrakingMps2)
{
    private double Gained => AccelerationMps2 * ResponseS;

    /// <summary>Metres until it stands.</summary>
    public double DistanceM(double mps) =>
        (mps * ResponseS) + (Gained * ResponseS / 2) + ((mps + Gained) * (mps + Gained) / (2 * BrakingMps2));

    /// <summary>Seconds until it stands.</summary>
    public double TimeS(double mps) => ResponseS + ((mps + Gained) / BrakingMps2);

    /// <summary>The greatest speed from which it stands within a distance, m/s; 0 where there is none.</summary>
    public double SpeedWithin(double distanceM) => double.IsPositiveInfinity(distanceM) ? distanceM : Math.Max(0, (BrakingMps2
        * (Math.Sqrt((ResponseS * ResponseS) + (2 * Math.Max(0, distanceM + (Gained * ResponseS / 2)) / BrakingMps2)) - ResponseS)) - Gained);

    /// <summary>The greatest speed from which it stands after a time, m/s; 0 where there is none.</summary>
    public double SpeedAfter(double timeS) => Math.Max(0, (BrakingMps2 * (timeS - ResponseS)) - Gained);
}
