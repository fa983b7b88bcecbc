using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>Reads an instance and says what is wrong with it, by its place in the file.</summary>
public static class SweepInstanceReader
{
    private const int MostArcs = 500_000;
    private const int MostNumber = 1_000_000_000;
    private const int MostDayMs = 7 * 86_400_000;
    private const int MostVehicles = 1_000;

    /// <summary>Whether a file is JSON, by its first character; says nothing of the rest.</summary>
    public static bool Recognises(TextReader text)
    {
        while (text.Read() is var c and >= 0)
        {
            if (!char.IsWhiteSpace((char)c) && c != 0xFEFF)
            {
                return c == '{';
            }
        }

        return false;
    }

    /// <inheritdoc cref="Recognises(TextReader)"/>
    public static bool Recognises(string path)
    {
        try
        {
            using var text = new StreamReader(path);
            return Recognises(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <exception cref="InputException">The file cannot be read, or is no sound instance; the message names the place in it.</exception>
    public static SweepInstance Read(string path)
    {
        var instance = SweepFile.Read(path, SweepJson.Default.SweepInstance);
        Require(instance, path);
        return instance;
    }

    /// <param name="source">The file as the person knows it.</param>
    internal static void Require(SweepInstance instance, string source)
    {
        var rules = new FileRules(source);
        rules.Hold(instance.Format == SweepInstance.FormatName, "$.format", $"it is '{SweepFile.Shown(instance.Format)}'", $"Give a file of the format {SweepInstance.FormatName}");
        rules.Hold(instance.Version == SweepInstance.FormatVersion, "$.version", $"it is {instance.Version}", $"This program reads version {SweepInstance.FormatVersion}");
        RequireNetwork(instance.Network, rules);
        rules.InRange("$.kerbs.length", instance.Kerbs.Length, 1, ProblemRules.MostTasksPerDay);
        rules.InRange("$.sites.length", instance.Sites.Length, 1, 100);
        rules.InRange("$.vehicles.length", instance.Vehicles.Length, 1, 100);
        rules.Distinct("$.kerbs", instance.Kerbs.Select(kerb => kerb.Id));
        rules.Distinct("$.sites", instance.Sites.Select(site => site.Id));
        rules.Distinct("$.vehicles", instance.Vehicles.Select(vehicle => vehicle.Id));
        foreach (var (i, kerb) in instance.Kerbs.Index())
        {
            RequireKerb(kerb, $"$.kerbs[{i}]", instance.Network, rules);
        }

        foreach (var (i, site) in instance.Sites.Index())
        {
            var path = $"$.sites[{i}]";
            rules.InRange($"{path}.arc", site.Arc, 0, instance.Network.ArcFromNode.Length - 1);
            rules.InRange($"{path}.stopMs", site.StopMs, 0, MostDayMs);
            rules.InRange($"{path}.tipBays", site.TipBays, 0, MostVehicles);
            rules.InRange($"{path}.fillBays", site.FillBays, 0, MostVehicles);
            rules.InRange($"{path}.chargeBays", site.ChargeBays, 0, MostVehicles);
            rules.InRange($"{path}.maxPowerW", site.MaxPowerW, 0, MostNumber);
        }

        rules.Hold(instance.Sites.Any(site => site.TipBays > 0), "$.sites", "none has a bay to tip", "Every tour ends with tipping: give one site tipBays");
        foreach (var (i, vehicle) in instance.Vehicles.Index())
        {
            RequireVehicle(vehicle, $"$.vehicles[{i}]", instance.Network, rules);
        }
    }

    private static void RequireNetwork(NetworkPart network, FileRules rules)
    {
        var arcs = network.ArcFromNode.Length;
        rules.InRange("$.network.nodes", network.Nodes, 1, MostArcs);
        rules.InRange("$.network.arcFromNode.length", arcs, 1, MostArcs);
        rules.Column("$.network.arcFromNode", network.ArcFromNode, arcs, 0, network.Nodes - 1);
        rules.Column("$.network.arcToNode", network.ArcToNode, arcs, 0, network.Nodes - 1);
        rules.Column("$.network.arcLengthCm", network.ArcLengthCm, arcs, 0, MostNumber);
        rules.Column("$.network.arcTravelMs", network.ArcTravelMs, arcs, 0, 86_400_000);
        var turns = network.TurnFromArc.Length;
        rules.Column("$.network.turnFromArc", network.TurnFromArc, turns, 0, arcs - 1);
        rules.Column("$.network.turnToArc", network.TurnToArc, turns, 0, arcs - 1);
        rules.Column("$.network.turnMs", network.TurnMs, turns, -1, 86_400_000);
        var seen = new HashSet<(int, int)>();
        for (var i = 0; i < turns; i++)
        {
            var (from, to) = (network.TurnFromArc[i], network.TurnToArc[i]);
            rules.Hold(network.ArcToNode[from] == network.ArcFromNode[to], $"$.network.turnToArc[{i}]", $"arc {to} does not begin where arc {from} ends", "Name arcs that follow each other");
            rules.Hold(seen.Add((from, to)), $"$.network.turnToArc[{i}]", $"the turn from arc {from} to arc {to} is named twice", "Keep one of them");
        }
    }

    private static void RequireKerb(KerbPart kerb, string path, NetworkPart network, FileRules rules)
    {
        rules.InRange($"{path}.arc", kerb.Arc, 0, network.ArcFromNode.Length - 1);
        rules.InRange($"{path}.sweepMs", kerb.SweepMs, 0, 86_400_000);
        rules.Hold(kerb.SweepMs >= network.ArcTravelMs[kerb.Arc], $"{path}.sweepMs", "it is less than the time to travel the arc", "Sweeping is no quicker than travelling");
        rules.InRange($"{path}.volumeCm3", kerb.VolumeCm3, 0, MostNumber);
        rules.InRange($"{path}.massG", kerb.MassG, 0, MostNumber);
        rules.InRange($"{path}.waterMl", kerb.WaterMl, 0, MostNumber);
        rules.InRange($"{path}.energyJ", kerb.EnergyJ, 0, MostNumber);
        rules.InRange($"{path}.outsideMsPer1000", kerb.OutsideMsPer1000 ?? 0, 0, 1_000_000);
        rules.InRange($"{path}.penaltyMs", kerb.PenaltyMs ?? 0, 0, ArcTask.MustServe - 1);
        var before = -1;
        foreach (var (i, window) in kerb.Windows.Index())
        {
            rules.InRange($"{path}.windows[{i}].fromMs", window.FromMs, before + 1, MostDayMs);
            rules.InRange($"{path}.windows[{i}].untilMs", window.UntilMs, window.FromMs, MostDayMs);
            before = window.UntilMs;
        }
    }

    private static void RequireVehicle(VehiclePart vehicle, string path, NetworkPart network, FileRules rules)
    {
        var arcs = network.ArcFromNode.Length;
        rules.InRange($"{path}.count", vehicle.Count, 1, MostVehicles);
        rules.InRange($"{path}.startArc", vehicle.StartArc, 0, arcs - 1);
        rules.InRange($"{path}.endArc", vehicle.EndArc, 0, arcs - 1);
        rules.InRange($"{path}.shiftStartMs", vehicle.ShiftStartMs, 0, MostDayMs);
        rules.InRange($"{path}.shiftMs", vehicle.ShiftMs, 1, MostDayMs);
        rules.InRange($"{path}.hopperCm3", vehicle.HopperCm3, 0, MostNumber);
        rules.InRange($"{path}.hopperG", vehicle.HopperG, 0, MostNumber);
        rules.InRange($"{path}.tankMl", vehicle.TankMl, 0, MostNumber);
        rules.InRange($"{path}.batteryJ", vehicle.BatteryJ, 1, MostNumber);
        rules.InRange($"{path}.usableJ", vehicle.UsableJ, 0, vehicle.BatteryJ);
        rules.Column($"{path}.chargeMsToPercent", vehicle.ChargeMsToPercent, 101, 0, MostDayMs);
        rules.Hold(vehicle.ChargeMsToPercent[0] == 0, $"{path}.chargeMsToPercent[0]", "it is not 0", "Give the time from empty to each percent");
        for (var percent = 1; percent <= 100; percent++)
        {
            rules.Hold(
                vehicle.ChargeMsToPercent[percent] > vehicle.ChargeMsToPercent[percent - 1], $"{path}.chargeMsToPercent[{percent}]", "it does not rise", "Give rising times");
        }

        rules.InRange($"{path}.chargePowerW", vehicle.ChargePowerW, 0, MostNumber);
        rules.InRange($"{path}.travelPowerW", vehicle.TravelPowerW, 0, 10_000_000);
        rules.InRange($"{path}.standPowerW", vehicle.StandPowerW, 0, 10_000_000);
        rules.InRange($"{path}.tipMs", vehicle.TipMs, 0, 86_400_000);
        rules.InRange($"{path}.fillMs", vehicle.FillMs, 0, 86_400_000);
        rules.InRange($"{path}.connectMs", vehicle.ConnectMs, 0, 86_400_000);
        var before = 0;
        foreach (var (i, one) in vehicle.Breaks.Index())
        {
            rules.InRange($"{path}.breaks[{i}].earliestMs", one.EarliestMs, before, MostDayMs);
            rules.InRange($"{path}.breaks[{i}].latestMs", one.LatestMs, one.EarliestMs, MostDayMs);
            rules.InRange($"{path}.breaks[{i}].durationMs", one.DurationMs, 0, 86_400_000);
            before = one.EarliestMs;
        }
    }
}
