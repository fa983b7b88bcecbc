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

    /// <summary>Says why a text cannot be the topic of a message, or null if it can (MQTT 5.0, 4.7.3).</summary>
    public static string? NameFault(string topic) =>
        topic.Length == 0 ? "a topic must not be empty"
        : topic.AsSpan().IndexOfAny('+', '#', '\0') >= 0 ? $"'{topic}': a topic must not hold +, # or U+0000"
        : null;

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
            var patternLevel = Cut(ref pattern, out var patternEnds);
            if (patternLevel is "#")
            {
                return true;
            }

            var nameLevel = Cut(ref name, out var nameEnds);
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

    /// <summary>Cuts the first level off and says whether it was the last.</summary>
    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> rest, out bool isLast)
    {
        var slash = rest.IndexOf('/');
        isLast = slash < 0;
        var level = isLast ? rest : rest[..slash];
        rest = isLast ? [] : rest[(slash + 1)..];
        return level;
    }
}
