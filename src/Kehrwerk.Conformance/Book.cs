using System.Collections.Immutable;

namespace Kehrwerk.Conformance;

/// <summary>What came of a rule.</summary>
public enum Outcome
{
    Pass,
    Fail,

    /// <summary>The vehicle does not declare what the rule is about, and need not.</summary>
    NotSupported,

    /// <summary>There was no occasion, or something before it failed.</summary>
    NotRun,
}

/// <summary>One breach of a rule.</summary>
public sealed record Finding(DateTimeOffset At, string Text);

/// <param name="Checks">How often the rule was checked.</param>
/// <param name="Reason">Why it is not supported or was not run; else null.</param>
/// <param name="Findings">The first breaches.</param>
public sealed record RuleResult(Rule Rule, Outcome Outcome, int Checks, string? Reason, ImmutableArray<Finding> Findings);

/// <summary>Keeps what is found of each rule while a check runs. Not thread-safe.</summary>
internal sealed class Book(TimeProvider clock)
{
    private const int MaxFindings = 5;

    private readonly Dictionary<Rule, Entry> entries = [];

    /// <summary>Anything failed so far.</summary>
    public bool HasFaults => entries.Values.Any(entry => entry.Faults > 0);

    /// <summary>The rule was checked.</summary>
    /// <param name="isKept">False: it is broken.</param>
    /// <param name="finding">What was seen and what should have been, where it is broken.</param>
    public bool Check(Rule rule, bool isKept, FormattableString finding)
    {
        var entry = Of(rule);
        entry.Checks++;
        if (!isKept)
        {
            entry.Faults++;
            if (entry.Findings.Count < MaxFindings)
            {
                entry.Findings.Add(new(clock.GetUtcNow(), FormattableString.Invariant(finding)));
            }
        }

        return isKept;
    }

    public void NotSupported(Rule rule, string why) => Of(rule).Unsupported ??= why;

    /// <summary>Says why a rule will not be checked; one that was is left as it is.</summary>
    public void NotRun(Rule rule, string why) => Of(rule).NotRun ??= why;

    public bool IsOpen(Rule rule) => Of(rule) is { Checks: 0, Unsupported: null, NotRun: null };

    public ImmutableArray<RuleResult> Results(IEnumerable<Rule> rules) => [.. rules.Select(Result)];

    private RuleResult Result(Rule rule)
    {
        var entry = Of(rule);
        return new(
            rule,
            entry.Faults > 0 ? Outcome.Fail : entry.Checks > 0 ? Outcome.Pass : entry.Unsupported is not null ? Outcome.NotSupported : Outcome.NotRun,
            entry.Checks,
            entry.Checks > 0 ? null : entry.Unsupported ?? entry.NotRun ?? "There was no occasion for it",
            [.. entry.Findings]);
    }

    private Entry Of(Rule rule)
    {
        if (!entries.TryGetValue(rule, out var entry))
        {
            entries.Add(rule, entry = new());
        }

        return entry;
    }

    private sealed class Entry
    {
        public int Checks { get; set; }
        public int Faults { get; set; }
        public string? Unsupported { get; set; }
        public string? NotRun { get; set; }
        public List<Finding> Findings { get; } = [];
    }
}
