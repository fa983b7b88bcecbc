using System.Globalization;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Atlas;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Portal.Pages;

/// <summary>Facts of the atlas in the words of the reader's language.</summary>
internal static class Wording
{
    public static string Stage(this IStringLocalizer<PortalTexts> t, FibreStage stage) => t[$"Stage.{stage}"];

    public static string Expected(this IStringLocalizer<PortalTexts> t, RoughDate date) => date.ToText(CultureInfo.CurrentCulture, t["Quarter"]);

    public static string Cost(this IStringLocalizer<PortalTexts> t, decimal costEur) =>
        costEur == 0 ? t["Fact.CostNone"] : costEur.ToString("N2", CultureInfo.CurrentCulture) + " €";

    public static string Services(this IStringLocalizer<PortalTexts> t, FibreServices services) =>
        string.Join(", ", Enum.GetValues<FibreServices>().Where(s => s != FibreServices.None && services.HasFlag(s)).Select(s => t[$"Service.{s}"].Value));

    /// <summary>With the month as a word where the language's short form could be read as another day.</summary>
    public static string Day(DateOnly day) => day.ToString(IsGerman ? "d" : "d MMMM yyyy", CultureInfo.CurrentCulture);

    public static string Moment(DateTimeOffset at) => $"{Day(DateOnly.FromDateTime(at.DateTime))}, {at.ToString("HH:mm", CultureInfo.CurrentCulture)}";

    /// <summary>The one of two texts that the reader understands.</summary>
    public static string InWords(this (string De, string En) text) => IsGerman ? text.De : text.En;

    private static bool IsGerman => CultureInfo.CurrentCulture.TwoLetterISOLanguageName == "de";

    public static string Change(this IStringLocalizer<PortalTexts> t, FibreChange change) =>
        t[$"Change.{change.Field}", t.Value(change.Field, change.Before), t.Value(change.Field, change.After)];

    /// <summary>Street, number, postcode and town of an address.</summary>
    public static string AddressLine(AddressBook book, int address)
    {
        var street = book.StreetOf(address);
        var town = $"{book.Postcode(address)} {book.Place(street)}".Trim();
        return $"{book.StreetName(street)} {book.Label(address)}{(town.Length > 0 ? $", {town}" : "")}";
    }

    // What is stored is the same in every language.
    private static string Value(this IStringLocalizer<PortalTexts> t, string field, string stored) =>
        stored.Length == 0 ? t["Change.None"]
        : field is "stage" or "new" or "gone" ? t[$"Stage.{stored}"]
        : field == "expected" && RoughDate.TryParse(stored, out var date) ? t.Expected(date)
        : field == "cost" && decimal.TryParse(stored, NumberStyles.Number, CultureInfo.InvariantCulture, out var cost) ? t.Cost(cost)
        : stored;
}
