namespace Kehrwerk.Sweeper.World;

// Overtaking what is slow.
internal sealed partial class LaneTraffic
{
    /// <summary>Swerves round what is slow or stands, where the road beside it is free all the way; back as soon as it is passed.</summary>
    private void Overtake(int index, ref Agent agent, AgentPath path, int leader, double gapM, double leaderMps)
    {
        var map = world.Map;
        var arc = path.Arc;
        if (path.AsideGoalM > 0)
        {
            if (!IsBeside(index, ref agent, path))
            {
                path.AsideGoalM = 0;
            }

            return;
        }

        if (leader < 0 || agent.Kind == AgentKind.Bus || map.IsShared(arc))
        {
            return;
        }

        ref readonly var slow = ref world.At(leader);
        var isSlow = slow.Kind is AgentKind.Sweeper or AgentKind.Cyclist or AgentKind.Barrier or AgentKind.Box or AgentKind.Branch
            || (slow.Behaviour == Behaviour.Scripted && !slow.IsPerson) || agent.Kind == AgentKind.Emergency;
        if (!isSlow || gapM > 25 || gapM < 4 || leaderMps > 0.6 * path.WantedMps || leaderMps < -0.1 || slow.IsPerson)
        {
            return;
        }

        var sideM = slow.Kind == AgentKind.Cyclist && agent.Kind != AgentKind.Cyclist ? CyclistSideM : OvertakenSideM;
        path.Project(slow.X, slow.Y, 60, out var alongM, out var slowAsideM, out _);
        var goal = slowAsideM + ((slow.WidthM + agent.WidthM) / 2) + sideM;
        var ownM = Offset(agent.Kind, arc, world.Map.Network.ArcLengthM[arc] / 2);
        if (goal < 0.3 || ownM + goal + (agent.WidthM / 2) > map.LeftM[arc] - 0.2)
        {
            return;
        }

        // Metres until it is past, by a speed that is 4 m/s greater, with what it takes to get there.
        var overtakes = Math.Max(leaderMps + 4, 0.7 * path.WantedMps);
        var seconds = (gapM + slow.LengthM + agent.LengthM + 12) / (overtakes - leaderMps);
        var needM = seconds * overtakes;
        for (var i = path.Piece; i < path.Count && path.S[i] < path.AlongM + needM; i++)
        {
            // Not in a bend.
            if (path.MostMps[i] < 12)
            {
                return;
            }
        }

        if (path.AlongM + needM + 8 < FirstCrossingM(path) && IsFree(index, ref agent, path, leader, goal, needM, seconds))
        {
            path.AsideGoalM = goal;
        }
    }

    private static double FirstCrossingM(AgentPath path)
    {
        for (var i = 0; i < path.CrossingCount; i++)
        {
            if (path.Crossings[i].ToM > path.AlongM)
            {
                return path.Crossings[i].FromM;
            }
        }

        return double.PositiveInfinity;
    }

    private bool IsBeside(int index, ref Agent agent, AgentPath path)
    {
        var count = world.Near(agent.X, agent.Y, 30, near);
        for (var k = 0; k < count; k++)
        {
            ref readonly var other = ref world.At(near[k]);
            if (near[k] != index && path.Project(other.X, other.Y, 25, out var alongM, out var asideM, out _)
                && Math.Abs(asideM) < ((other.WidthM + agent.WidthM) / 2) + 0.2
                && alongM - path.AlongM > -(other.LengthM + agent.LengthM) / 2 - 2 && alongM - path.AlongM < ((other.LengthM + agent.LengthM) / 2) + 15)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsFree(int index, ref Agent agent, AgentPath path, int slow, double goalM, double needM, double seconds)
    {
        // The other lane must be known as far as somebody could come from within the time.
        var lookM = needM + (14 * seconds);
        var count = world.Near(agent.X, agent.Y, lookM, near);
        if (count == near.Length || lookM > path.EndM - path.AlongM)
        {
            return false;
        }

        for (var k = 0; k < count; k++)
        {
            ref readonly var other = ref world.At(near[k]);
            if (near[k] == index || other.Kind == AgentKind.LeafPile || !path.Project(other.X, other.Y, lookM, out var alongM, out var asideM, out var piece))
            {
                continue;
            }

            var (ux, uy) = path.Direction(piece);
            var oncoming = -((other.Vx * ux) + (other.Vy * uy));
            var aheadM = alongM - path.AlongM;
            var isIn = Math.Abs(asideM - goalM) < ((other.WidthM + agent.WidthM) / 2) + 0.3;
            // Nobody else in the lane to which it must come back.
            var isInLane = near[k] != slow && Math.Abs(asideM) < ((other.WidthM + agent.WidthM) / 2) + 0.3 && aheadM > 0 && aheadM < needM + 12;
            // Behind: one who overtakes already. Ahead: who stands there, or gets there before this one is back.
            if (isInLane || (isIn && (aheadM < 0 ? aheadM > -25 && -oncoming > agent.SpeedMps : aheadM < needM + 5 + (Math.Max(0, oncoming) * seconds))))
            {
                return false;
            }
        }

        return true;
    }
}
