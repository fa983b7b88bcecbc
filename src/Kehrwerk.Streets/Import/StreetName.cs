using System.Text.RegularExpressions;

namespace Kehrwerk.Streets.Import;

/// <summary>Street names as people write them, made comparable: case, spaces, <c>Str.</c> and <c>Strasse</c> do not matter.</summary>
internal static partial class StreetName
{
    public static string Key(string name) => StreetEnding().Replace(Spaces().Replace(name.Trim().ToLowerInvariant(), " "), "straße");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"strasse\b|str\.")]
    private static partial Regex StreetEnding();

    /// <summary>The number that a house number begins with (12 of <c>12a</c> and of <c>12-16</c>), or null; at most 9999.</summary>
    public static int? HouseNumber(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? text.AsSpan(0, end) : text;
        return digits.Length is > 0 and <= 4 ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : null;
    }
}
