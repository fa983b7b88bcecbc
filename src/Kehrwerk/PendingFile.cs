using Kehrwerk.Streets;

namespace Kehrwerk;

/// <summary>
/// A file that takes its place only when it is whole. It is opened before the work whose result it shall hold, so that a place that
/// cannot be written is told at once and not after an hour.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    /// <summary>What stands behind the name of a file that is not whole yet.</summary>
    public const string Ending = ".incoming";

    private readonly string path;
    private readonly string incoming;
    private readonly StreamWriter text;

    /// <exception cref="InputException">It cannot be written there.</exception>
    public PendingFile(string path)
    {
        this.path = path;
        incoming = path + Ending;
        try
        {
            text = Directory.Exists(path) ? throw new IOException("a folder has that name") : new(incoming);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    /// <exception cref="InputException">It cannot be written there.</exception>
    public void Keep(Action<TextWriter> write)
    {
        try
        {
            write(text);
            text.Dispose();
            File.Move(incoming, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    public void Dispose()
    {
        text.Dispose();
        File.Delete(incoming);
    }

    private InputException Unwritable(Exception e) => new(
        path, $"the file cannot be written: {e.Message.TrimEnd('.')}", "Name a file in a folder that exists and that this user may write", e);
}
