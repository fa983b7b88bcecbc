using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;

namespace Kehrwerk;

/// <summary>
/// Where one installation keeps everything: the imported city's files, the database, the vehicles' conditions, keys.
/// <code>
/// kehrwerk.json   version of the folder
/// city/           the map as it was given, the classes, and what was said at the import
/// kehrwerk.db     plans, missions, coverage, record
/// history.db      where every vehicle was, for replay; may be deleted
/// atlas/          sources of the fibre atlas (sources.json and the files it names)
/// atlas.db        what they say, and what they said before
/// sweeping/       obligations and parking bans (rules.json)
/// routes/         routes of ducts and fibre, for the owner of the folder alone
/// people.db       people, passkeys, qualifications, duty: apart, since it can be erased in
/// vehicles/       condition of each virtual sweeper
/// keys/           keys of the sign-in cookies
/// pki/            certificate authority for trials, where there is one
/// </code>
/// While a process uses the folder, it holds a lock on it. A new city is put beside the old one and takes its place at the end.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    public const int CurrentVersion = 1;

    /// <summary>Lies in a folder into which a backup is being moved, or was moved in half.</summary>
    public const string RestoreMarkName = "restore.unfinished";

    private readonly FileStream? ownership;

    private DataFolder(string path, FileStream? ownership)
    {
        Root = path;
        this.ownership = ownership;
    }

    public string Root { get; }
    public string DatabaseFile => Path.Combine(Root, "kehrwerk.db");
    public string AtlasFile => Path.Combine(Root, "atlas.db");
    public string AtlasFolder => Path.Combine(Root, "atlas");
    public string AtlasSources => Path.Combine(AtlasFolder, "sources.json");
    public string SweepingRules => Path.Combine(Root, "sweeping", "rules.json");
    public string RoutesFolder => Path.Combine(Root, "routes");

    /// <summary>As <see cref="Kehrwerk.Centre.CentreOptions.HistoryFile"/> names it.</summary>
    public string HistoryFile => Path.Combine(Root, "history.db");
    public string PeopleFile => Path.Combine(Root, "people.db");
    public string KeysFolder => Path.Combine(Root, "keys");
    public string VehiclesFolder => Path.Combine(Root, "vehicles");

    /// <summary>Every database, in the order in which they are copied: people before the record that tells of them.</summary>
    public IReadOnlyList<string> Databases => [PeopleFile, DatabaseFile, HistoryFile, AtlasFile];
    public bool HasCity => File.Exists(Path.Combine(CityFolder, "import.json"));
    private string CityFolder => Path.Combine(Root, "city");

    /// <summary>Opens a folder for this process alone; creates it where it is missing.</summary>
    /// <exception cref="InputException">It is of a newer version, in use, or cannot be written.</exception>
    public static DataFolder Open(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(root);
            CheckVersion(root);
            CheckRestored(root);
            var ownership = Lock(root);
            if (!File.Exists(VersionFile(root)))
            {
                File.WriteAllText(VersionFile(root), JsonSerializer.Serialize(new FolderVersion(CurrentVersion), KeptImportJson.Default.FolderVersion));
            }

            return new(root, ownership);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, "the data folder cannot be used", "Choose a folder that this user may write with --data", e);
        }
    }

    /// <summary>Holds a folder for this process alone, whatever lies in it; creates it where it is missing.</summary>
    /// <exception cref="InputException">It is in use, or cannot be written.</exception>
    public static DataFolder OpenToRestore(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(root);
            return new(root, Lock(root));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, "the data folder cannot be used", "Choose a folder that this user may write with --data", e);
        }
    }

    public static string RestoreMark(string root) => Path.Combine(root, RestoreMarkName);

    /// <summary>
    /// What is neither a database nor can be made anew nor has to stay where it is: the version, the map, sources of the atlas, rules and routes of the portal, the conditions and events of virtual vehicles. In an order
    /// in which what is written while it is read comes last.
    /// </summary>
    public IEnumerable<string> PlainFiles() =>
        new[] { VersionFile(Root) }.Where(File.Exists).Concat(new[] { CityFolder, AtlasFolder, Path.GetDirectoryName(SweepingRules)!, RoutesFolder, VehiclesFolder }.Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(PendingFile.Ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal)));

    /// <summary>Opens an existing folder to read its city, beside a process that may use it.</summary>
    /// <exception cref="InputException">There is none, or it is of a newer version.</exception>
    public static DataFolder Read(string path)
    {
        var root = Path.GetFullPath(path);
        if (!Directory.Exists(root))
        {
            throw new InputException(path, "there is no such data folder", "Create it with: kehrwerk import FILE --data DIR");
        }

        CheckVersion(root);
        CheckRestored(root);
        return new(root, null);
    }

    /// <summary>Imports a file and, when that went well, keeps it and what was said with it as this folder's city.</summary>
    public City TakeCity(string file, ImportOptions options, IProgress<ImportProgress>? progress)
    {
        var city = CityImporter.Import(file, options, progress);
        var incoming = Path.Combine(Root, "city.incoming");
        var outgoing = Path.Combine(Root, "city.outgoing");
        DeleteFolder(incoming);
        DeleteFolder(outgoing);
        Directory.CreateDirectory(incoming);
        var kept = new KeptImport
        {
            Name = city.Name,
            Map = Keep(file, "map" + Path.GetExtension(file)),
            Classes = Keep(options.ClassesCsv, "classes.csv"),
            Streets = Keep(options.StreetsCsv, "streets.csv"),
            DepotLat = options.DepotPosition?.Lat,
            DepotLon = options.DepotPosition?.Lon,
        };
        File.WriteAllText(Path.Combine(incoming, "import.json"), JsonSerializer.Serialize(kept, KeptImportJson.Default.KeptImport));
        if (Directory.Exists(CityFolder))
        {
            Directory.Move(CityFolder, outgoing);
        }

        Directory.Move(incoming, CityFolder);
        DeleteFolder(outgoing);
        return city;

        string? Keep(string? source, string name)
        {
            if (source is null)
            {
                return null;
            }

            File.Copy(source, Path.Combine(incoming, name));
            return name;
        }
    }

    /// <summary>The folder's city; an empty folder gets Musterstadt first.</summary>
    public City LoadCity(IProgress<ImportProgress>? progress = null)
    {
        RecoverCity();
        if (!HasCity)
        {
            return TakeDemoCity(progress);
        }

        var file = Path.Combine(CityFolder, "import.json");
        KeptImport kept;
        try
        {
            kept = JsonSerializer.Deserialize(File.ReadAllText(file), KeptImportJson.Default.KeptImport)
                ?? throw new JsonException("The file holds null.");
        }
        catch (JsonException e)
        {
            throw new InputException(file, "it cannot be read: " + e.Message.TrimEnd('.'), "Import the city again with: kehrwerk import FILE", e);
        }

        var options = new ImportOptions
        {
            Name = kept.Name,
            ClassesCsv = InCity(kept.Classes),
            StreetsCsv = InCity(kept.Streets),
            DepotPosition = kept is { DepotLat: { } lat, DepotLon: { } lon } ? new GeoPoint(lat, lon) : null,
        };
        return CityImporter.Import(InCity(kept.Map)!, options, progress);

        string? InCity(string? name) => name is null ? null : Path.Combine(CityFolder, Path.GetFileName(name));
    }

    public void Dispose() => ownership?.Dispose();

    private City TakeDemoCity(IProgress<ImportProgress>? progress)
    {
        if (ownership is null)
        {
            throw new InputException(Root, "no city has been imported here", "Run: kehrwerk import FILE --data DIR");
        }

        var file = Path.Combine(Root, "musterstadt.osm");
        DemoCity.Write(file, new DemoCityOptions());
        try
        {
            return TakeCity(file, new ImportOptions { Name = "Musterstadt" }, progress);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // A process that ended between the two moves of TakeCity left the old city beside its place.
    private void RecoverCity()
    {
        var outgoing = Path.Combine(Root, "city.outgoing");
        if (ownership is not null && !Directory.Exists(CityFolder) && Directory.Exists(outgoing))
        {
            Directory.Move(outgoing, CityFolder);
        }
    }

    private static FileStream Lock(string root)
    {
        var file = Path.Combine(root, "in-use");
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new InputException(root, "another Kehrwerk uses this data folder", "End it first, or choose another folder with --data", e);
        }
    }

    private static void CheckRestored(string root)
    {
        if (File.Exists(RestoreMark(root)))
        {
            throw new InputException(root, "a backup was put in here only in half", "Run the same kehrwerk restore again; the data of before are in before-restore-…");
        }
    }

    private static string VersionFile(string root) => Path.Combine(root, "kehrwerk.json");

    private static void CheckVersion(string root)
    {
        var file = VersionFile(root);
        if (!File.Exists(file))
        {
            return;
        }

        int version;
        try
        {
            version = JsonSerializer.Deserialize(File.ReadAllText(file), KeptImportJson.Default.FolderVersion)?.Version ?? 0;
        }
        catch (JsonException e)
        {
            throw new InputException(file, "it does not say the version of the data folder", "Restore it from a backup, or choose another folder with --data", e);
        }

        if (version is < 1 or > CurrentVersion)
        {
            throw new InputException(
                file,
                $"the data folder is of version {version}, this program knows up to {CurrentVersion}",
                "Use the Kehrwerk that wrote it or a newer one; nothing has been changed");
        }
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}

/// <summary>What was said at an import, so that it can be repeated.</summary>
internal sealed record KeptImport
{
    public string? Name { get; init; }
    public required string? Map { get; init; }
    public string? Classes { get; init; }
    public string? Streets { get; init; }
    public double? DepotLat { get; init; }
    public double? DepotLon { get; init; }
}

internal sealed record FolderVersion(int Version);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeptImport))]
[JsonSerializable(typeof(FolderVersion))]
internal sealed partial class KeptImportJson : JsonSerializerContext;
