namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// How dirty each kerb is against the mean: a factor from 1 − spread to 1 + spread that depends on nothing but the kerb's key and the seed,
/// so that what the vehicle finds deviates from the plan, but the same in every run.
/// </summary>
internal sealed class Dirt(int seed, double spread)
{
    public double FactorOf(string kerb)
    {
        // FNV-1a over the seed and the key, then mixed (the finalizer of splitmix64), since similar keys must not have similar dirt.
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var letter in kerb)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        hash ^= hash >> 31;
        return 1 + (spread * ((2 * ((hash >> 11) * (1.0 / (1UL << 53)))) - 1));
    }
}
