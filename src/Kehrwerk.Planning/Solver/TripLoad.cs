namespace Kehrwerk.Planning.Solver;

/// <summary>
/// What a <em>trip</em>, the kerbs between two visits to the depot, takes: whole numbers, so that they can be added and
/// taken away without drift.
/// </summary>
/// <param name="SweepMs">Time spent sweeping.</param>
/// <param name="TravelMs">Time spent deadheading, from the depot and back to it.</param>
/// <param name="VolumeCm3">Sweepings.</param>
/// <param name="MassG">Sweepings.</param>
internal readonly record struct TripLoad(int SweepMs, int TravelMs, long VolumeCm3, long MassG)
{
    public int DriveMs => SweepMs + TravelMs;

    public static TripLoad operator +(TripLoad a, TripLoad b) =>
        new(a.SweepMs + b.SweepMs, a.TravelMs + b.TravelMs, a.VolumeCm3 + b.VolumeCm3, a.MassG + b.MassG);

    public static TripLoad operator -(TripLoad a, TripLoad b) =>
        new(a.SweepMs - b.SweepMs, a.TravelMs - b.TravelMs, a.VolumeCm3 - b.VolumeCm3, a.MassG - b.MassG);
}

/// <summary>A trip and what is done at the depot after it. After the last trip of a tour: tip and wash.</summary>
/// <param name="ChargeToWh">Level to charge to before the next trip; 0 for no charge.</param>
internal readonly record struct Leg(int DriveMs, bool Tip, bool Fill, bool Wash, int ChargeMs, double ChargeToWh);
