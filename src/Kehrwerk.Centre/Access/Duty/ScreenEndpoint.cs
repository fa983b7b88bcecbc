using System.Text.Json.Serialization;
using Kehrwerk.Centre.Fleet;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Access.Duty;

/// <summary>How it stands with the duty of who looks at the live page, in one sentence.</summary>
/// <param name="Level"><c>calm</c>, <c>warn</c> or <c>alarm</c>.</param>
internal sealed record DutySign(string Text, string Level);

/// <summary>
/// <c>POST /api/live/screen</c> with the form field <c>isLive=true</c>: the screen shows the picture as it is now; with <c>?input=true</c>
/// also that the person has touched key or pointer since the last sign. Answers with a <see cref="DutySign"/>.
/// </summary>
internal static class ScreenEndpoint
{
    public static async Task<Ok<DutySign>> Sign(
        HttpContext context, DutyDesk duty, LiveFleet fleet, AccessOptions options, IStringLocalizer<Pages.AccessTexts> texts, [FromForm] bool isLive, [FromQuery] bool input = false)
    {
        var me = Authority.HandleOf(context.User);
        if (duty.IsOnDuty(me))
        {
            if (isLive)
            {
                await duty.Handle(new DutyEvent.Screen(me));
            }

            if (input)
            {
                await duty.Handle(new DutyEvent.Input(me));
            }
        }

        return TypedResults.Ok(SignOf(duty.Book, me, fleet, options, texts));
    }

    private static DutySign SignOf(DutyBook book, string me, LiveFleet fleet, AccessOptions options, IStringLocalizer texts)
    {
        if (book.Of(me) is { } own)
        {
            var count = own.Vehicles.Count;
            return own.Unqualified.Length > 0 ? new(texts["Sign.Suspended"], "alarm")
                : own.Presence == DutyPresence.Absent ? new(texts["Sign.Absent"], "alarm")
                : own.Presence == DutyPresence.NoInput ? new(texts["Sign.NoInput"], "alarm")
                : count > options.Duty.VehiclesPerSupervisor ? new(texts["Duty.RatioExceeded", count, options.Duty.VehiclesPerSupervisor], "warn")
                : new(texts["Sign.OnDuty", count], "calm");
        }

        var unwatched = fleet.Snapshot().Vehicles.Count(vehicle => book.HolderOf(vehicle.Id) is null);
        return options.IsDemonstration ? new(texts["Sign.Demonstration"], "warn")
            : book.People.Values.FirstOrDefault(other => other.Presence != DutyPresence.Present) is not null ? new(texts["Sign.OtherMissing"], "alarm")
            : unwatched > 0 ? new(texts["Sign.Unwatched", unwatched], "warn")
            : new(texts["Sign.NotOnDuty"], "calm");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DutySign))]
internal sealed partial class DutySignJson : JsonSerializerContext;
