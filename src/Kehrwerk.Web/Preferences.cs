using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kehrwerk.Web;

/// <summary>What a person chose for the pages: language, and light or dark. Kept in cookies for a year.</summary>
public static class Preferences
{
    /// <summary>German first: it is the language of whoever asks for none that we have.</summary>
    public static readonly string[] Languages = ["de", "en"];

    private const string ThemeCookie = "kehrwerk.theme";

    /// <summary><c>light</c>, <c>dark</c>, or null to follow the system.</summary>
    public static string? Theme(HttpContext context) =>
        context.Request.Cookies[ThemeCookie] is "light" or "dark" ? context.Request.Cookies[ThemeCookie] : null;

    internal static RequestLocalizationOptions Localization()
    {
        var options = new RequestLocalizationOptions
        {
            ApplyCurrentCultureToResponseHeaders = true,
            RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()],
        };
        return options.SetDefaultCulture(Languages[0]).AddSupportedCultures(Languages).AddSupportedUICultures(Languages);
    }

    internal static void MapPreferences(this IEndpointRouteBuilder routes) => routes.MapPost("/preferences", Choose).AllowAnonymous();

    private static RedirectHttpResult Choose(HttpContext context, [FromForm] string? language, [FromForm] string? theme, [FromForm] string? back)
    {
        if (Languages.Contains(language, StringComparer.Ordinal))
        {
            var culture = new RequestCulture(CultureInfo.GetCultureInfo(language!));
            context.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(culture), ForAYear());
        }

        if (theme is "light" or "dark")
        {
            context.Response.Cookies.Append(ThemeCookie, theme, ForAYear());
        }
        else if (theme is "system")
        {
            context.Response.Cookies.Delete(ThemeCookie);
        }

        // Only a path of this site: "//host" and "/\host" would lead away.
        var stays = back is ['/'] or ['/', not ('/' or '\\'), ..];
        return TypedResults.LocalRedirect(stays ? back! : "/");
    }

    private static CookieOptions ForAYear() => new() { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, IsEssential = true, HttpOnly = true };
}
