using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>An installation whose two vehicles never come: enough for everything about people.</summary>
public sealed class QuietInstallation : Installation
{
    protected override string[] Arguments => ["--no-sweepers", "--supervisor", "duty", "--vehicles", "2", "--iterations", "1"];
}

/// <summary>Signing in, accounts, people, qualifications and duty in a real browser, with real passkeys of a virtual authenticator.</summary>
[Collection("One browser at a time")]
public sealed class PeoplePagesTests(QuietInstallation installation) : IClassFixture<QuietInstallation>
{
    [Fact]
    public async Task Somebody_invited_sets_up_a_passkey_signs_in_with_it_and_takes_a_shift_over_by_keyboard()
    {
        var admin = await installation.OpenPage("/people");
        await admin.FillAsync("#name", "Berta Nachfolge");
        await admin.CheckAsync("#invite-Supervisor");
        await admin.ClickAsync("#invite");
        var link = await admin.TextContentAsync("#link");
        await installation.Qualify(admin, "Berta Nachfolge");

        var page = await installation.OpenPage(new Uri(link!).PathAndQuery, isSignedIn: false);
        await AddAuthenticator(page);
        await Press(page, "#sign-in");
        await page.WaitForSelectorAsync("#no-passkey");
        await page.FillAsync("#passkey-name", "Virtual device");
        await Press(page, "#add-passkey");
        await page.WaitForSelectorAsync("#passkeys >> text=Virtual device");
        await Press(page, "#sign-out");
        await page.WaitForURLAsync("**/sign-in");
        await Press(page, "#sign-in-passkey");
        await page.WaitForURLAsync(installation.Address + "/");

        // The one who is on duty hands both vehicles over.
        await admin.GotoAsync(installation.Address + "/duty");
        await admin.SelectOptionAsync("#to", new SelectOptionValue { Label = "Berta Nachfolge" });
        await admin.FillAsync("#text", "KW-02 brakes late in the rain.");
        await Press(admin, "#offer");
        await admin.WaitForSelectorAsync("#said");

        await page.GotoAsync(installation.Address + "/duty");
        Assert.Contains("KW-02 brakes late in the rain.", await page.InnerTextAsync("#offers"), StringComparison.Ordinal);
        await Press(page, "[data-accept]");
        // Not on duty yet: it says so, and nothing is lost.
        Assert.Contains("Sign on first", await page.InnerTextAsync("#problem"), StringComparison.Ordinal);
        await Press(page, "#sign-on");
        await page.WaitForSelectorAsync("#on-duty");
        await Press(page, "[data-accept]");
        await page.WaitForSelectorAsync("#said");
        Assert.Contains("vehicles: 2", await page.InnerTextAsync("#on-duty"), StringComparison.Ordinal);
        Assert.Contains("KW-02 brakes late in the rain.", await page.InnerTextAsync("#past"), StringComparison.Ordinal);

        // What her roles do not allow is not in the navigation, and is refused with a page.
        Assert.Equal(0, await page.Locator("nav a[href='/people']").CountAsync());
        var refused = await page.GotoAsync(installation.Address + "/people");
        Assert.Equal(403, refused!.Status);
        Assert.Contains("Your roles do not allow this.", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await NothingFound(page);
        Assert.Empty(installation.OutsideRequests);
    }

    [Fact]
    public async Task A_passkey_that_nobody_here_has_signs_nobody_in()
    {
        var page = await installation.OpenPage("/sign-in", isSignedIn: false);
        await AddAuthenticator(page);

        await Press(page, "#sign-in-passkey");

        // The authenticator has none for this site.
        await page.WaitForSelectorAsync(".failed:not([hidden])");
        await NothingFound(page);
    }

    [Fact]
    public async Task Called_by_its_number_the_page_leads_to_its_name()
    {
        var page = await installation.OpenPage("/sign-in", isSignedIn: false);
        await page.GotoAsync(installation.Address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal) + "/sign-in");

        Assert.Equal(1, await page.Locator($"main a[href='{installation.Address}/sign-in']").CountAsync());
    }

    [Theory]
    [InlineData(ColorScheme.Light, "en", 1440)]
    [InlineData(ColorScheme.Dark, "de", 1440)]
    [InlineData(ColorScheme.Light, "de", 320)]
    public async Task Nothing_is_found_by_the_accessibility_checker_and_nothing_is_cut(ColorScheme scheme, string language, int width)
    {
        foreach (var path in (string[])["/sign-in", "/account", "/people", "/qualifications", "/duty", "/record", "/record/events", "/upkeep", "/upkeep/departure?vehicle=kehrwerk%2FKW-01"])
        {
            var page = await installation.OpenPage(path, language, scheme, width, isSignedIn: path != "/sign-in");
            foreach (var details in await page.Locator("main details").AllAsync())
            {
                await details.EvaluateAsync("details => details.open = true");
            }

            Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
            await NothingFound(page);
            // 320 px is what 400 % zoom leaves of a screen of 1280.
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{path} is wider than {width} px");
            if (Environment.GetEnvironmentVariable("KEHRWERK_SCREENS") is { } folder)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{path[1..].Split('?')[0].Replace('/', '-')}-{language}-{scheme}-{width}.png"), FullPage = true });
            }

            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task A_departure_check_is_done_on_a_tablet_by_keyboard_alone_and_its_report_is_proven()
    {
        var page = await installation.OpenPage("/upkeep", width: 820);
        await Press(page, "[data-vehicle='kehrwerk/KW-02'] a");
        await page.WaitForSelectorAsync(".departure");
        Assert.All(await Task.WhenAll((await page.Locator(".departure__answer").AllAsync()).Select(answer => answer.BoundingBoxAsync())), box => Assert.True(box!.Height >= 48, $"{box.Height} px are too small for a finger"));

        await page.Locator("[data-item] input").First.FocusAsync();
        for (var item = 0; item < 8; item++)
        {
            Assert.StartsWith("good-", await Focused(page), StringComparison.Ordinal);
            await page.Keyboard.PressAsync("Space");
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal("remark", await Focused(page));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("sign", await Focused(page));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#said");

        Assert.Equal("true", await page.GetAttributeAsync("[data-vehicle='kehrwerk/KW-02']", "data-cleared"));
        await Press(page, "#reports a >> nth=0");
        Assert.Equal("true", await page.Locator("#proven").GetAttributeAsync("data-proven"));
        await NothingFound(page);
    }

    // Not a check but the maker of pictures: scripts/screens sets the variable.
    [Fact]
    public async Task The_record_and_the_checks_are_drawn()
    {
        if (Environment.GetEnvironmentVariable("KEHRWERK_SCREENS") is not { } folder)
        {
            return;
        }

        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var (path, name, width) in new[] { ("/record", "record", 1440), ("/record/events", "record-events", 1440), ("/upkeep", "upkeep", 1440), ("/upkeep/departure?vehicle=kehrwerk%2FKW-01", "departure", 820) })
            {
                var page = await installation.OpenPage(path, "de", scheme, width);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(scheme == ColorScheme.Light ? "light" : "dark")}.png"), FullPage = true });
                await page.Context.CloseAsync();
            }
        }
    }

    private static Task<string> Focused(IPage page) => page.EvaluateAsync<string>("document.activeElement.id");

    private static async Task AddAuthenticator(IPage page)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    /// <summary>By keyboard.</summary>
    private static async Task Press(IPage page, string button)
    {
        await page.Locator(button).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task NothingFound(IPage page)
    {
        var result = await page.RunAxe();
        Assert.Empty(result.Violations.Select(v => $"{page.Url}: {v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Select(n => n.Html))}"));
    }
}
