using System.Collections.Immutable;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Simulation;

namespace Kehrwerk;

/// <summary>The load of cases of one or several simulated shifts, each with one person at the queue, in the terms of EEMUA 191.</summary>
internal sealed record CaseLoad
{
    /// <summary>Hours over which they are counted.</summary>
    public required double Hours { get; init; }

    public required int Raised { get; init; }
    public required ImmutableSortedDictionary<string, int> ByKind { get; init; }

    /// <summary>Decided by a person; the others were over by themselves, went on in their cause's case, or are open.</summary>
    public required int Decided { get; init; }

    /// <summary>Open at the end.</summary>
    public required int Open { get; init; }

    /// <summary>Escalated at least once.</summary>
    public required int Escalated { get; init; }

    /// <summary>Of several shifts the mean over all their time.</summary>
    public double PerPersonIn10Min => Hours > 0 ? Math.Round(Raised / (Hours * 6), 3) : 0;

    /// <summary>The most in any 10 min of any shift.</summary>
    public required int PeakIn10Min { get; init; }

    public required int Floods { get; init; }
    public required int Chattering { get; init; }

    /// <summary>Median of the time to acknowledge, seconds; of several shifts the largest.</summary>
    public required double? ToAcknowledgeS { get; init; }

    /// <summary>Median of the time to decide, seconds; of several shifts the largest.</summary>
    public required double? ToDecideS { get; init; }

    public static CaseLoad Of(SimulatedStore store, DateTimeOffset from, DateTimeOffset to)
    {
        var figures = CaseFigures.Of(store.Cases, from, to, to, operators: 1);
        return new()
        {
            Hours = Math.Round((to - from).TotalHours, 3),
            Raised = figures.Cases,
            ByKind = store.Cases.GroupBy(one => one.Kind.ToString()).ToImmutableSortedDictionary(same => same.Key, same => same.Count(), StringComparer.Ordinal),
            Decided = store.Cases.Count(one => one.DecidedAt is not null),
            Open = store.Cases.Count(one => one.IsOpen),
            Escalated = store.Cases.Count(one => one.History.Any(step => step.Kind == CaseStepKind.Escalated)),
            PeakIn10Min = figures.Peak,
            Floods = figures.Floods,
            Chattering = figures.Chattering,
            ToAcknowledgeS = CaseFigures.Quantile(figures.ToAcknowledge, 0.5)?.TotalSeconds,
            ToDecideS = CaseFigures.Quantile(figures.ToDecide, 0.5)?.TotalSeconds,
        };
    }

    public static CaseLoad Sum(ImmutableArray<CaseLoad> shifts) => new()
    {
        Hours = Math.Round(shifts.Sum(s => s.Hours), 3),
        Raised = shifts.Sum(s => s.Raised),
        ByKind = shifts.SelectMany(s => s.ByKind).GroupBy(k => k.Key, k => k.Value).ToImmutableSortedDictionary(k => k.Key, k => k.Sum(), StringComparer.Ordinal),
        Decided = shifts.Sum(s => s.Decided),
        Open = shifts.Sum(s => s.Open),
        Escalated = shifts.Sum(s => s.Escalated),
        PeakIn10Min = shifts.Max(s => s.PeakIn10Min),
        Floods = shifts.Sum(s => s.Floods),
        Chattering = shifts.Sum(s => s.Chattering),
        ToAcknowledgeS = shifts.Max(s => s.ToAcknowledgeS),
        ToDecideS = shifts.Max(s => s.ToDecideS),
    };
}
