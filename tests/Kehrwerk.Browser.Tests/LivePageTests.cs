using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>The live page as a person meets it, in a real browser over the running installation.</summary>
[Collection("Pages")]
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
        await page.FillAsync("#release-finding", "A test; the stop was needed");
        await page.FillAsync("#release-looked", "Nobody is near.");
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

        var result = await page.RunAxe();

        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(result.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Select(n => n.Html))}"));
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

    private static async Task<double> Total(ILocator meters) =>
        await meters.EvaluateAllAsync<double>("meters => meters.reduce((sum, m) => sum + m.value, 0)");
}
