using System.Globalization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper.Requests;

/// <summary>One request of the vehicle and what became of it (VDA 5050 3.0.0, figure 22). Not thread-safe.</summary>
internal sealed class Request(string id, TimeSpan longest)
{
    public string Id { get; } = id;

    /// <summary>The longest that one grant of it may hold.</summary>
    public TimeSpan Longest { get; } = longest;

    public RequestStatus Status { get; set; } = RequestStatus.Requested;

    /// <summary>When a grant ends by itself, by the vehicle's own time; null: it was given without an end.</summary>
    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>It was answered with no: it leaves the state.</summary>
    public bool IsRejected { get; set; }

    public bool IsGranted => Status == RequestStatus.Granted;

    /// <summary>It was granted and no longer is.</summary>
    public bool IsLost => Status is RequestStatus.Revoked or RequestStatus.Expired;
}

/// <summary>
/// Numbers the requests of the vehicle, for zones and corridors alike, takes the Centre's answers and ends what has run out. It grants
/// nothing by itself: without an answer a request stays what it is. Not thread-safe.
/// </summary>
internal sealed class RequestDesk(News news)
{
    /// <summary>The longest grant to leave the line (SP-MAN-4): one that names a later end, or none, ends after this and is asked for anew.</summary>
    public static readonly TimeSpan LongestManoeuvre = TimeSpan.FromSeconds(30);

    /// <summary>For zones: a grant that names no end holds until it is revoked or the zone is left (6.9), as does one with an end that no clock reaches.</summary>
    private static readonly TimeSpan NoEnd = TimeSpan.FromDays(365);

    private readonly List<Request> active = [];
    private int next = 1;

    public DateTimeOffset Now { get; private set; }

    /// <summary>Asks to enter or cross a zone.</summary>
    public Request OpenForZone() => Open(NoEnd);

    /// <summary>Asks to leave the line of an edge.</summary>
    public Request OpenForEdge() => Open(LongestManoeuvre);

    /// <summary>Ids carry the time, so that an answer to a request from before a restart meets none of the same id.</summary>
    private Request Open(TimeSpan longest)
    {
        var request = new Request(string.Create(CultureInfo.InvariantCulture, $"r{Now:yyMMddHHmmss}.{next++}"), longest);
        active.Add(request);
        news.Note();
        return request;
    }

    public void Close(Request request)
    {
        active.Remove(request);
        news.Note();
    }

    /// <summary>Takes an answer (6.9). One to a request that is not active, or that does not fit its state, changes nothing.</summary>
    /// <param name="sentAt">By the Centre's clock, as is the end of its grant: only their difference counts for the vehicle.</param>
    /// <param name="heldUp">How long the answer is known to have been on its way: so much of the grant has passed.</param>
    public void Take(Response response, DateTimeOffset sentAt, TimeSpan heldUp = default)
    {
        if (active.Find(request => request.Id == response.RequestId && !request.IsRejected) is not { } asked)
        {
            return;
        }

        switch (response.GrantType, asked.Status)
        {
            case (GrantType.Granted, RequestStatus.Requested or RequestStatus.Granted):
                var lasts = response.LeaseExpiry - sentAt is { } stated && stated < asked.Longest ? stated : asked.Longest;
                (asked.Status, asked.EndsAt) = (RequestStatus.Granted, lasts == NoEnd ? null : lasts > heldUp ? Now + (lasts - heldUp) : Now);
                ExpireIfDue(asked);
                break;
            case (GrantType.Rejected or GrantType.Revoked, RequestStatus.Requested):
                // Revoked before it was granted: the grant is still under way, and must meet no request of this id.
                asked.IsRejected = true;
                break;
            case (GrantType.Revoked or GrantType.Rejected, RequestStatus.Granted):
                asked.Status = RequestStatus.Revoked;
                break;
            default:
                // QUEUED: heard, not decided. All else comes too late.
                return;
        }

        news.Note();
    }

    public void Tick(DateTimeOffset now)
    {
        if (now < Now)
        {
            // The clock was set back: nobody knows how old the grants are.
            active.ForEach(request => request.EndsAt = request.EndsAt is null ? null : now);
        }

        Now = now;
        active.ForEach(ExpireIfDue);
    }

    private void ExpireIfDue(Request request)
    {
        if (request.IsGranted && request.EndsAt <= Now)
        {
            request.Status = RequestStatus.Expired;
            news.Note();
        }
    }
}
