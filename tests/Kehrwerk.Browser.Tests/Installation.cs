using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>A running Kehrwerk on a small demo town, and Debian's Chromium, signed in. Started once for all tests of a class.</summary>
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

    /// <summary>When a supervisor counts as on duty.</summary>
    protected virtual string Supervisor => "page";

    /// <summary>Every request that left for another origin than the Centre's; must stay empty.</summary>
    public List<string> OutsideRequests { get; } = [];

    public async ValueTask InitializeAsync()
    {
        var port = FreePort();
        var picture = Environment.GetEnvironmentVariable("KEHRWERK_PICTURE");
        process = Start("run", "--data", data, "--port", $"{port}", "--broker-port", $"{FreePort()}", "--speed", picture is null ? "5" : "20", "--lease-timeout", "30", "--supervisor", Supervisor, "--vehicles", "4", "--iterations", "500");
        var link = await SignInLink(process);
        Address = $"http://127.0.0.1:{port}";
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
        await using var context = await browser.NewContextAsync(new() { Locale = "en" });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(link);
        await page.FillAsync("#name", "Test");
        await page.ClickAsync("#sign-in");
        await page.WaitForURLAsync(Address + "/");
        signedIn = await context.StorageStateAsync();
    }

    public async Task<IPage> OpenLivePage(string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1440)
    {
        var page = await Open("/", language, scheme, width);
        await page.WaitForSelectorAsync("body[data-ready=true]");
        await page.WaitForSelectorAsync("[data-activity=Sweeping]", new() { Timeout = 90_000 });
        return page;
    }

    /// <summary>Any page of the Centre, as far as the server sends it.</summary>
    public async Task<IPage> Open(string path, string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1440)
    {
        var context = await browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            Locale = language,
            ColorScheme = scheme,
            StorageState = signedIn,
        });
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Address, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                OutsideRequests.Add(request.Url);
            }
        };
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Address + path);
        return page;
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

    private static Process Start(params string[] arguments) => Process.Start(
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"http://\S+token=\S+")]
    private static partial Regex Link();
}

/// <summary>One whose vehicles drive also where no page shows the map.</summary>
public sealed class SupervisedInstallation : Installation
{
    protected override string Supervisor => "always";
}
