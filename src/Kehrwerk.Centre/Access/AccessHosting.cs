using Kehrwerk.Centre.Access.Duty;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Access.Qualifications;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Upkeep;
using Kehrwerk.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Centre.Access;

/// <summary>Puts people, sign-in, roles and duty into the Centre's host.</summary>
public static class AccessHosting
{
    /// <summary>Needs <see cref="CentreHosting.AddCentre"/> and <see cref="Pages.CentrePages"/>.</summary>
    /// <exception cref="Streets.InputException">The people's database cannot be used.</exception>
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options)
    {
        using (var context = new PeopleContext((DbContextOptions<PeopleContext>)PeopleContext.Configure(new DbContextOptionsBuilder<PeopleContext>(), options.PeopleFile).Options))
        {
            context.Prepare(options.PeopleFile);
        }

        services.AddSignIn();
        services.AddDbContextFactory<PeopleContext>(builder => PeopleContext.Configure(builder, options.PeopleFile));
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, cookie => Sessions.Configure(cookie, options))
            // Holds the challenge of a passkey until it is answered.
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, cookie =>
            {
                cookie.Cookie.Name = "kehrwerk.passkey";
                cookie.Cookie.SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict;
                cookie.ExpireTimeSpan = TimeSpan.FromMinutes(5);
            });
        services.AddIdentityCore<Person>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
            .AddEntityFrameworkStores<PeopleContext>()
            .AddSignInManager()
            .AddClaimsPrincipalFactory<PersonClaims>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            (passkeys.UserVerificationRequirement, passkeys.ResidentKeyRequirement) = ("required", "required");
            // Forms of pages that send no referrer say "Origin: null", so it is not the header that is compared.
            passkeys.ValidateOrigin = asked => ValueTask.FromResult(
                !asked.CrossOrigin && asked.Origin == $"{asked.HttpContext.Request.Scheme}://{asked.HttpContext.Request.Host}");
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(TableRequirement.Policy);
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, DutySignJson.Default));
        return services
            .AddSingleton(options)
            .AddSingleton<IAuthorizationHandler, TableHandler>()
            .AddSingleton(s => new AccessRecord(s.GetRequiredService<CentreStore>(), s.GetRequiredService<CentreClock>(), options.Time))
            .AddSingleton<QualificationBook>()
            .AddSingleton(s => new DutyDesk(
                s.GetRequiredService<IDbContextFactory<PeopleContext>>(), s.GetRequiredService<QualificationBook>(), s.GetRequiredService<AccessRecord>(), options))
            .AddSingleton(s => new Authority(
                s.GetRequiredService<QualificationBook>(), s.GetRequiredService<DutyDesk>(), s.GetRequiredService<AccessRecord>(), options,
                s.GetRequiredService<IStringLocalizer<Pages.AccessTexts>>()))
            .AddSingleton<RefusalOf>(s => s.GetRequiredService<Authority>().Refusal)
            .AddSingleton<HasSupervisor>(s => s.GetRequiredService<DutyDesk>().IsWatched)
            .AddSingleton<FleetNeeds>()
            .AddSingleton<WaitsForPerson>(s => s.GetRequiredService<FleetNeeds>().WaitsSince)
            .AddScoped<PeopleDesk>().AddScoped<AccountView>().AddScoped<PeopleView>().AddScoped<QualificationsView>().AddScoped<DutyPages>().AddScoped<RecordPages>().AddScoped<UpkeepPages>()
            .AddHostedService<AccessStart>()
            .AddHostedService<DutyClock>();
    }

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        routes.MapAccount();
        routes.MapPeople();
        routes.MapQualifications();
        routes.MapDuty();
        routes.MapRecord();
        routes.MapUpkeep();
        return routes;
    }
}

/// <summary>Reads what is kept in memory before anybody is served.</summary>
internal sealed class AccessStart(QualificationBook qualifications, DutyDesk duty) : Microsoft.Extensions.Hosting.IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await qualifications.Load();
        await duty.Load();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
