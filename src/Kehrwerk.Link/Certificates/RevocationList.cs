using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kehrwerk.Link.Certificates;

/// <summary>
/// A certificate revocation list (RFC 5280, 5), read from DER: whose it is, until when it holds, which serial numbers it names.
/// .NET writes such lists but does not read them. Complete lists only; a partial or indirect one is refused.
/// </summary>
internal sealed class RevocationList
{
    private const string NumberOid = "2.5.29.20";
    private const string AuthorityKeyOid = "2.5.29.35";

    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 0, isConstructed: true);

    private readonly HashSet<BigInteger> serials = [];
    private ReadOnlyMemory<byte> signed;
    private byte[] signature = [];
    private string algorithm = "";
    private byte[] issuer = [];

    private RevocationList()
    {
    }

    public DateTimeOffset Until { get; private set; } = DateTimeOffset.MaxValue;

    public int Count => serials.Count;

    /// <summary>All lists of a PEM file; there may be none.</summary>
    /// <exception cref="CertificateException">One is damaged, or of a kind that cannot be used.</exception>
    public static IReadOnlyList<RevocationList> Load(string file)
    {
        var text = PemFile.Text(file);
        var lists = new List<RevocationList>();
        try
        {
            var rest = text.AsSpan();
            while (PemEncoding.TryFind(rest, out var fields))
            {
                if (rest[fields.Label] is PemFile.ListLabel)
                {
                    lists.Add(Read(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
                }

                rest = rest[fields.Location.End..];
            }
        }
        catch (Exception e) when (e is AsnContentException or FormatException or CryptographicException)
        {
            throw new CertificateException(file, "it is no revocation list that can be used: " + e.Message.TrimEnd('.'), "Give the complete list of the authority, in PEM", e);
        }

        return lists;
    }

    public bool IsFrom(X509Certificate2 authority) => authority.SubjectName.RawData.AsSpan().SequenceEqual(issuer);

    public bool Names(X509Certificate2 certificate) => serials.Contains(new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true));

    /// <summary>Whether the authority has signed this list: by ECDSA or RSA (PKCS 1) over SHA-256, 384 or 512.</summary>
    public bool IsSignedBy(X509Certificate2 authority)
    {
        HashAlgorithmName? hash = algorithm switch
        {
            "1.2.840.10045.4.3.2" or "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256,
            "1.2.840.10045.4.3.3" or "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
            "1.2.840.10045.4.3.4" or "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
            _ => null,
        };
        if (hash is not { } name)
        {
            return false;
        }

        using var ec = authority.GetECDsaPublicKey();
        using var rsa = authority.GetRSAPublicKey();
        var isEc = algorithm.StartsWith("1.2.840.10045", StringComparison.Ordinal);
        return isEc
            ? ec?.VerifyData(signed.Span, signature, name, DSASignatureFormat.Rfc3279DerSequence) == true
            : rsa?.VerifyData(signed.Span, signature, name, RSASignaturePadding.Pkcs1) == true;
    }

    private static RevocationList Read(byte[] der)
    {
        var list = new RevocationList();
        var whole = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        list.signed = whole.PeekEncodedValue();
        list.ReadContent(whole.ReadSequence());
        list.algorithm = whole.ReadSequence().ReadObjectIdentifier();
        list.signature = whole.ReadBitString(out _);
        return list;
    }

    private void ReadContent(AsnReader content)
    {
        if (content.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            content.ReadInteger();
        }

        content.ReadSequence();
        issuer = content.ReadEncodedValue().ToArray();
        ReadTime(content);
        if (content.HasData && content.PeekTag() is { TagClass: TagClass.Universal, TagValue: (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime })
        {
            Until = ReadTime(content);
        }

        if (content.HasData && content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            ReadEntries(content.ReadSequence());
        }

        if (content.HasData)
        {
            RefuseUnknown(content.ReadSequence(Extensions).ReadSequence(), NumberOid, AuthorityKeyOid);
        }
    }

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            serials.Add(entry.ReadInteger());
            ReadTime(entry);
            if (entry.HasData)
            {
                // A critical extension of an entry says that it belongs to another authority.
                RefuseUnknown(entry.ReadSequence());
            }
        }
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().TagValue == (int)UniversalTagNumber.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static void RefuseUnknown(AsnReader extensions, params string[] known)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var id = extension.ReadObjectIdentifier();
            var isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            if (isCritical && !known.Contains(id))
            {
                throw new CryptographicException($"its extension {id} must be understood and is not");
            }
        }
    }
}
