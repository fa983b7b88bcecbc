using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Recording;

/// <summary>
/// The folder in which a vehicle keeps its recorded events, a file each: <c>ID.json</c> until the Centre has acknowledged it, then
/// <c>ID.acknowledged.json</c>. Only the vehicle's user may read them. Not thread-safe.
/// </summary>
public sealed class EventFiles(string folder)
{
    /// <summary>The most files that wait for the Centre; beyond them nothing more is stored until some are acknowledged.</summary>
    public const int MaxWaiting = 1_000;

    /// <summary>The most acknowledged files that are kept; the oldest go.</summary>
    public const int MaxAcknowledged = 200;

    private const string Ending = ".json";
    private const string AcknowledgedEnding = ".acknowledged.json";

    public string Folder => folder;

    /// <summary>Every event that is not acknowledged, oldest first. A file that is hurt is left aside, by the name <c>ID.json.broken</c>.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public IReadOnlyList<RecordedEvent> Load()
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var events = new List<(DateTimeOffset At, RecordedEvent Event)>();
        foreach (var path in Waiting())
        {
            var bytes = new FileInfo(path).Length <= LinkJson.MaxBytes ? File.ReadAllBytes(path) : [];
            if (LinkJson.Read<VehicleEvent>(bytes) is { IsOk: true, Message: var read } && read.EventId + Ending == Path.GetFileName(path))
            {
                events.Add((read.Timestamp, new(read.EventId, Encoding.UTF8.GetString(bytes))));
            }
            else
            {
                File.Move(path, path + ".broken", overwrite: true);
            }
        }

        return [.. events.OrderBy(item => item.At).ThenBy(item => item.Event.EventId, StringComparer.Ordinal).Select(item => item.Event)];
    }

    /// <summary>Does what the vehicle says. At any moment each file is whole, the old one or the new one.</summary>
    /// <exception cref="IOException">The disk does not take it, or there are too many files; nothing is lost.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public void Carry(EventOrder order)
    {
        switch (order)
        {
            case EventOrder.Store store:
                Write(PathOf(order, Ending), store.Event.Content);
                break;
            case EventOrder.Acknowledged:
                // A second receipt finds it renamed.
                if (File.Exists(PathOf(order, Ending)))
                {
                    File.Move(PathOf(order, Ending), PathOf(order, AcknowledgedEnding), overwrite: true);
                    DropOldest();
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order, "Not an order.");
        }
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(folder);
        if (!File.Exists(path) && Waiting().Count() >= MaxWaiting)
        {
            throw new IOException($"{MaxWaiting} events wait for the Centre already.");
        }

        var fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private void DropOldest()
    {
        // Names begin with the serial and then the time: in their order the oldest is first.
        var kept = Directory.GetFiles(folder, "*" + AcknowledgedEnding).Order(StringComparer.Ordinal).ToList();
        foreach (var path in kept.Take(kept.Count - MaxAcknowledged))
        {
            File.Delete(path);
        }
    }

    private IEnumerable<string> Waiting() =>
        Directory.EnumerateFiles(folder, "*" + Ending).Where(path => !path.EndsWith(AcknowledgedEnding, StringComparison.Ordinal));

    private string PathOf(EventOrder order, string ending) => Path.Combine(folder, Path.GetFileName(order.EventId) + ending);
}
