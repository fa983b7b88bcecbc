using System.Net;
using System.Text.RegularExpressions;
using Kehrwerk.Centre.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Kehrwerk.Tests.Access.RunningPages;

namespace Kehrwerk.Tests.Access;

/// <summary>The table of roles against the running program: every endpoint, every role.</summary>
public sealed partial class RoleTableTests(RunningPages pages) : IClassFixture<RunningPages>
{
    /// <summary>What is mapped, as method and route. Of files one stands for all: they differ in name only.</summary>
    private List<(string Method, string Route, bool IsOpen)> Mapped() =>
    [
        .. pages.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
                .Select(method => (method, Route: endpoint.RoutePattern.RawText!, IsOpen: endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)))
            .Select(one => (one.method, one.Route.StartsWith('/') ? one.Route : '/' + one.Route, one.IsOpen))
            .DistinctBy(one => one.Item2.StartsWith("/_content/", StringComparison.Ordinal) ? (one.method, "/_content") : (one.method, one.Item2)),
    ];

    [Fact]
    public void Every_endpoint_stands_in_the_table_and_every_line_of_the_table_is_mapped()
    {
        var mapped = Mapped();

        Assert.Empty(mapped.Where(one => !AccessTable.Find(one.Method, one.Route).Any()).Select(one => $"{one.Method} {one.Route} is not in AccessTable"));
        Assert.Empty(mapped.Where(one => one.IsOpen != AccessTable.Find(one.Method, one.Route).Any(row => row.Command == AccessCommand.Anyone)).Select(one => $"{one.Method} {one.Route} is open: {one.IsOpen}"));
        Assert.Empty(AccessTable.Endpoints
            .Where(row => !row.Route.Contains("_content/{**", StringComparison.Ordinal) && !mapped.Any(one => one.Method == row.Method && one.Route == row.Route))
            .Select(row => $"{row.Method} {row.Route} is in AccessTable and not mapped"));
    }

    [Fact]
    public async Task Each_role_gets_exactly_what_the_table_says_and_nobody_else_gets_in()
    {
        var sessions = new List<(Role[] Roles, RunningPages.Session Session)>();
        foreach (var role in Roles.All)
        {
            sessions.Add(([role], await pages.SignIn($"Somebody {role}", role)));
        }

        var stranger = pages.Visit();
        var wrong = new List<string>();
        foreach (var (method, route, _) in Mapped().Where(one => one.Method is "GET" or "POST"))
        {
            var rows = AccessTable.Find(method, route).ToList();
            var path = Parameter().Replace(route, part => part.Value.StartsWith("{**", StringComparison.Ordinal) ? "none.css" : "1");
            using var open = await stranger.Send(new(method), path);
            var isLetIn = open.StatusCode is not HttpStatusCode.Unauthorized && open.Headers.Location?.OriginalString != "/sign-in";
            if (isLetIn != rows.Exists(row => row.Command == AccessCommand.Anyone))
            {
                wrong.Add($"a stranger at {method} {route}: {open.StatusCode}");
            }

            // Signing out is tried at the end, by who has it least.
            foreach (var (roles, session) in sessions.Where(_ => rows.All(row => row.Command != AccessCommand.Anyone) && route is not ("/sign-out" or "/account/sessions/end")))
            {
                // Without a form's token nothing happens where the role is let in; that is asked after the role.
                using var answer = await session.Send(new(method), path);
                var allowed = rows.Exists(row => AccessTable.Allows(roles, row.Command));
                if (allowed == (answer.StatusCode is HttpStatusCode.Forbidden) || answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Redirect)
                {
                    wrong.Add($"{roles[0]} at {method} {route}: {answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Commands_that_share_an_endpoint_are_told_apart_by_their_field()
    {
        var wrong = new List<string>();
        foreach (var role in Roles.All)
        {
            var session = await pages.SignIn($"Commander {role}", role);
            var handle = await session.Handle();
            foreach (var kind in new[] { "Degree", "ManufacturerTraining", "DrivingLicence", "Reliability", "YearlyTraining" })
            {
                await pages.First.Post("/qualifications", "/qualifications", ("person", handle), ("kind", kind), ("validUntil", kind == "Degree" ? "" : "2030-01-01"), ("document", "test"));
            }

            if (role == Role.Supervisor)
            {
                using var on = await session.Post("/duty", "/duty/sign-on");
                Assert.Equal("/duty?said=SignedOn", on.Headers.Location?.ToString());
            }

            foreach (var row in AccessTable.Endpoints.Where(row => row.Field is not null))
            {
                var field = row.Field!.Split('=');
                using var answer = await session.Post(
                    "/account", row.Route, (field[0], field[1]), ("vehicle", "kehrwerk/none"), ("request", "r1"), ("confirmed", "true"), ("finding", "a test"), ("investigation", "a test"));
                // There is no such vehicle: whoever may gets 404.
                var expected = AccessTable.Allows([role], row.Command) ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden;
                if (answer.StatusCode != expected)
                {
                    wrong.Add($"{role} at {row.Route} {row.Field}: {answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_page_carries_the_security_headers_and_no_script_or_style_in_its_text()
    {
        foreach (var row in AccessTable.Endpoints.Where(row => row is { Method: "GET", Route: not ("/record/head" or "/record/export" or "/upkeep/departure" or "/upkeep/report"), Command: not AccessCommand.Nobody } && !row.Route.StartsWith("/api/", StringComparison.Ordinal) && !row.Route.Contains('{', StringComparison.Ordinal)))
        {
            var session = row.Command == AccessCommand.Anyone ? pages.Visit() : pages.First;
            using var answer = await session.Get(row.Route);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
            var html = await Body(answer);
            Assert.True(answer.IsSuccessStatusCode && html.Contains("<main id=\"main\"", StringComparison.Ordinal), $"{row.Route}: {answer.StatusCode}");
            Assert.DoesNotMatch(@"<script(?![^>]*(src=|type=""application/json""))|<style|\sstyle=|\son[a-z]+=", html);
        }
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
