namespace Kehrwerk.Streets.Demo;

/// <summary>What kind of town <see cref="DemoCity"/> writes. The same options give the same file, to the byte.</summary>
/// <param name="Seed">Start of the random sequence; every seed is another town.</param>
/// <param name="KerbKm">Kerb length in kilometres, 5 to 2,000: both sides of a street count, one side of each
/// carriageway of a dual carriageway and of a roundabout, none of a service road. Met within 10 %.</param>
/// <param name="Addresses">Number of addresses, at most 120 per kilometre of kerb. Met exactly where the town has houses enough.</param>
/// <param name="Name">Name of the town, used for <c>addr:city</c>, the depot and the place node.</param>
public sealed record DemoCityOptions(int Seed = 1, double KerbKm = 60, int Addresses = 3000, string Name = "Musterstadt")
{
    /// <summary>Throws when a value is outside its bounds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the value and its bounds.</exception>
    internal void Check()
    {
        if (!(KerbKm is >= 5 and <= 2000))
            throw new ArgumentOutOfRangeException(nameof(KerbKm), KerbKm, "A demo city has 5 to 2000 km of kerb.");
        if (Addresses < 0 || Addresses > 120 * KerbKm)
            throw new ArgumentOutOfRangeException(nameof(Addresses), Addresses, $"A demo city with {KerbKm} km of kerb has 0 to {120 * KerbKm:F0} addresses.");
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 60)
            throw new ArgumentOutOfRangeException(nameof(Name), Name, "A demo city has a name of 1 to 60 characters.");
    }
}
