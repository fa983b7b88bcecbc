namespace Kehrwerk.Link;

/// <summary>
/// Why a service at the depot failed for a reason of the bay: the result of its action, and the type of an error of the state with the references
/// <c>actionId</c> and <c>bay</c>. Another bay, or the same one later, may serve.
/// </summary>
public static class DepotFailures
{
    /// <summary>The charger is taken or says that it is out of order, or no current flows.</summary>
    public const string ChargerOccupied = "chargerOccupied", ChargerFaulty = "chargerFaulty", ChargerDead = "chargerDead";

    /// <summary>The tip is taken, says that it is out of order, or the hopper is not empty after it.</summary>
    public const string TipOccupied = "tipOccupied", TipFaulty = "tipFaulty", TipFailed = "tipFailed";

    /// <summary>The same of the wash, of which no sensor says whether it worked.</summary>
    public const string WashOccupied = "washOccupied", WashFaulty = "washFaulty";

    /// <summary>The same of the water point, where no water may come.</summary>
    public const string WaterOccupied = "waterOccupied", WaterFaulty = "waterFaulty", WaterOff = "waterOff";

    public static bool IsOfBay(string? result) => result is ChargerOccupied or ChargerFaulty or ChargerDead or TipOccupied or TipFaulty or TipFailed
        or WashOccupied or WashFaulty or WaterOccupied or WaterFaulty or WaterOff;
}
