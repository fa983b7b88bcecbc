using System.Globalization;
using System.Text;

namespace Kehrwerk.Portal.Addresses;

/// <summary>German text made comparable: case, umlauts, ß, hyphens, abbreviations and numerals as people write them.</summary>
internal static class GermanText
{
    /// <summary>Longest text that is looked at, characters; the rest of a longer one is left unread.</summary>
    public const int MaxChars = 200;

    private static readonly Dictionary<string, string> SameWord = new(StringComparer.Ordinal)
    {
        ["str"] = "straße",
        ["sankt"] = "st",
        ["doktor"] = "dr",
        ["professor"] = "prof",
        ["pl"] = "platz",
        ["gr"] = "große",
        ["kl"] = "kleine",
        ["erste"] = "1",
        ["ersten"] = "1",
        ["erster"] = "1",
        ["zweite"] = "2",
        ["zweiten"] = "2",
        ["zweiter"] = "2",
        ["dritte"] = "3",
        ["dritten"] = "3",
        ["dritter"] = "3",
        ["vierte"] = "4",
        ["vierten"] = "4",
        ["fünfte"] = "5",
        ["fünften"] = "5",
        ["sechste"] = "6",
        ["siebte"] = "7",
        ["achte"] = "8",
        ["neunte"] = "9",
        ["zehnte"] = "10",
        ["i"] = "1",
        ["ii"] = "2",
        ["iii"] = "3",
        ["iv"] = "4",
        ["vi"] = "6",
        ["vii"] = "7",
        ["viii"] = "8",
        ["ix"] = "9",
        ["xi"] = "11",
        ["xii"] = "12",
        ["xiii"] = "13",
        ["xiv"] = "14",
        ["xv"] = "15",
        ["xvi"] = "16",
        ["xvii"] = "17",
        ["xviii"] = "18",
        ["xix"] = "19",
        ["xx"] = "20",
    };

    /// <summary>A word in the one spelling in which it is compared: <c>Sankt</c> is <c>st</c>, <c>II</c> and <c>zweite</c> are <c>2</c>, <c>Nordstr</c> is <c>nordstraße</c>.</summary>
    /// <param name="word">Lower-case (<see cref="Spell"/>).</param>
    public static string Canonical(string word) => SameWord.TryGetValue(word, out var same) ? same : WithKind(word);

    /// <summary>A word as it was typed, but for the ways in which its <c>Straße</c> is written.</summary>
    public static string WithKind(string word) =>
        word == "str" || (word.Length > 4 && word.EndsWith("str", StringComparison.Ordinal)) ? word + "aße"
        : word.EndsWith("strasse", StringComparison.Ordinal) ? word[..^7] + "straße"
        : word;

    /// <summary>Words that end in a street's kind, without it: <c>nord</c> of <c>nordstraße</c>; null where it is no such compound.</summary>
    public static string? StemOf(string canonicalWord) =>
        canonicalWord.Length > 6 && canonicalWord.EndsWith("straße", StringComparison.Ordinal) ? canonicalWord[..^6] : null;

    /// <summary>Words that say what kind of street it is; people leave them out.</summary>
    public static bool IsKind(string canonicalWord) =>
        canonicalWord is "straße" or "weg" or "platz" or "allee" or "ring" or "gasse" or "ufer" or "pfad" or "damm" or "steig" or "hof" or "chaussee" or "promenade" or "stieg";

    /// <summary>Words that tell little about which street it is: its kind, articles, prepositions, numbers.</summary>
    public static bool IsSmall(string canonicalWord) =>
        IsKind(canonicalWord) || char.IsAsciiDigit(canonicalWord[0])
        || canonicalWord is "a" or "am" or "an" or "auf" or "aufm" or "bei" or "beim" or "der" or "die" or "das" or "dem" or "den" or "des" or "hinter" or "i" or "im" or "in" or "m" or "n"
            or "und" or "unter" or "vom" or "von" or "zu" or "zum" or "zur" or "st" or "dr";

    /// <summary>
    /// Lower-case and composed, umlauts and ß kept, other accents gone. Length may change; what is no letter stays as it is.
    /// Text that is no valid Unicode is read as far as it is.
    /// </summary>
    public static string Spell(ReadOnlySpan<char> text)
    {
        var spelled = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(spelled, rune);
        }

        return spelled.ToString();
    }

    private static void Append(StringBuilder spelled, Rune rune)
    {
        switch (rune.Value)
        {
            case < 0x80: spelled.Append((char)(rune.Value | (rune.Value is >= 'A' and <= 'Z' ? 0x20 : 0))); return;
            case 'ä' or 'Ä': spelled.Append('ä'); return;
            case 'ö' or 'Ö': spelled.Append('ö'); return;
            case 'ü' or 'Ü': spelled.Append('ü'); return;
            case 'ß' or 'ẞ': spelled.Append('ß'); return;
            // A combining diaeresis after its letter is the umlaut in its decomposed form.
            case 0x308 when spelled.Length > 0 && spelled[^1] is 'a' or 'o' or 'u': spelled[^1] = spelled[^1] switch { 'a' => 'ä', 'o' => 'ö', _ => 'ü' }; return;
        }

        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(part) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Control or UnicodeCategory.Format))
            {
                spelled.Append(Rune.ToLowerInvariant(part).ToString());
            }
        }
    }

    /// <summary>The words of a street's or a place's name, canonical.</summary>
    public static List<string> Words(string name) => Parts(name).ConvertAll(Canonical);

    /// <summary>The same with numerals and abbreviations as they stand, but for <c>Straße</c>.</summary>
    public static List<string> WordsAsWritten(string name) => Parts(name).ConvertAll(WithKind);

    private static List<string> Parts(string name)
    {
        var words = new List<string>();
        var spelled = Spell(name.AsSpan(0, Math.Min(name.Length, MaxChars)));
        var start = -1;
        for (var i = 0; i <= spelled.Length; i++)
        {
            var inWord = i < spelled.Length && (char.IsLetterOrDigit(spelled[i]) || char.IsSurrogate(spelled[i]));
            // An apostrophe does not part a word: Auf'm.
            var apostrophe = i < spelled.Length && start >= 0 && spelled[i] is '\'' or '’' or '`' or '´';
            if (inWord && start < 0)
            {
                start = i;
            }
            else if (!inWord && !apostrophe && start >= 0)
            {
                words.Add(Letters(spelled.AsSpan(start, i - start)));
                start = -1;
            }
        }

        return words;
    }

    private static string Letters(ReadOnlySpan<char> word)
    {
        Span<char> letters = stackalloc char[word.Length];
        var count = 0;
        foreach (var c in word)
        {
            if (c is not ('\'' or '’' or '`' or '´'))
            {
                letters[count++] = c;
            }
        }

        return letters[..count].ToString();
    }
}
