using System.CommandLine;
using Kehrwerk.Streets.Demo;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk demo-city FILE</c>: writes Musterstadt as an ordinary OSM file.</summary>
internal static class DemoCityVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The file to write: .osm, .osm.gz, .osm.bz2 or .osm.pbf." };
        var seed = CommonOptions.Seed();
        var kerbKm = CommonOptions.Number("--kerb-km", "Kilometres of kerb, about.", "KM", 5.0, 2000, 60);
        var addresses = CommonOptions.OptionalNumber("--addresses", "Number of addresses, about; 50 for each kilometre of kerb where not given.", "N", 0, 200_000);
        var command = new Command("demo-city", "Write Musterstadt, a generated town, as an OSM file of any size.") { file, seed, kerbKm, addresses };
        command.SetAction(parse =>
        {
            var path = parse.GetValue(file)!;
            var km = parse.GetValue(kerbKm);
            DemoCity.Write(path, new DemoCityOptions
            {
                Seed = parse.GetValue(seed),
                KerbKm = km,
                Addresses = parse.GetValue(addresses) ?? (int)(km * 50),
            });
            Terminal.Note($"Written: {path}. Make it the city of a data folder with: kehrwerk import {path} --data DIR");
            return ExitCode.Good;
        });
        return command;
    }
}
