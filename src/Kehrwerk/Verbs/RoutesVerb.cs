using System.CommandLine;
using System.Globalization;
using Kehrwerk.Portal.Routes;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk routes</c>: routes of ducts and fibre in the Open Fibre Data Standard, for whoever may read the data folder.</summary>
internal static class RoutesVerb
{
    public static Command Create() =>
        new("routes", "Routes of ducts and fibre (Open Fibre Data Standard 0.3). Critical infrastructure: no page shows them.") { Import(), List(), Export() };

    private static Command Import()
    {
        var data = CommonOptions.Data();
        var files = new Argument<string[]>("files") { Description = "A package of networks, or the GeoJSON files of nodes and spans.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("import", "Take networks over: all of them, or none and every error by name.") { files, data };
        command.SetAction(parse =>
        {
            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var import = new RouteFolder(folder.RoutesFolder).Import(parse.GetValue(files)!);
            foreach (var problem in import.Problems)
            {
                Terminal.Complain(problem.ToString());
            }

            foreach (var network in import.Networks)
            {
                Console.WriteLine(Line(network));
            }

            return import.Problems.IsEmpty ? ExitCode.Good : ExitCode.RuleBroken;
        });
        return command;
    }

    private static Command List()
    {
        var data = CommonOptions.Data();
        var command = new Command("list", "The networks that are kept.") { data };
        command.SetAction(parse =>
        {
            using var folder = DataFolder.Read(parse.GetValue(data)!);
            foreach (var network in new RouteFolder(folder.RoutesFolder).Networks())
            {
                Console.WriteLine(Line(network));
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Export()
    {
        var data = CommonOptions.Data();
        var id = new Argument<Guid>("network") { Description = "Id of the network, see: kehrwerk routes list." };
        var form = new Option<string?>("--geojson") { Description = "Give its nodes or its spans as GeoJSON instead of a package.", HelpName = "nodes|spans" };
        form.AcceptOnlyFromAmong("nodes", "spans");
        var output = new Option<string?>("--out") { Description = "Write into this file instead of standard output.", HelpName = "FILE" };
        var command = new Command("export", "Give a network in the standard's form.") { id, form, output, data };
        command.SetAction(parse =>
        {
            using var folder = DataFolder.Read(parse.GetValue(data)!);
            var routes = new RouteFolder(folder.RoutesFolder);
            var network = parse.GetValue(id);
            var text = (parse.GetValue(form) is { } list ? routes.GeoJson(network, list) : routes.Package(network))
                ?? throw new InputException(folder.RoutesFolder, $"there is no network {network}", "See which there are with: kehrwerk routes list");
            if (parse.GetValue(output) is not { } file)
            {
                Console.WriteLine(text);
                return ExitCode.Good;
            }

            try
            {
                File.WriteAllText(file, text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException(file, "the network cannot be written there", "Name a file in a folder that this user may write", e);
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static string Line(KeptNetwork network) => string.Create(CultureInfo.InvariantCulture, $"{network.Id}  {network.Nodes:N0} nodes, {network.Spans:N0} spans  {network.Name}");
}
