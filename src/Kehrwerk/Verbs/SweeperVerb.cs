using System.CommandLine;
using Kehrwerk.Link;
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
        var data = CommonOptions.Data();
        var model = CommonOptions.Model();
        var speed = CommonOptions.Speed();
        var seed = CommonOptions.Seed();
        var command = new Command("sweeper", "Run one virtual sweeper on the data folder's city; it keeps its condition there.") { broker, serial, data, model, speed, seed };
        command.SetAction(async (parse, cancellation) =>
        {
            var (host, port) = Address(parse.GetValue(broker)!);
            var id = VehicleId.TryParse($"{Fleet.Manufacturer}/{parse.GetValue(serial)}", out var known)
                ? known
                : throw new InputException("--serial " + parse.GetValue(serial), "it is not a serial number", "Use letters, digits, '-', '_' and '.'");
            using var folder = DataFolder.Read(parse.GetValue(data)!);
            using var logs = LoggerFactory.Create(b => b.AddSimpleConsole(o => o.SingleLine = true));
            var runner = new VehicleRunner(
                folder.LoadCity(), CommonOptions.ModelOf(parse.GetValue(model)), folder.VehiclesFolder, host, port, logs, new AcceleratedTime(parse.GetValue(speed)));
            Terminal.Note($"{id} drives, commanded over {host}:{port}. Ctrl+C ends it.");
            await runner.RunAsync(id, parse.GetValue(seed), cancellation);
            return ExitCode.Good;
        });
        return command;
    }

    private static (string Host, int Port) Address(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), out var port) && port is > 0 and < 65536
            ? (text[..colon], port)
            : throw new InputException("--broker " + text, "it is not an address", "Write host and port, e.g. --broker 127.0.0.1:1883");
    }
}
