using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using Kehrwerk.Link.Certificates;

namespace Kehrwerk.Link.Tests.Security;

public sealed class CertificateTrustTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TrialPki pki = new();

    public void Dispose() => pki.Dispose();

    [Fact]
    public void A_vehicles_certificate_names_the_vehicle()
    {
        var verdict = Judge(pki.Issue(TrialPki.First));
        Assert.Equal((CertificateFault.None, LinkIdentity.Of(TrialPki.First)), (verdict.Fault, verdict.Identity));
        Assert.Equal(LinkRole.Centre, Judge(pki.Issue(LinkIdentity.Centre)).Identity.Role);
    }

    [Fact]
    public void An_authority_of_the_same_name_is_foreign()
    {
        using var other = new TrialPki();
        Assert.Equal(CertificateFault.Foreign, Judge(other.Issue(TrialPki.First)).Fault);
    }

    [Fact]
    public void Validity_is_judged_at_the_time_that_is_given()
    {
        Assert.Equal(CertificateFault.Expired, Judge(pki.Issue(TrialPki.First, Now.AddDays(-11))).Fault);
        Assert.Equal(CertificateFault.NotYetValid, Judge(pki.Issue(TrialPki.Second, Now.AddDays(1))).Fault);
    }

    [Fact]
    public void A_revoked_certificate_is_told_from_the_one_that_followed_it()
    {
        var path = pki.Issue(TrialPki.First);
        using var old = X509CertificateLoader.LoadCertificateFromFile(path + ".crt");
        pki.Revoke("kehrwerk/KW-01");
        pki.Issue(LinkIdentity.Of(TrialPki.First), renew: true);
        Assert.Equal(CertificateFault.Revoked, Trust().JudgeClient(old, Now).Fault);
        Assert.Equal(CertificateFault.None, Judge(path).Fault);
    }

    [Fact]
    public void A_client_is_no_broker_and_a_broker_no_client()
    {
        var (vehicle, broker) = (pki.Issue(TrialPki.First), pki.Issue(LinkIdentity.Broker));
        Assert.Equal(CertificateFault.WrongUse, Judge(broker).Fault);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(vehicle + ".crt");
        Assert.Equal(CertificateFault.WrongUse, Trust().JudgeBroker(certificate, Now).Fault);
    }

    [Fact]
    public void No_certificate_at_all_is_a_fault_of_its_own() => Assert.Equal(CertificateFault.Missing, Trust().JudgeClient(null, Now).Fault);

    [Fact]
    public void A_citys_own_authority_with_a_root_above_it_works_with_rsa_too()
    {
        using var city = new CityAuthority();
        var trust = CertificateTrust.Load(city.AuthorityFile, city.ListFile);
        Assert.Equal(CertificateFault.None, trust.JudgeClient(city.Issue("CN=maker/1, O=City"), Now).Fault);
        Assert.Equal(CertificateFault.Revoked, trust.JudgeClient(city.Issue("CN=maker/2", CityAuthority.RevokedSerial), Now).Fault);
        Assert.Equal(CertificateFault.NoList, trust.JudgeClient(city.Issue("CN=maker/1"), Now.AddDays(40)).Fault);
    }

    [Theory]
    [InlineData("CN=Erika Mustermann")]
    [InlineData("O=maker/1")]
    [InlineData("CN=maker/1, CN=centre")]
    [InlineData("CN=maker/+")]
    [InlineData("CN=broker")]
    [InlineData("CN=Centre")]
    public void A_trusted_certificate_that_names_nobody_of_the_link_is_refused(string subject)
    {
        using var city = new CityAuthority();
        var trust = CertificateTrust.Load(city.AuthorityFile, city.ListFile);
        Assert.Equal(CertificateFault.NamesNobody, trust.JudgeClient(city.Issue(subject), Now).Fault);
    }

    [Fact]
    public void A_list_signed_by_somebody_else_is_refused_with_its_file()
    {
        using var other = new TrialPki();
        var error = Assert.Throws<CertificateException>(() => CertificateTrust.Load(pki.AuthorityFile, other.ListFile));
        Assert.Contains("is not signed by it", error.Message, StringComparison.Ordinal);
        Assert.StartsWith(other.ListFile, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void While_an_authority_is_replaced_by_one_of_the_same_name_both_count_each_with_its_list()
    {
        using var other = new TrialPki();
        var (old, fresh, revoked) = (pki.Issue(TrialPki.First), other.Issue(TrialPki.First), other.Issue(TrialPki.Second));
        other.Revoke("kehrwerk/KW-02");
        var (authorities, lists) = (Path.Combine(pki.Folder, "both.pem"), Path.Combine(pki.Folder, "both.crl"));
        File.WriteAllText(authorities, File.ReadAllText(pki.AuthorityFile) + File.ReadAllText(other.AuthorityFile));
        File.WriteAllText(lists, File.ReadAllText(pki.ListFile) + File.ReadAllText(other.ListFile));
        var trust = CertificateTrust.Load(authorities, lists);
        Assert.Equal(
            [CertificateFault.None, CertificateFault.None, CertificateFault.Revoked],
            new[] { old, fresh, revoked }.Select(path => trust.JudgeClient(X509CertificateLoader.LoadCertificateFromFile(path + ".crt"), Now).Fault));
    }

    [Fact]
    public void An_issuing_authority_without_its_root_is_refused()
    {
        using var city = new CityAuthority();
        File.WriteAllText(city.AuthorityFile, city.Issuer.ExportCertificatePem());
        Assert.Contains("up to the root", Assert.Throws<CertificateException>(() => CertificateTrust.Load(city.AuthorityFile, city.ListFile)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_something_else_are_named()
    {
        Assert.Contains("no such file", Fault(() => CertificateTrust.Load("no-such-file.pem", null)), StringComparison.Ordinal);
        Assert.Contains("no certificate in it", Fault(() => CertificateTrust.Load(pki.ListFile, null)), StringComparison.Ordinal);
        Assert.Contains("no revocation list in it", Fault(() => CertificateTrust.Load(pki.AuthorityFile, pki.AuthorityFile)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_list_is_refused_or_no_longer_signed()
    {
        pki.Issue(TrialPki.First);
        pki.Revoke("kehrwerk/KW-01");
        PemEncoding.TryFind(File.ReadAllText(pki.ListFile), out var fields);
        var whole = Convert.FromBase64String(File.ReadAllText(pki.ListFile)[fields.Base64Data]);
        var file = Path.Combine(pki.Folder, "damaged.crl");
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte[1, 255]).Sample(
            (at, change) =>
            {
                var damaged = whole.ToArray();
                damaged[at] ^= change;
                File.WriteAllText(file, PemEncoding.WriteString("X509 CRL", damaged));
                try
                {
                    // A list of another authority changes nothing for ours, and ours has then none.
                    var trust = CertificateTrust.Load(pki.AuthorityFile, file);
                    using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(pki.IssuedFolder, "kehrwerk@KW-01.crt"));
                    return trust.JudgeClient(certificate, Now).Fault is CertificateFault.NoList or CertificateFault.Revoked;
                }
                catch (CertificateException)
                {
                    return true;
                }
            },
            iter: 300,
            threads: 1);
    }

    private static string Fault(Action act) => Assert.Throws<CertificateException>(act).Message;

    private CertificateTrust Trust() => CertificateTrust.Load(pki.AuthorityFile, pki.ListFile);

    private CertificateVerdict Judge(string path)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path + ".crt");
        return Trust().JudgeClient(certificate, Now);
    }

    /// <summary>As a city may have it: an RSA root, below it the authority that issues, lists that hold for a month.</summary>
    private sealed class CityAuthority : IDisposable
    {
        public static readonly byte[] RevokedSerial = [0x00, 0x81, 0x02];

        private readonly RSA key = RSA.Create(2048);
        private readonly X509Certificate2 issuer;

        public CityAuthority()
        {
            using var rootKey = RSA.Create(2048);
            using var root = Authority("CN=City root", rootKey).CreateSelfSigned(Now.AddDays(-1), Now.AddYears(9));
            using var plain = Authority("CN=City fleet", key).Create(root, Now.AddDays(-1), Now.AddYears(5), [1]);
            issuer = plain.CopyWithPrivateKey(key);
            var list = new CertificateRevocationListBuilder();
            list.AddEntry(RevokedSerial, Now);
            File.WriteAllText(AuthorityFile, plain.ExportCertificatePem() + "\n" + root.ExportCertificatePem());
            File.WriteAllText(ListFile, PemEncoding.WriteString("X509 CRL", list.Build(issuer, BigInteger.One, Now.AddDays(30), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("kehrwerk-city-").FullName;

        public string AuthorityFile => Path.Combine(Folder, "ca.pem");

        public string ListFile => Path.Combine(Folder, "crl.pem");

        public X509Certificate2 Issuer => issuer;

        public X509Certificate2 Issue(string subject, byte[]? serial = null)
        {
            using var own = RSA.Create(2048);
            var request = new CertificateRequest(subject, own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.2")], critical: false));
            return request.Create(issuer, Now.AddHours(-1), Now.AddYears(1), serial ?? [7]);
        }

        public void Dispose()
        {
            issuer.Dispose();
            key.Dispose();
            Directory.Delete(Folder, recursive: true);
        }

        private static CertificateRequest Authority(string name, RSA key)
        {
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
            return request;
        }
    }
}
