using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>The live page, and those for closures and requests, as a person meets them, in a real browser over the running installation.</summary>
[Collection("One browser at a time")]
public sealed class LivePageTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Vehicles_sweep_and_their_kerbs_turn_swept()
    {
        var page = await installation.OpenLivePage();
        var missions = page.Locator("[data-field=mission] meter");

        var before = await Total(missions);
        await page.WaitForFunctionAsync(
            "before => [...document.querySelectorAll('[data-field=mission] meter')].reduce((sum, m) => sum + m.value, 0) > before",
            before,
            new() { Timeout = 120_000 });

        Assert.True(await Total(missions) > before);
        Assert.Empty(installation.OutsideRequests);
    }

    [Fact]
    public async Task A_vehicle_is_stopped_by_keyboard_and_released_only_after_a_question()
    {
        var page = await installation.OpenLivePage();
        var id = await page.Locator("[data-activity=Sweeping]").First.GetAttributeAsync("data-vehicle");
        var card = page.Locator($"[data-vehicle='{id}']");
        await card.Locator("[data-action=select]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.Keyboard.PressAsync("s");
        await page.WaitForSelectorAsync($"[data-vehicle='{id}'][data-activity=Deactivated]", new() { Timeout = 30_000 });
        await card.Locator("[data-action=release]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#release[open]");
        // It stands in the minimal risk condition: without an investigation nothing is sent.
        await page.WaitForSelectorAsync("#investigation:not([hidden])", new() { Timeout = 30_000 });
        await page.Locator("#release-confirm").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await page.Locator("#release[open]").IsVisibleAsync());

        // What endangers traffic is removed first: it cannot be released.
        await page.CheckAsync("#investigation [name=traffic][value=Yes]");
        Assert.True(await page.Locator("#release-confirm").IsDisabledAsync());
        Assert.True(await page.Locator("#mrc-stop-traffic").IsVisibleAsync());
        await page.FillAsync("#mrc-trigger", "A test");
        foreach (var choice in (string[])["needed=Yes", "traffic=No", "defect=No"])
        {
            await page.CheckAsync($"#investigation [name={choice.Split('=')[0]}][value={choice.Split('=')[1]}]");
        }

        foreach (var box in await page.Locator("#investigation [data-check]").AllAsync())
        {
            await box.CheckAsync();
        }

        await page.FillAsync("#mrc-looked", "Nobody is near.");
        await page.Locator("#release-confirm").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForSelectorAsync($"[data-vehicle='{id}']:not([data-activity=Deactivated])", new() { Timeout = 30_000 });
    }

    [Theory]
    [InlineData(ColorScheme.Light, "en", 1440)]
    [InlineData(ColorScheme.Dark, "de", 1440)]
    [InlineData(ColorScheme.Light, "de", 375)]
    public async Task Nothing_serious_is_found_by_the_accessibility_checker(ColorScheme scheme, string language, int width)
    {
        var page = await installation.OpenLivePage(language, scheme, width);

        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(await Serious(page));
    }

    [Fact]
    public async Task A_street_is_closed_and_opened_again_by_keyboard()
    {
        var page = await installation.OpenPage("/closures");
        await page.Locator("#street").FocusAsync();
        await page.Keyboard.TypeAsync("e");
        await page.Keyboard.PressAsync("Enter");
        var which = page.Locator("#which a").First;
        var street = await which.InnerTextAsync();
        await which.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#close");
        Assert.Empty(await Serious(page));

        // Without a reason nothing is sent.
        await page.Locator("#do-close").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(0, await page.Locator("[data-closure]").CountAsync());
        await page.Locator("#reason").FocusAsync();
        await page.Keyboard.TypeAsync("Market <today>");
        await page.Keyboard.PressAsync("Enter");
        var closed = page.Locator("[data-closure]");
        await closed.WaitForAsync();
        Assert.Equal(street, await closed.Locator("h3").InnerTextAsync());
        var text = await closed.InnerTextAsync();
        Assert.Contains("Market <today>", text, StringComparison.Ordinal);
        // By the handle, as on record.
        Assert.Matches(" p-[a-z0-9]+", text);
        Assert.Empty(await Serious(page));

        await closed.Locator("button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(1, await closed.CountAsync());
        await closed.Locator("[name=confirmed]").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await closed.Locator("button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#none-closed");
    }

    [Theory]
    [InlineData("/closures?street=e", ColorScheme.Dark, "de", 375)]
    [InlineData("/requests", ColorScheme.Light, "de", 375)]
    [InlineData("/requests", ColorScheme.Dark, "en", 1440)]
    public async Task The_pages_for_closures_and_requests_can_be_used_by_all(string path, ColorScheme scheme, string language, int width)
    {
        var page = await installation.OpenPage(path, language, scheme, width);

        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal(1, await page.Locator("nav a[aria-current=page]").CountAsync());
        Assert.Empty(await Serious(page));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
    }

    // Not a check but the maker of the README's picture: scripts/picture sets the variable.
    [Fact]
    public async Task The_map_is_drawn()
    {
        var page = await installation.OpenLivePage();
        await page.WaitForFunctionAsync("() => document.querySelector('canvas')?.width > 100");
        if (Environment.GetEnvironmentVariable("KEHRWERK_PICTURE") is { } file)
        {
            await page.WaitForFunctionAsync(
                "() => [...document.querySelectorAll('[data-field=mission] meter')].reduce((sum, m) => sum + m.value, 0) > 60", null, new() { Timeout = 300_000 });
            await page.ScreenshotAsync(new() { Path = file });
        }
    }

    private static async Task<IEnumerable<string>> Serious(IPage page) => (await page.RunAxe()).Violations
        .Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Select(n => n.Html))}");

    private static async Task<double> Total(ILocator meters) =>
        await meters.EvaluateAllAsync<double>("meters => meters.reduce((sum, m) => sum + m.value, 0)");
}
