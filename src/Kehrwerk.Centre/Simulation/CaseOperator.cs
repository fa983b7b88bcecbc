using Kehrwerk.Centre.Cases;
using Kehrwerk.Link.Simulation;

namespace Kehrwerk.Centre.Simulation;

/// <summary>
/// A scripted person at the case queue of a simulated Centre: takes each case after 10 to 30 s, decides on what people do after 20 to
/// 50 s more, and closes what is over. Commands to vehicles are given by others; those decide cases too.
/// </summary>
public sealed class CaseOperator(EventLoop loop, Func<SimulatedCentre?> centre, string name)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    public void Begin() => loop.Schedule(LookEvery, Look);

    private void Look()
    {
        if (centre() is { } running)
        {
            foreach (var one in running.OpenCases.ToList())
            {
                if (NextStep(one) is { } order)
                {
                    running.Order(order);
                }
            }
        }

        loop.Schedule(LookEvery, Look);
    }

    private CaseOrder? NextStep(Case one)
    {
        var takeAfter = TimeSpan.FromSeconds(10 + (10 * (one.Id % 3)));
        var decideAfter = TimeSpan.FromSeconds(20 + (10 * (one.Id % 4)));
        return one switch
        {
            { Owner: null } when loop.Now - one.RaisedAt >= takeAfter => new(CaseOrderKind.Take, one.Id, one.Version, name),
            { State: CaseState.Owned } when one.Owner == name && loop.Now - one.History[^1].At >= decideAfter =>
                one.Rule.Actions.Any(IsForPeople)
                    ? new(CaseOrderKind.Decide, one.Id, one.Version, name) { Action = one.Rule.Actions.First(IsForPeople), Text = "By the script" }
                    : one.GoneAt is null ? null : new(CaseOrderKind.Close, one.Id, one.Version, name) { Text = "It is over" },
            _ => null,
        };
    }

    private static bool IsForPeople(CaseAction action) => action > CaseAction.Stop;
}
