using System.Globalization;
using Kehrwerk.Centre.Store;
using Kehrwerk.Streets;

namespace Kehrwerk.Backup;

/// <summary>Puts a backup in the place of a data folder. Nothing is deleted: what was there is moved aside.</summary>
internal static class Restore
{
    /// <summary>Where a backup is unpacked and checked before anything else is touched.</summary>
    private const string Incoming = "restore.incoming";

    // Not in a backup, and still good after it.
    private static readonly string[] Stays = ["keys", "pki"];

    /// <param name="replace">Whether data that are there may be moved aside.</param>
    /// <returns>What the backup says of itself, and where the earlier data are; null where there were none.</returns>
    /// <exception cref="InputException">The backup cannot be used, the folder is in use, or holds data and is not to be replaced.</exception>
    public static async Task<(BackupManifest Manifest, string? Aside)> Run(string file, string data, bool replace, DateTimeOffset now)
    {
        var root = Path.GetFullPath(data);
        if (!File.Exists(file))
        {
            throw new InputException(file, "there is no such file", "Name a backup that kehrwerk backup wrote");
        }

        var isEmpty = !Directory.Exists(root) || !Directory.EnumerateFileSystemEntries(root).Any(IsData);
        // One that was cut off in the middle was allowed already.
        if (!isEmpty && !replace && !File.Exists(DataFolder.RestoreMark(root)))
        {
            throw new InputException(data, "the folder holds data already", "Restore into an empty folder, or add --replace: what is there is moved aside, not deleted");
        }

        using var folder = DataFolder.OpenToRestore(root);
        try
        {
            var incoming = Path.Combine(root, Incoming);
            Delete(incoming);
            var manifest = Unpack(file, incoming);
            await Prepare(file, incoming, manifest, now);
            return (manifest, Take(root, incoming, isEmpty, now));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                data,
                $"the backup cannot be put there: {e.Message.TrimEnd('.')}",
                File.Exists(DataFolder.RestoreMark(root)) ? "Free the place and run the same command again: until then no Kehrwerk starts on this folder" : "Free the place or choose another folder with --data; nothing has been changed",
                e);
        }
    }

    private static BackupManifest Unpack(string file, string incoming)
    {
        using var stream = File.OpenRead(file);
        Directory.CreateDirectory(incoming);
        return BackupFile.Check(file, stream, (backed, content) =>
        {
            var target = Path.Combine(incoming, backed.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var to = BackupFile.Private(target);
            content.CopyTo(to);
            to.Flush(flushToDisk: true);
        });
    }

    /// <summary>Checks the databases, and lets the Centre's go on from here.</summary>
    private static async Task Prepare(string file, string incoming, BackupManifest manifest, DateTimeOffset now)
    {
        foreach (var database in Directory.EnumerateFiles(incoming, "*.db"))
        {
            if (DatabaseCopy.Damage(database) is { } damage)
            {
                throw new InputException(file, $"{Path.GetFileName(database)} in it is damaged: {damage}", "Use another backup; nothing has been changed");
            }
        }

        if (BackupFile.RecordIn(incoming) is { } record)
        {
            if (record.Verify(manifest.RecordHead is { } head ? [head] : []).Problem is { } problem)
            {
                throw new InputException(file, $"the record in it is not whole: {problem}", "Use another backup; nothing has been changed");
            }

            await DatabaseCopy.GoOn(
                Path.Combine(incoming, "kehrwerk.db"),
                string.Create(CultureInfo.InvariantCulture, $"from the backup of {manifest.MadeAt.UtcDateTime:u}, which ends with entry {manifest.RecordHead?.Sequence ?? 0}; what happened between then and now is not in this record"),
                now);
        }
    }

    /// <summary>Moves what is there aside and what was unpacked into its place. While this is under way a mark keeps every Kehrwerk from starting on half of it.</summary>
    private static string? Take(string root, string incoming, bool isEmpty, DateTimeOffset now)
    {
        var aside = Path.Combine(root, "before-restore-" + now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        File.WriteAllText(DataFolder.RestoreMark(root), "A restore is under way, or did not come to its end: run it again.\n");
        if (!isEmpty)
        {
            Directory.CreateDirectory(aside);
            foreach (var entry in Directory.GetFileSystemEntries(root).Where(entry => IsData(entry) && !Stays.Contains(Path.GetFileName(entry))))
            {
                Move(entry, Path.Combine(aside, Path.GetFileName(entry)));
            }
        }

        foreach (var entry in Directory.GetFileSystemEntries(incoming))
        {
            Move(entry, Path.Combine(root, Path.GetFileName(entry)));
        }

        Delete(incoming);
        File.Delete(DataFolder.RestoreMark(root));
        return isEmpty ? null : aside;
    }

    private static bool IsData(string entry) => Path.GetFileName(entry) is not (Incoming or "in-use" or DataFolder.RestoreMarkName) and var name && !name.StartsWith("before-restore-", StringComparison.Ordinal);

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to);
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
