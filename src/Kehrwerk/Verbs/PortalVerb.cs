using System.CommandLine;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk portal</c>: the public pages alone.</summary>
internal static class PortalVerb
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var port = CommonOptions.Number("--port", "Port of the portal, on loopback.", "N", 1, 65535, 8081);
        var command = new Command("portal", "Run the public pages alone, on the data folder's city.") { data, port };
        command.SetAction(async (parse, cancellation) =>
        {
            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var city = Terminal.WithProgress("Importing", report => folder.LoadCity(report.ForImport()));
            var problem = ShiftSimulation.Problem(city, SweeperModel.Default, 1, 8);
            await using var portal = PublicPortal.Of(folder, city, new(city), problem, TimeProvider.System, Installation.Builder(parse.GetValue(port)));
            try
            {
                await portal.StartAsync(cancellation);
            }
            catch (IOException e)
            {
                throw new InputException($"--port {parse.GetValue(port)}", "the pages cannot be served there, the port may be in use", "End the other program, or choose another port with --port", e);
            }

            Terminal.Note($"The portal of {city.Name}: http://127.0.0.1:{parse.GetValue(port)}/\nCtrl+C ends it.");
            await portal.WaitForShutdownAsync(cancellation);
            return ExitCode.Good;
        });
        return command;
    }
}
