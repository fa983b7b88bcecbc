using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using static Kehrwerk.Link.Tests.Security.Wire;

namespace Kehrwerk.Link.Tests.Security;

/// <summary>The generated configuration in the real Mosquitto.</summary>
public sealed class MosquittoTests : IAsyncDisposable
{
    private readonly TrialPki pki = new();
    private readonly Channel<BrokerRefusal> refusals = Channel.CreateUnbounded<BrokerRefusal>();
    private readonly List<IAsyncDisposable> open = [];
    private Process? mosquitto;
    private int port;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in open.AsEnumerable().Reverse())
        {
            await one.DisposeAsync();
        }

        if (mosquitto is { HasExited: false })
        {
            mosquitto.Kill();
            await mosquitto.WaitForExitAsync(CancellationToken.None);
        }

        mosquitto?.Dispose();
        pki.Dispose();
    }

    [Fact]
    public async Task A_vehicle_and_the_centre_speak_over_the_vehicles_own_topics()
    {
        await Start();
        var centre = await Connect(pki.Issue(LinkIdentity.Centre));
        var vehicle = await Connect(pki.Issue(TrialPki.First));
        foreach (var topic in Enum.GetValues<LinkTopic>())
        {
            var (from, to) = Topics.IsFromVehicle(topic) ? (vehicle, centre) : (centre, vehicle);
            var heard = await Hear(to, Topics.Default.Of(TrialPki.First, topic));
            await Send(from, Topics.Default.Of(TrialPki.First, topic), $"{topic}", Qos.AtLeastOnce);
            Assert.Equal($"{topic}", Text(await Next(heard)));
        }
    }

    [Fact]
    public async Task Anothers_topics_are_neither_said_nor_heard_and_the_refusal_is_told()
    {
        await Start();
        var centre = await Connect(pki.Issue(LinkIdentity.Centre));
        var vehicle = await Connect(pki.Issue(TrialPki.First));
        var heardByCentre = await Hear(centre, "vda5050/#");
        var heardByVehicle = await Hear(vehicle, "#");
        string[] forbidden = [Topics.Default.Of(TrialPki.Second, LinkTopic.State), Topics.Default.Of(TrialPki.First, LinkTopic.Order), "elsewhere"];
        foreach (var topic in forbidden)
        {
            await Send(vehicle, topic, "mine", Qos.AtLeastOnce);
            Assert.Contains(topic, (await Refusal(RefusalKind.Publish)).Text, StringComparison.Ordinal);
        }

        await Send(vehicle, Topics.Default.Of(TrialPki.First, LinkTopic.State), "last", Qos.AtLeastOnce);
        Assert.Equal("last", Text(await Next(heardByCentre)));
        await Send(centre, Topics.Default.Of(TrialPki.Second, LinkTopic.Order), "secret", Qos.AtLeastOnce);
        await Send(centre, Topics.Default.Of(TrialPki.First, LinkTopic.Order), "own", Qos.AtLeastOnce);
        // Its own state comes back to it; of the other vehicle it hears nothing.
        Assert.Equal("last", Text(await Next(heardByVehicle)));
        Assert.Equal("own", Text(await Next(heardByVehicle)));
    }

    [Fact]
    public async Task A_vehicle_of_2_1_speaks_over_its_own_topics_only()
    {
        await Start(takesVda21: true);
        var centre = await Connect(pki.Issue(LinkIdentity.Centre));
        var vehicle = await Connect(pki.Issue(TrialPki.First));
        var heardByCentre = await Hear(centre, "uagv/#");
        var heardByVehicle = await Hear(vehicle, "uagv/#");
        await Send(vehicle, Topics.Vda21.Of(TrialPki.Second, LinkTopic.State), "mine", Qos.AtLeastOnce);
        Assert.Contains("uagv/v2/kehrwerk/KW-02/state", (await Refusal(RefusalKind.Publish)).Text, StringComparison.Ordinal);
        await Send(centre, Topics.Vda21.Of(TrialPki.Second, LinkTopic.Order), "secret", Qos.AtLeastOnce);
        await Send(centre, Topics.Vda21.Of(TrialPki.First, LinkTopic.Order), "own", Qos.AtLeastOnce);
        Assert.Equal("own", Text(await Next(heardByVehicle)));
        await Send(vehicle, Topics.Vda21.Of(TrialPki.First, LinkTopic.State), "last", Qos.AtLeastOnce);
        string[] heard = [Text(await Next(heardByCentre)), Text(await Next(heardByCentre)), Text(await Next(heardByCentre))];
        Assert.Equal(["secret", "own", "last"], heard);
    }

    [Fact]
    public async Task Foreign_expired_and_revoked_certificates_are_refused_and_told()
    {
        using var other = new TrialPki();
        var revoked = pki.Issue(TrialPki.Second);
        pki.Revoke("kehrwerk/KW-02");
        await Start();
        string[] refused = [other.Issue(TrialPki.First), pki.Issue(new VehicleId("kehrwerk", "old"), DateTimeOffset.UtcNow.AddDays(-11)), revoked];
        foreach (var identity in refused)
        {
            var told = Refusal(RefusalKind.Certificate);
            // On a very busy machine a handshake may end by its time before the certificate was looked at; then again.
            for (var tries = 0; tries < 4 && !told.IsCompleted; tries++)
            {
                using var client = new MqttClientFactory().CreateMqttClient();
                await Assert.ThrowsAnyAsync<Exception>(() => client.ConnectAsync(pki.Client(port, identity), Ct));
                Assert.False(client.IsConnected);
                await Task.WhenAny(told, Task.Delay(TimeSpan.FromSeconds(4), Ct));
            }

            Assert.Contains("certificate verify failed", (await told).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_throws_another_out_by_its_client_id()
    {
        await Start();
        var first = await Connect(pki.Issue(TrialPki.First));
        var changes = Changes(first);
        using var second = new MqttClientFactory().CreateMqttClient();
        await second.ConnectAsync(pki.Client(port, pki.Issue(TrialPki.Second), "kehrwerk/KW-01"), Ct);
        var heard = await Hear(first, Topics.Default.BelowOf(TrialPki.First));
        await Send(first, Topics.Default.Of(TrialPki.First, LinkTopic.State), "still here", Qos.AtLeastOnce);
        Assert.Equal("still here", Text(await Next(heard)));
        Assert.False(changes.TryRead(out _));
    }

    [Fact]
    public async Task A_message_that_is_too_large_reaches_nobody_and_is_told()
    {
        await Start();
        var centre = await Connect(pki.Issue(LinkIdentity.Centre));
        var vehicle = await Connect(pki.Issue(TrialPki.First));
        var heard = await Hear(centre, "vda5050/#");
        await Send(vehicle, Topics.Default.Of(TrialPki.First, LinkTopic.State), new string('x', LinkJson.MaxBytes + 1));
        Assert.Equal("kehrwerk/KW-01", (await Refusal(RefusalKind.TooLarge)).Who);
        await vehicle.WaitUntilConnectedAsync(Ct).WaitAsync(Patience, Ct);
        await Send(vehicle, Topics.Default.Of(TrialPki.First, LinkTopic.State), "small", Qos.AtLeastOnce);
        Assert.Equal("small", Text(await Next(heard)));
    }

    private async Task Start(bool takesVda21 = false)
    {
        var program = new[] { "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "Mosquitto is not installed; ./test installs it.");
        port = FreePort();
        var broker = pki.Issue(LinkIdentity.Broker);
        var files = new MosquittoFiles
        {
            Listen = new(IPAddress.Loopback, port),
            Security = new() { AuthorityFile = pki.AuthorityFile, ListFile = pki.ListFile, CertificateFile = broker + ".crt", KeyFile = broker + ".key" },
            AccessFile = Path.Combine(pki.Folder, "acl"),
            TakesVda21 = takesVda21,
            LogFile = Path.Combine(pki.Folder, "mosquitto.log"),
        };
        var configuration = Path.Combine(pki.Folder, "mosquitto.conf");
        // Started by root it would become another user, who cannot read the folder.
        await File.WriteAllTextAsync(configuration, files.Configuration() + (Environment.UserName == "root" ? "user root\n" : ""), Ct);
        await File.WriteAllTextAsync(files.AccessFile, files.AccessRules(), Ct);
        var log = MosquittoLog.Follow(files.LogFile, refusal => refusals.Writer.TryWrite(refusal), NullLogger<MosquittoLog>.Instance);
        open.Add(log);
        mosquitto = Process.Start(new ProcessStartInfo(program!, ["-c", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        await WaitForPort();
    }

    private async Task WaitForPort()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        while (true)
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                Assert.False(mosquitto!.HasExited, "Mosquitto has ended: " + (mosquitto.HasExited ? await mosquitto.StandardError.ReadToEndAsync(Ct) : ""));
                await Task.Delay(20, limit.Token);
            }
        }
    }

    private async Task<MqttTransport> Connect(string identity)
    {
        var transport = MqttTransport.Start(pki.Transport(port, identity), NullLogger<MqttTransport>.Instance);
        open.Add(transport);
        await transport.WaitUntilConnectedAsync(Ct).WaitAsync(Patience, Ct);
        return transport;
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

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
