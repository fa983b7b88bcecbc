using System.CommandLine;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Verbs;

/// <summary>How virtual sweepers drive: by their model's figures, or in full in a virtual world.</summary>
internal sealed class DriveOptions
{
    public const string Full = "full";

    public DriveOptions()
    {
        Mode = new("--drive")
        {
            Description = "How the sweepers drive: light, by the figures of their model, or full, from sensors to wheels through the traffic of a virtual world.",
            HelpName = "light|full",
            DefaultValueFactory = _ => "light",
        };
        Mode.AcceptOnlyFromAmong("light", Full);
    }

    public Option<string> Mode { get; }

    public Option<double> Traffic { get; } = CommonOptions.Number("--traffic", "With --drive full: factor on moving traffic and parked cars; 0 is an empty city.", "F", 0.0, 3, 1);

    public Option<string[]> DepotFaults { get; } = new("--depot-fault")
    {
        Description = "With --drive full: bays of the depot fail, such as charge:dead, tip1:occupied or fillWater:outOfOrder@600+900 (from second 600 for 900 s). May be given several times.",
        HelpName = "FAULT",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Mode, Traffic, DepotFaults })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(Mode) != Full && new Option[] { Traffic, DepotFaults }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } alone)
            {
                result.AddError($"{alone.Name} needs --drive full: there is no world otherwise.");
            }
        });
    }

    public FleetWorldSettings? WorldOf(ParseResult parse, int seed) =>
        parse.GetValue(Mode) == Full ? new(seed, parse.GetValue(Traffic)) { DepotFaults = [.. parse.GetValue(DepotFaults) ?? []] } : null;
}
