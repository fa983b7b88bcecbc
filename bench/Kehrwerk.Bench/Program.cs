using System.Globalization;
using BenchmarkDotNet.Running;
using Kehrwerk.Bench.Planning;

if (args is ["profile", var file, ..])
{
    SearchProfile.Run(
        file,
        args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 300_000,
        args.Length > 3 ? ulong.Parse(args[3], CultureInfo.InvariantCulture) : 1);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
