namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>Overlooks one place in a hundred, at random.</summary>
internal sealed class Blinks(SeededRandom random)
{
    private const int OneIn = 100;

    private int untilNext = 1;

    /// <summary>Whether the next place is overlooked.</summary>
    public bool Next()
    {
        if (--untilNext > 0)
        {
            return false;
        }

        untilNext = 1 + (int)(-Math.Log(random.Share()) * OneIn);
        return true;
    }
}
