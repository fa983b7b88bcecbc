using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Closing;

/// <summary>
/// Where people close streets and open them again. What is closed is stored and on record before any vehicle hears of it, and holds after a
/// restart from its first moment. Thread-safe.
/// </summary>
public sealed class ClosureDesk : IDisposable
{
    public const int MaxReasonLength = 200;
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(366);

    private readonly FleetDesk fleet;
    private readonly CentreStore store;
    private readonly City city;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private volatile ImmutableList<StreetClosure> open;

    internal ClosureDesk(FleetDesk fleet, CentreStore store, City city, TimeProvider time)
    {
        (this.fleet, this.store, this.city, this.time) = (fleet, store, city, time);
        open = [.. store.StreetClosures()];
    }

    /// <summary>What is closed now, oldest first.</summary>
    public IReadOnlyList<StreetClosure> Open => open;

    /// <summary>The arcs that no vehicle is led over now.</summary>
    public Closures Arcs => StreetClosure.Arcs(open, city.Streets);

    /// <summary>Closes parts of a street.</summary>
    /// <param name="stretches">Keys of its segments.</param>
    /// <param name="until">When it opens by itself; null: when a person opens it.</param>
    /// <param name="by">Who closes it, for the record.</param>
    /// <returns>Null: it is stored, and the vehicles are told. Else why not, for that person.</returns>
    public async Task<string?> Close(ImmutableArray<string> stretches, string reason, DateTimeOffset? until, string by)
    {
        var now = time.GetUtcNow();
        if (Fault(stretches, reason, until, now) is { } fault)
        {
            return fault;
        }

        var street = city.Streets.ArcName(StreetClosure.ArcsOf(city.Streets, stretches[0]).First());
        await oneAtATime.WaitAsync();
        try
        {
            var closure = new StreetClosure(
                store.HighestClosure() + 1, street.Length > 0 ? street : stretches[0], [.. stretches.Distinct()], ForeignText.Of(reason.Trim()), by, now, until);
            var end = until is { } at ? FormattableString.Invariant($" until {at.UtcDateTime:yyyy-MM-ddTHH:mmZ}") : " until it is opened";
            await store.Write(new() { Closed = closure, Record = [new(now, "streetClosed", by, "", ForeignText.Of($"{Name(closure)}{end}: {closure.Reason}"))] });
            open = open.Add(closure);
            await fleet.Close(Arcs, by);
            return null;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Opens what was closed.</summary>
    /// <param name="by">Who opens it, for the record.</param>
    /// <returns>False: it is not closed (any more).</returns>
    public async Task<bool> Lift(long id, string by)
    {
        await oneAtATime.WaitAsync();
        try
        {
            if (open.Find(closure => closure.Id == id) is not { } closure)
            {
                return false;
            }

            await store.Write(new() { Opened = id, Record = [new(time.GetUtcNow(), "streetOpened", by, "", ForeignText.Of(Name(closure)))] });
            open = open.Remove(closure);
            await fleet.Close(Arcs, by);
            return true;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Opens what has come to its end.</summary>
    internal async Task LiftEnded()
    {
        var now = time.GetUtcNow();
        foreach (var ended in open.Where(closure => closure.Until <= now))
        {
            await Lift(ended.Id, TwinRules.Centre);
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private string? Fault(ImmutableArray<string> stretches, string reason, DateTimeOffset? until, DateTimeOffset now) =>
        stretches.IsEmpty ? "choose at least one part of the street"
        : stretches.FirstOrDefault(key => !StreetClosure.ArcsOf(city.Streets, key).Any()) is { } unknown ? $"the map has no part {ForeignText.Of(unknown, 50)}; open the page anew"
        : stretches.SelectMany(key => StreetClosure.ArcsOf(city.Streets, key)).Any(arc => arc == city.Depot.Arc || arc == city.Streets.ArcReverse[city.Depot.Arc])
            ? "the depot's own way cannot be closed: no vehicle could come home"
        : string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReasonLength ? $"say why it is closed, in up to {MaxReasonLength} characters"
        : until <= now ? "the end is over already"
        : until > now + MaxTime ? "the end is more than a year away: leave it out, and open the street by hand"
        : null;

    private static string Name(StreetClosure closure) =>
        string.Create(CultureInfo.InvariantCulture, $"{closure.Street}, {closure.Stretches.Length} parts ({string.Join(' ', closure.Stretches.Take(10))}{(closure.Stretches.Length > 10 ? " …" : "")})");
}
