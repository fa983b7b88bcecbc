namespace Kehrwerk.Sweeper.World;

/// <summary>
/// Weather and light, as they act on sensors and tyres. The table of effects is ours (docs/driving/world.md gives it and what it leans on);
/// every effect is a pure function of these figures.
/// </summary>
internal sealed record Weather
{
    public static readonly Weather Clear = new();

    /// <summary>0 dry – 1 heavy rain (about 10 mm/h); also the stage of the wiper.</summary>
    public double RainShare { get; init; }

    /// <summary>Meteorological visibility, metres; fog is below 1,000.</summary>
    public double VisibilityM { get; init; } = 20_000;

    public double TemperatureC { get; init; } = 15;

    /// <summary>0 none – 1 kerbs and markings are under snow.</summary>
    public double SnowShare { get; init; }

    /// <summary>Ice on the road; needs frost.</summary>
    public bool IsIcy { get; init; }

    /// <summary>Above the horizon, degrees; from 0 to 15 it blinds who looks towards it.</summary>
    public double SunElevationDeg { get; init; } = 40;

    /// <summary>Where the sun stands, radians counter-clockwise from east.</summary>
    public double SunHeadingRad { get; init; }

    /// <summary>Light on the road, lux; below 50 it is night with street lamps.</summary>
    public double IlluminanceLux { get; init; } = 10_000;

    /// <summary>Of the hardest braking on a dry road: 1 dry, 0.6 wet, 0.35 snow, 0.2 ice.</summary>
    public double Grip => IsIcy ? 0.2 : SnowShare > 0.3 ? 0.35 : RainShare > 0.05 ? 0.6 : 1;

    /// <summary>How wet the road is, 0–1.</summary>
    public double WetShare => Math.Clamp(RainShare * 3, 0, 1);

    /// <summary>Share of its range in clear weather that a sensor of light reaches: rain takes up to 40 %, and nothing is seen beyond 0.6 of the visibility.</summary>
    public double RangeM(double clearM) => Math.Min(clearM * (1 - (0.4 * RainShare)) * (IlluminanceLux < 50 ? 0.9 : 1), Math.Max(3, 0.6 * VisibilityM));

    /// <summary>Factor of the range in a direction: towards a low sun the camera, which knows what things are, is half blind.</summary>
    public double GlareShare(double headingRad)
    {
        if (SunElevationDeg is < 0 or > 15 || VisibilityM < 1_000 || RainShare > 0.3)
        {
            return 1;
        }

        var offRad = Math.Abs(Math.IEEERemainder(headingRad - SunHeadingRad, 2 * Math.PI));
        return offRad < 0.5 ? 0.55 + (0.45 * offRad / 0.5) : 1;
    }

    /// <summary>Factor of every noise, and of misses.</summary>
    public double NoiseFactor => 1 + RainShare + (VisibilityM < 300 ? 0.5 : 0) + (SnowShare * 0.5);

    /// <summary>Phantoms a second: drops, spray, flakes, fog.</summary>
    public double PhantomsPerS => 0.02 * (1 + (4 * RainShare) + (3 * SnowShare) + (VisibilityM < 100 ? 3 : 0));
}
