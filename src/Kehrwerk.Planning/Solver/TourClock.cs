namespace Kehrwerk.Planning.Solver;

/// <summary>
/// Decides what a vehicle does at the depot between its trips, and how long its tour takes as long as no bay is taken.
/// Every service is put off until the next trip cannot be driven without it: for tanks that are always filled whole this
/// needs the fewest visits. A charge gives just enough for as many of the coming trips as one battery can hold.
/// </summary>
internal static class TourClock
{
    private const double RoundingWh = 1e-6;

    /// <summary>Time from the start of the shift to the end of the last wash, milliseconds; 0 for no trips.</summary>
    public static int TourMs(VehicleModel vehicle, ReadOnlySpan<TripLoad> trips) => Run(vehicle, trips, []);

    /// <summary>The same, and writes what is done after each trip into <paramref name="legs"/> (one each, or empty for no answer).</summary>
    /// <returns>The time in milliseconds, and the level of the battery at the end in watt-hours.</returns>
    public static int Run(VehicleModel vehicle, ReadOnlySpan<TripLoad> trips, Span<Leg> legs) => Run(vehicle, trips, legs, out _);

    /// <inheritdoc cref="Run(VehicleModel, ReadOnlySpan{TripLoad}, Span{Leg})"/>
    public static int Run(VehicleModel vehicle, ReadOnlySpan<TripLoad> trips, Span<Leg> legs, out double batteryWh)
    {
        batteryWh = vehicle.BatteryWh;
        var waterL = vehicle.WaterL;
        var hopper = default(TripLoad);
        var tourMs = 0;
        for (var i = 0; i < trips.Length; i++)
        {
            var trip = trips[i];
            hopper += trip;
            waterL -= vehicle.WaterLOf(trip);
            batteryWh -= vehicle.EnergyWhOf(trip);

            var isLast = i == trips.Length - 1;
            var tip = isLast || !vehicle.HopperTakes(hopper + trips[i + 1]);
            var fill = !isLast && waterL < vehicle.WaterLOf(trips[i + 1]);
            var standMs = (tip ? vehicle.TipMs : 0) + (fill ? vehicle.FillMs : 0) + (isLast ? vehicle.WashMs : 0);
            batteryWh -= vehicle.IdleWh(standMs);
            if (tip)
            {
                hopper = default;
            }

            if (fill)
            {
                waterL = vehicle.WaterL;
            }

            var chargeMs = 0;
            var chargeToWh = 0.0;
            if (!isLast && batteryWh - vehicle.EnergyWhOf(trips[i + 1]) < vehicle.ReserveWh - RoundingWh)
            {
                chargeToWh = EnoughWh(vehicle, trips[(i + 1)..]);
                chargeMs = vehicle.ChargeMs(batteryWh, chargeToWh);
                batteryWh = chargeToWh;
            }

            tourMs += trip.DriveMs + standMs + chargeMs;
            if (!legs.IsEmpty)
            {
                legs[i] = new(trip.DriveMs, tip, fill, isLast, chargeMs, chargeToWh);
            }
        }

        return tourMs;
    }

    private static double EnoughWh(VehicleModel vehicle, ReadOnlySpan<TripLoad> trips)
    {
        var neededWh = vehicle.ReserveWh + vehicle.EnergyWhOf(trips[0]);
        foreach (var trip in trips[1..])
        {
            var withNextWh = neededWh + vehicle.IdleWh(vehicle.TipMs + vehicle.FillMs) + vehicle.EnergyWhOf(trip);
            if (withNextWh > vehicle.BatteryWh)
            {
                break;
            }

            neededWh = withNextWh;
        }

        return Math.Min(vehicle.BatteryWh, neededWh);
    }
}
