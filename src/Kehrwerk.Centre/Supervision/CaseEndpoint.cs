using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Link;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kehrwerk.Centre.Cases;

/// <summary>
/// <c>POST /cases/steps</c> with the form fields <c>kind</c> (Acknowledge, Take, HandOver, Shelve, Decide, Close or Report), and but for a
/// report <c>case</c> and the <c>version</c> that the person saw. <c>text</c> is the reason; <c>to</c> the new owner; <c>forMin</c> how
/// long it is shelved; <c>action</c> what is decided on; <c>vehicle</c> what a report is about. A release and a grant need
/// <c>confirmed=true</c>, a release from the minimal risk condition <c>finding</c> too. The answer is the case as it is then; 409 says why not,
/// with the code in <c>code</c>, who was first in <c>who</c>, when in <c>at</c>, and the case as it is in <c>case</c>.
/// </summary>
internal static class CaseEndpoint
{
    public static async Task<Results<Ok<LiveCase>, ProblemHttpResult>> Send(
        HttpContext context,
        CaseDesk desk,
        CentreOptions options,
        [FromServices] RefusalOf refusalOf,
        [FromForm] CaseOrderKind kind,
        [FromForm(Name = "case")] long id = 0,
        [FromForm] int version = 0,
        [FromForm] string? text = null,
        [FromForm] string? to = null,
        [FromForm] double forMin = 0,
        [FromForm] CaseAction? action = null,
        [FromForm] string? vehicle = null,
        [FromForm] string? finding = null,
        [FromForm] bool confirmed = false)
    {
        if (!Enum.IsDefined(kind))
        {
            return BadRequest($"kind must be one of {string.Join(", ", Enum.GetNames<CaseOrderKind>())}.");
        }

        if (action is { } named && !Enum.IsDefined(named))
        {
            return BadRequest($"action must be one of {string.Join(", ", Enum.GetNames<CaseAction>())}.");
        }

        if (kind == CaseOrderKind.Decide && action is CaseAction.Release or CaseAction.Grant && !confirmed)
        {
            return BadRequest("A release and a grant need confirmed=true.");
        }

        (text, to, finding) = (OnOneLine(text), OnOneLine(to), OnOneLine(finding));
        if (text.Length > CaseSteps.MaxText || to.Length > CaseSteps.MaxName || finding.Length > CommandEndpoint.MaxFindingLength || text.Length > MrcInvestigation.MaxTextLength)
        {
            return BadRequest(FormattableString.Invariant($"The text may have {CaseSteps.MaxText} characters, a name {CaseSteps.MaxName}, the finding {CommandEndpoint.MaxFindingLength}."));
        }

        if (!string.IsNullOrEmpty(vehicle) && !options.Vehicles.Any(v => v.Id.ToString() == vehicle))
        {
            return TypedResults.Problem($"No vehicle is called {Record.ForeignText.Of(vehicle, CaseSteps.MaxName)}.", statusCode: StatusCodes.Status404NotFound);
        }

        // What a decision does takes what it takes elsewhere: role, qualifications, duty.
        if (kind == CaseOrderKind.Decide && CommandOf(action) is { } command && await refusalOf(context.User, command) is { } notAllowed)
        {
            return TypedResults.Problem(notAllowed, statusCode: StatusCodes.Status403Forbidden);
        }

        var by = context.User.Identity?.Name ?? throw new InvalidOperationException("steps are for signed-in people only");
        var order = new CaseOrder(kind, id, version, by) { Text = text, To = to, ForMin = forMin, Action = action, Place = vehicle ?? "" };

        // A person who leaves the page has still acted: it is not cancelled with the request.
        var (answer, notDone) = await desk.Order(order, finding, CancellationToken.None);
        return answer.Refusal is { } refusal ? Refused(refusal, answer.Case)
            : notDone is not null ? TypedResults.Problem($"The decision is not carried out: {notDone}. The case is open again.", statusCode: StatusCodes.Status502BadGateway)
            : TypedResults.Ok(LiveCase.Of(answer.Case!));
    }

    private static AccessCommand? CommandOf(CaseAction? action) => action switch
    {
        CaseAction.Grant => AccessCommand.GrantRequest,
        CaseAction.Reject => AccessCommand.RejectRequest,
        CaseAction.Release => AccessCommand.ReleaseVehicle,
        CaseAction.Resume => AccessCommand.ResumeVehicle,
        CaseAction.Pause => AccessCommand.PauseVehicle,
        CaseAction.Stop => AccessCommand.StopVehicle,
        _ => null,
    };

    private static ProblemHttpResult Refused(CaseRefusal refusal, Case? asItIs) => TypedResults.Problem(
        refusal.Text,
        statusCode: refusal.Code switch
        {
            CaseRefusalCode.Unknown => StatusCodes.Status404NotFound,
            CaseRefusalCode.NeedsText or CaseRefusalCode.NeedsFinding or CaseRefusalCode.BadTime or CaseRefusalCode.NotProposed => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status409Conflict,
        },
        extensions: new Dictionary<string, object?>
        {
            ["code"] = refusal.Code.ToString(),
            ["who"] = refusal.Owner.Length > 0 && refusal.Code != CaseRefusalCode.Overtaken ? refusal.Owner : refusal.Last?.By,
            ["at"] = refusal.Last?.At.ToUnixTimeMilliseconds(),
            ["case"] = asItIs is null ? null : LiveCase.Of(asItIs),
        });

    private static ProblemHttpResult BadRequest(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    private static string OnOneLine(string? text) => text?.ReplaceLineEndings(" ").Trim() ?? "";
}
