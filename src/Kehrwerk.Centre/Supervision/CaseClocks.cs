using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Cases;

/// <summary>The timers of cases: what nobody takes or decides escalates, what is shelved comes back, what was decided and still holds is asked about.</summary>
internal static class CaseClocks
{
    /// <summary>The case with the clock of its state set anew.</summary>
    public static Case Wind(Case one, DateTimeOffset now) => one with { Due = WaitS(one) is { } seconds ? now.AddSeconds(seconds) : null };

    public static void Run(CaseDecision d)
    {
        foreach (var one in d.Book.Cases.Values)
        {
            if (one is { State: CaseState.Shelved, ShelvedUntil: { } until } && until <= d.Now)
            {
                d.Set(Wind(one with { State = CaseState.Open, ShelvedUntil = null, Level = 0 }, d.Now), CaseStepKind.Unshelved, TwinRules.Centre);
            }
            else if (one.IsOpen && one.Due <= d.Now)
            {
                Ring(d, one);
            }
        }
    }

    private static void Ring(CaseDecision d, Case one)
    {
        if (one.State == CaseState.Decided)
        {
            d.Set(Wind(one with { State = CaseState.Owned }, d.Now), CaseStepKind.Reminded, TwinRules.Centre, "it was decided and its condition still holds");
            return;
        }

        var next = one with { Level = one.Level + 1 };
        // It is the same case for whoever looks at it: a step that is just being taken is not refused for it.
        d.Set(next.Level < CaseRules.MaxLevel ? Wind(next, d.Now) : next with { Due = null }, CaseStepKind.Escalated, TwinRules.Centre, FormattableString.Invariant($"level {next.Level}"), isNewVersion: false);
    }

    private static double? WaitS(Case one) => one.State switch
    {
        CaseState.Open or CaseState.Acknowledged => one.Rule.TakeS,
        CaseState.Owned => one.Rule.DecideS,
        CaseState.Decided when one.GoneAt is null && one.Rule.HasCondition => CaseRules.ReminderS,
        _ => null,
    };
}
