using System.Globalization;
using BenchmarkDotNet.Running;
using Kehrwerk.Bench.Link;
using Kehrwerk.Bench.Planning;
using Kehrwerk.Bench.Portal;
using Kehrwerk.Bench.Streets;
using Kehrwerk.Bench.Sweeper;
using Kehrwerk.Bench.World;

switch (args)
{
    case ["paths", .. var files]:
        return PathFigures.Run(files);
    case ["city", var city, ..]:
        return DayFigures.Run(
            city,
            args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 8,
            args.Length > 3 ? double.Parse(args[3], CultureInfo.InvariantCulture) : 120,
            args.Length > 4 ? ulong.Parse(args[4], CultureInfo.InvariantCulture) : 1,
            args.Length > 5 ? args[5] : null);
    case ["replan", var city, ..]:
        return ReplanFigures.Run(
            city,
            args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 12,
            args.Length > 3 ? double.Parse(args[3], CultureInfo.InvariantCulture) : 60);
    case ["profile", var file, ..]:
        SearchProfile.Run(
            file,
            args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 300_000,
            args.Length > 3 ? ulong.Parse(args[3], CultureInfo.InvariantCulture) : 1);
        return 0;
    case ["search", .. var rest]:
        return SearchFigures.Run(rest);
    case ["link-parse", .. var states]:
        return ParseFigures.Run(states);
    case ["link", ..]:
        return await LinkFigures.RunAsync(
            args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000,
            args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 60);
    case ["world", ..]:
        return WorldFigures.Run(
            args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 120,
            args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 100);
    case ["link-server", var kind, var vehicles, var table]:
        return await LinkServer.RunAsync(kind, int.Parse(vehicles, CultureInfo.InvariantCulture), table);
    case ["driving", ..]:
        return DrivingFigures.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
