using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Centre.Tests.Store;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Kehrwerk.Centre.Tests.Cases;

/// <summary>Cases in the running Centre: grains, store, desk and endpoint, over real HTTP and a real restart on the same file.</summary>
public sealed class CaseHostTests : IDisposable
{
    private const string Unqualified = "Eve";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder folder = new();
    private readonly FleetVehicle vehicle = GridTown.Vehicle(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_case_its_owner_and_its_history_outlive_the_Centre()
    {
        JsonElement before;
        await using (var centre = await Start())
        {
            var one = (await centre.Post("Ada", ("kind", "Report"), ("text", "It blocks\r\na gate"), ("vehicle", vehicle.Id.ToString()))).Value;
            Assert.Equal("It blocks a gate", one.GetProperty("detail").GetString());
            before = (await centre.Step("Ada", one, "Take")).Value;
            await centre.Send("Ada", VehicleCommandKind.Stop);
            await centre.Until(cases => cases.Any(c => c is { Kind: CaseKind.Deactivated, Owner: "Ada" }));
        }

        await using (var centre = await Start())
        {
            await centre.Until(cases => cases.Length == 2);
            var reported = centre.Live.OpenCases()[0];
            Assert.Equal((CaseState.Owned, "Ada", before.GetProperty("version").GetInt32()), (reported.State, reported.Owner, reported.Version));
            Assert.Equal([CaseStepKind.Raised, CaseStepKind.Taken], reported.History.Select(step => step.Kind));

            // The stop still holds, so its case must not be closed nor raised a second time.
            var deactivated = centre.Live.OpenCases()[1];
            Assert.Equal("StillHolds", (await centre.Step("Ada", deactivated, "Close", ("text", "over"))).Value.GetProperty("code").GetString());
            Assert.Equal(2, centre.Live.OpenCases().Length);

            Assert.Equal(HttpStatusCode.OK, (await centre.Step("Ada", reported, "Close", ("text", "called back"))).Status);
            Assert.Equal(["caseRaised", "caseTaken", "caseClosed"], centre.Store.Record().Where(e => e.Kind.StartsWith("case", StringComparison.Ordinal) && e.Text.StartsWith("1 F", StringComparison.Ordinal)).Select(e => e.Kind));
            Assert.Null(centre.Store.VerifyRecord().Problem);
        }

        await using (var centre = await Start())
        {
            await centre.Until(cases => cases.Length == 1);
            Assert.Equal(CaseState.Closed, centre.Store.FindCase(1)!.State);
            var next = (await centre.Post("Ada", ("kind", "Report"), ("text", "another"))).Value;
            Assert.Equal(3, next.GetProperty("id").GetInt64());
        }
    }

    [Fact]
    public async Task Of_two_people_at_once_one_has_it_and_the_other_reads_who()
    {
        await using var centre = await Start();
        var one = (await centre.Post("Ada", ("kind", "Report"), ("text", "a call"))).Value;

        var both = await Task.WhenAll(centre.Step("Ada", one, "Take"), centre.Step("Bea", one, "Take"));

        var (winner, loser) = both[0].Status == HttpStatusCode.OK ? ("Ada", both[1]) : ("Bea", both[0]);
        Assert.Equal(HttpStatusCode.Conflict, loser.Status);
        Assert.Equal(("Overtaken", winner), (loser.Value.GetProperty("code").GetString(), loser.Value.GetProperty("who").GetString()));
        Assert.Equal(winner, loser.Value.GetProperty("case").GetProperty("owner").GetString());
        Assert.Equal(winner, Assert.Single(centre.Live.OpenCases()).Owner);
    }

    [Fact]
    public async Task A_decision_that_the_Centre_can_carry_out_reaches_the_vehicle()
    {
        await using var centre = await Start();
        await centre.Send("Bea", VehicleCommandKind.Stop);
        await centre.Until(cases => cases.Any(c => c.Kind == CaseKind.Deactivated && c.Owner == "Bea"));
        var one = centre.Live.OpenCases()[0];

        Assert.Equal(HttpStatusCode.BadRequest, (await centre.Step("Bea", one, "Decide", ("action", "Release"), ("text", "free"))).Status);
        Assert.Equal("OwnedByOther", (await centre.Step("Ada", one, "Decide", ("action", "Release"), ("text", "free"), ("confirmed", "true"))).Value.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await centre.Step("Bea", one, "Decide", ("action", "Release"), ("text", "The way is free"), ("confirmed", "true"))).Status);

        Assert.Contains(centre.Store.Record(), e => e is { Kind: "command", Who: "Bea", Text: "Release" });
        Assert.Contains(centre.Store.Record(), e => e is { Kind: "caseDecided", Who: "Bea" } && e.Text.EndsWith("Release: The way is free", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_release_a_vehicle_may_not_decide_on_it_in_a_case_either()
    {
        await using var centre = await Start();
        await centre.Send(Unqualified, VehicleCommandKind.Stop);
        await centre.Until(cases => cases.Any(c => c is { Kind: CaseKind.Deactivated, Owner: Unqualified }));

        var answer = await centre.Step(Unqualified, centre.Live.OpenCases()[0], "Decide", ("action", "Release"), ("text", "The way is free"), ("confirmed", "true"));

        Assert.Equal((HttpStatusCode.Forbidden, "not qualified"), (answer.Status, answer.Value.GetProperty("detail").GetString()));
        Assert.DoesNotContain(centre.Store.Record(), e => e is { Kind: "command", Text: "Release" });
        Assert.Equal(CaseState.Owned, centre.Live.OpenCases()[0].State);
    }

    [Theory]
    [InlineData(400, "kind", "Nonsense")]
    [InlineData(400, "kind", "99")]
    [InlineData(400, "kind", "Report", "text", "")]
    [InlineData(400, "kind", "Report", "text", "LONG")]
    [InlineData(404, "kind", "Report", "text", "a", "vehicle", "test/none")]
    [InlineData(404, "kind", "Take", "case", "77", "version", "1")]
    [InlineData(400, "kind", "Decide", "case", "1", "action", "99")]
    public async Task What_cannot_be_taken_is_refused_in_words(int status, params string[] fields)
    {
        await using var centre = await Start();

        var answer = await centre.Post("Ada", [.. fields.Chunk(2).Select(pair => (pair[0], pair[1] == "LONG" ? new string('x', 1001) : pair[1]))]);

        Assert.Equal(status, (int)answer.Status);
        Assert.Empty(centre.Live.OpenCases());
    }

    [Fact]
    public async Task A_report_that_cannot_be_stored_does_not_count_and_a_condition_is_shown_all_the_same()
    {
        await using var centre = await Start();
        await centre.Store.DisposeAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, (await centre.Post("Ada", ("kind", "Report"), ("text", "a call"))).Status);
        Assert.Empty(centre.Live.OpenCases());
        await centre.Desk.TellWeather("rain");
        centre.Time.Add(TimeSpan.FromMinutes(3));
        await centre.Until(cases => cases.Any(c => c.Kind == CaseKind.WeatherLimit));
    }

    private async Task<RunningCentre> Start()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var time = new ShiftedTime();
        builder.AddCentre(new() { City = GridTown.City, Vehicles = [vehicle], DatabaseFile = folder.File("kehrwerk.db"), Time = time, DepartureChecks = DepartureChecks.Off });
        builder.Services.AddSingleton<ITransport>(new SilentTransport()).AddSingleton(new CentreClock(time, 1));
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, ByName>("test", null);
        builder.Services.AddAuthorization();
        builder.Services.AddAntiforgery();
        builder.Services.AddSingleton<RefusalOf>((user, command) => Task.FromResult(user.Identity!.Name == Unqualified && command == AccessCommand.ReleaseVehicle ? "not qualified" : null));
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, LiveJson.Default));
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        Delegate steps = CaseEndpoint.Send;
        app.MapGroup("").DisableAntiforgery().RequireAuthorization().MapPost("/cases/steps", steps);
        await app.StartAsync(Cancelled);
        return new(app, time, vehicle.Id.ToString());
    }

    /// <summary>The name comes with the request.</summary>
    private sealed class ByName(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.Success(
            new(new(new ClaimsIdentity([new(ClaimTypes.Name, Request.Headers["X-Name"].ToString())], "test")), "test")));
    }

    /// <summary>A wire at whose end nobody is.</summary>
    private sealed class SilentTransport : ITransport
    {
        public event Action<bool>? ConnectionChanged
        {
            add { }
            remove { }
        }

        public bool IsConnected => true;

        public ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default) => ValueTask.CompletedTask;

        public ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Real time, and as much more as a test adds.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private TimeSpan shift;

        public void Add(TimeSpan more) => shift += more;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }

    private sealed class RunningCentre(WebApplication app, ShiftedTime time, string vehicle) : IAsyncDisposable
    {
        private readonly HttpClient http = new() { BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };

        public LiveFleet Live => app.Services.GetRequiredService<LiveFleet>();
        public CentreStore Store => app.Services.GetRequiredService<CentreStore>();
        public CaseDesk Desk => app.Services.GetRequiredService<CaseDesk>();
        public ShiftedTime Time => time;

        public Task Send(string by, VehicleCommandKind kind) => app.Services.GetRequiredService<SendVehicleCommand>()(new(vehicle, kind, by), Cancelled);

        public Task<(HttpStatusCode Status, JsonElement Value)> Step(string by, JsonElement one, string kind, params (string, string)[] fields) =>
            Post(by, [("kind", kind), ("case", one.GetProperty("id").ToString()), ("version", one.GetProperty("version").ToString()), .. fields]);

        public Task<(HttpStatusCode Status, JsonElement Value)> Step(string by, Case one, string kind, params (string, string)[] fields) =>
            Post(by, [("kind", kind), ("case", $"{one.Id}"), ("version", $"{one.Version}"), .. fields]);

        public async Task<(HttpStatusCode Status, JsonElement Value)> Post(string by, params (string Name, string Value)[] fields)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/cases/steps", UriKind.Relative))
            {
                Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            };
            request.Headers.Add("X-Name", by);
            using var response = await http.SendAsync(request, Cancelled);
            var text = await response.Content.ReadAsStringAsync(Cancelled);
            return (response.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
        }

        public async Task Until(Func<System.Collections.Immutable.ImmutableArray<Case>, bool> holds)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            patience.CancelAfter(Patience);
            while (!holds(Live.OpenCases()))
            {
                await Task.Delay(20, patience.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
