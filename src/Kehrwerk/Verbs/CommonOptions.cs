using System.CommandLine;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Verbs;

/// <summary>Options that several verbs share. Each call makes a new one, since an option belongs to one command.</summary>
internal static class CommonOptions
{
    public const int MaxVehicles = 100;

    public static Option<string> Data() => new("--data")
    {
        Description = "The data folder: city, plans, coverage, record.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KEHRWERK_DATA") ?? "data",
        HelpName = "DIR",
    };

    public static Option<bool> Json() => new("--json") { Description = "Write the result as JSON to standard output." };

    public static Option<int> Seed() => new("--seed")
    {
        Description = "Seed of all chance; the same seed gives the same result.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    public static Option<int> Vehicles(int usual) =>
        Bounded(new Option<int>("--vehicles") { Description = "Number of sweepers.", DefaultValueFactory = _ => usual, HelpName = "N" }, 1, MaxVehicles);

    public static Option<double> Hours() =>
        Bounded(new Option<double>("--hours") { Description = "Length of the shift in hours.", DefaultValueFactory = _ => 8, HelpName = "H" }, 0.1, 24);

    public static Option<int> Iterations() => Bounded(
        new Option<int>("--iterations")
        {
            Description = "Rounds in which the planner improves its plan.",
            DefaultValueFactory = _ => 5_000,
            HelpName = "N",
        },
        0,
        100_000_000);

    public static Option<double> Speed() => Bounded(
        new Option<double>("--speed")
        {
            Description = "Seconds of the simulated clock per real second.",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        },
        0.1,
        100);

    public static Option<string?> Model() => new("--model")
    {
        Description = "JSON file with the parameters of the vehicle model; a compact sweeper of the 2 m³ class where not given.",
        HelpName = "FILE",
    };

    public static SweeperModel ModelOf(string? file) => file is null ? SweeperModel.Default : SweeperModel.Load(file);

    /// <summary>The option with a bound on its value, checked when the command line is read.</summary>
    public static Option<T> Bounded<T>(Option<T> option, T min, T max)
        where T : IComparable<T>
    {
        option.Validators.Add(result => Check(option.Name, result.GetValueOrDefault<T>(), min, max, result.AddError));
        return option;
    }

    /// <summary>The same for an option that may be left out.</summary>
    public static Option<T?> Bounded<T>(Option<T?> option, T min, T max)
        where T : struct, IComparable<T>
    {
        option.Validators.Add(result => Check(option.Name, result.GetValueOrDefault<T?>() ?? min, min, max, result.AddError));
        return option;
    }

    private static void Check<T>(string name, T? value, T min, T max, Action<string> addError)
        where T : IComparable<T>
    {
        if (value is not null && (value.CompareTo(min) < 0 || value.CompareTo(max) > 0))
        {
            addError(FormattableString.Invariant($"{name} must lie between {min} and {max}, it is {value}."));
        }
    }
}
