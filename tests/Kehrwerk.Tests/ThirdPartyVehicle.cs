using System.Diagnostics;
using System.Text.Json;
using Kehrwerk.Link;
using Kehrwerk.Streets;

namespace Kehrwerk.Tests;

/// <summary>The virtual vehicle of npm's <c>vda-5050-lib</c>, which speaks VDA 5050 2.0, in a process of its own (ThirdParty/vehicle.js).</summary>
internal sealed class ThirdPartyVehicle : IDisposable
{
    private readonly Process process;
    private readonly List<string> said = [];

    private ThirdPartyVehicle(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>What it wrote to its console, for a test that fails.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return string.Join('\n', said.Take(20));
            }
        }
    }

    /// <summary>It stands at the depot of the city, and speaks.</summary>
    /// <param name="broker">URL.</param>
    /// <param name="files">Paths without ending of its certificate and key, and the authority's file; null for a plain connection.</param>
    public static ThirdPartyVehicle Start(string broker, VehicleId id, City city, double speedMps, (string Own, string Authority)? files = null)
    {
        var node = city.Streets.ArcHead[city.Depot.Arc];
        var at = city.Streets.NodePoint[node];
        var settings = JsonSerializer.Serialize(new
        {
            broker,
            tls = files is { } tls ? new { ca = tls.Authority, cert = tls.Own + ".crt", key = tls.Own + ".key" } : null,
            manufacturer = id.Manufacturer,
            serial = id.Serial,
            position = new { x = at.X, y = at.Y, theta = 0, mapId = city.Fingerprint, lastNodeId = city.Streets.NodeKey(node) },
            speed = speedMps,
        });
        var start = new ProcessStartInfo("node", [Path.Combine(Folder(), "vehicle.js"), settings]) { RedirectStandardError = true, RedirectStandardOutput = true };
        return new(Process.Start(start)!);
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Kehrwerk.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "tests", "Kehrwerk.Tests", "ThirdParty");
    }

    private void Keep(string? line)
    {
        lock (said)
        {
            said.Add(line ?? "");
        }
    }
}
