using System.IO.Compression;
using System.Text;
using CsCheck;
using ICSharpCode.SharpZipLib.BZip2;
using Kehrwerk.Streets.Import;
using OsmSharp.Streams;
using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

/// <summary>Every packing gives the same city, and whatever is wrong with a file is said in a sentence.</summary>
public sealed class InputTests
{
    private static readonly byte[] Xml = new OsmText()
        .Node(1, 0, 0).Node(2, 200, 0).Node(3, 300, 0).Node(4, 200, 80, "barrier=gate; access=private").Node(5, 200, 100)
        .Way(10, "1 2 3", "highway=residential; name=Weg").Way(20, "2 4 5", "highway=residential; name=Gasse")
        .Relation(1, "type=restriction; restriction=no_left_turn", "way 10 from", "node 2 via", "way 20 to")
        .Square(50, 500, 50, 50, 20, "building=yes; addr:street=Weg; addr:housenumber=1")
        .ToBytes();

    private static City Import(byte[] bytes) => CityImporter.Import(new MemoryStream(bytes), "city.osm", new());

    private static byte[] Packed(byte[] bytes, Func<Stream, Stream> pack)
    {
        var to = new MemoryStream();
        using (var packer = pack(to))
        {
            packer.Write(bytes);
        }

        return to.ToArray();
    }

    private static byte[] GZip(byte[] bytes) => Packed(bytes, to => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true));

    private static byte[] BZip2(byte[] bytes) => Packed(bytes, to => new BZip2OutputStream(to) { IsStreamOwner = false });

    private static byte[] Pbf(byte[] xml)
    {
        var to = new MemoryStream();
        var target = new PBFOsmStreamTarget(to);
        target.RegisterSource(new XmlOsmStreamSource(new MemoryStream(xml)).Select(o =>
        {
            (o.TimeStamp, o.ChangeSetId, o.UserId, o.UserName) = (DateTime.UnixEpoch, 1, 1, "x");
            return o;
        }));
        target.Pull();
        return to.ToArray();
    }

    private static string Summary(City city) => $"{city.Arcs()} | {city.KerbKeys()} | {string.Join(", ", city.Addresses.Select(a => FormattableString.Invariant($"{a.Street} {a.HouseNumber} {a.Position.Lat:F5} {a.Position.Lon:F5} {a.Kerb}")))} | {string.Join(", ", city.Bans())} | {city.Map.Areas.Length}";

    [Theory]
    [InlineData("gz")]
    [InlineData("bz2")]
    [InlineData("bz2 of several members")]
    [InlineData("pbf")]
    [InlineData("pbf in gz")]
    [InlineData("byte order mark")]
    public void Every_format_gives_the_same_city(string format)
    {
        var bytes = format switch
        {
            "gz" => GZip(Xml),
            "bz2" => BZip2(Xml),
            "bz2 of several members" => [.. BZip2(Xml[..200]), .. BZip2(Xml[200..])],
            "pbf" => Pbf(Xml),
            "pbf in gz" => GZip(Pbf(Xml)),
            _ => [0xEF, 0xBB, 0xBF, .. Xml],
        };
        Assert.Equal(Summary(Import(Xml)), Summary(Import(bytes)));
        Assert.NotEmpty(Import(bytes).Kerbs);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var e = Assert.Throws<InputException>(() => CityImporter.Import(Path.Combine(Path.GetTempPath(), "no-such-city.osm.pbf"), new()));
        Assert.Contains("no-such-city.osm.pbf", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_file() => Assert.Throws<InputException>(() => CityImporter.Import(Path.GetTempPath(), new()));

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("<html><body>Not found</body></html>", "holds no OpenStreetMap object")]
    [InlineData("street;class", "This is not an OpenStreetMap file")]
    [InlineData("<osm><node id='1' lat='51' lon='6'", "cannot be read")]
    [InlineData("<osm><node id='1' lat='x' lon='6'/></osm>", "no street that a vehicle may drive")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><osm>&b;</osm>", "cannot be read")]
    [InlineData("<osm><node id='1' lat='51' lon='6'/></osm>", "no street that a vehicle may drive")]
    [InlineData("<osm><way id='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='residential'/></way></osm>", "without the nodes")]
    public void Wrong_text_is_refused_in_a_sentence(string text, string message)
    {
        var e = Assert.Throws<InputException>(() => Import(Encoding.UTF8.GetBytes(text)));
        Assert.Equal("city.osm", e.Place);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_is_no_map() =>
        Assert.Contains("not an OpenStreetMap file", Assert.Throws<InputException>(() => Import([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, .. new byte[500]])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("pbf")]
    [InlineData("gz")]
    [InlineData("bz2")]
    [InlineData("xml")]
    public void A_file_cut_short_is_refused(string format)
    {
        var bytes = format switch { "pbf" => Pbf(Xml), "gz" => GZip(Xml), "bz2" => BZip2(Xml), _ => Xml };
        foreach (var share in new[] { 0.3, 0.6, 0.95 })
        {
            Assert.Throws<InputException>(() => Import(bytes[..(int)(bytes.Length * share)]));
        }
    }

    [Fact]
    public void A_block_that_claims_to_be_huge_is_refused_unread()
    {
        // BlobHeader { type "OSMHeader", datasize 2^31 - 1 }
        byte[] bytes = [0, 0, 0, 17, 0x0A, 9, .. "OSMHeader"u8, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        Assert.Contains("block of impossible length", Assert.Throws<InputException>(() => Import(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_tag_is_refused_before_it_fills_the_memory()
    {
        var bytes = Encoding.UTF8.GetBytes($"<osm><node id='1' lat='51' lon='6'><tag k='name' v='{new string('a', 3 << 20)}'/></node></osm>");
        Assert.Contains("longer than a megabyte", Assert.Throws<InputException>(() => Import(GZip(bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_off_the_earth_and_far_away_are_left_out()
    {
        var text = Encoding.UTF8.GetString(Xml)
            .Replace("</osm>", "", StringComparison.Ordinal)
            .Replace("<way id=\"10\"", "<node id=\"900\" lat=\"91\" lon=\"6.7\"/><node id=\"901\" lat=\"-20\" lon=\"100\"/><way id=\"10\"", StringComparison.Ordinal);
        var city = Import(Encoding.UTF8.GetBytes(text + "<way id=\"90\"><nd ref=\"1\"/><nd ref=\"901\"/><nd ref=\"900\"/><tag k=\"highway\" v=\"residential\"/></way></osm>"));
        Assert.Equal(Import(Xml).Arcs(), city.Arcs());
        Assert.Equal(1, city.LeftOut("node without a usable position"));
    }

    [Fact]
    public void Absurd_tags_are_cut_or_ignored()
    {
        var name = new string('ä', 5000);
        var streets = new OsmText().Node(1, 0, 0).Node(2, 200, 0).Way(10, "1 2 2 2", $"highway=residential; name={name}\u0085; width=1e9; maxspeed=1e300; lanes=99999999999").Import().Streets;
        Assert.Equal(Tags.MaxValueLength, streets.SegmentName(0).Length);
        Assert.Equal(0, streets.SegmentWidthM[0]);
        Assert.Equal(2, streets.SegmentLine(0).Length);
    }

    [Fact]
    public void A_way_of_one_place_only_does_no_harm()
    {
        var city = new OsmText().Node(1, 0, 0).Node(2, 200, 0).Node(3, 200, 0).Way(10, "1 2", "highway=residential").Way(11, "2 3", "highway=residential").Way(12, "3 3", "highway=residential").Import();
        Assert.Equal("10.0b 10.0f 11.0b 11.0f", city.Arcs());
    }

    [Fact]
    public void Damage_anywhere_in_a_file_gives_a_city_or_a_sentence_and_never_a_crash()
    {
        byte[][] files = [Pbf(Xml), Xml, GZip(Xml), BZip2(Xml)];
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Select(Gen.Int[0, 5000], Gen.Byte).Array[1, 8]).Sample(
            (file, damage) =>
            {
                var bytes = files[file].ToArray();
                foreach (var (at, value) in damage)
                {
                    bytes[at % bytes.Length] = value;
                }

                try
                {
                    _ = Import(bytes);
                }
                catch (InputException e)
                {
                    Assert.StartsWith("city.osm", e.Message, StringComparison.Ordinal);
                }
            },
            iter: 400);
    }
}
