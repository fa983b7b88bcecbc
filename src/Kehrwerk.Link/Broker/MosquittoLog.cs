using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Link.Broker;

/// <summary>
/// Follows the log file of a Mosquitto (2.0) and tells what it refuses. Of a connection that fails at its handshake Mosquitto logs
/// neither address nor name nor which fault its certificate has; of subscriptions it refuses none and filters what is delivered.
/// </summary>
public sealed partial class MosquittoLog : IAsyncDisposable
{
    /// <summary>The rest of a longer line is not looked at.</summary>
    internal const int MaxLineBytes = 4_096;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string file;
    private readonly Action<BrokerRefusal> refused;
    private readonly ILogger<MosquittoLog> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly byte[] line = new byte[MaxLineBytes];
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly Task following;
    private int lineLength;
    private FileStream? log;
    private bool isMissing;

    private MosquittoLog(string file, Action<BrokerRefusal> refused, ILogger<MosquittoLog> logger, TimeProvider time)
    {
        (this.file, this.refused, this.logger) = (file, refused, logger);
        if (File.Exists(file))
        {
            // What was refused before is not ours to tell.
            TryOpen()?.Seek(0, SeekOrigin.End);
        }

        following = Task.Run(() => FollowAsync(time));
    }

    /// <summary>Begins to follow the file from its end on; it need not be there yet, and may be rotated.</summary>
    /// <param name="refused">Called one after the other; must be short and must not throw.</param>
    public static MosquittoLog Follow(string file, Action<BrokerRefusal> refused, ILogger<MosquittoLog> logger, TimeProvider? time = null) =>
        new(file, refused, logger, time ?? TimeProvider.System);

    /// <summary>What a line of the log says was refused; null where it says nothing of the kind.</summary>
    internal static BrokerRefusal? Read(string line)
    {
        if (DeniedPublish().Match(line) is { Success: true } denied)
        {
            return new(RefusalKind.Publish, denied.Groups["who"].Value, "", $"Mosquitto: it sent a message on {denied.Groups["topic"].Value}, which is not its own");
        }

        if (TlsError().Match(line) is { Success: true } tls)
        {
            var reason = tls.Groups["reason"].Value;
            var isAboutCertificate = reason.Contains("certificate", StringComparison.Ordinal);
            return new(isAboutCertificate ? RefusalKind.Certificate : RefusalKind.Handshake, "", "", $"Mosquitto refused a connection: {reason} (its log does not say whose)");
        }

        if (Oversize().Match(line) is { Success: true } large)
        {
            return new(RefusalKind.TooLarge, large.Groups["who"].Value, "", "Mosquitto: it sent a message that is too large");
        }

        return TooMany().Match(line) is { Success: true } many
            ? new(RefusalKind.TooManyConnections, "", many.Groups["where"].Value, "Mosquitto has as many connections as it allows")
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await following.ConfigureAwait(false);
        log?.Dispose();
        stopping.Dispose();
    }

    private async Task FollowAsync(TimeProvider time)
    {
        using var look = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                try
                {
                    await LookAsync(stopping.Token).ConfigureAwait(false);
                }
                catch (IOException failed)
                {
                    LogMissing(file, failed.Message);
                }
            }
            while (await look.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        if ((log ??= TryOpen()) is not { } current)
        {
            return;
        }

        int read;
        while ((read = await current.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
        {
            TakeLines(buffer.AsSpan(0, read));
        }

        // A file of that name that is longer or shorter than the one that is open is another one, or was emptied.
        var info = new FileInfo(file);
        if (!info.Exists || info.Length > current.Length || info.Length < current.Position)
        {
            await current.DisposeAsync().ConfigureAwait(false);
            (log, lineLength) = (null, 0);
        }
    }

    private FileStream? TryOpen()
    {
        try
        {
            log = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            isMissing = false;
            return log;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!isMissing)
            {
                isMissing = true;
                LogMissing(file, e.Message);
            }

            return null;
        }
    }

    private void TakeLines(ReadOnlySpan<byte> read)
    {
        while (!read.IsEmpty)
        {
            var end = read.IndexOf((byte)'\n');
            var part = end < 0 ? read : read[..end];
            var taken = Math.Min(part.Length, MaxLineBytes - lineLength);
            part[..taken].CopyTo(line.AsSpan(lineLength));
            lineLength += taken;
            if (end < 0)
            {
                return;
            }

            if (Read(Encoding.UTF8.GetString(line, 0, lineLength)) is { } refusal)
            {
                refused(refusal);
            }

            lineLength = 0;
            read = read[(end + 1)..];
        }
    }

    [GeneratedRegex(@"Denied PUBLISH from (?<who>\S+) \(d\d, q\d, r\d, m\d+, '(?<topic>.*)', \.\.\.", RegexOptions.NonBacktracking)]
    private static partial Regex DeniedPublish();

    [GeneratedRegex(@"OpenSSL Error\[\d+\]: error:[0-9A-F]+:SSL routines:[^:]*:(?<reason>.+)$", RegexOptions.NonBacktracking)]
    private static partial Regex TlsError();

    [GeneratedRegex(@"(Client|Dropped too large PUBLISH from) (?<who>\S+) (disconnected due to oversize|\(d\d)", RegexOptions.NonBacktracking)]
    private static partial Regex Oversize();

    [GeneratedRegex(@"Client connection from (?<where>\S+) denied: max_connections", RegexOptions.NonBacktracking)]
    private static partial Regex TooMany();

    [LoggerMessage(13, LogLevel.Warning, "Mosquitto's log {File} cannot be read, so what it refuses is not put on record: {Reason}. It is tried again each second")]
    private partial void LogMissing(string file, string reason);
}
