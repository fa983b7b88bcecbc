using System.Globalization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving.Autonomy;

namespace Kehrwerk.Sweeper.Requests;

/// <summary>
/// Puts the pilot's proposals before the Centre as requests for a corridor, with the data to judge them (safety profile, SP-MAN), and tells the pilot which
/// was released. A grant counts once. Not thread-safe.
/// </summary>
internal sealed class ManoeuvreDesk(RequestDesk requests, Reports.News news)
{
    /// <summary>Type of the information that carries a proposal.</summary>
    public const string Manoeuvre = "manoeuvre";

    private readonly List<(Proposal Proposal, Request Request, string Edge, uint SequenceId)> open = [];
    private IReadOnlyList<Proposal> seen = [];
    private double seenS;
    private int granted;

    /// <summary>The proposal that was released and is to be driven; 0: none.</summary>
    public int Released { get; private set; }

    /// <summary>Why the pilot refused the manoeuvre that was released last; null if it did not.</summary>
    public string? Refused { get; private set; }

    /// <summary>Manoeuvres proposed, and released, since the program began.</summary>
    public int Proposed { get; private set; }

    public int ReleasedCount { get; private set; }

    public IEnumerable<EdgeRequest> EdgeRequests => open.Select(one => new EdgeRequest(one.Request.Id, EdgeRequestType.Corridor, one.Edge, one.SequenceId, one.Request.Status));

    public IEnumerable<RobotInfo> Information => open.Select(one => new RobotInfo(Manoeuvre, InfoLevel.Info, one.Proposal.Text)
    {
        InfoReferences =
        [
            new("requestId", one.Request.Id), new("edgeId", one.Edge), new("reason", one.Proposal.Kind.ToString()),
            new("lengthM", Number(one.Proposal.LengthM)), new("widthM", Number(one.Proposal.OffsetsM.Max(Math.Abs))), new("clearM", Number(one.Proposal.ClearM)),
            new("maximumSpeedMps", Number(Manoeuvres.MostMps)), new("obstacle", one.Proposal.Seen), new("seenForS", Number(seenS)), new("evidence", "none"),
        ],
    });

    /// <summary>Looks at what the pilot proposes, drives and refuses now.</summary>
    /// <param name="edge">Key and number of the edge on which the vehicle stands.</param>
    public void Look(PilotState state, (string Key, uint SequenceId)? edge, double stepS)
    {
        if (!ReferenceEquals(seen, state.Proposals))
        {
            CloseAll();
            (seen, seenS) = (state.Proposals, 0);
            foreach (var proposal in edge is null ? [] : seen)
            {
                Proposed++;
                open.Add((proposal, requests.Open(), edge!.Value.Key, edge.Value.SequenceId));
            }
        }

        seenS += stepS;
        if (granted != 0 && (state.Manoeuvre == granted || state.Refused == granted))
        {
            Refused = state.Refused == granted ? state.RefusedBecause : null;
            Released = 0;
            news.Note();
        }

        foreach (var one in open)
        {
            if (one.Request.IsGranted && granted != one.Proposal.Id && state.Manoeuvre == 0)
            {
                (granted, Released, Refused) = (one.Proposal.Id, one.Proposal.Id, null);
                ReleasedCount++;
                break;
            }
        }

        if (open.Exists(one => one.Proposal.Id == Released && one.Request.IsLost))
        {
            Released = 0;
        }
    }

    private void CloseAll()
    {
        foreach (var one in open)
        {
            requests.Close(one.Request);
        }

        open.Clear();
        Released = 0;
    }

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
