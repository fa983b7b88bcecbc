using System.Collections.Immutable;

namespace Kehrwerk.Planning;

/// <summary>
/// A day for each sweep that may take place on several, from which the search sets out: whoever has the same choice is cut along the calendar's curve
/// into pieces, one for each day, so long that all days get the same length as far as that can be.
/// </summary>
internal static class BalancedDays
{
    /// <param name="visits">In the order of <see cref="Calendar.Visits"/>.</param>
    /// <returns>The day of each visit.</returns>
    public static int[] Of(SweepProblem problem, ImmutableArray<Visit> visits)
    {
        var dayOf = new int[visits.Length];
        var loadM = new double[problem.Days];
        var meanM = visits.Sum(LengthM) / Math.Max(1, visits.SelectMany(visit => visit.Days).Distinct().Count());
        foreach (var group in Enumerable.Range(0, visits.Length).GroupBy(v => string.Join(' ', visits[v].Days)).OrderBy(group => visits[group.First()].Days.Length))
        {
            var days = visits[group.First()].Days;
            double[] roomM = [.. days.Select(day => Math.Max(0, meanM - loadM[day]))];
            var groupM = group.Sum(v => LengthM(visits[v]));
            var (at, doneM, untilM) = (0, 0.0, PieceM(0));
            foreach (var v in group)
            {
                while (at < days.Length - 1 && doneM + (LengthM(visits[v]) / 2) > untilM)
                {
                    untilM += PieceM(++at);
                }

                dayOf[v] = days[at];
                loadM[days[at]] += LengthM(visits[v]);
                doneM += LengthM(visits[v]);
            }

            double PieceM(int piece) => roomM.Sum() > 0 ? groupM * roomM[piece] / roomM.Sum() : groupM / days.Length;
        }

        return dayOf;

        double LengthM(Visit visit) => problem.Tasks[visit.Task].LengthM;
    }
}
