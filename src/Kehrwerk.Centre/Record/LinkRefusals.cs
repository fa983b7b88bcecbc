using System.Globalization;
using System.Threading.Channels;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Broker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Record;

/// <summary>
/// What the broker refused, on its way to the record. In each minute every cause is told once and no more than <see cref="MaxTold"/>
/// causes; the rest is counted and told in one entry, so that nobody floods the record. Thread-safe; never waits.
/// </summary>
public sealed class LinkRefusals
{
    public const int MaxTold = 20;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // In a minute at most MaxTold entries and their sum. Full only where the disk has stood still for long: then it is counted again.
    private readonly Channel<RecordDraft> inbox = Channel.CreateBounded<RecordDraft>(new BoundedChannelOptions(1_024) { SingleReader = true });
    private readonly Lock gate = new();
    private readonly HashSet<(RefusalKind, string)> told = [];
    private readonly SortedDictionary<RefusalKind, long> untold = [];
    private DateTimeOffset since = DateTimeOffset.MinValue;

    internal ChannelReader<RecordDraft> Drafts => inbox.Reader;

    public void Tell(BrokerRefusal refusal, DateTimeOffset now)
    {
        lock (gate)
        {
            Turn(now);
            var cause = (refusal.Kind, refusal.Who.Length > 0 ? refusal.Who : refusal.Address);
            if (told.Count >= MaxTold || !told.Add(cause) || !inbox.Writer.TryWrite(Draft(refusal, now)))
            {
                untold[refusal.Kind] = untold.GetValueOrDefault(refusal.Kind) + 1;
            }
        }
    }

    /// <summary>Ends the minute if it is over, and tells the sum of what it counted.</summary>
    public void Turn(DateTimeOffset now)
    {
        lock (gate)
        {
            if (now - since < Window || (untold.Count > 0 && !inbox.Writer.TryWrite(Sum(now))))
            {
                return;
            }

            since = now;
            told.Clear();
            untold.Clear();
        }
    }

    private static RecordDraft Draft(BrokerRefusal refusal, DateTimeOffset now)
    {
        var from = string.Join(" at ", new[] { refusal.Who, refusal.Address }.Where(part => part.Length > 0));
        var what = from.Length > 0 ? $"{refusal.Kind} {from}" : $"{refusal.Kind}";
        var vehicle = VehicleId.TryParse(refusal.Who, out var id) ? id.ToString() : "";
        return new(now, "linkRefused", "broker", vehicle, ForeignText.Of($"{what}: {refusal.Text}"));
    }

    private RecordDraft Sum(DateTimeOffset now)
    {
        var sums = untold.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}"));
        return new(now, "linkRefused", "broker", "", string.Create(CultureInfo.InvariantCulture, $"since {since:u} also: {string.Join(", ", sums)}"));
    }
}

/// <summary>Writes what <see cref="LinkRefusals"/> tells into the record and the log.</summary>
internal sealed partial class RefusalRecorder(CentreOptions options, CentreStore store, ILogger<RefusalRecorder> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var refusals = options.Refusals;
        await using var turns = options.Time.CreateTimer(_ => refusals.Turn(options.Time.GetUtcNow()), null, LinkRefusals.Window, LinkRefusals.Window);
        await foreach (var draft in refusals.Drafts.ReadAllAsync(stoppingToken))
        {
            Refused(log, draft.Text);
            try
            {
                await store.Write(new() { Record = [draft] });
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                NotRecorded(log, draft.Text, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker refused: {Text}")]
    private static partial void Refused(ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "This could not be put on record: {Text}")]
    private static partial void NotRecorded(ILogger logger, string text, Exception exception);
}
