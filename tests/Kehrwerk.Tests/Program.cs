using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kehrwerk.Tests;

/// <summary>Runs the built program as a process of its own.</summary>
internal static class Program
{
    internal sealed record Result(int ExitCode, string Output, string Errors);

    private static string Dll { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "kehrwerk.dll");

    public static async Task<Result> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it with its output and errors to be read; the caller ends it.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Dll, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("kehrwerk-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A demo town of about 10 km of kerb, as an imported city.</summary>
internal static class SmallTown
{
    public static async Task Import(string data)
    {
        var map = Path.Combine(data, "small.osm");
        var written = await Program.Run("demo-city", map, "--kerb-km", "10");
        var imported = await Program.Run("import", map, "--data", data, "--name", "Kleinstadt");
        if (written.ExitCode != 0 || imported.ExitCode != 0)
        {
            throw new InvalidOperationException(written.Errors + imported.Errors);
        }
    }
}

/// <summary>Ports for a run: Centre, portal, broker.</summary>
internal static class Ports
{
    /// <summary>The first of three ports that nobody uses now.</summary>
    public static int FirstOfThree()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            if (port < 65000 && IsFree(port + 1) && IsFree(port + 2))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>The Mosquitto that is installed, without certificates; ends with this.</summary>
internal sealed class Mosquitto : IDisposable
{
    private readonly Process process;

    private Mosquitto(Process process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Starts it; the test is skipped where it is not installed.</summary>
    public static Mosquitto Start(string folder)
    {
        var program = new[] { "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "Mosquitto is not installed; ./test installs it.");
        var port = Ports.FirstOfThree();
        var configuration = Path.Combine(folder, "mosquitto.conf");
        File.WriteAllText(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\n");
        return new(Process.Start(new ProcessStartInfo(program!, ["-c", configuration]) { RedirectStandardError = true })!, port);
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
