using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kehrwerk.Link.Certificates;
using MQTTnet.Channel;

namespace Kehrwerk.Link.Transport;

/// <summary>With which files a client proves itself to the broker and knows it. They are read at each connecting, so that they can be renewed.</summary>
public sealed record LinkTls
{
    /// <summary>PEM: the authorities whose broker is trusted, up to their root.</summary>
    public required string AuthorityFile { get; init; }

    /// <summary>PEM: this client's certificate, and authorities between it and the root.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM: its private key, not encrypted.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The host that the broker's certificate must name; the one that is connected to where not given.</summary>
    public string? BrokerName { get; init; }

    /// <summary>Whose certificate it is.</summary>
    /// <exception cref="CertificateException">A file cannot be used, or it names nobody of the link.</exception>
    public LinkIdentity ReadIdentity()
    {
        CertificateTrust.Load(AuthorityFile, null);
        using var own = PemFile.WithKey(CertificateFile, KeyFile).Own;
        return LinkIdentity.TryRead(own, out var identity)
            ? identity
            : throw new CertificateException(CertificateFile, $"it is for {own.Subject}, which is neither a vehicle (CN=manufacturer/serial) nor the centre (CN=centre)", "Issue one with: kehrwerk pki issue");
    }
}

/// <summary>
/// Connects to the broker over TLS 1.3, with certificates on both sides. MQTTnet's own TLS would look for unknown authorities on the
/// network and say less about what is wrong.
/// </summary>
internal sealed class TlsStreamProvider(LinkTls tls, TimeProvider time) : IMqttClientStreamProvider
{
    /// <exception cref="CertificateException">A file cannot be used, or the broker's certificate is not accepted.</exception>
    public async Task<Stream> ConnectAsync(EndPoint brokerEndPoint, CancellationToken cancellationToken)
    {
        var trust = CertificateTrust.Load(tls.AuthorityFile, null);
        var (own, others) = PemFile.WithKey(tls.CertificateFile, tls.KeyFile);
        using var kept = own;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(brokerEndPoint, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var host = tls.BrokerName ?? HostOf(brokerEndPoint);
        var fault = "";
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ClientCertificateContext = SslStreamCertificateContext.Create(own, others, offline: true),
                    AllowTlsResume = false,
                    AllowRenegotiation = false,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                        (fault = Fault(trust, certificate as X509Certificate2, errors, host)).Length == 0,
                },
                cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch (Exception failed)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw fault.Length > 0
                ? new CertificateException($"broker {host}", fault, "Check that this is the right broker and that --ca names its authority", failed)
                : failed is AuthenticationException or IOException ? new IOException($"no TLS 1.3 connection: {failed.InnerException?.Message ?? failed.Message}", failed)
                : failed;
        }
    }

    private string Fault(CertificateTrust trust, X509Certificate2? certificate, SslPolicyErrors errors, string host) =>
        trust.JudgeBroker(certificate, time.GetUtcNow()) is { Fault: not CertificateFault.None } verdict ? verdict.Text
        : (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 ? $"its certificate is not for the host {host}"
        : "";

    private static string HostOf(EndPoint broker) => broker switch
    {
        DnsEndPoint named => named.Host,
        IPEndPoint numbered => numbered.Address.ToString(),
        _ => "",
    };
}
