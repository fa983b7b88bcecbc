using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>A person's answer on its way. It is not kept over a restart: what was not shown by then is decided anew.</summary>
public sealed record PendingAnswer(string RequestId, GrantType Grant, DateTimeOffset? LeaseExpiry, DateTimeOffset SentAt);

/// <summary>
/// A person's answers to a vehicle's requests (VDA 5050 3.0.0, 6.9). The Centre never answers by itself; each answer is on record with who
/// gave it, and is repeated, since it is sent at QoS 0, until a report shows it or it has run out.
/// </summary>
internal static class RequestAnswers
{
    /// <summary>
    /// Why an answer is not sent, for the person who gave it; null if it is. A grant lets the vehicle go: it is given only where what the
    /// vehicle says is of now, its clock can tell when the grant runs out, and nobody holds it.
    /// </summary>
    public static string? Refusal(Twin twin, string requestId, GrantType grant, TimeSpan? lease) =>
        twin.Facts?.Requests.Any(request => request.RequestId == requestId) != true ? "the vehicle does not ask for it (any more)"
        : grant != GrantType.Granted ? null
        : !twin.Facts.Requests.First(request => request.RequestId == requestId).IsAhead ? "it asks for an edge that is not released to it"
        : lease > VehicleAnswer.MaxManoeuvre && twin.Facts.Requests.First(request => request.RequestId == requestId).IsEdge
            ? FormattableString.Invariant($"leave for a manoeuvre is given for {VehicleAnswer.MaxManoeuvre.TotalSeconds} s at most, not for {lease.Value.TotalSeconds} s")
        : twin.Link != LinkState.Connected ? $"the connection to the vehicle is {twin.Link}: grant it when it is Connected"
        : twin.IsClockOff ? "the vehicle's clock is off, so that it cannot tell when the grant runs out: set its clock first"
        : twin.IsStopped ? "the vehicle is stopped: release it first"
        : twin.Fault is { } fault ? $"the vehicle waits for a person: {fault}"
        : null;

    public static void Take(Decision d, TwinEvent.Answered answer)
    {
        if (Refusal(d.Twin, answer.RequestId, answer.Grant, answer.Lease) is { } refusal)
        {
            d.Note("answerRefused", $"{answer.RequestId}, {answer.Grant}: {refusal}", answer.By);
            return;
        }

        var request = d.Twin.Facts!.Requests.First(request => request.RequestId == answer.RequestId);
        DateTimeOffset? expiry = answer.Grant == GrantType.Granted
            ? d.Now + (answer.Lease ?? (request.IsEdge ? VehicleAnswer.MaxManoeuvre : VehicleAnswer.UsualLease))
            : null;
        var until = expiry is { } end ? FormattableString.Invariant($" until {end:yyyy-MM-ddTHH:mm:ssZ}") : "";
        var why = answer.Reason.Length > 0 ? $". {answer.Reason}" : "";
        d.Note("requestAnswered", $"{request.RequestId}, {request.What}: {answer.Grant}{until}{why}", answer.By);
        d.Twin = d.Twin with
        {
            Answers = d.Twin.Answers.RemoveAll(old => old.RequestId == answer.RequestId).Add(new(answer.RequestId, answer.Grant, expiry, DateTimeOffset.MinValue)),
        };
        d.ShowChange();
        SendDue(d);
    }

    /// <summary>Drops what the report shows as heard, or as no longer asked.</summary>
    public static void Absorb(Decision d)
    {
        if (!d.Twin.Answers.IsEmpty)
        {
            d.Twin = d.Twin with { Answers = d.Twin.Answers.RemoveAll(answer => IsHeard(d.Twin.Facts!, answer)) };
        }
    }

    public static void SendDue(Decision d)
    {
        var due = d.Twin.Answers.Where(answer => d.Now - answer.SentAt >= d.Rules.RepeatAfter && !(answer.LeaseExpiry <= d.Now)).ToList();
        if (due.Count == 0)
        {
            return;
        }

        d.Twin = d.Twin with
        {
            ResponseHeader = d.Twin.ResponseHeader + 1,
            // A vehicle need not show that it heard QUEUED, and what has run out is not sent any more.
            Answers = [.. d.Twin.Answers.Where(a => a.Grant != GrantType.Queued && !(a.LeaseExpiry <= d.Now)).Select(a => due.Contains(a) ? a with { SentAt = d.Now } : a)],
        };
        d.Do(new TwinEffect.Send(LinkTopic.Responses, new Responses
        {
            HeaderId = d.Twin.ResponseHeader,
            Timestamp = d.Now,
            Vehicle = d.Twin.Id,
            Items = [.. due.Select(answer => new Response(answer.RequestId, answer.Grant, answer.LeaseExpiry))],
        }));
    }

    private static bool IsHeard(VehicleFacts facts, PendingAnswer answer) =>
        facts.Requests.FirstOrDefault(request => request.RequestId == answer.RequestId) is not { } request || answer.Grant switch
        {
            // A further grant extends the lease, which no report shows: it is sent once.
            GrantType.Granted => request.Status != RequestStatus.Requested,
            // A grant that is still under way would be shown later.
            GrantType.Revoked => request.Status is RequestStatus.Revoked or RequestStatus.Expired,
            _ => false,
        };
}
