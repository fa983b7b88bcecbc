using BenchmarkDotNet.Running;
using Kehrwerk.Bench.Streets;

if (args is ["paths", .. var files])
{
    return PathFigures.Run(files);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
