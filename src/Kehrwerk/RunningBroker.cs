using System.Net;
using System.Net.Sockets;
using Kehrwerk.Link;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Streets;

namespace Kehrwerk;

/// <summary>Which broker an installation uses.</summary>
internal abstract record BrokerChoice;

/// <summary>The embedded one, plain, on loopback.</summary>
internal sealed record PlainBroker(int Port) : BrokerChoice;

/// <summary>The embedded one, over TLS with certificates.</summary>
internal sealed record SecureBroker(IPEndPoint Listen, LinkFiles Files) : BrokerChoice;

/// <summary>Another program.</summary>
/// <param name="Files">Null for a plain connection.</param>
/// <param name="LogFile">Mosquitto's log; null where it is not read.</param>
internal sealed record ExternalBroker((string Host, int Port) Address, LinkFiles? Files, string? LogFile) : BrokerChoice;

/// <summary>The broker of an installation while it runs, and how its Centre and virtual sweepers reach it.</summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    private readonly IAsyncDisposable? running;

    private RunningBroker(IAsyncDisposable? running, BrokerAddress address, string where) => (this.running, Address, Where) = (running, address, where);

    public BrokerAddress Address { get; }

    /// <summary>For people.</summary>
    public string Where { get; }

    /// <param name="vehicles">The virtual sweepers; with certificates each needs its own.</param>
    /// <param name="refused">Told what the broker refuses.</param>
    /// <param name="speed">Seconds of the vehicles' clock per real second.</param>
    /// <param name="takesVda21">Vehicles may use the topics of VDA 5050 2.1 too; of an external broker its own access rules decide.</param>
    /// <exception cref="InputException">It cannot listen there, or a certificate is missing.</exception>
    /// <exception cref="CertificateException">A certificate, key or list cannot be used.</exception>
    public static Task<RunningBroker> StartAsync(
        BrokerChoice choice, IReadOnlyList<VehicleId> vehicles, Action<BrokerRefusal> refused, double speed, ILoggerFactory logs, bool takesVda21 = false) => choice switch
        {
            PlainBroker plain => Plain(plain, refused, logs),
            SecureBroker secure => Secure(secure, vehicles, refused, speed, logs, takesVda21),
            ExternalBroker external => Task.FromResult(External(external, vehicles, refused, logs)),
            _ => throw new ArgumentException("Not a choice of broker.", nameof(choice)),
        };

    public ValueTask DisposeAsync() => running?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<RunningBroker> Plain(PlainBroker choice, Action<BrokerRefusal> refused, ILoggerFactory logs)
    {
        var broker = await Start(new() { Port = choice.Port }, $"--broker-port {choice.Port}", refused, logs);
        return new(broker, new("127.0.0.1", broker.Port, _ => null), $"127.0.0.1:{broker.Port}");
    }

    private static async Task<RunningBroker> Secure(
        SecureBroker choice, IReadOnlyList<VehicleId> vehicles, Action<BrokerRefusal> refused, double speed, ILoggerFactory logs, bool takesVda21)
    {
        var name = choice.Files.BrokerName();
        CheckCertificates(choice.Files, vehicles);
        // Certificates are judged by the world's time; what vehicles may send follows their own, faster clock.
        var security = choice.Files.ForBroker();
        security = security with { VehicleLimits = security.VehicleLimits.Times(Math.Max(1, speed)) };
        var options = new EmbeddedBrokerOptions { Address = choice.Listen.Address, Port = choice.Listen.Port, Security = security, TakesVda21 = takesVda21 };
        var broker = await Start(options, $"--secure-listen {choice.Listen}", refused, logs);
        return new(broker, new(Reachable(choice.Listen.Address), broker.Port, who => choice.Files.For(who, name)), $"{choice.Listen}, TLS with certificates");
    }

    private static RunningBroker External(ExternalBroker choice, IReadOnlyList<VehicleId> vehicles, Action<BrokerRefusal> refused, ILoggerFactory logs)
    {
        if (choice.Files is { } files)
        {
            CheckCertificates(files, vehicles);
        }

        var log = choice.LogFile is null ? null : MosquittoLog.Follow(choice.LogFile, refused, logs.CreateLogger<MosquittoLog>());
        var (host, port) = choice.Address;
        return new(log, new(host, port, who => choice.Files?.For(who, null)), $"{host}:{port}, not run by this program");
    }

    private static async Task<EmbeddedBroker> Start(
        EmbeddedBrokerOptions options, string option, Action<BrokerRefusal> refused, ILoggerFactory logs)
    {
        try
        {
            var broker = await EmbeddedBroker.StartAsync(options, logs.CreateLogger<EmbeddedBroker>());
            broker.Refused += refused;
            return broker;
        }
        catch (BrokerStartException e)
        {
            throw new InputException(option, "the MQTT broker cannot listen there, the port may be in use", "End the other program, or choose another port with " + option.Split(' ')[0], e);
        }
    }

    private static void CheckCertificates(LinkFiles files, IReadOnlyList<VehicleId> vehicles)
    {
        files.Need(LinkIdentity.Centre, "centre");
        files.For(LinkIdentity.Centre, null).ReadIdentity();
        foreach (var vehicle in vehicles)
        {
            files.Need(LinkIdentity.Of(vehicle), $"vehicle {vehicle}; or leave the vehicles to others with --no-sweepers");
        }
    }

    /// <summary>How this machine reaches a listener of its own.</summary>
    private static string Reachable(IPAddress listening) =>
        listening.Equals(IPAddress.Any) ? "127.0.0.1"
        : listening.Equals(IPAddress.IPv6Any) ? "::1"
        : listening.ToString();
}
