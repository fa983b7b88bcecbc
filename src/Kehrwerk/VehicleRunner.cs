using Kehrwerk.Link;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper;
using Kehrwerk.Sweeper.Recording;
using Kehrwerk.Sweeper.Safety;
using Microsoft.Extensions.Logging;

namespace Kehrwerk;

/// <summary>Where the broker is, and with which certificates each participant of the link connects.</summary>
/// <param name="Tls">Null for a plain connection.</param>
internal sealed record BrokerAddress(string Host, int Port, Func<LinkIdentity, LinkTls?> Tls)
{
    public MqttTransportOptions For(LinkIdentity who) => new(Host, Port, who.Name) { Tls = Tls(who) };
}

/// <summary>Runs one virtual sweeper over MQTT until cancelled: its own connection, its own condition file.</summary>
/// <param name="conditions">Folder of the condition files.</param>
/// <param name="world">Where they drive in full; null: they move by their model's figures.</param>
/// <param name="supervision">Null: they drive without leases, as plain VDA 5050 lets them.</param>
internal sealed class VehicleRunner(
    City city, SweeperModel model, string conditions, BrokerAddress broker, ILoggerFactory logs, AcceleratedTime time, SupervisionRules? supervision, FleetWorld? world = null)
{
    // Each tick of the vehicle costs real work, so a fast clock ticks in larger steps; the physics inside stays at 0.1 s.
    private TimeSpan Tick => TimeSpan.FromSeconds(Math.Clamp(0.02 * time.Speed, 0.1, 1));

    /// <summary>Network and machine are no faster than the world, however fast the vehicle's clock runs: leases count real seconds.</summary>
    /// <param name="leaseTimeoutS">Real seconds.</param>
    public static SupervisionRules Supervision(int leaseTimeoutS, double speed)
    {
        var rules = new SupervisionRules();
        return rules with { LeaseTimeout = TimeSpan.FromSeconds(leaseTimeoutS) * Math.Max(1, speed), ReportEvery = rules.ReportEvery * Math.Max(1, speed) };
    }

    public async Task RunAsync(VehicleId id, int dirtSeed, CancellationToken cancellation)
    {
        Directory.CreateDirectory(conditions);
        var file = new ConditionFile(Path.Combine(conditions, id.Serial + ".json"));
        var events = new EventFiles(Path.Combine(conditions, id.Serial + ".events"));
        var told = new SweeperSettings { DepotArc = city.Depot.Arc, DirtSeed = dirtSeed, Supervision = supervision };
        var start = file.Load(model, city.Streets) ?? SweeperCondition.Fresh(model, city.Streets, city.Depot.Arc);
        var program = world?.Vehicle(id, told, start, LoadEvents(events)) ?? new SweeperProgram(id, model, city.Streets, city.Fingerprint, told, start, LoadEvents(events));
        await using var transport = MqttTransport.Start(
            broker.For(LinkIdentity.Of(id)) with { Will = SweeperProgram.LastWillOf(id, Topics.Default, time.GetUtcNow()) },
            logs.CreateLogger<MqttTransport>());
        await new SweeperHost(program, transport, Topics.Default, file, time, Tick, logs.CreateLogger<SweeperHost>(), events).RunAsync(cancellation);
    }

    private static IReadOnlyList<RecordedEvent> LoadEvents(EventFiles events)
    {
        try
        {
            return events.Load();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException(events.Folder, $"the recorded events of the vehicle cannot be read ({fault.Message})", "Correct the permissions; they must reach the control centre", fault);
        }
    }
}
