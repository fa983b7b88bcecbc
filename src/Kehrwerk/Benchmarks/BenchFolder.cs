using System.Text;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Streets;

namespace Kehrwerk.Benchmarks;

/// <summary>
/// What a benchmark leaves behind: <c>runs.tsv</c> with a row for each finished run, <c>solutions/SET/INSTANCE.txt</c> with the best
/// solution that any of them gave, and <c>table.md</c>. Held by one process at a time; its methods may be called from several threads.
/// </summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly string root;
    private readonly FileStream log;
    private readonly List<BenchRun> runs;
    private readonly Lock writing = new();

    private BenchFolder(string root, FileStream log, List<BenchRun> runs)
    {
        this.root = root;
        this.log = log;
        this.runs = runs;
    }

    /// <summary>All finished runs, also those of earlier benchmarks with other budgets.</summary>
    public IReadOnlyList<BenchRun> Runs
    {
        get
        {
            lock (writing)
            {
                return [.. runs];
            }
        }
    }

    /// <exception cref="InputException">It cannot be written, is in use, or holds what is no table of runs.</exception>
    public static BenchFolder Open(string root)
    {
        var path = Path.Combine(root, "runs.tsv");
        try
        {
            Directory.CreateDirectory(root);
            var log = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            try
            {
                RemoveHalfWritten(root);
                return new(root, log, ReadRuns(log, path));
            }
            catch
            {
                log.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"the results cannot be written: {e.Message.TrimEnd('.')}", "Choose a folder with --out that this user may write and no other benchmark uses", e);
        }
    }

    /// <summary>A file into which a run may write its solution.</summary>
    public string PlaceFor(string set, string instance, int seed)
    {
        var place = SolutionFile(set, instance);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        return $"{place}.{seed}";
    }

    /// <summary>Takes a finished run, and its solution if no earlier run of the instance was as good.</summary>
    public void Take(BenchRun run, string solution)
    {
        lock (writing)
        {
            var place = SolutionFile(run.Set, run.Instance);
            if (File.Exists(place) && runs.Any(r => r.Set == run.Set && r.Instance == run.Instance && r.Cost <= run.Cost))
            {
                File.Delete(solution);
            }
            else
            {
                File.Move(solution, place, overwrite: true);
            }

            runs.Add(run);
            Append(run.ToRow());
        }
    }

    public void WriteTable(string markdown) => File.WriteAllText(Path.Combine(root, "table.md"), markdown);

    public void Dispose() => log.Dispose();

    // Solutions that killed runs did not finish.
    private static void RemoveHalfWritten(string root)
    {
        var solutions = Directory.CreateDirectory(Path.Combine(root, "solutions"));
        foreach (var file in solutions.EnumerateFiles("*" + PendingFile.Ending, SearchOption.AllDirectories))
        {
            file.Delete();
        }
    }

    // A row that a killed process left half written is cut off; its run is done again.
    private static List<BenchRun> ReadRuns(FileStream log, string path)
    {
        using var reader = new StreamReader(log, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        log.SetLength(Encoding.UTF8.GetByteCount(whole));
        log.Seek(0, SeekOrigin.End);
        if (whole.Length == 0)
        {
            log.Write(Encoding.UTF8.GetBytes(BenchRun.Header + "\n"));
            log.Flush();
            return [];
        }

        var lines = whole.TrimEnd('\n').Split('\n');
        return lines[0].TrimEnd('\r') == BenchRun.Header
            ? [.. lines.Skip(1).Select((line, index) => BenchRun.Parse(line.TrimEnd('\r'), $"{path}, line {index + 2}"))]
            : throw new InputException($"{path}, line 1", "this is not a table of runs of this version", "Choose another folder with --out");
    }

    private string SolutionFile(string set, string instance) => Path.Combine(root, "solutions", set, instance + ".txt");

    private void Append(string row)
    {
        log.Write(Encoding.UTF8.GetBytes(row + "\n"));
        log.Flush();
    }
}
