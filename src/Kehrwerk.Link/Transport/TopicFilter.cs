namespace Kehrwerk.Link.Transport;

/// <summary>MQTT topic filters: <c>+</c> stands for one level, <c>#</c> at the end for all further levels (MQTT 5.0, 4.7).</summary>
public static class TopicFilter
{
    /// <summary>Says why a filter is not valid, or null if it is.</summary>
    public static string? Fault(string filter)
    {
        if (filter.Length == 0)
        {
            return "a topic filter must not be empty";
        }

        var levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            var level = levels[i];
            if (level.Contains('#', StringComparison.Ordinal) && (level.Length > 1 || i < levels.Length - 1))
            {
                return $"'{filter}': # must be the whole last level";
            }

            if (level.Contains('+', StringComparison.Ordinal) && level.Length > 1)
            {
                return $"'{filter}': + must be a whole level";
            }
        }

        return null;
    }

    /// <summary>True if the filter holds a wildcard, so that it matches more than one topic.</summary>
    public static bool IsWild(string filter) => filter.AsSpan().ContainsAny('+', '#');

    public static bool Matches(string filter, string topic)
    {
        var pattern = filter.AsSpan();
        var name = topic.AsSpan();

        // Topics of the broker itself are not for wildcards (4.7.2).
        if (name.StartsWith("$") && pattern.IndexOfAny('+', '#') == 0)
        {
            return false;
        }

        while (true)
        {
            var (patternLevel, patternEnds) = NextLevel(ref pattern);
            if (patternLevel is "#")
            {
                return true;
            }

            var (nameLevel, nameEnds) = NextLevel(ref name);
            if (patternLevel is not "+" && !patternLevel.SequenceEqual(nameLevel))
            {
                return false;
            }

            if (nameEnds)
            {
                // "a/#" also matches "a" itself.
                return patternEnds || pattern is "#";
            }

            if (patternEnds)
            {
                return false;
            }
        }
    }

    private static Level NextLevel(ref ReadOnlySpan<char> rest)
    {
        var slash = rest.IndexOf('/');
        var level = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? [] : rest[(slash + 1)..];
        return new Level(level, slash < 0);
    }

    private readonly ref struct Level(ReadOnlySpan<char> text, bool isLast)
    {
        private readonly ReadOnlySpan<char> text = text;

        public void Deconstruct(out ReadOnlySpan<char> levelText, out bool last)
        {
            levelText = text;
            last = isLast;
        }
    }
}
