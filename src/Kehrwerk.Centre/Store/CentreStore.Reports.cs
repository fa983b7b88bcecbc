using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using Kehrwerk.Centre.Upkeep;

namespace Kehrwerk.Centre.Store;

/// <summary>Signed reports of checks.</summary>
public sealed partial class CentreStore
{
    /// <summary>Of each vehicle and kind of check the report of the latest day, and of one day the one that was signed last.</summary>
    public ImmutableArray<UpkeepReport> NewestReports()
    {
        using var connection = Reader();
        return
        [
            .. connection.Query<string>("SELECT content FROM reports").Select(ReadReport)
                .GroupBy(report => (report.Vehicle, report.Kind)).Select(group => group.MaxBy(report => (report.Day, report.Id))!),
        ];
    }

    /// <summary>The reports that were signed last, the newest first.</summary>
    public ImmutableArray<UpkeepReport> Reports(int most)
    {
        using var connection = Reader();
        return [.. connection.Query<string>("SELECT content FROM reports ORDER BY id DESC LIMIT @most", new { most }).Select(ReadReport)];
    }

    public SignedReport? FindReport(long id)
    {
        using var connection = Reader();
        return connection.QueryFirstOrDefault<(string Content, string Sha256)?>("SELECT content, sha256 FROM reports WHERE id = @id", new { id }) is { } row
            ? new(ReadReport(row.Content), row.Content, row.Sha256)
            : null;
    }

    /// <summary>How many reports were signed before then.</summary>
    public long ReportsBefore(DateTimeOffset at)
    {
        using var connection = Reader();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM reports WHERE signed_at < @at", new { at = at.UtcTicks });
    }

    /// <summary>The highest number that a report ever had.</summary>
    public long HighestReport()
    {
        using var connection = Reader();
        return connection.ExecuteScalar<long>("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'reports'");
    }

    private static UpkeepReport ReadReport(string json) => JsonSerializer.Deserialize(json, StoreJson.Default.UpkeepReport)!;
}
