using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Streets;

namespace Kehrwerk.Faults;

/// <summary>
/// What goes wrong in a simulated world, and how often. Each client (every vehicle, the Centre) and each direction meets its faults by
/// itself. "Every" is the mean time between two faults of a kind, seconds; 0 means never. Probabilities are 0 to 1.
/// </summary>
internal sealed record FaultProfile
{
    public const int MaxFileBytes = 16 * 1024;

    public string Name { get; init; } = "own";

    /// <summary>Time of each message from end to broker and from broker to end, milliseconds.</summary>
    public double DelayMinMs { get; init; } = 2;
    public double DelayMaxMs { get; init; } = 15;

    public double Loss { get; init; }
    public double Duplication { get; init; }

    /// <summary>Probability that a message is held back for up to <see cref="HoldUpToS"/> seconds, so that later ones overtake it.</summary>
    public double Reordering { get; init; }
    public double HoldUpToS { get; init; } = 2;

    /// <summary>Probability that a message is late by up to <see cref="LateUpToS"/> seconds.</summary>
    public double Late { get; init; }
    public double LateUpToS { get; init; } = 180;

    /// <summary>A client is cut off for up to <see cref="CutForS"/> seconds: a partition.</summary>
    public double CutEveryS { get; init; }
    public double CutForS { get; init; } = 40;

    /// <summary>One direction of a client's line, or both, goes silent for up to <see cref="SilenceForS"/> seconds, and nobody is told.</summary>
    public double SilenceEveryS { get; init; }
    public double SilenceForS { get; init; } = 40;

    /// <summary>Probability at each message sent or heard that the program ends there as by kill -9; it comes back within <see cref="DownForS"/> seconds.</summary>
    public double VehicleCrash { get; init; }
    public double CentreCrash { get; init; }
    public double DownForS { get; init; } = 20;

    /// <summary>The broker restarts, with or without what it kept, by chance.</summary>
    public double BrokerRestartEveryS { get; init; }

    /// <summary>A person stops or pauses a vehicle, and lets it go within <see cref="CommandForS"/> seconds.</summary>
    public double CommandEveryS { get; init; }
    public double CommandForS { get; init; } = 30;

    /// <summary>Each vehicle's clock is off by up to this, either way, seconds.</summary>
    public double ClockOffS { get; init; }

    /// <summary>A vehicle's clock is set, to another error of the same bound.</summary>
    public double ClockSetEveryS { get; init; }

    /// <summary>Whether the vehicles drive by the leases of the safety profile, and stop where those do not come.</summary>
    public bool Supervised { get; init; } = true;

    /// <summary>How long all this lasts, seconds; then the world heals and the shift has to come to its end.</summary>
    public double TroubleForS { get; init; } = 150;

    /// <summary>Nothing goes wrong.</summary>
    public static FaultProfile None { get; } = new() { Name = "none", TroubleForS = 0 };

    /// <summary>A moving vehicle in a city's mobile network: slow and lossy at times, gaps of seconds to a minute, clocks that are kept.</summary>
    public static FaultProfile Radio { get; } = new()
    {
        Name = "radio",
        DelayMinMs = 15,
        DelayMaxMs = 600,
        Loss = 0.03,
        Duplication = 0.01,
        Reordering = 0.03,
        CutEveryS = 120,
        CutForS = 25,
        SilenceEveryS = 150,
        SilenceForS = 30,
        CommandEveryS = 120,
        ClockOffS = 0.5,
    };

    /// <summary>Everything at once, far more often than anywhere: it finds in minutes what takes years.</summary>
    public static FaultProfile Harsh { get; } = new()
    {
        Name = "harsh",
        DelayMinMs = 15,
        DelayMaxMs = 1000,
        Loss = 0.1,
        Duplication = 0.08,
        Reordering = 0.1,
        HoldUpToS = 8,
        Late = 0.04,
        LateUpToS = 90,
        CutEveryS = 60,
        CutForS = 12,
        SilenceEveryS = 90,
        SilenceForS = 30,
        VehicleCrash = 0.004,
        CentreCrash = 0.003,
        DownForS = 4,
        BrokerRestartEveryS = 120,
        CommandEveryS = 40,
        CommandForS = 10,
        ClockOffS = 30,
        ClockSetEveryS = 200,
    };

    private static readonly FaultProfile[] Named = [None, Radio, Harsh];

    /// <summary>The names of the profiles that need no file.</summary>
    public static string Names => string.Join(", ", Named.Select(p => p.Name));

    /// <summary>A named profile, or one from a JSON file; what the file does not give is as in <see cref="None"/>, except <see cref="TroubleForS"/>.</summary>
    /// <exception cref="InputException">There is no such profile or file, or a figure of it is out of its bounds.</exception>
    public static FaultProfile Load(string nameOrFile)
    {
        if (Array.Find(Named, p => p.Name == nameOrFile) is { } named)
        {
            return named;
        }

        try
        {
            var file = new FileInfo(nameOrFile);
            if (!file.Exists)
            {
                throw new InputException(nameOrFile, "There is no profile of this name and no such file", $"Give one of {Names}, or a JSON file");
            }

            if (file.Length > MaxFileBytes)
            {
                throw new InputException(nameOrFile, $"{file.Length} bytes are too many for a profile of faults", $"Give a file of up to {MaxFileBytes} bytes");
            }

            var profile = JsonSerializer.Deserialize(File.ReadAllBytes(nameOrFile), ProfileJson.Default.FaultProfile)
                ?? throw new InputException(nameOrFile, "The file holds no profile", "Give a JSON object; docs/link/faults.md lists its fields");
            return profile.Fault() is { } fault
                ? throw new InputException(nameOrFile, fault, "Give one within the bounds; docs/link/faults.md lists them")
                : profile;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(nameOrFile, $"The profile cannot be read: {fault.Message}", "Correct it; docs/link/faults.md lists its fields", fault);
        }
    }

    public LinkConditions Conditions() => new(TimeSpan.FromMilliseconds(DelayMinMs), TimeSpan.FromMilliseconds(DelayMaxMs), Loss, Duplication, Reordering)
    {
        HoldUpTo = TimeSpan.FromSeconds(HoldUpToS),
        Late = Late,
        LateUpTo = TimeSpan.FromSeconds(LateUpToS),
    };

    private string? Fault()
    {
        (string Field, double Value, double Most)[] figures =
        [
            ("delayMinMs", DelayMinMs, 60_000), ("delayMaxMs", DelayMaxMs, 60_000), ("loss", Loss, 0.95), ("duplication", Duplication, 1),
            ("reordering", Reordering, 1), ("holdUpToS", HoldUpToS, 3600), ("late", Late, 1), ("lateUpToS", LateUpToS, 3600),
            ("cutEveryS", CutEveryS, 1e6), ("cutForS", CutForS, 3600), ("silenceEveryS", SilenceEveryS, 1e6), ("silenceForS", SilenceForS, 3600),
            ("vehicleCrash", VehicleCrash, 0.5), ("centreCrash", CentreCrash, 0.5), ("downForS", DownForS, 3600),
            ("brokerRestartEveryS", BrokerRestartEveryS, 1e6), ("commandEveryS", CommandEveryS, 1e6), ("commandForS", CommandForS, 3600),
            ("clockOffS", ClockOffS, 1e6), ("clockSetEveryS", ClockSetEveryS, 1e6), ("troubleForS", TroubleForS, 86_400),
        ];
        foreach (var (field, value, most) in figures)
        {
            if (!(value >= 0 && value <= most))
            {
                return FormattableString.Invariant($"{field} is {value}, and takes a number from 0 to {most}");
            }
        }

        return DelayMaxMs < DelayMinMs ? "delayMaxMs is below delayMinMs" : null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(FaultProfile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
