using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>
/// A running Kehrwerk on a small demo town, and Debian's Chromium, signed in as the first person, who is qualified and on duty with all
/// vehicles. Started once for all tests of a class.
/// </summary>
public partial class Installation : IAsyncLifetime
{
    // A machine that does much else is slow to draw maps.
    private const float Patience = 90_000;

    private readonly string data = Directory.CreateTempSubdirectory("kehrwerk-browser-").FullName;
    private Process? process;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private string signedIn = "";

    public string Address { get; private set; } = "";

    public int BrokerPort { get; } = FreePort();

    /// <summary>What the program is started with, beside where.</summary>
    protected virtual string[] Arguments =>
        ["--speed", Environment.GetEnvironmentVariable("KEHRWERK_PICTURE") is null ? "5" : "20", "--lease-timeout", "30", "--supervisor", "duty", "--vehicles", "4", "--iterations", "500"];

    /// <summary>Every request that left for another origin than the Centre's; must stay empty.</summary>
    public List<string> OutsideRequests { get; } = [];

    public async ValueTask InitializeAsync()
    {
        var port = FreePort();
        process = Start(["run", "--data", data, "--port", $"{port}", "--broker-port", $"{BrokerPort}", .. Arguments]);
        var link = await SignInLink(process);
        Address = new Uri(link).GetLeftPart(UriPartial.Authority);
        playwright = await Playwright.CreateAsync();
        browser = await Launch(playwright);
        await using var context = await browser.NewContextAsync(new() { Locale = "en" });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(link);
        await page.FillAsync("#name", "Test");
        await page.ClickAsync("#sign-in");
        await page.WaitForURLAsync(Address + "/account");
        await GoOnDuty(page, "Test");
        signedIn = await context.StorageStateAsync();
    }

    public async Task<IPage> OpenLivePage(string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1440)
    {
        var page = await OpenPage("/", language, scheme, width);
        await page.WaitForSelectorAsync("body[data-ready=true]");
        await page.WaitForSelectorAsync("[data-activity=Sweeping]", new() { Timeout = 90_000 });
        return page;
    }

    /// <summary>A page of its own, with cookies of its own.</summary>
    /// <param name="isSignedIn">As the first person; else as nobody.</param>
    /// <param name="script">Runs before the page's own.</param>
    public async Task<IPage> OpenPage(string path, string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1440, bool isSignedIn = true, string? script = null)
    {
        var context = await browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            Locale = language,
            ColorScheme = scheme,
            StorageState = isSignedIn ? signedIn : null,
        });
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Address, StringComparison.Ordinal) && !request.Url.StartsWith(Address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal), StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                OutsideRequests.Add(request.Url);
            }
        };
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        if (script is not null)
        {
            await page.AddInitScriptAsync(script);
        }

        await page.GotoAsync(Address + path);
        return page;
    }

    /// <summary>Enters what the law asks of a supervisor for the person of that name, and signs on to duty with every vehicle that nobody has.</summary>
    private async Task GoOnDuty(IPage page, string name)
    {
        await Qualify(page, name);
        await page.GotoAsync(Address + "/duty");
        foreach (var vehicle in await page.Locator("[name=vehicles]").AllAsync())
        {
            await vehicle.CheckAsync();
        }

        await page.ClickAsync("#sign-on");
        await page.WaitForSelectorAsync("#on-duty");
    }

    /// <param name="page">Of somebody who may enter qualifications.</param>
    public async Task Qualify(IPage page, string name)
    {
        await page.GotoAsync(Address + "/qualifications");
        foreach (var kind in (string[])["Degree", "ManufacturerTraining", "DrivingLicence", "Reliability"])
        {
            var person = await page.Locator("#person option", new() { HasTextString = name }).First.GetAttributeAsync("value");
            await page.SelectOptionAsync("#person", person!);
            await page.SelectOptionAsync("#kind", kind);
            if (kind != "Degree")
            {
                await page.FillAsync("#validUntil", $"{TimeProvider.System.GetLocalNow().AddYears(1):yyyy-MM-dd}");
            }

            await page.FillAsync("#document", "Test");
            await page.ClickAsync("#enter");
            await page.WaitForSelectorAsync("#said");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(data, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal static Task<IBrowser> Launch(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
    });

    internal static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "kehrwerk.dll"), .. arguments]) { RedirectStandardError = true })!;

    private static async Task<string> SignInLink(Process process)
    {
        var heard = new List<string>();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            heard.Add(line);
            if (Link().Match(line) is { Success: true } link)
            {
                // Whoever does not read on would stop a program that has more to say.
                _ = process.StandardError.ReadToEndAsync();
                return link.Value;
            }
        }

        throw new InvalidOperationException("The program did not start: " + string.Join('\n', heard));
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"http://\S+token=\S+")]
    private static partial Regex Link();
}

/// <summary>One to which vehicles connect from outside.</summary>
public sealed class OpenInstallation : Installation
{
    protected override string[] Arguments => ["--no-sweepers", "--vehicles", "2", "--iterations", "200"];
}

/// <summary>One whose vehicles drive also where no page shows the map.</summary>
public sealed class SupervisedInstallation : Installation
{
    protected override string[] Arguments => [.. base.Arguments.Select(argument => argument == "duty" ? "always" : argument)];
}
