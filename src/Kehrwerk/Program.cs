using System.CommandLine;
using Kehrwerk;
using Kehrwerk.Streets;
using Kehrwerk.Verbs;

// The one executable. Each verb is a file in Verbs/; without a verb it runs everything.
var root = new RootCommand("""
    Kehrwerk: street cleaning by autonomous electric sweepers, and the city services around it.

    Without a verb it runs everything in one process: broker, control centre, portal and virtual sweepers,
    on the imported city or, in an empty data folder, on the demo city Musterstadt.
    """)
{
    ImportVerb.Create(),
    PlanVerb.Create(),
    SimulateVerb.Create(),
    SweeperVerb.Create(),
    DemoCityVerb.Create(),
    SolveVerb.Create(),
    CheckVerb.Create(),
    BenchVerb.Create(),
};
RunVerb.AddTo(root);

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InputException e)
{
    Terminal.Complain(e.Message);
    return ExitCode.BadInput;
}
catch (OperationCanceledException)
{
    Terminal.Complain("Stopped.");
    return ExitCode.Stopped;
}
