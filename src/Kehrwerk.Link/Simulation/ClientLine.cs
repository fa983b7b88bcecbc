using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Simulation;

/// <summary>
/// The connection between one client and the broker, as each of the two believes it to be: a line that went silent is noticed by
/// either end only after its keep-alive, so that for a while one side believes to be connected and the other does not.
/// </summary>
/// <param name="changed">Tells the client what it believes now; for true its messages go first.</param>
internal sealed class ClientLine(InMemoryBroker broker, EventLoop loop, LastWill? will, Action<bool> changed)
{
    private DateTimeOffset cutUntil;
    private ScheduledEvent? noticeByBroker;
    private ScheduledEvent? noticeByClient;
    private ScheduledEvent? attempt;
    private bool ended;

    /// <summary>What the client believes.</summary>
    public bool IsConnected { get; private set; } = true;

    /// <summary>What the broker believes.</summary>
    public bool IsHeld { get; private set; } = true;

    /// <summary>Directions in which nothing comes through, while both may believe in the connection.</summary>
    public LinkDirection Silent { get; private set; }

    /// <summary>How often the client tries to come back by itself; null: it waits for <see cref="Reconnect"/>.</summary>
    public TimeSpan? ReconnectEvery { get; set; }

    /// <summary>A cut that the client sees at once and the broker after its keep-alive. Until then nobody comes back.</summary>
    public void Cut(DateTimeOffset until)
    {
        if (ended)
        {
            return;
        }

        cutUntil = until > cutUntil ? until : cutUntil;
        BrokerNoticesLater();
        Drop();
    }

    public void Silence(LinkDirection directions)
    {
        if (ended)
        {
            return;
        }

        Silent |= directions;
        if (directions.HasFlag(LinkDirection.Up))
        {
            BrokerNoticesLater();
        }

        if (IsConnected && noticeByClient is not { IsPending: true })
        {
            noticeByClient = loop.Schedule(broker.Conditions.NoticeSilenceAfter, GiveUp);
        }
    }

    /// <summary>Ends a silence. True where the connection outlived it, so that what waited at either end goes on.</summary>
    public bool Heal()
    {
        if (Silent == LinkDirection.None || ended)
        {
            return false;
        }

        Silent = LinkDirection.None;
        noticeByClient?.Cancel();
        if (IsConnected && !IsHeld)
        {
            // The broker has closed it meanwhile; the client learns that now.
            Drop();
        }
        else if (IsConnected)
        {
            noticeByBroker?.Cancel();
        }

        return IsConnected;
    }

    /// <summary>The client comes back, where the broker can be reached.</summary>
    public void Reconnect()
    {
        if (ended || IsConnected || !broker.IsUp || Silent != LinkDirection.None || loop.Now < cutUntil)
        {
            return;
        }

        if (IsHeld && broker.PublishesWillAtTakeover())
        {
            PublishWill();
        }

        noticeByBroker?.Cancel();
        attempt?.Cancel();
        IsConnected = IsHeld = true;
        changed(true);
    }

    /// <summary>The broker's process ends: no wills, and every client sees it at once.</summary>
    public void LoseBroker()
    {
        noticeByBroker?.Cancel();
        IsHeld = false;
        Drop();
    }

    /// <summary>The client's process ends. False if it had ended.</summary>
    /// <param name="withWill">Without a farewell: the broker publishes the last will, unless it had noticed before.</param>
    public bool End(bool withWill)
    {
        if (ended)
        {
            return false;
        }

        ended = true;
        noticeByClient?.Cancel();
        attempt?.Cancel();
        if (!withWill)
        {
            noticeByBroker?.Cancel();
        }
        else if (IsHeld && !Silent.HasFlag(LinkDirection.Up))
        {
            noticeByBroker?.Cancel();
            PublishWill();
        }

        if (IsConnected)
        {
            IsConnected = false;
            changed(false);
        }

        return true;
    }

    private void GiveUp()
    {
        if (Silent == LinkDirection.None || !IsConnected)
        {
            return;
        }

        if (!Silent.HasFlag(LinkDirection.Up) && IsHeld)
        {
            // The broker sees that the client has closed the connection.
            noticeByBroker?.Cancel();
            PublishWill();
        }

        Drop();
    }

    private void Drop()
    {
        if (!IsConnected)
        {
            return;
        }

        IsConnected = false;
        noticeByClient?.Cancel();
        changed(false);
        TryAgainLater();
    }

    private void TryAgainLater()
    {
        if (ReconnectEvery is { } pause && !ended)
        {
            attempt = loop.Schedule(pause, () =>
            {
                Reconnect();
                if (!IsConnected)
                {
                    TryAgainLater();
                }
            });
        }
    }

    private void BrokerNoticesLater()
    {
        if (IsHeld && noticeByBroker is not { IsPending: true })
        {
            noticeByBroker = loop.Schedule(broker.Conditions.NoticeBrokenAfter, PublishWill);
        }
    }

    private void PublishWill()
    {
        IsHeld = false;
        if (will is not null)
        {
            broker.Publish(will.ToMessage());
        }
    }
}
