using System.Collections.Immutable;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Sweeping;

/// <summary>Where what is said of sweeping comes from. The Portal knows neither planner nor Centre: the executable brings the three together.</summary>
/// <param name="KerbOf">The kerb in front of an address of the book; -1 where none is near.</param>
/// <param name="CalendarFrom">The days on which kerbs are due from a Monday on, for <see cref="SweepingDays.Weeks"/> weeks.</param>
/// <param name="Facts">What is on record now.</param>
public sealed record SweepingSources(Func<int, int> KerbOf, Func<DateOnly, SweepCalendar> CalendarFrom, Func<SweepFacts> Facts, SweepingRules Rules);

/// <summary>What is known of one kerb.</summary>
/// <param name="Next">The next days on which it is due, today among them where it has not been swept today; rising.</param>
/// <param name="UnderWay">The vehicle that is to sweep it in the shift that runs now, or null.</param>
/// <param name="Unswept">Why it was not swept, where that is what happened last.</param>
public sealed record KerbSweeping(Kerb Kerb, ImmutableArray<DateOnly> Next, LastSweep? Last, string? UnderWay, Unswept? Unswept, bool IsClosed);

/// <summary>When each kerb is swept: its days by the calendar, and what is on record. Both are read again from time to time. Thread-safe.</summary>
public sealed class SweepingDays
{
    public const int Weeks = 10;

    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(15);

    private readonly City city;
    private readonly SweepingSources sources;
    private readonly TimeProvider time;
    private readonly Dictionary<string, int[]> streets;
    private readonly ILookup<int, int> kerbsOfSegment;
    private readonly Lock door = new();
    private SweepCalendar? calendar;
    private SweepFacts facts = SweepFacts.None;
    private DateTimeOffset? factsReadAt;

    public SweepingDays(City city, SweepingSources sources, TimeProvider time)
    {
        this.city = city;
        this.sources = sources;
        this.time = time;
        streets = city.Kerbs.Where(k => k.Street.Length > 0).GroupBy(k => AddressPaths.Slug(k.Street)).ToDictionary(g => g.Key, g => g.Select(k => k.Id).ToArray(), StringComparer.Ordinal);
        kerbsOfSegment = city.Kerbs.ToLookup(k => city.Streets.ArcSegment[k.Arc], k => k.Id);
    }

    public SweepingRules Rules => sources.Rules;

    /// <summary>Where the city's clocks go.</summary>
    public TimeZoneInfo Zone => time.LocalTimeZone;

    public DateTimeOffset Now => time.GetLocalNow();

    public DateOnly Today => DateOnly.FromDateTime(time.GetLocalNow().DateTime);

    /// <summary>What is on record, at most 15 seconds old.</summary>
    public SweepFacts Facts
    {
        get
        {
            lock (door)
            {
                if (factsReadAt is not { } at || time.GetUtcNow() - at >= ReadAgain)
                {
                    facts = sources.Facts();
                    factsReadAt = time.GetUtcNow();
                }

                return facts;
            }
        }
    }

    /// <summary>Everything that is known of a kerb.</summary>
    public KerbSweeping Of(int kerb) => Of(kerb, Calendar, Facts);

    /// <summary>The kerb in front of an address, then those across the street; none where the address lies at no kerb.</summary>
    public IReadOnlyList<int> KerbsAt(int address) =>
        sources.KerbOf(address) is >= 0 and var own ? [own, .. kerbsOfSegment[city.Streets.ArcSegment[city.Kerbs[own].Arc]].Where(k => k != own)] : [];

    /// <summary>The kerb in front of an address, or -1.</summary>
    public int KerbOf(int address) => sources.KerbOf(address);

    /// <summary>The kerbs of all streets of a name, by <see cref="AddressPaths.Slug"/> of it; null where there is none.</summary>
    public (string Name, IReadOnlyList<KerbSweeping> Kerbs)? Street(string slug)
    {
        if (!streets.TryGetValue(slug, out var kerbs))
        {
            return null;
        }

        var (now, then) = (Facts, Calendar);
        return (city.Kerbs[kerbs[0]].Street, [.. kerbs.Select(k => Of(k, then, now))]);
    }

    /// <summary>Whether there is a street of this name.</summary>
    public bool HasStreet(string slug) => streets.ContainsKey(slug);

    /// <summary>Every street with a name, with what is known of its kerbs, by name.</summary>
    public IEnumerable<(string Slug, string Name, IReadOnlyList<KerbSweeping> Kerbs)> Streets()
    {
        var (now, then) = (Facts, Calendar);
        return streets.OrderBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => (s.Key, city.Kerbs[s.Value[0]].Street, (IReadOnlyList<KerbSweeping>)[.. s.Value.Select(k => Of(k, then, now))]));
    }

    /// <summary>How long ago each kerb was swept, by its index.</summary>
    public ImmutableArray<SweptAge> Ages()
    {
        var now = Facts;
        var at = time.GetUtcNow();
        return [.. city.Kerbs.Select(kerb => AgeOf(kerb, now.Swept.GetValueOrDefault(kerb.Id), at))];
    }

    private static SweptAge AgeOf(Kerb kerb, LastSweep? last, DateTimeOffset now) =>
        last is null ? kerb.Class.TimesPerWeek > 0 ? SweptAge.NotOnRecord : SweptAge.NotByTheCity
        : (now - last.At).TotalDays switch
        {
            <= 1 => SweptAge.Day,
            <= 3 => SweptAge.ThreeDays,
            <= 7 => SweptAge.Week,
            <= 14 => SweptAge.TwoWeeks,
            _ => SweptAge.Longer,
        };

    private SweepCalendar Calendar
    {
        get
        {
            var monday = Today.AddDays(-(((int)Today.DayOfWeek + 6) % 7));
            lock (door)
            {
                return calendar is { } known && known.From == monday ? known : calendar = sources.CalendarFrom(monday);
            }
        }
    }

    private KerbSweeping Of(int kerb, SweepCalendar due, SweepFacts now)
    {
        var last = now.Swept.GetValueOrDefault(kerb);
        var unswept = now.Unswept.GetValueOrDefault(kerb);
        var sweptOn = last is null ? (DateOnly?)null : DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(last.At, time.LocalTimeZone).DateTime);
        var first = sweptOn >= Today ? Today.AddDays(1) : Today;
        return new(
            city.Kerbs[kerb],
            [.. due.DaysOfKerb[kerb].Select(day => due.From.AddDays(day)).Where(day => day >= first)],
            last,
            now.UnderWay.GetValueOrDefault(kerb),
            // Of a kerb that was swept but for a part both are told; what was swept whole afterwards is swept.
            unswept is not null && (last is null || unswept.At >= last.At) ? unswept : null,
            now.Closed.Contains(kerb));
    }
}

/// <summary>How long ago a kerb was swept, as the map shades it.</summary>
public enum SweptAge
{
    /// <summary>At most a day.</summary>
    Day,
    ThreeDays,
    Week,
    TwoWeeks,
    Longer,

    /// <summary>It is due, and no sweep is on record.</summary>
    NotOnRecord,

    /// <summary>Its class is never due: others sweep it.</summary>
    NotByTheCity,
}
