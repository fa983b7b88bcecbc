namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Which problems are <em>plain</em>: the benchmark problems, in which costs alone decide. One kind of vehicle in any number; sites, if there are
/// any, all offer the one service, which takes no time. Their routes need no schedule, which makes the search several times faster.
/// </summary>
internal static class PlainProblem
{
    public static bool Is(ArcProblem problem) =>
        problem.Vehicles is [var vehicle]
        && vehicle is { Count: null, IsOut: false, Used.IsEmpty: true, TravelUse.IsEmpty: true, StandUse.IsEmpty: true, Balance: 0, Battery: null }
        && vehicle.TaskTime.IsEmpty && vehicle.TaskCost.IsEmpty && vehicle.TaskDemand.IsEmpty && vehicle.ServiceTime.IsEmpty && vehicle.Breaks.IsEmpty
        && problem.TravelTime is null
        && problem.Tasks.All(task => task.Penalty is null && task.Windows.IsEmpty && task.Modes.All(mode => mode.Time is null))
        && HasPlainSites(problem);

    private static bool HasPlainSites(ArcProblem problem) =>
        problem.Services switch
        {
            [] => problem.Sites.IsEmpty,
            [{ IsDoneLast: true, IsCharge: false } tip] =>
                tip.Resets.Length == problem.Resources && problem.Sites.All(site => site.Bays[0] == ArcSite.Unlimited),
            _ => false,
        };
}
