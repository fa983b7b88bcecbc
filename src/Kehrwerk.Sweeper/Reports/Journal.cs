using System.Globalization;
using System.Text;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Work;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>What happened last, one line each, bounded. Not thread-safe.</summary>
internal sealed class Journal(News news)
{
    private const int MaxLines = 1000;
    private const int MaxLineChars = 300;

    private readonly Queue<string> lines = new();
    private readonly Queue<ActionEntry> wanted = new();
    private readonly Dictionary<string, ActionEntry> storing = new(StringComparer.Ordinal);

    public void Add(DateTimeOffset now, string text)
    {
        if (lines.Count == MaxLines)
        {
            lines.Dequeue();
        }

        var line = string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-ddTHH:mm:ss.fffZ} {text}").ReplaceLineEndings(" ");
        lines.Enqueue(line.Length > MaxLineChars ? line[..MaxLineChars] : line);
    }

    /// <summary>A log is asked for.</summary>
    public void Want(ActionEntry entry) => wanted.Enqueue(entry);

    /// <summary>The next log to be stored, or null; whoever takes it says with <see cref="Stored"/> what became of it.</summary>
    public LogFile? Take(DateTimeOffset now)
    {
        if (!wanted.TryDequeue(out var entry))
        {
            return null;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"log-{now:yyyyMMdd-HHmmss}-{storing.Count}.txt");
        storing[name] = entry;
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"reason: {entry.Action["reason"]?.AsText}");
        foreach (var line in lines)
        {
            text.AppendLine(line);
        }

        return new(name, text.ToString());
    }

    public void Stored(string name, bool isStored)
    {
        if (storing.Remove(name, out var entry))
        {
            entry.End(isStored ? ActionStatus.Finished : ActionStatus.Failed, isStored ? name : "notStored");
            news.Note();
        }
    }
}
