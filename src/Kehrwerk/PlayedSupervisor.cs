using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Simulation;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;

namespace Kehrwerk;

/// <summary>
/// The supervisor of a simulated shift that is driven in full: after a while in which a person would have looked, releases the first manoeuvre that a vehicle
/// proposes, ends its minimal risk condition, and lets it go on where it waits for a person. Everything she does is counted. Not thread-safe.
/// </summary>
internal sealed class PlayedSupervisor
{
    private const string Name = "played supervisor";
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(5), AnswersAfter = TimeSpan.FromSeconds(20), EndsAfter = TimeSpan.FromSeconds(60), ResumesAfter = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan GrantFor = TimeSpan.FromSeconds(30);

    private readonly EventLoop loop;
    private readonly SimulatedCentre centre;
    private readonly Dictionary<(VehicleId Vehicle, string What), DateTimeOffset> waiting = [];
    private readonly SortedDictionary<string, int> causes = new(StringComparer.Ordinal);

    public PlayedSupervisor(EventLoop loop, SimulatedCentre centre)
    {
        (this.loop, this.centre) = (loop, centre);
        loop.Schedule(LooksEvery, Look);
    }

    public int Released { get; private set; }
    public int Ended { get; private set; }
    public int Resumed { get; private set; }

    /// <summary>Minimal risk conditions that she ended, by cause.</summary>
    public ImmutableSortedDictionary<string, int> Causes => causes.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private void Look()
    {
        foreach (var twin in centre.Twins.ToList())
        {
            var requests = twin.Facts?.Requests ?? [];
            if (!requests.Any(request => request.Status == RequestStatus.Granted)
                && requests.FirstOrDefault(request => request is { Status: RequestStatus.Requested, IsAhead: true }) is { } asked
                && HasWaited(twin.Id, asked.RequestId, AnswersAfter))
            {
                Released++;
                centre.Answer(twin.Id, asked.RequestId, GrantType.Granted, GrantFor, Name);
            }

            if (twin.Safety is { Mode: SafetyMode.Mrc, MrcId: { } mrc } safety && HasWaited(twin.Id, mrc, EndsAfter))
            {
                Ended++;
                var cause = safety.Cause.ToString()!;
                causes[cause] = causes.GetValueOrDefault(cause) + 1;
                centre.Command(twin.Id, VehicleCommandKind.Release, Name, new("It was looked into", "The way is free and the vehicle is in order"));
            }

            if (twin.Fault is { } fault && HasWaited(twin.Id, fault, ResumesAfter))
            {
                Resumed++;
                centre.Command(twin.Id, VehicleCommandKind.Resume, Name);
            }
        }

        loop.Schedule(LooksEvery, Look);
    }

    /// <summary>True once so long after it was first seen, and again after as long a time.</summary>
    private bool HasWaited(VehicleId vehicle, string what, TimeSpan time)
    {
        if (!waiting.TryGetValue((vehicle, what), out var since))
        {
            waiting.Add((vehicle, what), loop.Now);
            return false;
        }

        if (loop.Now - since < time)
        {
            return false;
        }

        waiting[(vehicle, what)] = loop.Now;
        return true;
    }
}
