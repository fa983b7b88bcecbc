namespace Kehrwerk.Sweeper.Reports;

/// <summary>Whether something happened that is worth a state at once, not only with the next second. Not thread-safe.</summary>
internal sealed class News
{
    public bool IsDue { get; private set; }

    public void Note() => IsDue = true;

    public void Told() => IsDue = false;
}
