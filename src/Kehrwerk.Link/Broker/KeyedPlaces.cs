namespace Kehrwerk.Link.Broker;

/// <summary>A number of places for each key. Thread-safe; keeps only keys that hold a place.</summary>
/// <param name="perKey">Places of each key.</param>
/// <param name="inAll">Places of all keys together.</param>
internal sealed class KeyedPlaces<TKey>(int perKey, int inAll)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, int> taken = [];
    private int all;

    public bool TryEnter(TKey key)
    {
        lock (gate)
        {
            var own = taken.GetValueOrDefault(key);
            if (own >= perKey || all >= inAll)
            {
                return false;
            }

            (taken[key], all) = (own + 1, all + 1);
            return true;
        }
    }

    public void Leave(TKey key)
    {
        lock (gate)
        {
            all--;
            if (--taken[key] == 0)
            {
                taken.Remove(key);
            }
        }
    }
}
