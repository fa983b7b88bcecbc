namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// The order in which a first solution takes the tasks: what costs most to leave out first, in steps of a factor of two; within a step each
/// time the nearest that is left, from the start of the first vehicle on (path scanning: Golden, DeArmon and Baker 1983).
/// </summary>
internal sealed class StartOrder<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly List<int> left = [];
    private readonly bool[] isLeft = new bool[model.Tasks];

    public int[] Tasks()
    {
        var order = new List<int>(model.Tasks);
        foreach (var step in Enumerable.Range(0, model.Tasks).GroupBy(task => (int)Math.Log2(Math.Max(1, model.Penalty[task]))).OrderByDescending(step => step.Key))
        {
            left.AddRange(step);
            foreach (var task in left)
            {
                isLeft[task] = true;
            }

            for (var at = model.Vehicles[0].StartStop; left.Count > 0;)
            {
                at = Nearest(at);
                isLeft[at] = false;
                left.Remove(at);
                order.Add(at);
            }
        }

        return [.. order];
    }

    private int Nearest(int at)
    {
        if (model.IsTask(at))
        {
            foreach (var near in model.NearTo(at))
            {
                if (isLeft[near])
                {
                    return near;
                }
            }
        }

        var (nearest, least) = (left[0], int.MaxValue);
        foreach (var task in left)
        {
            var cost = TCosts.Total(TCosts.AtDepot, TCosts.Behind(model.Link(at, task), TCosts.AtDepot));
            if (cost < least)
            {
                (nearest, least) = (task, cost);
            }
        }

        return nearest;
    }
}
