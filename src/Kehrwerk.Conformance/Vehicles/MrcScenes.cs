using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.ProfileRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Minimal risk manoeuvre and condition, and what ends it (safety profile, SP-LEASE-8, SP-MODE, SP-DEACT, SP-MRC).</summary>
internal static class MrcScenes
{
    private const double BrakesWithinS = 60;

    public static Scene LeaseLost { get; } = new(
        "The lease is lost under way",
        [ProfileRules.LeaseLost, MrcStands, MrcKeeps, MrcStays, EndOnly, EndOther, EndIncomplete, AwakeInMrc, EndUnsupervised, DeactivatedAgain, EndContinues],
        async session =>
        {
            var (book, leases) = (session.Book, session.Leases);
            var order = await CancelScenes.DriveOff(session);
            leases.IsOn = false;
            var mostS = Math.Min(session.Safety!.LeaseTimeoutS, leases.ValidForS);
            var risk = await session.Until(() => IsAtRisk(session), mostS + 10);
            var afterS = ((session.Safety!.Since ?? session.Safety.Timestamp) - leases.AnsweredAt).TotalSeconds;
            // A state that crosses with the last lease is within a tick of the vehicle.
            book.Check(ProfileRules.LeaseLost, risk && afterS <= mostS + 0.5 + 0.1, $"{(risk ? FormattableString.Invariant($"the MRM began {afterS:F1} s after the last answered state") : "no MRM began")}, at most {mostS + 0.5:F1} s are allowed");
            VehicleSession.Need(risk, "The vehicle does not begin an MRM without leases");
            await Rests(session, order);

            leases.Heal();
            await session.Pass(5);
            book.Check(MrcStays, IsAtRisk(session), $"with good leases again the vehicle is {session.Safety!.Mode}");
            VehicleSession.Need(IsAtRisk(session), "The vehicle left the MRC by itself");
            await session.Done(SweeperActions.StopPause);
            await session.Done(SweeperActions.Activate);
            await session.Pass(2);
            book.Check(EndOnly, IsAtRisk(session), $"after stopPause and activate the vehicle is {session.Safety!.Mode}");
            VehicleSession.Need(IsAtRisk(session), "The vehicle left the MRC without endMrc");
            await Refused(session);

            var before = session.Safety!.MrcId;
            session.Do(SweeperActions.Deactivate);
            await session.Until(() => session.Safety!.Cause == MrcCause.Deactivated, VehicleSession.AnswerS);
            book.Check(DeactivatedAgain, session.Safety!.MrcId != before && session.Safety.Cause == MrcCause.Deactivated, $"deactivate in {before}: now {session.Safety.MrcId}, cause {session.Safety.Cause}");

            var end = await End(session, cancels: false);
            var goesOn = await session.Until(() => session.State.Driving, session.DriveLimitS);
            book.Check(EndContinues, end is { ActionStatus: ActionStatus.Finished } && goesOn && session.Has(order), $"endMrc with continue is {GreetingScenes.Of(end)} {end?.ActionResult}; driving {session.State.Driving}");
            await session.Finish(order);
        },
        LeaseScenes.Missing);

    public static Scene Deactivation { get; } = new(
        "Deactivation under way", [Deactivated, MrcStands, MrcKeeps, EndCancels], async session =>
        {
            var order = await CancelScenes.DriveOff(session);
            var at = session.Now;
            session.Do(SweeperActions.Instant(SweeperActions.Deactivate, session.NewActionId()), isStamped: false);
            var risk = await session.Until(() => IsAtRisk(session), VehicleSession.AnswerS);
            session.Book.Check(Deactivated, risk && session.Safety!.Cause == MrcCause.Deactivated && (session.Now - at).TotalSeconds <= 2, $"{(session.Now - at).TotalSeconds:F1} s after deactivate: {session.Safety!.Mode}, cause {session.Safety.Cause}");
            VehicleSession.Need(risk, "The vehicle is not deactivated");
            await Rests(session, order);
            var end = await End(session, cancels: true);
            var isIdle = await session.Until(() => session.Stands, VehicleSession.AnswerS);
            session.Book.Check(EndCancels, end is { ActionStatus: ActionStatus.Finished } && isIdle, $"endMrc with cancel is {GreetingScenes.Of(end)} {end?.ActionResult}; idle {session.IsIdle}");
            VehicleSession.Need(isIdle, "The vehicle still has an order after endMrc with cancel");
            await CancelScenes.GoOn(session, order, temporaryFirst: true);
        },
        LeaseScenes.Missing);

    public static bool IsAtRisk(VehicleSession session) => session.Safety is { Mode: SafetyMode.Mrm or SafetyMode.Mrc };

    /// <summary>Lets the vehicle go if a scene left it at minimal risk.</summary>
    public static async Task EndIfAtRisk(VehicleSession session)
    {
        if (IsAtRisk(session) && await session.Until(() => session.Safety!.Mode == SafetyMode.Mrc, BrakesWithinS))
        {
            // A lease must have come since.
            await session.Pass(2);
            await End(session, cancels: true);
        }
    }

    private static async Task<ActionState?> End(VehicleSession session, bool cancels, string? mrcId = null) =>
        await session.Ended(session.Do(new MrcInvestigation(mrcId ?? session.Safety!.MrcId ?? "none", "conformance check", "Provoked by the conformance check; the way is free.", cancels).ToAction(session.NewActionId())), 60);

    private static async Task Rests(VehicleSession session, Order order)
    {
        var stands = await session.Until(() => !session.State.Driving && session.Safety!.Mode == SafetyMode.Mrc, BrakesWithinS);
        session.Book.Check(MrcStands, stands, $"{BrakesWithinS} s later: {session.Safety!.Mode}, driving {session.State.Driving}");
        VehicleSession.Need(stands, "The vehicle does not come to a stand in the MRM");
        await session.Pass(2);
        session.Book.Check(
            MrcKeeps,
            session.Has(order) && !session.State.NodeStates.IsEmpty && session.State.ActionStates.All(action => action.ActionStatus != ActionStatus.Running),
            $"in the MRC: order {session.State.OrderId} with {session.State.NodeStates.Length} nodes ahead, running {string.Join(", ", session.State.ActionStates.Where(action => action.ActionStatus == ActionStatus.Running).Select(action => action.ActionId))}");
    }

    /// <summary>What must not end the MRC, and what must not be done in it.</summary>
    private static async Task Refused(VehicleSession session)
    {
        var book = session.Book;
        var other = await End(session, cancels: false, mrcId: "conform-other-mrc");
        book.Check(EndOther, other is { ActionStatus: ActionStatus.Failed } && CommandScenes.Says(other, "otherMrc"), $"endMrc for another MRC is {GreetingScenes.Of(other)} {other?.ActionResult}");
        VehicleSession.Need(IsAtRisk(session), "The vehicle ended its MRC for another id");
        var bare = await session.Done(SweeperActions.EndMrc, parameters: new ActionParameter("mrcId", session.Safety!.MrcId ?? ""));
        book.Check(EndIncomplete, bare is { ActionStatus: ActionStatus.Failed } && CommandScenes.Says(bare, "incomplete"), $"endMrc without an investigation is {GreetingScenes.Of(bare)} {bare?.ActionResult}");
        VehicleSession.Need(IsAtRisk(session), "The vehicle ended its MRC without an investigation");
        if (session.Declares(SweeperActions.StartHibernation))
        {
            var sleep = await session.Done(SweeperActions.StartHibernation);
            book.Check(AwakeInMrc, sleep is { ActionStatus: ActionStatus.Failed }, $"startHibernation in the MRC is {GreetingScenes.Of(sleep)}");
            VehicleSession.Need(sleep is { ActionStatus: ActionStatus.Failed }, "The vehicle sleeps in the MRC");
        }
        else
        {
            book.NotSupported(AwakeInMrc, "startHibernation is not declared");
        }

        session.Leases.IsOn = false;
        await session.Pass(session.Safety!.LeaseTimeoutS + 1);
        var alone = await End(session, cancels: false);
        book.Check(EndUnsupervised, alone is { ActionStatus: ActionStatus.Failed } && CommandScenes.Says(alone, "unsupervised"), $"endMrc without a lease is {GreetingScenes.Of(alone)} {alone?.ActionResult}");
        session.Leases.Heal();
        VehicleSession.Need(IsAtRisk(session), "The vehicle ended its MRC without a lease");
        await session.Pass(3);
    }
}
