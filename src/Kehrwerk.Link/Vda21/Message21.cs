using System.Text.RegularExpressions;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Vda21;

/// <summary>
/// A message of VDA 5050 2.1 or 2.0, whose headers are as in 3.0.0. Field names are those of the older standard; docs/link/vda5050-2.1.md
/// has the table of differences.
/// </summary>
internal abstract partial record Message21 : VdaMessage
{
    /// <summary>Whether a vehicle of this protocol version is taken: 2.0 or 2.1, with any patch. It is answered in it, so it is bounded.</summary>
    public static bool IsSpoken(string version) => Spoken().IsMatch(version);

    /// <param name="version">One that <see cref="IsSpoken"/>.</param>
    public static bool Is20(string version) => version.StartsWith("2.0", StringComparison.Ordinal);

    private protected override string? VersionFault() => IsSpoken(Version) ? null : $"version: '{Excerpt.Of(Version)}' is not 2.0.x or 2.1.x";

    [GeneratedRegex(@"\A2\.[01](\.[0-9]{1,9})?\z")]
    private static partial Regex Spoken();
}
