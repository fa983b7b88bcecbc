using System.IO.Compression;
using OsmSharp;
using OsmSharp.Streams;

namespace Kehrwerk.Streets.Import;

/// <summary>Reads an OSM file, whatever it is packed in; the content tells the format, not the name.</summary>
internal static class OsmReader
{
    // A whole federal state; beyond it a city's extract is not what was given.
    private const int MaxNodes = 60_000_000;
    private const int MaxReferences = 120_000_000;
    private const string Remedy = "Give an OpenStreetMap extract of the city as .osm.pbf, .osm, .osm.gz or .osm.bz2, and fetch it again if it was cut short";

    /// <param name="stream">Seekable, at its start.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <exception cref="InputException">The content is no OSM file, or a damaged one.</exception>
    public static OsmData Read(Stream stream, string file, ImportTally tally, Action<double> progress)
    {
        try
        {
            return new Gatherer(tally).Gather(Open(stream, file, packedBefore: false), () => progress(stream.Length == 0 ? 1 : (double)stream.Position / stream.Length), file);
        }
        catch (Exception e) when (e is not (InputException or OutOfMemoryException))
        {
            // The parsers answer damaged input with many kinds of exception (protobuf, XML, format, index, overflow); all mean the same to a person.
            throw new InputException(file, $"The file cannot be read as OpenStreetMap data: {Reason(e)}", Remedy, e);
        }
    }

    private static string Reason(Exception e) =>
        (e.InnerException is { } inner && e is InvalidOperationException ? $"{e.Message.TrimEnd('.')} ({inner.Message.TrimEnd('.')})" : e.Message.TrimEnd('.'));

    private static OsmStreamSource Open(Stream stream, string file, bool packedBefore)
    {
        var head = new byte[64];
        Array.Resize(ref head, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        if (head.Length == 0)
        {
            throw new InputException(file, "The file is empty", Remedy);
        }

        var whole = new PeekedStream(head, stream);
        if (head is [0x1F, 0x8B, ..] && !packedBefore)
        {
            return Open(new GZipStream(whole, CompressionMode.Decompress), file, packedBefore: true);
        }

        if (head.AsSpan().StartsWith("BZh"u8) && !packedBefore)
        {
            stream.Position = 0;
            return Open(new BZip2Members(stream), file, packedBefore: true);
        }

        if (head is [0, 0, 0, ..] && head.AsSpan().IndexOf("OSMHeader"u8) >= 0)
        {
            return new PBFOsmStreamSource(new PbfStream(whole));
        }

        return head.AsSpan().TrimStart("\uFEFF \t\r\n"u8) is [(byte)'<', ..]
            ? new XmlOsmStreamSource(new BoundedXmlStream(whole))
            : throw new InputException(file, "This is not an OpenStreetMap file", Remedy);
    }

    /// <summary>Takes the objects of a stream in whatever order they come.</summary>
    private sealed class Gatherer(ImportTally tally)
    {
        private readonly List<long> nodeIds = [];
        private readonly List<int> latE7 = [];
        private readonly List<int> lonE7 = [];
        private readonly List<(long Id, Tags Tags)> taggedNodes = [];
        private readonly List<(long Id, long[] Nodes, Tags Tags)> ways = [];
        private readonly List<OsmRelation> relations = [];
        private readonly HashSet<long> wayIds = [];
        private long references;

        public OsmData Gather(OsmStreamSource source, Action progress, string file)
        {
            var count = 0;
            while (source.MoveNext(false, false, false))
            {
                if ((++count & 0x3FFF) == 0)
                {
                    progress();
                }

                Take(source.Current());
                if (nodeIds.Count > MaxNodes || references > MaxReferences)
                {
                    throw new InputException(file, $"The file holds more than {MaxNodes:N0} nodes", "Cut the extract to the city, for example with osmium extract");
                }
            }

            if (count == 0)
            {
                throw new InputException(file, "The file holds no OpenStreetMap object", Remedy);
            }

            var nodes = SortNodes();
            tally.Take("OSM nodes", nodes.Count);
            tally.Take("OSM ways", ways.Count);
            tally.Take("OSM relations", relations.Count);
            return new(
                nodes,
                [.. taggedNodes.Select(n => (nodes.IndexOf(n.Id), n.Tags))],
                ways.ConvertAll(w => new OsmWay(w.Id, Array.ConvertAll(w.Nodes, nodes.IndexOf), w.Tags)),
                relations);
        }

        private void Take(OsmGeo item)
        {
            if (item.Id is not { } id || item.Visible == false)
            {
                tally.LeaveOut("object without id or deleted");
                return;
            }

            switch (item)
            {
                case Node node:
                    TakeNode(id, node);
                    break;
                case Way { Nodes.Length: > 0 } way:
                    if (wayIds.Add(id))
                    {
                        references += way.Nodes.Length;
                        ways.Add((id, way.Nodes, Tags.From(way.Tags)));
                    }
                    else
                    {
                        tally.LeaveOut("way given twice");
                    }

                    break;
                case Relation { Members: { } members } relation when Tags.From(relation.Tags) is { IsEmpty: false } tags:
                    references += members.Length;
                    relations.Add(new(id, Array.ConvertAll(members, m => new OsmMember((MemberKind)m.Type, m.Id, m.Role ?? "")), tags));
                    break;
            }
        }

        private void TakeNode(long id, Node node)
        {
            if (node.Latitude is not (>= -85 and <= 85) || node.Longitude is not (>= -180 and <= 180))
            {
                tally.LeaveOut("node without a usable position");
                return;
            }

            nodeIds.Add(id);
            latE7.Add((int)Math.Round(node.Latitude.Value * 1e7));
            lonE7.Add((int)Math.Round(node.Longitude.Value * 1e7));
            if (Tags.From(node.Tags) is { IsEmpty: false } tags)
            {
                taggedNodes.Add((id, tags));
            }
        }

        private OsmNodes SortNodes()
        {
            var order = new int[nodeIds.Count];
            var sorted = true;
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
                sorted &= i == 0 || nodeIds[i - 1] < nodeIds[i];
            }

            if (!sorted)
            {
                Array.Sort(order, (a, b) => (nodeIds[a], a).CompareTo((nodeIds[b], b)));
                var unique = order.Where((node, i) => i == 0 || nodeIds[order[i - 1]] != nodeIds[node]).ToArray();
                tally.LeaveOut("node given twice", order.Length - unique.Length);
                order = unique;
            }

            return new(Array.ConvertAll(order, i => nodeIds[i]), Array.ConvertAll(order, i => latE7[i]), Array.ConvertAll(order, i => lonE7[i]));
        }
    }
}
