using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kehrwerk.Web.SignIn;

/// <summary>
/// Sign-in by one-time link. Everything needs it unless it says otherwise. The link opens a page with a button, and only
/// the button uses the link up, so that previews in mail and chat programs do not.
/// </summary>
public static class SignInServices
{
    private const string LimitPolicy = "sign-in";
    private const int AttemptsPerMinute = 10;
    private const int NameMaxLength = 80;

    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        // The centre's own clock may run faster than real time; sign-ins live in real time.
        services.AddSingleton(new OneTimeLinks(TimeProvider.System));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.TimeProvider = TimeProvider.System;
            options.Cookie.Name = "kehrwerk.session";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.ExpireTimeSpan = TimeSpan.FromHours(12);
            options.SlidingExpiration = true;
            options.LoginPath = "/sign-in";
            options.Events.OnRedirectToLogin = TellWhoIsNotSignedIn;
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(LimitPolicy, context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new() { PermitLimit = AttemptsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        });
        return services;
    }

    public static IEndpointRouteBuilder MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", Show).AllowAnonymous();
        routes.MapPost("/sign-in", SignIn).AllowAnonymous().RequireRateLimiting(LimitPolicy);
        routes.MapPost("/sign-out", SignOut);
        return routes;
    }

    private static Results<RazorComponentResult<SignInPage>, RedirectHttpResult> Show(HttpContext context, OneTimeLinks links, string? token) =>
        context.User.Identity?.IsAuthenticated == true ? TypedResults.LocalRedirect("/")
        : token is null ? Page(SignInState.NoLink)
        : links.IsOpen(token) ? Page(SignInState.Ready, token)
        : Page(SignInState.LinkUsedUp);

    private static async Task<Results<RazorComponentResult<SignInPage>, RedirectHttpResult>> SignIn(
        HttpContext context, OneTimeLinks links, [FromForm] string token, [FromForm] string? name)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > NameMaxLength)
        {
            return links.IsOpen(token) ? Page(SignInState.NameMissing, token) : Page(SignInState.LinkUsedUp);
        }

        if (!links.Redeem(token))
        {
            return Page(SignInState.LinkUsedUp);
        }

        var identity = new ClaimsIdentity([new(ClaimTypes.Name, name)], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
        return TypedResults.LocalRedirect("/");
    }

    // The form is bound so that its antiforgery token is checked: an endpoint that reads no form checks none.
    private static async Task<RedirectHttpResult> SignOut(HttpContext context, IFormCollection form)
    {
        await context.SignOutAsync();
        return TypedResults.LocalRedirect("/sign-in");
    }

    private static RazorComponentResult<SignInPage> Page(SignInState state, string token = "") =>
        new(new Dictionary<string, object?> { [nameof(SignInPage.State)] = state, [nameof(SignInPage.Token)] = token, [nameof(SignInPage.NameMaxLength)] = NameMaxLength })
        {
            StatusCode = state is SignInState.NameMissing ? StatusCodes.Status400BadRequest : null,
        };

    /// <summary>A person is led to the page that explains; a script gets a plain 401, which it can tell from an answer.</summary>
    private static Task TellWhoIsNotSignedIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/api", StringComparison.Ordinal) || path.StartsWithSegments("/tiles", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else
        {
            context.Response.Redirect("/sign-in");
        }

        return Task.CompletedTask;
    }
}

/// <summary>What the sign-in page has to say.</summary>
public enum SignInState { NoLink, Ready, LinkUsedUp, NameMissing }
