using System.Collections.Immutable;
using System.Text.Json;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Cases;

/// <summary>What a vehicle's twin tells the case book.</summary>
public sealed record CaseSighting(string Place, bool IsWhole, ImmutableArray<CaseSignal> Signals)
{
    /// <summary>What persons commanded since the last one.</summary>
    public ImmutableArray<CaseAct> Acts { get; init; } = [];
}

/// <summary>What became of a person's step.</summary>
/// <param name="Case">The case afterwards; null where there is none.</param>
/// <param name="Refusal">Why it was not taken; null where it was.</param>
public sealed record CaseAnswer(Case? Case, CaseRefusal? Refusal);

/// <summary>The one writer of the <see cref="CaseBook"/>. Key 0: a Centre has one.</summary>
internal interface ICaseGrain : IGrainWithIntegerKey
{
    /// <param name="sighting">A <see cref="CaseSighting"/> as it is stored.</param>
    Task See(string sighting);

    /// <param name="order">A <see cref="CaseOrder"/>; the answer is a <see cref="CaseAnswer"/>.</param>
    Task<string> Order(string order);

    Task NotDone(long id, string reason);

    Task Tick();
}

internal static class CaseGrains
{
    public static Task See(this ICaseGrain grain, CaseSighting sighting) => grain.See(JsonSerializer.Serialize(sighting, StoreJson.Default.CaseSighting));

    public static async Task<CaseAnswer> Order(this ICaseGrain grain, CaseOrder order) =>
        JsonSerializer.Deserialize(await grain.Order(JsonSerializer.Serialize(order, StoreJson.Default.CaseOrder)), StoreJson.Default.CaseAnswer)!;
}

/// <summary>
/// Hosts the book. A person's step is stored before it counts. What conditions and clocks lead to counts and is shown all the same
/// where it cannot be stored, and is stored as soon as that is possible.
/// </summary>
[KeepAlive]
internal sealed class CaseGrain(CentreStore store, LiveFleet live, CentreOptions options) : Grain, ICaseGrain
{
    private CaseBook book = CaseBook.Empty;
    private StoreBatch? unstored;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var (kept, nextId) = store.KeptCases();
        book = CaseBook.Restore(kept, nextId);
        // A vehicle that left the fleet is not heard of any more.
        var now = options.Time.GetUtcNow();
        var known = options.Vehicles.Select(vehicle => vehicle.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var place in kept.Select(one => one.Place).Where(place => CasePlace.IsVehicle(place) && !known.Contains(place)).Distinct(StringComparer.Ordinal))
        {
            book = book.Decide(new CaseEvent.Seen(place, true, []), now).Book;
        }

        live.Publish([.. book.Open]);
        return Task.CompletedTask;
    }

    public async Task See(string sighting)
    {
        var seen = JsonSerializer.Deserialize(sighting, StoreJson.Default.CaseSighting)!;
        await Happen(new CaseEvent.Seen(seen.Place, seen.IsWhole, seen.Signals));
        foreach (var act in seen.Acts)
        {
            await Happen(new CaseEvent.Acted(act));
        }
    }

    public async Task<string> Order(string order)
    {
        var decided = await Happen(new CaseEvent.Ordered(JsonSerializer.Deserialize(order, StoreJson.Default.CaseOrder)!), mustBeStored: true);
        var one = decided.Changed.FirstOrDefault(changed => changed.Id == decided.Id) ?? book.Cases.GetValueOrDefault(decided.Id);
        return JsonSerializer.Serialize(new(one, decided.Refusal), StoreJson.Default.CaseAnswer);
    }

    public Task NotDone(long id, string reason) => Happen(new CaseEvent.NotDone(id, reason));

    public Task Tick() => Happen(new CaseEvent.Ticked());

    private async Task<CaseDecided> Happen(CaseEvent happened, bool mustBeStored = false)
    {
        var decided = book.Decide(happened, options.Time.GetUtcNow());
        var batch = new StoreBatch { Cases = decided.Changed, Record = decided.Record };
        if (!batch.IsEmpty || unstored is not null)
        {
            batch = batch.After(unstored);
            try
            {
                await store.Write(batch);
                unstored = null;
            }
            catch (Exception) when (!mustBeStored)
            {
                unstored = batch;
            }
        }

        book = decided.Book;
        if (!decided.Changed.IsEmpty)
        {
            live.Publish(decided.Changed);
        }

        return decided;
    }
}

/// <summary>
/// Tells the case book what holds at one vehicle: when that changes, when a person commanded it, and once a minute. What could not be
/// told is told with the next tick. Belongs to one twin's grain.
/// </summary>
internal sealed class CaseReporter(VehicleId vehicle, IGrainFactory grains, TimeProvider time)
{
    private const int MostActs = 32;
    private static readonly TimeSpan AnywayAfter = TimeSpan.FromMinutes(1);

    private readonly List<CaseAct> acts = [];
    private CaseSighting? told;
    private DateTimeOffset toldAt;

    public void Note(VehicleCommandKind kind, string by, string? finding, string? text) => Note(new(
        vehicle.ToString(), ActionOf(kind), by, string.Join(": ", new[] { finding, text }.OfType<string>())));

    public void Note(GrantType grant, string by, string requestId)
    {
        if (grant is GrantType.Granted or GrantType.Rejected)
        {
            Note(new(vehicle.ToString(), grant == GrantType.Granted ? CaseAction.Grant : CaseAction.Reject, by, requestId));
        }
    }

    public async Task Tell(Twin twin, CityContext city)
    {
        var sighting = SightingOf(twin, city);
        var now = time.GetUtcNow();
        if (acts.Count == 0 && told is not null && told.IsWhole == sighting.IsWhole && told.Signals.SequenceEqual(sighting.Signals) && now - toldAt < AnywayAfter)
        {
            return;
        }

        await grains.GetGrain<ICaseGrain>(0).See(sighting with { Acts = [.. acts] });
        (told, toldAt) = (sighting, now);
        acts.Clear();
    }

    public static CaseAction ActionOf(VehicleCommandKind kind) => kind switch
    {
        VehicleCommandKind.Pause => CaseAction.Pause,
        VehicleCommandKind.Resume => CaseAction.Resume,
        VehicleCommandKind.Release => CaseAction.Release,
        _ => CaseAction.Stop,
    };

    /// <summary>A vehicle that was not heard of since the start may be in any condition.</summary>
    public static CaseSighting SightingOf(Twin twin, CityContext city) => new(twin.Id.ToString(), twin.Facts is not null, CaseRules.SignalsOf(twin, city));

    private void Note(CaseAct act)
    {
        if (acts.Count == MostActs)
        {
            acts.RemoveAt(0);
        }

        acts.Add(act);
    }
}
