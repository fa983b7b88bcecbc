using Kehrwerk.Sweeper.Zones;

namespace Kehrwerk.Sweeper.Driving;

/// <summary>A place on the way ahead at which the vehicle must stand.</summary>
/// <param name="AtM">Metres from the start of the leg.</param>
/// <param name="IsFinal">Nobody will let it pass: what lies behind cannot be reached.</param>
/// <param name="Shape">The zone before which it lies; null if it is none.</param>
internal readonly record struct StopPoint(Leg Leg, double AtM, bool IsFinal, ZoneShape? Shape)
{
    /// <summary>The place at an offset that may lie before the start of its leg: then it is on the leg before, or at the start where there is none.</summary>
    public static StopPoint Before(Leg leg, Leg? before, double atM, bool isFinal, ZoneShape? shape = null) =>
        atM >= 0 || before is null ? new(leg, Math.Max(0, atM), isFinal, shape) : new(before, Math.Max(0, before.LengthM + atM), isFinal, shape);
}
