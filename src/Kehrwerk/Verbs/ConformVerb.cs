using System.CommandLine;
using System.Globalization;
using Kehrwerk.Conformance;
using Kehrwerk.Conformance.Reports;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Route = Kehrwerk.Conformance.Route;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk conform</c>: checks a vehicle, or a master control, against VDA 5050 3.0.0 and the safety profile.</summary>
internal static class ConformVerb
{
    public static Command Create()
    {
        var vehicle = new Option<string?>("--vehicle") { Description = "The vehicle to check; with --centre the one that the runner plays.", HelpName = "MAKER/SERIAL" };
        var broker = new Option<string>("--broker") { Description = "The broker's address.", DefaultValueFactory = _ => "127.0.0.1:1883", HelpName = "HOST:PORT" };
        var authority = FileOption("--ca", "PEM file of the broker's authority: connect over TLS. Needs --certificate and --key.");
        var certificate = FileOption("--certificate", "PEM file of the certificate to connect with: a centre's, with --centre the vehicle's.");
        var key = FileOption("--key", "PEM file of its private key.");
        var brokerName = new Option<string?>("--broker-name") { Description = "The host that the broker's certificate must name; that of --broker where not given.", HelpName = "HOST" };
        var route = FileOption("--route", "JSON file of where the vehicle may drive; see docs/reference/route-file.md.");
        var data = new Option<string?>("--data") { Description = "Instead of --route: a data folder of Kehrwerk, in use or not. The route is a round of its city from the depot.", HelpName = "DIR" };
        var moves = new Option<bool>("--yes-it-moves") { Description = "The vehicle will drive along the route by itself; the way is free, and somebody can stop it." };
        var attended = new Option<bool>("--attended") { Description = "Somebody is beside the vehicle and does what is asked for: operating modes, cutting its connection. With --centre: somebody is at the master control." };
        var centre = new Option<bool>("--centre") { Description = "Check a master control: the runner plays a vehicle." };
        var self = new Option<bool>("--self") { Description = "Check our own sweeper over an embedded broker; with --centre our own Centre. Needs nothing else." };
        var simulated = new Option<bool>("--simulated") { Description = "With --self: in memory and simulated time, within seconds." };
        var speed = CommonOptions.Number("--speed", "With --self: seconds of the clock per real second.", "N", 0.1, 20.0, 2.0);
        var timeout = CommonOptions.Number("--timeout", "The longest that driving two edges may take, or with --centre waiting for work and for what a person is asked to do, in seconds.", "S", 10, 3600, 300);
        var epoch = CommonOptions.OptionalNumber<uint>("--epoch", "Epoch of the leases; the one that the vehicle knows where not given.", "N", 1, uint.MaxValue);
        var rules = new Option<string?>("--rules") { Description = "Only these rules: ids or beginnings of ids, with commas between, e.g. order,pause.stops; a - before one leaves it out. Only their scenes are played.", HelpName = "LIST" };
        var json = FileOption("--json", "Write the report as JSON.");
        var html = FileOption("--html", "Write the report as one HTML file.");
        var language = new Option<string>("--lang") { Description = "Language of the HTML report.", DefaultValueFactory = _ => "en", HelpName = "en|de" };
        language.AcceptOnlyFromAmong("en", "de");
        var list = new Option<bool>("--list") { Description = "List the rules as a Markdown table and do nothing else." };
        var command = new Command("conform", $"""
            Check a vehicle, or with --centre a master control, against VDA 5050 3.0.0 and the safety profile, over a broker.
            Each rule with its chapter: pass, fail, not supported, or not run with the reason. The exit code is {ExitCode.Good} where
            none fails, {ExitCode.RuleBroken} where one does, and {ExitCode.BadInput} where nothing can be checked.
            A vehicle that is checked drives along the route by itself.
            """)
        {
            vehicle, broker, authority, certificate, key, brokerName, route, data, moves, attended, centre, self, simulated, speed, timeout, epoch, rules, json, html, language, list,
        };
        command.Validators.Add(result =>
        {
            if (new Option[] { authority, certificate, key }.Count(option => result.GetResult(option) is not null) is 1 or 2)
            {
                result.AddError("TLS needs all three: --ca FILE, --certificate FILE and --key FILE.");
            }

            var isOwn = result.GetValue(self) || result.GetValue(list);
            if (!isOwn && (result.GetValue(vehicle) is null || result.GetValue(route) is null == result.GetValue(data) is null))
            {
                result.AddError("Give --vehicle MAKER/SERIAL and either --route FILE or --data DIR, or --self to check our own.");
            }
            else if (!isOwn && !result.GetValue(centre) && !result.GetValue(moves))
            {
                result.AddError("The vehicle will drive along the route by itself. When the way is free and somebody can stop it, add --yes-it-moves.");
            }
        });
        command.SetAction(async (parse, cancellation) =>
        {
            var isMaster = parse.GetValue(centre);
            var wanted = Wanted(parse.GetValue(rules), isMaster);
            if (parse.GetValue(list))
            {
                Console.Write(Report.RulesAsMarkdown((isMaster ? Rules.OfMaster : Rules.OfVehicle).Where(wanted)));
                return ExitCode.Good;
            }

            try
            {
                var report = parse.GetValue(self)
                    ? isMaster || parse.GetValue(simulated) ? Simulated(isMaster, wanted) : await ConformRun.Self(parse.GetValue(speed), wanted, cancellation)
                    : await Other(Id(parse.GetValue(vehicle)!), parse.GetValue(route) is { } file ? ReadRoute(file) : RouteOf(parse.GetValue(data)!, isMaster));
                Write(parse.GetValue(json), report.ToJson);
                Write(parse.GetValue(html), () => HtmlReport.Of(report, parse.GetValue(language) == "de"));
                Print(report);
                return report.IsPassed ? ExitCode.Good : ExitCode.RuleBroken;
            }
            catch (CannotCheckException cannot)
            {
                Terminal.Complain(cannot.Message.EndsWith('?') ? cannot.Message : cannot.Message + ".");
                return ExitCode.BadInput;
            }

            async Task<Report> Other(VehicleId id, Route way)
            {
                var line = Line(parse.GetValue(broker)!, parse.GetValue(authority), parse.GetValue(certificate), parse.GetValue(key), parse.GetValue(brokerName), isMaster ? id.ToString() : "conform");
                if (isMaster)
                {
                    return await ConformRun.Master(line, id, way, new(ConformRun.AskPerson, parse.GetValue(attended), parse.GetValue(timeout), wanted, ConformRun.Tell), cancellation);
                }

                Terminal.Note($"{id} will drive along the route by itself. Stop it at the vehicle if anything is wrong; Ctrl+C ends the check, not the vehicle.");
                IAttendant attendant = parse.GetValue(attended) ? new TerminalAttendant() : new NoAttendant();
                return await ConformRun.Vehicle(line, id, way, attendant, parse.GetValue(timeout), parse.GetValue(epoch), wanted, cancellation);
            }
        });
        return command;
    }

    private static Report Simulated(bool isMaster, Func<Rule, bool> wanted)
    {
        var (results, took) = isMaster ? OwnCentre.Check() : OwnVehicle.Check(isSupervised: true);
        return new(
            isMaster ? Party.MasterControl : Party.Vehicle,
            isMaster ? "Kehrwerk's Centre" : OwnVehicle.Id.ToString(),
            TimeProvider.System.GetUtcNow(),
            took.TotalSeconds,
            [.. results.Where(result => wanted(result.Rule))]);
    }

    private static Func<Rule, bool> Wanted(string? list, bool isMaster)
    {
        if (list is null)
        {
            return _ => true;
        }

        var entries = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var (left, kept) = (entries.Where(entry => entry.StartsWith('-')).Select(entry => entry[1..]).ToList(), entries.Where(entry => !entry.StartsWith('-')).ToList());
        var unknown = left.Concat(kept).FirstOrDefault(start => !(isMaster ? Rules.OfMaster : Rules.OfVehicle).Any(rule => rule.Id.StartsWith(start, StringComparison.Ordinal)));
        return unknown is null
            ? rule => (kept.Count == 0 || kept.Exists(Begins(rule))) && !left.Exists(Begins(rule))
            : throw new InputException("--rules " + list, $"there is no rule '{unknown}'", "See the ids with --list");

        static Predicate<string> Begins(Rule rule) => start => rule.Id.StartsWith(start, StringComparison.Ordinal);
    }

    private static MqttTransportOptions Line(string broker, string? authority, string? certificate, string? key, string? brokerName, string clientId)
    {
        var (host, port) = LinkOptions.Address("--broker", broker);
        var tls = authority is null ? null : new LinkTls { AuthorityFile = authority, CertificateFile = certificate!, KeyFile = key!, BrokerName = brokerName };
        var isHere = host == "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));
        return tls is not null || isHere
            ? new(host, port, tls?.ReadIdentity().Name ?? clientId) { Tls = tls }
            : throw new InputException($"--broker {broker}", "a plain connection must not leave this machine: anybody on the way could read and command", "Use TLS with --ca, --certificate and --key");
    }

    private static VehicleId Id(string text) => VehicleId.TryParse(text, out var id)
        ? id
        : throw new InputException("--vehicle " + text, "it is not a vehicle", "Write manufacturer and serial number as in its topics, e.g. --vehicle kehrwerk/KW-01");

    internal static Route RouteOf(string data, bool isMaster)
    {
        using var folder = DataFolder.Read(data);
        return CityRoute.Of(folder.LoadCity(), mayBeginElsewhere: isMaster);
    }

    private static Route ReadRoute(string file)
    {
        try
        {
            return Route.Load(file);
        }
        catch (RouteException wrong)
        {
            throw new InputException(file, wrong.Message.TrimEnd('.'), wrong.Advice, wrong);
        }
    }

    private static void Write(string? file, Func<string> text)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            File.WriteAllText(file, text());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"the report cannot be written: {fault.Message.TrimEnd('.')}", "Give another file", fault);
        }
    }

    private static void Print(Report report)
    {
        var isColoured = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
        foreach (var result in report.ByChapter.SelectMany(part => part))
        {
            var (word, colour) = result.Outcome switch
            {
                Outcome.Pass => ("pass", "32"),
                Outcome.Fail => ("FAIL", "31;1"),
                Outcome.NotSupported => ("not supported", "90"),
                _ => ("not run", "33"),
            };
            var shown = isColoured ? $"\u001b[{colour}m{word,-13}\u001b[0m" : $"{word,-13}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Rule.Chapter,-15} {shown} {result.Rule.Id,-27} {result.Rule.Sentence}"));
            if (result.Reason is { } reason && result.Outcome != Outcome.Pass)
            {
                Console.WriteLine($"{"",-29} {reason}");
            }

            foreach (var finding in result.Findings)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-29} ! {finding.At:HH:mm:ss.f} {finding.Text}"));
            }
        }

        Console.WriteLine(report.Summary());
    }

    private static Option<string?> FileOption(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
