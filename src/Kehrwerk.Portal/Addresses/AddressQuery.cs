using System.Collections.Immutable;

namespace Kehrwerk.Portal.Addresses;

/// <summary>What a person typed, with every way in which it can be an address: which words name the street, which number is the house's.</summary>
public sealed class AddressQuery
{
    private const int MaxWords = 20;
    private const int MaxStreetWords = 9;
    private const int MaxReadings = 48;
    private const int MaxNumbers = 4;

    /// <summary>One way to read it.</summary>
    /// <param name="First">First word of the street's name.</param>
    /// <param name="Count">So many words it has.</param>
    /// <param name="Number">House number, or none.</param>
    /// <param name="Lost">What each other word costs that names no place of the address; its index in the words, and the cost.</param>
    internal sealed record Reading(int First, int Count, HouseNumber Number, ImmutableArray<(int Word, double Cost)> Lost);

    private readonly record struct Word(string Text, string Typed, int Token, int Phrase);
    private readonly record struct Group(int First, int End, HouseNumber Number);

    private readonly List<Word> words = [];

    private AddressQuery(List<Token> tokens)
    {
        var groups = Read(tokens);
        LastNumber = groups is [.., { Number: { Suffix: '\0', IsRange: false } last } group] && group.End == tokens.Count ? last : null;
        Words = [.. words.Select(w => w.Text)];
        WordsAsTyped = [.. words.Select(w => w.Typed)];
        var readings = new List<Reading>();
        foreach (var one in groups)
        {
            AddReadings(readings, one, groups);
        }

        AddReadings(readings, default, groups);
        Readings = [.. readings.OrderBy(r => r.Lost.Sum(l => l.Cost)).Take(MaxReadings)];
    }

    /// <summary>Every word in its canonical spelling, digits that may be part of a name among them; at most 20.</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>The same words with numerals and abbreviations as they were typed, but for <c>Straße</c>.</summary>
    internal ImmutableArray<string> WordsAsTyped { get; }

    /// <summary>Five digits, or null.</summary>
    public string? Postcode { get; private set; }

    /// <summary>The plain number that the text ends with, of which more digits may follow; or null.</summary>
    internal HouseNumber? LastNumber { get; }

    /// <summary>The likeliest first.</summary>
    internal ImmutableArray<Reading> Readings { get; }

    /// <summary>Reads any text; only its first 200 characters are looked at.</summary>
    public static AddressQuery Parse(string text) => new(QueryTokens.Of(text.Trim()));

    private List<Group> Read(List<Token> tokens)
    {
        var groups = new List<Group>();
        var phrase = 0;
        for (var t = 0; t < tokens.Count; t++)
        {
            var token = tokens[t];
            switch (token.Kind)
            {
                case TokenKind.Break:
                    phrase++;
                    break;
                case TokenKind.Digits when token.Text.Length == 5:
                    Postcode = token.Text;
                    phrase++;
                    break;
                case TokenKind.Word when IsNoise(tokens, t):
                    break;
                case TokenKind.Word or TokenKind.Digits when words.Count < MaxWords:
                    if (groups.Count < MaxNumbers && (groups.Count == 0 || t >= groups[^1].End) && QueryTokens.HouseNumberAt(tokens, t, out var end) is { } number)
                    {
                        groups.Add(new(t, end, number));
                    }

                    words.Add(new(GermanText.Canonical(TrimZeros(token)), GermanText.WithKind(token.Text), t, phrase));
                    break;
            }
        }

        return groups;
    }

    private static string TrimZeros(Token token) => token.Kind == TokenKind.Digits && token.Text.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : token.Text;

    private static bool IsNoise(List<Token> tokens, int at) => tokens[at].Text switch
    {
        "nr" or "no" or "hnr" or "hausnummer" or "hausnr" => at + 1 < tokens.Count && tokens.Skip(at + 1).Take(2).Any(t => t.Kind == TokenKind.Digits),
        "deutschland" or "germany" => at > 0,
        // D-47051
        "d" => at + 2 < tokens.Count && tokens[at + 1].Text == "-" && tokens[at + 2].Text.Length == 5,
        _ => false,
    };

    private void AddReadings(List<Reading> readings, Group group, List<Group> groups)
    {
        // Runs of words that nothing parts: neither a comma nor the house number.
        var outside = Enumerable.Range(0, words.Count).Where(w => words[w].Token < group.First || words[w].Token >= group.End).ToList();
        var numberPhrase = group.Number.IsNone ? -1 : words.Find(w => w.Token == group.First).Phrase;
        for (var start = 0; start < outside.Count;)
        {
            var end = start + 1;
            while (end < outside.Count && outside[end] == outside[end - 1] + 1 && words[outside[end]].Phrase == words[outside[start]].Phrase
                && IsBehind(outside[end], group) == IsBehind(outside[start], group))
            {
                end++;
            }

            for (var length = Math.Min(end - start, MaxStreetWords); length > 0; length--)
            {
                Add(start, length);
                if (length < end - start)
                {
                    Add(end - length, length);
                }
            }

            start = end;

            void Add(int from, int length)
            {
                // "Am" alone names no street where other words are there that could.
                if (length < outside.Count && Enumerable.Range(from, length).All(i => GermanText.IsSmall(words[outside[i]].Text)))
                {
                    return;
                }

                var lost = ImmutableArray.CreateBuilder<(int, double)>();
                for (var i = 0; i < outside.Count; i++)
                {
                    if (i < from || i >= from + length)
                    {
                        // Without its number the text is read in another way, where the number is told to be missing.
                        if (group.Number.IsNone && groups.Exists(g => words[outside[i]].Token >= g.First && words[outside[i]].Token < g.End))
                        {
                            return;
                        }

                        var isBehind = i >= from + length;
                        // What stands right before the number is the street, in German; whoever reads another has to say where it has gone.
                        var isAtNumber = !group.Number.IsNone && words[outside[i]].Token < group.First && words[outside[i]].Phrase == numberPhrase;
                        var isParted = !isAtNumber
                            && (words[outside[i]].Phrase != words[outside[from]].Phrase || (IsBehind(outside[i], group) && !IsBehind(outside[from], group)));
                        lost.Add((outside[i], CostOf(words[outside[i]].Text, isParted, isBehind && (group.Number.IsNone || IsBehind(outside[from], group)))));
                    }
                }

                readings.Add(new(outside[from], length, group.Number, lost.ToImmutable()));
            }
        }
    }

    // A word that has no part in an address weighs more where a street's name is expected than where a town's is, and a long one more than a short one.
    private static double CostOf(string word, bool isParted, bool isBehind) =>
        isParted ? 0.5
        : isBehind ? 0.6 + (0.1 * Math.Min(word.Length, 10))
        : CostOfLost(word);

    /// <summary>What a word costs that stands where a street's name is expected and is no part of it.</summary>
    internal static double CostOfLost(string word) => 1.2 + (0.2 * Math.Min(word.Length, 10));

    private bool IsBehind(int word, Group group) => !group.Number.IsNone && words[word].Token >= group.End;
}
