using Kehrwerk.Link;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper;
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
internal sealed class VehicleRunner(City city, SweeperModel model, string conditions, BrokerAddress broker, ILoggerFactory logs, AcceleratedTime time)
{
    // Each tick of the vehicle costs real work, so a fast clock ticks in larger steps; the physics inside stays at 0.1 s.
    private TimeSpan Tick => TimeSpan.FromSeconds(Math.Clamp(0.02 * time.Speed, 0.1, 1));

    public async Task RunAsync(VehicleId id, int dirtSeed, CancellationToken cancellation)
    {
        Directory.CreateDirectory(conditions);
        var file = new ConditionFile(Path.Combine(conditions, id.Serial + ".json"));
        var program = new SweeperProgram(
            id,
            model,
            city.Streets,
            city.Fingerprint,
            new SweeperSettings { DepotArc = city.Depot.Arc, DirtSeed = dirtSeed },
            file.Load(model, city.Streets) ?? SweeperCondition.Fresh(model, city.Streets, city.Depot.Arc));
        await using var transport = MqttTransport.Start(
            broker.For(LinkIdentity.Of(id)) with { Will = SweeperProgram.LastWillOf(id, Topics.Default, time.GetUtcNow()) },
            logs.CreateLogger<MqttTransport>());
        await new SweeperHost(program, transport, Topics.Default, file, time, Tick, logs.CreateLogger<SweeperHost>()).RunAsync(cancellation);
    }
}
