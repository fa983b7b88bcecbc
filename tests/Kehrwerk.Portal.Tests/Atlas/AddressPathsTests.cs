using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Tests.Addresses;

namespace Kehrwerk.Portal.Tests.Atlas;

public sealed class AddressPathsTests
{
    [Fact]
    public void Every_address_has_a_path_of_its_own_that_leads_back_to_it()
    {
        foreach (var book in new[] { Books.Town, Twins() })
        {
            var paths = new AddressPaths(book);
            var all = Enumerable.Range(0, book.Count).Select(paths.Of).ToArray();

            Assert.Equal(all.Length, all.Distinct().Count());
            Assert.Equal(Enumerable.Range(0, book.Count), all.Select(paths.Find));
            Assert.All(all, path => Assert.Matches(@"^(\d{5}|-)/[a-z0-9~-]+/[a-z0-9.+-]+$", path));
        }
    }

    [Theory]
    [InlineData("Königstr.", "koenigstrasse")]
    [InlineData("Auf'm Ötzi-Weg", "aufm-oetzi-weg")]
    [InlineData("Straße des 17. Juni", "strasse-des-17-juni")]
    public void A_street_is_written_in_the_letters_of_a_web_address(string street, string slug) => Assert.Equal(slug, AddressPaths.Slug(street));

    [Theory]
    [InlineData("")]
    [InlineData("47051/koenigstrasse")]
    [InlineData("47051/koenigstrasse/999")]
    [InlineData("47051/../12")]
    [InlineData("a/b/c/d")]
    public void A_path_of_nothing_finds_nothing(string path) => Assert.Equal(-1, new AddressPaths(Books.Town).Find(path));

    private static AddressBook Twins() => AddressBook.Of(
        [
            new AddressEntry("Ackerstraße", "1", "5", "47051", "Duisburg", "", new(51.4, 6.7), 1),
            new AddressEntry("Ackerstraße", "2", "5", "47051", "Duisburg", "", new(51.5, 6.7), 2),
            new AddressEntry("Ackerstraße", "3", "5", "47249", "Duisburg", "", new(51.6, 6.7), 3),
            new AddressEntry("Ackerstraße", "3", "19+21", "", "Duisburg", "", new(51.6, 6.7), 4),
            new AddressEntry("Ackerstraße", "3", "12–16", "", "Duisburg", "", new(51.6, 6.7), 5),
        ],
        "Duisburg");
}
