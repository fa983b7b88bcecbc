namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>Bays of one service at one site: each serves one vehicle at a time, first come, first served.</summary>
internal sealed class SiteBays(int count)
{
    private readonly int[] freeFrom = new int[count == ArcSite.Unlimited ? 0 : count];

    /// <summary>Begins anew with all bays free but those that are in use.</summary>
    public void Clear(ReadOnlySpan<BayInUse> inUse, int service)
    {
        Array.Fill(freeFrom, int.MinValue);
        foreach (var bay in inUse)
        {
            if (bay.Service == service && freeFrom.Length > 0)
            {
                freeFrom[FirstFree()] = bay.Until;
            }
        }
    }

    /// <summary>When a vehicle that is ready at some time can be served.</summary>
    public int Earliest(int ready) => freeFrom.Length == 0 ? ready : Math.Max(ready, freeFrom[FirstFree()]);

    /// <summary>Takes the bay that is free first; returns when the service starts.</summary>
    public int Take(int ready, int duration)
    {
        if (freeFrom.Length == 0)
        {
            return ready;
        }

        var bay = FirstFree();
        var start = Math.Max(ready, freeFrom[bay]);
        freeFrom[bay] = start + duration;
        return start;
    }

    private int FirstFree()
    {
        var first = 0;
        for (var bay = 1; bay < freeFrom.Length; bay++)
        {
            if (freeFrom[bay] < freeFrom[first])
            {
                first = bay;
            }
        }

        return first;
    }
}

/// <summary>The chargers of one site: so many vehicles at a time, and no more power together than there is.</summary>
internal sealed class SiteChargers(int count, int maxPower)
{
    private readonly List<(int Start, int End, int Power)> sessions = [];

    /// <summary>Begins anew with all chargers free but those that are in use.</summary>
    public void Clear(ReadOnlySpan<BayInUse> inUse, int service)
    {
        sessions.Clear();
        foreach (var bay in inUse)
        {
            if (bay.Service == service)
            {
                sessions.Add((bay.From, bay.Until, bay.Power));
            }
        }
    }

    /// <summary>Takes a charger for the earliest time that leaves all sessions taken before as they are; returns its start.</summary>
    public int Take(int ready, int duration, int power)
    {
        var start = ready;
        while (EndOfHindrance(start, start + duration, power) is var later && later > start)
        {
            start = later;
        }

        sessions.Add((start, start + duration, power));
        return start;
    }

    // The load rises only where a session starts: it is enough to look there. Returns start where nothing is in the way,
    // else when the first of the sessions in the way ends.
    private int EndOfHindrance(int start, int end, int power)
    {
        var later = EndOfOverload(start, start, power);
        foreach (var session in sessions)
        {
            if (later == start && session.Start > start && session.Start < end)
            {
                later = EndOfOverload(session.Start, start, power);
            }
        }

        return later;
    }

    private int EndOfOverload(int at, int start, int power)
    {
        var busy = 1;
        var load = (long)power;
        var firstEnd = int.MaxValue;
        foreach (var session in sessions)
        {
            if (session.Start <= at && at < session.End)
            {
                busy++;
                load += session.Power;
                firstEnd = Math.Min(firstEnd, session.End);
            }
        }

        return (busy > count || load > maxPower) && firstEnd < int.MaxValue ? firstEnd : start;
    }
}
