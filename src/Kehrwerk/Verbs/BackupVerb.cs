using System.CommandLine;
using System.Globalization;
using Kehrwerk.Backup;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk backup</c>: everything of a data folder in one file, beside a Centre that may run.</summary>
internal static class BackupVerb
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var to = new Option<string>("--to") { Description = "The file to write; one that is there is replaced when the new one is whole.", HelpName = "FILE", Required = true };
        var command = new Command("backup", "Write all databases, the map and the settings into one file, also while the Centre runs. Only you can read it; it is read again and checked before it gets its name.") { data, to };
        command.SetAction(parse =>
        {
            using var folder = DataFolder.Read(parse.GetValue(data)!);
            var target = Path.GetFullPath(parse.GetValue(to)!);
            if (!folder.HasCity && !folder.Databases.Any(File.Exists))
            {
                throw new InputException(folder.Root, "there is nothing to back up", "Name the data folder of an installation with --data");
            }

            var manifest = BackupFile.Write(folder, target, TimeProvider.System.GetUtcNow());
            Terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"The backup is in {target}: {manifest.Files.Length} files, {manifest.Files.Sum(file => file.Size) / 1e6:0.0} MB before packing.{(manifest.RecordHead is { } head ? $" The record in it ends with entry {head.Sequence}, {head.Hash}." : "")}"));
            if (Directory.Exists(CommonOptions.PkiOf(null, folder.Root)))
            {
                Terminal.Note($"The private keys in {CommonOptions.PkiOf(null, folder.Root)} are not in it: keep a copy of them apart.");
            }

            return ExitCode.Good;
        });
        return command;
    }
}

/// <summary><c>kehrwerk restore</c>: a backup becomes the data folder.</summary>
internal static class RestoreVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A backup that kehrwerk backup wrote." };
        var data = CommonOptions.Data();
        var replace = new Option<bool>("--replace") { Description = "Also where the folder holds data: they are moved aside within it, not deleted." };
        var command = new Command("restore", "Check a backup and make it the data folder, while no Kehrwerk uses it.") { file, data, replace };
        command.SetAction(async (parse, _) =>
        {
            var (manifest, aside) = await Restore.Run(parse.GetValue(file)!, parse.GetValue(data)!, parse.GetValue(replace), TimeProvider.System.GetUtcNow());
            Terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"The backup of {manifest.MadeAt.ToLocalTime():yyyy-MM-dd HH:mm:ss zzz} is in {parse.GetValue(data)}.{(aside is null ? "" : $" What was there before is in {aside}.")}\nA shift that was under way goes on with the next start. What happened since the backup is not known to the Centre: look at each vehicle before it drives."));
            return ExitCode.Good;
        });
        return command;
    }
}
