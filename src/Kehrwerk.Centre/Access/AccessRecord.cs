using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;

namespace Kehrwerk.Centre.Access;

/// <summary>
/// Puts on record what concerns people: by handle, never by name. Refusals come from whoever tries: each is told once a minute, and no more
/// than <see cref="MaxRefusals"/> a minute in all, so that nobody floods the record. Thread-safe.
/// </summary>
/// <param name="time">The real clock, by which refusals are counted.</param>
internal sealed class AccessRecord(CentreStore store, CentreClock clock, TimeProvider time)
{
    public const int MaxRefusals = 30;

    /// <summary>Who acts before it is known who it is.</summary>
    public const string Unknown = "unknown";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private readonly HashSet<(string, string)> told = [];
    private long untold;
    private long since;

    /// <summary>It is on record when the task completes.</summary>
    public Task Note(string kind, string who, string text, string vehicle = "") => Write([Draft(kind, who, text, vehicle)]);

    public Task Write(IReadOnlyCollection<RecordDraft> drafts) => drafts.Count == 0 ? Task.CompletedTask : store.Write(new() { Record = [.. drafts] });

    public RecordDraft Draft(string kind, string who, string text, string vehicle = "") => new(clock.Time.GetUtcNow(), kind, who, vehicle, ForeignText.Of(text));

    public Task Refused(string kind, string who, string text)
    {
        var drafts = new List<RecordDraft>();
        lock (gate)
        {
            if (since == 0 || time.GetElapsedTime(since) >= Window)
            {
                if (untold > 0)
                {
                    drafts.Add(Draft(kind, Unknown, $"and {untold} more refusals"));
                }

                (since, untold) = (time.GetTimestamp(), 0);
                told.Clear();
            }

            if (told.Count < MaxRefusals && told.Add((kind + who, text)))
            {
                drafts.Add(Draft(kind, who, text));
            }
            else
            {
                untold++;
            }
        }

        return Write(drafts);
    }
}
