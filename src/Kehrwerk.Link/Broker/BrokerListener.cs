using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kehrwerk.Link.Certificates;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Kehrwerk.Link.Broker;

/// <summary>
/// Accepts the broker's connections: over TLS with a <see cref="BrokerDoor"/>, plain without. Each connection is on its own; a slow or
/// hostile one keeps no other waiting. Docs: docs/decisions/0010.
/// </summary>
/// <param name="door">Null for the plain listener.</param>
/// <param name="refused">Told what was not let in; must be short and must not throw.</param>
internal sealed class BrokerListener(EmbeddedBrokerOptions bounds, BrokerDoor? door, TimeProvider time, Action<BrokerRefusal> refused) : IMqttServerAdapter
{
    private const int Backlog = 512;
    private const int HandshakesPerAddress = 32;
    private const int HandshakesInAll = 512;

    // A vehicle has one connection, and for a moment the one that takes its place.
    private const int ConnectionsPerClient = 4;

    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(1);

    private readonly KeyedPlaces<IPAddress> handshakes = new(HandshakesPerAddress, HandshakesInAll);
    private readonly KeyedPlaces<string> clients = new(door is null ? bounds.MaxConnections : ConnectionsPerClient, bounds.MaxConnections);
    private readonly ConcurrentDictionary<string, RateMeter> meters = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Connection, byte> open = new();
    private readonly CancellationTokenSource stopping = new();
    private Socket? listening;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>After the start.</summary>
    public int Port { get; private set; }

    /// <exception cref="SocketException">It cannot listen there.</exception>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        var socket = new Socket(bounds.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(bounds.Address, bounds.Port));
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        listening = socket;
        _ = Task.Run(() => AcceptAllAsync(socket));
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        stopping.Cancel();
        listening?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        listening?.Dispose();
        stopping.Dispose();
    }

    /// <summary>Ends the connections whose certificate is no longer accepted.</summary>
    /// <param name="filesChanged">Whether all are judged anew, or only their validity.</param>
    public Task EndUnacceptedAsync(bool filesChanged)
    {
        var now = time.GetUtcNow();
        return Task.WhenAll(open.Keys.Where(connection => filesChanged || now > connection.Certificate?.NotAfter).Select(EndUnacceptedAsync));
    }

    private async Task EndUnacceptedAsync(Connection connection)
    {
        // An overdue list keeps newcomers out; it is no reason to stop a fleet that is at work.
        if (door!.Judge(connection.Certificate) is { Fault: not (CertificateFault.None or CertificateFault.NoList) } verdict)
        {
            refused(new(RefusalKind.Certificate, connection.Who, connection.Address, $"its connection is ended: {verdict.Text}"));
            await FarewellAsync(connection, MqttDisconnectReasonCode.NotAuthorized).ConfigureAwait(false);
        }
    }

    private async Task AcceptAllAsync(Socket socket)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var accepted = await socket.AcceptAsync(stopping.Token).ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(accepted));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client has gone already, or this process has no more file handles: later there may be some.
                await Task.Delay(100).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var closing = socket;
        try
        {
            socket.NoDelay = true;
            var address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            if (await ShakeHandsAsync(socket, address).ConfigureAwait(false) is { } guest)
            {
                await ServeAsync(socket, guest, address).ConfigureAwait(false);
            }
        }
        catch (Exception ended) when (ended is SocketException or IOException or ObjectDisposedException)
        {
            // The client has gone.
        }
    }

    private async Task ServeAsync(Socket socket, Guest guest, IPAddress address)
    {
        await using var stream = guest.Stream;
        var who = guest.Who ?? "";
        if (!clients.TryEnter(who))
        {
            refused(new(RefusalKind.TooManyConnections, who, $"{address}", $"it has {ConnectionsPerClient} connections already, or there are {bounds.MaxConnections} in all"));
            return;
        }

        var connection = new Connection(who, $"{address}", guest.Certificate);
        try
        {
            var gate = new PacketGate(bounds.MaxPayloadBytes + EmbeddedBrokerOptions.HeaderBytes, MeterOf(guest));
            var channel = new BrokerChannel(socket, stream, guest.Certificate, gate, kind => EndAsync(connection, kind));
            using var adapter = new MqttChannelAdapter(channel, new MqttPacketFormatterAdapter(new MqttBufferWriter(4096, 65_535)), MqttNetNullLogger.Instance);
            (connection.Channel, connection.Adapter) = (channel, adapter);
            open[connection] = 0;
            await (ClientHandler?.Invoke(adapter) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        finally
        {
            open.TryRemove(connection, out _);
            clients.Leave(who);
        }
    }

    /// <summary>The client behind a connection; null where it was not let in.</summary>
    private async Task<Guest?> ShakeHandsAsync(Socket socket, IPAddress address)
    {
        var plain = new NetworkStream(socket, ownsSocket: false);
        if (door is null)
        {
            return new(plain, null, null);
        }

        if (!handshakes.TryEnter(address))
        {
            refused(new(RefusalKind.TooManyConnections, "", $"{address}", $"more than {HandshakesPerAddress} connections from there are at their handshake"));
            return null;
        }

        var secure = new SslStream(plain);
        CertificateVerdict? verdict = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            limit.CancelAfter(HandshakeLimit);
            var handshake = door.Handshake(certificate => (verdict = door.Judge(certificate)).Fault == CertificateFault.None);
            await secure.AuthenticateAsServerAsync(handshake, limit.Token).ConfigureAwait(false);
            var shown = X509CertificateLoader.LoadCertificate(secure.RemoteCertificate!.GetRawCertData());
            return new(secure, verdict!.Identity.Name, shown);
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException or OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested)
            {
                refused(verdict is { Fault: not CertificateFault.None }
                    ? new(RefusalKind.Certificate, "", $"{address}", verdict.Text)
                    : new(RefusalKind.Handshake, "", $"{address}", $"no TLS 1.3 handshake: {Reason(failed)}"));
            }

            await secure.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        finally
        {
            handshakes.Leave(address);
        }
    }

    private static string Reason(Exception failed) => failed switch
    {
        OperationCanceledException => "it took too long",
        IOException => "the client ended it; it may not trust the broker's certificate",
        _ => failed.InnerException?.Message ?? failed.Message,
    };

    // One for each participant of the link that was ever here; their number is bounded by the certificates that were issued.
    private RateMeter? MeterOf(Guest guest) =>
        guest.Who is null || guest.Who == LinkIdentity.Centre.Name ? null : meters.GetOrAdd(guest.Who, _ => new(door!.Security.VehicleLimits, time));

    private async Task EndAsync(Connection connection, RefusalKind kind)
    {
        var (text, reason) = kind == RefusalKind.TooLarge
            ? ($"it sent a packet of more than {bounds.MaxPayloadBytes} bytes and was disconnected", MqttDisconnectReasonCode.PacketTooLarge)
            : ("it sent more than its rate allows and was disconnected", MqttDisconnectReasonCode.MessageRateTooHigh);
        refused(new(kind, connection.Who, connection.Address, text));
        await FarewellAsync(connection, reason).ConfigureAwait(false);
    }

    /// <summary>Says why (MQTT 5) and ends the connection.</summary>
    private static async Task FarewellAsync(Connection connection, MqttDisconnectReasonCode reason)
    {
        using var limit = new CancellationTokenSource(FarewellLimit);
        try
        {
            if (connection.Adapter!.PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500)
            {
                await connection.Adapter.SendPacketAsync(new MqttDisconnectPacket { ReasonCode = reason }, limit.Token).ConfigureAwait(false);
                await connection.Channel!.DrainAsync(FarewellLimit).ConfigureAwait(false);
            }
        }
        catch (Exception ended) when (ended is MqttCommunicationException or OperationCanceledException or ObjectDisposedException)
        {
            // The client does not listen any more, and is cut without a word.
        }

        connection.Channel!.Dispose();
    }

    private sealed record Guest(Stream Stream, string? Who, X509Certificate2? Certificate);

    private sealed class Connection(string who, string address, X509Certificate2? certificate)
    {
        public string Who { get; } = who;
        public string Address { get; } = address;
        public X509Certificate2? Certificate { get; } = certificate;
        public BrokerChannel? Channel { get; set; }
        public MqttChannelAdapter? Adapter { get; set; }
    }
}
