using System.Text.Json;
using System.Text.RegularExpressions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Conformance;

/// <summary>The rules of form, of the one side or the other.</summary>
internal sealed record FormRules(Rule Readable, Rule Names, Rule Version, Rule Counts, Rule Time, Rule Quality);

/// <summary>Looks at the form of every message: header, fields, how it was sent (VDA 5050 3.0.0, 4.1 and 7).</summary>
internal sealed partial class FormWatch(Session session, FormRules rules)
{
    // A message of QoS 0 may get lost; a count that has holes more often than this was not kept.
    private const int MessagesPerHole = 20;
    private const int HolesAllowed = 2;

    private readonly Dictionary<LinkTopic, uint> last = [];
    private readonly Dictionary<LinkTopic, (int Messages, int Holes)> counts = [];

    public void See(Seen seen)
    {
        if (seen.Message.Retain)
        {
            // It may be of any age; only its form counts.
            Form(seen);
            return;
        }

        session.Book.Check(rules.Quality, seen.Message.Qos == Topics.QosOf(seen.Topic), $"{seen.Topic} came with QoS {(int)seen.Message.Qos}");
        Form(seen);
        Count(seen);
    }

    /// <summary>What can be said only of the whole run.</summary>
    public void Finish()
    {
        foreach (var (topic, (messages, holes)) in counts)
        {
            session.Book.Check(rules.Counts, holes <= HolesAllowed + (messages / MessagesPerHole), $"{topic}: {holes} holes in the count of {messages} messages");
        }
    }

    private void Form(Seen seen)
    {
        var book = session.Book;
        var (maker, serial) = (seen.RawText("manufacturer"), seen.RawText("serialNumber"));
        var (version, time) = (seen.RawText("version"), seen.RawText("timestamp"));
        var named = maker is null || serial is null
            || book.Check(rules.Names, maker == session.Vehicle.Manufacturer && serial == session.Vehicle.Serial, $"{seen.Topic} names {maker}/{serial}");
        var versioned = version is null || book.Check(rules.Version, version.StartsWith("3.", StringComparison.Ordinal), $"{seen.Topic} has version {version}");
        var timed = time is null || book.Check(rules.Time, Timestamp().IsMatch(time), $"{seen.Topic} has timestamp {time}");
        // A rule of its own looks at the blockingType of instant actions, which our reader refuses as a whole.
        var isBlocking = seen.Topic == LinkTopic.InstantActions && seen.Fault?.Contains("blockingType", StringComparison.Ordinal) == true;
        if (seen.Content is not null || (named && versioned && timed && !isBlocking))
        {
            book.Check(rules.Readable, seen.Content is not null, $"{seen.Topic}: {seen.Fault}");
        }
    }

    private void Count(Seen seen)
    {
        if (seen.Raw("headerId") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetUInt32(out var id))
        {
            return;
        }

        if (seen.Content is Connection { ConnectionState: ConnectionState.ConnectionBroken })
        {
            // Written when the connection began (6.5); a program that starts again may count anew.
            last.Clear();
            return;
        }

        var (messages, holes) = counts.GetValueOrDefault(seen.Topic);
        if (last.TryGetValue(seen.Topic, out var before))
        {
            var step = unchecked(id - before);
            var repeats = seen.Message.Qos == Qos.AtLeastOnce && step == 0;
            holes += step > 1 && step < int.MaxValue ? 1 : 0;
            session.Book.Check(rules.Counts, repeats || (step > 0 && step < int.MaxValue), $"{seen.Topic}: headerId {id} after {before}");
        }

        last[seen.Topic] = id;
        counts[seen.Topic] = (messages + 1, holes);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Timestamp();
}
