using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;

namespace Kehrwerk.Centre.Simulation;

/// <summary>The case book of a simulated Centre: it sees the twins once a second, as in production, and is checked after each decision.</summary>
internal sealed class SimulatedCases(SimulatedStore store)
{
    private readonly List<CaseAct> acts = [];
    private readonly Dictionary<string, CaseSighting> told = new(StringComparer.Ordinal);

    public CaseBook Book { get; private set; } = store.LoadCases();

    /// <summary>A person commanded a vehicle; the book hears of it with the next second.</summary>
    public void Note(CaseAct act) => acts.Add(act);

    public void Tick(IEnumerable<Twin> twins, CityContext city, DateTimeOffset now)
    {
        foreach (var twin in twins)
        {
            var sighting = CaseReporter.SightingOf(twin, city);
            if (!told.TryGetValue(sighting.Place, out var before) || before.IsWhole != sighting.IsWhole || !before.Signals.SequenceEqual(sighting.Signals))
            {
                told[sighting.Place] = sighting;
                Happen(new CaseEvent.Seen(sighting.Place, sighting.IsWhole, sighting.Signals), now);
            }
        }

        foreach (var act in acts)
        {
            Happen(new CaseEvent.Acted(act), now);
        }

        acts.Clear();
        Happen(new CaseEvent.Ticked(), now);
    }

    public CaseDecided Happen(CaseEvent happened, DateTimeOffset now)
    {
        var decided = Book.Decide(happened, now);
        Book = decided.Book;
        store.Write(decided);
        if (!decided.Changed.IsEmpty && CaseCheck.Problem(Book, now) is { } problem)
        {
            store.AddViolation(FormattableString.Invariant($"{now:T} {problem}"));
        }

        return decided;
    }
}
