using System.Globalization;
using Kehrwerk.Streets;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>A manoeuvre is judged and released: with a vehicle that asks over the real broker.</summary>
[Collection("One browser at a time")]
public sealed class ManoeuvreTests(OpenInstallation installation) : IClassFixture<OpenInstallation>
{
    private const float Patience = 90_000;

    [Fact]
    public async Task By_keyboard_a_path_is_chosen_and_granted_only_after_a_look_and_its_stages_are_shown()
    {
        var page = await installation.OpenPage("/", "en", ColorScheme.Light);
        await page.WaitForSelectorAsync("body[data-ready=true]");
        var bounds = (await page.GetAttributeAsync("#map", "data-bounds"))!.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        await using var vehicle = await AskingVehicle.Start(installation.BrokerPort, new GeoPoint((bounds[1] + bounds[3]) / 2, (bounds[0] + bounds[2]) / 2));
        await page.Locator(".case[data-kind=Request]").WaitForAsync(new() { Timeout = Patience });

        await page.Keyboard.PressAsync("v");
        await page.WaitForURLAsync("**/KW-01/manoeuvre");
        await page.Locator("#man-list li").Nth(1).WaitForAsync(new() { Timeout = Patience });
        Assert.Contains("truck (in the way)", await page.Locator("#man-seen").InnerTextAsync(), StringComparison.Ordinal);
        await page.WaitForSelectorAsync("[data-vehicle='kehrwerk/KW-01']:not(.is-stale)", new() { Timeout = Patience });
        if (Environment.GetEnvironmentVariable("KEHRWERK_SCREENS") is { } folder)
        {
            await page.Keyboard.PressAsync("1");
            await ScreenTests.Draw(page, folder, "manoeuvre-light");
            var dark = await installation.OpenPage("/vehicles/kehrwerk/KW-01/manoeuvre", "de", ColorScheme.Dark);
            await dark.Locator("#man-list li").Nth(1).WaitForAsync(new() { Timeout = Patience });
            await dark.Locator("#man-list input").First.CheckAsync();
            await ScreenTests.Draw(dark, folder, "manoeuvre-dark");
            await dark.Context.CloseAsync();
        }

        // Without a choice and a look nothing is sent, without a reason nothing is rejected.
        await page.Keyboard.PressAsync("x");
        Assert.NotEqual("", await page.Locator("#man-failed").InnerTextAsync());
        await page.Locator("#details-title").FocusAsync();
        await page.Keyboard.PressAsync("2");
        await page.Keyboard.PressAsync("g");
        Assert.Contains("looked", await page.Locator("#man-failed").InnerTextAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Space");
        await ScreenTests.Check(page);
        await page.Keyboard.PressAsync("g");

        foreach (var stage in (string[])["grant has arrived", "drives", "driven to its end"])
        {
            await page.Locator("#man-stages li", new() { HasTextString = stage }).First.WaitForAsync(new() { Timeout = Patience });
        }

        Assert.Contains("Path 2: driven to its end", await page.Locator("#man-stages").InnerTextAsync(), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }
}
