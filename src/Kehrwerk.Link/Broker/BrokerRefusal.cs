namespace Kehrwerk.Link.Broker;

/// <summary>What a broker did not let happen.</summary>
public enum RefusalKind
{
    /// <summary>A connection without a certificate that is accepted.</summary>
    Certificate,

    /// <summary>A connection that did not get as far as a certificate: no TLS 1.3, too slow, or ended by the other side.</summary>
    Handshake,

    /// <summary>A connection under another's client id.</summary>
    ClientId,

    /// <summary>A message on a topic that is not the sender's.</summary>
    Publish,

    /// <summary>A subscription to what is not the subscriber's.</summary>
    Subscribe,

    TooLarge,

    TooFast,

    TooManyConnections,
}

/// <summary>Something that a broker refused.</summary>
/// <param name="Who">Name of the link's participant by its certificate; empty where none was accepted.</param>
/// <param name="Address">Where it came from; empty where unknown.</param>
/// <param name="Text">What was refused and why. May hold text of the other side, of any length.</param>
public sealed record BrokerRefusal(RefusalKind Kind, string Who, string Address, string Text);
