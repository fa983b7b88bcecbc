namespace Kehrwerk.Portal.Addresses;

/// <summary>How the house number of an answer relates to the one that was asked for.</summary>
public enum AddressMatch : byte
{
    /// <summary>The very address.</summary>
    Exact,

    /// <summary>An address whose number stands for several houses, one of them the one asked for; or one of the houses that were asked for.</summary>
    Within,

    /// <summary>There is no 12c, but there is a 12.</summary>
    WithoutSuffix,

    /// <summary>There is neither 12 nor 12c, but there is a 12a.</summary>
    OtherSuffix,

    /// <summary>Its number begins with what was typed: 12 and 15a for 1. Offered after the better answers, for whom types on.</summary>
    Begun,

    /// <summary>The nearest number of the street, on the same side where there is one about as near.</summary>
    NearestNumber,

    /// <summary>The street: no number was asked for, or none near it exists.</summary>
    Street,
}

/// <summary>Finds a house in a street.</summary>
internal static class HouseFinder
{
    /// <summary>A number farther off than this is no neighbour.</summary>
    private const int FarthestNumber = 20;

    /// <summary>What each kind of answer costs against an exact one, in typing errors.</summary>
    public static double CostOf(AddressMatch match, bool isAsked) => match switch
    {
        AddressMatch.Exact => 0,
        AddressMatch.Within => 0.1,
        AddressMatch.WithoutSuffix => 0.3,
        AddressMatch.OtherSuffix => 0.4,
        AddressMatch.Begun => 0.5,
        AddressMatch.NearestNumber => 0.7,
        _ => isAsked ? 0.9 : 0,
    };

    /// <summary>The best address of the street; of equally good ones that of the postcode, then the first.</summary>
    /// <returns>Address, or -1 for the street itself.</returns>
    public static (int Address, AddressMatch Match) Find(AddressBook book, int street, HouseNumber asked, string? postcode)
    {
        if (asked.IsNone)
        {
            return (-1, AddressMatch.Street);
        }

        var (first, count) = book.AddressesOf(street);
        var best = (Address: -1, Match: AddressMatch.Street, Off: 0.0);
        for (var a = first; a < first + count; a++)
        {
            var number = book.NumberOf(a);
            if (Judge(number, asked) is not { } match)
            {
                continue;
            }

            var off = Off(number, asked) + (postcode is not null && book.Postcode(a) != postcode ? 0.5 : 0);
            if (best.Address < 0 || match < best.Match || (match == best.Match && off < best.Off))
            {
                best = (a, match, off);
            }
        }

        return (best.Address, best.Match);
    }

    /// <summary>Every other address of the street that answers as well as this one: the same number in another part of the town.</summary>
    /// <param name="postcode">The postcode that was asked for, or null.</param>
    public static IEnumerable<int> Twins(AddressBook book, int address, string? postcode)
    {
        var (first, count) = book.AddressesOf(book.StreetOf(address));
        for (var a = first; a < first + count; a++)
        {
            if (a != address && book.Label(a) == book.Label(address) && (book.Postcode(a) == book.Postcode(address) || book.Postcode(address) != postcode))
            {
                yield return a;
            }
        }
    }

    /// <summary>The other addresses of the same number, to choose from where the one that was asked for does not exist: 12a and 12b beside 12.</summary>
    public static IEnumerable<int> Siblings(AddressBook book, int address)
    {
        var (first, count) = book.AddressesOf(book.StreetOf(address));
        for (var a = first; a < first + count; a++)
        {
            if (a != address && book.NumberOf(a).From == book.NumberOf(address).From && book.Label(a) != book.Label(address))
            {
                yield return a;
            }
        }
    }

    /// <summary>The addresses of a street whose numbers begin with the digits of one.</summary>
    public static IEnumerable<int> Begun(AddressBook book, int street, HouseNumber typed)
    {
        var (first, count) = book.AddressesOf(street);
        for (var a = first; a < first + count; a++)
        {
            var from = book.NumberOf(a).From;
            while (from > typed.From)
            {
                from /= 10;
            }

            if (from == typed.From && !typed.IsNone)
            {
                yield return a;
            }
        }
    }

    private static AddressMatch? Judge(HouseNumber number, HouseNumber asked) =>
        number.IsNone ? null
        : IsSame(number, asked) ? AddressMatch.Exact
        : number.Covers(asked) || asked.Covers(number) ? AddressMatch.Within
        : number.From == asked.From && !number.IsRange && number.Suffix == '\0' ? AddressMatch.WithoutSuffix
        : number.From == asked.From ? AddressMatch.OtherSuffix
        : Math.Abs(number.From - asked.From) <= FarthestNumber ? AddressMatch.NearestNumber
        : null;

    // 12-14, 12/14 and 12+14 are written for the same house.
    private static bool IsSame(HouseNumber a, HouseNumber b) => a == b || (a.IsRange && b.IsRange && a with { Joint = '-' } == b with { Joint = '-' });

    private static double Off(HouseNumber number, HouseNumber asked) =>
        Math.Abs(number.From - asked.From) + ((number.From - asked.From) % 2 == 0 ? 0 : 1.5) + (0.01 * Math.Abs(number.Suffix - asked.Suffix) / 26.0);
}
