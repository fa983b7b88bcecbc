namespace Kehrwerk.Centre.Record;

/// <summary>Makes text that may come from outside fit for log and record: no longer than <see cref="MaxLength"/>, on one line.</summary>
internal static class ForeignText
{
    public const int MaxLength = 500;

    public static string Of(string text, int maxLength = MaxLength)
    {
        var shown = text.Length > maxLength ? string.Concat(text.AsSpan(0, maxLength - 1), "…") : text;
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) : shown;
    }
}
