using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper.Recording;

/// <summary>An event as it is to be stored: once when it begins, so that the time before survives a loss of power, and once when it ends.</summary>
/// <param name="EventId">Names it, also as a file.</param>
/// <param name="Content">JSON of a <see cref="VehicleEvent"/>.</param>
public sealed record RecordedEvent(string EventId, string Content);

/// <summary>
/// Keeps the last seconds in a ring, and on an occasion writes down what was before and what comes after (StVG § 1g (2); safety
/// profile, SP-REC). Occasions while a recording runs belong to it and prolong it. Not thread-safe.
/// </summary>
internal sealed class EventRecorder(EventWriter writer)
{
    public const double BeforeS = 10;
    public const double AfterS = 10;

    /// <summary>A recording ends so long after its first occasion at the latest; what happens then begins another.</summary>
    public const double LongestS = 30;

    private const int MaxOccasions = 50;
    private const int MaxReceived = 200;

    // One more than the time before: both ends of it are samples.
    private readonly EventSample[] ring = new EventSample[(int)(BeforeS / SweeperProgram.StepS) + 1];
    private readonly Queue<(DateTimeOffset At, LinkMessage Message)> received = new();
    private readonly List<EventSample> samples = [];
    private readonly List<EventOccasion> occasions = [];
    private int count;
    private string eventId = "";
    private DateTimeOffset endsAt;

    public bool IsRecording => occasions.Count > 0;

    public DateTimeOffset Now => count == 0 ? default : ring[(count - 1) % ring.Length].At;

    /// <summary>Bytes that came in during the last second.</summary>
    public int ReceivedBytes(DateTimeOffset now)
    {
        var sum = 0;
        foreach (var (at, message) in received)
        {
            sum += now - at < TimeSpan.FromSeconds(1) ? message.Payload.Length : 0;
        }

        return sum;
    }

    /// <summary>A message came in from outside.</summary>
    public void Receive(LinkMessage message, DateTimeOffset now)
    {
        received.Enqueue((now, message));
        while (received.Count > MaxReceived || (!IsRecording && now - received.Peek().At > TimeSpan.FromSeconds(BeforeS)))
        {
            received.Dequeue();
        }
    }

    /// <summary>Something happened that is to be recorded; the first sample has to be there.</summary>
    /// <returns>A recording that begins with it, to be stored at once; null where one runs.</returns>
    public RecordedEvent? Note(Occasion occasion, string code, string text, UseCounts counts)
    {
        var now = Now;
        var begins = !IsRecording;
        if (occasions.Count < MaxOccasions)
        {
            occasions.Add(new(occasion, now, code, text));
        }

        var latest = occasions[0].At + TimeSpan.FromSeconds(LongestS);
        endsAt = now + TimeSpan.FromSeconds(AfterS) < latest ? now + TimeSpan.FromSeconds(AfterS) : latest;
        if (!begins)
        {
            return null;
        }

        eventId = writer.IdAt(now);
        for (var i = Math.Max(0, count - ring.Length); i < count; i++)
        {
            samples.Add(ring[i % ring.Length]);
        }

        return Write(counts, isComplete: false);
    }

    /// <summary>A step has passed.</summary>
    /// <returns>A recording that ends with it, to be stored and sent.</returns>
    public RecordedEvent? Step(EventSample sample, UseCounts counts)
    {
        ring[count++ % ring.Length] = sample;
        if (!IsRecording)
        {
            return null;
        }

        samples.Add(sample);
        if (sample.At < endsAt)
        {
            return null;
        }

        var written = Write(counts, isComplete: true);
        samples.Clear();
        occasions.Clear();
        return written;
    }

    private RecordedEvent Write(UseCounts counts, bool isComplete)
    {
        var from = samples[0].At;
        return new(eventId, writer.Write(eventId, samples, occasions, [.. received.Where(item => item.At >= from)], counts, isComplete));
    }
}

/// <summary>D3 and D4 as they stand.</summary>
internal readonly record struct UseCounts(UseCount Drives, UseCount Activations, UseCount Deactivations, UseCount Releases);
