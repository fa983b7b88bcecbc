using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;

namespace Kehrwerk.Centre.Depots;

/// <summary>The bays of the depot; one writer for them all.</summary>
public interface IDepotGrain : IGrainWithIntegerKey
{
    /// <summary>Asks for a bay, or asks again; true if it is granted.</summary>
    /// <param name="chargeKw">What the vehicle draws while it charges.</param>
    Task<bool> Ask(string vehicle, DepotService kind, double chargeKw);

    /// <summary>Takes over a bay that a vehicle held before the Centre started again.</summary>
    Task Restore(string vehicle, DepotService kind, double chargeKw);

    Task Free(string vehicle);
}

internal sealed class DepotGrain(CityContext city) : Grain, IDepotGrain
{
    private DepotBook book = DepotBook.Of(city.City.Depot);

    public Task<bool> Ask(string vehicle, DepotService kind, double chargeKw)
    {
        (book, var isGranted) = book.Ask(VehicleId.Parse(vehicle), kind, chargeKw);
        return Task.FromResult(isGranted);
    }

    public Task Restore(string vehicle, DepotService kind, double chargeKw)
    {
        book = book.Restore(VehicleId.Parse(vehicle), kind, chargeKw);
        return Task.CompletedTask;
    }

    public Task Free(string vehicle)
    {
        book = book.Free(VehicleId.Parse(vehicle));
        return Task.CompletedTask;
    }
}
