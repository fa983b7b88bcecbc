using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Transport;
using MQTTnet;
using MQTTnet.Formatter;

namespace Kehrwerk.Link.Tests.Security;

/// <summary>An authority in a temporary folder, and the certificates that it issued.</summary>
internal sealed class TrialPki : IDisposable
{
    public static readonly VehicleId First = new("kehrwerk", "KW-01");
    public static readonly VehicleId Second = new("kehrwerk", "KW-02");

    /// <summary>It is some months old, so that it may have issued what has expired since.</summary>
    public TrialPki() => Authority.Create(Folder, new(), new StandingTime(DateTimeOffset.UtcNow.AddDays(-100)));

    public string Folder { get; } = Path.Combine(Directory.CreateTempSubdirectory("kehrwerk-pki-").FullName, "pki");

    public string AuthorityFile => Path.Combine(Folder, Authority.CertificateFile);

    public string ListFile => Path.Combine(Folder, Authority.ListFile);

    public string IssuedFolder => Path.Combine(Folder, Authority.IssuedFolder);

    /// <returns>Path of certificate and key without ending.</returns>
    public string Issue(LinkIdentity identity, DateTimeOffset? at = null, int days = 10, bool renew = false)
    {
        using var authority = Authority.Open(Folder, at is { } then ? new StandingTime(then) : TimeProvider.System);
        string[] hosts = identity.Role == LinkRole.Broker ? ["127.0.0.1", "localhost"] : [];
        return Path.ChangeExtension(authority.Issue(identity, days, hosts, renew), null);
    }

    public string Issue(VehicleId vehicle, DateTimeOffset? at = null, int days = 10) => Issue(LinkIdentity.Of(vehicle), at, days);

    public void Revoke(string serialOrName)
    {
        using var authority = Authority.Open(Folder, TimeProvider.System);
        authority.Revoke(serialOrName);
    }

    /// <summary>As if nobody had fetched the list of a city's authority for an hour too long.</summary>
    public void WriteOverdueList()
    {
        using var authority = X509Certificate2.CreateFromPemFile(AuthorityFile, Path.Combine(Folder, "authority.key"));
        var now = DateTimeOffset.UtcNow;
        var list = new CertificateRevocationListBuilder().Build(authority, 9, now.AddHours(-1), HashAlgorithmName.SHA256, thisUpdate: now.AddHours(-2));
        File.WriteAllText(ListFile, PemEncoding.WriteString("X509 CRL", list));
    }

    public IReadOnlyList<IssuedCertificate> List()
    {
        using var authority = Authority.Open(Folder, TimeProvider.System);
        return authority.List();
    }

    /// <param name="identity">What <see cref="Issue(VehicleId, DateTimeOffset?, int)"/> returned, of this authority or another.</param>
    public LinkTls Tls(string identity) => new() { AuthorityFile = AuthorityFile, CertificateFile = identity + ".crt", KeyFile = identity + ".key" };

    public MqttTransportOptions Transport(int port, string identity) => new("127.0.0.1", port, Wire.NameOf(identity))
    {
        Tls = Tls(identity),
        FirstPause = TimeSpan.FromMilliseconds(50),
        LongestPause = TimeSpan.FromMilliseconds(200),
    };

    public MqttClientOptions Client(int port, string identity, string? clientId = null) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", port)
        .WithStreamProvider(new TlsStreamProvider(Tls(identity), TimeProvider.System))
        .WithProtocolVersion(MqttProtocolVersion.V500)
        .WithClientId(clientId ?? Wire.NameOf(identity))
        .WithTimeout(Wire.Patience)
        .Build();

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
}

/// <summary>A clock that shows one time until it is set.</summary>
internal sealed class StandingTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;
}
