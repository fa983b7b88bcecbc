namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>Chance that repeats: SplitMix64 (Steele, Lea and Flood 2014). The same seed gives the same numbers on every machine and runtime.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>A whole number in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => (int)(((NextBits() >> 32) * (ulong)bound) >> 32);

    /// <summary>A number in (0, 1].</summary>
    public double Share() => ((NextBits() >> 11) + 1) * (1.0 / (1UL << 53));

    public ulong NextBits()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
