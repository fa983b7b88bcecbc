namespace Kehrwerk.Streets.Import;

/// <summary>The comparable street name of each segment.</summary>
internal sealed class StreetKeys
{
    public StreetKeys(StreetNetwork network)
    {
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        OfSegment = new string[network.SegmentCount];
        for (var s = 0; s < OfSegment.Length; s++)
        {
            var name = network.SegmentName(s);
            if (!byName.TryGetValue(name, out var key))
            {
                byName.Add(name, key = StreetName.Key(name));
            }

            OfSegment[s] = key;
        }
    }

    public string[] OfSegment { get; }
}
