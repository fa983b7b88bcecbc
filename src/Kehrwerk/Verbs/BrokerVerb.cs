using System.CommandLine;
using Kehrwerk.Link.Broker;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk broker mosquitto</c>: the configuration of an external broker by the rules of the embedded one.</summary>
internal static class BrokerVerb
{
    public static Command Create() => new("broker", "Configure an external MQTT broker.") { Mosquitto() };

    private static Command Mosquitto()
    {
        var output = new Option<string>("--out") { Description = "Folder for mosquitto.conf and acl.", HelpName = "DIR", Required = true };
        var listen = new Option<string>("--listen") { Description = "Where it is to listen.", DefaultValueFactory = _ => "0.0.0.0:8883", HelpName = "ADDRESS:PORT" };
        var log = new Option<string?>("--log") { Description = "Its log file; mosquitto.log in the folder where not given.", HelpName = "FILE" };
        var vda21 = CommonOptions.Vda21();
        var link = new LinkOptions();
        var command = new Command("mosquitto", """
            Write the configuration of Mosquitto 2.0: TLS 1.3, certificates on both sides, each vehicle held to its own topics.

            The files of the authority and the broker's certificate are named where they are, not copied.
            """)
        {
            output, listen, log, vda21,
        };
        link.AddTo(command);
        command.SetAction(parse =>
        {
            var folder = Path.GetFullPath(parse.GetValue(output)!);
            var security = link.Read(parse, null).ForBroker();
            // Mosquitto would say only that it cannot load them.
            security.Check(TimeProvider.System);
            var files = new MosquittoFiles
            {
                Listen = LinkOptions.EndPoint("--listen", parse.GetValue(listen)!),
                Security = security,
                TakesVda21 = parse.GetValue(vda21),
                AccessFile = Path.Combine(folder, "acl"),
                LogFile = Path.GetFullPath(parse.GetValue(log) ?? Path.Combine(folder, "mosquitto.log")),
            };
            CheckPaths(files);
            Write(folder, "mosquitto.conf", files.Configuration());
            Write(folder, "acl", files.AccessRules());
            Say(files, folder);
            return ExitCode.Good;
        });
        return command;
    }

    // Mosquitto's configuration has no quotes and ends a value at the line's end.
    private static void CheckPaths(MosquittoFiles files)
    {
        string[] paths = [files.AccessFile, files.LogFile, files.Security.AuthorityFile, files.Security.ListFile, files.Security.CertificateFile, files.Security.KeyFile];
        if (paths.FirstOrDefault(path => path.Any(char.IsControl)) is { } wrong)
        {
            throw new InputException(wrong.ReplaceLineEndings("?"), "the path holds a control character, which Mosquitto's configuration cannot name", "Use another path");
        }
    }

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"the file cannot be written: {e.Message.TrimEnd('.')}", "Name a folder that this user may write with --out", e);
        }
    }

    private static void Say(MosquittoFiles files, string folder)
    {
        Console.WriteLine(Path.Combine(folder, "mosquitto.conf"));
        Console.WriteLine(files.AccessFile);
        Terminal.Note($"""
            Let the user that Mosquitto runs as read both files, {files.Security.CertificateFile}, its key, the authority and its revocation list,
            and write {files.LogFile}. Start it with:
              mosquitto -c {Path.Combine(folder, "mosquitto.conf")}
            Send it SIGHUP after each revocation; a restart also ends the connections that are open. Start the Centre with:
              kehrwerk run --broker HOST:{files.Listen.Port} --broker-log {files.LogFile} --pki DIR{(files.TakesVda21 ? " --vda21" : "")}
            """);
    }
}
