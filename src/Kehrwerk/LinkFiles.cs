using System.Security.Cryptography.X509Certificates;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;

namespace Kehrwerk;

/// <summary>The certificates of a link, as a person gave them: by an authority's folder or one by one.</summary>
/// <param name="AuthorityFile">PEM: the authority, and those above it.</param>
/// <param name="ListFile">PEM: its revocation list.</param>
/// <param name="IssuedFolder">Certificates and keys by name, as <see cref="Authority.PathOf"/> says.</param>
internal sealed record LinkFiles(string AuthorityFile, string ListFile, string IssuedFolder)
{
    public BrokerSecurity ForBroker() => new()
    {
        AuthorityFile = AuthorityFile,
        ListFile = ListFile,
        CertificateFile = CertificateOf(LinkIdentity.Broker),
        KeyFile = KeyOf(LinkIdentity.Broker),
    };

    /// <param name="brokerName">The host that the broker's certificate names; null where it is the one that is connected to.</param>
    public LinkTls For(LinkIdentity who, string? brokerName) => new()
    {
        AuthorityFile = AuthorityFile,
        CertificateFile = CertificateOf(who),
        KeyFile = KeyOf(who),
        BrokerName = brokerName,
    };

    /// <summary>A host that the broker's own certificate names: whoever runs in the broker's process reaches it by another address.</summary>
    /// <exception cref="InputException">It names none.</exception>
    public string BrokerName()
    {
        Need(LinkIdentity.Broker, "broker --host HOST");
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateOf(LinkIdentity.Broker));
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var host = names?.EnumerateDnsNames().FirstOrDefault();
        // "*.example.org" names every host one level below.
        return host?.StartsWith("*.", StringComparison.Ordinal) == true ? "broker" + host[1..]
            : host ?? names?.EnumerateIPAddresses().FirstOrDefault()?.ToString()
            ?? throw new InputException(CertificateOf(LinkIdentity.Broker), "it names no host (subject alternative name)", "Issue one with: kehrwerk pki issue broker --host HOST");
    }

    /// <exception cref="InputException">There is no certificate of this name.</exception>
    public void Need(LinkIdentity who, string issue)
    {
        if (!File.Exists(CertificateOf(who)))
        {
            throw new InputException(CertificateOf(who), $"there is no certificate of {who}", $"Issue it with: kehrwerk pki issue {issue}");
        }
    }

    private string CertificateOf(LinkIdentity who) => Authority.PathOf(IssuedFolder, who) + ".crt";

    private string KeyOf(LinkIdentity who) => Authority.PathOf(IssuedFolder, who) + ".key";
}
