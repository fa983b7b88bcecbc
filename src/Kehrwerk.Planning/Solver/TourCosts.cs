namespace Kehrwerk.Planning.Solver;

/// <summary>
/// What a tour costs: its time, and a part that grows with its square, so that work is shared. With a weight of 1 the last
/// minute of a whole shift costs three times the first.
/// </summary>
internal sealed class TourCosts(DayModel day, double balanceWeight)
{
    public double Of(int tour, int tourMs) => tourMs + (balanceWeight * tourMs * tourMs / day.Vehicles[tour].ShiftMs);

    public double OfAll(DepotSchedule schedule)
    {
        var cost = 0.0;
        for (var tour = 0; tour < day.Vehicles.Length; tour++)
        {
            cost += Of(tour, schedule.EndMs[tour]);
        }

        return cost;
    }
}
