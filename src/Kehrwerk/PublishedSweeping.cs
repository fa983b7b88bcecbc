using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Planning;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Sweeping;
using Kehrwerk.Streets;

namespace Kehrwerk;

/// <summary>What the Portal tells of the sweeping: the planner's calendar and the Centre's facts, brought to it here so that it needs to know neither.</summary>
internal static class PublishedSweeping
{
    // Metres of a kerb that are missed at every other corner; nobody needs to be told.
    private const double WorthTellingM = 5;

    /// <param name="time">The clock of the Centre, by which sweeps are on record.</param>
    public static SweepingDays Of(DataFolder folder, City city, AddressBook book, SweepProblem problem, TimeProvider time)
    {
        if (city.Source == MapSource.DemoCity && !File.Exists(folder.SweepingRules))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.SweepingRules)!);
            File.WriteAllText(folder.SweepingRules, DemoRules(city));
        }

        var rules = File.Exists(folder.SweepingRules) ? SweepingRules.Load(folder.SweepingRules) : SweepingRules.None;
        return new(
            city,
            new(address => city.Addresses[book.Row(address)].Kerb, monday => Calendar(city, problem, monday), () => Facts(city, folder.DatabaseFile, time.GetUtcNow()), rules),
            time);
    }

    /// <summary>The days that <c>kehrwerk plan</c> plans with: weeks are counted from Monday, 1 January of the year 1.</summary>
    internal static SweepCalendar Calendar(City city, SweepProblem problem, DateOnly monday)
    {
        var calendar = Planning.Calendar.Of(problem with { Days = 7 * SweepingDays.Weeks, FirstDayOfWeek = 0, Week = monday.DayNumber / 7, ChoosesDays = false });
        var days = city.Kerbs.Select(_ => ImmutableArray.CreateBuilder<int>()).ToArray();
        for (var day = 0; day < calendar.Due.Length; day++)
        {
            foreach (var task in calendar.Due[day])
            {
                days[problem.Tasks[task].Kerb].Add(day);
            }
        }

        return new(monday, [.. days.Select(d => d.ToImmutable())]);
    }

    internal static SweepFacts Facts(City city, string database, DateTimeOffset now)
    {
        if (PublishedFacts.Read(database, city.Fingerprint, now) is not { } read)
        {
            return SweepFacts.None;
        }

        var kerbByKey = city.Kerbs.ToFrozenDictionary(k => k.Key, k => k.Id);
        var kerbsByArc = city.Kerbs.ToLookup(k => k.Arc, k => k.Id);
        return new()
        {
            // A kerb that the map has no more is left out; its sweeps stay on record.
            Swept = read.Swept.Where(s => kerbByKey.ContainsKey(s.KerbKey)).ToFrozenDictionary(s => kerbByKey[s.KerbKey], s => new LastSweep(s.At, s.Vehicle.Serial)),
            UnderWay = read.UnderWay.DistinctBy(u => u.Kerb).ToFrozenDictionary(u => u.Kerb, u => u.Vehicle.Serial),
            Unswept = read.Unswept.Where(u => u.MissedM is not < WorthTellingM && u.Reason is not (SkipReasons.NotNeeded or SkipReasons.CityChanged or MissedReasons.Corner))
                .GroupBy(u => u.Kerb).ToFrozenDictionary(g => g.Key, g => new Unswept(ReasonOf(g.Last().Reason), g.Last().At, g.Last().MissedM)),
            Closed = read.ClosedStretches.SelectMany(key => new[] { city.Streets.FindArc(key + "f"), city.Streets.FindArc(key + "b") }).OfType<int>().SelectMany(arc => kerbsByArc[arc]).ToFrozenSet(),
        };
    }

    private static UnsweptReason ReasonOf(string reason) => reason switch
    {
        MissedReasons.ParkedVehicle => UnsweptReason.ParkedVehicles,
        MissedReasons.Obstacle or MissedReasons.MadeWay or MissedReasons.Manoeuvre => UnsweptReason.Obstacle,
        MissedReasons.Frost => UnsweptReason.Frost,
        SkipReasons.Closed => UnsweptReason.Closed,
        SkipReasons.NotReachable => UnsweptReason.NotReachable,
        SkipReasons.ShiftOver => UnsweptReason.NoTimeLeft,
        _ => UnsweptReason.Other,
    };

    // Two streets of the demo city, so that there is a parking ban to see.
    private static string DemoRules(City city)
    {
        var streets = city.Kerbs.Where(k => k.Street.Length > 0 && k.Class.TimesPerWeek > 0).Select(k => k.Street).Distinct().Order(StringComparer.Ordinal).Take(2).ToList();
        var rules = new StringBuilder("""
            {
              // Invented, like Musterstadt itself: what a city lays down beside the plan.
              "obligations": {
                "S1": { "de": "Den Gehweg reinigen die Anlieger, mindestens alle zwei Wochen.", "en": "Residents clean the pavement, at least every second week." }
              },
              "parkingBans": [

            """);
        rules.AppendJoin(",\n", streets.Select((street, i) => string.Create(CultureInfo.InvariantCulture, $$"""    { "street": "{{street}}", "side": "{{(i == 0 ? "All" : "Odd")}}", "from": "07:00", "to": "12:00" }""")));
        return rules.Append("\n  ]\n}\n").ToString();
    }
}
