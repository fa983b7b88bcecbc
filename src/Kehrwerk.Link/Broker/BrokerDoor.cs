using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kehrwerk.Link.Certificates;

namespace Kehrwerk.Link.Broker;

/// <summary>With which files a broker proves itself and knows its clients, and how much they may send.</summary>
public sealed record BrokerSecurity
{
    /// <summary>PEM: the authorities whose certificates are accepted, up to their root.</summary>
    public required string AuthorityFile { get; init; }

    /// <summary>PEM: their revocation lists. Read anew when it changes.</summary>
    public required string ListFile { get; init; }

    /// <summary>PEM: the broker's own certificate, and authorities between it and the root.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM: its private key, not encrypted.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Of each vehicle; the Centre's rate is not limited, so that no stop waits.</summary>
    public ClientLimits VehicleLimits { get; init; } = new();

    /// <summary>How often the files are looked at.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads all files as a broker would.</summary>
    /// <exception cref="CertificateException">A file cannot be used.</exception>
    public void Check(TimeProvider time) => _ = new BrokerDoor(this, time);
}

/// <summary>Holds what <see cref="BrokerSecurity"/> names, as the files were last. Thread-safe.</summary>
internal sealed class BrokerDoor
{
    private readonly BrokerSecurity security;
    private readonly TimeProvider time;
    private volatile Content content;
    private string stamp;

    /// <exception cref="CertificateException">A file cannot be used.</exception>
    public BrokerDoor(BrokerSecurity security, TimeProvider time)
    {
        (this.security, this.time) = (security, time);
        stamp = Stamp();
        content = Read();
    }

    public BrokerSecurity Security => security;

    public CertificateVerdict Judge(X509Certificate2? certificate) => content.Trust.JudgeClient(certificate, time.GetUtcNow());

    /// <summary>Reads the files again where they have changed; true where they are others now.</summary>
    /// <exception cref="CertificateException">They cannot be used; what was read before stays in force. Told once for each change.</exception>
    public bool Refresh()
    {
        var now = Stamp();
        if (now == stamp)
        {
            return false;
        }

        stamp = now;
        content = Read();
        return true;
    }

    /// <summary>Options of one handshake: TLS 1.3 only, a certificate is required, and <paramref name="judge"/> has the last word on it.</summary>
    public SslServerAuthenticationOptions Handshake(Func<X509Certificate2?, bool> judge) => new()
    {
        ServerCertificateContext = content.Own,
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateRequired = true,
        // Every connection shows its certificate anew: what was revoked meanwhile does not resume.
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
        RemoteCertificateValidationCallback = (_, certificate, _, _) => judge(certificate as X509Certificate2),
    };

    private Content Read()
    {
        var trust = CertificateTrust.Load(security.AuthorityFile, security.ListFile);
        var (own, others) = PemFile.WithKey(security.CertificateFile, security.KeyFile);
        var verdict = trust.JudgeBroker(own, time.GetUtcNow());
        if (verdict.Fault is CertificateFault.WrongUse or CertificateFault.Expired)
        {
            throw new CertificateException(security.CertificateFile, verdict.Text, "Issue a new one with: kehrwerk pki issue broker");
        }

        return new(trust, SslStreamCertificateContext.Create(own, others, offline: true));
    }

    private string Stamp() => string.Join('|', new[] { security.AuthorityFile, security.ListFile, security.CertificateFile, security.KeyFile }.Select(file =>
    {
        var info = new FileInfo(file);
        return info.Exists ? $"{info.LastWriteTimeUtc.Ticks} {info.Length}" : "";
    }));

    private sealed record Content(CertificateTrust Trust, SslStreamCertificateContext Own);
}
