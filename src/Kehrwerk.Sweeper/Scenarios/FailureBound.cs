namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>What a number of independent runs says about the share of failures.</summary>
internal static class FailureBound
{
    /// <summary>
    /// The exact upper bound on the failure rate (Clopper, Pearson 1934): were it higher, so few failures would be seen with a probability below
    /// 1 − <paramref name="confidence"/>. Without a failure in n runs it is 1 − (1 − confidence)^(1/n), about 3/n at 95 %.
    /// </summary>
    public static double Upper(int failures, int runs, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(failures, runs);
        if (failures == runs)
        {
            return 1;
        }

        var (low, high) = ((double)failures / Math.Max(1, runs), 1.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = AtMost(failures, runs, middle) > 1 - confidence ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>Probability of at most <paramref name="failures"/> in <paramref name="runs"/> where each fails with probability <paramref name="rate"/>.</summary>
    private static double AtMost(int failures, int runs, double rate)
    {
        var (sum, logTerm) = (0.0, runs * Math.Log(1 - rate));
        for (var k = 0; k <= failures; k++)
        {
            sum += Math.Exp(logTerm);
            logTerm += Math.Log((runs - k) / (k + 1.0)) + Math.Log(rate / (1 - rate));
        }

        return sum;
    }
}
