using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kehrwerk.Link.Certificates;

/// <summary>Reads PEM files, within bounds and with faults that name the file.</summary>
internal static class PemFile
{
    /// <summary>Largest file that is read: room for a revocation list of some hundred thousand entries.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    public const string ListLabel = "X509 CRL";

    /// <exception cref="CertificateException">It is missing, too large, or may not be read.</exception>
    public static string Text(string file)
    {
        try
        {
            var length = new FileInfo(file).Length;
            return length <= MaxBytes
                ? File.ReadAllText(file)
                : throw new CertificateException(file, $"it has {length} bytes, more than the {MaxBytes} that are read", "Give a PEM file of certificates, keys or revocation lists");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CertificateException(file, "there is no such file", "Give the path of a PEM file, or make one with: kehrwerk pki", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException(file, "it cannot be read: " + e.Message.TrimEnd('.'), "Let this user read it", e);
        }
    }

    /// <summary>All certificates of a file, at least one.</summary>
    /// <exception cref="CertificateException">There is none, or one cannot be read.</exception>
    public static X509Certificate2Collection Certificates(string file)
    {
        var text = Text(file);
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new CertificateException(file, "a certificate in it is damaged", "Give a PEM file of certificates", e);
        }

        return found.Count > 0
            ? found
            : throw new CertificateException(file, "there is no certificate in it", "Give a PEM file with BEGIN CERTIFICATE");
    }

    /// <summary>The first certificate of a file with its private key, and what else the file holds (certificates of its authorities).</summary>
    /// <exception cref="CertificateException">One of both is missing or damaged, or they do not belong together.</exception>
    public static (X509Certificate2 Own, X509Certificate2Collection Others) WithKey(string certificateFile, string keyFile)
    {
        var all = Certificates(certificateFile);
        var own = all[0];
        all.RemoveAt(0);
        RefuseOpenKey(keyFile);
        var key = Text(keyFile);
        try
        {
            using (own)
            {
                return (X509Certificate2.CreateFromPem(own.ExportCertificatePem(), key), all);
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertificateException(keyFile, $"it does not hold the private key of {certificateFile}", "Give the unencrypted PEM key that was made with that certificate", e);
        }
    }

    private static void RefuseOpenKey(string file)
    {
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & others) != 0)
        {
            throw new CertificateException(file, "every user of this machine can read this private key", $"Close it with: chmod 600 {file}");
        }
    }
}
