using Kehrwerk.Centre.Access.Pages;
using Kehrwerk.Centre.Access.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Access;

/// <summary>Who may sign in, with which roles.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people", (PeopleView view) => view.Page());
        routes.MapPost("/people/invite", Invite);
        routes.MapPost("/people/link", Link);
        routes.MapPost("/people/roles", SetRoles);
        routes.MapPost("/people/block", Block);
        routes.MapPost("/people/erase", Erase);
    }

    private static async Task<RazorComponentResult<PeoplePage>> Invite(HttpContext context, PeopleDesk people, PeopleView view, IFormCollection form)
    {
        var name = form["name"].ToString();
        var (problem, token) = await people.Invite(name, RolesIn(form), Authority.HandleOf(context.User));
        return await view.Page(problem, token is null ? null : Address(context, token), name.Trim());
    }

    private static async Task<RazorComponentResult<PeoplePage>> Link(HttpContext context, PeopleDesk people, PeopleView view, IFormCollection form)
    {
        var id = form["id"].ToString();
        var (problem, token) = await people.Link(id, Authority.HandleOf(context.User));
        return await view.Page(problem, token is null ? null : Address(context, token), (await people.Find(id))?.Name ?? "");
    }

    private static async Task<Results<RazorComponentResult<PeoplePage>, RedirectHttpResult>> SetRoles(HttpContext context, PeopleDesk people, PeopleView view, IFormCollection form) =>
        await view.Done(await people.SetRoles(form["id"].ToString(), RolesIn(form), Authority.HandleOf(context.User)), "RolesSaved");

    private static async Task<Results<RazorComponentResult<PeoplePage>, RedirectHttpResult>> Block(HttpContext context, PeopleDesk people, PeopleView view, IFormCollection form)
    {
        var blocked = form["blocked"] == "true";
        return await view.Done(await people.SetBlocked(form["id"].ToString(), blocked, Authority.HandleOf(context.User)), blocked ? "Blocked" : "Unblocked");
    }

    private static async Task<Results<RazorComponentResult<PeoplePage>, RedirectHttpResult>> Erase(HttpContext context, PeopleDesk people, PeopleView view, IFormCollection form) =>
        await view.Done(await people.Erase(form["id"].ToString(), form["confirmed"] == "true", Authority.HandleOf(context.User)), "Erased");

    private static Role[] RolesIn(IFormCollection form) => Roles.Read(string.Join(',', form["roles"].AsEnumerable()));

    // Passkeys belong to names, so the link names one.
    private static string Address(HttpContext context, string token) =>
        SignInEndpoints.Localhost(context, $"/invitation?token={token}") ?? $"{context.Request.Scheme}://{context.Request.Host}/invitation?token={token}";
}

internal sealed class PeopleView(PeopleDesk people, AccessOptions options, IStringLocalizer<AccessTexts> texts)
{
    public async Task<RazorComponentResult<PeoplePage>> Page(PeopleProblem? problem = null, string? link = null, string name = "") => new(new Dictionary<string, object?>
    {
        [nameof(PeoplePage.People)] = await people.All(),
        [nameof(PeoplePage.Problem)] = problem is null ? null : texts[$"Problem.{problem}"].Value,
        [nameof(PeoplePage.Link)] = link,
        [nameof(PeoplePage.LinkFor)] = name,
        [nameof(PeoplePage.LinkDays)] = options.InvitationLifetime.TotalDays,
        [nameof(PeoplePage.FilledName)] = problem is null ? "" : name,
    })
    { StatusCode = problem is null ? null : StatusCodes.Status400BadRequest };

    public async Task<Results<RazorComponentResult<PeoplePage>, RedirectHttpResult>> Done(PeopleProblem? problem, string said) =>
        problem is null ? TypedResults.LocalRedirect($"/people?said={said}") : await Page(problem);
}
