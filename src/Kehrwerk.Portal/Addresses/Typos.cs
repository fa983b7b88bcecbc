namespace Kehrwerk.Portal.Addresses;

/// <summary>What a single typing error costs; 1 is a letter that has nothing to do with the right one.</summary>
internal static class Typos
{
    public const double Swapped = 0.9;
    private const double Doubled = 0.7;
    private const double Alike = 0.6;
    private const double Neighbour = 0.85;

    // The keys of a German keyboard that touch each other.
    private static readonly string[] Rows = ["qwertzuiopü", "asdfghjklöä", "yxcvbnm"];
    private static readonly bool[] Touching = Neighbours();

    /// <summary>A letter too much at <paramref name="at"/>.</summary>
    public static double Extra(ReadOnlySpan<byte> typed, int at) => at > 0 && typed[at] == typed[at - 1] ? Doubled : 1;

    /// <summary>A letter of the name that was not typed.</summary>
    public static double Missing(ReadOnlySpan<byte> name, int at) =>
        at > 0 && name[at] == name[at - 1] ? Doubled : 1;

    /// <summary>One letter instead of another.</summary>
    public static double Instead(byte typed, byte right) =>
        typed == right ? 0
        : IsAlike(typed, right) || IsAlike(right, typed) ? Alike
        : typed < 32 && right < 32 && Touching[(typed * 32) + right] ? Neighbour
        : 1;

    // An umlaut without its dots, ß as s: people and keyboards leave them out.
    private static bool IsAlike(byte a, byte b) => (a, b) is (1, Symbols.Ae) or (15, Symbols.Oe) or (21, Symbols.Ue) or (19, Symbols.Sz);

    private static bool[] Neighbours()
    {
        var touching = new bool[32 * 32];
        for (var r = 0; r < Rows.Length; r++)
        {
            for (var k = 0; k < Rows[r].Length; k++)
            {
                Touch(Rows[r], k + 1, Rows[r][k]);
                if (r + 1 < Rows.Length)
                {
                    Touch(Rows[r + 1], k - 1, Rows[r][k]);
                    Touch(Rows[r + 1], k, Rows[r][k]);
                }
            }
        }

        return touching;

        void Touch(string row, int key, char other)
        {
            if (key >= 0 && key < row.Length)
            {
                var (a, b) = (Symbol(row[key]), Symbol(other));
                touching[(a * 32) + b] = touching[(b * 32) + a] = true;
            }
        }

        static int Symbol(char key) => key switch { 'ä' => Symbols.Ae, 'ö' => Symbols.Oe, 'ü' => Symbols.Ue, _ => key - 'a' + 1 };
    }
}
