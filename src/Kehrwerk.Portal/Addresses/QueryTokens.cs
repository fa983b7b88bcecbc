using System.Globalization;

namespace Kehrwerk.Portal.Addresses;

internal enum TokenKind : byte { Word, Digits, Sign, Break }

/// <summary>A piece of what was typed: letters, digits, or one sign.</summary>
/// <param name="Text">Lower-case.</param>
/// <param name="Spaced">Whether a space stands before it.</param>
internal readonly record struct Token(TokenKind Kind, string Text, bool Spaced);

/// <summary>Cuts what a person typed into pieces and finds house numbers in them.</summary>
internal static class QueryTokens
{
    private const int MaxTokens = 60;

    public static List<Token> Of(string text)
    {
        var tokens = new List<Token>();
        var spelled = GermanText.Spell(text.AsSpan(0, Math.Min(text.Length, GermanText.MaxChars)));
        var spaced = false;
        for (var i = 0; i < spelled.Length && tokens.Count < MaxTokens;)
        {
            var c = spelled[i];
            var start = i;
            if (char.IsLetter(c) || char.IsSurrogate(c))
            {
                while (i < spelled.Length && (char.IsLetter(spelled[i]) || char.IsSurrogate(spelled[i]) || (IsApostrophe(spelled[i]) && i + 1 < spelled.Length && char.IsLetter(spelled[i + 1]))))
                {
                    i++;
                }

                var word = spelled[start..i];
                tokens.Add(new(TokenKind.Word, word.Any(IsApostrophe) ? string.Concat(word.Where(l => !IsApostrophe(l))) : word, spaced));
            }
            else if (char.IsAsciiDigit(c))
            {
                while (i < spelled.Length && char.IsAsciiDigit(spelled[i]))
                {
                    i++;
                }

                tokens.Add(new(TokenKind.Digits, spelled[start..i], spaced));
            }
            else
            {
                i++;
                if (c is '-' or '–' or '—' or '‐' or '‑' or '−' or '+' or '/' or '.' or '&')
                {
                    tokens.Add(new(TokenKind.Sign, c switch { '+' or '&' => "+", '/' => "/", '.' => ".", _ => "-" }, spaced));
                }
                else if (c is ',' or ';' or '|' or '•' or '·' or '(' or ')' or '\n' or '\r' or '<' or '>' or '"')
                {
                    tokens.Add(new(TokenKind.Break, ",", spaced));
                }

                spaced = char.IsWhiteSpace(c) || char.IsControl(c) || tokens is [.., { Kind: TokenKind.Break }];
                continue;
            }

            spaced = false;
        }

        return tokens;
    }

    private static bool IsApostrophe(char c) => c is '\'' or '’' or '`' or '´';

    /// <summary>The house number that begins at a token, or null.</summary>
    /// <param name="next">The token behind it.</param>
    public static HouseNumber? HouseNumberAt(List<Token> tokens, int at, out int next)
    {
        next = at;
        if (!IsNumber(tokens, at, out var from))
        {
            return null;
        }

        next++;
        var suffix = SuffixAt(tokens, ref next);
        var alone = new HouseNumber(from, suffix);
        if (JointAt(tokens, next) is not { } joint)
        {
            return alone;
        }

        var second = next + 1;
        if (IsNumber(tokens, second, out var to))
        {
            second++;
            var toSuffix = SuffixAt(tokens, ref second);
            next = second;
            return new(from, suffix, joint, to, toSuffix);
        }

        // 12a-c
        if (suffix != '\0' && second < tokens.Count && tokens[second] is { Kind: TokenKind.Word, Text: [>= 'a' and <= 'z' and var letter] })
        {
            next = second + 1;
            return new(from, suffix, joint, from, letter);
        }

        return alone;
    }

    private static bool IsNumber(List<Token> tokens, int at, out int number)
    {
        number = 0;
        return at < tokens.Count && tokens[at] is { Kind: TokenKind.Digits, Text.Length: <= 4 }
            && int.TryParse(tokens[at].Text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }

    private static char? JointAt(List<Token> tokens, int at) =>
        at >= tokens.Count ? null
        : tokens[at] is { Kind: TokenKind.Sign, Text: not "." } sign ? sign.Text[0]
        : tokens[at] is { Kind: TokenKind.Word, Text: "bis" } ? '-'
        : tokens[at] is { Kind: TokenKind.Word, Text: "und" } && IsNumber(tokens, at + 1, out _) ? '+'
        : null;

    private static char SuffixAt(List<Token> tokens, ref int next)
    {
        if (next < tokens.Count && tokens[next] is { Kind: TokenKind.Word, Text: [>= 'a' and <= 'z' and var letter] })
        {
            next++;
            return letter;
        }

        return '\0';
    }
}
