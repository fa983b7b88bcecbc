using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Closing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kehrwerk.Centre.Live;

/// <summary>
/// <c>POST /closures</c> with the form fields <c>stretch</c> (several; keys of segments), <c>reason</c> and, optional, <c>until</c> (local time of
/// the Centre, <c>2026-03-14T18:00</c>) closes streets; <c>POST /closures/lift</c> with <c>id</c> and <c>confirmed=true</c> opens them. Plain forms.
/// </summary>
internal static class ClosureEndpoint
{
    public const int MaxStretches = 1000;

    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Close(
        HttpContext context, ClosureDesk desk, CentreClock clock, [FromForm] string? reason, [FromForm] string? until = null)
    {
        DateTimeOffset? end = null;
        if (!string.IsNullOrWhiteSpace(until))
        {
            // Browsers leave the seconds out where they are 0.
            if (!DateTime.TryParseExact(until, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            {
                return Refused($"until must be a time such as 2026-03-14T18:00, not '{until[..Math.Min(until.Length, 40)]}'");
            }

            var zone = clock.Time.LocalTimeZone;
            if (zone.IsInvalidTime(local))
            {
                return Refused("there is no such time of day, since the clock is put forward");
            }

            end = new(local, zone.GetUtcOffset(local));
        }

        var stretches = (await context.Request.ReadFormAsync()).TryGetValue("stretch", out var chosen) ? chosen.OfType<string>().ToImmutableArray() : [];
        if (stretches.Length > MaxStretches)
        {
            return Refused($"more than {MaxStretches} parts are closed in several steps");
        }

        // A person who leaves the page has still closed the street: it is not cancelled with the request.
        return await desk.Close(stretches, reason?.ReplaceLineEndings(" ") ?? "", end, By(context)) is { } refusal
            ? Refused(refusal)
            : TypedResults.LocalRedirect("/closures");
    }

    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Lift(HttpContext context, ClosureDesk desk, [FromForm] long id, [FromForm] bool confirmed = false)
    {
        if (!confirmed)
        {
            return Refused("to open a street needs confirmed=true");
        }

        return await desk.Lift(id, By(context))
            ? TypedResults.LocalRedirect("/closures")
            : TypedResults.Problem("It is not closed any more.", statusCode: StatusCodes.Status404NotFound);
    }

    private static ProblemHttpResult Refused(string why) =>
        TypedResults.Problem($"Nothing was changed: {why}.", statusCode: StatusCodes.Status400BadRequest);

    private static string By(HttpContext context) => context.User.Identity?.Name ?? throw new InvalidOperationException("streets are closed by signed-in people only");
}
