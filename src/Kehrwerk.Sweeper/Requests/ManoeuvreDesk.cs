using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving.Autonomy;

namespace Kehrwerk.Sweeper.Requests;

/// <summary>
/// Puts the pilot's proposals before the Centre as requests for a corridor, with the data to judge them (safety profile, SP-MAN), and tells the pilot which
/// is released, for as long as its grant lasts. A grant releases one manoeuvre once. Not thread-safe.
/// </summary>
internal sealed class ManoeuvreDesk(RequestDesk requests, Reports.News news)
{
    /// <summary>Types of the information that carries a proposal, and that says why a released one is not driven.</summary>
    public const string Manoeuvre = "manoeuvre", ManoeuvreRefused = "manoeuvreRefused";

    // What has ended is told for so long, s, and no more than so many.
    private const double ToldS = 60;
    private const int MostEnded = 3;

    private readonly List<Entry> open = [];
    private readonly List<(Entry Entry, ManoeuvreStage Stage, double AgeS)> ended = [];
    private IReadOnlyList<Proposal> seen = [];
    private double seenS;
    private Entry? released;

    /// <summary>The proposal that is released now: to be driven, or under way; 0: none.</summary>
    public int Released => released?.Proposal.Id ?? 0;

    /// <summary>Manoeuvres proposed, and released, since the program began.</summary>
    public int Proposed { get; private set; }

    public int ReleasedCount { get; private set; }

    public IEnumerable<EdgeRequest> EdgeRequests => Standing.Select(one => new EdgeRequest(one.Request.Id, EdgeRequestType.Corridor, one.Edge, one.SequenceId, one.Request.Status));

    public IEnumerable<RobotInfo> Information => Standing.Select(one => one.Refused is { } why
        ? new RobotInfo(ManoeuvreRefused, InfoLevel.Info, why) { InfoReferences = [new("requestId", one.Request.Id), new("edgeId", one.Edge)] }
        : new RobotInfo(Manoeuvre, InfoLevel.Info, one.Proposal.Text)
        {
            InfoReferences =
            [
                new("requestId", one.Request.Id), new("edgeId", one.Edge), new("reason", one.Proposal.Kind.ToString()),
                new("lengthM", Number(one.Proposal.LengthM)), new("widthM", Number(one.Proposal.OffsetsM.Max(Math.Abs))), new("clearM", Number(one.Proposal.ClearM)),
                new("maximumSpeedMps", Number(Driving.Autonomy.Manoeuvres.MostMps)), new("obstacle", one.Proposal.Seen), new("seenForS", Number(seenS)), new("evidence", "none"),
            ],
        });

    /// <summary>What it asks for and what became of it, with the data to judge it.</summary>
    public ImmutableArray<ProposedManoeuvre> Manoeuvres =>
        [.. Standing.Select(one => Told(one, StageOf(one))), .. ended.Select(one => Told(one.Entry, one.Stage))];

    /// <summary>Stages in one text: it is told at once when it is another.</summary>
    public string Stages => open.Count == 0 && ended.Count == 0 ? "" : string.Join(' ', Manoeuvres.Select(one => $"{one.RequestId}:{one.Stage}"));

    /// <summary>It waits for an answer, or drives what was released.</summary>
    public bool IsAsking => open.Count > 0 || ended.Count > 0;

    // A request that was answered with no leaves the state (figure 22).
    private IEnumerable<Entry> Standing => open.Where(one => !one.Request.IsRejected);

    /// <summary>Looks at what the pilot proposes, drives and refuses now.</summary>
    /// <param name="edge">Key and number of the edge on which the vehicle stands, or of the first one where it is still on its way to that.</param>
    public void Look(PilotState state, (string Key, uint SequenceId)? edge, double stepS)
    {
        if (!ReferenceEquals(seen, state.Proposals))
        {
            CloseAll(state);
            (seen, seenS) = (state.Proposals, 0);
        }

        if (open.Count == 0 && seen.Count > 0 && edge is { } at)
        {
            Proposed += seen.Count;
            open.AddRange(seen.Select(proposal => new Entry(proposal, requests.OpenForEdge(), at.Key, at.SequenceId)));
        }

        seenS += stepS;
        for (var i = ended.Count - 1; i >= 0; i--)
        {
            ended[i] = ended[i] with { AgeS = ended[i].AgeS + stepS };
            if (ended[i].AgeS > ToldS || i < ended.Count - MostEnded)
            {
                ended.RemoveAt(i);
            }
        }

        if (released is not null)
        {
            GoOn(released, state);
        }

        if (released is null && state.Manoeuvre == 0 && open.Find(one => one.Request.IsGranted) is { } granted)
        {
            released = granted;
            ReleasedCount++;
        }
    }

    /// <summary>The release ends with its grant, with the pilot's refusal, or with the manoeuvre; then the grant is used up.</summary>
    private void GoOn(Entry one, PilotState state)
    {
        var isDriven = state.Manoeuvre == one.Proposal.Id;
        one.Refused = state.Refused == one.Proposal.Id ? state.RefusedBecause : null;
        if (one.Request.IsGranted && one.Refused is null && (isDriven || !one.IsBegun))
        {
            one.IsBegun = isDriven;
            return;
        }

        if (one.Request.IsGranted)
        {
            one.Request.Status = RequestStatus.Expired;
        }

        released = null;
        news.Note();
    }

    private void CloseAll(PilotState state)
    {
        foreach (var one in open)
        {
            if (one.IsBegun || one.Refused is not null)
            {
                ended.Add((one, state.Done == one.Proposal.Id ? ManoeuvreStage.Done : one.Refused is not null ? ManoeuvreStage.Refused : ManoeuvreStage.Stopped, 0));
            }

            requests.Close(one.Request);
        }

        open.Clear();
        released = null;
    }

    private static ManoeuvreStage StageOf(Entry one) =>
        one.Refused is not null ? ManoeuvreStage.Refused
        : one.Request.IsLost ? ManoeuvreStage.Stopped
        : !one.Request.IsGranted ? ManoeuvreStage.Proposed
        : one.IsBegun ? ManoeuvreStage.Driving
        : ManoeuvreStage.Released;

    private ProposedManoeuvre Told(Entry one, ManoeuvreStage stage) => new(one.Request.Id, stage, [.. one.Proposal.Points.Select(point => new ScenePoint(point.X, point.Y))])
    {
        Reason = one.Proposal.Kind.ToString(),
        Text = one.Proposal.Text,
        LengthM = Math.Round(one.Proposal.LengthM, 1),
        ClearM = Math.Round(one.Proposal.ClearM, 2),
        MaximumSpeedMps = Driving.Autonomy.Manoeuvres.MostMps,
        SeenForS = Math.Round(seenS),
        Refusal = stage == ManoeuvreStage.Refused ? one.Refused : null,
    };

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private sealed class Entry(Proposal proposal, Request request, string edge, uint sequenceId)
    {
        public Proposal Proposal { get; } = proposal;
        public Request Request { get; } = request;
        public string Edge { get; } = edge;
        public uint SequenceId { get; } = sequenceId;

        /// <summary>The pilot has taken it up.</summary>
        public bool IsBegun { get; set; }

        /// <summary>Why the pilot refused it; null if it did not.</summary>
        public string? Refused { get; set; }
    }
}
