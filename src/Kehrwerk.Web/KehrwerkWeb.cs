using Kehrwerk.Web.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kehrwerk.Web;

/// <summary>What both faces share: static files, languages, theme, security headers, and sign-in where it is asked for.</summary>
public static class KehrwerkWeb
{
    /// <param name="keyFolder">Where the keys live that protect cookies and forms; sign-ins survive a restart as long as they do.</param>
    public static WebApplicationBuilder AddKehrwerkWeb(this WebApplicationBuilder builder, DirectoryInfo keyFolder)
    {
        // Style sheets and scripts lie in the projects until they are published; the host looks there only when told.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddDataProtection().SetApplicationName("kehrwerk").PersistKeysToFileSystem(keyFolder);
        builder.Services.AddLocalization();
        builder.Services.AddAntiforgery(options => options.Cookie.Name = "kehrwerk.forms");
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddRazorComponents();
        return builder;
    }

    /// <summary>The middleware, in the only order that works. Signs in where <see cref="SignInServices.AddSignIn"/> was called.</summary>
    public static WebApplication UseKehrwerkWeb(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseRequestLocalization(Preferences.Localization());
        app.UseRouting();
        if (app.Services.GetService<OneTimeLinks>() is not null)
        {
            // Limits count by person where somebody is signed in.
            app.UseAuthentication();
            app.UseRateLimiter();
            app.UseAuthorization();
        }

        app.UseAntiforgery();
        return app;
    }

    public static IEndpointRouteBuilder MapKehrwerkWeb(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets().AllowAnonymous();
        routes.MapPreferences();
        return routes;
    }
}
