using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Portal.Tables;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Atlas.Import;

/// <summary>What became of an update.</summary>
/// <param name="Problems">Why it was refused, the first hundred; empty where it was taken.</param>
/// <param name="Unmatched">Rows whose address no list knows, the first thousand.</param>
public sealed record UpdateResult(UpdateRun Run, ImmutableArray<ImportProblem> Problems, ImmutableArray<UnmatchedRow> Unmatched);

/// <summary>Reads a source and publishes it as a whole, or refuses it as a whole with a report.</summary>
public sealed class AtlasUpdate(AtlasStore store, AddressBook book, AddressPaths paths, GeoBounds bounds, TimeProvider time)
{
    // Building it takes as long as reading a small source; several sources follow one another.
    private readonly Lazy<AddressMatcher> matcher = new(() => new(book));

    /// <param name="folder">From where the source's path counts.</param>
    /// <exception cref="InputException">There is no such file, or it cannot be opened.</exception>
    public UpdateResult Run(FibreSource source, string folder)
    {
        var file = Newest(source, folder);
        var fileDay = DateOnly.FromDateTime(File.GetLastWriteTime(file));
        var publication = new AtlasPublication(store, source, time.GetLocalNow());
        return source.Kind == FibreSourceKind.Projects
            ? Take(publication, new ProjectChecks(file, source.Mapping, fileDay, bounds))
            : Take(publication, source, new StatementChecks(file, source.Mapping, fileDay, matcher.Value, paths));
    }

    private static UpdateResult Take(AtlasPublication publication, ProjectChecks checks)
    {
        TableFile.Read(checks.File, checks);
        if (checks.Projects.Count == 0 && checks.ProblemCount == 0)
        {
            checks.Wrong(0, "", "", "There is no project in it; check that it is the right file");
        }

        return checks.ProblemCount > 0
            ? Refused(publication, checks, checks.Projects.Count, 0)
            : new(publication.Publish(checks.Projects), [], []);
    }

    private static UpdateResult Take(AtlasPublication publication, FibreSource source, StatementChecks checks)
    {
        TableFile.Read(checks.File, checks);
        if (checks.ProblemCount == 0 && checks.RowCount == 0)
        {
            checks.Wrong(0, "", "", "There is no statement in it; check that it is the right file");
        }

        if (checks.UnmatchedCount > source.MaxUnmatched * checks.RowCount)
        {
            checks.Wrong(
                checks.Unmatched[0].Line,
                "",
                checks.Unmatched[0].Address,
                string.Create(CultureInfo.InvariantCulture, $"{checks.UnmatchedCount} of {checks.RowCount} rows name no address of the city, this one is the first; perhaps the mapping takes wrong columns, or the source is another city's"));
        }

        return checks.ProblemCount > 0
            ? Refused(publication, checks, checks.RowCount, checks.UnmatchedCount)
            : new(publication.Publish(checks.Statements, checks.UnmatchedCount), [], [.. checks.Unmatched]);
    }

    private static UpdateResult Refused(AtlasPublication publication, TableChecks checks, int rows, int unmatched) =>
        new(publication.Refuse(rows, 0, unmatched, string.Join('\n', checks.Problems)), checks.Problems, []);

    private static string Newest(FibreSource source, string folder)
    {
        var path = Path.GetFullPath(source.Path, Path.GetFullPath(folder));
        if (!Directory.Exists(path))
        {
            return path;
        }

        return new DirectoryInfo(path).EnumerateFiles().Where(f => f.Extension.ToLowerInvariant() is ".csv" or ".json" or ".geojson" or ".txt").MaxBy(f => f.LastWriteTimeUtc)?.FullName
            ?? throw new InputException(path, "There is no .csv, .txt, .json or .geojson file in the folder", "Put the source's newest file there");
    }
}
