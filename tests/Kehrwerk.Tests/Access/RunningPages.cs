using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Kehrwerk.Centre;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Transport;
using Kehrwerk.Web.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kehrwerk.Tests.Access;

/// <summary>The Centre as <c>kehrwerk run</c> composes it, with its pages, on a small town with two vehicles. No demo: duty and qualifications count.</summary>
public partial class RunningPages : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("kehrwerk-").FullName;
    private readonly List<Session> sessions = [];
    private EmbeddedBroker broker = null!;
    private MqttTransport transport = null!;

    /// <summary>People's time.</summary>
    protected virtual TimeProvider Time => TimeProvider.System;

    public WebApplication App { get; private set; } = null!;
    public Uri Address { get; private set; } = null!;

    /// <summary>Signed in by the printed link: the first person, who has every role.</summary>
    internal Session First { get; private set; } = null!;
    public CentreStore Store => App.Services.GetRequiredService<CentreStore>();

    public async ValueTask InitializeAsync()
    {
        broker = await EmbeddedBroker.StartAsync(new() { Port = 0 }, NullLogger<EmbeddedBroker>.Instance);
        transport = MqttTransport.Start(new("127.0.0.1", broker.Port, "centre"), NullLogger<MqttTransport>.Instance);
        App = Installation.Centre(
            0,
            Path.Combine(folder, "keys"),
            new() { City = GridTown.City, Vehicles = [GridTown.Vehicle(1), GridTown.Vehicle(2)], DatabaseFile = Path.Combine(folder, "kehrwerk.db") },
            new() { PeopleFile = Path.Combine(folder, "people.db"), Time = Time },
            new CentreClock(TimeProvider.System, 1),
            transport);
        await App.StartAsync();
        Address = new(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        First = Visit();
        await First.ByPrintedLink("Ada Erste");
    }

    internal Session Visit()
    {
        sessions.Add(new(Address, App.Services.GetRequiredService<OneTimeLinks>()));
        return sessions[^1];
    }

    /// <summary>Invites somebody and signs them in.</summary>
    internal async Task<Session> SignIn(string name, params Role[] roles)
    {
        var page = await Body(await First.Post("/people", "/people/invite", [("name", name), .. roles.Select(role => ("roles", role.ToString()))]));
        var link = Regex.Match(page, @"/invitation\?token=[A-Za-z0-9_-]+").Value;
        var session = Visit();
        await session.Post(link, "/invitation", ("token", link.Split('=')[1]));
        return session;
    }

    internal static async Task<string> Body(HttpResponseMessage answer)
    {
        using (answer)
        {
            return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        sessions.ForEach(session => session.Dispose());
        await App.StopAsync();
        await App.DisposeAsync();
        await transport.DisposeAsync();
        await broker.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Somebody at a browser, which keeps cookies and follows nothing by itself.</summary>
    internal sealed partial class Session(Uri centre, OneTimeLinks links) : IDisposable
    {
        private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = centre, Timeout = TimeSpan.FromSeconds(30) };

        private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

        /// <summary>The handle, once signed in.</summary>
        public async Task<string> Handle() => HandleOnPage().Match(await Body(await Get("/account"))).Groups[1].Value;

        public async Task ByPrintedLink(string name)
        {
            var path = links.IssuePath();
            var answer = await Post(path, "/sign-in", ("token", path.Split('=')[1]), ("name", name));
            Assert.Equal(("/account", HttpStatusCode.Redirect), (answer.Headers.Location?.ToString(), answer.StatusCode));
        }

        public Task<HttpResponseMessage> Get(string path) => Send(HttpMethod.Get, path);

        public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
            request.Headers.AcceptLanguage.Add(new("en"));
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        }

        /// <summary>Opens a page and sends a form from it.</summary>
        public async Task<HttpResponseMessage> Post(string page, string to, params (string Key, string Value)[] fields)
        {
            var token = FormToken().Match(await Body(await Get(page))).Groups[1].Value;
            using var form = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value)), new("__RequestVerificationToken", token)]);
            return await Send(HttpMethod.Post, to, form);
        }

        public void Dispose() => http.Dispose();

        [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
        private static partial Regex FormToken();

        [GeneratedRegex("<code>(p-[a-z0-9]{6})</code>")]
        private static partial Regex HandleOnPage();
    }
}
