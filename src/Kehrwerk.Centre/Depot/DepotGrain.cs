using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;

namespace Kehrwerk.Centre.Depots;

/// <summary>The one writer of the depot's book. Key 0: a city has one depot so far.</summary>
internal interface IDepotGrain : IGrainWithIntegerKey
{
    /// <summary>Asks for a bay, or asks again; its number if it is granted, else 0.</summary>
    Task<int> Ask(string vehicle, DepotService kind, double chargeKw);

    Task Free(string vehicle);

    /// <summary>The bay in which a vehicle stands failed.</summary>
    Task Break(string vehicle, DateTimeOffset until);
}

/// <summary>Hosts the book. Bays that were held when the Centre ended stay with their vehicles.</summary>
internal sealed class DepotGrain(CentreStore store, CentreOptions options) : Grain, IDepotGrain
{
    private DepotBook book = DepotBook.Of(options.City.Depot);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var (vehicle, kind, number) in store.GrantedBays())
        {
            if (options.Vehicles.FirstOrDefault(v => v.Id == vehicle) is { } known)
            {
                book = book.Restore(vehicle, kind, known.Spec.ChargePowerKw, number);
            }
        }

        return Task.CompletedTask;
    }

    public Task<int> Ask(string vehicle, DepotService kind, double chargeKw)
    {
        (book, var isGranted) = book.Ask(VehicleId.Parse(vehicle), kind, chargeKw, options.Time.GetUtcNow());
        return Task.FromResult(isGranted ? book.Find(VehicleId.Parse(vehicle))!.Number : 0);
    }

    public Task Break(string vehicle, DateTimeOffset until)
    {
        book = book.Break(VehicleId.Parse(vehicle), until);
        return Task.CompletedTask;
    }

    public Task Free(string vehicle)
    {
        book = book.Free(VehicleId.Parse(vehicle));
        return Task.CompletedTask;
    }
}
