using System.Collections.Immutable;
using System.Text.Json;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;

namespace Kehrwerk.Centre.Simulation;

/// <summary>
/// What of a simulated Centre outlives its process: the same batches as the database takes, in memory, and what they led to, for
/// whoever looks at the simulation. Not thread-safe.
/// </summary>
public sealed class SimulatedStore
{
    private readonly SortedDictionary<VehicleId, TwinMemory> memories = [];
    private readonly Dictionary<string, StoredMission> missions = new(StringComparer.Ordinal);
    private readonly HashSet<(string Mission, int Kerb)> covered = [];
    private readonly List<SweptKerb> sweptKerbs = [];
    private readonly List<MissedKerb> missedKerbs = [];
    private readonly List<EndedMission> endedMissions = [];
    private readonly List<SimulatedNote> notes = [];
    private readonly List<RecordEntry> record = [];
    private readonly SortedDictionary<long, Case> cases = [];
    private readonly List<string> violations = [];

    public IReadOnlyList<SweptKerb> SweptKerbs => sweptKerbs;
    public IReadOnlyList<MissedKerb> MissedKerbs => missedKerbs;
    public IReadOnlyList<EndedMission> EndedMissions => endedMissions;
    public IReadOnlyList<SimulatedNote> Notes => notes;
    public IReadOnlyList<RecordEntry> Record => record;

    /// <inheritdoc cref="SimulatedCentre.Violations"/>
    public IReadOnlyList<string> Violations => violations;

    /// <summary>Every case that there was, as it was last, by number.</summary>
    public IReadOnlyCollection<Case> Cases => cases.Values;

    public bool HasCovered(string mission, int kerb) => covered.Contains((mission, kerb));

    internal int NextMission => missions.Count + 1;

    /// <summary>Of the last Centre that supervised vehicles from here.</summary>
    public uint Epoch { get; private set; }

    internal uint NextEpoch() => ++Epoch;

    internal void AddViolation(string violation) => violations.Add(violation);

    /// <summary>Stores a decision whole, as the database does.</summary>
    internal void Write(VehicleId vehicle, StoreBatch batch, IReadOnlyList<TwinEffect> effects)
    {
        if (batch.Twin is { } twin)
        {
            memories[vehicle] = twin.Memory;
        }

        foreach (var (mission, position, step) in batch.Steps)
        {
            missions[mission].Steps[step.No] = (position, step);
        }

        foreach (var draft in batch.Record)
        {
            Append(draft);
            notes.Add(new(vehicle, draft.At, draft.Kind, draft.Who, draft.Text));
        }

        foreach (var effect in effects)
        {
            Note(vehicle, effect);
        }
    }

    /// <summary>What the case book decided.</summary>
    internal void Write(CaseDecided decided)
    {
        foreach (var one in decided.Changed)
        {
            cases[one.Id] = one;
        }

        foreach (var draft in decided.Record)
        {
            Append(draft);
        }
    }

    /// <summary>The case book as it was stored last, through the same bytes as from the database.</summary>
    internal CaseBook LoadCases() => CaseBook.Restore(
        cases.Values.Where(one => one.IsKept).Select(one => JsonSerializer.Deserialize(JsonSerializer.Serialize(one, StoreJson.Default.Case), StoreJson.Default.Case)!),
        cases.Keys.DefaultIfEmpty().Max() + 1);

    /// <summary>A shift's missions, before their twins hear of them.</summary>
    internal void Write(ImmutableArray<Mission> shift)
    {
        foreach (var mission in shift)
        {
            missions.Add(mission.Id, new(mission, mission.Steps.Index().ToDictionary(s => s.Item.No, s => (s.Index, s.Item))));
        }
    }

    /// <summary>The twin as it was stored last, through the same bytes as from the database.</summary>
    internal Twin LoadTwin(FleetVehicle vehicle)
    {
        var memory = new TwinMemory();
        if (memories.TryGetValue(vehicle.Id, out var stored))
        {
            var json = JsonSerializer.Serialize(stored, StoreJson.Default.TwinMemory);
            memory = JsonSerializer.Deserialize(json, StoreJson.Default.TwinMemory)!;
        }

        return memory.Recall(vehicle, memory.Mission is null ? null : missions[memory.Mission].Load());
    }

    /// <summary>A mission that was stored and never reached its twin.</summary>
    internal Mission? FindUnassigned(VehicleId vehicle, string? current) =>
        missions.Values.FirstOrDefault(m => m.Mission.Vehicle == vehicle && m.EndedAt is null && m.Mission.Id != current)?.Load();

    internal IEnumerable<(VehicleId Vehicle, DepotService Kind, int Number)> GrantedBays() =>
        memories.Where(m => m.Value.Bay is { IsGranted: true }).Select(m => (m.Key, m.Value.Bay!.Kind, m.Value.Bay.Number));

    private void Append(RecordDraft draft) =>
        record.Add(RecordChain.Append(record.Count == 0 ? RecordChain.Origin : record[^1].Hash, record.Count + 1, draft));

    private void Note(VehicleId vehicle, TwinEffect effect)
    {
        switch (effect)
        {
            case TwinEffect.KerbSwept kerb:
                if (!covered.Add((kerb.Mission, kerb.Kerb)))
                {
                    AddViolation($"{kerb.Mission}: kerb {kerb.Kerb} was counted twice");
                }

                sweptKerbs.Add(new(kerb.Mission, vehicle, kerb.Kerb, kerb.At));
                break;
            case TwinEffect.KerbMissed kerb:
                missedKerbs.Add(new(kerb.Mission, vehicle, kerb.Kerb, kerb.Reason, kerb.At));
                break;
            case TwinEffect.MissionEnded ended:
                missions[ended.Mission].EndedAt = ended.At;
                endedMissions.Add(new(ended.Mission, vehicle, ended.At));
                break;
            default:
                break;
        }
    }

    private sealed class StoredMission(Mission mission, Dictionary<int, (int Position, MissionStep Step)> steps)
    {
        public Mission Mission => mission;
        public Dictionary<int, (int Position, MissionStep Step)> Steps => steps;
        public DateTimeOffset? EndedAt { get; set; }

        public Mission Load() => mission with { EndedAt = EndedAt, Steps = [.. steps.Values.OrderBy(s => s.Position).Select(s => s.Step)] };
    }
}
