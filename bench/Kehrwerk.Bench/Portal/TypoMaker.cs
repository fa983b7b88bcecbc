namespace Kehrwerk.Bench.Portal;

/// <summary>
/// Puts typing errors into a street's name: each is a letter too much, a letter missing, a wrong letter or two letters swapped, all four alike
/// often, at a letter that is drawn evenly; a wrong letter is a neighbour on the keyboard half of the time and any of the alphabet otherwise.
/// What comes out lies exactly so many errors from the name.
/// </summary>
internal sealed class TypoMaker(Random random)
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzäöüß";
    private static readonly string[] Rows = ["qwertzuiopü", "asdfghjklöä", "yxcvbnm"];

    public string Make(string name, int errors)
    {
        while (true)
        {
            var typed = name;
            for (var e = 0; e < errors; e++)
            {
                typed = One(typed);
            }

            if (Distance(Letters(name), Letters(typed)) == errors)
            {
                return typed;
            }
        }
    }

    private string One(string text)
    {
        var letters = Enumerable.Range(0, text.Length).Where(i => char.IsLetter(text[i])).ToArray();
        if (letters.Length == 0)
        {
            return text;
        }

        var at = letters[random.Next(letters.Length)];
        switch (random.Next(4))
        {
            case 0:
                return text.Insert(at + random.Next(2), Wrong(text[at]).ToString());
            case 1:
                return text.Remove(at, 1);
            case 2:
                return text.Remove(at, 1).Insert(at, Wrong(text[at]).ToString());
            default:
                return at + 1 < text.Length && char.IsLetter(text[at + 1]) ? $"{text[..at]}{text[at + 1]}{text[at]}{text[(at + 2)..]}" : text;
        }
    }

    private char Wrong(char letter)
    {
        if (random.Next(2) == 0)
        {
            for (var r = 0; r < Rows.Length; r++)
            {
                var key = Rows[r].IndexOf(char.ToLowerInvariant(letter), StringComparison.Ordinal);
                if (key >= 0)
                {
                    var near = new List<char>();
                    for (var row = Math.Max(0, r - 1); row <= Math.Min(Rows.Length - 1, r + 1); row++)
                    {
                        near.AddRange(Rows[row].Where((_, k) => Math.Abs(k - key) <= 1 && (row != r || k != key)));
                    }

                    return near[random.Next(near.Count)];
                }
            }
        }

        return Alphabet[random.Next(Alphabet.Length)];
    }

    private static string Letters(string text) => string.Concat(text.ToLowerInvariant().Where(char.IsLetter));

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours between two texts: the plain table.</summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i
                    : Math.Min(table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
