using System.Diagnostics;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>A running Portal of the demo city, and Debian's Chromium. Started once for all tests of a class.</summary>
public sealed class RunningPortal : IAsyncLifetime
{
    private readonly string data = Directory.CreateTempSubdirectory("kehrwerk-portal-").FullName;
    private Process? process;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public string Address { get; private set; } = "";

    /// <summary>Every request that left for another origin; must stay empty.</summary>
    public List<string> OutsideRequests { get; } = [];

    public async ValueTask InitializeAsync()
    {
        var port = Installation.FreePort();
        process = Installation.Start("portal", "--data", data, "--port", $"{port}");
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains("Ctrl+C", StringComparison.Ordinal))
        {
        }

        _ = process.StandardError.ReadToEndAsync();
        Address = $"http://127.0.0.1:{port}";
        playwright = await Playwright.CreateAsync();
        browser = await Installation.Launch(playwright);
    }

    public async Task<IPage> Open(string path, string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1280, bool scripts = true)
    {
        var context = await browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, Locale = language, ColorScheme = scheme, JavaScriptEnabled = scripts });
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                OutsideRequests.Add(request.Url);
            }
        };
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
    }
}

/// <summary>The Portal as a person meets it.</summary>
[Collection("One browser at a time")]
public sealed class PortalTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    // An address of the demo city at which something has changed, with a number that no other street of the beginning has.
    private async Task<string> SomeAddress(IPage page)
    {
        await page.GotoAsync(portal.Address + "/aenderungen");
        return await page.Locator(".changes a").First.InnerTextAsync();
    }

    [Fact]
    public async Task An_address_is_found_and_read_by_keyboard_alone()
    {
        var page = await portal.Open("/");
        var address = await SomeAddress(page);
        await page.GotoAsync(portal.Address + "/");

        // From the top of the page by Tab to the box.
        for (var i = 0; i < 20 && await page.EvaluateAsync<string?>("document.activeElement?.id") != "q"; i++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.TypeAsync(address[..^12]);
        await page.WaitForSelectorAsync("[role=combobox][aria-expanded=true]");
        await page.Keyboard.PressAsync("ArrowDown");
        var active = await page.Locator("[role=combobox]").GetAttributeAsync("aria-activedescendant");
        Assert.Equal("true", await page.Locator($"#{active}").GetAttributeAsync("aria-selected"));
        for (var i = 0; i < 8 && await page.Locator("[role=option][aria-selected=true]").InnerTextAsync() != address; i++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        Assert.Equal(address, await page.Locator("[role=option][aria-selected=true]").InnerTextAsync());
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/adresse/**");

        Assert.Equal(address, await page.Locator("h1").InnerTextAsync());
        var tree = await page.Locator("main").AriaSnapshotAsync();
        Assert.Contains("- heading \"Fibre at this address\" [level=2]", tree, StringComparison.Ordinal);
        Assert.Contains("- list \"Progress of the build-out\"", tree, StringComparison.Ordinal);
        Assert.Contains("- heading \"What you can do now\" [level=2]", tree, StringComparison.Ordinal);
        Assert.Empty(portal.OutsideRequests);
    }

    [Fact]
    public async Task Escape_closes_the_suggestions_and_keeps_what_was_typed()
    {
        var page = await portal.Open("/");
        await page.Locator("#q").PressSequentiallyAsync("haydn");
        await page.WaitForSelectorAsync("[role=option]");

        await page.Keyboard.PressAsync("Escape");

        Assert.Equal("false", await page.Locator("#q").GetAttributeAsync("aria-expanded"));
        Assert.Equal("haydn", await page.Locator("#q").InputValueAsync());
    }

    [Fact]
    public async Task Everything_works_without_scripts()
    {
        var page = await portal.Open("/", scripts: false);
        await page.FillAsync("#q", "Haydnstraße");
        await page.ClickAsync("form[role=search] button");
        await page.Locator(".numbers a").First.ClickAsync();

        Assert.StartsWith("Haydnstraße", await page.Locator("h1").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.Locator(".statement").CountAsync() > 0 || await page.GetByText("No source says").IsVisibleAsync());
    }

    [Fact]
    public async Task The_map_leads_from_an_address_to_what_is_there_and_keeps_what_is_chosen_in_its_address()
    {
        var page = await portal.Open("/");
        await SomeAddress(page);
        await page.Locator(".changes a").First.ClickAsync();
        var name = await page.Locator("h1").InnerTextAsync();
        await page.RunAndWaitForResponseAsync(() => page.GetByText("Show on the fibre map").ClickAsync(), r => r.Url.Contains("/karte/kacheln/", StringComparison.Ordinal) && r.Ok);
        await page.WaitForFunctionAsync("document.querySelector('.maplibregl-canvas')");

        // The house lies in the middle; its tile is drawn soon after it has come.
        var here = page.Locator("[data-here-list] a");
        for (var i = 0; i < 40 && await here.CountAsync() == 0; i++)
        {
            await page.WaitForTimeoutAsync(100);
            await page.Locator(".maplibregl-canvas").ClickAsync();
        }

        Assert.Contains("/adresse/", await here.First.GetAttributeAsync("href"), StringComparison.Ordinal);
        var number = name.Split(',')[0].Split(' ')[^1];
        Assert.EndsWith($" {number}", await here.First.InnerTextAsync(), StringComparison.Ordinal);

        await page.Locator("input[name=stand][value=Passed]").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        Assert.EndsWith("#project-MS-Z", await page.Locator("[data-list] > li[hidden] a").GetAttributeAsync("href"), StringComparison.Ordinal);
        Assert.Contains("stand=Active", page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("stand=Passed&", page.Url, StringComparison.Ordinal);
        Assert.Equal(page.Url, await page.Locator("[data-permalink]").EvaluateAsync<string>("link => link.href"));
        Assert.Contains("embed=1", await page.Locator("[data-embed]").InputValueAsync(), StringComparison.Ordinal);

        // Whoever opens the address sees the same.
        await page.GotoAsync(page.Url);
        Assert.False(await page.Locator("input[name=stand][value=Passed]").IsCheckedAsync());
        Assert.Equal(1, await page.Locator("[data-list] > li[hidden]").CountAsync());
        Assert.Empty(portal.OutsideRequests);
    }

    [Theory]
    [InlineData(ColorScheme.Light, "de", 320)]
    [InlineData(ColorScheme.Dark, "en", 1280)]
    public async Task No_page_has_a_fault_of_accessibility_or_is_cut(ColorScheme scheme, string language, int width)
    {
        var start = await portal.Open("/aenderungen");
        var address = await start.Locator(".changes a").First.GetAttributeAsync("href");
        await start.GotoAsync(portal.Address + "/kehrtage");
        var street = await start.Locator(".table a").First.GetAttributeAsync("href");
        var page = await portal.Open("/", language, scheme, width);
        var faults = new List<string>();
        foreach (var path in new[] { "/", "/suche?q=haydn", "/suche?q=qqqq", address!, "/karte", "/karte?embed=1&stand=Active", "/kehrtage", street!, "/projekte", "/aenderungen", "/datenstand", "/daten", "/ogc/collections/projects", "/ogc/collections/projects/items", "/ogc/api?f=html", "/nirgends" })
        {
            await page.GotoAsync(portal.Address + path);

            var result = await page.RunAxe();

            faults.AddRange(result.Violations.Select(v => $"{path}: {v.Id}: {v.Help} at {string.Join(", ", v.Nodes.Select(n => n.Html))}"));
            // 1280 points at 400 % are 320.
            faults.AddRange(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth") ? [] : [$"{path} is wider than {width}"]);
            faults.AddRange(await page.Locator("html").GetAttributeAsync("lang") == language ? [] : [$"{path} is not in {language}"]);
        }

        await page.Context.CloseAsync();
        Assert.Empty(faults);
    }
}
