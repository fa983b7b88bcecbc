using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Cases;

/// <summary>
/// The load of cases in a span, in the terms of EEMUA 191 and IEC 62682. Cases stand for alarms: what was suppressed, delayed or
/// merged never reached a person and is not counted.
/// </summary>
public sealed record CaseFigures
{
    /// <summary>The span over which alarms are counted, EEMUA 191.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>So many in one <see cref="Window"/> and per person are a flood; it is over when there are fewer than half of that.</summary>
    public const int Flood = 10;

    /// <summary>So many of one kind at one place in one <see cref="Window"/> chatter. Ours: a case is not an alarm of a sensor.</summary>
    public const int Chatter = 3;

    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);

    /// <summary>Cases raised in the span.</summary>
    public required int Cases { get; init; }

    /// <summary>Who shares the load.</summary>
    public required int People { get; init; }

    /// <summary>Cases per person and <see cref="Window"/>.</summary>
    public double PerPerson => PersonWindows > 0 ? Cases / PersonWindows : 0;

    /// <summary>People times windows, of each at least one; fractions of further windows count.</summary>
    public required double PersonWindows { get; init; }

    /// <summary>The most cases in any <see cref="Window"/>.</summary>
    public required int Peak { get; init; }

    public required int Floods { get; init; }

    /// <summary>Cases that were open for more than 24 h in the span.</summary>
    public required int Stale { get; init; }

    /// <summary>Kinds at a place that chattered.</summary>
    public required int Chattering { get; init; }

    /// <summary>From raised to acknowledged, of those that were; ascending.</summary>
    public required ImmutableArray<TimeSpan> ToAcknowledge { get; init; }

    /// <summary>From raised to the first decision, of those that were; ascending.</summary>
    public required ImmutableArray<TimeSpan> ToDecide { get; init; }

    public required int High { get; init; }
    public required int Medium { get; init; }
    public required int Low { get; init; }

    /// <param name="cases">At least those that were open in the span.</param>
    /// <param name="from">Begin of the span.</param>
    /// <param name="to">Its end; what lies after <paramref name="now"/> does not count.</param>
    /// <param name="operators">How many people share the load; null: all who took a step in the span, at least one.</param>
    public static CaseFigures Of(IEnumerable<Case> cases, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, int? operators = null)
    {
        var end = to < now ? to : now;
        var known = cases.ToList();
        var raised = known.Where(one => one.RaisedAt >= from && one.RaisedAt < end).OrderBy(one => one.RaisedAt).ToList();
        var people = operators ?? Math.Max(1, known.SelectMany(one => one.History).Where(step => step.At >= from && step.At < end && step.By != TwinRules.Centre)
            .Select(step => step.By).Distinct(StringComparer.Ordinal).Count());
        var times = raised.ConvertAll(one => one.RaisedAt);
        return new()
        {
            Cases = raised.Count,
            People = people,
            PersonWindows = people * Math.Max(1, (end - from) / Window),
            Peak = PeakOf(times),
            Floods = FloodsOf(times, Flood * people),
            Stale = known.Count(one => IsStale(one, from, end, now)),
            Chattering = raised.Where(one => one.Place != CasePlace.Outside).GroupBy(one => (one.Kind, one.Place)).Count(same => PeakOf([.. same.Select(one => one.RaisedAt)]) >= Chatter),
            ToAcknowledge = Spans(raised, one => one.AcknowledgedAt),
            ToDecide = Spans(raised, one => one.DecidedAt),
            High = raised.Count(one => one.Rule.Priority == CasePriority.High),
            Medium = raised.Count(one => one.Rule.Priority == CasePriority.Medium),
            Low = raised.Count(one => one.Rule.Priority == CasePriority.Low),
        };
    }

    /// <summary>The value below which a share of spans lies (nearest rank); null where there is none.</summary>
    public static TimeSpan? Quantile(ImmutableArray<TimeSpan> ascending, double share) =>
        ascending.IsEmpty ? null : ascending[Math.Max(0, (int)Math.Ceiling(share * ascending.Length) - 1)];

    private static ImmutableArray<TimeSpan> Spans(IEnumerable<Case> raised, Func<Case, DateTimeOffset?> end) =>
        [.. raised.Select(one => end(one) - one.RaisedAt).OfType<TimeSpan>().Order()];

    private static bool IsStale(Case one, DateTimeOffset from, DateTimeOffset end, DateTimeOffset now)
    {
        var staleFrom = one.RaisedAt + StaleAfter;
        var staleTo = one.ClosedAt ?? now;
        return staleTo > staleFrom && staleFrom < end && staleTo > from;
    }

    private static int PeakOf(List<DateTimeOffset> ascending)
    {
        var (peak, first) = (0, 0);
        for (var last = 0; last < ascending.Count; last++)
        {
            while (ascending[last] - ascending[first] >= Window)
            {
                first++;
            }

            peak = Math.Max(peak, last - first + 1);
        }

        return peak;
    }

    private static int FloodsOf(List<DateTimeOffset> ascending, int from)
    {
        var (floods, first) = (0, 0);
        var isFlood = false;
        for (var last = 0; last < ascending.Count; last++)
        {
            while (ascending[last] - ascending[first] >= Window)
            {
                first++;
            }

            var count = last - first + 1;
            if (!isFlood && count >= from)
            {
                (isFlood, floods) = (true, floods + 1);
            }
            else if (isFlood && count < (from + 1) / 2)
            {
                isFlood = false;
            }
        }

        return floods;
    }
}
