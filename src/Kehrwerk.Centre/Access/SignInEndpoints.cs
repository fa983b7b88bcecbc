using System.Net;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Web.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kehrwerk.Centre.Access;

/// <summary>
/// Ways in: a passkey; the link that the program printed, for the first person and for recovery; an invitation. A link opens a page with a
/// button, and only the button uses the link up, so that previews in mail and chat programs do not.
/// </summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", Show).AllowAnonymous();
        routes.MapPost("/sign-in", ByPrintedLink).AllowAnonymous().RequireRateLimiting(SignInServices.LimitPolicy);
        routes.MapPost("/sign-in/passkey/options", PasskeyOptions).AllowAnonymous().RequireRateLimiting(SignInServices.LimitPolicy);
        routes.MapPost("/sign-in/passkey", ByPasskey).AllowAnonymous().RequireRateLimiting(SignInServices.LimitPolicy);
        routes.MapGet("/invitation", ShowInvitation).AllowAnonymous();
        routes.MapPost("/invitation", ByInvitation).AllowAnonymous().RequireRateLimiting(SignInServices.LimitPolicy);
        routes.MapPost("/sign-out", SignOut);
    }

    /// <summary>The address by the name <c>localhost</c>, where the page was called by a number: passkeys belong to names.</summary>
    public static string? Localhost(HttpContext context, string path) =>
        IPAddress.TryParse(context.Request.Host.Host, out var number) && IPAddress.IsLoopback(number)
            ? $"{context.Request.Scheme}://localhost{(context.Request.Host.Port is { } port ? FormattableString.Invariant($":{port}") : "")}{path}"
            : null;

    private static Results<RazorComponentResult<SignInPage>, RedirectHttpResult> Show(HttpContext context, OneTimeLinks links, string? token) =>
        context.User.Identity?.IsAuthenticated == true ? TypedResults.LocalRedirect("/")
        : token is null ? Page(context, SignInState.NoLink)
        : links.IsOpen(token) ? Page(context, SignInState.Ready, token)
        : Page(context, SignInState.LinkUsedUp);

    private static async Task<Results<RazorComponentResult<SignInPage>, RedirectHttpResult>> ByPrintedLink(
        HttpContext context, OneTimeLinks links, PeopleDesk people, AccessRecord record, [FromForm] string token, [FromForm] string? name)
    {
        if (PeopleDesk.Checked(name) is not { } good)
        {
            return links.IsOpen(token) ? Page(context, SignInState.NameMissing, token) : Page(context, SignInState.LinkUsedUp);
        }

        if (!links.Redeem(token))
        {
            await record.Refused("signInRefused", AccessRecord.Unknown, "the link was used up or never given");
            return Page(context, SignInState.LinkUsedUp);
        }

        await Sessions.SignIn(context, await people.TakeFirstOrRecovering(good), "by the link that the program printed");
        return TypedResults.LocalRedirect("/account");
    }

    private static async Task<RazorComponentResult<SignInPage>> ShowInvitation(HttpContext context, PeopleDesk people, string? token) =>
        await people.Invited(token ?? "") is { } person ? Page(context, SignInState.Invited, token!, person.Name) : Page(context, SignInState.LinkUsedUp);

    private static async Task<Results<RazorComponentResult<SignInPage>, RedirectHttpResult>> ByInvitation(
        HttpContext context, PeopleDesk people, AccessRecord record, [FromForm] string token)
    {
        if (await people.Redeem(token) is not { } person)
        {
            await record.Refused("signInRefused", AccessRecord.Unknown, "the invitation was used up, has ended or was never given");
            return Page(context, SignInState.LinkUsedUp);
        }

        await Sessions.SignIn(context, person, "by invitation");
        return TypedResults.LocalRedirect("/account");
    }

    // The form is bound so that its antiforgery token is checked: an endpoint that reads no form checks none.
    private static async Task<ContentHttpResult> PasskeyOptions(SignInManager<Person> signIn, IFormCollection form) =>
        TypedResults.Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");

    private static async Task<Results<RazorComponentResult<SignInPage>, RedirectHttpResult>> ByPasskey(
        HttpContext context, SignInManager<Person> signIn, AccessRecord record, [FromForm] string? credential)
    {
        var (person, why) = await Assert(signIn, credential);
        if (person is null)
        {
            await record.Refused("signInRefused", AccessRecord.Unknown, why);
            return Page(context, SignInState.PasskeyRefused);
        }

        if (!person.MaySignIn)
        {
            await record.Refused("signInRefused", person.Id, "blocked");
            return Page(context, SignInState.PasskeyRefused);
        }

        await Sessions.SignIn(context, person, "by passkey");
        return TypedResults.LocalRedirect("/");
    }

    /// <summary>Whose passkey it is; where it is none of ours, why not.</summary>
    private static async Task<(Person? Person, string Why)> Assert(SignInManager<Person> signIn, string? credential)
    {
        if (credential is not { Length: > 0 and < 20_000 })
        {
            return (null, "no passkey was sent");
        }

        try
        {
            var result = await signIn.PerformPasskeyAssertionAsync(credential);
            if (!result.Succeeded)
            {
                return (null, "the passkey was not accepted");
            }

            // Keeps the counter, by which a copied passkey is found out.
            var kept = await signIn.UserManager.AddOrUpdatePasskeyAsync(result.User, result.Passkey);
            return kept.Succeeded ? (result.User, "") : (null, "the passkey could not be kept");
        }
        catch (InvalidOperationException)
        {
            return (null, "it was not asked for a passkey, or too long ago");
        }
    }

    private static async Task<RedirectHttpResult> SignOut(HttpContext context, AccessRecord record, IFormCollection form)
    {
        await record.Note("signedOut", Authority.HandleOf(context.User), "");
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return TypedResults.LocalRedirect("/sign-in");
    }

    private static RazorComponentResult<SignInPage> Page(HttpContext context, SignInState state, string token = "", string name = "") => new(new Dictionary<string, object?>
    {
        [nameof(SignInPage.State)] = state,
        [nameof(SignInPage.Token)] = token,
        [nameof(SignInPage.Name)] = name,
        [nameof(SignInPage.NameMaxLength)] = Person.MaxNameLength,
        [nameof(SignInPage.Localhost)] = Localhost(context, "/sign-in"),
    })
    {
        StatusCode = state switch
        {
            SignInState.NameMissing => StatusCodes.Status400BadRequest,
            SignInState.PasskeyRefused => StatusCodes.Status401Unauthorized,
            _ => null,
        },
    };
}
