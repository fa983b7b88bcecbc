using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

using static Kehrwerk.Link.Tests.Security.Wire;

namespace Kehrwerk.Link.Tests.Security;

/// <summary>The embedded broker behind TLS: who gets in, who may say and hear what, and that none harms another.</summary>
public sealed class SecureBrokerTests : IAsyncDisposable
{
    private readonly TrialPki pki = new();
    private readonly Channel<BrokerRefusal> refusals = Channel.CreateUnbounded<BrokerRefusal>();
    private readonly List<IAsyncDisposable> open = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var one in open.AsEnumerable().Reverse())
        {
            await one.DisposeAsync();
        }

        pki.Dispose();
    }

    [Fact]
    public async Task A_vehicle_and_the_centre_speak_over_the_vehicles_own_topics()
    {
        var broker = await Start();
        var centre = await Connect(broker, pki.Issue(LinkIdentity.Centre));
        var vehicle = await Connect(broker, pki.Issue(TrialPki.First));
        var states = await Hear(centre, Topics.Default.OfAll(LinkTopic.State));
        var orders = await Hear(vehicle, Topics.Default.Of(TrialPki.First, LinkTopic.Order));
        await Send(vehicle, Topics.Default.Of(TrialPki.First, LinkTopic.State), "here");
        await Send(centre, Topics.Default.Of(TrialPki.First, LinkTopic.Order), "go");

        Assert.Equal("here", Text(await Next(states)));
        Assert.Equal("go", Text(await Next(orders)));
        Assert.False(refusals.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_foreign_certificate_is_refused()
    {
        using var other = new TrialPki();
        await IsKeptOut(other.Issue(TrialPki.First), RefusalKind.Certificate, "not from a trusted authority");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused() =>
        await IsKeptOut(pki.Issue(TrialPki.First, DateTimeOffset.UtcNow.AddDays(-11)), RefusalKind.Certificate, "has expired");

    [Fact]
    public async Task A_certificate_that_is_not_valid_yet_is_refused() =>
        await IsKeptOut(pki.Issue(TrialPki.First, DateTimeOffset.UtcNow.AddDays(1)), RefusalKind.Certificate, "is valid only from");

    [Fact]
    public async Task A_revoked_certificate_is_refused()
    {
        var vehicle = pki.Issue(TrialPki.First);
        pki.Revoke("kehrwerk/KW-01");
        await IsKeptOut(vehicle, RefusalKind.Certificate, "is revoked");
    }

    [Fact]
    public async Task A_certificate_of_a_broker_is_refused_as_a_client() =>
        await IsKeptOut(pki.Issue(LinkIdentity.Broker, renew: true), RefusalKind.Certificate, "is not made for clients");

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        var broker = await Start();
        using var socket = await Open(broker);
        await using var tls = new SslStream(new NetworkStream(socket), false, AnyBroker);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" }, Ct);
            // With TLS 1.3 the client learns it from its first read.
            Assert.NotEqual(0, await tls.ReadAsync(new byte[1], Ct));
        });
        Assert.Contains("shows no certificate", (await Refusal(RefusalKind.Certificate)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_tls_is_refused()
    {
        var broker = await Start();
        var (own, key) = (pki.Issue(TrialPki.First) + ".crt", pki.IssuedFolder + "/kehrwerk@KW-01.key");
        using var certificate = X509Certificate2.CreateFromPemFile(own, key);
        using var socket = await Open(broker);
        await using var tls = new SslStream(new NetworkStream(socket), false, AnyBroker);
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", EnabledSslProtocols = SslProtocols.Tls12, ClientCertificates = [certificate] }, Ct));
        await Refusal(RefusalKind.Handshake);
    }

    [Fact]
    public async Task Plain_mqtt_is_refused_by_the_secure_listener()
    {
        var broker = await Start();
        using var socket = await Open(broker);
        await socket.SendAsync("\x10\x10\0\x04MQTT\x05\0\0\x0a\0\0\x03abc"u8.ToArray());
        await Refusal(RefusalKind.Handshake);
        Assert.Equal(0, await Received(socket));
    }

    [Fact]
    public async Task A_revocation_reaches_a_connected_vehicle_and_no_other()
    {
        var broker = await Start();
        var first = await Connect(broker, pki.Issue(TrialPki.First));
        var second = await Connect(broker, pki.Issue(TrialPki.Second));
        var changes = Changes(first);
        pki.Revoke("kehrwerk/KW-01");

        Assert.False(await Next(changes));
        Assert.Contains("is revoked", (await Refusal(RefusalKind.Certificate)).Text, StringComparison.Ordinal);
        Assert.True(second.IsConnected);
    }

    [Fact]
    public async Task A_damaged_revocation_list_leaves_the_one_before_in_force()
    {
        var vehicle = pki.Issue(TrialPki.First);
        pki.Revoke("kehrwerk/KW-01");
        var log = new HeardLog();
        var broker = await Start(log: log);
        File.WriteAllText(pki.ListFile, "damaged");
        Assert.Contains("those from before stay in force", await Next(log.Errors), StringComparison.Ordinal);
        await IsKeptOut(vehicle, RefusalKind.Certificate, "is revoked", broker);
        await Connect(broker, pki.Issue(TrialPki.Second));
    }

    [Fact]
    public async Task An_overdue_list_keeps_newcomers_out_and_ends_no_connection()
    {
        var broker = await Start();
        var vehicle = await Connect(broker, pki.Issue(TrialPki.First));
        var changes = Changes(vehicle);
        var newcomer = pki.Issue(TrialPki.Second);
        pki.WriteOverdueList();
        while (true)
        {
            // It may come before the broker has looked.
            using var client = new MqttClientFactory().CreateMqttClient();
            try
            {
                await client.ConnectAsync(pki.Client(broker.Port, newcomer), Ct);
                await client.DisconnectAsync(cancellationToken: Ct);
            }
            catch (Exception) when (!Ct.IsCancellationRequested)
            {
                break;
            }
        }

        Assert.Contains("missing or overdue", (await Refusal(RefusalKind.Certificate)).Text, StringComparison.Ordinal);
        Assert.True(vehicle.IsConnected);
        Assert.False(changes.TryRead(out _));
    }

    [Theory]
    [InlineData("vda5050/v3/kehrwerk/KW-02/state")]
    [InlineData("vda5050/v3/kehrwerk/KW-02/order")]
    [InlineData("vda5050/v3/kehrwerk/KW-01/order")]
    [InlineData("vda5050/v3/kehrwerk/KW-01/instantActions")]
    [InlineData("other/v3/kehrwerk/KW-01/state")]
    [InlineData("$SYS/anything")]
    public async Task A_message_on_a_topic_that_is_not_the_vehicles_reaches_nobody(string topic)
    {
        var broker = await Start();
        var centre = await Connect(broker, pki.Issue(LinkIdentity.Centre));
        var vehicle = await Connect(broker, pki.Issue(TrialPki.First));
        var heard = await Hear(centre, "#");
        await Send(vehicle, topic, "mine");
        await Send(vehicle, Topics.Default.Of(TrialPki.First, LinkTopic.State), "last");

        Assert.Equal("last", Text(await Next(heard)));
        var refusal = await Refusal(RefusalKind.Publish);
        Assert.Equal("kehrwerk/KW-01", refusal.Who);
        Assert.Contains(topic, refusal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#")]
    [InlineData("+/+/+/+/order")]
    [InlineData("vda5050/v3/kehrwerk/+/order")]
    [InlineData("vda5050/v3/kehrwerk/KW-02/order")]
    [InlineData("vda5050/v3/kehrwerk/#")]
    [InlineData("vda5050/v3/+/KW-01/order")]
    public async Task A_subscription_that_reaches_beyond_the_vehicles_own_topics_hears_nothing(string filter)
    {
        var broker = await Start();
        var centre = await Connect(broker, pki.Issue(LinkIdentity.Centre));
        var vehicle = await Connect(broker, pki.Issue(TrialPki.First));
        var own = await Hear(vehicle, "vda5050/v3/kehrwerk/KW-01/instantActions");
        var beyond = await Hear(vehicle, filter);
        await Send(centre, Topics.Default.Of(TrialPki.Second, LinkTopic.Order), "secret");
        await Send(centre, Topics.Default.Of(TrialPki.First, LinkTopic.Order), "not subscribed");
        await Send(centre, Topics.Default.Of(TrialPki.First, LinkTopic.InstantActions), "last");

        Assert.Equal("last", Text(await Next(own)));
        if (beyond.TryRead(out var leaked))
        {
            // The transport itself hands what came for another filter to every filter that matches.
            Assert.Equal("last", Text(leaked));
        }

        Assert.Equal("kehrwerk/KW-01", (await Refusal(RefusalKind.Subscribe)).Who);
    }

    [Fact]
    public async Task A_last_will_on_anothers_topic_is_not_published()
    {
        var broker = await Start();
        var centre = await Connect(broker, pki.Issue(LinkIdentity.Centre));
        var heard = await Hear(centre, "#");
        await using var line = new CuttableLine(broker.Port);
        var vehicle = await Connect(broker, pki.Issue(TrialPki.First), o => o with
        {
            Port = line.Port,
            Will = new LastWill(Topics.Default.Of(TrialPki.Second, LinkTopic.Connection), "broken"u8.ToArray()),
        });
        line.Cut();
        Assert.Contains("KW-02/connection", (await Refusal(RefusalKind.Publish)).Text, StringComparison.Ordinal);
        await vehicle.WaitUntilConnectedAsync(Ct).WaitAsync(Patience, Ct);
        await Send(centre, "end", "end");
        Assert.Equal("end", Text(await Next(heard)));
    }

    [Fact]
    public async Task Nobody_can_throw_another_out_by_its_client_id()
    {
        var broker = await Start();
        var first = await Connect(broker, pki.Issue(TrialPki.First));
        var changes = Changes(first);
        await IsKeptOut(pki.Issue(TrialPki.Second), RefusalKind.ClientId, "client id 'kehrwerk/KW-01'", broker, "kehrwerk/KW-01");
        Assert.True(first.IsConnected);
        Assert.False(changes.TryRead(out _));
    }

    [Fact]
    public async Task A_packet_that_announces_too_much_ends_the_connection_before_it_is_read()
    {
        var broker = await Start();
        var vehicle = pki.Issue(TrialPki.First);
        using var socket = await Open(broker);
        await using var tls = await Shake(socket, vehicle);
        await tls.WriteAsync(ConnectPacket("kehrwerk/KW-01"), Ct);
        // PUBLISH with a remaining length of 256 MB; not one byte of them follows.
        await tls.WriteAsync(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0x7F }, Ct);

        Assert.Equal("kehrwerk/KW-01", (await Refusal(RefusalKind.TooLarge)).Who);
        var answer = new MemoryStream();
        await tls.CopyToAsync(answer, Ct).WaitAsync(Patience, Ct);
        // DISCONNECT with reason 0x95, packet too large (MQTT 5.0, 3.14.2.1).
        Assert.Equal([0xE0, 0x95], (byte[])[answer.ToArray()[^4], answer.ToArray()[^2]]);
    }

    [Fact]
    public async Task Garbage_from_a_vehicle_harms_nobody_else()
    {
        const int seed = 5;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var broker = await Start();
        var centre = await Connect(broker, pki.Issue(LinkIdentity.Centre));
        var other = await Connect(broker, pki.Issue(TrialPki.Second));
        var heard = await Hear(centre, Topics.Default.OfAll(LinkTopic.State));
        var vehicle = pki.Issue(TrialPki.First);
        for (var i = 0; i < 100; i++)
        {
            using var socket = await Open(broker);
            await using var tls = await Shake(socket, vehicle);
            var garbage = new byte[random.Next(1, 300)];
            random.NextBytes(garbage);
            await tls.WriteAsync((byte[])[.. i % 2 == 0 ? ConnectPacket("kehrwerk/KW-01") : [], .. garbage], Ct);
        }

        await Send(other, Topics.Default.Of(TrialPki.Second, LinkTopic.State), "fine");
        Assert.Equal("fine", Text(await Next(heard)));
    }

    [Fact]
    public async Task An_oversized_message_is_told_and_nobody_hears_it()
    {
        var broker = await Start(maxPayloadBytes: 1_000);
        var centre = await Connect(broker, pki.Issue(LinkIdentity.Centre));
        var heard = await Hear(centre, "#");
        var vehicle = await Connect(broker, pki.Issue(TrialPki.First));
        var changes = Changes(vehicle);
        await Send(vehicle, Topics.Default.Of(TrialPki.First, LinkTopic.State), new string('x', 20_000));
        Assert.False(await Next(changes));
        await Refusal(RefusalKind.TooLarge);
        await Send(centre, "end", "end");
        Assert.Equal("end", Text(await Next(heard)));
    }

    [Fact]
    public async Task A_client_that_sends_too_fast_is_told_why_it_is_disconnected()
    {
        var time = new StandingTime(DateTimeOffset.UtcNow);
        var broker = await Start(new ClientLimits(MessagesPerS: 10, MessagesAtOnce: 20), time: time);
        using var client = new MqttClientFactory().CreateMqttClient();
        var reasons = Channel.CreateUnbounded<MqttClientDisconnectReason>();
        client.DisconnectedAsync += lost =>
        {
            reasons.Writer.TryWrite(lost.Reason);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(pki.Client(broker.Port, pki.Issue(TrialPki.First)), Ct);
        for (var i = 0; i < 20; i++)
        {
            try
            {
                await client.PublishStringAsync(Topics.Default.Of(TrialPki.First, LinkTopic.State), "x", cancellationToken: Ct);
            }
            catch (Exception) when (!client.IsConnected)
            {
                break;
            }
        }

        Assert.Equal(MqttClientDisconnectReason.MessageRateTooHigh, await Next(reasons.Reader));
        Assert.Equal("kehrwerk/KW-01", (await Refusal(RefusalKind.TooFast)).Who);

        // Connecting again does not give new room; time does.
        await Assert.ThrowsAnyAsync<Exception>(() => client.ConnectAsync(pki.Client(broker.Port, pki.IssuedFolder + "/kehrwerk@KW-01"), Ct));
        time.Now += TimeSpan.FromSeconds(1);
        await client.ConnectAsync(pki.Client(broker.Port, pki.IssuedFolder + "/kehrwerk@KW-01"), Ct);
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task A_vehicle_that_comes_back_with_more_than_the_broker_takes_at_once_is_not_thrown_out()
    {
        const int waiting = 120;
        var broker = await Start(new ClientLimits(MessagesPerS: 200, MessagesAtOnce: 60));
        var centre = await Connect(broker, pki.Issue(LinkIdentity.Centre));
        var heard = await Hear(centre, Topics.Default.OfAll(LinkTopic.Connection));
        var options = pki.Transport(broker.Port, pki.Issue(TrialPki.First)) with { Pace = new(MessagesPerS: 100, MessagesAtOnce: 30) };
        var vehicle = MqttTransport.Start(options, NullLogger<MqttTransport>.Instance);
        open.Add(vehicle);
        var changes = 0;
        vehicle.ConnectionChanged += _ => Interlocked.Increment(ref changes);
        for (var i = 0; i < waiting; i++)
        {
            await Send(vehicle, Topics.Default.Of(TrialPki.First, LinkTopic.Connection), $"{i}", Qos.AtLeastOnce);
        }

        for (var i = 0; i < waiting; i++)
        {
            Assert.Equal($"{i}", Text(await Next(heard)));
        }

        Assert.True(Volatile.Read(ref changes) <= 1, $"the connection changed {changes} times");
        Assert.False(refusals.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_flood_does_not_hold_up_a_stop_to_another_vehicle()
    {
        var broker = await Start();
        var centre = await Connect(broker, pki.Issue(LinkIdentity.Centre));
        await Hear(centre, Topics.Default.OfAll(LinkTopic.State));
        var vehicle = await Connect(broker, pki.Issue(TrialPki.Second));
        var stops = await Hear(vehicle, Topics.Default.Of(TrialPki.Second, LinkTopic.InstantActions));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var sent = 0;
        var flood = Task.Run(() => Flood(broker, pki.Issue(TrialPki.First), () => Interlocked.Increment(ref sent), end.Token), Ct);
        var before = 0;
        for (var i = 0; i < 50; i++)
        {
            await Until(() => Volatile.Read(ref sent) > before);
            before = Volatile.Read(ref sent);
            await Send(centre, Topics.Default.Of(TrialPki.Second, LinkTopic.InstantActions), $"stop {i}");
            Assert.Equal($"stop {i}", Text(await Next(stops)));
        }

        Assert.False(flood.IsCompleted);
        await end.CancelAsync();
        await flood;
        await Refusal(RefusalKind.TooFast);
        Assert.True(vehicle.IsConnected && centre.IsConnected);
    }

    [Fact]
    public async Task Many_connections_that_say_nothing_keep_no_vehicle_out()
    {
        var broker = await Start();
        var silent = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            silent.Add(await Open(broker));
        }

        await Connect(broker, pki.Issue(TrialPki.First));
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_vehicle_does_not_send_to_a_broker_of_another_authority_or_name()
    {
        var broker = await Start();
        using var other = new TrialPki();
        var vehicle = pki.Issue(TrialPki.First);
        var tls = pki.Tls(vehicle);
        var foreign = await Assert.ThrowsAsync<CertificateException>(() => Provide(broker, tls with { AuthorityFile = other.AuthorityFile }));
        Assert.Contains("not from a trusted authority", foreign.Message, StringComparison.Ordinal);
        var misnamed = await Assert.ThrowsAsync<CertificateException>(() => Provide(broker, tls with { BrokerName = "elsewhere.example.org" }));
        Assert.Contains("not for the host elsewhere.example.org", misnamed.Message, StringComparison.Ordinal);
        await (await Provide(broker, tls)).DisposeAsync();
    }

    [Fact]
    public async Task Without_security_the_broker_listens_on_loopback_only()
    {
        var error = await Assert.ThrowsAsync<BrokerStartException>(
            () => EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Port = 0, Address = IPAddress.Any }, NullLogger<EmbeddedBroker>.Instance));
        Assert.Contains("on loopback only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_that_cannot_be_used_are_named_at_the_start()
    {
        pki.Issue(LinkIdentity.Broker);
        var missing = await Assert.ThrowsAsync<CertificateException>(() => Start(change: s => s with { ListFile = "no-such.crl" }));
        Assert.StartsWith("no-such.crl: ", missing.Message, StringComparison.Ordinal);
        var swapped = await Assert.ThrowsAsync<CertificateException>(() => Start(change: s => s with { CertificateFile = pki.AuthorityFile }));
        Assert.Contains("does not hold the private key", swapped.Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(pki.IssuedFolder, "broker.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Contains("chmod 600", (await Assert.ThrowsAsync<CertificateException>(() => Start())).Message, StringComparison.Ordinal);
        }
    }

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private async Task<EmbeddedBroker> Start(
        ClientLimits? limits = null, int maxPayloadBytes = LinkJson.MaxBytes, TimeProvider? time = null, Func<BrokerSecurity, BrokerSecurity>? change = null, ILogger<EmbeddedBroker>? log = null)
    {
        var own = Path.Combine(pki.IssuedFolder, "broker");
        if (!File.Exists(own + ".crt"))
        {
            pki.Issue(LinkIdentity.Broker);
        }

        var security = new BrokerSecurity
        {
            AuthorityFile = pki.AuthorityFile,
            ListFile = pki.ListFile,
            CertificateFile = own + ".crt",
            KeyFile = own + ".key",
            VehicleLimits = limits ?? new(),
            LookEvery = Look,
        };
        var options = new EmbeddedBrokerOptions { Port = 0, MaxPayloadBytes = maxPayloadBytes, Security = change?.Invoke(security) ?? security };
        var broker = await EmbeddedBroker.StartAsync(options, log ?? NullLogger<EmbeddedBroker>.Instance, time);
        broker.Refused += refusal => refusals.Writer.TryWrite(refusal);
        open.Add(broker);
        return broker;
    }

    private async Task<MqttTransport> Connect(EmbeddedBroker broker, string identity, Func<MqttTransportOptions, MqttTransportOptions>? change = null)
    {
        var options = pki.Transport(broker.Port, identity);
        var transport = MqttTransport.Start(change?.Invoke(options) ?? options, NullLogger<MqttTransport>.Instance);
        open.Add(transport);
        await transport.WaitUntilConnectedAsync(Ct).WaitAsync(Patience, Ct);
        return transport;
    }

    private async Task IsKeptOut(string identity, RefusalKind kind, string because, EmbeddedBroker? started = null, string? clientId = null)
    {
        var broker = started ?? await Start();
        using var client = new MqttClientFactory().CreateMqttClient();
        try
        {
            var answer = await client.ConnectAsync(pki.Client(broker.Port, identity, clientId), Ct);
            Assert.NotEqual(MqttClientConnectResultCode.Success, answer.ResultCode);
        }
        catch (Exception refused) when (refused is not Xunit.Sdk.XunitException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(refused.ToString());
        }

        Assert.False(client.IsConnected);
        Assert.Contains(because, (await Refusal(kind)).Text, StringComparison.Ordinal);
    }

    private async Task Flood(EmbeddedBroker broker, string identity, Action sent, CancellationToken ct)
    {
        var payload = new byte[1_000];
        while (!ct.IsCancellationRequested)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            try
            {
                await client.ConnectAsync(pki.Client(broker.Port, identity), ct);
                while (true)
                {
                    await client.PublishBinaryAsync(Topics.Default.Of(TrialPki.First, LinkTopic.State), payload, cancellationToken: ct);
                    sent();
                }
            }
            catch (Exception) when (ct.IsCancellationRequested || !client.IsConnected)
            {
                // Thrown out: it comes again at once.
            }
        }
    }

    private static async Task<Stream> Provide(EmbeddedBroker broker, LinkTls tls) =>
        await new TlsStreamProvider(tls, TimeProvider.System).ConnectAsync(new DnsEndPoint("127.0.0.1", broker.Port), Ct);

    private static async Task<SslStream> Shake(Socket socket, string identity)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(identity + ".crt", identity + ".key");
        var tls = new SslStream(new NetworkStream(socket), false, AnyBroker);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = [certificate] }, Ct);
        return tls;
    }

    // These tests are about what the broker accepts.
    private static bool AnyBroker(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;

    /// <summary>CONNECT of MQTT 5 with a clean start.</summary>
    private static byte[] ConnectPacket(string clientId)
    {
        var id = Encoding.UTF8.GetBytes(clientId);
        return [0x10, (byte)(13 + id.Length), 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 60, 0, 0, (byte)id.Length, .. id];
    }

    private static async Task<Socket> Open(EmbeddedBroker broker)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, broker.Port, Ct);
        return socket;
    }

    private static async Task<int> Received(Socket socket)
    {
        try
        {
            int received;
            do
            {
                received = await socket.ReceiveAsync(new byte[1_000], Ct).AsTask().WaitAsync(Patience, Ct);
            }
            while (received > 0);
            return 0;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private async Task<BrokerRefusal> Refusal(RefusalKind kind)
    {
        while (true)
        {
            var refusal = await Next(refusals.Reader);
            if (refusal.Kind == kind)
            {
                return refusal;
            }
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!condition())
        {
            await look.WaitForNextTickAsync(Ct).AsTask().WaitAsync(Patience, Ct);
        }
    }

    private sealed class HeardLog : ILogger<EmbeddedBroker>
    {
        private readonly Channel<string> errors = Channel.CreateUnbounded<string>();

        public ChannelReader<string> Errors => errors.Reader;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                errors.Writer.TryWrite(formatter(state, exception));
            }
        }
    }
}
