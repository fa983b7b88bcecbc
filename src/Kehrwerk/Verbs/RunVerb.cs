using System.CommandLine;

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
        var newShift = new Option<bool>("--new-shift") { Description = "Plan and start a shift also where one has been done before." };
        var untilDone = new Option<bool>("--until-done") { Description = "End when every mission has ended, and write the result to standard output as JSON." };
        Option[] options = [data, vehicles, hours, seed, iterations, model, speed, port, brokerPort, newShift, untilDone];
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(async (parse, cancellation) =>
        {
            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var settings = new RunSettings
            {
                Shift = new(parse.GetValue(vehicles), parse.GetValue(hours), parse.GetValue(seed), parse.GetValue(iterations)),
                Model = CommonOptions.ModelOf(parse.GetValue(model)),
                Speed = parse.GetValue(speed),
                Port = parse.GetValue(port),
                BrokerPort = parse.GetValue(brokerPort),
                NewShift = parse.GetValue(newShift),
                UntilDone = parse.GetValue(untilDone),
            };
            await Installation.Run(folder, settings, cancellation);
            return ExitCode.Good;
        });
        return command;
    }
}
