using System.Text;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.ProfileRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Leases and epochs (safety profile, SP-LEASE, SP-EPOCH, SP-TOPIC-3).</summary>
internal static class LeaseScenes
{
    public static Scene Refused { get; } = new(
        "Leases that permit nothing", [TopicVersion, LeaseIds, LeaseHeard, LeaseValid, LeaseDuty, LeaseRefuses, LeaseMap], async session =>
        {
            var (book, leases) = (session.Book, session.Leases);
            leases.SpoilBytes = bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"profileVersion\":\"1.0.0\"", "\"profileVersion\":\"2.0.0\"", StringComparison.Ordinal));
            book.Check(TopicVersion, await Ends(session), $"the vehicle stays supervised by leases of profileVersion 2.0.0");
            await Mend(session);
            leases.SpoilBytes = bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"profileVersion\"", "\"conformUnknown\":1,\"profileVersion\"", StringComparison.Ordinal));
            await session.Pass(session.Safety!.LeaseTimeoutS + 3);
            book.Check(TopicVersion, session.Safety!.Mode == SafetyMode.Supervised, $"leases with an unknown field are not taken: {session.Safety.LeaseRefusal}");
            await Mend(session);

            var (stale, heard) = (leases.LeaseId, session.State);
            leases.Spoil = lease => lease with { LeaseId = stale };
            book.Check(LeaseIds, await Ends(session), $"the vehicle stays supervised by leases that all have leaseId {stale}");
            await Mend(session);

            leases.Spoil = lease => lease with { Heard = new(lease.Heard.HeaderId + 100_000, lease.Heard.Timestamp) };
            book.Check(LeaseHeard, await Ends(session), $"the vehicle stays supervised by leases that answer states it never sent");
            await Mend(session);

            leases.Spoil = lease => lease with { SupervisorOnDuty = false };
            var ended = await Ends(session);
            book.Check(LeaseDuty, ended, $"the vehicle stays supervised with nobody on duty");
            if (ended)
            {
                await Orderless(session);
            }

            await Mend(session);
            leases.Spoil = lease => lease with { Map = lease.Map with { MapId = "conform-no-map" } };
            ended = await Ends(session);
            book.Check(LeaseMap, ended && session.Safety!.LeaseRefusal is not null, $"a lease for another map: mode {session.Safety!.Mode}, leaseRefusal '{session.Safety.LeaseRefusal}'");
            await Mend(session);

            // One lease that holds a second, then none.
            leases.IsOn = false;
            await session.Until(() => false, 0.5);
            leases.ValidForS = 1;
            leases.Give(session.State);
            var answered = leases.AnsweredAt;
            await session.Until(() => session.Safety!.Mode != SafetyMode.Supervised, session.Safety!.LeaseTimeoutS + 10);
            var lasted = session.Safety!.Timestamp - answered;
            book.Check(LeaseValid, session.Safety.Mode != SafetyMode.Supervised && lasted.TotalSeconds <= 2, $"a lease with validForS 1 held {lasted.TotalSeconds:F1} s");
            await Mend(session);
        },
        Missing);

    public static Scene Epochs { get; } = new(
        "Epochs", [EpochNew, EpochOld, EpochOrder], async session =>
        {
            var (book, leases) = (session.Book, session.Leases);
            foreach (var epoch in (uint?[])[null, leases.Epoch + 1])
            {
                await RejectScenes.Refused(session, EpochOrder, ErrorTypes.MobileRobotNotAvailable, session.NewOrder(1) with { SupervisionEpoch = epoch });
            }

            var order = session.NewOrder(2);
            await session.Start(order);
            VehicleSession.Need(await session.Until(() => session.State.Driving, session.DriveLimitS), "The vehicle did not drive off");
            (leases.Epoch, leases.LeaseId) = (leases.Epoch + 1, 0);
            var followed = await session.Until(() => session.Safety!.Epoch == leases.Epoch, 5);
            await session.Pass(session.Safety!.LeaseTimeoutS + 2);
            book.Check(EpochNew, followed && session.Safety!.Mode == SafetyMode.Supervised && session.Has(order), $"epoch {leases.Epoch} was given; safety shows {session.Safety!.Epoch}, {session.Safety.Mode}, order {session.State.OrderId}");
            VehicleSession.Need(followed, "The vehicle does not follow a higher epoch");
            await session.Finish(order);

            leases.Spoil = lease => lease with { Epoch = lease.Epoch - 1 };
            book.Check(EpochOld, await Ends(session) && session.Safety!.Epoch == leases.Epoch, $"leases of epoch {leases.Epoch - 1}: safety shows {session.Safety!.Epoch}, {session.Safety.Mode}");
            await Mend(session);
        },
        Missing);

    public static string? Missing(VehicleSession session) => session.IsSupervised ? null : "The vehicle does not speak the safety profile: nothing comes on safety";

    /// <summary>Whether the vehicle, which stands idle, ceases to be supervised.</summary>
    private static Task<bool> Ends(VehicleSession session) => session.Until(() => session.Safety!.Mode != SafetyMode.Supervised, session.Safety!.LeaseTimeoutS + 7);

    private static async Task Orderless(VehicleSession session)
    {
        var order = session.NewOrder(1);
        await RejectScenes.Refused(session, LeaseRefuses, ErrorTypes.MobileRobotNotAvailable, order);
    }

    private static async Task Mend(VehicleSession session)
    {
        session.Leases.Heal();
        await MrcScenes.EndIfAtRisk(session);
        VehicleSession.Need(await session.Until(() => session.IsReady, 30), "The vehicle is not supervised again, though leases are good");
    }
}
