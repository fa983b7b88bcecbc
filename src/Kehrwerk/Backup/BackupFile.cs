using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Backup;

/// <summary>What a backup says of itself.</summary>
/// <param name="Format">1; a newer program may write more.</param>
/// <param name="RecordHead">The last entry of the record in it; null where there is none.</param>
internal sealed record BackupManifest(int Format, DateTimeOffset MadeAt, RecordHead? RecordHead, ImmutableArray<BackedUpFile> Files);

/// <param name="Name">Below the data folder, with <c>/</c>.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
internal sealed record BackedUpFile(string Name, long Size, string Sha256);

/// <summary>
/// A backup: one ZIP file with everything of a data folder but what can be made anew (keys of cookies) and the private keys of a certificate authority. Only its owner can read it.
/// </summary>
internal static class BackupFile
{
    public const int CurrentFormat = 1;
    public const string ManifestName = "backup.json";

    private const long MaxManifestBytes = 64 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes a backup beside a Centre that may run, reads it again, and gives it its name only then. People come before the record: every change of people in it has its entry in the record.
    /// </summary>
    /// <exception cref="InputException">Something cannot be read or written, or is damaged already.</exception>
    public static BackupManifest Write(DataFolder folder, string target, DateTimeOffset now)
    {
        var work = target + ".incoming";
        try
        {
            if (Directory.Exists(target))
            {
                throw new IOException("a folder has that name");
            }

            using var copies = new WorkFolder(target + ".copies");
            var files = Copy(folder, copies.Path);
            File.Delete(work);
            BackupManifest manifest;
            using (var stream = Private(work))
            {
                manifest = Write(stream, files, now, RecordIn(copies.Path)?.Head());
                stream.Flush(flushToDisk: true);
            }

            using (var read = File.OpenRead(work))
            {
                Check(target, read);
            }

            File.Move(work, target, overwrite: true);
            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(target, $"the backup cannot be written: {e.Message.TrimEnd('.')}", "Free the place, or name a file in another folder with --to; nothing has been changed", e);
        }
        finally
        {
            File.Delete(work);
        }
    }

    /// <summary>Reads a whole backup and holds each file against its hash.</summary>
    /// <param name="place">How the person knows the file.</param>
    /// <exception cref="InputException">It is no backup, of a newer format, or damaged.</exception>
    public static BackupManifest Check(string place, Stream stream, Action<BackedUpFile, Stream>? take = null)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var manifest = ReadManifest(place, zip);
            foreach (var file in manifest.Files)
            {
                var entry = zip.GetEntry(file.Name);
                if (entry is null || entry.Length != file.Size)
                {
                    throw Damaged(place, $"'{file.Name}' is missing or of another size");
                }

                using var sha = SHA256.Create();
                using (var content = new CryptoStream(entry.Open(), sha, CryptoStreamMode.Read))
                {
                    take?.Invoke(file, content);
                    content.CopyTo(Stream.Null);
                }

                if (Convert.ToHexStringLower(sha.Hash!) != file.Sha256)
                {
                    throw Damaged(place, $"'{file.Name}' does not fit its hash");
                }
            }

            return manifest;
        }
        catch (InvalidDataException e)
        {
            throw Damaged(place, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>A new file that only this user can read, from its first byte on.</summary>
    public static FileStream Private(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new(path, options);
    }

    /// <summary>The record among the files of a folder; null where no Centre has run there yet.</summary>
    public static RecordReader? RecordIn(string root) => Path.Combine(root, "kehrwerk.db") is var file && File.Exists(file) ? RecordReader.Open(file) : null;

    /// <summary>The files to be backed up: their names, and where their content is to be read.</summary>
    private static List<(string Name, string From)> Copy(DataFolder folder, string copies)
    {
        var files = new List<(string Name, string From)>();
        foreach (var database in folder.Databases.Where(File.Exists))
        {
            var copy = Path.Combine(copies, Path.GetFileName(database));
            Private(copy).Dispose();
            try
            {
                DatabaseCopy.Make(database, copy);
            }
            catch (SqliteException e)
            {
                throw new InputException(database, $"the database cannot be copied: {e.Message.TrimEnd('.')}", "Restore an earlier backup, and keep this folder as it is until it has been looked at", e);
            }

            if (DatabaseCopy.Damage(copy) is { } damage)
            {
                throw new InputException(database, $"the database is damaged: {damage}", "Restore an earlier backup, and keep this folder as it is until it has been looked at");
            }

            files.Add((Path.GetFileName(database), copy));
        }

        if (RecordIn(copies)?.Verify().Problem is { } problem)
        {
            throw new InputException(folder.DatabaseFile, $"the record is not whole: {problem}", "Look at it with kehrwerk record verify; a backup of it would only hide that");
        }

        foreach (var file in folder.PlainFiles())
        {
            var copy = Path.Combine(copies, $"file-{files.Count}");
            try
            {
                using var to = Private(copy);
                using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                from.CopyTo(to);
            }
            catch (FileNotFoundException)
            {
                // A vehicle has just deleted an event that the Centre has.
                File.Delete(copy);
                continue;
            }

            files.Add((Path.GetRelativePath(folder.Root, file).Replace('\\', '/'), copy));
        }

        return files;
    }

    private static BackupManifest Write(FileStream stream, List<(string Name, string From)> files, DateTimeOffset now, RecordHead? head)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var written = ImmutableArray.CreateBuilder<BackedUpFile>();
        foreach (var (name, from) in files)
        {
            using var content = File.OpenRead(from);
            using (var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open())
            {
                content.CopyTo(entry);
            }

            content.Position = 0;
            written.Add(new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
        }

        var manifest = new BackupManifest(CurrentFormat, now, head, written.ToImmutable());
        using var last = zip.CreateEntry(ManifestName).Open();
        JsonSerializer.Serialize(last, manifest, BackupJson.Default.BackupManifest);
        return manifest;
    }

    private static BackupManifest ReadManifest(string place, ZipArchive zip)
    {
        try
        {
            using var stream = (zip.GetEntry(ManifestName) is { Length: <= MaxManifestBytes } entry ? entry : throw Damaged(place, $"it holds no {ManifestName}")).Open();
            var manifest = JsonSerializer.Deserialize(stream, BackupJson.Default.BackupManifest) ?? throw new JsonException("it holds null");
            return manifest.Format > CurrentFormat
                ? throw new InputException(place, $"the backup is of format {manifest.Format}, this program knows up to {CurrentFormat}", "Use the Kehrwerk that wrote it or a newer one")
                : manifest.Files.IsDefault || !manifest.Files.All(IsBelow) ? throw Damaged(place, $"{ManifestName} names files that cannot be") : manifest;
        }
        catch (JsonException e)
        {
            throw Damaged(place, $"{ManifestName}: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>A name must not lead out of the folder into which it is unpacked.</summary>
    private static bool IsBelow(BackedUpFile file) =>
        file is { Name.Length: > 0 and < 1000, Size: >= 0, Sha256: not null } && file.Name.Split('/').All(part => part is not ("" or "." or "..") && part.IndexOfAny(['\\', ':', '\0']) < 0);

    private static InputException Damaged(string place, string what) => new(place, $"this is no whole backup: {what}", "Use another backup");

    /// <summary>A folder that only this user can enter and that is gone at the end.</summary>
    private sealed class WorkFolder : IDisposable
    {
        public WorkFolder(string path)
        {
            Path = path;
            Dispose();
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            }
        }

        public string Path { get; }

        public void Dispose()
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
