namespace Kehrwerk.Sweeper;

/// <summary>What a vehicle is doing at one moment.</summary>
/// <param name="OrderId">The order it took last; empty before the first since its program started.</param>
/// <param name="IsWorking">It is being tipped, washed, filled or charged.</param>
/// <param name="HasOrder">Something of the order is still to be done.</param>
public readonly record struct SweeperActivity(
    string OrderId, uint OrderUpdateId, double SpeedMps, bool IsWorking, bool HasOrder, bool IsPaused, bool IsDeactivated);
