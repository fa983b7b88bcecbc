using System.Globalization;

namespace Kehrwerk.Portal.Addresses;

/// <summary>A house number as it is compared: <c>12</c>, <c>12a</c>, <c>12-16</c>, <c>19+21</c>, <c>12a-c</c>.</summary>
/// <param name="From">The number it begins with, 1–9999; 0 where it is none.</param>
/// <param name="Suffix">Lower-case letter behind it, or <c>\0</c>.</param>
/// <param name="Joint">What joins the second number: <c>-</c>, <c>+</c> or <c>/</c>; <c>\0</c> where there is none.</param>
/// <param name="To">The second number, or 0.</param>
/// <param name="ToSuffix">Letter behind the second number, or <c>\0</c>.</param>
public readonly record struct HouseNumber(int From, char Suffix = '\0', char Joint = '\0', int To = 0, char ToSuffix = '\0')
{
    public const int Max = 9999;

    public bool IsNone => From == 0;

    /// <summary>Whether it stands for several houses.</summary>
    public bool IsRange => Joint != '\0';

    /// <summary>Whether a single number is one of those that it stands for: every second one from 12 to 16 of <c>12-16</c>, the two of <c>19+21</c>.</summary>
    public bool Covers(HouseNumber one) =>
        IsRange && !one.IsRange && (IsFirst(one) || IsLast(one) || IsBetween(one));

    private bool IsFirst(HouseNumber one) => one.From == From && (one.Suffix == Suffix || one.Suffix == '\0');

    private bool IsLast(HouseNumber one) => one.From == To && (one.Suffix == ToSuffix || one.Suffix == '\0');

    // One side of a street has every second number; 12-15 is all of them.
    private bool IsBetween(HouseNumber one) =>
        Joint == '-'
        && (To == From
            ? one.From == From && one.Suffix >= Suffix && one.Suffix <= ToSuffix
            : one.From > From && one.From < To && (one.From % 2 == From % 2 || From % 2 != To % 2));

    /// <summary>As it is written in German lists.</summary>
    public override string ToString() =>
        IsNone ? "" : string.Create(CultureInfo.InvariantCulture, $"{From}{Letter(Suffix)}{(IsRange ? string.Create(CultureInfo.InvariantCulture, $"{Joint}{(To == From && ToSuffix != '\0' ? "" : To)}{Letter(ToSuffix)}") : "")}");

    /// <summary>Reads the number of a list; <see cref="IsNone"/> where it begins with no number of 1–9999 or more follows than belongs to one.</summary>
    public static HouseNumber Parse(string text)
    {
        var tokens = QueryTokens.Of(text);
        return QueryTokens.HouseNumberAt(tokens, 0, out var next) is { } number && next == tokens.Count ? number : default;
    }

    private static string Letter(char suffix) => suffix == '\0' ? "" : suffix.ToString();
}
