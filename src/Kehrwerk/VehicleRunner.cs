using Kehrwerk.Link;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper;
using Microsoft.Extensions.Logging;

namespace Kehrwerk;

/// <summary>Runs one virtual sweeper over MQTT until cancelled: its own connection, its own condition file.</summary>
/// <param name="conditions">Folder of the condition files.</param>
internal sealed class VehicleRunner(City city, SweeperModel model, string conditions, string host, int port, ILoggerFactory logs, AcceleratedTime time)
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
            new MqttTransportOptions(host, port, id.ToString()) { Will = SweeperProgram.LastWillOf(id, Topics.Default, time.GetUtcNow()) },
            logs.CreateLogger<MqttTransport>());
        await new SweeperHost(program, transport, Topics.Default, file, time, Tick, logs.CreateLogger<SweeperHost>()).RunAsync(cancellation);
    }
}
