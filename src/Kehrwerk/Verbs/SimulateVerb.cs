using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk simulate</c>: a whole shift, headless and as fast as the machine allows.</summary>
internal static class SimulateVerb
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var vehicles = CommonOptions.Vehicles(6);
        var hours = CommonOptions.Hours();
        var seed = CommonOptions.Seed();
        var iterations = CommonOptions.Iterations();
        var model = CommonOptions.Model();
        var json = CommonOptions.Json();
        var faults = new Option<string?>("--faults")
        {
            Description = $"Short shifts in a small town with faults by this profile ({Faults.FaultProfile.Names}, or a JSON file), and every invariant checked after every event.",
            HelpName = "PROFILE",
        };
        var seeds = CommonOptions.Number("--seeds", "With --faults: so many seeds, from --seed on.", "N", 1, 10_000_000, 1);
        var trace = new Option<string?>("--trace") { Description = "With --faults and one seed: write every message and fault to a file.", HelpName = "FILE" };
        var drive = new DriveOptions();
        var again = CommonOptions.SweepAgain();
        var command = new Command("simulate", "Plan and drive a whole shift in one deterministic event loop: the same seed gives the same output to the byte.")
        {
            data, vehicles, hours, seed, iterations, model, again, json, faults, seeds, trace,
        };
        drive.AddTo(command);
        command.SetAction((parse, cancellation) =>
        {
            if (parse.GetValue(faults) is { } profile)
            {
                var count = parse.GetResult(vehicles) is { Implicit: false } ? parse.GetValue(vehicles) : SimulateFaults.UsualVehicles;
                return count <= SimulateFaults.MaxVehicles
                    ? Task.FromResult(SimulateFaults.Run(
                        profile, parse.GetValue(seed), parse.GetValue(seeds), count, parse.GetValue(trace), parse.GetValue(json), cancellation))
                    : throw new InputException(
                        "--vehicles", $"The small town of --faults has room for {SimulateFaults.MaxVehicles}, not for {count}", "Give fewer");
            }

            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var settings = new ShiftSettings(parse.GetValue(vehicles), parse.GetValue(hours), parse.GetValue(seed), parse.GetValue(iterations), drive.WorldOf(parse, parse.GetValue(seed)), parse.GetValue(again));
            var vehicle = CommonOptions.ModelOf(parse.GetValue(model));
            var began = Stopwatch.GetTimestamp();
            var result = Terminal.WithProgress("Importing", progress =>
                ShiftSimulation.Run(folder.LoadCity(progress.ForImport()), vehicle, settings, progress, cancellation));
            var tookS = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (parse.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(result, VerbJson.Default.ShiftResult));
            }
            else
            {
                Print(result);
            }

            Terminal.Note(string.Create(
                CultureInfo.InvariantCulture, $"{result.SimulatedS / 3600:N1} h simulated in {tookS:N1} s, {result.SimulatedS / tookS:N0} times real time, import and planning included."));
            return Task.FromResult(result.Violations.IsEmpty ? ExitCode.Good : ExitCode.RuleBroken);
        });
        return command;
    }

    private static void Print(ShiftResult result)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {result.City}: {result.KerbsSwept:N0} of {result.KerbsPlanned:N0} planned kerbs swept ({result.SweptKerbKm:N1} km), {result.KerbsDue:N0} were due
            """));
        foreach (var unplanned in result.Unplanned)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  not planned, {unplanned.Reason}: {unplanned.Kerbs:N0} kerbs, {unplanned.Km:N1} km"));
        }

        foreach (var vehicle in result.ByVehicle)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {vehicle.Vehicle}: {vehicle.KerbsSwept:N0} kerbs, {vehicle.SweptKm:N1} of {vehicle.DrivenKm:N1} km swept, battery {vehicle.BatteryPercent:N0} %"));
        }

        if (result.World is { } world)
        {
            foreach (var vehicle in world.Vehicles)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {vehicle.Vehicle} in the world: {vehicle.SweptKm:N1} of {vehicle.DrivenKm:N1} km with the broom at the kerb, gap {vehicle.MeanGapM:N2} m, contacts {vehicle.Contacts}, {vehicle.OwnContacts} of them while it moved"));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  the supervisor released {world.Released} manoeuvres, ended {world.MrcEnded} minimal risk conditions ({string.Join(", ", world.MrcCauses.Select(c => $"{c.Key} {c.Value}"))}), and let a vehicle go on {world.Resumed} times"));
        }

        if (!result.MissedM.IsEmpty)
        {
            Console.WriteLine($"  not reached along swept kerbs: {string.Join(", ", result.MissedM.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:N0} m")))}");
        }

        foreach (var missed in result.Missed)
        {
            Console.WriteLine($"  missed: {missed.Street} ({missed.Kerb}) by {missed.Vehicle}: {missed.Reason}");
        }

        foreach (var violation in result.Violations)
        {
            Console.WriteLine("! " + violation);
        }
    }
}
