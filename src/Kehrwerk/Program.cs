using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Kehrwerk;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Streets;
using Kehrwerk.Verbs;

// The one executable. Each verb is a file in Verbs/; without a verb it runs everything.
var root = new RootCommand("""
    Kehrwerk: street cleaning by autonomous electric sweepers, and the city services around it.

    Without a verb it runs everything in one process: broker, control centre, portal and virtual sweepers,
    on the imported city or, in an empty data folder, on the demo city Musterstadt.

    Ends with 0 when all went well, 1 for a wrong command line, 2 for a file, folder or port that cannot be used,
    3 when a result breaks a rule, and 130 when it was stopped.
    """)
{
    ImportVerb.Create(),
    PlanVerb.Create(),
    SimulateVerb.Create(),
    SweeperVerb.Create(),
    DemoCityVerb.Create(),
    SolveVerb.Create(),
    CheckVerb.Create(),
    InstanceVerb.Create(),
    BenchVerb.Create(),
    PkiVerb.Create(),
    BrokerVerb.Create(),
    ConformVerb.Create(),
    ScenariosVerb.Create(),
    PortalVerb.Create(),
    AtlasVerb.Create(),
    RecordVerb.Create(),
    BackupVerb.Create(),
    RestoreVerb.Create(),
    RoutesVerb.Create(),
};
RunVerb.AddTo(root);

try
{
    var parse = root.Parse(args);
    if (parse.Action is ParseErrorAction wrong)
    {
        wrong.ShowHelp = false;
        wrong.ShowTypoCorrections = false;
    }

    var exitCode = await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    if (parse.Errors.Count > 0)
    {
        var verbs = new Stack<string>();
        for (SymbolResult? at = parse.CommandResult; at is CommandResult { Command: var command } && command != root; at = at.Parent)
        {
            verbs.Push(command.Name + " ");
        }

        Terminal.Note($"See: kehrwerk {string.Concat(verbs)}--help");
    }

    return exitCode;
}
catch (InputException e)
{
    Terminal.Complain(e.Message);
    return ExitCode.BadInput;
}
catch (CertificateException e)
{
    Terminal.Complain(e.Message);
    return ExitCode.BadInput;
}
catch (OperationCanceledException)
{
    Terminal.Complain("Stopped.");
    return ExitCode.Stopped;
}
