using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>The levels of display, the palette, a lost link, and the replay, as a person meets them.</summary>
[Collection("One browser at a time")]
public sealed class ScreenTests(SupervisedInstallation installation) : IClassFixture<SupervisedInstallation>, IAsyncDisposable
{
    private const float Patience = 90_000;

    /// <summary>The browser's clock is a day fast; the page's stream can be cut.</summary>
    private const string WrongClock = """
        const now = Date.now; Date.now = () => now() + 86_400_000;
        const Source = window.EventSource; window.EventSource = class extends Source { constructor(url) { super(window.isCut ? "/none" : url); window.source = this; } };
        """;

    private readonly List<IPage> pages = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var page in pages)
        {
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task The_four_levels_are_reached_by_mouse_by_keyboard_and_by_their_addresses()
    {
        var page = await Live();
        await page.Locator("[data-activity=Sweeping] [data-action=select]").First.ClickAsync();
        await page.WaitForURLAsync("**/vehicles/kehrwerk/*");
        var address = page.Url;
        var name = address.Split('/')[^1];
        Assert.Contains(name, await page.Locator("#stop-one").InnerTextAsync(), StringComparison.Ordinal);
        // The vehicle itself says where it is about to drive.
        await page.WaitForFunctionAsync("() => /\\d/.test(document.querySelector('[data-field=own]').textContent)", null, new() { Timeout = Patience });

        await page.ClickAsync("#levels [data-to=detail]");
        await page.WaitForURLAsync(address + "/detail");
        await page.WaitForSelectorAsync("#charts .chart__line[d]", new() { State = WaitForSelectorState.Attached, Timeout = Patience });
        Assert.NotEqual("", await page.Locator("#detail-lease").InnerTextAsync());
        await page.Keyboard.PressAsync("l");
        await page.WaitForURLAsync(address + "/diagnosis");
        await page.Locator("#diag-messages summary", new() { HasTextString = "State" }).First.WaitForAsync(new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Shift+L");
        await page.WaitForURLAsync(address + "/detail");
        await page.GoBackAsync();
        await page.WaitForURLAsync(address + "/diagnosis");
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForURLAsync(installation.Address + "/");
        Assert.True(await page.Locator("#details").IsHiddenAsync());

        var direct = Keep(await installation.OpenPage(new Uri(address).AbsolutePath + "/diagnosis", "de", ColorScheme.Dark));
        await direct.Locator("#diag-messages summary").First.WaitForAsync(new() { Timeout = Patience });
        await Check(direct);
        Assert.Equal(404, (await direct.GotoAsync(installation.Address + "/vehicles/kehrwerk/none"))!.Status);
        Assert.Contains("kehrwerk/none", await direct.Locator("#no-vehicle").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_is_found_by_the_palette_and_the_keys_are_explained_on_every_page()
    {
        var page = await Live();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("show vehicle kw-02");
        Assert.Equal("palette-0", await page.GetAttributeAsync("#palette-input", "aria-activedescendant"));
        await Check(page);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/vehicles/kehrwerk/KW-02");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("closures");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/closures");
        await page.WaitForSelectorAsync("body[data-ready=true]");
        await page.Keyboard.PressAsync("?");
        await page.WaitForSelectorAsync("#keys[open]");
        Assert.Contains("Ctrl+K", await page.Locator("#keys").InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("Next vehicle", await page.Locator("#keys").InnerTextAsync(), StringComparison.Ordinal);
        await Check(page);
    }

    [Fact]
    public async Task Without_a_link_nothing_can_be_commanded_and_it_comes_back_by_itself_whatever_the_browsers_clock_says()
    {
        var page = await Live(script: WrongClock);
        await page.EvaluateAsync("window.isSame = true");
        // Ages count by the Centre's clock.
        Assert.Equal(0, await page.Locator(".vehicle.is-stale").CountAsync());
        var posts = 0;
        page.Request += (_, request) => posts += request.Method == "POST" && request.Url.Contains("/vehicles/commands", StringComparison.Ordinal) ? 1 : 0;

        await page.EvaluateAsync("window.isCut = true; window.source.close()");
        await page.WaitForSelectorAsync("#stream-lost:not([hidden])", new() { Timeout = Patience });
        await page.WaitForSelectorAsync("#pause-all[aria-disabled=true]");
        await page.ClickAsync("#pause-all", new() { Force = true });
        Assert.Equal(0, posts);
        Assert.Equal(await page.Locator(".vehicle").CountAsync(), await page.Locator(".vehicle.is-stale").CountAsync());

        await page.EvaluateAsync("window.isCut = false");
        await page.WaitForSelectorAsync("#stream-lost[hidden]", new() { State = WaitForSelectorState.Attached, Timeout = Patience });
        await page.WaitForSelectorAsync(".vehicle:not(.is-stale)", new() { Timeout = Patience });
        Assert.True(await page.EvaluateAsync<bool>("window.isSame && document.querySelectorAll('[aria-disabled=true]').length === 0"));
    }

    [Fact]
    public async Task A_past_time_is_replayed_by_keyboard_with_what_was_commanded_and_is_plainly_not_live()
    {
        var live = await Live();
        await live.Locator("[data-activity=Sweeping] [data-action=pause]").First.ClickAsync();
        await live.WaitForSelectorAsync("[data-activity=Paused]", new() { Timeout = Patience });
        var page = Keep(await installation.OpenPage("/replay"));
        await page.WaitForSelectorAsync("body[data-ready=true]");
        await page.Locator("#replay-vehicles li").First.WaitForAsync(new() { Timeout = Patience });
        Assert.Contains("not live", await page.Locator("#not-live").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("#replay-events button", new() { HasTextString = "Pause" }).First.WaitForAsync(new() { Timeout = Patience });

        var before = await Moment(page);
        await page.Keyboard.PressAsync("l");
        Assert.Equal(before + 10_000, await Moment(page));
        await page.Keyboard.PressAsync("f");
        await page.Keyboard.PressAsync("Space");
        await page.WaitForFunctionAsync("before => Number(new URL(location).searchParams.get('at')) > before + 12_000", before, new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Space");
        var linked = await page.GetAttributeAsync("#replay-link", "href");
        await Check(page);

        var again = Keep(await installation.OpenPage(linked!, "de", ColorScheme.Dark, 320));
        await again.Locator("#replay-vehicles li").First.WaitForAsync(new() { Timeout = Patience });
        await Check(again);
    }

    // Not a check but the maker of pictures: scripts/screens sets the variable.
    [Fact]
    public async Task The_levels_and_the_replay_are_drawn()
    {
        if (Environment.GetEnvironmentVariable("KEHRWERK_SCREENS") is not { } folder)
        {
            return;
        }

        foreach (var (scheme, language) in new[] { (ColorScheme.Light, "de"), (ColorScheme.Dark, "en") })
        {
            var mark = scheme == ColorScheme.Light ? "light" : "dark";
            var page = await Live(language, scheme);
            await Draw(page, folder, $"overview-{mark}");
            await page.Locator("[data-activity=Sweeping] [data-action=select]").First.ClickAsync();
            await Draw(page, folder, $"vehicle-{mark}");
            await page.Keyboard.PressAsync("l");
            await Draw(page, folder, $"detail-{mark}");
            await page.ClickAsync("#levels [data-to=diagnosis]");
            await Draw(page, folder, $"diagnosis-{mark}");
            await page.Keyboard.PressAsync("Control+k");
            await Draw(page, folder, $"palette-{mark}");
            await page.Keyboard.PressAsync("Escape");
            await page.Keyboard.PressAsync("Shift+?");
            await Draw(page, folder, $"keys-{mark}");
            await page.Keyboard.PressAsync("Escape");
            await page.Keyboard.PressAsync("Escape");
            await page.Locator("[data-activity=Sweeping] [data-action=stop]").First.ClickAsync();
            await page.Locator("[data-activity=Deactivated] [data-action=release]").First.ClickAsync(new() { Timeout = Patience });
            await page.WaitForSelectorAsync("#investigation:not([hidden])", new() { Timeout = Patience });
            await Draw(page, folder, $"investigation-{mark}");
            var replay = Keep(await installation.OpenPage("/replay", language, scheme));
            await replay.Locator("#replay-vehicles li").First.WaitForAsync(new() { Timeout = Patience });
            await replay.Keyboard.PressAsync("Shift+L");
            await Draw(replay, folder, $"replay-{mark}");
            var closures = Keep(await installation.OpenPage("/closures", language, scheme));
            await Draw(closures, folder, $"closures-{mark}");
            var narrow = Keep(await installation.OpenPage("/", language, scheme, 375));
            await Draw(narrow, folder, $"narrow-{mark}");
        }
    }

    internal static async Task Draw(IPage page, string folder, string name)
    {
        await page.WaitForTimeoutAsync(2500);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    private static async Task<long> Moment(IPage page) => await page.EvaluateAsync<long>("Number(new URL(location).searchParams.get('at') ?? document.getElementById('main').dataset.at)");

    private async Task<IPage> Live(string language = "en", ColorScheme scheme = ColorScheme.Light, string? script = null)
    {
        var page = Keep(await installation.OpenPage("/", language, scheme, script: script));
        await page.WaitForSelectorAsync("body[data-ready=true]");
        await page.WaitForSelectorAsync("[data-activity=Sweeping]", new() { Timeout = Patience });
        return page;
    }

    private IPage Keep(IPage page)
    {
        pages.Add(page);
        return page;
    }

    internal static async Task Check(IPage page)
    {
        Assert.Empty((await page.RunAxe()).Violations.Select(v => $"{page.Url} {v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Select(n => n.Html))}"));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
    }
}
