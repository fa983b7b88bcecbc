using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kehrwerk.Centre.Cases;

namespace Kehrwerk.Centre.Fleet;

/// <summary>A change on the live picture.</summary>
public abstract record LiveChange;

public sealed record VehicleChanged(VehicleView Vehicle) : LiveChange;

/// <summary>Cases as they are now; closed ones leave the picture.</summary>
public sealed record CasesChanged(ImmutableArray<Case> Cases) : LiveChange;

public sealed record KerbsChanged(ImmutableArray<(int Kerb, KerbState State)> Kerbs) : LiveChange;

/// <summary>
/// The live picture that every screen shows: the newest view of each vehicle, every open case and the state of each kerb.
/// Twins and the case book publish into it; pages read and watch it. Thread-safe.
/// A watcher that does not keep up loses its place and must start again from a snapshot (<see cref="Watch"/> ends).
/// </summary>
public sealed class LiveFleet(int kerbCount)
{
    private const int WatcherBuffer = 1024;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, VehicleView> vehicles = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, Case> cases = [];
    private readonly KerbState[] kerbs = new KerbState[kerbCount];
    private readonly List<Channel<LiveChange>> watchers = [];

    public void Publish(VehicleView vehicle)
    {
        lock (gate)
        {
            vehicles[vehicle.Id] = vehicle;
            Tell(new VehicleChanged(vehicle));
        }
    }

    public void Publish(params ImmutableArray<(int Kerb, KerbState State)> changes)
    {
        lock (gate)
        {
            foreach (var (kerb, state) in changes)
            {
                kerbs[kerb] = state;
            }

            Tell(new KerbsChanged(changes));
        }
    }

    public void Publish(ImmutableArray<Case> changed)
    {
        lock (gate)
        {
            foreach (var one in changed)
            {
                if (one.IsOpen)
                {
                    cases[one.Id] = one;
                }
                else
                {
                    cases.Remove(one.Id);
                }
            }

            Tell(new CasesChanged(changed));
        }
    }

    /// <summary>Every open case in the order of numbers.</summary>
    public ImmutableArray<Case> OpenCases()
    {
        lock (gate)
        {
            return [.. cases.Values];
        }
    }

    /// <summary>Every vehicle in the order of ids, and the state of every kerb by its id.</summary>
    public (ImmutableArray<VehicleView> Vehicles, ImmutableArray<KerbState> Kerbs) Snapshot()
    {
        lock (gate)
        {
            return ([.. vehicles.Values], [.. kerbs]);
        }
    }

    /// <summary>First the whole picture as changes, then every change as it comes, until cancelled or fallen behind.</summary>
    public async IAsyncEnumerable<LiveChange> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<LiveChange>(new BoundedChannelOptions(WatcherBuffer) { SingleReader = true });
        ImmutableArray<LiveChange> picture;
        lock (gate)
        {
            picture = [.. vehicles.Values.Select(v => new VehicleChanged(v)), new CasesChanged([.. cases.Values]), new KerbsChanged([.. kerbs.Index().Where(k => k.Item != KerbState.None)])];
            watchers.Add(channel);
        }

        try
        {
            foreach (var change in picture)
            {
                yield return change;
            }

            await foreach (var change in channel.Reader.ReadAllAsync(cancellation))
            {
                yield return change;
            }
        }
        finally
        {
            lock (gate)
            {
                watchers.Remove(channel);
            }
        }
    }

    private void Tell(LiveChange change)
    {
        for (var i = watchers.Count - 1; i >= 0; i--)
        {
            if (!watchers[i].Writer.TryWrite(change))
            {
                watchers[i].Writer.TryComplete();
                watchers.RemoveAt(i);
            }
        }
    }
}
