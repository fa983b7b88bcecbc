using System.Collections.Immutable;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Live;

/// <summary>What became of a command: the vehicles it is on its way to, and those where it could not be sent.</summary>
internal sealed record CommandReceipt(VehicleCommandKind Kind, ImmutableArray<string> Sent, ImmutableArray<string> Failed);

/// <summary>
/// <c>POST /vehicles/commands</c> with the form fields <c>vehicle</c> (an id, or <c>*</c> for all), <c>kind</c>, and for a
/// release <c>confirmed=true</c>; from the minimal risk condition with <c>finding</c>, <c>investigation</c> and, where the order is
/// to be given up, <c>cancelOrder=true</c>; or with the fields of <see cref="MrcForm"/>. Plain forms work too, so that stopping does not depend on a script.
/// </summary>
internal static partial class CommandEndpoint
{
    public const string All = "*";
    public const int MaxFindingLength = 200;

    public static async Task<Results<Accepted<CommandReceipt>, RedirectHttpResult, ProblemHttpResult>> Send(
        HttpContext context,
        LiveFleet fleet,
        SendVehicleCommand send,
        [FromServices] RefusalOf refusalOf,
        ILogger<CommandReceipt> logger,
        [FromForm] string vehicle,
        [FromForm] VehicleCommandKind kind,
        [FromForm] bool confirmed = false,
        [FromForm] string? finding = null,
        [FromForm] string? investigation = null,
        [FromForm] bool cancelOrder = false,
        [FromForm] string? trigger = null,
        [FromForm] string? needed = null,
        [FromForm] string? traffic = null,
        [FromForm] string? defect = null,
        [FromForm] string? @checked = null,
        [FromForm] string? looked = null)
    {
        if (!Enum.IsDefined(kind))
        {
            return TypedResults.Problem($"kind must be one of {string.Join(", ", Enum.GetNames<VehicleCommandKind>())}.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (await refusalOf(context.User, AccessOf(kind)) is { } refusal)
        {
            return TypedResults.Problem(refusal, statusCode: StatusCodes.Status403Forbidden);
        }

        if (kind == VehicleCommandKind.Release && (!confirmed || vehicle == All))
        {
            return TypedResults.Problem("A release needs confirmed=true and names one vehicle.", statusCode: StatusCodes.Status400BadRequest);
        }

        finding = OnOneLine(finding);
        investigation = OnOneLine(investigation);
        if (finding?.Length > MaxFindingLength || investigation?.Length > MrcInvestigation.MaxTextLength)
        {
            return TypedResults.Problem(
                $"The finding may have {MaxFindingLength} characters, the investigation {MrcInvestigation.MaxTextLength}.", statusCode: StatusCodes.Status400BadRequest);
        }

        // The guided form names at least whether it was needed.
        var form = kind == VehicleCommandKind.Release && needed is not null ? new MrcForm(OnOneLine(trigger), needed, traffic, defect, @checked, OnOneLine(looked)) : null;
        if (form?.Refusal() is { } why)
        {
            return TypedResults.Problem($"The vehicle was not released: {why}.", statusCode: StatusCodes.Status400BadRequest);
        }

        var by = context.User.Identity?.Name ?? throw new InvalidOperationException("commands are for signed-in people only");
        var vehicles = fleet.Snapshot().Vehicles;
        var known = vehicles.Select(v => v.Id).ToImmutableArray();
        ImmutableArray<string> targets = vehicle == All ? known : [.. known.Where(id => id == vehicle)];
        if (targets.IsEmpty && vehicle != All)
        {
            return TypedResults.Problem($"No vehicle is called {vehicle}.", statusCode: StatusCodes.Status404NotFound);
        }

        var isInvestigated = form is not null || (!string.IsNullOrWhiteSpace(finding) && !string.IsNullOrWhiteSpace(investigation));
        if (kind == VehicleCommandKind.Release && !isInvestigated && vehicles.Any(v => v.Id == vehicle && v.MrcId is not null))
        {
            return TypedResults.Problem(
                "The vehicle is in the minimal risk condition: before it ends, say what triggered it (finding) and what you looked at (investigation).",
                statusCode: StatusCodes.Status400BadRequest);
        }

        var found = form is not null ? form.ToInvestigation(cancelOrder) : isInvestigated ? new Investigation(finding!, investigation!, cancelOrder) : null;

        // A person who leaves the page has still given the order: it is not cancelled with the request.
        var sent = await Task.WhenAll(targets.Select(id => TrySend(send, new(id, kind, by, found), logger)));
        var receipt = new CommandReceipt(kind, [.. targets.Where((_, i) => sent[i])], [.. targets.Where((_, i) => !sent[i])]);
        if (context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "application/json"))
        {
            return TypedResults.Accepted((string?)null, receipt);
        }

        return receipt.Failed.IsEmpty
            ? TypedResults.LocalRedirect("/")
            : TypedResults.Problem($"Could not be sent to {string.Join(", ", receipt.Failed)}. Try again, or use the vehicle's own stop.", statusCode: StatusCodes.Status502BadGateway);
    }

    private static AccessCommand AccessOf(VehicleCommandKind kind) => kind switch
    {
        VehicleCommandKind.Pause => AccessCommand.PauseVehicle,
        VehicleCommandKind.Resume => AccessCommand.ResumeVehicle,
        VehicleCommandKind.Stop => AccessCommand.StopVehicle,
        VehicleCommandKind.Release => AccessCommand.ReleaseVehicle,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "a command that no role has"),
    };

    /// <summary>A form sends a line break as two characters, and the record keeps to one line.</summary>
    private static string? OnOneLine(string? text) => text?.ReplaceLineEndings(" ").Trim();

    /// <summary>One vehicle that cannot be reached must not keep the order from the others.</summary>
    private static async Task<bool> TrySend(SendVehicleCommand send, VehicleCommand command, ILogger logger)
    {
        try
        {
            await send(command, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NotSent(logger, command.Kind, command.Vehicle, e);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Kind} could not be sent to {Vehicle}")]
    private static partial void NotSent(ILogger logger, VehicleCommandKind kind, string vehicle, Exception e);
}
