using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

internal enum DepotFaultKind : byte
{
    /// <summary>It takes the vehicle and does nothing: no current, no water, the hopper stays full.</summary>
    Dead,

    /// <summary>Its signal says that somebody stands in it.</summary>
    Occupied,

    /// <summary>Its signal says that it is out of order.</summary>
    OutOfOrder,
}

/// <summary>Something that goes wrong with bays of the depot, for a time of the world.</summary>
/// <param name="Bay">Number of the bay; 0: all of that service.</param>
internal readonly record struct DepotFault(DepotService Service, DepotFaultKind Kind, int Bay, double FromS, double ToS);
