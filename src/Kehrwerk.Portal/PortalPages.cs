using Kehrwerk.Portal.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kehrwerk.Portal;

/// <summary>The public pages. They need nobody to sign in.</summary>
public static class PortalPages
{
    public static IEndpointRouteBuilder MapPortal(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => new RazorComponentResult<PortalHome>()).AllowAnonymous();
        return routes;
    }
}
