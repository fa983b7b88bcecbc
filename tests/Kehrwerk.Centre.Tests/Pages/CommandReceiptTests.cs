using System.Security.Claims;
using System.Text.Json;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Kehrwerk.Centre.Tests.Pages;

public sealed class CommandReceiptTests
{
    private static readonly RefusalOf Allowed = (_, _) => Task.FromResult<string?>(null);

    [Fact]
    public void A_receipt_names_the_command_in_words() =>
        Assert.Equal(
            """{"kind":"Stop","sent":["kehrwerk/KW-01"],"failed":[]}""",
            JsonSerializer.Serialize(new(VehicleCommandKind.Stop, ["kehrwerk/KW-01"], []), LiveJson.Default.CommandReceipt));

    [Fact]
    public async Task A_number_that_names_no_answer_and_no_command_is_refused_in_words()
    {
        var answer = await AnswerEndpoint.Send(new DefaultHttpContext(), (_, _) => throw new InvalidOperationException("it was sent"), Allowed, "v", "r1", (GrantType)99, confirmed: true);
        var problem = Assert.IsType<ProblemHttpResult>(answer.Result);
        Assert.Equal((400, "grant must be one of Granted, Queued, Revoked, Rejected."), (problem.StatusCode, problem.ProblemDetails.Detail));

        var command = await CommandEndpoint.Send(
            new DefaultHttpContext(), new LiveFleet(0), (_, _) => throw new InvalidOperationException("it was sent"), Allowed, NullLogger<CommandReceipt>.Instance, "*", (VehicleCommandKind)99);
        problem = Assert.IsType<ProblemHttpResult>(command.Result);
        Assert.Equal((400, "kind must be one of Pause, Resume, Stop, Release."), (problem.StatusCode, problem.ProblemDetails.Detail));
    }

    [Fact]
    public async Task An_investigation_of_several_lines_is_taken_on_one_line_and_a_line_break_counts_once()
    {
        var fleet = new LiveFleet(0);
        var vehicle = GridTown.Vehicle(1);
        fleet.Publish(TwinView.Of(new() { Id = vehicle.Id, Spec = vehicle.Spec }, GridTown.Context));
        VehicleCommand? sent = null;
        var context = new DefaultHttpContext { User = new(new ClaimsIdentity([new(ClaimTypes.Name, "Ada")], "test")) };
        var text = "A\r\n" + new string('x', MrcInvestigation.MaxTextLength - 2);
        await CommandEndpoint.Send(
            context,
            fleet,
            (command, _) =>
            {
                sent = command;
                return Task.CompletedTask;
            },
            Allowed,
            NullLogger<CommandReceipt>.Instance,
            vehicle.Id.ToString(),
            VehicleCommandKind.Release,
            confirmed: true,
            "needed\n",
            text);
        Assert.Equal(new Investigation("needed", text.Replace("\r\n", " ", StringComparison.Ordinal)), sent!.Investigation);
    }
}
