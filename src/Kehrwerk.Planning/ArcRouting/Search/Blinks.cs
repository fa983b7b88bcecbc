namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>Overlooks one place in a hundred, at random; more where there are few tasks, so that now and then a round does something else.</summary>
internal sealed class Blinks(SeededRandom random, int tasks)
{
    private readonly int oneIn = Math.Clamp((2 * tasks) - 5, 3, 100);

    private int untilNext = 1;

    /// <summary>Whether the next place is overlooked.</summary>
    public bool Next()
    {
        if (--untilNext > 0)
        {
            return false;
        }

        untilNext = 1 + (int)(-Math.Log(random.Share()) * oneIn);
        return true;
    }
}
