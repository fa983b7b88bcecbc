using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Kehrwerk.Centre.Access.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Kehrwerk.Centre.Access;

/// <summary>Puts what is known of a person into the session: the handle as name, so that whatever notes who acted notes the handle.</summary>
internal sealed class PersonClaims : IUserClaimsPrincipalFactory<Person>
{
    /// <summary>How colleagues know the person.</summary>
    public const string DisplayName = Web.Page.SiteHeader.DisplayNameClaim;
    public const string Stamp = "stamp";
    public const string Ends = "ends";

    public Task<ClaimsPrincipal> CreateAsync(Person user) => Task.FromResult(Of(user));

    public static ClaimsPrincipal Of(Person person) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, person.Id), new(ClaimTypes.Name, person.Id), new(DisplayName, person.Name), new(Stamp, person.SecurityStamp ?? ""),
            .. person.Roles.Select(role => new Claim(ClaimTypes.Role, role.ToString())),
        ],
        IdentityConstants.ApplicationScheme));
}

/// <summary>
/// Every request looks the person up: roles hold from the next request on, and a session ends at once where the person is blocked, erased,
/// has lost a role or has ended it.
/// </summary>
internal static class Sessions
{
    public static void Configure(CookieAuthenticationOptions cookie, AccessOptions options)
    {
        cookie.TimeProvider = options.Time;
        cookie.Cookie.Name = "kehrwerk.session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.ExpireTimeSpan = options.IdleLifetime;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/sign-in";
        cookie.Events.OnValidatePrincipal = Validate;
        cookie.Events.OnCheckSlidingExpiration = KeepOnlyByUse;
        cookie.Events.OnRedirectToLogin = TellWhoIsNotSignedIn;
        cookie.Events.OnRedirectToAccessDenied = TellWhoMayNot;
    }

    public static async Task SignIn(HttpContext context, Person person, string how)
    {
        var options = context.RequestServices.GetRequiredService<AccessOptions>();
        var properties = new AuthenticationProperties { IsPersistent = true };
        properties.Items[PersonClaims.Ends] = (options.Time.GetUtcNow() + options.SessionLifetime).UtcTicks.ToString(CultureInfo.InvariantCulture);
        await context.RequestServices.GetRequiredService<AccessRecord>().Note("signedIn", person.Id, how);
        await context.SignInAsync(IdentityConstants.ApplicationScheme, PersonClaims.Of(person), properties);
    }

    /// <summary>Whether a session that was let in goes on: for streams, which outlive their request's check.</summary>
    public static async Task<bool> GoesOn(IServiceScopeFactory services, ClaimsPrincipal user)
    {
        await using var scope = services.CreateAsyncScope();
        return await Current(scope.ServiceProvider, user, user.FindFirstValue(PersonClaims.Ends)) is not null;
    }

    private static async Task Validate(CookieValidatePrincipalContext context)
    {
        var ends = context.Properties.Items.TryGetValue(PersonClaims.Ends, out var text) ? text : null;
        Person? person;
        try
        {
            person = context.Principal is { } was ? await Current(context.HttpContext.RequestServices, was, ends) : null;
        }
        catch (SqliteException)
        {
            // The database is gone for the moment. Whoever was let in goes on with what the cookie says: a stop must not depend on a disk.
            return;
        }

        if (person is not null)
        {
            var now = PersonClaims.Of(person);
            ((ClaimsIdentity)now.Identity!).AddClaim(new(PersonClaims.Ends, ends!));
            context.ReplacePrincipal(now);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    private static async Task<Person?> Current(IServiceProvider services, ClaimsPrincipal user, string? ends)
    {
        var now = services.GetRequiredService<AccessOptions>().Time.GetUtcNow();
        return long.TryParse(ends, CultureInfo.InvariantCulture, out var end) && now.UtcTicks < end
            && user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            && await services.GetRequiredService<PeopleContext>().Users.FindAsync(id) is { MaySignIn: true } person
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(person.SecurityStamp ?? ""), Encoding.UTF8.GetBytes(user.FindFirstValue(PersonClaims.Stamp) ?? ""))
                ? person
                : null;
    }

    /// <summary>What a live page asks for by itself keeps no session alive, unless its person is on duty: then absence is looked after otherwise.</summary>
    private static Task KeepOnlyByUse(CookieSlidingExpirationContext context)
    {
        var http = context.HttpContext;
        var duty = http.RequestServices.GetRequiredService<Duty.DutyDesk>();
        if (http.Request.Path.StartsWithSegments("/api/live", StringComparison.Ordinal) && !http.Request.Query.ContainsKey("input")
            && !(context.Principal is { } user && duty.IsOnDuty(Authority.HandleOf(user))))
        {
            context.ShouldRenew = false;
        }

        return Task.CompletedTask;
    }

    /// <summary>A person is led to the page that explains; a script gets a plain 401, which it can tell from an answer.</summary>
    private static Task TellWhoIsNotSignedIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (IsForScripts(context.Request.Path))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else
        {
            context.Response.Redirect("/sign-in");
        }

        return Task.CompletedTask;
    }

    private static async Task TellWhoMayNot(RedirectContext<CookieAuthenticationOptions> context)
    {
        var http = context.HttpContext;
        await http.RequestServices.GetRequiredService<AccessRecord>().Refused("accessRefused", Authority.HandleOf(http.User), $"{http.Request.Method} {Route(http)}: no role for it");
        if (IsForScripts(http.Request.Path) || !http.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html"))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await new RazorComponentResult<Pages.RefusedPage> { StatusCode = StatusCodes.Status403Forbidden }.ExecuteAsync(http);
    }

    // As it is mapped: what a person typed is not for the record.
    private static string Route(HttpContext http) => (http.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "";

    private static bool IsForScripts(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal) || path.StartsWithSegments("/tiles", StringComparison.Ordinal);
}
