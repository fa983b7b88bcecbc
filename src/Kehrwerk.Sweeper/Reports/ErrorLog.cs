using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>
/// What went wrong with messages that came in. Kept until the next order is accepted; of more than <see cref="Capacity"/> the oldest
/// go, and what repeats an entry takes its place. Not thread-safe.
/// </summary>
internal sealed class ErrorLog
{
    public const int Capacity = 10;

    private readonly List<(RobotError Error, string Key)> entries = [];

    public IEnumerable<RobotError> Errors => entries.Select(entry => entry.Error);

    public void Add(RobotError error)
    {
        var key = $"{error.ErrorType}|{error.ErrorDescription}|{string.Join('|', error.ErrorReferences)}";
        entries.RemoveAll(entry => entry.Key == key);
        entries.Add((error, key));
        if (entries.Count > Capacity)
        {
            entries.RemoveAt(0);
        }
    }

    public void Clear() => entries.Clear();
}
