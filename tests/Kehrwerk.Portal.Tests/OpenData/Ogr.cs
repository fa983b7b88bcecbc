using System.Diagnostics;

namespace Kehrwerk.Portal.Tests.OpenData;

/// <summary>GDAL's program, the judge of what we offer to others.</summary>
internal static class Ogr
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static bool IsThere { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "ogrinfo")));

    /// <summary>What <c>ogrinfo</c> prints; fails where it does.</summary>
    public static async Task<string> Info(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ogrinfo", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var late = new CancellationTokenSource(Patience);
        var errors = process.StandardError.ReadToEndAsync(late.Token);
        var output = await process.StandardOutput.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);
        Assert.True(process.ExitCode == 0 && !(await errors).Contains("ERROR", StringComparison.Ordinal), $"{output}\n{await errors}");
        return output;
    }
}
