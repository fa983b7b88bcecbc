using System.CommandLine;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Verbs;

/// <summary>How virtual sweepers drive: by their model's figures, or in full in a virtual world.</summary>
internal sealed class DriveOptions
{
    private const string Full = "full";

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

    public FleetWorldSettings? WorldOf(ParseResult parse, int seed) =>
        parse.GetValue(Mode) == Full ? new(seed, parse.GetValue(Traffic)) : null;
}
