using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>What ends the report of an error (VDA 5050 3.0.0, 6.6.5.4, report duration).</summary>
internal enum ErrorLife
{
    NextOrder,
    NextInstantAction,

    /// <summary>Until the vehicle may take orders again.</summary>
    Available,

    /// <summary>For <see cref="ErrorLog.AWhile"/>, so that the Centre can notice it.</summary>
    AWhile,
}

/// <summary>
/// What went wrong with messages that came in, each for as long as the standard says; of more than <see cref="Capacity"/> the oldest
/// go, and what repeats an entry takes its place. Not thread-safe.
/// </summary>
internal sealed class ErrorLog
{
    public const int Capacity = 10;

    /// <summary>The longest text of an error, in characters: what came in is told again only so far.</summary>
    public const int MaxText = 2000;

    /// <summary>"A reasonable amount of time for the fleet control to notice", as the standard has it.</summary>
    public static readonly TimeSpan AWhile = TimeSpan.FromMinutes(1);

    private readonly List<Entry> entries = [];

    public IEnumerable<RobotError> Errors => entries.Select(entry => entry.Error);

    /// <summary>The vehicle's clock; moved on by <see cref="Tick"/>.</summary>
    public DateTimeOffset Now { get; private set; }

    public void Add(RobotError error, ErrorLife life = ErrorLife.NextOrder)
    {
        error = error with
        {
            ErrorDescription = Cut(error.ErrorDescription),
            ErrorReferences = [.. error.ErrorReferences.Select(about => about with { ReferenceValue = Cut(about.ReferenceValue)! })],
        };
        var key = $"{error.ErrorType}|{error.ErrorDescription}|{string.Join('|', error.ErrorReferences)}";
        entries.RemoveAll(entry => entry.Key == key);
        entries.Add(new(error, key, life, Now));
        if (entries.Count > Capacity)
        {
            entries.RemoveAt(0);
        }
    }

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;

    /// <summary>Ends what lasts until this.</summary>
    public void Clear(ErrorLife life) => entries.RemoveAll(entry => entry.Life == life);

    /// <summary>Moves the clock on; true if that ended something.</summary>
    public bool Tick(DateTimeOffset now)
    {
        Now = now;
        return entries.RemoveAll(entry => entry.Life == ErrorLife.AWhile && now - entry.Since >= AWhile) > 0;
    }

    private sealed record Entry(RobotError Error, string Key, ErrorLife Life, DateTimeOffset Since);
}
