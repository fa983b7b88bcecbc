using Kehrwerk.Centre.Record;

namespace Kehrwerk.Centre.Fleet;

/// <summary>
/// Decides which faults of messages are told: in each minute and of each sender every cause once, and no more than
/// <see cref="MaxCauses"/> causes, so that nobody floods log and record. Thread-safe.
/// </summary>
internal sealed class BadMessages
{
    public const int MaxCauses = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Sender> senders = new(StringComparer.Ordinal);

    /// <param name="sender">A vehicle of the fleet, or empty: all strangers together are one sender.</param>
    /// <param name="fault">May hold text of the sender's.</param>
    /// <returns>What is to be told; null if it was told already, or enough was.</returns>
    public string? Tell(string sender, string fault, DateTimeOffset now)
    {
        fault = ForeignText.Of(fault);
        lock (gate)
        {
            if (!senders.TryGetValue(sender, out var known) || now - known.Since >= Window)
            {
                var untold = known?.Untold ?? 0;
                known = new(now);
                senders[sender] = known;
                known.Told.Add(fault);
                return untold == 0 ? fault : $"{fault} (and {untold} more bad messages that were not told)";
            }

            if (known.Told.Count < MaxCauses && known.Told.Add(fault))
            {
                return fault;
            }

            known.Untold++;
            return null;
        }
    }

    private sealed class Sender(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;
        public HashSet<string> Told { get; } = new(StringComparer.Ordinal);
        public int Untold { get; set; }
    }
}
