using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kehrwerk.Link.Certificates;

namespace Kehrwerk.Link.Tests.Security;

public sealed class AuthorityTests : IDisposable
{
    private readonly TrialPki pki = new();

    public void Dispose() => pki.Dispose();

    [Fact]
    public void Only_the_owner_can_enter_the_folder_and_read_keys()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var vehicle = pki.Issue(TrialPki.First);
        Assert.Equal("700", Mode(pki.Folder));
        Assert.Equal("700", Mode(pki.IssuedFolder));
        Assert.Equal("600", Mode(Path.Combine(pki.Folder, "authority.key")));
        Assert.Equal("600", Mode(vehicle + ".key"));
        Assert.DoesNotContain(Directory.EnumerateFiles(pki.Folder, "*", SearchOption.AllDirectories), file => file.EndsWith(".incoming", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_others_can_enter_gets_no_keys()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var open = Directory.CreateDirectory(Path.Combine(pki.Folder, "open"));
        if (!OperatingSystem.IsWindows())
        {
            open.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        }

        var error = Assert.Throws<CertificateException>(() => Authority.Create(open.FullName, new(), TimeProvider.System));
        Assert.Contains("chmod 700", error.Message, StringComparison.Ordinal);
        Assert.Empty(open.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Nothing_is_overwritten()
    {
        var path = pki.Issue(TrialPki.First);
        var (key, authority) = (File.ReadAllText(path + ".key"), File.ReadAllText(pki.AuthorityFile));
        Assert.Contains("--renew", Assert.Throws<CertificateException>(() => pki.Issue(TrialPki.First)).Message, StringComparison.Ordinal);
        Assert.Contains("--pki", Assert.Throws<CertificateException>(() => Authority.Create(pki.Folder, new(), TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Equal((key, authority), (File.ReadAllText(path + ".key"), File.ReadAllText(pki.AuthorityFile)));
    }

    [Fact]
    public void Issued_renewed_and_revoked_certificates_are_all_listed()
    {
        pki.Issue(TrialPki.First);
        pki.Issue(LinkIdentity.Of(TrialPki.First), renew: true);
        pki.Issue(TrialPki.Second, DateTimeOffset.UtcNow.AddDays(-20));
        pki.Issue(LinkIdentity.Centre, DateTimeOffset.UtcNow.AddDays(5));
        var older = pki.List().First(c => c.Name == "kehrwerk/KW-01");
        pki.Revoke(older.Serial.ToLowerInvariant());

        Assert.Equal(
            ["centre NotYetValid", "kehrwerk/KW-01 Revoked", "kehrwerk/KW-01 Valid", "kehrwerk/KW-02 Expired"],
            pki.List().Select(c => $"{c.Name} {c.State}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Revoking_a_name_revokes_all_its_certificates_and_then_there_is_nothing_left_to_revoke()
    {
        pki.Issue(TrialPki.First);
        pki.Issue(LinkIdentity.Of(TrialPki.First), renew: true);
        pki.Revoke("kehrwerk/KW-01");
        Assert.All(pki.List(), c => Assert.Equal(IssuedState.Revoked, c.State));
        Assert.Contains("pki list", Assert.Throws<CertificateException>(() => pki.Revoke("kehrwerk/KW-01")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vehicle_named_like_a_way_out_of_the_folder_stays_in_it()
    {
        var path = pki.Issue(new VehicleId("..", ".."));
        Assert.Equal(pki.IssuedFolder, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    [Fact]
    public void A_certificate_does_not_outlive_its_authority()
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(pki.AuthorityFile);
        using var issued = X509CertificateLoader.LoadCertificateFromFile(pki.Issue(TrialPki.First, days: 36_500) + ".crt");
        Assert.Equal(authority.NotAfter, issued.NotAfter);
    }

    [Fact]
    public void Two_processes_do_not_change_the_folder_at_once()
    {
        using var first = Authority.Open(pki.Folder, TimeProvider.System);
        Assert.Contains("another process", Assert.Throws<CertificateException>(() => pki.Revoke("centre")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_larger_curve_goes_through_all_keys()
    {
        var folder = Path.Combine(pki.Folder, "p384");
        Authority.Create(folder, new() { Curve = ECCurve.NamedCurves.nistP384 }, TimeProvider.System);
        using var authority = Authority.Open(folder, TimeProvider.System);
        using var issued = X509CertificateLoader.LoadCertificateFromFile(authority.Issue(LinkIdentity.Centre, 1, []));
        using var key = issued.GetECDsaPublicKey();
        Assert.Equal(384, key!.KeySize);
        authority.Revoke("centre");
        var trust = CertificateTrust.Load(Path.Combine(folder, Authority.CertificateFile), Path.Combine(folder, Authority.ListFile));
        Assert.Equal(CertificateFault.Revoked, trust.JudgeClient(issued, DateTimeOffset.UtcNow).Fault);
    }

    [Theory]
    [InlineData("not a host")]
    [InlineData("host:8883")]
    [InlineData("")]
    public void A_host_that_is_none_is_named(string host)
    {
        using var authority = Authority.Open(pki.Folder, TimeProvider.System);
        var error = Assert.Throws<CertificateException>(() => authority.Issue(LinkIdentity.Broker, 1, [host]));
        Assert.StartsWith($"--host {host}: ", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(pki.IssuedFolder));
    }

    private static string Mode(string path) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
