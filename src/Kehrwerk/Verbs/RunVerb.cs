using System.CommandLine;
using System.Net;
using Kehrwerk.Centre;
using Kehrwerk.Centre.Access.Duty;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk run</c>, or no verb: everything in one process.</summary>
internal static class RunVerb
{
    /// <summary>Adds the verb and makes it what happens without one.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Add(Configure(new Command("run", "Run everything in one process: broker, control centre, portal and virtual sweepers.")));
        Configure(root);
    }

    private static T Configure<T>(T command)
        where T : Command
    {
        var data = CommonOptions.Data();
        var vehicles = CommonOptions.Vehicles(6);
        var hours = CommonOptions.Hours();
        var seed = CommonOptions.Seed();
        var iterations = CommonOptions.Iterations();
        var model = CommonOptions.Model();
        var speed = CommonOptions.Speed();
        var port = CommonOptions.Number("--port", "Port of the control centre, on loopback; the portal has the next one.", "N", 1, 65534, 8080);
        var brokerPort = CommonOptions.Number("--broker-port", "Port of the embedded MQTT broker, on loopback.", "N", 1, 65535, 1883);
        var secureListen = new Option<string?>("--secure-listen")
        {
            Description = "Let the embedded broker listen here over TLS 1.3 with certificates, instead of plainly on loopback.",
            HelpName = "ADDRESS:PORT",
        };
        var external = new Option<string?>("--broker") { Description = "Use this MQTT broker instead of the embedded one; over TLS where --pki, --ca or --certificates is given.", HelpName = "HOST:PORT" };
        var brokerLog = new Option<string?>("--broker-log") { Description = "Log file of that broker, if it is Mosquitto: what it refuses is put on record.", HelpName = "FILE" };
        var link = new LinkOptions();
        var noSweepers = new Option<bool>("--no-sweepers") { Description = "Run no virtual sweepers: the vehicles connect from outside." };
        var vda21 = CommonOptions.Vda21();
        var supervisor = new Option<string>("--supervisor")
        {
            Description = "When a supervisor counts as on duty, so that vehicles may drive: always (for demos), or only for vehicles of a supervisor who has signed on to duty and has the newest picture on a visible live page (page is an older word for duty). Default: always, with --no-sweepers duty.",
            HelpName = "always|duty",
        };
        supervisor.AcceptOnlyFromAmong("always", "duty", "page");
        var departure = new Option<string?>("--departure-check")
        {
            Description = "Whether missions wait for the daily departure check of their vehicle: required (a person signs it), simulated (the program enters one that says that nobody looked; virtual sweepers only), off (trials on a closed site). Default: simulated, with --no-sweepers required.",
            HelpName = "required|simulated|off",
        };
        departure.AcceptOnlyFromAmong("required", "simulated", "off");
        var ratio = CommonOptions.Number("--vehicles-per-supervisor", "With more vehicles than this a supervisor is warned, and it goes on record; nobody can take more than twice as many.", "N", 1, 50, new DutyRules().VehiclesPerSupervisor);
        var answerWithin = CommonOptions.Number("--answer-within", "So long something may wait for a supervisor without any input of theirs until it is escalated, seconds; after twice as long they count as absent.", "S", 5, 3600, (int)new DutyRules().InputWithin.TotalSeconds);
        var leaseTimeout = CommonOptions.LeaseTimeout();
        var drive = new DriveOptions();
        var again = CommonOptions.SweepAgain();
        var newShift = new Option<bool>("--new-shift") { Description = "Plan and start a shift also where one has been done before." };
        var untilDone = new Option<bool>("--until-done") { Description = "End when every mission has ended, and write the result to standard output as JSON." };
        Option[] options = [data, vehicles, hours, seed, iterations, model, speed, port, brokerPort, secureListen, external, brokerLog, noSweepers, vda21, supervisor, departure, ratio, answerWithin, leaseTimeout, again, newShift, untilDone];
        foreach (var option in options)
        {
            command.Add(option);
        }

        link.AddTo(command);
        drive.AddTo(command);
        command.Validators.Add(result =>
        {
            if (new Option[] { secureListen, external, brokerPort }.Count(option => result.GetResult(option) is { Implicit: false }) > 1)
            {
                result.AddError("Give one of --broker-port, --secure-listen and --broker: there is one broker, and it is plain or secure.");
            }

            if (result.GetResult(brokerLog) is { Implicit: false } && result.GetResult(external) is null)
            {
                result.AddError("--broker-log needs --broker: the embedded broker tells by itself what it refuses.");
            }

            if (result.GetValue(noSweepers) && result.GetValue(drive.Mode) == DriveOptions.Full)
            {
                result.AddError("--drive full goes with virtual sweepers only, not with --no-sweepers.");
            }

            if (result.GetValue(noSweepers) && result.GetValue(departure) == "simulated")
            {
                result.AddError("--departure-check simulated goes with virtual sweepers only: somebody has to look at vehicles from outside.");
            }

            if (result.GetValue(vda21) && result.GetResult(speed) is { Implicit: false } && result.GetValue(speed) != 1)
            {
                result.AddError("--vda21 goes with --speed 1 only: such vehicles keep the world's time.");
            }
        });
        command.SetAction(async (parse, cancellation) =>
        {
            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var settings = new RunSettings
            {
                Shift = new(parse.GetValue(vehicles), parse.GetValue(hours), parse.GetValue(seed), parse.GetValue(iterations), drive.WorldOf(parse, parse.GetValue(seed)), parse.GetValue(again)),
                Model = CommonOptions.ModelOf(parse.GetValue(model)),
                Speed = parse.GetValue(speed),
                Port = parse.GetValue(port),
                Broker = parse.GetValue(external) is { } given ? External(given, link.AreGiven(parse) ? link.Read(parse, folder.Root) : null, parse.GetValue(brokerLog))
                    : parse.GetValue(secureListen) is { } address ? new SecureBroker(LinkOptions.EndPoint("--secure-listen", address), link.Read(parse, folder.Root))
                    : new PlainBroker(parse.GetValue(brokerPort)),
                VirtualSweepers = !parse.GetValue(noSweepers),
                TakesVda21 = parse.GetValue(vda21),
                IsSupervisorAlwaysOnDuty = (parse.GetValue(supervisor) ?? (parse.GetValue(noSweepers) ? "duty" : "always")) == "always",
                DepartureChecks = (parse.GetValue(departure) ?? (parse.GetValue(noSweepers) ? "required" : "simulated")) switch
                {
                    "required" => DepartureChecks.Required,
                    "simulated" => DepartureChecks.Simulated,
                    _ => DepartureChecks.Off,
                },
                Duty = new()
                {
                    VehiclesPerSupervisor = parse.GetValue(ratio),
                    MaxVehiclesPerSupervisor = 2 * parse.GetValue(ratio),
                    InputWithin = TimeSpan.FromSeconds(parse.GetValue(answerWithin)),
                    AbsentAfter = TimeSpan.FromSeconds(2 * parse.GetValue(answerWithin)),
                },
                LeaseTimeoutS = parse.GetValue(leaseTimeout),
                NewShift = parse.GetValue(newShift),
                UntilDone = parse.GetValue(untilDone),
            };
            await Installation.Run(folder, settings, cancellation);
            return ExitCode.Good;
        });
        return command;
    }

    private static ExternalBroker External(string given, LinkFiles? files, string? log)
    {
        var address = LinkOptions.Address("--broker", given);
        var isHere = address.Host == "localhost" || (IPAddress.TryParse(address.Host, out var numbered) && IPAddress.IsLoopback(numbered));
        return files is not null || isHere
            ? new(address, files, log)
            : throw new InputException($"--broker {given}", "a plain connection must not leave this machine: anybody on the way could read and command", "Use TLS with --pki DIR, or --ca, --crl and --certificates");
    }
}
