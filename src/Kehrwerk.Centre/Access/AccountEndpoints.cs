using Kehrwerk.Centre.Access.Pages;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Access.Qualifications;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kehrwerk.Centre.Access;

/// <summary>One's own account: passkeys and sessions.</summary>
internal static class AccountEndpoints
{
    private const int MaxPasskeys = 10;
    private const int MaxNameLength = 40;

    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account", Show);
        routes.MapPost("/account/passkeys/options", Options);
        routes.MapPost("/account/passkeys", Add);
        routes.MapPost("/account/passkeys/remove", Remove);
        routes.MapPost("/account/sessions/end", EndSessions);
    }

    private static async Task<RazorComponentResult<AccountPage>> Show(HttpContext context, AccountView view) => await view.Page(context);

    private static async Task<ContentHttpResult> Options(HttpContext context, SignInManager<Person> signIn, PeopleDesk people, IFormCollection form)
    {
        var person = await Me(context, people);
        var options = await signIn.MakePasskeyCreationOptionsAsync(new() { Id = person.Id, Name = person.Name, DisplayName = person.Name });
        return TypedResults.Content(options, "application/json");
    }

    private static async Task<Results<RazorComponentResult<AccountPage>, RedirectHttpResult>> Add(
        HttpContext context, SignInManager<Person> signIn, PeopleDesk people, AccessRecord record, AccountView view, [FromForm] string? credential, [FromForm] string? name)
    {
        var person = await Me(context, people);
        if (name?.Trim() is not { Length: > 0 and <= MaxNameLength } good)
        {
            return await view.Page(context, "Problem.PasskeyName");
        }

        if ((await signIn.UserManager.GetPasskeysAsync(person)).Count >= MaxPasskeys)
        {
            return await view.Page(context, "Problem.TooManyPasskeys");
        }

        if (credential is not { Length: > 0 and < 20_000 } || await Attest(signIn, credential) is not { } passkey)
        {
            return await view.Page(context, "Passkeys.Failed");
        }

        passkey.Name = good;
        await signIn.UserManager.AddOrUpdatePasskeyAsync(person, passkey);
        await record.Note("passkeyAdded", person.Id, "");
        return TypedResults.LocalRedirect("/account?said=PasskeyAdded");
    }

    private static async Task<UserPasskeyInfo?> Attest(SignInManager<Person> signIn, string credential)
    {
        try
        {
            var result = await signIn.PerformPasskeyAttestationAsync(credential);
            return result.Succeeded ? result.Passkey : null;
        }
        catch (InvalidOperationException)
        {
            // It was not asked for one, or too long ago.
            return null;
        }
    }

    private static async Task<Results<RazorComponentResult<AccountPage>, RedirectHttpResult>> Remove(
        HttpContext context, SignInManager<Person> signIn, PeopleDesk people, AccountView view, [FromForm] string? id)
    {
        var person = await Me(context, people);
        var passkeys = await signIn.UserManager.GetPasskeysAsync(person);
        if (passkeys.FirstOrDefault(p => Convert.ToHexString(p.CredentialId) == id) is not { } passkey)
        {
            return await view.Page(context, "Problem.UnknownPasskey");
        }

        if (passkeys.Count == 1)
        {
            return await view.Page(context, "Problem.LastPasskey");
        }

        await signIn.UserManager.RemovePasskeyAsync(person, passkey.CredentialId);
        // Whoever has found the lost device may be signed in on it.
        await people.EndSessions(person, "a passkey was removed");
        await Sessions.SignIn(context, person, "stays signed in here");
        return TypedResults.LocalRedirect("/account?said=PasskeyRemoved");
    }

    private static async Task<RedirectHttpResult> EndSessions(HttpContext context, PeopleDesk people, IFormCollection form)
    {
        await people.EndSessions(await Me(context, people), "on every device");
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return TypedResults.LocalRedirect("/sign-in");
    }

    private static async Task<Person> Me(HttpContext context, PeopleDesk people) =>
        await people.Find(Authority.HandleOf(context.User)) ?? throw new InvalidOperationException("a session without a person is not let in");
}

/// <summary>Gathers what the page of the own account shows.</summary>
internal sealed class AccountView(UserManager<Person> users, PeopleDesk people, QualificationBook qualifications, AccessOptions options, Microsoft.Extensions.Localization.IStringLocalizer<AccessTexts> texts)
{
    public async Task<RazorComponentResult<AccountPage>> Page(HttpContext context, string? problem = null)
    {
        var person = (await people.Find(Authority.HandleOf(context.User)))!;
        return new(new Dictionary<string, object?>
        {
            [nameof(AccountPage.Person)] = person,
            [nameof(AccountPage.Passkeys)] = await users.GetPasskeysAsync(person),
            [nameof(AccountPage.Qualifications)] = qualifications.Of(person.Id),
            [nameof(AccountPage.Today)] = options.Today,
            [nameof(AccountPage.Problem)] = problem is null ? null : texts[problem].Value,
            [nameof(AccountPage.Localhost)] = SignInEndpoints.Localhost(context, "/sign-in"),
            [nameof(AccountPage.IdleHours)] = options.IdleLifetime.TotalHours,
            [nameof(AccountPage.SessionHours)] = options.SessionLifetime.TotalHours,
        })
        { StatusCode = problem is null ? null : StatusCodes.Status400BadRequest };
    }
}
