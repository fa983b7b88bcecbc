using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Kehrwerk.Web.SignIn;

/// <summary>What every sign-in needs, whoever the people are: one-time links, and limits for who tries or sends too often.</summary>
public static class SignInServices
{
    /// <summary>For endpoints that take a link or a passkey, by address.</summary>
    public const string LimitPolicy = "sign-in";

    private const int AttemptsPerMinute = 20;

    // A page sends a sign every two seconds, a person a few forms a minute.
    private const int FormsAtOnce = 120;
    private const int FormsPerSecond = 10;

    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        // The centre's own clock may run faster than real time; sign-ins live in real time.
        services.AddSingleton(new OneTimeLinks(TimeProvider.System));
        services.AddCascadingAuthenticationState();
        return services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(LimitPolicy, context => RateLimitPartition.GetFixedWindowLimiter(
                Address(context), _ => new() { PermitLimit = AttemptsPerMinute, Window = TimeSpan.FromMinutes(1) }));
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetTokenBucketLimiter(
                    Sender(context), _ => new() { TokenLimit = FormsAtOnce, TokensPerPeriod = FormsPerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), AutoReplenishment = true })
                : RateLimitPartition.GetNoLimiter(""));
        });
    }

    /// <summary>Orders to vehicles are counted apart: other forms must not use up what a stop needs.</summary>
    private static string Sender(HttpContext context) =>
        (context.Request.Path.StartsWithSegments("/vehicles", StringComparison.Ordinal) ? "vehicles " : "") + (context.User.Identity?.Name ?? Address(context));

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}

/// <summary>What the sign-in page has to say.</summary>
public enum SignInState { NoLink, Ready, LinkUsedUp, NameMissing, Invited, PasskeyRefused }
