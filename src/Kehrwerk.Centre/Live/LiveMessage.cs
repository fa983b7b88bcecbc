using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Monitor;

namespace Kehrwerk.Centre.Live;

/// <summary>
/// The Centre's clock. It has a type of its own, because a <see cref="TimeProvider"/> among the services would also drive the
/// libraries' time-outs: an accelerated one lets the silo believe that it is dead.
/// </summary>
/// <param name="Speed">How fast it runs against real time; 1 in earnest. Browsers count the age of data with it.</param>
public sealed record CentreClock(TimeProvider Time, double Speed);

/// <summary>What a screen needs to catch up. Times are milliseconds since 1970 by the Centre's clock.</summary>
/// <param name="Now">When this message was made.</param>
/// <param name="Speed">See <see cref="CentreClock"/>.</param>
internal sealed record LiveMessage(long Now, double Speed, ImmutableArray<LiveVehicle> Vehicles, LiveKerbs Kerbs)
{
    /// <summary>Cases that changed, by number; closed ones are named once.</summary>
    public ImmutableArray<LiveCase> Cases { get; init; } = [];
}

/// <summary>A vehicle with everything that is shown of it.</summary>
/// <param name="Name">The serial: the id without the manufacturer.</param>
/// <param name="Sign">See <see cref="VehicleSign"/>.</param>
/// <param name="SignedOff">It said farewell before it was lost.</param>
/// <param name="ClockOffsetS">How far its clock is ahead, seconds; null where that is too little to matter.</param>
/// <param name="ReportedAt">Its last report, or null before the first.</param>
/// <param name="Fixes">Where it has been since the last message, oldest first; the last one is where it is.</param>
/// <param name="Mrc">The minimal risk condition in which it stands, or null.</param>
/// <param name="WaitsFor">Name of the vehicle for whose sake it stands before a narrow street; null where it does not.</param>
/// <param name="WaitsIn">That street.</param>
/// <param name="Path">The way ahead as pairs of longitude and latitude.</param>
internal sealed record LiveVehicle(
    string Id,
    string Name,
    string Sign,
    Attention Attention,
    LinkState Link,
    long? LinkSince,
    bool SignedOff,
    double? ClockOffsetS,
    VehicleActivity Activity,
    string Street,
    double SpeedMps,
    double Battery,
    double Hopper,
    double Water,
    int KerbsSwept,
    int KerbsPlanned,
    long? ReportedAt,
    string? Mrc,
    string? WaitsFor,
    string? WaitsIn,
    ImmutableArray<LiveFix> Fixes,
    ImmutableArray<double[]> Path,
    IReadOnlyList<string> Errors,
    LiveShown? Shown,
    double MissedM)
{
    /// <summary>What it says to those around it.</summary>
    public ImmutableArray<string> Said { get; init; } = [];

    /// <summary>How good its link is; null where that is not measured.</summary>
    public LinkFigures? Quality { get; init; }
}

/// <summary>What a vehicle shows and lets hear to those around it.</summary>
/// <param name="De">Text of its display; so <paramref name="En"/>.</param>
internal sealed record LiveShown(string LightBands, string Sound, string De, string En);

/// <summary>A place at a time. Degrees; heading clockwise from north.</summary>
internal sealed record LiveFix(long T, double Lon, double Lat, double Heading);

/// <summary>Ids of the kerbs that changed, by what they are now.</summary>
internal sealed record LiveKerbs(ImmutableArray<int> None, ImmutableArray<int> Planned, ImmutableArray<int> Swept, ImmutableArray<int> Missed)
{
    public static readonly LiveKerbs Unchanged = new([], [], [], []);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveMessage))]
[JsonSerializable(typeof(CommandReceipt))]
[JsonSerializable(typeof(LiveCase))]
[JsonSerializable(typeof(VehicleDetail))]
[JsonSerializable(typeof(VehicleMessages))]
[JsonSerializable(typeof(Pages.ShownCommand[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class LiveJson : JsonSerializerContext;
