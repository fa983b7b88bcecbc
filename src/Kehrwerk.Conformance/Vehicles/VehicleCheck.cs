using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>The check of one vehicle against VDA 5050 3.0.0 and the safety profile.</summary>
internal sealed class VehicleCheck
{
    // A vehicle that sends only every 30 s must be heard.
    private const double FirstWordS = 65;

    private readonly VehicleSession session;
    private readonly FormWatch form;
    private readonly TimeWatch time;
    private readonly uint? epoch;
    private readonly Action<string> progress;
    private readonly Func<Rule, bool> isWanted;

    /// <param name="isWanted">Which rules are asked for: scenes without one are not played.</param>
    /// <param name="epoch">Epoch of the leases; null: the vehicle's own.</param>
    /// <param name="driveLimitS">The longest that driving two edges of the route may take, seconds.</param>
    /// <param name="progress">Told the name of each scene.</param>
    public VehicleCheck(
        EventLoop loop, ITransport line, Topics topics, VehicleId vehicle, Route route, IAttendant attendant, double driveLimitS, uint? epoch, Func<Rule, bool> isWanted, Action<string> progress)
    {
        (this.epoch, this.isWanted, this.progress) = (epoch, isWanted, progress);
        session = new(loop, line, topics, vehicle, route, attendant, driveLimitS);
        form = new(session, new(VehicleRules.Readable, VehicleRules.HeaderNames, VehicleRules.HeaderVersion, VehicleRules.HeaderCounts, VehicleRules.HeaderTime, VehicleRules.Quality));
        time = new(session);
        session.Watch(form.See);
        session.Watch(seen => Live(seen, time.See));
        var states = new StateWatch(session);
        session.Watch(seen => Live(seen, states.See));
        session.Watch(seen => Live(seen, session.Errors.See));
        var safety = new SafetyWatch(session);
        session.Watch(seen => Live(seen, safety.See));
    }

    /// <summary>The vehicle as it declares itself; null where no factsheet came.</summary>
    public Factsheet? Factsheet => session.Factsheet;

    /// <summary>Plays every scene.</summary>
    /// <returns>The result of each rule.</returns>
    /// <exception cref="CannotCheckException">There is no vehicle, or it is not free.</exception>
    public async Task<ImmutableArray<RuleResult>> Run()
    {
        await session.Listen();
        await Meet();
        var used = session.State.ZoneSets.FirstOrDefault(set => set.ZoneSetStatus == StoredStatus.Enabled)?.ZoneSetId;
        string? broken = null;
        foreach (var scene in Scenes.All.Where(scene => scene.Rules.Any(isWanted)))
        {
            broken ??= session.Disturbance;
            if (broken is not null)
            {
                scene.Rules.ToList().ForEach(rule => session.Book.NotRun(rule, broken));
                continue;
            }

            broken = await Play(scene);
        }

        if (used is not null && broken is null)
        {
            await session.Done(SweeperActions.EnableZoneSet, parameters: new ActionParameter(SweeperActions.ZoneSetIdParameter, used));
        }

        time.LookAtSilence();
        form.Finish();
        if (session.Disturbance is { } disturbance)
        {
            throw new CannotCheckException(disturbance);
        }

        foreach (var rule in ProfileRules.All.Where(_ => !session.IsSupervised))
        {
            session.Book.NotSupported(rule, LeaseScenes.Missing(session)!);
        }

        return session.Book.Results(Rules.OfVehicle.Where(isWanted));
    }

    private static void Live(Seen seen, Action<Seen> watcher)
    {
        if (!seen.Message.Retain)
        {
            watcher(seen);
        }
    }

    private async Task Meet()
    {
        progress("Waiting for the vehicle");
        if (!await session.Until(() => session.LastState is not null, FirstWordS))
        {
            throw new CannotCheckException($"{session.Vehicle} sends no state that can be read. Is it on, at this broker, under this name?");
        }

        await session.Until(() => session.Safety is not null, 7);
        if (session.Safety is { } safety)
        {
            session.Leases.Begin(safety, epoch);
        }

        if (!session.IsIdle)
        {
            throw new CannotCheckException($"{session.Vehicle} has order {session.State.OrderId} under way. Let it finish or cancel it, then check again");
        }

        if (!await session.Until(() => session.IsReady, 30))
        {
            throw new CannotCheckException($"{session.Vehicle} is not ready: mode {session.State.OperatingMode}, driving {session.State.Driving}, paused {session.State.Paused}, errors {GreetingScenes.Errors(session)}"
                + (session.IsSupervised ? $", supervision {session.Safety!.Mode} {session.Safety.LeaseRefusal}" : ""));
        }
    }

    /// <returns>Why no other scene can be played; null where it can.</returns>
    private async Task<string?> Play(Scene scene)
    {
        if (scene.Unsupported?.Invoke(session) is { } why)
        {
            scene.Rules.ToList().ForEach(rule => session.Book.NotSupported(rule, why));
            return null;
        }

        progress(scene.Name);
        try
        {
            await scene.Play(session);
        }
        catch (SceneEnd end)
        {
            foreach (var rule in scene.Rules.Where(session.Book.IsOpen))
            {
                session.Book.NotRun(rule, $"{scene.Name}: {end.Message}");
            }
        }

        return await Recover() ? null : $"The vehicle did not return to idle after scene '{scene.Name}'";
    }

    /// <summary>Brings the vehicle back to where a scene can begin.</summary>
    private async Task<bool> Recover()
    {
        session.Leases.Heal();
        session.Leases.IsOn = session.IsSupervised;
        (session.GivesReceipts, session.MayBeSilent) = (true, false);
        if (await session.Until(() => session.IsReady && session.Place is not null, 3))
        {
            return true;
        }

        await MrcScenes.EndIfAtRisk(session);
        if (session.State.Paused == true)
        {
            await session.Done(SweeperActions.StopPause);
        }

        if (!session.IsIdle)
        {
            await session.Done(SweeperActions.CancelOrder, 120);
        }

        if (!await session.Until(() => session.IsReady, 60))
        {
            return false;
        }

        // Where it stands on a node of the route, by what it says.
        var at = session.State.MobileRobotPosition;
        session.Place = session.Route.Nodes.Any(node => node.NodeId == session.State.LastNodeId)
            && (at is null || Distance(session.Route.Node(session.State.LastNodeId), at) < 3) ? session.State.LastNodeId : null;
        if (session.Place is null && session.Orders.TryGetValue(session.State.OrderId, out var order) && !order.Edges.IsEmpty
            && session.Route.Edges.Any(edge => edge.EdgeId == order.Edges[0].EdgeId))
        {
            try
            {
                await CancelScenes.GoOn(session, order, temporaryFirst: false, isJudged: false);
            }
            catch (SceneEnd)
            {
                return false;
            }
        }

        return session.Place is not null && session.IsReady;
    }

    private static double Distance(RouteNode node, MobileRobotPosition at) => Math.Sqrt(Math.Pow(node.X - at.X, 2) + Math.Pow(node.Y - at.Y, 2));
}
