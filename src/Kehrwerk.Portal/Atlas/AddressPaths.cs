using System.Text;
using Kehrwerk.Portal.Addresses;

namespace Kehrwerk.Portal.Atlas;

/// <summary>
/// The stable path of each address, such as <c>47051/koenigstrasse/12a</c>: postcode (<c>-</c> where the list has none), street, number. It stays the
/// same when the list of addresses is read anew. Two streets of one name and postcode are told apart by the list's key: <c>ackerstrasse~2</c>.
/// Immutable and thread-safe.
/// </summary>
public sealed class AddressPaths
{
    private readonly AddressBook book;
    private readonly string[] slugOf;
    private readonly Dictionary<string, int[]> streets;

    public AddressPaths(AddressBook book)
    {
        this.book = book;
        slugOf = [.. Enumerable.Range(0, book.StreetCount).Select(s => Slug(book.StreetName(s)))];
        streets = Enumerable.Range(0, book.StreetCount).GroupBy(s => slugOf[s]).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The path, without a slash before it.</summary>
    public string Of(int address)
    {
        var street = book.StreetOf(address);
        var postcode = PostcodeOf(address);
        var slug = slugOf[street];
        // The first of the streets that share all of it needs no key.
        var isFirst = Array.Find(streets[slug], s => s == street || HasPostcode(s, postcode)) == street;
        return $"{postcode}/{slug}{(isFirst ? "" : $"~{Slug(Key(street))}")}/{NumberSlug(book.Label(address))}";
    }

    /// <summary>The address of a path, or -1.</summary>
    public int Find(string path)
    {
        var parts = path.Split('/');
        if (parts.Length != 3)
        {
            return -1;
        }

        var (slug, key) = parts[1].Split('~', 2) is [var name, var own] ? (name, own) : (parts[1], "");
        foreach (var street in streets.GetValueOrDefault(slug, []))
        {
            if (key.Length > 0 && Slug(Key(street)) != key)
            {
                continue;
            }

            var (first, count) = book.AddressesOf(street);
            for (var a = first; a < first + count; a++)
            {
                if (PostcodeOf(a) == parts[0] && NumberSlug(book.Label(a)) == parts[2])
                {
                    return a;
                }
            }
        }

        return -1;
    }

    /// <summary>A name in the letters of an address of the web: <c>koenigstrasse</c> for <c>Königstr.</c></summary>
    public static string Slug(string name) => Joined(GermanText.WordsAsWritten(name));

    /// <summary>The same for all spellings of one name: <c>2-querstrasse</c> for <c>II. Querstr.</c> and <c>Zweite Querstraße</c>.</summary>
    internal static string Canonical(string name) => Joined(GermanText.Words(name));

    private static string Joined(List<string> words)
    {
        var slug = new StringBuilder();
        foreach (var word in words)
        {
            if (slug.Length > 0)
            {
                slug.Append('-');
            }

            foreach (var c in word)
            {
                slug.Append(c switch { 'ä' => "ae", 'ö' => "oe", 'ü' => "ue", 'ß' => "ss", _ when char.IsAsciiLetterOrDigit(c) => c.ToString(), _ => "" });
            }
        }

        return slug.ToString();
    }

    /// <summary>A house number so: <c>12a</c>, <c>12-16</c>, <c>19+21</c>.</summary>
    internal static string NumberSlug(string label)
    {
        var slug = new StringBuilder(label.Length);
        foreach (var c in label)
        {
            slug.Append(c switch
            {
                '/' => ".",
                '–' => "-",
                '-' or '+' => c.ToString(),
                _ when char.IsAsciiLetterOrDigit(c) => char.ToLowerInvariant(c).ToString(),
                _ => "",
            });
        }

        return slug.ToString();
    }

    private string Key(int street) => book.StreetKey(street) is { Length: > 0 } key ? key : book.Place(street);

    private string PostcodeOf(int address) => book.Postcode(address) is { Length: > 0 } postcode ? postcode : "-";

    private bool HasPostcode(int street, string postcode)
    {
        var (first, count) = book.AddressesOf(street);
        for (var a = first; a < first + count; a++)
        {
            if (PostcodeOf(a) == postcode)
            {
                return true;
            }
        }

        return false;
    }
}
