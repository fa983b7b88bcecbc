namespace Kehrwerk.Link.Wire;

/// <summary>Makes foreign text fit to be shown in an error: short, and without control characters.</summary>
internal static class Excerpt
{
    private const int MaxLength = 40;

    public static string Of(string? text)
    {
        var shown = text is { Length: > MaxLength } ? $"{text.AsSpan(0, MaxLength)}…" : text ?? "";
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        });
    }
}
