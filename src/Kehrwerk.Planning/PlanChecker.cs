using System.Collections.Immutable;
using System.Globalization;

namespace Kehrwerk.Planning;

/// <summary>
/// Holds a plan against its problem, step by step, from the network itself. It shares nothing with the planner but the
/// words of problem and plan and the <see cref="Calendar"/>, which is part of the question. What it checks:
/// each due kerb is swept exactly once, on a day allowed, or reported unserved exactly once; every arc can be entered from the one before
/// (turn restrictions, U-turns, closures); places and times join; durations, lengths and levels are right; hopper, water,
/// battery, reserve and shift are kept; so are windows, breaks and districts; a tour begins and ends in the vehicle's own depot, tipped, washed and charged
/// within its day; bays and grid of no depot are overdrawn.
/// </summary>
public static class PlanChecker
{
    /// <returns>One sentence for each violation, naming vehicle, day, step and kerb; empty for a good plan.</returns>
    public static ImmutableArray<string> Check(SweepProblem problem, Plan plan)
    {
        var violations = ImmutableArray.CreateBuilder<string>();
        var tourOf = new HashSet<(string Vehicle, int Day)>();
        var good = new List<(Tour Tour, SweeperSpec Vehicle)>();
        var network = new StreetRules(problem);
        foreach (var tour in plan.Tours)
        {
            var who = Sentence($"Vehicle {tour.Vehicle}, day {tour.Day}");
            if (problem.Vehicles.FirstOrDefault(v => v.Id == tour.Vehicle) is not { } vehicle)
            {
                violations.Add($"{who}: the fleet has no such vehicle.");
            }
            else if (tour.Day < 0 || tour.Day >= problem.Days)
            {
                violations.Add($"{who}: the day is not one of the {problem.Days} that were to be planned.");
            }
            else if (!tourOf.Add((tour.Vehicle, tour.Day)))
            {
                violations.Add($"{who}: there is a second tour for the same vehicle and day.");
            }
            else
            {
                violations.AddRange(new TourCheck(problem, network, vehicle, tour).Run());
                good.Add((tour, vehicle));
            }
        }

        violations.AddRange(BayCheck.Run(problem, good));
        CheckCoverage(problem, plan, violations);
        return violations.ToImmutable();
    }

    internal static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void CheckCoverage(SweepProblem problem, Plan plan, ImmutableArray<string>.Builder violations)
    {
        var visits = Calendar.Of(problem).Visits;
        var sweepable = Numbers(problem, visits, visit => visit.Days);
        var reportable = Numbers(problem, visits, visit => [visit.Day]);
        var mentions = visits.Select(_ => new List<string>()).ToArray();
        var notDue = new Dictionary<(int Day, int Kerb), List<string>>();
        foreach (var tour in plan.Tours)
        {
            for (var i = 0; i < tour.Steps.Length; i++)
            {
                if (tour.Steps[i] is SweepStep sweep)
                {
                    Mention(sweepable, tour.Day, sweep.Kerb, $"swept by vehicle {tour.Vehicle} in step {i}");
                }
            }
        }

        foreach (var task in plan.Unserved)
        {
            Mention(reportable, task.Day, task.Kerb, $"reported unserved ({task.Reason})");
        }

        foreach (var (visit, said) in visits.Zip(mentions).OrderBy(pair => (pair.First.Day, pair.First.Task)).Where(pair => pair.Second.Count != 1))
        {
            var due = Sentence($"{Days(visit)}: kerb {problem.Tasks[visit.Task].Kerb} is due");
            violations.Add(said.Count == 0 ? $"{due}, but neither swept nor reported unserved." : $"{due} once, but {string.Join(" and ", said)}.");
        }

        foreach (var ((day, kerb), said) in notDue.OrderBy(m => m.Key))
        {
            violations.Add(Sentence($"Day {day}: kerb {kerb} is not due, but {string.Join(" and ", said)}."));
        }

        void Mention(Dictionary<(int Day, int Kerb), int> visitOf, int day, int kerb, FormattableString what)
        {
            if (visitOf.TryGetValue((day, kerb), out var visit))
            {
                mentions[visit].Add(Sentence(what));
            }
            else if (notDue.TryGetValue((day, kerb), out var said))
            {
                said.Add(Sentence(what));
            }
            else
            {
                notDue.Add((day, kerb), [Sentence(what)]);
            }
        }
    }

    private static string Days(Visit visit) => visit.Days.Length == 1 ? Sentence($"Day {visit.Days[0]}") : Sentence($"One of days {string.Join(", ", visit.Days)}");

    private static Dictionary<(int Day, int Kerb), int> Numbers(SweepProblem problem, ImmutableArray<Visit> visits, Func<Visit, ImmutableArray<int>> days) =>
        visits.Index().SelectMany(visit => days(visit.Item).Select(day => (Key: (day, problem.Tasks[visit.Item.Task].Kerb), visit.Index))).ToDictionary(pair => pair.Key, pair => pair.Index);
}
