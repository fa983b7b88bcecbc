namespace Kehrwerk.Streets.Routing;

/// <summary>Where a vehicle may turn back into the street it came from.</summary>
public enum UTurnRule { DeadEndsOnly, Everywhere }

/// <summary>How a vehicle travels when it does not sweep, and what turning costs it.</summary>
/// <param name="MaxSpeedMps">Its own limit, metres per second; default 25 km/h.</param>
/// <param name="LeftS">Seconds for a left turn (waiting for oncoming traffic included).</param>
/// <param name="UTurnS">Seconds for turning back.</param>
public sealed record TravelCosts(
    double MaxSpeedMps = 25 / 3.6,
    double LeftS = 4,
    double RightS = 2,
    double UTurnS = 20,
    UTurnRule UTurnRule = UTurnRule.DeadEndsOnly)
{
    // Below this angle a turn is "straight on".
    private const double StraightRad = Math.PI / 6;

    /// <summary>Milliseconds to drive an arc from end to end without turning.</summary>
    public int ArcMs(StreetNetwork network, int arc) =>
        Math.Max(1, (int)Math.Round(network.ArcLengthM[arc] / Math.Min(MaxSpeedMps, network.ArcSpeedMps[arc]) * 1000));

    /// <summary>Milliseconds to turn from one arc into the next.</summary>
    public int TurnMs(StreetNetwork network, int from, int to)
    {
        if (network.ArcReverse[from] == to)
        {
            return (int)Math.Round(UTurnS * 1000);
        }

        var angleRad = network.TurnAngleRad(from, to);
        return (int)Math.Round(1000 * (angleRad > StraightRad ? LeftS : angleRad < -StraightRad ? RightS : 0));
    }
}
