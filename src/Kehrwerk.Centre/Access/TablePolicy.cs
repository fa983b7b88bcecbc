using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kehrwerk.Centre.Access;

/// <summary>Asks <see cref="AccessTable"/> for the endpoint that is called. Holds for every endpoint that does not let everybody in.</summary>
internal sealed class TableRequirement : IAuthorizationRequirement
{
    public static AuthorizationPolicy Policy { get; } = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new TableRequirement()).Build();
}

/// <inheritdoc cref="TableRequirement"/>
internal sealed class TableHandler : AuthorizationHandler<TableRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, TableRequirement requirement)
    {
        // Where nothing is, nothing is to be kept from anybody: the answer is that there is nothing.
        if (context.Resource is HttpContext lost && lost.GetEndpoint() is null)
        {
            context.Succeed(requirement);
        }

        // One that serves several commands lets in whoever may do one of them, and asks Authority for the one that is meant.
        if (context.Resource is HttpContext http && http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            var roles = Authority.RolesOf(context.User);
            if (AccessTable.Find(http.Request.Method, route).Any(endpoint => AccessTable.Allows(roles, endpoint.Command)))
            {
                context.Succeed(requirement);
            }
        }

        return Task.CompletedTask;
    }
}
