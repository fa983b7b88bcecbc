using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Kehrwerk.Centre.Access.People;

/// <summary>What is deleted is overwritten with zeros in the file: erased means gone, not only unlisted.</summary>
internal sealed class OverwriteWhatIsDeleted : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var pragma = Pragma(connection);
        pragma.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var pragma = Pragma(connection);
        await pragma.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Pragma(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
        return command;
    }
}
