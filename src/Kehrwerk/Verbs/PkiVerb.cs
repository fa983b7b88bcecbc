using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Kehrwerk.Link;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk pki</c>: a small certificate authority for trials.</summary>
internal static class PkiVerb
{
    private const int LongestDays = 36_500;

    public static Command Create() => new("pki", "A small certificate authority for trials: makes, lists and revokes the certificates of vehicles, centre and broker.")
    {
        CreateAuthority(),
        new Command("issue", "Issue a certificate with a new private key.") { IssueVehicle(), IssueCentre(), IssueBroker() },
        List(),
        Revoke(),
    };

    private static Command CreateAuthority()
    {
        var pki = CommonOptions.Pki();
        var name = new Option<string>("--name") { Description = "Name of the authority.", DefaultValueFactory = _ => new AuthoritySettings().Name, HelpName = "NAME" };
        var days = CommonOptions.Number("--days", "How long it is valid.", "N", 1, LongestDays, new AuthoritySettings().Days);
        var curve = new Option<string>("--curve") { Description = "Elliptic curve of all keys.", DefaultValueFactory = _ => "P-256", HelpName = "P-256|P-384" };
        curve.AcceptOnlyFromAmong("P-256", "P-384");
        var command = new Command("create", "Make the authority: key, certificate and an empty revocation list.") { pki, name, days, curve };
        command.SetAction(parse =>
        {
            var settings = new AuthoritySettings
            {
                Name = parse.GetValue(name)!,
                Days = parse.GetValue(days),
                Curve = parse.GetValue(curve) == "P-384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256,
            };
            var folder = CommonOptions.PkiOf(parse.GetValue(pki));
            Authority.Create(folder, settings, TimeProvider.System);
            Terminal.Note($"The authority '{settings.Name}' is in {folder}. Keep {folder} to yourself, and a copy of it in a safe place.");
            return ExitCode.Good;
        });
        return command;
    }

    private static Command IssueVehicle()
    {
        var id = new Argument<string>("ID") { Description = "The vehicle: manufacturer/serial number, as in its topics." };
        return Issue(new Command("vehicle", "Issue a vehicle's certificate.") { id }, null, parse => Vehicle(parse.GetValue(id)!));
    }

    private static Command IssueCentre() => Issue(new Command("centre", "Issue the Centre's certificate."), null, _ => LinkIdentity.Centre);

    private static Command IssueBroker()
    {
        var hosts = new Option<string[]>("--host")
        {
            Description = "Name or address at which clients reach the broker; may be given several times.",
            HelpName = "HOST",
            Required = true,
        };
        return Issue(new Command("broker", "Issue the broker's certificate.") { hosts }, hosts, _ => LinkIdentity.Broker);
    }

    private static Command Issue(Command command, Option<string[]>? hosts, Func<ParseResult, LinkIdentity> whom)
    {
        var pki = CommonOptions.Pki();
        var days = CommonOptions.Number("--days", "How long it is valid; not longer than the authority.", "N", 1, LongestDays, 365);
        var renew = new Option<bool>("--renew") { Description = "Replace certificate and key that were issued before; the old certificate stays valid until it is revoked." };
        command.Add(pki);
        command.Add(days);
        command.Add(renew);
        command.SetAction(parse =>
        {
            var identity = whom(parse);
            using var authority = Authority.Open(CommonOptions.PkiOf(parse.GetValue(pki)), TimeProvider.System);
            var file = authority.Issue(identity, parse.GetValue(days), hosts is null ? [] : parse.GetValue(hosts)!, parse.GetValue(renew));
            Console.WriteLine(file);
            Console.WriteLine(Path.ChangeExtension(file, ".key"));
            return ExitCode.Good;
        });
        return command;
    }

    private static Command List()
    {
        var (pki, json) = (CommonOptions.Pki(), CommonOptions.Json());
        var command = new Command("list", "List every certificate that was issued.") { pki, json };
        command.SetAction(parse =>
        {
            using var authority = Authority.Open(CommonOptions.PkiOf(parse.GetValue(pki)), TimeProvider.System);
            var issued = authority.List();
            if (parse.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(issued, VerbJson.Default.IReadOnlyListIssuedCertificate));
                return ExitCode.Good;
            }

            var widest = issued.Select(c => c.Name.Length).DefaultIfEmpty(4).Max();
            foreach (var c in issued)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{c.Serial}  {c.Name.PadRight(widest)}  {c.From:yyyy-MM-dd} – {c.Until:yyyy-MM-dd}  {Text(c.State)}"));
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Revoke()
    {
        var what = new Argument<string>("SERIAL|NAME") { Description = "Serial number of a certificate, or whose certificates: manufacturer/serial number, centre or broker." };
        var pki = CommonOptions.Pki();
        var command = new Command("revoke", "Put certificates on the revocation list. A running broker reads it within seconds.") { what, pki };
        command.SetAction(parse =>
        {
            using var authority = Authority.Open(CommonOptions.PkiOf(parse.GetValue(pki)), TimeProvider.System);
            foreach (var revoked in authority.Revoke(parse.GetValue(what)!))
            {
                Console.WriteLine($"{revoked.Serial}  {revoked.Name}");
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static LinkIdentity Vehicle(string text)
    {
        try
        {
            return LinkIdentity.Of(VehicleId.Parse(text));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new InputException(
                $"ID '{text}'",
                $"it is no vehicle that a certificate can name: manufacturer/serial of A-Z a-z 0-9 _ . : -, together at most {LinkIdentity.MaxNameLength} characters",
                "Write it as in the vehicle's topics, e.g. kehrwerk/KW-01",
                e);
        }
    }

    private static string Text(IssuedState state) => state switch
    {
        IssuedState.Valid => "valid",
        IssuedState.NotYetValid => "not yet valid",
        IssuedState.Expired => "expired",
        _ => "revoked",
    };
}
