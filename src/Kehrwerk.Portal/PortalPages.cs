using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kehrwerk.Portal;

/// <summary>The public pages. They need nobody to sign in.</summary>
public static class PortalPages
{
    /// <param name="addresses">The book that is searched, asked for at every request, so that a new one can take its place.</param>
    public static IEndpointRouteBuilder MapPortal(this IEndpointRouteBuilder routes, Func<AddressBook> addresses)
    {
        routes.MapGet("/", () => new RazorComponentResult<PortalHome>()).AllowAnonymous();
        routes.MapAddressApi(addresses);
        return routes;
    }
}
