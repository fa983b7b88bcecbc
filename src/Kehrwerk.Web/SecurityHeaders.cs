using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kehrwerk.Web;

/// <summary>
/// Headers that go out with every answer. Nothing is loaded from, sent to or framed by another origin; scripts and
/// styles come from files only. The style sheets carry small pictures as <c>data:</c> addresses.
/// </summary>
public static class SecurityHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ";

    /// <summary>Lets this answer stand in a frame of any other site. For public pages on which nobody is signed in and nothing can be ordered.</summary>
    public static void AllowFraming(HttpContext context) => context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy + "*";

    internal static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(Add);

    private static Task Add(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy + "'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        return next(context);
    }
}
