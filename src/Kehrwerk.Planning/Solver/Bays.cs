namespace Kehrwerk.Planning.Solver;

/// <summary>Bays of one kind, e.g. all tips: each serves one vehicle at a time, first come, first served.</summary>
internal sealed class Bays(int count)
{
    private readonly int[] freeMs = new int[count];

    public void Clear() => Array.Clear(freeMs);

    /// <summary>When the next bay is free.</summary>
    public int NextFreeMs() => freeMs[FirstFree()];

    /// <summary>Takes the bay that is free first, at <paramref name="readyMs"/> at the earliest; returns when the service starts.</summary>
    public int Take(int readyMs, int durationMs)
    {
        var bay = FirstFree();
        var startMs = Math.Max(readyMs, freeMs[bay]);
        freeMs[bay] = startMs + durationMs;
        return startMs;
    }

    private int FirstFree()
    {
        var first = 0;
        for (var bay = 1; bay < freeMs.Length; bay++)
        {
            if (freeMs[bay] < freeMs[first])
            {
                first = bay;
            }
        }

        return first;
    }
}

/// <summary>The chargers: so many vehicles at a time, and no more power together than the grid gives.</summary>
internal sealed class Chargers(int count, double gridLimitKw)
{
    private readonly List<(int StartMs, int EndMs, double PowerKw)> sessions = [];

    public void Clear() => sessions.Clear();

    /// <summary>Takes a charger for the earliest time that leaves all sessions taken before as they are; returns its start.</summary>
    public int Take(int readyMs, int durationMs, double powerKw)
    {
        var startMs = readyMs;
        while (EndOfHindranceMs(startMs, startMs + durationMs, powerKw) is var laterMs && laterMs > startMs)
        {
            startMs = laterMs;
        }

        sessions.Add((startMs, startMs + durationMs, powerKw));
        return startMs;
    }

    // The load rises only where a session starts: it is enough to look there. Returns startMs where nothing is in the way,
    // else when the first of the sessions in the way ends.
    private int EndOfHindranceMs(int startMs, int endMs, double powerKw)
    {
        var laterMs = EndOfOverloadMs(startMs, startMs, powerKw);
        foreach (var session in sessions)
        {
            if (laterMs == startMs && session.StartMs > startMs && session.StartMs < endMs)
            {
                laterMs = EndOfOverloadMs(session.StartMs, startMs, powerKw);
            }
        }

        return laterMs;
    }

    private int EndOfOverloadMs(int atMs, int startMs, double powerKw)
    {
        var busy = 1;
        var loadKw = powerKw;
        var firstEndMs = int.MaxValue;
        foreach (var session in sessions)
        {
            if (session.StartMs <= atMs && atMs < session.EndMs)
            {
                busy++;
                loadKw += session.PowerKw;
                firstEndMs = Math.Min(firstEndMs, session.EndMs);
            }
        }

        return busy > count || loadKw > gridLimitKw + 1e-9 ? firstEndMs : startMs;
    }
}
