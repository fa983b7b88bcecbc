using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>The runner's supervision of the vehicle (safety profile, SP-LEASE): a lease a second in answer to states, and how scenes spoil it.</summary>
internal sealed class LeaseGiver(VehicleSession session)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.9);

    private DateTimeOffset lastAt;

    /// <summary>Follows the vehicle's own count, so that the Centre it usually has finds it as it was; a scene raises it.</summary>
    public uint Epoch { get; set; }

    public uint LeaseId { get; set; }
    public double ValidForS { get; set; } = 3;
    public bool IsOn { get; set; }

    /// <summary>Changes each lease before it is sent; null: as it is.</summary>
    public Func<Supervision, Supervision>? Spoil { get; set; }

    /// <summary>Changes the bytes of each lease; null: as they are.</summary>
    public Func<byte[], byte[]>? SpoilBytes { get; set; }

    /// <summary>When the newest state that a good lease answered was sent, by the vehicle's clock.</summary>
    public DateTimeOffset AnsweredAt { get; private set; }

    /// <summary>Begins where the vehicle stands.</summary>
    public void Begin(SafetyReport report, uint? epoch)
    {
        (Epoch, LeaseId) = epoch is { } given && given > report.Epoch ? (given, 0) : (Math.Max(1, report.Epoch), report.LeaseId ?? 0);
        IsOn = true;
    }

    public CommandStamp Stamp() => new(Epoch, LeaseId, 10, "conformance check");

    public void Answer(State state)
    {
        if (!IsOn || session.Now - lastAt < Every)
        {
            return;
        }

        Give(state);
    }

    /// <summary>Gives a lease now that answers a state.</summary>
    public void Give(State state)
    {
        lastAt = session.Now;
        LeaseId++;
        var lease = new Supervision
        {
            HeaderId = session.NextHeader(LinkTopic.Supervision),
            Timestamp = session.Now,
            Vehicle = session.Vehicle,
            Epoch = Epoch,
            LeaseId = LeaseId,
            ValidForS = ValidForS,
            SupervisorOnDuty = true,
            Heard = new(state.HeaderId, state.Timestamp),
            Map = session.Safety!.Map,
        };
        if (Spoil is null && SpoilBytes is null)
        {
            AnsweredAt = state.Timestamp;
        }

        var bytes = LinkJson.Serialize(Spoil?.Invoke(lease) ?? lease);
        session.Publish(LinkTopic.Supervision, SpoilBytes?.Invoke(bytes) ?? bytes);
    }

    /// <summary>Good leases again.</summary>
    public void Heal() => (Spoil, SpoilBytes, ValidForS, IsOn) = (null, null, 3, true);
}
