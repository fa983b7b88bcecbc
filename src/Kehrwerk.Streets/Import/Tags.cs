using System.Collections.Frozen;
using OsmSharp.Tags;

namespace Kehrwerk.Streets.Import;

/// <summary>The tags of one OSM object, as far as the import minds them. Few, so a search from the front is fastest.</summary>
internal sealed class Tags
{
    /// <summary>OSM itself allows no longer value; what is longer is cut.</summary>
    public const int MaxValueLength = 255;

    public static readonly Tags None = new([]);

    private static readonly FrozenSet<string> KeysRead = FrozenSet.ToFrozenSet(
    [
        "highway", "name", "ref", "oneway", "junction", "access", "vehicle", "motor_vehicle", "motorcar", "service", "area", "indoor",
        "motorroad", "maxspeed", "width", "est_width", "lanes", "surface", "tracktype", "bridge", "tunnel", "maxwidth",
        "maxwidth:physical", "maxheight", "maxweight", "barrier", "bollard", "locked", "type", "restriction", "restriction:conditional",
        "restriction:hgv", "restriction:bus", "restriction:bicycle", "restriction:motorcycle", "except", "addr:housenumber", "addr:street",
        "addr:place", "addr:postcode", "addr:city", "building", "natural", "water", "waterway", "landuse", "leisure", "amenity", "man_made",
        "place", "railway", "capacity", "generator", "parking:left", "parking:right", "parking:both", "parking:left:orientation",
        "parking:right:orientation", "parking:both:orientation", "parking:lane:left", "parking:lane:right", "parking:lane:both",
    ]);

    private readonly KeyValuePair<string, string>[] pairs;

    private Tags(KeyValuePair<string, string>[] pairs) => this.pairs = pairs;

    public bool IsEmpty => pairs.Length == 0;

    /// <summary>The value of a key, or null.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var pair in pairs)
            {
                if (pair.Key == key)
                {
                    return pair.Value;
                }
            }

            return null;
        }
    }

    public bool Has(string key) => this[key] is not null;

    public static Tags From(TagsCollectionBase? source)
    {
        if (source is null || source.Count == 0)
        {
            return None;
        }

        List<KeyValuePair<string, string>>? read = null;
        foreach (var tag in source)
        {
            if (tag.Key is not null && KeysRead.Contains(tag.Key) && Clean(tag.Value) is { Length: > 0 } value)
            {
                (read ??= []).Add(new(tag.Key, value));
            }
        }

        return read is null ? None : new([.. read]);
    }

    // Control characters would end up on labels, in CSV and in logs.
    private static string Clean(string? value)
    {
        if (value is null)
        {
            return "";
        }

        if (value.Length > MaxValueLength)
        {
            value = value[..MaxValueLength];
        }

        return value.Any(char.IsControl) ? string.Concat(value.Where(c => !char.IsControl(c))).Trim() : value.Trim();
    }
}
