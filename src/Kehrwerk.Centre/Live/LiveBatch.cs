using System.Collections.Immutable;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Live;

/// <summary>
/// Gathers changes until they are taken as one message: of each vehicle the newest view with every place it reported,
/// of each kerb and case the newest state. Not thread-safe.
/// </summary>
internal sealed class LiveBatch
{
    /// <summary>A vehicle cannot report more places than this between two messages that a screen would draw apart.</summary>
    private const int MaxFixes = 32;

    private const int FixDigits = 7;
    private const int PathDigits = 6;

    private readonly SortedDictionary<string, (VehicleView View, List<LiveFix> Fixes)> vehicles = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, KerbState> kerbs = [];

    private readonly SortedDictionary<long, Case> cases = [];

    public bool IsEmpty => vehicles.Count == 0 && kerbs.Count == 0 && cases.Count == 0;

    public void Add(LiveChange change)
    {
        switch (change)
        {
            case VehicleChanged { Vehicle: var vehicle }:
                var fixes = vehicles.TryGetValue(vehicle.Id, out var known) ? known.Fixes : [];
                AddFix(fixes, vehicle);
                vehicles[vehicle.Id] = (vehicle, fixes);
                break;
            case CasesChanged { Cases: var changed }:
                foreach (var one in changed)
                {
                    cases[one.Id] = one;
                }

                break;
            case KerbsChanged { Kerbs: var changed }:
                foreach (var (kerb, state) in changed)
                {
                    kerbs[kerb] = state;
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "a change that no screen knows");
        }
    }

    /// <summary>Everything gathered so far, most urgent vehicle first; the batch is empty afterwards.</summary>
    public LiveMessage Take(DateTimeOffset now, double speed)
    {
        var message = new LiveMessage(
            now.ToUnixTimeMilliseconds(),
            speed,
            [.. Attentions.Sort(vehicles.Values.Select(v => v.View)).Select(view => Show(view, vehicles[view.Id].Fixes))],
            kerbs.Count == 0 ? LiveKerbs.Unchanged : new(Those(KerbState.None), Those(KerbState.Planned), Those(KerbState.Swept), Those(KerbState.Missed)))
        {
            Cases = [.. cases.Values.Select(LiveCase.Of)],
        };
        cases.Clear();
        vehicles.Clear();
        kerbs.Clear();
        return message;
    }

    private ImmutableArray<int> Those(KerbState state) => [.. kerbs.Where(k => k.Value == state).Select(k => k.Key)];

    private static void AddFix(List<LiveFix> fixes, VehicleView vehicle)
    {
        if (vehicle.Position is not { } place || vehicle.ReportedAt is not { } at)
        {
            return;
        }

        var fix = new LiveFix(at.ToUnixTimeMilliseconds(), Math.Round(place.Lon, FixDigits), Math.Round(place.Lat, FixDigits), Math.Round(vehicle.HeadingDeg, 1));
        if (fixes is [.., var last] && last.T >= fix.T)
        {
            fixes[^1] = fix;
            return;
        }

        if (fixes.Count == MaxFixes)
        {
            fixes.RemoveAt(0);
        }

        fixes.Add(fix);
    }

    private static LiveVehicle Show(VehicleView view, List<LiveFix> fixes) => new(
        view.Id,
        VehicleName.Of(view.Id),
        VehicleSign.Of(view),
        Attentions.Of(view),
        view.Link,
        view.LinkSince?.ToUnixTimeMilliseconds(),
        view.HasSignedOff,
        view.ClockOffsetS is { } offsetS ? Math.Round(offsetS, 1) : null,
        view.Activity,
        view.Street,
        Math.Round(view.SpeedMps, 1),
        Math.Round(view.BatteryPercent, 1),
        Math.Round(view.HopperPercent, 1),
        Math.Round(view.WaterPercent, 1),
        view.KerbsSwept,
        view.KerbsPlanned,
        view.ReportedAt?.ToUnixTimeMilliseconds(),
        view.MrcId,
        view.WaitsFor is { } wait ? VehicleName.Of(wait.Vehicle) : null,
        view.WaitsFor?.Street,
        [.. fixes],
        [.. view.Path.Select(p => new[] { Math.Round(p.Lon, PathDigits), Math.Round(p.Lat, PathDigits) })],
        view.Errors,
        view.Shown is { } shown ? new(shown.LightBands.ToString(), shown.Sound.ToString(), shown.Display.De, shown.Display.En) : null,
        Math.Round(view.MissedM))
    {
        Said = [.. view.Said.Select(one => one.ToString())],
        Quality = view.Quality,
    };
}

internal static class VehicleName
{
    /// <summary>The serial in an id of manufacturer and serial: <c>KW-01</c> of <c>kehrwerk/KW-01</c>.</summary>
    public static string Of(string id) => id[(id.LastIndexOf('/') + 1)..];
}
