using System.Globalization;
using Dapper;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Portal.Atlas;

/// <summary>
/// The atlas in one SQLite file: what the sources say now, and what they said otherwise before. Readers see the last whole publication while the next one
/// is written. Thread-safe; one writer at a time.
/// </summary>
public sealed class AtlasStore
{
    private readonly string connectionText;

    private AtlasStore(string connectionText) => this.connectionText = connectionText;

    /// <summary>Opens the file, or creates it.</summary>
    /// <exception cref="InputException">It is of a newer version, or no atlas.</exception>
    public static AtlasStore Open(string file)
    {
        var store = new AtlasStore(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 60 }.ToString());
        try
        {
            using var connection = store.Connect();
            AtlasSchema.Prepare(connection, file);
            return store;
        }
        catch (SqliteException e)
        {
            throw new InputException(file, $"the fibre atlas cannot be opened: {e.Message.TrimEnd('.')}", "Restore it from a backup, or choose another folder with --data", e);
        }
    }

    /// <summary>The sources as they were last published, by name.</summary>
    public IReadOnlyList<PublishedSource> Sources()
    {
        using var connection = Connect();
        return [.. connection.Query<SourceRow>("SELECT id AS Id, name AS Name, publisher AS Publisher, licence AS Licence, as_of AS AsOf, published_at AS PublishedAt, rows AS Rows FROM source ORDER BY name")
            .Select(r => new PublishedSource(r.Id, r.Name, r.Publisher, r.Licence, Day(r.AsOf), DateTimeOffset.Parse(r.PublishedAt, CultureInfo.InvariantCulture), (int)r.Rows))];
    }

    /// <summary>What is said of an address, the source that says most of it first.</summary>
    /// <param name="address">Its path (<see cref="AddressPaths"/>).</param>
    public IReadOnlyList<(string Source, FibreStatement Statement)> StatementsOf(string address)
    {
        using var connection = Connect();
        return [.. connection.Query<StatementRow>($"{StatementRow.Select} WHERE address = @address ORDER BY stage DESC, source, project", new { address })
            .Select(r => (r.Source, r.ToStatement()))];
    }

    /// <summary>What was said otherwise of an address or its projects, the newest first.</summary>
    public IReadOnlyList<FibreChange> ChangesOf(string address, IEnumerable<string> projects)
    {
        using var connection = Connect();
        return [.. connection.Query<ChangeRow>(
            $"{ChangeRow.Select} WHERE address = @address OR (address = '' AND project IN @projects) ORDER BY no DESC LIMIT 200", new { address, projects = projects.ToArray() })
            .Select(r => r.ToChange())];
    }

    /// <summary>The changes of all addresses, the newest first.</summary>
    /// <param name="before">Only those with a smaller number; 0 for the newest.</param>
    public IReadOnlyList<FibreChange> Changes(long before, int count)
    {
        using var connection = Connect();
        return [.. connection.Query<ChangeRow>(
            $"{ChangeRow.Select} WHERE no < @before ORDER BY no DESC LIMIT @count", new { before = before > 0 ? before : long.MaxValue, count })
            .Select(r => r.ToChange())];
    }

    /// <summary>Every project, by name.</summary>
    public IReadOnlyList<(string Source, FibreProject Project)> Projects()
    {
        using var connection = Connect();
        return [.. connection.Query<ProjectRow>($"{ProjectRow.Select} ORDER BY name, id, source").Select(r => (r.Source, r.ToProject()))];
    }

    /// <summary>How an update went, the newest first.</summary>
    public IReadOnlyList<UpdateRun> UpdateRuns(int count)
    {
        using var connection = Connect();
        return [.. connection.Query<UpdateRow>(
            "SELECT source AS Source, at AS At, outcome AS Outcome, rows AS Rows, added AS Added, changed AS Changed, gone AS Gone, unmatched AS Unmatched, report AS Report FROM update_run ORDER BY no DESC LIMIT @count",
            new { count }).Select(r => r.ToRun())];
    }

    /// <summary>How many addresses are at which stage; an address counts once, at the nearest that any source says.</summary>
    public IReadOnlyDictionary<FibreStage, int> Coverage()
    {
        using var connection = Connect();
        return connection.Query<(long Stage, long Count)>("SELECT stage, count(*) FROM (SELECT address, max(stage) AS stage FROM statement GROUP BY address) GROUP BY stage")
            .ToDictionary(r => (FibreStage)r.Stage, r => (int)r.Count);
    }

    /// <summary>Addresses of which two sources say different stages for one provider, with what they say.</summary>
    public IReadOnlyList<Contradiction> Contradictions(int count)
    {
        using var connection = Connect();
        return [.. connection.Query<ContradictionRow>(
            """
            SELECT a.address AS Address, a.provider AS Provider, a.source AS Source1, a.stage AS Stage1, b.source AS Source2, b.stage AS Stage2
            FROM statement a JOIN statement b ON b.address = a.address AND b.provider = a.provider AND b.source > a.source AND b.stage <> a.stage
            WHERE a.provider <> '' ORDER BY a.address LIMIT @count
            """,
            new { count }).Select(r => new Contradiction(r.Address, r.Provider, r.Source1, (FibreStage)r.Stage1, r.Source2, (FibreStage)r.Stage2))];
    }

    /// <summary>Statements whose date has passed, though fibre does not pass the house.</summary>
    public (int Addresses, IReadOnlyList<(string Project, string Provider, RoughDate Expected, int Addresses)> Projects) Overdue(DateOnly today)
    {
        using var connection = Connect();
        var rows = connection.Query<(string Project, string Provider, string Expected, long Count)>(
            """
            SELECT project, provider, expected, count(*) FROM statement
            WHERE overdue_after < @today AND stage < @passed GROUP BY project, provider, expected ORDER BY overdue_after, project LIMIT 1000
            """,
            new { today = Text(today), passed = (int)FibreStage.PassedWithoutPlan }).ToList();
        return ((int)rows.Sum(r => r.Count), [.. rows.Select(r => (r.Project, r.Provider, RoughDate.TryParse(r.Expected, out var date) ? date : default, (int)r.Count))]);
    }

    /// <summary>Another number after every publication, and the same after an update that was refused.</summary>
    public long Version()
    {
        using var connection = Connect();
        return connection.ExecuteScalar<long>("SELECT coalesce(max(no), 0) FROM update_run WHERE outcome <> 'refused'");
    }

    /// <summary>What a map shows of every address: each provider's stage there, whatever source says it, in the order of the addresses.</summary>
    public IReadOnlyList<(string Address, string Provider, FibreStage Stage, Funding Funding)> StagesOnMap()
    {
        using var connection = Connect();
        return [.. connection.Query<(string Address, string Provider, long Stage, long Funding)>(
            "SELECT address, provider, max(stage), max(funding) FROM statement GROUP BY address, provider ORDER BY address, provider")
            .Select(r => (r.Address, r.Provider, (FibreStage)r.Stage, (Funding)r.Funding))];
    }

    /// <summary>Each provider's stage at some addresses, at most some thousands.</summary>
    public IReadOnlyList<(string Address, string Provider, FibreStage Stage)> StagesOf(IReadOnlyCollection<string> addresses)
    {
        using var connection = Connect();
        return [.. connection.Query<(string Address, string Provider, long Stage)>(
            "SELECT address, provider, max(stage) FROM statement WHERE address IN @addresses GROUP BY address, provider", new { addresses })
            .Select(r => (r.Address, r.Provider, (FibreStage)r.Stage))];
    }

    /// <summary>Everybody who is named as provider of an address or a project, by name.</summary>
    public IReadOnlyList<string> Providers()
    {
        using var connection = Connect();
        return [.. connection.Query<string>("SELECT provider FROM statement UNION SELECT provider FROM project ORDER BY 1")];
    }

    /// <summary>The paths of which any source says anything.</summary>
    public HashSet<string> MentionedAddresses()
    {
        using var connection = Connect();
        return [.. connection.Query<string>("SELECT DISTINCT address FROM statement")];
    }

    internal SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionText);
        connection.Open();
        return connection;
    }

    internal static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Two sources that say different stages of one address and provider.</summary>
public sealed record Contradiction(string Address, string Provider, string Source1, FibreStage Stage1, string Source2, FibreStage Stage2);

/// <summary>How an update of a source went.</summary>
/// <param name="Outcome"><c>published</c>, <c>unchanged</c> or <c>refused</c>.</param>
/// <param name="Report">What was wrong, a line each; empty where nothing was.</param>
public sealed record UpdateRun(string Source, DateTimeOffset At, string Outcome, int Rows, int Added, int Changed, int Gone, int Unmatched, string Report);
