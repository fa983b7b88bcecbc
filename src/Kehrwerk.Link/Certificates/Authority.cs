using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kehrwerk.Link.Certificates;

/// <summary>What an authority is made with.</summary>
public sealed record AuthoritySettings
{
    /// <summary>Its common name, 1 to 64 characters.</summary>
    public string Name { get; init; } = "Kehrwerk trial authority";

    public int Days { get; init; } = 3650;

    /// <summary>P-256 or P-384; the keys of what it issues are of the same curve.</summary>
    public ECCurve Curve { get; init; } = ECCurve.NamedCurves.nistP256;
}

/// <summary>How a certificate that was issued stands.</summary>
public enum IssuedState
{
    Valid,
    NotYetValid,
    Expired,
    Revoked,
}

/// <summary>A certificate that was issued.</summary>
/// <param name="Serial">Serial number, hexadecimal.</param>
/// <param name="Name">Common name.</param>
public sealed record IssuedCertificate(string Serial, string Name, DateTimeOffset From, DateTimeOffset Until, IssuedState State);

/// <summary>
/// A small certificate authority for trials, in one folder that only its owner can enter:
/// <code>
/// authority.crt  authority.key   the authority (ECDSA); the key never leaves this folder
/// revoked.crl                    its revocation list
/// certificates/SERIAL.crt        every certificate that was ever issued
/// issued/NAME.crt NAME.key       what is handed to a vehicle (its name's / written as @), the centre or the broker
/// </code>
/// Private keys have mode 0600 and are written once. One process at a time changes the folder.
/// </summary>
public sealed class Authority : IDisposable
{
    public const string CertificateFile = "authority.crt";
    public const string ListFile = "revoked.crl";
    public const string IssuedFolder = "issued";

    private const string KeyFile = "authority.key";
    private const string ArchiveFolder = "certificates";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly string folder;
    private readonly X509Certificate2 own;
    private readonly FileStream ownership;
    private readonly TimeProvider time;

    private Authority(string folder, X509Certificate2 own, FileStream ownership, TimeProvider time) =>
        (this.folder, this.own, this.ownership, this.time) = (folder, own, ownership, time);

    public string Name => own.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    /// <summary>Path without ending of the files that are handed to somebody.</summary>
    public static string PathOf(string issuedFolder, LinkIdentity identity) => Path.Combine(issuedFolder, identity.Name.Replace('/', '@'));

    /// <exception cref="CertificateException">There is an authority already, or the folder cannot be written.</exception>
    public static void Create(string folder, AuthoritySettings settings, TimeProvider time)
    {
        if (File.Exists(Path.Combine(folder, KeyFile)) || File.Exists(Path.Combine(folder, CertificateFile)))
        {
            throw new CertificateException(folder, "there is an authority already, and nothing is overwritten", "Use it, or choose another folder with --pki");
        }

        PrivateFiles.MakeFolder(folder);
        using var ownership = PrivateFiles.Own(folder);
        using var key = ECDsa.Create(settings.Curve);
        var request = new CertificateRequest(Subject(settings.Name), key, HashOf(key));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var own = request.CreateSelfSigned(now - ClockSkew, now.AddDays(settings.Days));
        PrivateFiles.MakeFolder(Path.Combine(folder, ArchiveFolder));
        PrivateFiles.MakeFolder(Path.Combine(folder, IssuedFolder));
        // The certificate comes last: with it the authority is there.
        PrivateFiles.Write(Path.Combine(folder, KeyFile), key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        PrivateFiles.Write(Path.Combine(folder, ListFile), ListOf(own, new(), BigInteger.One, now), isSecret: false);
        PrivateFiles.Write(Path.Combine(folder, CertificateFile), own.ExportCertificatePem(), isSecret: false);
    }

    /// <exception cref="CertificateException">There is none, it is damaged, or another process uses it.</exception>
    public static Authority Open(string folder, TimeProvider time)
    {
        if (!File.Exists(Path.Combine(folder, CertificateFile)))
        {
            throw new CertificateException(folder, "there is no authority here", "Make one with: kehrwerk pki create --pki DIR");
        }

        var ownership = PrivateFiles.Own(folder);
        try
        {
            return new(folder, PemFile.WithKey(Path.Combine(folder, CertificateFile), Path.Combine(folder, KeyFile)).Own, ownership, time);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    /// <summary>Issues a certificate with a new key, into <see cref="IssuedFolder"/>.</summary>
    /// <param name="identity">To whom.</param>
    /// <param name="days">How long it is valid; not longer than the authority.</param>
    /// <param name="hosts">Names and addresses at which a broker is reached, 1 to 20; empty for others.</param>
    /// <param name="renew">Whether it takes the place of files that are there; the certificate before stays valid until it is revoked.</param>
    /// <returns>Path of the certificate; the key lies beside it, ending in .key.</returns>
    /// <exception cref="CertificateException">There is one and it is not to be renewed, or the folder cannot be written.</exception>
    public string Issue(LinkIdentity identity, int days, IReadOnlyList<string> hosts, bool renew = false)
    {
        var path = PathOf(Path.Combine(folder, IssuedFolder), identity);
        if (!renew && (File.Exists(path + ".crt") || File.Exists(path + ".key")))
        {
            throw new CertificateException(path + ".crt", $"{identity} has a certificate, and nothing is overwritten", "Replace certificate and key with --renew, and revoke the old one when the new one is in use");
        }

        var now = time.GetUtcNow();
        if (now >= own.NotAfter)
        {
            throw new CertificateException(Path.Combine(folder, CertificateFile), $"the authority has expired on {own.NotAfter.ToUniversalTime():yyyy-MM-dd}", "Create a new one in another folder and issue all certificates again");
        }

        using var key = ECDsa.Create(CurveOfOwn());
        using var certificate = Request(identity, key, hosts).Create(own, Earlier(now - ClockSkew, own.NotBefore), Until(now, days), NewSerial());
        // Into the archive first: nothing leaves the house that the list does not know.
        PrivateFiles.Write(Path.Combine(folder, ArchiveFolder, certificate.SerialNumber + ".crt"), certificate.ExportCertificatePem(), isSecret: false);
        PrivateFiles.Write(path + ".key", key.ExportPkcs8PrivateKeyPem(), isSecret: true, overwrite: renew);
        PrivateFiles.Write(path + ".crt", certificate.ExportCertificatePem(), isSecret: false, overwrite: renew);
        return path + ".crt";
    }

    /// <summary>Every certificate that was issued, by name and then by age.</summary>
    /// <exception cref="CertificateException">One cannot be read.</exception>
    public IReadOnlyList<IssuedCertificate> List()
    {
        var now = time.GetUtcNow();
        var list = RevocationList.Load(Path.Combine(folder, ListFile));
        return
        [
            .. Archive().Select(certificate => new IssuedCertificate(
                    certificate.SerialNumber,
                    certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
                    certificate.NotBefore.ToUniversalTime(),
                    certificate.NotAfter.ToUniversalTime(),
                    StateOf(certificate, list, now)))
                .OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.From).ThenBy(c => c.Serial, StringComparer.Ordinal),
        ];
    }

    /// <summary>Puts certificates on the revocation list: the one of a serial number, or all of a name that are not expired.</summary>
    /// <returns>Those that were revoked now.</returns>
    /// <exception cref="CertificateException">Nothing of that number or name is left to revoke.</exception>
    public IReadOnlyList<IssuedCertificate> Revoke(string serialOrName)
    {
        var chosen = List()
            .Where(c => string.Equals(c.Serial, serialOrName, StringComparison.OrdinalIgnoreCase) || c.Name == serialOrName)
            .Where(c => c.State is IssuedState.Valid or IssuedState.NotYetValid).ToList();
        if (chosen.Count == 0)
        {
            throw new CertificateException(serialOrName, "no valid certificate has this serial number or name", "See all with: kehrwerk pki list");
        }

        var file = Path.Combine(folder, ListFile);
        var now = time.GetUtcNow();
        var builder = CertificateRevocationListBuilder.LoadPem(PemFile.Text(file), out var number);
        foreach (var certificate in chosen)
        {
            builder.AddEntry(Convert.FromHexString(certificate.Serial), now);
        }

        PrivateFiles.Write(file, ListOf(own, builder, number + 1, now), isSecret: false, overwrite: true);
        return chosen;
    }

    public void Dispose()
    {
        own.Dispose();
        ownership.Dispose();
    }

    private static X500DistinguishedName Subject(string name)
    {
        if (name.Length is 0 or > LinkIdentity.MaxNameLength || name.Any(char.IsControl))
        {
            throw new CertificateException($"name '{name}'", $"it is empty, has more than {LinkIdentity.MaxNameLength} characters, or holds a control character", "Give another name");
        }

        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }

    private static HashAlgorithmName HashOf(ECDsa key) => key.KeySize > 256 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    // The list is read from the disk where it is needed, so it is never too old as long as the authority lives.
    private static string ListOf(X509Certificate2 authority, CertificateRevocationListBuilder builder, BigInteger number, DateTimeOffset now)
    {
        using var key = authority.GetECDsaPublicKey()!;
        var from = Earlier(now - ClockSkew, authority.NotBefore);
        return PemEncoding.WriteString(PemFile.ListLabel, builder.Build(authority, number, authority.NotAfter, HashOf(key), thisUpdate: from));
    }

    private static IssuedState StateOf(X509Certificate2 certificate, IReadOnlyList<RevocationList> lists, DateTimeOffset now) =>
        lists.Any(list => list.Names(certificate)) ? IssuedState.Revoked
        : now > certificate.NotAfter ? IssuedState.Expired
        : now < certificate.NotBefore ? IssuedState.NotYetValid
        : IssuedState.Valid;

    private static DateTimeOffset Earlier(DateTimeOffset time, DateTimeOffset butNotBefore) => time > butNotBefore ? time : butNotBefore;

    /// <summary>128 bits of chance; positive and without a leading zero, so that it has one spelling.</summary>
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }

    private DateTimeOffset Until(DateTimeOffset now, int days)
    {
        var wanted = now.AddDays(days);
        return wanted < own.NotAfter ? wanted : own.NotAfter;
    }

    private CertificateRequest Request(LinkIdentity identity, ECDsa key, IReadOnlyList<string> hosts)
    {
        var isBroker = identity.Role == LinkRole.Broker;
        var request = new CertificateRequest(Subject(identity.Name), key, HashOf(key));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(isBroker ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(own, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (isBroker)
        {
            request.CertificateExtensions.Add(Hosts(hosts));
        }

        return request;
    }

    private static X509Extension Hosts(IReadOnlyList<string> hosts)
    {
        const int most = 20;
        if (hosts.Count is 0 or > most)
        {
            throw new CertificateException("--host", $"a broker has 1 to {most} names or addresses, not {hosts.Count}", "Give each name or address at which clients reach it, e.g. --host broker.example.org --host 10.0.0.5");
        }

        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else if (Uri.CheckHostName(host) == UriHostNameType.Dns)
            {
                names.AddDnsName(host);
            }
            else
            {
                throw new CertificateException($"--host {host}", "it is neither a host name nor an IP address", "Give it as clients write it, without a port");
            }
        }

        return names.Build();
    }

    private ECCurve CurveOfOwn()
    {
        using var key = own.GetECDsaPublicKey()!;
        return key.KeySize > 256 ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256;
    }

    private IEnumerable<X509Certificate2> Archive() =>
        Directory.EnumerateFiles(Path.Combine(folder, ArchiveFolder), "*.crt").Select(file => PemFile.Certificates(file)[0]);
}
