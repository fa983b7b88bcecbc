using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Live;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Pages;

/// <summary>Cases in words, where the server writes them; <c>cases/words.js</c> has the same for the script.</summary>
internal static class CaseWords
{
    public static string Where(IStringLocalizer<CaseTexts> texts, string place) => CasePlace.IsVehicle(place) ? VehicleName.Of(place) : texts[$"Place.{place}"];

    public static string Cause(IStringLocalizer<CaseTexts> texts, Case one) => texts[$"Cause.{one.Kind}", Detail(texts, one)];

    public static string Outcome(IStringLocalizer<CaseTexts> texts, Case one) => one switch
    {
        { MergedInto: { } into } => texts["Outcome.Merged", into],
        { Decision: { } action } => texts[$"Action.{action}"],
        { History: [.., { By: not Fleet.TwinRules.Centre, Text.Length: > 0 } last] } => last.Text,
        { IsOpen: true } => "",
        _ => texts["Outcome.Gone"],
    };

    private static string Detail(IStringLocalizer<CaseTexts> texts, Case one) => texts[$"Detail.{one.Kind}.{one.Detail}"] is { ResourceNotFound: false } known ? known : one.Detail;
}
