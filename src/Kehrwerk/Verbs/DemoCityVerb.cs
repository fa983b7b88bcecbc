using System.CommandLine;
using Kehrwerk.Streets.Demo;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk demo-city FILE</c>: writes Musterstadt as an ordinary OSM file.</summary>
internal static class DemoCityVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The file to write: .osm, .osm.gz or .osm.pbf." };
        var seed = CommonOptions.Seed();
        var kerbKm = CommonOptions.Bounded(
            new Option<double>("--kerb-km") { Description = "Kilometres of kerb, about.", DefaultValueFactory = _ => 60, HelpName = "KM" }, 5, 2000);
        var addresses = CommonOptions.Bounded(
            new Option<int>("--addresses") { Description = "Number of addresses, about; 50 for each kilometre of kerb where not given.", HelpName = "N" }, 0, 200_000);
        var command = new Command("demo-city", "Write Musterstadt, a generated town, as an OSM file of any size.") { file, seed, kerbKm, addresses };
        command.SetAction(parse =>
        {
            var km = parse.GetValue(kerbKm);
            DemoCity.Write(parse.GetValue(file)!, new DemoCityOptions
            {
                Seed = parse.GetValue(seed),
                KerbKm = km,
                Addresses = parse.GetResult(addresses) is null ? (int)(km * 50) : parse.GetValue(addresses),
            });
            return ExitCode.Good;
        });
        return command;
    }
}
