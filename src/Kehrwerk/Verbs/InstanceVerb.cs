using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Kehrwerk.Planning.Benchmarks.Sweeping;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk instance</c>: makes a benchmark instance from the imported city.</summary>
internal static class InstanceVerb
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var kerbs = CommonOptions.Number("--kerbs", "Kerbs of the district around the depot.", "N", 1, 5_999, 200);
        var vehicles = CommonOptions.Vehicles(4);
        var hours = CommonOptions.Hours();
        var seed = CommonOptions.Seed();
        var model = CommonOptions.Model();
        var name = new Option<string?>("--name") { Description = "Name of the instance; that of the file where not given.", HelpName = "NAME" };
        var output = new Option<string>("--out") { Description = "Write the instance into this file.", HelpName = "FILE", Required = true };
        var command = new Command("instance", """
            Make a benchmark instance from the imported city: so many kerbs around the depot, with windows by street class
            (parking bans, noise, market, rush hour), two places to tip and fill, chargers, an early and a late shift.

            The same city, options and seed give the same file; its SHA-256 is shown. `kehrwerk solve` and `kehrwerk check`
            take it; the format is in docs/reference/sweep-instance-format.md.
            """)
        {
            data, kerbs, vehicles, hours, seed, model, name, output,
        };
        command.SetAction(parse =>
        {
            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var path = parse.GetValue(output)!;
            using var file = new PendingFile(path);
            var city = Terminal.WithProgress("Importing", report => folder.LoadCity(report.ForImport()));
            var sweeper = CommonOptions.ModelOf(parse.GetValue(model));
            var problem = ShiftSimulation.Problem(city, sweeper, parse.GetValue(vehicles), parse.GetValue(hours));
            var origin = string.Create(
                CultureInfo.InvariantCulture,
                $"{city.Name}, map {city.Source}, fingerprint {city.Fingerprint}; kehrwerk instance --kerbs {parse.GetValue(kerbs)} --vehicles {parse.GetValue(vehicles)} --hours {parse.GetValue(hours)} --seed {parse.GetValue(seed)}");
            var order = new InstanceOrder(parse.GetValue(name) ?? Path.GetFileNameWithoutExtension(path), parse.GetValue(kerbs), parse.GetValue(seed), origin);
            var instance = SweepInstanceMaker.Make(city, problem, order);
            file.Keep(instance.Write);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{instance.Name}: {instance.Kerbs.Length:N0} kerbs, {instance.Network.ArcFromNode.Length:N0} arcs, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}"));
            return ExitCode.Good;
        });
        return command;
    }
}
