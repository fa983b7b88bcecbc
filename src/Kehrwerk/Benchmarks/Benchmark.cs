using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Planning.Benchmarks.Sweeping;

namespace Kehrwerk.Benchmarks;

/// <summary>What <c>kehrwerk solve</c> and <c>kehrwerk check</c> work on, whichever format the file has.</summary>
internal interface IBenchmark
{
    string Name { get; }

    ArcProblem ToProblem();

    /// <summary>Judges a solution of <see cref="ToProblem"/>.</summary>
    /// <param name="source">How messages call it.</param>
    InstanceVerdict Check(ArcSolution solution, string source);

    void Write(ArcSolution solution, TextWriter text);

    /// <summary>Judges a solution in a file.</summary>
    (InstanceVerdict Verdict, long StatedCost, int Tours) Check(string solutionFile);

    /// <summary>Reads an instance; the content of the file tells the format.</summary>
    static IBenchmark Read(string path) =>
        SweepInstanceReader.Recognises(path) ? new SweepBenchmark(SweepInstanceReader.Read(path)) : new ArcBenchmark(ArcInstanceReader.Read(path));
}

/// <summary>A published instance of arc routing.</summary>
internal sealed class ArcBenchmark(ArcInstance instance) : IBenchmark
{
    public string Name => instance.Name;

    public ArcProblem ToProblem() => instance.ToProblem();

    public InstanceVerdict Check(ArcSolution solution, string source) => InstanceChecker.Check(instance, ArcSolutionFile.From(instance, solution, source));

    public void Write(ArcSolution solution, TextWriter text) => ArcSolutionFile.From(instance, solution, Name).Write(text);

    public (InstanceVerdict Verdict, long StatedCost, int Tours) Check(string solutionFile)
    {
        var solution = ArcSolutionFile.Read(solutionFile);
        return (InstanceChecker.Check(instance, solution), solution.Cost, solution.Tours.Length);
    }
}

/// <summary>An instance of our own.</summary>
internal sealed class SweepBenchmark(SweepInstance instance) : IBenchmark
{
    public string Name => instance.Name;

    public ArcProblem ToProblem() => instance.ToProblem();

    public InstanceVerdict Check(ArcSolution solution, string source) => SweepInstanceChecker.Check(instance, SweepSolution.From(instance, solution), source);

    public void Write(ArcSolution solution, TextWriter text) => SweepSolution.From(instance, solution).Write(text);

    public (InstanceVerdict Verdict, long StatedCost, int Tours) Check(string solutionFile)
    {
        var solution = SweepSolution.Read(solutionFile);
        return (SweepInstanceChecker.Check(instance, solution, solutionFile), solution.CostMs, solution.Tours.Length);
    }
}
