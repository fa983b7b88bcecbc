using System.CommandLine;
using System.Net;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary>The options that say which certificates a link uses: an authority's folder, or its parts one by one.</summary>
internal sealed class LinkOptions
{
    private readonly Option<string?> pki = CommonOptions.Pki();
    private readonly Option<string?> authority = new("--ca") { Description = "PEM file of the authorities, up to their root; the folder's authority where not given.", HelpName = "FILE" };
    private readonly Option<string?> list = new("--crl") { Description = "PEM file of their revocation lists; the folder's where not given.", HelpName = "FILE" };
    private readonly Option<string?> issued = new("--certificates")
    {
        Description = "Folder of certificates and keys (broker.crt, broker.key, centre.crt, maker@serial.crt ...); the folder's where not given.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[pki, authority, list, issued])
        {
            command.Add(option);
        }
    }

    /// <summary>Whether any was given.</summary>
    public bool AreGiven(ParseResult parse) => ((Option[])[pki, authority, list, issued]).Any(option => parse.GetResult(option) is { Implicit: false });

    /// <param name="data">The data folder, for where no folder was given.</param>
    public LinkFiles Read(ParseResult parse, string? data)
    {
        var folder = Path.GetFullPath(CommonOptions.PkiOf(parse.GetValue(pki), data));
        return new(
            Full(parse.GetValue(authority)) ?? Path.Combine(folder, Authority.CertificateFile),
            Full(parse.GetValue(list)) ?? Path.Combine(folder, Authority.ListFile),
            Full(parse.GetValue(issued)) ?? Path.Combine(folder, Authority.IssuedFolder));
    }

    /// <summary>Reads <c>HOST:PORT</c>.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static (string Host, int Port) Address(string option, string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), out var port) && port is > 0 and < 65536
            ? (text[..colon].Trim('[', ']'), port)
            : throw new InputException($"{option} {text}", "it is not an address", $"Write host and port, e.g. {option} 127.0.0.1:1883");
    }

    /// <summary>Reads <c>ADDRESS:PORT</c>.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static IPEndPoint EndPoint(string option, string text) => IPEndPoint.TryParse(text, out var address) && address.Port > 0
        ? address
        : throw new InputException($"{option} {text}", "it is not an IP address with a port", $"Write e.g. {option} 0.0.0.0:8883 for all addresses of this machine, or {option} 127.0.0.1:8883");

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
