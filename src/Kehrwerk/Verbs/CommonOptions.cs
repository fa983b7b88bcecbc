using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Verbs;

/// <summary>Options that several verbs share. Each call makes a new one, since an option belongs to one command.</summary>
internal static class CommonOptions
{
    public const int MaxVehicles = 100;

    private static string UsualData => Environment.GetEnvironmentVariable("KEHRWERK_DATA") ?? "data";

    /// <summary>Of the safety profile, in real seconds.</summary>
    public static Option<int> LeaseTimeout() =>
        Number("--lease-timeout", "So long a vehicle drives without a valid supervision lease, in real seconds.", "S", 1, 60, 3);

    public static Option<string> Data() => new("--data")
    {
        Description = "The data folder: city, plans, coverage, record.",
        DefaultValueFactory = _ => UsualData,
        HelpName = "DIR",
    };

    public static Option<string?> Pki() => new("--pki")
    {
        Description = "Folder of the certificate authority; pki in the data folder where not given.",
        HelpName = "DIR",
    };

    /// <param name="given">Value of <see cref="Pki"/>.</param>
    /// <param name="data">The data folder; the one of the environment where not given.</param>
    public static string PkiOf(string? given, string? data = null) => given ?? Path.Combine(data ?? UsualData, "pki");

    public static Option<bool> Json() => new("--json") { Description = "Write the result as JSON to standard output." };

    public static Option<int> Seed() => Number("--seed", "Seed of all chance; the same seed gives the same result.", "N", 0, int.MaxValue, 1);

    public static Option<int> Vehicles(int usual) => Number("--vehicles", "Number of sweepers.", "N", 1, MaxVehicles, usual);

    public static Option<bool> SweepAgain() => new("--sweep-again")
    {
        Description = "Stretches that were missed because something stood or moved there are tried once more at the end of a vehicle's kerbs.",
    };

    public static Option<double> Hours() => Number("--hours", "Length of the shift in hours.", "H", 0.1, 24, 8);

    public static Option<int> Iterations() => Number("--iterations", "Rounds in which the planner improves its plan.", "N", 0, 100_000_000, 5_000);

    public static Option<double> Speed() => Number("--speed", "Seconds of the simulated clock per real second.", "N", 0.1, 100, 1);

    public static Option<string?> Model() => new("--model")
    {
        Description = "JSON file with the parameters of the vehicle model; a compact sweeper of the 2 m³ class where not given.",
        HelpName = "FILE",
    };

    public static SweeperModel ModelOf(string? file) => file is null ? SweeperModel.Default : SweeperModel.Load(file);

    public static Option<bool> Vda21() => new("--vda21")
    {
        Description = "Take vehicles that speak VDA 5050 2.1 or 2.0 too, which know no supervision lease: only with a person at the vehicle, or on a closed site.",
    };

    /// <summary>An option that takes a number within bounds.</summary>
    /// <param name="usual">Its value where it is not given.</param>
    public static Option<T> Number<T>(string name, string description, string unit, T min, T max, T usual)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = unit,
            DefaultValueFactory = _ => usual,
            CustomParser = result => Read(name, result, min, max) ?? usual,
        };

    /// <summary>An option that takes a number within bounds, and is null where it is not given.</summary>
    public static Option<T?> OptionalNumber<T>(string name, string description, string unit, T min, T max)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = unit,
            CustomParser = result => Read(name, result, min, max),
        };

    private static T? Read<T>(string option, ArgumentResult given, T min, T max)
        where T : struct, INumber<T>
    {
        var text = given.Tokens is [var token] ? token.Value : "";
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        var kind = typeof(T) == typeof(double) ? "a number" : "a whole number";
        given.AddError(string.Create(CultureInfo.InvariantCulture, $"{option} takes {kind} between {min} and {max}, not '{text}'."));
        return null;
    }
}
