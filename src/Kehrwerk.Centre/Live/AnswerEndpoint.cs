using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kehrwerk.Centre.Live;

/// <summary>
/// <c>POST /vehicles/answers</c> with the form fields <c>vehicle</c>, <c>request</c> (its id), <c>grant</c> (Granted, Queued, Revoked or
/// Rejected), optional <c>reason</c>, and, for a grant, <c>leaseS</c> (seconds; of a zone up to 600 and 60 if missing, of an edge up to 30 and 30 if missing) and <c>confirmed=true</c>.
/// </summary>
internal static class AnswerEndpoint
{
    public static async Task<Results<Accepted, RedirectHttpResult, ProblemHttpResult>> Send(
        HttpContext context,
        [FromServices] AnswerVehicleRequest answer,
        [FromServices] RefusalOf refusalOf,
        [FromForm] string vehicle,
        [FromForm] string request,
        [FromForm] GrantType grant,
        [FromForm] double? leaseS = null,
        [FromForm] bool confirmed = false,
        [FromForm] string? reason = null)
    {
        reason = reason?.ReplaceLineEndings(" ").Trim() ?? "";
        if (reason.Length > VehicleAnswer.MaxReason)
        {
            return TypedResults.Problem($"The reason may have {VehicleAnswer.MaxReason} characters.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (!Enum.IsDefined(grant))
        {
            return TypedResults.Problem($"grant must be one of {string.Join(", ", Enum.GetNames<GrantType>())}.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (await refusalOf(context.User, grant == GrantType.Granted ? AccessCommand.GrantRequest : AccessCommand.RejectRequest) is { } refused)
        {
            return TypedResults.Problem(refused, statusCode: StatusCodes.Status403Forbidden);
        }

        if (grant == GrantType.Granted && !confirmed)
        {
            return TypedResults.Problem("A grant needs confirmed=true.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (leaseS is not null && !(leaseS > 0 && leaseS <= VehicleAnswer.MaxLease.TotalSeconds))
        {
            return TypedResults.Problem($"leaseS must be above 0 and up to {VehicleAnswer.MaxLease.TotalSeconds}.", statusCode: StatusCodes.Status400BadRequest);
        }

        var by = context.User.Identity?.Name ?? throw new InvalidOperationException("answers are for signed-in people only");
        try
        {
            // A person who leaves the page has still answered: it is not cancelled with the request.
            if (await answer(new(vehicle, request, grant, leaseS is { } seconds ? TimeSpan.FromSeconds(seconds) : null, by, reason), CancellationToken.None) is { } refusal)
            {
                return TypedResults.Problem($"The answer to {request} of {vehicle} was not sent: {refusal}.", statusCode: StatusCodes.Status409Conflict);
            }

            // A browser goes back to the page whose button was pressed.
            return context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html") ? TypedResults.LocalRedirect("/requests") : TypedResults.Accepted((string?)null);
        }
        catch (ArgumentException unknown)
        {
            return TypedResults.Problem(unknown.Message, statusCode: StatusCodes.Status404NotFound);
        }
    }
}
