namespace Kehrwerk.Centre.Record;

/// <summary>Makes text that may come from outside fit for log and record: no longer than <see cref="MaxLength"/>, on one line.</summary>
internal static class ForeignText
{
    public const int MaxLength = 500;

    public static string Of(string text)
    {
        var shown = text.Length > MaxLength ? string.Concat(text.AsSpan(0, MaxLength - 1), "…") : text;
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) : shown;
    }
}
