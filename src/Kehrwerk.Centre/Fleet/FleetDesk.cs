using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link.Messages;
using Kehrwerk.Planning;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Where people and plans reach the fleet. Thread-safe.</summary>
public sealed class FleetDesk : IDisposable
{
    private readonly IGrainFactory grains;
    private readonly CentreStore store;
    private readonly CurrentCity city;
    private readonly CentreOptions options;
    private readonly SemaphoreSlim oneShiftAtATime = new(1, 1);

    internal FleetDesk(IGrainFactory grains, CentreStore store, CurrentCity city, CentreOptions options)
    {
        this.grains = grains;
        this.store = store;
        this.city = city;
        this.options = options;
    }

    /// <summary>Stores a plan and its missions for one day and gives them to the vehicles. They are stored when the task completes.</summary>
    /// <param name="by">Who started the shift, for the record.</param>
    /// <exception cref="ArgumentException">The plan names a vehicle that is not in the fleet.</exception>
    /// <exception cref="InvalidOperationException">A vehicle of the plan has a mission that still runs; nothing is stored.</exception>
    public async Task<ImmutableArray<Mission>> StartShift(Plan plan, int day, string by, CancellationToken cancellation = default)
    {
        await oneShiftAtATime.WaitAsync(cancellation);
        try
        {
            var tours = plan.Tours.Where(t => t.Day == day && t.Steps.Length > 0).OrderBy(t => t.Vehicle, StringComparer.Ordinal).ToList();
            var number = store.HighestMission();
            var now = options.Time.GetUtcNow();
            var missions = ImmutableArray.CreateBuilder<Mission>();
            foreach (var tour in tours)
            {
                var vehicle = options.Vehicles.FirstOrDefault(v => v.Spec.Id == tour.Vehicle)
                    ?? throw new ArgumentException($"The plan has a tour for '{tour.Vehicle}', which is not in the fleet.", nameof(plan));
                if (store.LoadTwin(vehicle).Mission is { IsRunning: true } running)
                {
                    throw new InvalidOperationException($"{vehicle.Id} still has mission {running.Id}.");
                }

                var id = string.Create(CultureInfo.InvariantCulture, $"m{++number}");
                missions.Add(Mission.From(id, vehicle.Id, options.City.Fingerprint, tour, vehicle.Spec, now));
            }

            var built = missions.ToImmutable();
            await store.Write(new()
            {
                Shift = (plan, options.City.Fingerprint, now, built),
                Record = [new(now, "shiftStarted", by, "", $"{built.Length} missions, day {day}")],
            });
            // All are asked, also where one fails: that one takes its mission up with its next start.
            await Task.WhenAll(built.Select(mission => Grain(mission.Vehicle.ToString()).Assign(mission.Id)));
            return built;
        }
        finally
        {
            oneShiftAtATime.Release();
        }
    }

    /// <summary>Whether any vehicle has a mission that is not over, by what is stored.</summary>
    public bool IsShiftRunning() => options.Vehicles.Any(v => store.LoadTwin(v).Mission is { IsRunning: true });

    /// <inheritdoc cref="SendVehicleCommand"/>
    public Task Send(VehicleCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return options.Vehicles.Any(v => v.Id.ToString() == command.Vehicle)
            ? Grain(command.Vehicle).Command(
                command.Kind, command.By, command.Investigation?.Finding, command.Investigation?.Text, command.Investigation is { CancelsOrder: true })
            : throw new ArgumentException($"'{command.Vehicle}' is not a vehicle of this fleet.", nameof(command));
    }

    /// <inheritdoc cref="AnswerVehicleRequest"/>
    public Task<string?> Answer(VehicleAnswer answer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return !Enum.IsDefined(answer.Grant)
            ? throw new ArgumentException($"{(int)answer.Grant} is no answer; there are {string.Join(", ", Enum.GetNames<GrantType>())}.", nameof(answer))
            : answer.Grant == GrantType.Granted && answer.Lease is { } lease && !(lease > TimeSpan.Zero && lease <= VehicleAnswer.MaxLease)
            ? throw new ArgumentException($"A grant holds for up to {VehicleAnswer.MaxLease.TotalSeconds} s, not for {lease.TotalSeconds} s.", nameof(answer))
            : options.Vehicles.Any(v => v.Id.ToString() == answer.Vehicle)
            ? Grain(answer.Vehicle).Answer(answer.RequestId, answer.Grant, answer.Lease, answer.By, answer.Reason)
            : throw new ArgumentException($"'{answer.Vehicle}' is not a vehicle of this fleet.", nameof(answer));
    }

    /// <summary>Sets which arcs are closed now; vehicles take other ways.</summary>
    public async Task Close(Closures closures, string by)
    {
        city.Close(closures);
        await store.Write(new() { Record = [new(options.Time.GetUtcNow(), "closures", by, "", $"{closures.Arcs.Count} arcs closed")] });
        await Task.WhenAll(options.Vehicles.Select(v => Grain(v.Id.ToString()).ClosuresChanged()));
    }

    public void Dispose() => oneShiftAtATime.Dispose();

    private IVehicleGrain Grain(string vehicle) => grains.GetGrain<IVehicleGrain>(vehicle);
}
