namespace Kehrwerk.Sweeper.World;

/// <summary>How a kind drives: the Intelligent Driver Model's parameters.</summary>
/// <param name="AccelerationMps2">a; <paramref name="BrakingMps2"/> b, comfortable.</param>
/// <param name="GapM">s₀, kept at standstill; <paramref name="HeadwayS"/> T.</param>
internal readonly record struct DriverModel(double AccelerationMps2, double BrakingMps2, double GapM, double HeadwayS)
{
    // Treiber, Hennecke and Helbing, Phys. Rev. E 62 (2000), table I: a 0.73, b 1.67, s₀ 2, T 1.6, exponent 4. Cyclists: our assumption.
    private static readonly DriverModel Car = new(0.73, 1.67, 2, 1.6);
    private static readonly DriverModel Cyclist = new(0.6, 1.5, 1, 1);

    public static DriverModel Of(AgentKind kind) => kind == AgentKind.Cyclist ? Cyclist : Car;

    /// <summary>Acceleration at a speed with a leader some metres ahead (gap from bumper to bumper), m/s².</summary>
    public double Acceleration(double speedMps, double wantedMps, double gapM, double leaderMps)
    {
        var wanted = GapM + Math.Max(0, (speedMps * HeadwayS) + (speedMps * (speedMps - leaderMps) / (2 * Math.Sqrt(AccelerationMps2 * BrakingMps2))));
        var near = wanted / Math.Max(gapM, 0.1);
        return AccelerationMps2 * (Free(speedMps, wantedMps) - (near * near));
    }

    private static double Free(double speedMps, double wantedMps)
    {
        var share = speedMps / Math.Max(wantedMps, 0.1);
        return 1 - (share * share * share * share);
    }
}
