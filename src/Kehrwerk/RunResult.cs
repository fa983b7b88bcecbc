using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Streets;

namespace Kehrwerk;

/// <summary>What was swept in the newest shift, for scripts; comparable to <see cref="ShiftResult"/>.</summary>
internal sealed record RunResult(string City, string Fingerprint, int KerbsPlanned, int KerbsSwept, IReadOnlyList<string> Swept, IReadOnlyList<MissedResult> Missed)
{
    public static RunResult Of(City city, CentreStore store)
    {
        var shift = store.NewestShift();
        var ids = shift.Select(m => m.Id).ToHashSet();
        var swept = store.Coverage().Where(c => ids.Contains(c.Mission)).Select(c => c.KerbKey).Order(StringComparer.Ordinal).ToList();
        var missed =
            from mission in shift
            from step in mission.Steps
            where step is { IsPlannedSweep: true, Status: StepStatus.Skipped }
            let kerb = city.Kerbs[((StepWork.Sweep)step.Work).Kerb]
            orderby kerb.Key
            select new MissedResult(kerb.Key, kerb.Street, mission.Vehicle.ToString(), ((StepStatus.Skipped)step.Status).Reason);
        return new(city.Name, city.Fingerprint, shift.Sum(m => m.Steps.Count(s => s.IsPlannedSweep)), swept.Count, swept, [.. missed]);
    }
}
