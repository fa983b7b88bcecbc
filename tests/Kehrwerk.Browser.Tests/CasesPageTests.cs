using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>The case queue as a person meets it, by mouse and by keyboard alone.</summary>
[Collection("One browser at a time")]
public sealed class CasesPageTests(SupervisedInstallation installation) : IClassFixture<SupervisedInstallation>, IAsyncDisposable
{
    private const float Patience = 90_000;
    private readonly List<IPage> pages = [];

    /// <summary>A page with a map that nobody looks at any more would slow down the next test.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var page in pages)
        {
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task By_mouse_a_stopped_vehicle_is_a_case_of_who_stopped_it_and_its_release_ends_it()
    {
        var page = await Live();
        var id = await page.Locator("[data-activity=Sweeping]").First.GetAttributeAsync("data-vehicle");
        var name = id!.Split('/')[1];
        await page.Locator($"[data-vehicle='{id}'] [data-action=stop]").ClickAsync();

        var item = page.Locator(".case[data-kind=Deactivated][data-mine=true]").Filter(new() { HasText = name });
        await item.WaitForAsync(new() { Timeout = Patience });
        await page.WaitForSelectorAsync($"[data-vehicle='{id}'][data-activity=Deactivated]", new() { Timeout = Patience });
        await item.Locator("button").ClickAsync();
        Assert.Contains("hazard lights", await page.Locator("#case-else").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("#case-proposals [data-action=Release]").ClickAsync();

        // Without every step of the investigation nothing is sent.
        await page.WaitForSelectorAsync("#investigation:not([hidden])", new() { Timeout = Patience });
        await page.ClickAsync("#release-confirm");
        Assert.NotEqual("", await page.Locator("#release-failed").InnerTextAsync());
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
        await page.ClickAsync("#release-confirm");

        await page.WaitForSelectorAsync($"[data-vehicle='{id}']:not([data-activity=Deactivated])", new() { Timeout = Patience });
        await item.WaitForAsync(new() { State = WaitForSelectorState.Detached, Timeout = Patience });
        var cases = await Open("/cases");
        var closed = cases.Locator("#closed-list tr").Filter(new() { HasText = "Vehicle deactivated" }).First;
        Assert.Contains("Investigate and release", await closed.InnerTextAsync(), StringComparison.Ordinal);
        await closed.Locator("a").ClickAsync();
        Assert.Contains("Nobody is near.", await cases.Locator(".history").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_keyboard_alone_a_call_is_taken_down_shelved_taken_decided_handed_over_and_closed()
    {
        var page = await Cases();
        const string call = "A resident calls: something lies in the street";
        await page.Keyboard.PressAsync("r");
        await page.Keyboard.TypeAsync(call);
        await page.Locator("#report-text").PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#report:not([open])", new() { State = WaitForSelectorState.Attached, Timeout = Patience });
        await page.Locator(".case").Filter(new() { HasText = call }).WaitForAsync(new() { Timeout = Patience });
        // Other tests leave cases too.
        for (var i = 0; i < 20 && !(await page.Locator("#case").InnerTextAsync()).Contains(call, StringComparison.Ordinal); i++)
        {
            await page.Keyboard.PressAsync("n");
        }

        Assert.Equal("case-title", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.Keyboard.PressAsync("a");
        await Shows(page, "seen");
        await page.Keyboard.PressAsync("z");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("the depot knows");
        await page.Keyboard.PressAsync("Enter");
        await Shows(page, "shelved");
        await page.Keyboard.PressAsync("t");
        await Shows(page, "in hand: mine");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Enter");
        await Shows(page, "decided: mine");
        await page.Keyboard.PressAsync("h");
        await page.Keyboard.TypeAsync("Bea");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("my shift ends");
        await page.Keyboard.PressAsync("Enter");
        await Shows(page, "in hand: Bea");

        // What belongs to Bea is taken over only with a reason, and Escape leaves it with her.
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.PressAsync("Escape");
        await Shows(page, "in hand: Bea");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.TypeAsync("Bea has left");
        await page.Keyboard.PressAsync("Enter");
        await Shows(page, "in hand: mine");
        await page.Keyboard.PressAsync("e");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#closed-list tr").Filter(new() { HasText = "Call back" }).WaitForAsync(new() { Timeout = Patience });
        Assert.Equal("cases", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Empty(installation.OutsideRequests);
    }

    [Fact]
    public async Task Of_two_screens_the_second_is_told_who_was_first_and_what_it_wrote_stays()
    {
        var first = await Cases();
        var second = await Cases();
        await Report(first, "A call that two people see");
        await Choose(first, "A call that two people see");
        await Choose(second, "A call that two people see");

        await second.Keyboard.PressAsync("e");
        await second.FillAsync("#case-text", "called back");
        await first.Keyboard.PressAsync("a");
        await Shows(first, "seen");
        await second.Keyboard.PressAsync("Enter");
        await second.WaitForFunctionAsync("() => document.getElementById('case-failed').textContent.includes('was first')", null, new() { Timeout = Patience });
        Assert.Equal("called back", await second.InputValueAsync("#case-text"));
        await second.Keyboard.PressAsync("Enter");
        await second.Locator("#closed-list tr").Filter(new() { HasText = "called back" }).WaitForAsync(new() { Timeout = Patience });
    }

    [Theory]
    [InlineData(ColorScheme.Light, "en", 1440)]
    [InlineData(ColorScheme.Dark, "de", 1440)]
    [InlineData(ColorScheme.Dark, "en", 320)]
    public async Task Nothing_is_found_by_the_accessibility_checker_and_nothing_is_cut(ColorScheme scheme, string language, int width)
    {
        var cases = await Cases(language, scheme, width);
        await Report(cases, $"A call for the checker {language} {width}");
        await Choose(cases, $"A call for the checker {language} {width}");
        await cases.Keyboard.PressAsync("h");
        await cases.Keyboard.PressAsync("2");
        await Check(cases, language, width);
        await Check(await Open("/cases/figures", language, scheme, width), language, width);
        await Check(await Open("/cases/1", language, scheme, width), language, width);
    }

    // Not a check but the maker of pictures: scripts/screens sets the variable.
    [Fact]
    public async Task The_pages_of_cases_are_drawn()
    {
        if (Environment.GetEnvironmentVariable("KEHRWERK_SCREENS") is not { } folder)
        {
            return;
        }

        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var live = await Live("de", scheme);
            await Report(live, "Anruf: Vor Haus 12 liegt Sperrmüll auf der Straße");
            await live.Locator("[data-activity=Sweeping] [data-action=stop]").First.ClickAsync();
            await live.WaitForSelectorAsync(".case[data-kind=Deactivated]", new() { Timeout = Patience });
            await live.Locator(".case[data-kind=Deactivated] button").First.ClickAsync();
            await live.WaitForTimeoutAsync(3000);
            await live.ScreenshotAsync(new() { Path = Path.Combine(folder, $"live-cases-{Name(scheme)}.png") });
            var cases = await Cases("de", scheme);
            await cases.Keyboard.PressAsync("n");
            await cases.WaitForTimeoutAsync(1000);
            await cases.ScreenshotAsync(new() { Path = Path.Combine(folder, $"cases-{Name(scheme)}.png") });
            var figures = await Open("/cases/figures", "de", scheme);
            await figures.ScreenshotAsync(new() { Path = Path.Combine(folder, $"figures-{Name(scheme)}.png") });
        }

        static string Name(ColorScheme scheme) => scheme == ColorScheme.Light ? "light" : "dark";
    }

    private async Task<IPage> Live(string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1440) =>
        Keep(await installation.OpenLivePage(language, scheme, width));

    private async Task<IPage> Open(string path, string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1440) =>
        Keep(await installation.OpenPage(path, language, scheme, width));

    private IPage Keep(IPage page)
    {
        pages.Add(page);
        return page;
    }

    private async Task<IPage> Cases(string language = "en", ColorScheme scheme = ColorScheme.Light, int width = 1440)
    {
        var page = await Open("/cases", language, scheme, width);
        await page.WaitForSelectorAsync("body[data-ready=true]");
        return page;
    }

    private static async Task Report(IPage page, string text)
    {
        await page.ClickAsync("#case-report");
        await page.FillAsync("#report-text", text);
        await page.ClickAsync("#report [type=submit]");
        await page.WaitForSelectorAsync("#report:not([open])", new() { State = WaitForSelectorState.Attached, Timeout = Patience });
    }

    private static async Task Choose(IPage page, string text)
    {
        var item = page.Locator(".case").Filter(new() { HasText = text });
        await item.WaitForAsync(new() { Timeout = Patience });
        await item.Locator("button").ClickAsync();
        await page.Locator("#case").Filter(new() { HasText = text }).WaitForAsync();
    }

    private static async Task Shows(IPage page, string state) =>
        await page.WaitForFunctionAsync("state => document.querySelector('#case [data-field=state]').textContent.startsWith(state)", state, new() { Timeout = Patience });

    private static async Task Check(IPage page, string language, int width)
    {
        var result = await page.RunAxe();

        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(result.Violations.Select(v => $"{page.Url} {v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Select(n => n.Html))}"));
        Assert.Equal(width, await page.EvaluateAsync<int>("Math.max(innerWidth, document.documentElement.scrollWidth)"));
    }
}
