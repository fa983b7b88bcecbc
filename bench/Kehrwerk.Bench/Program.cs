using System.Globalization;
using BenchmarkDotNet.Running;
using Kehrwerk.Bench.Planning;
using Kehrwerk.Bench.Streets;

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
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
