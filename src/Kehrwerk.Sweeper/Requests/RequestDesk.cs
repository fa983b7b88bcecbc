using System.Globalization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper.Requests;

/// <summary>One request of the vehicle and what became of it (VDA 5050 3.0.0, figure 22). Not thread-safe.</summary>
internal sealed class Request(string id)
{
    public string Id { get; } = id;

    public RequestStatus Status { get; set; } = RequestStatus.Requested;

    /// <summary>When a grant ends by itself, by the vehicle's own time.</summary>
    public DateTimeOffset EndsAt { get; set; }

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
    /// <summary>The longest grant: one that names a later end, or none, ends after this and is asked for anew.</summary>
    public static readonly TimeSpan LongestGrant = TimeSpan.FromMinutes(10);

    private readonly List<Request> active = [];
    private int next = 1;

    public DateTimeOffset Now { get; private set; }

    /// <summary>Ids carry the time, so that an answer to a request from before a restart meets none of the same id.</summary>
    public Request Open()
    {
        var request = new Request(string.Create(CultureInfo.InvariantCulture, $"r{Now:yyMMddHHmmss}.{next++}"));
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
    public void Take(Response response, DateTimeOffset sentAt)
    {
        if (active.Find(request => request.Id == response.RequestId && !request.IsRejected) is not { } asked)
        {
            return;
        }

        switch (response.GrantType, asked.Status)
        {
            case (GrantType.Granted, RequestStatus.Requested or RequestStatus.Granted):
                var ticks = response.LeaseExpiry is { } expiry ? Math.Clamp((expiry - sentAt).Ticks, 0, LongestGrant.Ticks) : LongestGrant.Ticks;
                (asked.Status, asked.EndsAt) = (RequestStatus.Granted, Now.AddTicks(ticks));
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
            active.ForEach(request => request.EndsAt = now);
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
