using System.CommandLine;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk sweeper</c>: one virtual sweeper alone, against any broker.</summary>
internal static class SweeperVerb
{
    public static Command Create()
    {
        var broker = new Option<string>("--broker") { Description = "The broker's address.", DefaultValueFactory = _ => "127.0.0.1:1883", HelpName = "HOST:PORT" };
        var serial = new Option<string>("--serial") { Description = "Serial number of the vehicle.", DefaultValueFactory = _ => "KW-01", HelpName = "SERIAL" };
        var authority = File("--ca", "PEM file of the broker's authority: connect over TLS. Needs --certificate and --key.");
        var certificate = File("--certificate", "PEM file of the vehicle's certificate.");
        var key = File("--key", "PEM file of its private key.");
        var brokerName = new Option<string?>("--broker-name") { Description = "The host that the broker's certificate must name; that of --broker where not given.", HelpName = "HOST" };
        var data = CommonOptions.Data();
        var model = CommonOptions.Model();
        var speed = CommonOptions.Speed();
        var seed = CommonOptions.Seed();
        var unsupervised = new Option<bool>("--unsupervised")
        {
            Description = "Drive without supervision leases, as plain VDA 5050 lets it: for controllers that do not know the safety profile.",
        };
        var leaseTimeout = CommonOptions.LeaseTimeout();
        var command = new Command("sweeper", "Run one virtual sweeper on the data folder's city; it keeps its condition there.")
        {
            broker, authority, certificate, key, brokerName, serial, data, model, speed, seed, unsupervised, leaseTimeout,
        };
        command.Validators.Add(result =>
        {
            if (new Option[] { authority, certificate, key }.Count(option => result.GetResult(option) is not null) is 1 or 2)
            {
                result.AddError("TLS needs all three: --ca FILE, --certificate FILE and --key FILE.");
            }
        });
        command.SetAction(async (parse, cancellation) =>
        {
            var (host, port) = LinkOptions.Address("--broker", parse.GetValue(broker)!);
            var id = VehicleId.TryParse($"{Fleet.Manufacturer}/{parse.GetValue(serial)}", out var known)
                ? known
                : throw new InputException("--serial " + parse.GetValue(serial), "it is not a serial number", "Use letters, digits, '-', '_' and '.'");
            var tls = parse.GetValue(authority) is null ? null : new LinkTls
            {
                AuthorityFile = parse.GetValue(authority)!,
                CertificateFile = parse.GetValue(certificate)!,
                KeyFile = parse.GetValue(key)!,
                BrokerName = parse.GetValue(brokerName),
            };
            if (tls?.ReadIdentity() is { } named && named.Name != id.ToString())
            {
                throw new InputException("--certificate " + tls.CertificateFile, $"it is the certificate of {named}, not of {id}", "Give the vehicle's own, or its serial number with --serial");
            }

            using var folder = DataFolder.Read(parse.GetValue(data)!);
            using var logs = LoggerFactory.Create(b => b.AddSimpleConsole(o => o.SingleLine = true));
            var supervision = parse.GetValue(unsupervised) ? null : VehicleRunner.Supervision(parse.GetValue(leaseTimeout), parse.GetValue(speed));
            var runner = new VehicleRunner(
                folder.LoadCity(), CommonOptions.ModelOf(parse.GetValue(model)), folder.VehiclesFolder, new(host, port, _ => tls), logs, new AcceleratedTime(parse.GetValue(speed)), supervision);
            Terminal.Note($"{id} drives, commanded over {host}:{port}. Ctrl+C ends it.");
            await runner.RunAsync(id, parse.GetValue(seed), cancellation);
            return ExitCode.Good;
        });
        return command;
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
