using System.Security.Cryptography.X509Certificates;

namespace Kehrwerk.Link.Certificates;

/// <summary>Why a certificate is not accepted.</summary>
public enum CertificateFault
{
    None,
    Missing,
    Foreign,
    NotYetValid,
    Expired,
    Revoked,

    /// <summary>Not made for this use: a broker's certificate at a client, or the other way round.</summary>
    WrongUse,

    /// <summary>Its common name is no vehicle, centre or broker.</summary>
    NamesNobody,

    /// <summary>The revocation list of its authority is missing or overdue, so nobody knows whether it is revoked.</summary>
    NoList,
}

/// <summary>What was found about a certificate.</summary>
/// <param name="Identity">Whose it is; meaningful where there is no fault.</param>
/// <param name="Text">The fault in words; empty where there is none.</param>
public sealed record CertificateVerdict(LinkIdentity Identity, CertificateFault Fault, string Text);

/// <summary>
/// Whom this side trusts: the authorities of one file and nobody else, with their revocation lists. Certificates that the other side
/// sends along do not help, and nothing is fetched from the network. Immutable.
/// </summary>
public sealed class CertificateTrust
{
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection authorities;
    private readonly IReadOnlyList<(X509Certificate2 Owner, RevocationList List)>? lists;

    private CertificateTrust(X509Certificate2Collection authorities, IReadOnlyList<(X509Certificate2, RevocationList)>? lists) =>
        (this.authorities, this.lists) = (authorities, lists);

    /// <summary>How many certificates the lists name.</summary>
    public int Revoked => lists?.Sum(owned => owned.List.Count) ?? 0;

    /// <param name="authorityFile">PEM: the authority that issues, and those above it up to the root.</param>
    /// <param name="listFile">PEM: a revocation list of each authority that issues; null where none is to be asked.</param>
    /// <exception cref="CertificateException">A file cannot be used, or a list is signed by somebody else.</exception>
    public static CertificateTrust Load(string authorityFile, string? listFile)
    {
        var authorities = PemFile.Certificates(authorityFile);
        if (!authorities.Any(IsRoot))
        {
            throw new CertificateException(authorityFile, "no certificate in it is a root, signed by itself", "Add the authorities above up to the root");
        }

        return new(authorities, listFile is null ? null : ListsOf(authorities, listFile));
    }

    /// <summary>Judges the certificate of a client.</summary>
    public CertificateVerdict JudgeClient(X509Certificate2? certificate, DateTimeOffset now) => Judge(certificate, ClientUse, now);

    /// <summary>Judges the certificate of a broker; its host name is not looked at.</summary>
    public CertificateVerdict JudgeBroker(X509Certificate2? certificate, DateTimeOffset now) => Judge(certificate, ServerUse, now);

    /// <summary>The lists of these authorities; those of others are left out.</summary>
    private static List<(X509Certificate2 Owner, RevocationList List)> ListsOf(X509Certificate2Collection authorities, string file)
    {
        var lists = RevocationList.Load(file);
        if (lists.Count == 0)
        {
            throw new CertificateException(file, "there is no revocation list in it", "Give a PEM file with BEGIN X509 CRL; the list of an authority that has revoked nothing is empty");
        }

        var owned = new List<(X509Certificate2, RevocationList)>();
        foreach (var list in lists)
        {
            // While an authority is replaced there may be two of one name.
            var named = authorities.Where(list.IsFrom).ToList();
            if (named.Find(list.IsSignedBy) is { } owner)
            {
                owned.Add((owner, list));
            }
            else if (named.Count > 0)
            {
                throw new CertificateException(file, $"the revocation list of {named[0].Subject} is not signed by it", "Fetch the list from the authority again");
            }
        }

        return owned;
    }

    private CertificateVerdict Judge(X509Certificate2? certificate, string use, DateTimeOffset now)
    {
        if (certificate is null)
        {
            return new(default, CertificateFault.Missing, "it shows no certificate");
        }

        var isNamed = LinkIdentity.TryRead(certificate, out var identity);
        var (fault, text) = FaultOf(certificate, use, now);
        if (fault != CertificateFault.None)
        {
            return new(identity, fault, text);
        }

        // Anyone's certificate serves a broker: its host name says whose it is, not its common name.
        return isNamed && identity.Role != LinkRole.Broker || use == ServerUse
            ? new(identity, CertificateFault.None, "")
            : new(identity, CertificateFault.NamesNobody, $"its certificate for {certificate.Subject} names neither a vehicle (CN=manufacturer/serial) nor the centre (CN=centre)");
    }

    private (CertificateFault Fault, string Text) FaultOf(X509Certificate2 certificate, string use, DateTimeOffset now)
    {
        using var chain = Chain(use, now);
        var isWhole = chain.Build(certificate);
        // The status of the chain is the sum of that of its elements; of them, the leaf's is what a person has to know first.
        var statuses = chain.ChainElements.SelectMany(element => element.ChainElementStatus.Select(status => (element.Certificate, status.Status))).ToList();
        var unusual = statuses.Find(s => s.Status is not (X509ChainStatusFlags.NotTimeValid or X509ChainStatusFlags.NotValidForUsage));
        var named = $"its certificate {certificate.SerialNumber} for {certificate.Subject}";
        if (unusual != default || chain.ChainStatus.Any(s => s.Status == X509ChainStatusFlags.PartialChain))
        {
            return (CertificateFault.Foreign, $"{named} is not from a trusted authority but from {certificate.Issuer}");
        }

        if (RevocationFault(chain, named, now) is { } revocation)
        {
            return revocation;
        }

        if (now < certificate.NotBefore)
        {
            return (CertificateFault.NotYetValid, $"{named} is valid only from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
        }

        if (now > certificate.NotAfter)
        {
            return (CertificateFault.Expired, $"{named} has expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
        }

        if (statuses.Exists(s => s.Status == X509ChainStatusFlags.NotTimeValid))
        {
            return (CertificateFault.Expired, $"the authority of {named} has expired or is not valid yet");
        }

        return isWhole ? default : (CertificateFault.WrongUse, $"{named} is not made for {(use == ClientUse ? "clients" : "brokers")}");
    }

    private (CertificateFault Fault, string Text)? RevocationFault(X509Chain chain, string named, DateTimeOffset now)
    {
        if (lists is null)
        {
            return null;
        }

        for (var i = 0; i + 1 < chain.ChainElements.Count; i++)
        {
            var (certificate, authority) = (chain.ChainElements[i].Certificate, chain.ChainElements[i + 1].Certificate);
            var own = lists.Where(owned => owned.Owner.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span)).Select(owned => owned.List).ToList();
            if (own.Exists(list => list.Names(certificate)))
            {
                return (CertificateFault.Revoked, $"{named} is revoked");
            }

            // The lists of higher authorities are looked at where they are given.
            if (i == 0 ? !own.Exists(list => list.Until >= now) : own.Count > 0 && own.TrueForAll(list => list.Until < now))
            {
                return (CertificateFault.NoList, $"the revocation list of {authority.Subject} is missing or overdue, so {named} cannot be judged");
            }
        }

        return null;
    }

    private X509Chain Chain(string use, DateTimeOffset now)
    {
        var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities.Where(IsRoot).ToArray());
        policy.ExtraStore.AddRange(authorities.Where(authority => !IsRoot(authority)).ToArray());
        policy.DisableCertificateDownloads = true;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.ApplicationPolicy.Add(new(use));
        policy.VerificationTime = now.LocalDateTime;
        policy.VerificationTimeIgnored = false;
        return chain;
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
