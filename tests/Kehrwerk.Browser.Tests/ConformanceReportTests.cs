using System.Diagnostics;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Kehrwerk.Browser.Tests;

/// <summary>The HTML report of <c>conform</c> as a person opens it: a file, without a server.</summary>
public sealed class ConformanceReportTests
{
    [Theory]
    [InlineData(ColorScheme.Light, "en", 1200)]
    [InlineData(ColorScheme.Dark, "de", 375)]
    public async Task Nothing_is_found_by_the_accessibility_checker(ColorScheme scheme, string language, int width)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("kehrwerk-report-").FullName, "report.html");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "kehrwerk.dll"), "conform", "--self", "--simulated", "--html", file, "--lang", language])
        {
            RedirectStandardOutput = true,
        })!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-background-networking", "--no-first-run"],
        });
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(file).AbsoluteUri);

        var result = await page.RunAxe();

        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(result.Violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join("; ", violation.Nodes.Select(node => node.Html))}"));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
