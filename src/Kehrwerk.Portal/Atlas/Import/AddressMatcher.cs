using Kehrwerk.Portal.Addresses;

namespace Kehrwerk.Portal.Atlas.Import;

/// <summary>Finds the address that a row of a source names, by street, number and postcode in any of their usual spellings.</summary>
internal sealed class AddressMatcher
{
    private readonly AddressBook book;
    private readonly Dictionary<(string Street, string Number), int> first;
    // Addresses of the same street name and number, one after another.
    private readonly int[] next;

    public AddressMatcher(AddressBook book)
    {
        this.book = book;
        first = new(book.Count);
        next = new int[book.Count];
        for (var street = 0; street < book.StreetCount; street++)
        {
            var slug = AddressPaths.Canonical(book.StreetName(street));
            var (from, count) = book.AddressesOf(street);
            for (var address = from; address < from + count; address++)
            {
                var key = (slug, AddressPaths.NumberSlug(book.Label(address)));
                next[address] = first.TryGetValue(key, out var other) ? other : -1;
                first[key] = address;
            }
        }
    }

    /// <summary>The address; -1 where there is none, or where several fit and the postcode does not tell them apart.</summary>
    public int Find(string street, string number, string postcode)
    {
        var found = -1;
        for (var address = first.GetValueOrDefault((AddressPaths.Canonical(street), AddressPaths.NumberSlug(number)), -1); address >= 0; address = next[address])
        {
            var own = book.Postcode(address);
            if (postcode.Length > 0 && own.Length > 0 && own != postcode)
            {
                continue;
            }

            if (found >= 0)
            {
                return -1;
            }

            found = address;
        }

        return found;
    }
}
